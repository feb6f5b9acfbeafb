//! Booking, changing, cancelling, and checking in.

use super::Decision;
use super::issue::known_particulars;
use crate::appointment::days_between;
use crate::plan::{CallRule, Class, Credit, Service};
use crate::{
    Appointment, AppointmentId, AppointmentState, Booking, CheckedIn, Event, Hall, Issued, LanguageId,
    NeedId, Plan, Punctuality, Rejection, Standing, Timestamp,
};

impl Hall {
    pub(super) fn book(&self, booking: &Booking, now: Timestamp) -> Decision {
        let plan = self.plan_in_force()?;
        let service = plan
            .service(&booking.service)
            .ok_or_else(|| Rejection::UnknownService(booking.service.clone()))?;
        let class =
            plan.class(&booking.class).ok_or_else(|| Rejection::UnknownClass(booking.class.clone()))?;
        if service.slots.is_empty() {
            return Err(Rejection::NoAppointments(service.id.clone()));
        }
        if booking.phone_digits.as_deref().is_some_and(|digits| !is_phone_digits(digits)) {
            return Err(Rejection::PhoneDigits);
        }
        if service.real_name && booking.person.is_none() {
            return Err(Rejection::PersonRequired(service.id.clone()));
        }
        self.has_place(plan, service, booking.slot, now)?;
        self.may_book(plan, booking, now)?;
        Ok(vec![Event::AppointmentBooked(Appointment {
            id: self.bookings.next(),
            service: service.id.clone(),
            slot: booking.slot,
            class: class.id.clone(),
            phone_digits: booking.phone_digits.clone(),
            person: booking.person.clone(),
            state: AppointmentState::Booked,
        })])
    }

    pub(super) fn change_appointment(&self, id: AppointmentId, slot: Timestamp, now: Timestamp) -> Decision {
        let plan = self.plan_in_force()?;
        let appointment = self.still_booked(id)?;
        if appointment.slot == slot {
            return Ok(Vec::new());
        }
        in_time(plan, appointment.slot, now)?;
        let service = plan
            .service(&appointment.service)
            .ok_or_else(|| Rejection::UnknownService(appointment.service.clone()))?;
        self.has_place(plan, service, slot, now)?;
        Ok(vec![Event::AppointmentChanged { appointment: id, slot }])
    }

    pub(super) fn cancel_appointment(&self, id: AppointmentId, now: Timestamp) -> Decision {
        let plan = self.plan_in_force()?;
        in_time(plan, self.still_booked(id)?.slot, now)?;
        Ok(vec![Event::AppointmentCancelled { appointment: id }])
    }

    pub(super) fn check_in(
        &self,
        id: AppointmentId,
        language: Option<&LanguageId>,
        needs: &[NeedId],
        now: Timestamp,
    ) -> Decision {
        let plan = self.plan_in_force()?;
        let appointment = self.still_booked(id)?;
        self.is_for_today(plan, appointment, now)?;
        let (service, class) = (&appointment.service, &appointment.class);
        let service = plan.service(service).ok_or_else(|| Rejection::UnknownService(service.clone()))?;
        let class = plan.class(class).ok_or_else(|| Rejection::UnknownClass(class.clone()))?;
        known_particulars(plan, language, needs)?;
        let checked_in =
            CheckedIn { id, slot: appointment.slot, punctuality: punctuality(plan, appointment.slot, now) };
        let (standing, priority) = standing(plan, class, checked_in, now);
        Ok(vec![Event::TicketIssued(Box::new(Issued {
            priority,
            language: language.cloned(),
            needs: needs.to_vec(),
            ..self.number(service, class, standing, Some(checked_in))
        }))])
    }

    fn is_for_today(&self, plan: &Plan, appointment: &Appointment, now: Timestamp) -> Result<(), Rejection> {
        self.day_must_be_open()?;
        let day = plan.date(appointment.slot);
        if self.day.is_none_or(|today| today.date != day) {
            return Err(Rejection::AppointmentNotToday(day));
        }
        let from = appointment.slot.plus_ms(-minutes_ms(plan.appointments.early_min));
        if now < from { Err(Rejection::TooEarly { from }) } else { Ok(()) }
    }

    fn still_booked(&self, id: AppointmentId) -> Result<&Appointment, Rejection> {
        let appointment = self.bookings.get(id).ok_or(Rejection::UnknownAppointment)?;
        match appointment.state {
            AppointmentState::Booked => Ok(appointment),
            _ => Err(Rejection::AppointmentSettled(id)),
        }
    }

    fn has_place(
        &self,
        plan: &Plan,
        service: &Service,
        slot: Timestamp,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        let day = plan.date(slot);
        let (_, capacity) = plan
            .slots_of(service, day)
            .find(|(at, _)| *at == slot)
            .ok_or_else(|| Rejection::NoSuchSlot { service: service.id.clone(), slot })?;
        if !plan.is_working_day(day) {
            return Err(Rejection::DayOff(day));
        }
        let limit = plan.appointments.book_days_max;
        if days_between(plan.date(now), day) > i64::from(limit) {
            return Err(Rejection::TooFarAhead { limit });
        }
        in_time(plan, slot, now)?;
        if self.bookings.taken(&service.id, slot) >= capacity {
            return Err(Rejection::SlotFull { capacity });
        }
        Ok(())
    }

    fn may_book(&self, plan: &Plan, booking: &Booking, now: Timestamp) -> Result<(), Rejection> {
        let (Some(limit), Some(person)) = (plan.appointments.missed_max, &booking.person) else {
            return Ok(());
        };
        let missed = self.bookings.missed_by(person, plan.date(now), plan);
        if missed >= limit { Err(Rejection::MissedTooOften { missed }) } else { Ok(()) }
    }
}

fn punctuality(plan: &Plan, slot: Timestamp, now: Timestamp) -> Punctuality {
    if now <= slot {
        Punctuality::Early
    } else if now <= slot.plus_ms(minutes_ms(plan.appointments.grace_min)) {
        Punctuality::Late
    } else {
        Punctuality::TooLate
    }
}

/// The standing of somebody with an appointment, and whether the ratio rule counts them as a priority.
fn standing(plan: &Plan, class: &Class, checked_in: CheckedIn, now: Timestamp) -> (Standing, bool) {
    let counted_from = match checked_in.punctuality {
        Punctuality::Early => checked_in.slot,
        Punctuality::Late | Punctuality::TooLate => now,
    };
    let on_time = checked_in.punctuality != Punctuality::TooLate;
    let credit = if on_time { Credit::Minutes(plan.appointments.credit_min) } else { class.credit_min };
    let standing = match plan.queue.rule {
        CallRule::Standing => Standing::walk_in(counted_from, credit),
        CallRule::Ratio(_) => Standing::at(counted_from),
    };
    (standing, on_time || class.credit_min != Credit::default())
}

fn minutes_ms(minutes: u32) -> i64 {
    i64::from(minutes) * 60_000
}

fn in_time(plan: &Plan, slot: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if plan.is_in_time(slot, now) {
        return Ok(());
    }
    Err(Rejection::TooLate { until_min: plan.appointments.until_min })
}

fn is_phone_digits(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}
