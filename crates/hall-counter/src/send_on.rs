//! Where a ticket that is served here goes on to: services in order, and back here if it is to return.

use hall_core::{CounterNumber, LEGS_MAX, Leg, ServiceId, Ticket, TicketId};

use crate::picker::Picker;

/// Which ticket is to go on, and the way put together so far.
#[derive(Clone, Debug, PartialEq)]
pub struct SendOn {
    ticket: TicketId,
    /// What the ticket is for now.
    held: ServiceId,
    legs: Vec<ServiceId>,
    pub(crate) and_back: bool,
    pub(crate) picker: Picker,
}

impl SendOn {
    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self {
            ticket: ticket.id,
            held: ticket.service.clone(),
            legs: Vec::new(),
            and_back: false,
            picker: Picker::default(),
        }
    }

    /// Whether this is about `ticket`.
    pub(crate) fn is_of(&self, ticket: Option<&Ticket>) -> bool {
        ticket.is_some_and(|ticket| ticket.id == self.ticket)
    }

    /// The services, in order.
    pub fn legs(&self) -> &[ServiceId] {
        &self.legs
    }

    /// Adds a service at the end, or takes it out again.
    pub(crate) fn toggle(&mut self, service: &ServiceId) {
        if let Some(at) = self.legs.iter().position(|leg| leg == service) {
            self.legs.remove(at);
        } else if self.legs.len() < LEGS_MAX {
            self.legs.push(service.clone());
        }
    }

    /// Takes out the last service.
    pub(crate) fn shorten(&mut self) {
        self.legs.pop();
    }

    /// The whole way from here on. What was to follow before follows only on a return, as at the hub.
    pub(crate) fn way(&self, counter: CounterNumber, ticket: &Ticket) -> Vec<Leg> {
        let mut way: Vec<_> =
            self.legs.iter().map(|service| Leg { service: service.clone(), counter: None }).collect();
        if self.and_back {
            way.push(Leg { service: self.held.clone(), counter: Some(counter) });
            way.extend(ticket.onward.iter().cloned());
        }
        way
    }
}
