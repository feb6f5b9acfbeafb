//! The appointments of today and later, and who missed theirs: the fold of the events about them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::appointment::days_between;
use crate::{
    Appointment, AppointmentId, AppointmentState, BusinessDay, Carried, Event, Hall, PersonHash, Plan,
    ServiceId, Timestamp,
};

/// A slot that can be booked, unless all its places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// When it begins.
    pub at: Timestamp,
    /// How many places it has.
    pub capacity: u32,
    /// How many of them are taken; more than `capacity` only when the plan has shrunk since.
    pub taken: u32,
}

/// What the hall knows of appointments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bookings {
    /// The business day that is open.
    today: Option<BusinessDay>,
    next: AppointmentId,
    appointments: BTreeMap<AppointmentId, Appointment>,
    by_slot: BTreeSet<(Timestamp, AppointmentId)>,
    missed: BTreeMap<PersonHash, Vec<Timestamp>>,
}

impl Default for Bookings {
    fn default() -> Self {
        Self {
            today: None,
            next: AppointmentId(1),
            appointments: BTreeMap::new(),
            by_slot: BTreeSet::new(),
            missed: BTreeMap::new(),
        }
    }
}

impl Bookings {
    /// The id of the next appointment to be booked.
    pub fn next(&self) -> AppointmentId {
        self.next
    }

    pub fn get(&self, id: AppointmentId) -> Option<&Appointment> {
        self.appointments.get(&id)
    }

    /// What a business day begins with: what is carried over and nothing else, so that a replay may begin there.
    pub fn taking_over(carried: Carried) -> Self {
        let mut bookings = Self { next: carried.next_appointment, ..Self::default() };
        for appointment in carried.appointments {
            bookings.insert(appointment);
        }
        for (person, slot) in carried.missed {
            bookings.missed.entry(person).or_default().push(slot);
        }
        bookings
    }

