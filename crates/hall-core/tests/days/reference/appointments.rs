//! Appointments: booked, changed, cancelled, missed, and checked in.

use hall_core::plan::CallRule;
use hall_core::{
    Appointment, AppointmentId, AppointmentState, Booking, BusinessDay, CheckedIn, Event, LanguageId, NeedId,
    Plan, Punctuality, ServiceId, Timestamp,
};

use super::clock::{is_working_day, local};
use super::numbers::known_particulars;
use super::{Expected, MINUTE_MS, Reference};

impl Reference {
    pub(super) fn book(&mut self, booking: &Booking, now: Timestamp) -> Expected {
        let plan = self.plan()?;
        self.known_service(&booking.service)?;
        self.known_class(&booking.class)?;
        let service = plan.services.iter().find(|service| service.id == booking.service).unwrap();
        if service.slots.is_empty() {
            return Err("no_appointments");
        }
        let is_digits = |text: &String| text.len() == 4 && text.chars().all(|c| c.is_ascii_digit());
        if !booking.phone_digits.iter().all(is_digits) {
            return Err("phone_digits");
        }
        if service.real_name && booking.person.is_none() {
            return Err("person_required");
        }
        self.must_have_place(&plan, &booking.service, booking.slot, now)?;
        if let (Some(limit), Some(person)) = (plan.appointments.missed_max, &booking.person) {
            let counts = |slot| still_counts(&plan, slot, local(&plan, now).0);
            let theirs = self.missed.iter().filter(|(who, slot)| who == person && counts(*slot));
            if theirs.count() >= limit as usize {
                return Err("missed_too_often");
            }
        }
        self.appointments_ever += 1;
        let appointment = Appointment {
            id: AppointmentId(self.appointments_ever),
            service: booking.service.clone(),
            slot: booking.slot,
            class: booking.class.clone(),
            phone_digits: booking.phone_digits.clone(),
            person: booking.person.clone(),
            state: AppointmentState::Booked,
        };
        self.appointments.push(appointment.clone());
        Ok(vec![Event::AppointmentBooked(appointment)])
    }

    pub(super) fn change(&mut self, id: AppointmentId, slot: Timestamp, now: Timestamp) -> Expected {
        let plan = self.plan()?;
        let i = self.booked(id)?;
        if self.appointments[i].slot == slot {
            return Ok(Vec::new());
        }
        must_be_in_time(&plan, self.appointments[i].slot, now)?;
        self.known_service(&self.appointments[i].service)?;
        self.must_have_place(&plan, &self.appointments[i].service, slot, now)?;
        self.appointments[i].slot = slot;
        Ok(vec![Event::AppointmentChanged { appointment: id, slot }])
    }

    pub(super) fn cancel_appointment(&mut self, id: AppointmentId, now: Timestamp) -> Expected {
        let plan = self.plan()?;
        let i = self.booked(id)?;
        must_be_in_time(&plan, self.appointments[i].slot, now)?;
        self.appointments[i].state = AppointmentState::Cancelled;
        Ok(vec![Event::AppointmentCancelled { appointment: id }])
    }

