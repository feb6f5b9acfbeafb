//! From the counter on: finished, sent on, transferred, set aside, brought back.

use super::issue::known_legs;
use super::{Decision, not_waiting};
use crate::discipline::Standing;
use crate::plan::SetBack;
use crate::{
    Awaits, CounterNumber, CounterState, Destination, Event, Hall, Leg, Place, Rejection, ServiceId, Ticket,
    TicketId, Timestamp,
};

/// Longest time before a reminder.
const PARK_MIN_MAX: u32 = 480;

impl Hall {
    pub(super) fn finish_service(&self, counter: CounterNumber, ends_here: bool) -> Decision {
        let ticket = self.served_at(counter)?;
        let next = ticket.onward.split_first().filter(|_| !ends_here && self.day_must_be_open().is_ok());
        let Some((leg, onward)) = next else {
            return Ok(vec![Event::ServiceFinished {
                ticket: ticket.id,
                number: ticket.number.clone(),
                counter,
            }]);
        };
        Ok(vec![self.sent_on(ticket, counter, leg, onward.to_vec())])
    }

    pub(super) fn send_on(&self, counter: CounterNumber, legs: &[ServiceId], and_back: bool) -> Decision {
        let ticket = self.served_at(counter)?;
        known_legs(self.plan_in_force()?, &ticket.service, legs)?;
        self.day_must_be_open()?;
        let mut onward: Vec<Leg> =
            legs.iter().map(|service| Leg { service: service.clone(), counter: None }).collect();
        if and_back {
            onward.push(Leg { service: ticket.service.clone(), counter: Some(counter) });
            onward.extend(ticket.onward.iter().cloned());
        }
        let leg = onward.remove(0);
        Ok(vec![self.sent_on(ticket, counter, &leg, onward)])
    }

    fn sent_on(&self, ticket: &Ticket, counter: CounterNumber, leg: &Leg, onward: Vec<Leg>) -> Event {
        let awaits = leg.counter.map_or(Awaits::Service, Awaits::Counter);
        // Whoever sent them off is still serving this one, and may take them back.
        let awaits = self.unless_gone(awaits);
        Event::TicketSentOn {
            ticket: ticket.id,
            number: ticket.number.clone(),
            counter,
            from: ticket.service.clone(),
            to: leg.service.clone(),
            ahead: self.ahead_of(&awaits, &leg.service, ticket.standing, ticket.id),
            awaits,
            onward,
        }
    }

    pub(super) fn transfer(&self, counter: CounterNumber, to: &Destination) -> Decision {
        let plan = self.plan_in_force()?;
        let ticket = self.ticket_at(counter)?;
        let (service, awaits) = match to {
            Destination::Service(service) => {
                let service =
                    &plan.service(service).ok_or_else(|| Rejection::UnknownService(service.clone()))?.id;
                if ticket.service == *service {
                    return Err(Rejection::SameService(counter));
                }
                (service, Awaits::Service)
            }
            Destination::Counter(other) => match self.state_of(*other)? {
                _ if *other == counter => return Err(Rejection::SameCounter(counter)),
                CounterState::Closed => return Err(Rejection::CounterClosed(*other)),
                _ => (&ticket.service, Awaits::Counter(*other)),
            },
            Destination::Staff(staff) => match self.counter_of(staff) {
                None => return Err(Rejection::StaffAbsent(staff.clone())),
                Some(other) if other == counter => return Err(Rejection::SameCounter(counter)),
                Some(_) => (&ticket.service, Awaits::Staff(staff.clone())),
            },
        };
        self.day_must_be_open()?;
        Ok(vec![Event::TicketTransferred {
            ticket: ticket.id,
            number: ticket.number.clone(),
            counter,
            from: ticket.service.clone(),
            to: service.clone(),
            ahead: self.ahead_of(&awaits, service, ticket.standing, ticket.id),
            awaits,
        }])
    }

