//! What the stream tells of those set aside and a snapshot does not: since when, and whose reminder has come.

use std::collections::{BTreeMap, BTreeSet};

use hall_api::View;
use hall_core::{CounterNumber, Event, Place, Record, Ticket, TicketId, Timestamp};

/// The parked tickets of one counter, as far as their events were heard.
#[derive(Debug, Default)]
pub struct Parked {
    since: BTreeMap<TicketId, Timestamp>,
    reminded: BTreeSet<TicketId>,
}

impl Parked {
    /// Takes in the next event. Returns whether it is a reminder for `counter`.
    pub(crate) fn take(&mut self, record: &Record, counter: CounterNumber) -> bool {
        let Some(ticket) = record.event.ticket() else { return false };
        if let Event::SlipReported { .. } | Event::ReprintOrdered { .. } = record.event {
            return false;
        }
        if let Event::ParkReminded { counter: reminded, .. } = record.event {
            self.reminded.insert(ticket);
            return reminded == counter;
        }
        self.since.remove(&ticket);
        self.reminded.remove(&ticket);
        if let Event::TicketParked { counter: here, .. } = record.event
            && here == counter
        {
            self.since.insert(ticket, record.at);
        }
        false
    }

    /// Takes in a snapshot that follows on `before`: a reminder that is gone has come meanwhile.
    pub(crate) fn take_snapshot(&mut self, before: &View, after: &View) {
        let is_parked = |id: &TicketId| after.tickets.get(id).is_some_and(is_parked);
        self.since.retain(|id, _| is_parked(id));
        self.reminded.retain(is_parked);
        let remind_at = |view: &View, id: &TicketId| match view.tickets.get(id)?.place {
            Place::Parked { remind_at, .. } => Some(remind_at),
            _ => None,
        };
        let waited_for = before.tickets.keys().filter(|id| remind_at(before, id).flatten().is_some());
        self.reminded.extend(waited_for.filter(|id| remind_at(after, id) == Some(None)));
    }

    /// When the ticket was set aside; unknown when this terminal was started later.
    pub(crate) fn since(&self, ticket: TicketId) -> Option<Timestamp> {
        self.since.get(&ticket).copied()
    }

    /// Whether it is time to call the ticket back.
    pub(crate) fn is_due(&self, ticket: &Ticket, now: Option<Timestamp>) -> bool {
        let passed = match ticket.place {
            Place::Parked { remind_at, .. } => remind_at.zip(now).is_some_and(|(at, now)| at <= now),
            _ => return false,
        };
        passed || self.reminded.contains(&ticket.id)
    }
}

fn is_parked(ticket: &Ticket) -> bool {
    matches!(ticket.place, Place::Parked { .. })
}
