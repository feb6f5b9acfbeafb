//! Where a ticket is transferred to: a service, a counter or a member of staff.

use hall_core::{Destination, Ticket, TicketId};

use crate::picker::{Pick, Picker};

/// What the ticket is to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Service,
    Counter,
    Staff,
}

/// Which ticket is to go, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    ticket: TicketId,
    to: To,
    pub(crate) picker: Picker,
}

impl To {
    /// Every kind, from left to right.
    pub const ALL: [Self; 3] = [Self::Service, Self::Counter, Self::Staff];

    /// The kind on the right, or again the first.
    pub fn next(self) -> Self {
        match self {
            Self::Service => Self::Counter,
            Self::Counter => Self::Staff,
            Self::Staff => Self::Service,
        }
    }
}

impl Transfer {
    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self { ticket: ticket.id, to: To::Service, picker: Picker::default() }
    }

    /// Whether this is about `ticket`.
    pub(crate) fn is_of(&self, ticket: Option<&Ticket>) -> bool {
        ticket.is_some_and(|ticket| ticket.id == self.ticket)
    }

    /// The kind that is offered.
    pub fn to(&self) -> To {
        self.to
    }

    /// Offers another kind, with nothing typed or chosen yet.
    pub(crate) fn turn(&mut self, to: To) {
        if self.to != to {
            (self.to, self.picker) = (to, Picker::default());
        }
    }

    /// Where the ticket would go.
    pub fn destination(&self) -> Option<Destination> {
        Some(match self.picker.chosen.clone()? {
            Pick::Service(service) => Destination::Service(service),
            Pick::Counter(counter) => Destination::Counter(counter),
            Pick::Staff(staff) => Destination::Staff(staff),
        })
    }
}
