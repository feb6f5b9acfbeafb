//! Who may see what. Needs and appointments are for staff; who somebody is and their phone, for nobody
//! on the stream.

use std::borrow::Cow;

use hall_core::{Event, Record};

use crate::View;

/// Who listens to the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Counters, the console, booking desks.
    Staff,
    /// Kiosks and boards, in front of everybody.
    Public,
}

impl Audience {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Staff, Self::Public];

    /// A record as this audience may see it. Views that follow it and [`view`](Self::view) agree.
    pub fn record(self, record: &Record) -> Cow<'_, Record> {
        let public = self == Self::Public;
        let event = match &record.event {
            Event::TicketIssued(issued)
                if issued.person.is_some() || (public && !issued.needs.is_empty()) =>
            {
                let mut issued = issued.clone();
                issued.person = None;
                if public {
                    issued.needs.clear();
                }
                Event::TicketIssued(issued)
            }
            Event::DayOpened { day, next_ticket, carried } if **carried != Default::default() => {
                Event::DayOpened { day: *day, next_ticket: *next_ticket, carried: Default::default() }
            }
            Event::AppointmentBooked(appointment) if !public => {
                let mut appointment = appointment.clone();
                (appointment.person, appointment.phone_digits) = (None, None);
                Event::AppointmentBooked(appointment)
            }
            Event::AppointmentBooked(_)
            | Event::AppointmentChanged { .. }
            | Event::AppointmentCancelled { .. }
            | Event::AppointmentMissed { .. }
                if public =>
            {
                Event::Withheld
            }
            _ => return Cow::Borrowed(record),
        };
        Cow::Owned(Record { seq: record.seq, at: record.at, event })
    }

    /// A view as this audience may see it.
    pub fn view(self, view: &View) -> Cow<'_, View> {
        match self {
            Self::Staff => Cow::Borrowed(view),
            Self::Public => {
                let mut view = view.clone();
                view.tickets.values_mut().for_each(|ticket| ticket.needs.clear());
                Cow::Owned(view)
            }
        }
    }
}