    pub(super) fn park(
        &self,
        counter: CounterNumber,
        remind_after_min: Option<u32>,
        now: Timestamp,
    ) -> Decision {
        let ticket = self.ticket_at(counter)?;
        if remind_after_min.is_some_and(|minutes| !(1..=PARK_MIN_MAX).contains(&minutes)) {
            return Err(Rejection::ParkMinutes { limit: PARK_MIN_MAX });
        }
        self.day_must_be_open()?;
        let remind_at = remind_after_min.map(|minutes| now.plus_ms(i64::from(minutes) * 60_000));
        Ok(vec![Event::TicketParked { ticket: ticket.id, number: ticket.number.clone(), counter, remind_at }])
    }

    pub(super) fn remind(&self, ticket: TicketId) -> Decision {
        let ticket = self.known(ticket)?;
        let Place::Parked { counter, remind_at } = ticket.place else {
            return Err(Rejection::NotParked(ticket.number.clone()));
        };
        let remind = || Event::ParkReminded { ticket: ticket.id, number: ticket.number.clone(), counter };
        Ok(remind_at.map(|_| remind()).into_iter().collect())
    }

    pub(super) fn resume(&self, ticket: TicketId) -> Decision {
        let ticket = self.known(ticket)?;
        if !matches!(ticket.place, Place::Parked { .. }) {
            return Err(Rejection::NotParked(ticket.number.clone()));
        }
        let awaits = self.unless_gone(ticket.awaits.clone());
        Ok(vec![Event::TicketResumed {
            ticket: ticket.id,
            number: ticket.number.clone(),
            ahead: self.ahead_of(&awaits, &ticket.service, ticket.standing, ticket.id),
            awaits,
        }])
    }

    pub(super) fn reinstate(&self, ticket: TicketId) -> Decision {
        let ticket = self.known(ticket)?;
        match ticket.place {
            Place::NoShow => {}
            Place::Waiting | Place::Parked { .. } => return Err(Rejection::NotMissed(ticket.number.clone())),
            _ => return Err(not_waiting(ticket)),
        }
        self.day_must_be_open()?;
        let plan = self.plan_in_force()?;
        let mut way = std::iter::once(&ticket.service).chain(ticket.onward.iter().map(|leg| &leg.service));
        if let Some(gone) = way.find(|service| plan.service(service).is_none()) {
            return Err(Rejection::UnknownService(gone.clone()));
        }
        let awaits = self.unless_gone(ticket.awaits.clone());
        let standing = self.set_back(ticket, plan.queue.reinstate, &awaits);
        Ok(vec![Event::TicketReinstated {
            ticket: ticket.id,
            number: ticket.number.clone(),
            standing,
            ahead: self.ahead_of(&awaits, &ticket.service, standing, ticket.id),
            awaits,
        }])
    }

    fn set_back(&self, ticket: &Ticket, by: SetBack, awaits: &Awaits) -> Standing {
        match by {
            SetBack::Minutes(minutes) => ticket.standing.later_ms(i64::from(minutes) * 60_000),
            SetBack::Places(places) => {
                let line = self.line_awaiting(awaits, &ticket.service);
                let passed = line.into_iter().flat_map(|line| line.iter()).take(places as usize).last();
                passed.map_or(ticket.standing, |last| ticket.standing.max(last.standing.later_ms(1)))
            }
        }
    }

    /// Where a ticket waits that was sent to somebody: there, or for its service when they have gone.
    fn unless_gone(&self, awaits: Awaits) -> Awaits {
        let is_there = match &awaits {
            Awaits::Service => true,
            Awaits::Counter(number) => {
                self.counters.get(number).is_some_and(|counter| counter.state != CounterState::Closed)
            }
            Awaits::Staff(staff) => self.counter_of(staff).is_some(),
        };
        if is_there { awaits } else { Awaits::Service }
    }

    fn ahead_of(&self, awaits: &Awaits, service: &ServiceId, standing: Standing, ticket: TicketId) -> u32 {
        self.line_awaiting(awaits, service).map_or(0, |line| line.ahead(standing, ticket))
    }
}
