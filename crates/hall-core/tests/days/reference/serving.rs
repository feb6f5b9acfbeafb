//! From the counter on: finished, sent on, transferred, set aside, brought back.

use hall_core::plan::SetBack;
use hall_core::{
    Awaits, CounterNumber, CounterState, Destination, Event, Leg, Place, ServiceId, TicketId, Timestamp,
};

use super::{Expected, MINUTE_MS, Reference, Ticket};

impl Reference {
    pub(super) fn finish(&mut self, counter: CounterNumber, ends_here: bool, now: Timestamp) -> Expected {
        let i = self.served_at(counter)?;
        if !ends_here && self.is_open() && !self.tickets[i].onward.is_empty() {
            let legs = self.tickets[i].onward.clone();
            return Ok(vec![self.go_on(i, counter, legs, now)]);
        }
        self.tickets[i].place = Place::Finished;
        self.set_state(counter, CounterState::Idle, now);
        let (ticket, number) = (self.tickets[i].id, self.tickets[i].number.clone());
        Ok(vec![Event::ServiceFinished { ticket, number, counter }])
    }

    pub(super) fn send_on(
        &mut self,
        counter: CounterNumber,
        to: &[ServiceId],
        and_back: bool,
        now: Timestamp,
    ) -> Expected {
        let i = self.served_at(counter)?;
        self.known_legs(&self.tickets[i].service, to)?;
        self.must_be_open()?;
        let mut legs: Vec<Leg> =
            to.iter().map(|service| Leg { service: service.clone(), counter: None }).collect();
        if and_back {
            legs.push(Leg { service: self.tickets[i].service.clone(), counter: Some(counter) });
            legs.extend(self.tickets[i].onward.clone());
        }
        Ok(vec![self.go_on(i, counter, legs, now)])
    }

    /// Served here; waits for the first of the legs.
    fn go_on(&mut self, i: usize, counter: CounterNumber, mut legs: Vec<Leg>, now: Timestamp) -> Event {
        let leg = legs.remove(0);
        let awaits = self.unless_gone(leg.counter.map_or(Awaits::Service, Awaits::Counter));
        let from = std::mem::replace(&mut self.tickets[i].service, leg.service.clone());
        self.tickets[i].onward = legs.clone();
        self.set_state(counter, CounterState::Idle, now);
        let ahead = self.wait(i, awaits.clone(), now);
        let (ticket, number) = (self.tickets[i].id, self.tickets[i].number.clone());
        Event::TicketSentOn { ticket, number, counter, from, to: leg.service, awaits, onward: legs, ahead }
    }

    pub(super) fn transfer(&mut self, counter: CounterNumber, to: &Destination, now: Timestamp) -> Expected {
        let i = self.ticket_at(counter)?;
        let from = self.tickets[i].service.clone();
        let (to, awaits) = match to {
            Destination::Service(service) => {
                self.known_service(service)?;
                if *service == from {
                    return Err("same_service");
                }
                (service.clone(), Awaits::Service)
            }
            Destination::Counter(other) => {
                let closed = *self.state(*other)? == CounterState::Closed;
                if *other == counter {
                    return Err("same_counter");
                }
                if closed {
                    return Err("counter_closed");
                }
                (from.clone(), Awaits::Counter(*other))
            }
            Destination::Staff(staff) => {
                if self.counter_of(staff).ok_or("staff_absent")? == counter {
                    return Err("same_counter");
                }
                (from.clone(), Awaits::Staff(staff.clone()))
            }
        };
        self.must_be_open()?;
        self.tickets[i].service = to.clone();
        self.set_state(counter, CounterState::Idle, now);
        let ahead = self.wait(i, awaits.clone(), now);
        let (ticket, number) = (self.tickets[i].id, self.tickets[i].number.clone());
        Ok(vec![Event::TicketTransferred { ticket, number, counter, from, to, awaits, ahead }])
    }

    pub(super) fn park(
        &mut self,
        counter: CounterNumber,
        after_min: Option<u32>,
        now: Timestamp,
    ) -> Expected {
        let i = self.ticket_at(counter)?;
        if after_min.is_some_and(|minutes| minutes == 0 || minutes > 480) {
            return Err("park_minutes");
        }
        self.must_be_open()?;
        let remind_at = after_min.map(|minutes| now.plus_ms(i64::from(minutes) * MINUTE_MS));
        self.tickets[i].place = Place::Parked { counter, remind_at };
        self.set_state(counter, CounterState::Idle, now);
        let (ticket, number) = (self.tickets[i].id, self.tickets[i].number.clone());
        Ok(vec![Event::TicketParked { ticket, number, counter, remind_at }])
    }

    pub(super) fn remind(&mut self, id: TicketId) -> Expected {
        let i = self.ticket(id)?;
        let Place::Parked { counter, remind_at } = self.tickets[i].place else { return Err("not_parked") };
        if remind_at.is_none() {
            return Ok(Vec::new());
        }
        self.tickets[i].place = Place::Parked { counter, remind_at: None };
        Ok(vec![Event::ParkReminded { ticket: id, number: self.tickets[i].number.clone(), counter }])
    }

    pub(super) fn resume(&mut self, id: TicketId, now: Timestamp) -> Expected {
        let i = self.ticket(id)?;
        if !matches!(self.tickets[i].place, Place::Parked { .. }) {
            return Err("not_parked");
        }
        let awaits = self.unless_gone(self.tickets[i].awaits.clone());
        let ahead = self.wait(i, awaits.clone(), now);
        Ok(vec![Event::TicketResumed { ticket: id, number: self.tickets[i].number.clone(), awaits, ahead }])
    }

    pub(super) fn reinstate(&mut self, id: TicketId, now: Timestamp) -> Expected {
        let i = self.ticket(id)?;
        match self.tickets[i].place {
            Place::NoShow => {}
            Place::Waiting | Place::Parked { .. } => return Err("not_missed"),
            _ => return Err(self.tickets[i].not_waiting()),
        }
        self.must_be_open()?;
        self.known_service(&self.tickets[i].service)?;
        for leg in &self.tickets[i].onward {
            self.known_service(&leg.service)?;
        }
        let awaits = self.unless_gone(self.tickets[i].awaits.clone());
        match self.plan()?.queue.reinstate {
            SetBack::Minutes(minutes) => self.tickets[i].arrived_ms += i64::from(minutes) * MINUTE_MS,
            SetBack::Places(places) => self.set_back_places(i, &awaits, places as usize),
        }
        self.tickets[i].reinstated = true;
        let ahead = self.wait(i, awaits.clone(), now);
        let (number, standing) = (self.tickets[i].number.clone(), self.tickets[i].standing());
        Ok(vec![Event::TicketReinstated { ticket: id, number, standing, awaits, ahead }])
    }

    /// Behind the first so many of those waiting for the same, and never further to the front than before.
    fn set_back_places(&mut self, i: usize, awaits: &Awaits, places: usize) {
        let mut line: Vec<_> = self.line(awaits, &self.tickets[i].service).map(Ticket::rank).collect();
        line.sort();
        line.truncate(places);
        let Some((not_first, arrived_ms, _)) = line.pop() else { return };
        let ticket = &mut self.tickets[i];
        if (!ticket.first, ticket.arrived_ms) < (not_first, arrived_ms + 1) {
            (ticket.first, ticket.arrived_ms) = (!not_first, arrived_ms + 1);
        }
    }
}
