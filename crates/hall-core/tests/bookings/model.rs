//! The rules of appointments once more, written as plainly as can be: lists, scans, no cleverness.

use std::collections::HashMap;
use std::sync::LazyLock;

use hall_core::{AppointmentState, Booking, BusinessDay, Command, Event, Punctuality, Timestamp};

use crate::run::{Run, appointment, at, date};

/// (service, minutes after midnight, places).
pub const SLOTS: &[(&str, i64, usize)] = &[
    ("property", 9 * 60, 2),
    ("property", 9 * 60 + 30, 2),
    ("property", 10 * 60, 2),
    ("property", 10 * 60 + 30, 2),
    ("property", 11 * 60, 2),
    ("property", 11 * 60 + 30, 2),
    ("tax", 9 * 60, 1),
    ("tax", 9 * 60 + 15, 1),
    ("tax", 14 * 60, 3),
    ("tax", 14 * 60 + 45, 3),
    ("permit", 10 * 60, 1),
    ("permit", 10 * 60 + 30, 1),
];
pub const FIRST_DAY: i64 = 23;
/// Days of November on which the hall works, as in [`date`].
const WORKDAYS: &[i64] =
    &[23, 24, 26, 27, 30, 31, 32, 33, 34, 37, 38, 39, 40, 41, 44, 45, 46, 47, 48, 51, 52, 53, 54, 55];
pub static FIRST_MIDNIGHT_MS: LazyLock<i64> = LazyLock::new(|| at("23 00:00").as_ms());
pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

#[derive(Clone, Debug)]
struct Known {
    service: String,
    slot: Timestamp,
    digits: Option<String>,
    person: Option<String>,
    state: AppointmentState,
    /// A new day has begun without it.
    gone: bool,
}

/// Every appointment there ever was; the one with id 1 is the first.
#[derive(Default)]
pub struct Model {
    known: Vec<Known>,
    day: Option<i64>,
    open: bool,
    given: HashMap<char, usize>,
}

/// The day as [`date`] counts, and the minute.
pub fn day_of(moment: Timestamp) -> i64 {
    FIRST_DAY + (moment.as_ms() - *FIRST_MIDNIGHT_MS).div_euclid(DAY_MS)
}

impl Model {
    pub fn decide(&mut self, command: &Command, now: Timestamp) -> String {
        let result = match command {
            Command::BookAppointment(booking) => self.book(booking, now),
            Command::ChangeAppointment { appointment, slot } => self.change(appointment.0, *slot, now),
            Command::CancelAppointment { appointment } => self.cancel(appointment.0, now),
            Command::CheckIn { appointment, .. } => self.check_in(appointment.0, now),
            other => panic!("{other:?}"),
        };
        result.unwrap_or_else(str::to_owned)
    }

