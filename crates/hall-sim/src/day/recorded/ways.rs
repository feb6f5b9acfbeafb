//! The way of every ticket through the recorded day.

use std::collections::BTreeMap;

use hall_core::{
    Awaits, CounterNumber, Destination, Event, Issued, Leg, Place, ServiceId, Ticket, TicketId, Timestamp,
    Wish,
};

use super::typical::Typical;
use crate::day::scenario::{Back, Coming, Ending, Miss, Patience, Stop, Visit};

#[derive(Default)]
pub(super) struct Ways(BTreeMap<TicketId, Way>);

/// A ticket, and what it came through so far.
struct Way {
    ticket: Ticket,
    coming: Coming,
    /// Services that were to follow when the number was taken.
    then: Vec<ServiceId>,
    stops: Vec<Stop>,
    /// The stop they are at or wait for; its times are filled in as they become known.
    present: Present,
}

#[derive(Default)]
struct Present {
    joined_at: Option<Timestamp>,
    called_at: Option<Timestamp>,
    started_at: Option<Timestamp>,
    missed_at: Option<Timestamp>,
    walk_ms: i64,
    misses: Vec<Miss>,
    patience: Option<Patience>,
}

impl Ways {
    pub fn take(&mut self, event: &Event, at: Timestamp) {
        if let Some(ticket) = event.new_ticket(at) {
            self.0.insert(ticket.id, Way::begin(ticket, event, at));
        }
        if let Some(way) = event.ticket().and_then(|ticket| self.0.get_mut(&ticket)) {
            way.follow(event, at);
            event.act_on(&mut way.ticket, at);
        }
    }

    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.0.get(&id).map(|way| &way.ticket)
    }

    /// Everybody in a line.
    pub fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.0.values().map(|way| &way.ticket).filter(|ticket| ticket.place == Place::Waiting)
    }

    /// Stops that ended with the citizen served.
    pub fn served(&self) -> impl Iterator<Item = &Stop> {
        let stops = self.0.values().flat_map(|way| &way.stops);
        stops.filter(|stop| {
            matches!(stop.ending, Ending::Served | Ending::ServedForGood | Ending::SentOn { .. })
        })
    }

    pub fn visits(self, typical: &Typical<'_>) -> Vec<Visit> {
        self.0.into_values().map(|way| way.visit(typical)).collect()
    }
}

impl Way {
    fn begin(ticket: Ticket, event: &Event, at: Timestamp) -> Self {
        let mut present = Present { joined_at: Some(ticket.waits_from), ..Present::default() };
        let coming = match event {
            Event::ServedDirect { counter, .. } => {
                present.started_at = Some(at);
                Coming::Direct(*counter)
            }
            Event::TicketIssued(issued) => coming(issued),
            _ => Coming::WalkIn,
        };
        let then = ticket.onward.iter().map(|leg| leg.service.clone()).collect();
        Self { ticket, coming, then, stops: Vec::new(), present }
    }