    /// Takes a fact about appointments into the state.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::DayOpened { day, .. } => self.today = Some(*day),
            Event::DayClosed { .. } => self.today = None,
            Event::AppointmentBooked(appointment) => {
                self.next = AppointmentId(appointment.id.0 + 1);
                self.insert(appointment.clone());
            }
            Event::AppointmentChanged { appointment: id, slot } => {
                let from = std::mem::replace(&mut self.held_mut(*id).slot, *slot);
                self.by_slot.remove(&(from, *id));
                self.by_slot.insert((*slot, *id));
            }
            Event::AppointmentCancelled { appointment } => {
                self.held_mut(*appointment).state = AppointmentState::Cancelled;
            }
            Event::AppointmentMissed { appointment } => {
                let appointment = self.held_mut(*appointment);
                appointment.state = AppointmentState::Missed;
                let slot = appointment.slot;
                if let Some(person) = appointment.person.clone() {
                    self.missed.entry(person).or_default().push(slot);
                }
            }
            Event::TicketIssued(issued) => {
                if let Some(checked_in) = &issued.appointment {
                    self.held_mut(checked_in.id).state = AppointmentState::CheckedIn;
                }
            }
            _ => {}
        }
    }

    /// What business day `day` takes over. When the day before is still open it is closed first, so that whoever has
    /// not come by now has missed their appointment.
    pub fn carried_to(&self, day: BusinessDay, plan: &Plan) -> Carried {
        let begins = Timestamp::at(day, 0, plan.hall.utc_offset);
        let still_booked = |appointment: &&Appointment| {
            appointment.state == AppointmentState::Booked && appointment.slot >= begins
        };
        let before =
            self.missed.iter().flat_map(|(person, slots)| slots.iter().map(move |slot| (person, *slot)));
        let now = self.today.into_iter().flat_map(|today| self.missed_at_close(today, plan));
        let now = now
            .filter_map(|id| self.get(id))
            .filter_map(|missed| Some((missed.person.as_ref()?, missed.slot)));
        let mut missed: Vec<(PersonHash, Timestamp)> = before
            .chain(now)
            .filter(|(_, slot)| plan.counts_as_missed(*slot, day))
            .map(|(person, slot)| (person.clone(), slot))
            .collect();
        missed.sort();
        Carried {
            next_appointment: self.next,
            appointments: self.appointments.values().filter(still_booked).cloned().collect(),
            missed,
        }
    }

    /// Who was booked for `day` and has not come; to be marked as missed when that day closes.
    pub fn missed_at_close(&self, day: BusinessDay, plan: &Plan) -> impl Iterator<Item = AppointmentId> {
        self.on(day, plan)
            .filter(|appointment| appointment.state == AppointmentState::Booked)
            .map(|appointment| appointment.id)
    }

    /// The appointments of a day, whatever their state, by slot, then id.
    pub fn on(&self, day: BusinessDay, plan: &Plan) -> impl Iterator<Item = &Appointment> {
        const MINUTES_A_DAY: u16 = 24 * 60;
        let midnight = |minute| Timestamp::at(day, minute, plan.hall.utc_offset);
        self.between(midnight(0), midnight(MINUTES_A_DAY))
    }

    /// The services of appointments that are still to come.
    pub fn booked_from(&self, now: Timestamp) -> impl Iterator<Item = &ServiceId> {
        let booked = self.appointments.values().filter(move |appointment| {
            appointment.state == AppointmentState::Booked && appointment.slot >= now
        });
        booked.map(|appointment| &appointment.service)
    }

    /// How many places of a slot are taken.
    pub fn taken(&self, service: &ServiceId, slot: Timestamp) -> u32 {
        let takes = |appointment: &&Appointment| {
            appointment.service == *service && appointment.state != AppointmentState::Cancelled
        };
        self.between(slot, slot.plus_ms(1)).filter(takes).count() as u32
    }

    /// How many appointments a person has missed that still count on `day`.
    pub fn missed_by(&self, person: &PersonHash, day: BusinessDay, plan: &Plan) -> u32 {
        let slots = self.missed.get(person).map(Vec::as_slice).unwrap_or_default();
        slots.iter().filter(|slot| plan.counts_as_missed(**slot, day)).count() as u32
    }

    fn between(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = &Appointment> {
        let slots = self.by_slot.range((from, AppointmentId(0))..(to, AppointmentId(0)));
        slots.filter_map(|(_, id)| self.appointments.get(id))
    }

    fn insert(&mut self, appointment: Appointment) {
        self.by_slot.insert((appointment.slot, appointment.id));
        let twice = self.appointments.insert(appointment.id, appointment);
        assert!(twice.is_none(), "an appointment id was given twice");
    }

    fn held_mut(&mut self, id: AppointmentId) -> &mut Appointment {
        self.appointments
            .get_mut(&id)
            .unwrap_or_else(|| panic!("the journal names appointment {id}, which was never booked"))
    }
}

impl Hall {
    /// An appointment of today or later.
    pub fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        self.bookings.get(id)
    }

    /// The appointments of today or a later day, whatever their state, by slot, then id.
    pub fn appointments_on(&self, day: BusinessDay) -> impl Iterator<Item = &Appointment> {
        self.plan.iter().flat_map(move |plan| self.bookings.on(day, plan))
    }

    /// The appointments of `today` still booked with these phone digits, by slot, then id.
    pub fn appointment_by_phone(&self, digits: &str, today: BusinessDay) -> Vec<&Appointment> {
        let booked = |appointment: &&Appointment| {
            appointment.state == AppointmentState::Booked
                && appointment.phone_digits.as_deref() == Some(digits)
        };
        self.appointments_on(today).filter(booked).collect()
    }

    /// The slots of a service on `day` that may be booked at `now`, full ones included; none on a day off, for an
    /// unknown service, or for one that takes no appointments.
    pub fn slots(&self, service: &ServiceId, day: BusinessDay, now: Timestamp) -> Vec<Slot> {
        let Some(plan) = self.plan.as_deref().filter(|plan| plan.is_working_day(day)) else {
            return Vec::new();
        };
        let Some(service) = plan.service(service) else { return Vec::new() };
        if days_between(plan.date(now), day) > i64::from(plan.appointments.book_days_max) {
            return Vec::new();
        }
        let mut slots: Vec<Slot> = plan
            .slots_of(service, day)
            .filter(|(at, _)| plan.is_in_time(*at, now))
            .map(|(at, capacity)| Slot { at, capacity, taken: self.bookings.taken(&service.id, at) })
            .collect();
        slots.sort_by_key(|slot| slot.at);
        slots
    }
}