    fn book(&mut self, booking: &Booking, now: Timestamp) -> Result<String, &'static str> {
        let service = booking.service.as_str();
        if !["property", "tax", "permit", "aid"].contains(&service) {
            return Err("unknown_service");
        }
        if !["ordinary", "elderly"].contains(&booking.class.as_str()) {
            return Err("unknown_class");
        }
        if service == "aid" {
            return Err("no_appointments");
        }
        if booking.phone_digits.as_ref().is_some_and(|digits| digits.len() != 4) {
            return Err("phone_digits");
        }
        if service == "permit" && booking.person.is_none() {
            return Err("person_required");
        }
        self.place(service, booking.slot, now)?;
        let person = booking.person.as_ref().map(|person| person.as_str().to_owned());
        let of_late = |known: &&Known| {
            known.state == AppointmentState::Missed
                && known.person == person
                && day_of(known.slot) + 3 >= day_of(now)
        };
        if person.is_some() && self.known.iter().filter(of_late).count() >= 2 {
            return Err("missed_too_often");
        }
        self.known.push(Known {
            service: service.to_owned(),
            slot: booking.slot,
            digits: booking.phone_digits.clone(),
            person,
            state: AppointmentState::Booked,
            gone: false,
        });
        Ok(format!("booked {}", self.known.len()))
    }

    /// The id of one not gone yet, counted from the last; of the first there ever was when there are not so many.
    pub fn nth(&self, nth: usize) -> u64 {
        let here = self.known.iter().enumerate().rev().filter(|(_, known)| !known.gone);
        here.map(|(i, _)| i as u64 + 1).nth(nth).unwrap_or(1)
    }

    pub fn slot(&self, id: u64) -> Option<Timestamp> {
        self.known.get(id as usize - 1).map(|known| known.slot)
    }

    fn change(&mut self, id: u64, slot: Timestamp, now: Timestamp) -> Result<String, &'static str> {
        let known = self.booked(id)?.clone();
        if known.slot == slot {
            return Ok("nothing".to_owned());
        }
        in_time(known.slot, now)?;
        self.place(&known.service, slot, now)?;
        self.known[id as usize - 1].slot = slot;
        Ok(format!("changed {id}"))
    }

    fn cancel(&mut self, id: u64, now: Timestamp) -> Result<String, &'static str> {
        in_time(self.booked(id)?.slot, now)?;
        self.known[id as usize - 1].state = AppointmentState::Cancelled;
        Ok(format!("cancelled {id}"))
    }

    fn check_in(&mut self, id: u64, now: Timestamp) -> Result<String, &'static str> {
        let known = self.booked(id)?.clone();
        if !self.open {
            return Err("day_closed");
        }
        if self.day != Some(day_of(known.slot)) {
            return Err("appointment_not_today");
        }
        let late_ms = now.as_ms() - known.slot.as_ms();
        if late_ms < -30 * MINUTE_MS {
            return Err("too_early");
        }
        let punctuality = match late_ms {
            ..=0 => Punctuality::Early,
            1..=900_000 => Punctuality::Late,
            _ => Punctuality::TooLate,
        };
        self.known[id as usize - 1].state = AppointmentState::CheckedIn;
        let prefix = match known.service.as_str() {
            "property" => 'A',
            "tax" => 'B',
            _ => 'C',
        };
        let count = self.given.entry(prefix).or_default();
        *count += 1;
        Ok(format!("{prefix}{count:03} {punctuality:?}"))
    }

    fn booked(&self, id: u64) -> Result<&Known, &'static str> {
        match self.known.get((id as usize).wrapping_sub(1)) {
            None | Some(Known { gone: true, .. }) => Err("unknown_appointment"),
            Some(known) if known.state == AppointmentState::Booked => Ok(known),
            Some(_) => Err("appointment_settled"),
        }
    }

    fn place(&self, service: &str, slot: Timestamp, now: Timestamp) -> Result<(), &'static str> {
        let day = day_of(slot);
        let begins_ms = |minute: i64| *FIRST_MIDNIGHT_MS + (day - FIRST_DAY) * DAY_MS + minute * MINUTE_MS;
        let offered =
            SLOTS.iter().find(|offered| offered.0 == service && begins_ms(offered.1) == slot.as_ms());
        let (_, _, capacity) = offered.ok_or("no_such_slot")?;
        if !WORKDAYS.contains(&day) {
            return Err("day_off");
        }
        if day > day_of(now) + 7 {
            return Err("too_far_ahead");
        }
        in_time(slot, now)?;
        if self.taken(service, slot) >= *capacity { Err("slot_full") } else { Ok(()) }
    }

    fn taken(&self, service: &str, slot: Timestamp) -> usize {
        let takes = |known: &&Known| {
            !known.gone
                && known.service == service
                && known.slot == slot
                && known.state != AppointmentState::Cancelled
        };
        self.known.iter().filter(takes).count()
    }

    /// What the hub did by itself, and what of it concerns appointments.
    pub fn took_note(&mut self, event: &Event) {
        match event {
            Event::AppointmentMissed { appointment } => {
                let known = &mut self.known[appointment.0 as usize - 1];
                assert!(
                    !known.gone && known.state == AppointmentState::Booked,
                    "{appointment} was missed as {known:?}"
                );
                assert_eq!(self.day, Some(day_of(known.slot)), "{appointment} was missed on another day");
                assert!(self.open, "{appointment} was missed after the day had closed");
                known.state = AppointmentState::Missed;
            }
            Event::DayClosed { .. } => {
                let left = |known: &Known| {
                    known.state == AppointmentState::Booked && self.day == Some(day_of(known.slot))
                };
                assert!(!self.known.iter().any(left), "booked, not here, and not missed: {:?}", self.known);
                self.open = false;
            }
            Event::DayOpened { day, .. } => {
                let day = i64::from((*day - date("1")).get_days()) + 1;
                assert!(!self.open && self.day < Some(day), "day {day} opened again");
                (self.day, self.open) = (Some(day), true);
                for known in &mut self.known {
                    known.gone |= known.state != AppointmentState::Booked || day_of(known.slot) < day;
                }
                self.given.clear();
            }
            Event::AppointmentBooked(_) | Event::TicketIssued(_) => panic!("nobody asked for {event:?}"),
            _ => {}
        }
    }

    pub fn check(&self, run: &Run) {
        for (known, id) in self.known.iter().zip(1..) {
            let found = run.hall.appointment(appointment(id)).map(|it| (it.slot, it.state));
            assert_eq!(found, (!known.gone).then_some((known.slot, known.state)), "appointment {id}");
            let (of_slot, capacity) = (self.taken(&known.service, known.slot), self.capacity(known));
            assert!(of_slot <= capacity, "{of_slot} of {capacity} at {}", known.slot);
        }
        let today = day_of(run.now);
        for day in today - 1..today + 9 {
            self.check_day(run, day);
        }
    }

    fn check_day(&self, run: &Run, day: i64) {
        let date = date(&day.to_string());
        let mut expect: Vec<(Timestamp, u64)> = (self.known.iter().zip(1..))
            .filter(|(known, _)| !known.gone && day_of(known.slot) == day)
            .map(|(known, id)| (known.slot, id))
            .collect();
        expect.sort_unstable();
        let found: Vec<_> = run.hall.appointments_on(date).map(|it| (it.slot, it.id.0)).collect();
        assert_eq!(found, expect, "on {date}");
        let with_digits = |(_, id): &(Timestamp, u64)| {
            let known = &self.known[*id as usize - 1];
            known.state == AppointmentState::Booked && known.digits.as_deref() == Some("1234")
        };
        expect.retain(with_digits);
        let found = run.hall.appointment_by_phone("1234", date);
        let found: Vec<_> = found.iter().map(|it| (it.slot, it.id.0)).collect();
        assert_eq!(found, expect, "by phone on {date}");
        self.check_slots(run, day, date);
    }

    fn check_slots(&self, run: &Run, day: i64, date: BusinessDay) {
        let ahead = day - day_of(run.now);
        for service in ["property", "tax", "permit"] {
            let midnight_ms = *FIRST_MIDNIGHT_MS + (day - FIRST_DAY) * DAY_MS;
            let expect: Vec<_> = SLOTS
                .iter()
                .filter(|offered| offered.0 == service && WORKDAYS.contains(&day) && ahead <= 7)
                .map(|offered| (Timestamp::from_ms(midnight_ms + offered.1 * MINUTE_MS), offered.2))
                .filter(|(slot, _)| in_time(*slot, run.now).is_ok())
                .map(|(slot, capacity)| (slot, capacity, self.taken(service, slot)))
                .collect();
            let found = run.hall.slots(&service.into(), date, run.now);
            let found: Vec<_> =
                found.iter().map(|it| (it.at, it.capacity as usize, it.taken as usize)).collect();
            assert_eq!(found, expect, "slots of {service} on {date}");
        }
    }

    fn capacity(&self, known: &Known) -> usize {
        let minute = (known.slot.as_ms() - *FIRST_MIDNIGHT_MS).rem_euclid(DAY_MS) / MINUTE_MS;
        let offered = SLOTS.iter().find(|offered| offered.0 == known.service && offered.1 == minute);
        offered.expect("a slot of the plan").2
    }
}

fn in_time(slot: Timestamp, now: Timestamp) -> Result<(), &'static str> {
    if now.as_ms() + 60 * MINUTE_MS <= slot.as_ms() { Ok(()) } else { Err("too_late") }
}