    fn follow(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::TicketCalled { .. } => {
                if let Place::Parked { .. } = self.ticket.place {
                    self.back_after(at, Back::IsCalled);
                }
                self.present.called_at = Some(at);
            }
            Event::ServiceStarted { .. } => {
                self.present.walk_ms = since(self.present.called_at, at);
                self.present.started_at = Some(at);
            }
            Event::TicketMissed { .. } => self.present.missed_at = Some(at),
            Event::TicketReinstated { .. } => {
                let back_after_ms = Some(since(self.present.missed_at.take(), at));
                self.present.misses.push(Miss { back_after_ms });
            }
            Event::ServiceFinished { .. } => {
                let ends_here = !self.ticket.onward.is_empty();
                self.end(if ends_here { Ending::ServedForGood } else { Ending::Served }, at);
            }
            Event::TicketTransferred { to, awaits, .. } => {
                let to = match awaits {
                    Awaits::Service => Destination::Service(to.clone()),
                    Awaits::Counter(counter) => Destination::Counter(*counter),
                    Awaits::Staff(staff) => Destination::Staff(staff.clone()),
                };
                self.end(Ending::Transferred(to), at);
            }
            Event::TicketSentOn { counter, from, to, awaits, onward, .. } => {
                let ending = sent_on(&self.ticket, *counter, from, to, awaits, onward);
                self.end(ending, at);
            }
            Event::TicketParked { .. } => {
                self.end(Ending::Parked { away_ms: 0, back: Back::Waits }, at);
                self.present.joined_at = Some(at);
            }
            Event::TicketResumed { .. } => self.back_after(at, Back::Waits),
            Event::TicketCancelled { .. } => self.leave(at, true),
            Event::TicketAbandoned { .. } => self.leave(at, false),
            Event::TicketExpired { .. } => {
                if let Place::Parked { .. } = self.ticket.place {
                    self.back_after(at, Back::Waits);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, ending: Ending, at: Timestamp) {
        let present = std::mem::take(&mut self.present);
        // Whoever was never started with was at the counter all the same.
        let walk_ms =
            if present.started_at.is_some() { present.walk_ms } else { since(present.called_at, at) };
        self.stops.push(Stop {
            service: self.ticket.service.clone(),
            walk_ms,
            service_ms: since(present.started_at, at),
            misses: present.misses,
            patience: None,
            ending,
        });
        self.present.joined_at = Some(at);
    }

    /// They were set aside until now.
    fn back_after(&mut self, at: Timestamp, comes: Back) {
        let away = since(self.present.joined_at, at);
        if let Some(Ending::Parked { away_ms, back }) = self.stops.last_mut().map(|stop| &mut stop.ending) {
            (*away_ms, *back) = (away, comes);
        }
    }

    fn leave(&mut self, at: Timestamp, withdraws: bool) {
        match self.ticket.place {
            Place::Waiting => {
                let ms = since(self.present.joined_at, at);
                self.present.patience = Some(Patience { ms, withdraws });
            }
            Place::Parked { .. } => {
                if let Some(stop) = self.stops.last_mut() {
                    stop.ending = Ending::Leaves;
                }
            }
            _ => self.end(Ending::Leaves, at),
        }
    }

    /// What is not known of them is taken as usual.
    fn visit(mut self, typical: &Typical<'_>) -> Visit {
        let present = self.present;
        let left = matches!(
            self.stops.last().map(|stop| &stop.ending),
            Some(Ending::Served | Ending::ServedForGood | Ending::Leaves)
        );
        if !left {
            let mut misses = present.misses;
            misses.extend(present.missed_at.map(|_| Miss { back_after_ms: None }));
            let usual = typical.stop(&self.ticket.service);
            self.stops.push(Stop { misses, patience: present.patience, ..usual });
            self.stops.extend(self.ticket.onward.iter().map(|leg| typical.stop(&leg.service)));
        }
        let first = self.stops.first().map_or(&self.ticket.service, |stop| &stop.service).clone();
        let wish = Wish {
            language: self.ticket.language,
            needs: self.ticket.needs,
            person: self.ticket.person,
            then: self.then,
            ..Wish::new(first, self.ticket.class)
        };
        Visit { at: self.ticket.issued_at, coming: self.coming, wish, stops: self.stops }
    }
}

fn coming(issued: &Issued) -> Coming {
    issued.appointment.map_or(Coming::WalkIn, |it| Coming::Booked { slot: it.slot, comes: true })
}

/// Whether the ticket went its own way, or staff sent it on.
fn sent_on(
    before: &Ticket,
    counter: CounterNumber,
    from: &ServiceId,
    to: &ServiceId,
    awaits: &Awaits,
    onward: &[Leg],
) -> Ending {
    let back = Leg { service: from.clone(), counter: Some(counter) };
    let by_route =
        before.onward.split_first().is_some_and(|(leg, rest)| leg.service == *to && rest == onward);
    if by_route {
        return Ending::Served;
    }
    let first = Leg {
        service: to.clone(),
        counter: match awaits {
            Awaits::Counter(counter) => Some(*counter),
            _ => None,
        },
    };
    let legs: Vec<&Leg> = std::iter::once(&first).chain(onward).take_while(|leg| **leg != back).collect();
    let and_back = legs.len() < 1 + onward.len();
    Ending::SentOn { legs: legs.into_iter().map(|leg| leg.service.clone()).collect(), and_back }
}

fn since(from: Option<Timestamp>, at: Timestamp) -> i64 {
    from.map_or(0, |from| (at.as_ms() - from.as_ms()).max(0))
}