    pub(super) fn check_in(
        &mut self,
        id: AppointmentId,
        language: Option<&LanguageId>,
        needs: &[NeedId],
        now: Timestamp,
    ) -> Expected {
        let plan = self.plan()?;
        let i = self.booked(id)?;
        let Appointment { service, slot, class, .. } = self.appointments[i].clone();
        self.must_be_open()?;
        if self.day.map(|day| day.date) != Some(local(&plan, slot).0) {
            return Err("appointment_not_today");
        }
        let early_ms = slot.as_ms() - now.as_ms();
        if early_ms > i64::from(plan.appointments.early_min) * MINUTE_MS {
            return Err("too_early");
        }
        self.known_service(&service)?;
        self.known_class(&class)?;
        known_particulars(&plan, language, needs)?;

        let punctuality = match -early_ms {
            ..=0 => Punctuality::Early,
            late if late <= i64::from(plan.appointments.grace_min) * MINUTE_MS => Punctuality::Late,
            _ => Punctuality::TooLate,
        };
        let credit = plan.classes.iter().find(|it| it.id == class).unwrap().credit_min;
        let mut ticket = self.new_ticket(&service, &class, now);
        ticket.appointment = Some(CheckedIn { id, slot, punctuality });
        (ticket.language, ticket.needs) = (language.cloned(), needs.to_vec());
        ticket.priority = punctuality != Punctuality::TooLate || credit != Default::default();
        if punctuality == Punctuality::Early {
            (ticket.arrived_ms, ticket.waits_from) = (slot.as_ms(), slot);
        }
        match (plan.queue.rule, punctuality) {
            (CallRule::Ratio(_), _) => {}
            (CallRule::Standing, Punctuality::TooLate) => ticket.credit(credit),
            _ => ticket.arrived_ms -= i64::from(plan.appointments.credit_min) * MINUTE_MS,
        }
        self.appointments[i].state = AppointmentState::CheckedIn;
        Ok(vec![self.give(ticket)])
    }

    /// Where an appointment that is still to come stands in the list.
    fn booked(&self, id: AppointmentId) -> Result<usize, &'static str> {
        let i = self.appointments.iter().position(|it| it.id == id).ok_or("unknown_appointment")?;
        match self.appointments[i].state {
            AppointmentState::Booked => Ok(i),
            _ => Err("appointment_settled"),
        }
    }

    fn must_have_place(
        &self,
        plan: &Plan,
        id: &ServiceId,
        slot: Timestamp,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        let service = plan.services.iter().find(|service| service.id == *id).unwrap();
        let (day, minute) = local(plan, slot);
        let is_whole_minute = slot == Timestamp::at(day, minute, plan.hall.utc_offset);
        let slots = service.slots.iter().find(|slots| {
            let after = i64::from(minute) - i64::from(slots.hours.from_min);
            after >= 0 && minute < slots.hours.to_min && after % i64::from(slots.every_min) == 0
        });
        let capacity = slots.filter(|_| is_whole_minute).ok_or("no_such_slot")?.capacity;
        if !is_working_day(plan, day) {
            return Err("day_off");
        }
        if days_from(local(plan, now).0, day) > i64::from(plan.appointments.book_days_max) {
            return Err("too_far_ahead");
        }
        must_be_in_time(plan, slot, now)?;
        let takes = |it: &&Appointment| {
            it.service == *id && it.slot == slot && it.state != AppointmentState::Cancelled
        };
        if self.appointments.iter().filter(takes).count() >= capacity as usize {
            Err("slot_full")
        } else {
            Ok(())
        }
    }

    /// Whoever was booked for the day and has not come.
    pub(super) fn miss_appointments(&mut self, date: BusinessDay) -> Vec<Event> {
        let plan = self.plan.clone().unwrap();
        let mut missed: Vec<&mut Appointment> = self.appointments.iter_mut().collect();
        missed.retain(|it| it.state == AppointmentState::Booked && local(&plan, it.slot).0 == date);
        missed.sort_by_key(|it| (it.slot, it.id));
        let mut events = Vec::new();
        for appointment in missed {
            appointment.state = AppointmentState::Missed;
            self.missed.extend(appointment.person.clone().map(|person| (person, appointment.slot)));
            events.push(Event::AppointmentMissed { appointment: appointment.id });
        }
        events
    }
}

/// Whether having missed a slot still counts on `day`.
pub(super) fn still_counts(plan: &Plan, slot: Timestamp, day: BusinessDay) -> bool {
    days_from(local(plan, slot).0, day) <= i64::from(plan.appointments.missed_days)
}

fn must_be_in_time(plan: &Plan, slot: Timestamp, now: Timestamp) -> Result<(), &'static str> {
    let before_ms = slot.as_ms() - now.as_ms();
    if before_ms >= i64::from(plan.appointments.until_min) * MINUTE_MS { Ok(()) } else { Err("too_late") }
}

fn days_from(from: BusinessDay, to: BusinessDay) -> i64 {
    to.since(from).unwrap().get_days().into()
}
