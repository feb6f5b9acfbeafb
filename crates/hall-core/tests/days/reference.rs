//! The rules once more, written as plainly as can be: lists, scans, no cleverness.

use std::sync::Arc;

use hall_core::plan::Credit;
use hall_core::{BusinessDay, ClassId, Command, CounterNumber, Event, Plan, Rejection, ServiceId, Timestamp};

/// What a person would notice of a decision.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Refused(&'static str),
    Nothing,
    Issued { number: String, ahead: u32 },
    Called { number: String, counter: u16 },
    Recalled { number: String, calls: u32 },
    Transferred { number: String, ahead: u32 },
    Done,
}

impl Outcome {
    pub fn of(decision: &Result<Vec<Event>, Rejection>) -> Self {
        let events = match decision {
            Err(refusal) => return Self::Refused(refusal.code()),
            Ok(events) => events,
        };
        match events.as_slice() {
            [] => Self::Nothing,
            [Event::TicketIssued { number, ahead, .. }] => {
                Self::Issued { number: number.to_string(), ahead: *ahead }
            }
            [Event::TicketCalled { number, counter, .. }] => {
                Self::Called { number: number.to_string(), counter: counter.0 }
            }
            [Event::TicketRecalled { number, calls, .. }] => {
                Self::Recalled { number: number.to_string(), calls: *calls }
            }
            [Event::TicketTransferred { number, ahead, .. }] => {
                Self::Transferred { number: number.to_string(), ahead: *ahead }
            }
            [_] => Self::Done,
            several => panic!("more than one event: {several:?}"),
        }
    }
}

struct Ticket {
    number: String,
    service: ServiceId,
    credit: Credit,
    issued_at: Timestamp,
    order: usize,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Waiting,
    Called { counter: usize, calls: u32 },
    Serving { counter: usize },
    Gone,
}

#[derive(Clone, Copy, PartialEq)]
enum Door {
    Closed,
    Open,
    Paused,
}

pub struct Reference {
    plan: Arc<Plan>,
    tickets: Vec<Ticket>,
    doors: Vec<Door>,
    day: Option<BusinessDay>,
    open: bool,
}

impl Reference {
    pub fn new(plan: Arc<Plan>) -> Self {
        let doors = vec![Door::Closed; plan.counters.len()];
        Self { plan, tickets: Vec::new(), doors, day: None, open: false }
    }

    pub fn due(&mut self, command: &Command, _: Timestamp) {
        match command {
            Command::OpenDay { day } => {
                assert!(self.day < Some(*day), "day {day} opened again");
                (self.day, self.open) = (Some(*day), true);
                self.tickets.clear();
                self.doors.fill(Door::Closed);
            }
            Command::CloseDay => {
                self.open = false;
                for ticket in &mut self.tickets {
                    if ticket.place == Place::Waiting {
                        ticket.place = Place::Gone;
                    }
                }
            }
            other => panic!("the clock does not ask for {other:?}"),
        }
    }

    pub fn step(&mut self, command: &Command, now: Timestamp) -> Outcome {
        self.try_step(command, now).unwrap_or_else(Outcome::Refused)
    }

    fn try_step(&mut self, command: &Command, now: Timestamp) -> Result<Outcome, &'static str> {
        match command {
            Command::IssueTicket { service, class } => self.issue(service, class, now),
            Command::OpenCounter { counter } => {
                let i = self.counter(*counter)?;
                let was = std::mem::replace(&mut self.doors[i], Door::Open);
                Ok(if was == Door::Open { Outcome::Nothing } else { Outcome::Done })
            }
            Command::PauseCounter { counter, reason } => {
                let i = self.counter(*counter)?;
                if self.doors[i] == Door::Closed {
                    return Err("counter_closed");
                }
                if self.held(i).is_some() {
                    return Err("counter_busy");
                }
                if reason.trim().is_empty() {
                    return Err("pause_reason");
                }
                self.doors[i] = Door::Paused;
                Ok(Outcome::Done)
            }
            Command::CloseCounter { counter } => {
                let i = self.counter(*counter)?;
                if self.held(i).is_some() {
                    return Err("counter_busy");
                }
                let was = std::mem::replace(&mut self.doors[i], Door::Closed);
                Ok(if was == Door::Closed { Outcome::Nothing } else { Outcome::Done })
            }
            Command::CallNext { counter } => self.call_next(*counter),
            Command::Recall { counter } => {
                let limit = self.plan.queue.call_limit;
                let (i, ticket, calls) = self.called(*counter)?;
                if calls >= limit {
                    return Err("recall_limit");
                }
                ticket.place = Place::Called { counter: i, calls: calls + 1 };
                Ok(Outcome::Recalled { number: ticket.number.clone(), calls: calls + 1 })
            }
            Command::StartService { counter } => {
                let (i, ticket, _) = self.called(*counter)?;
                ticket.place = Place::Serving { counter: i };
                Ok(Outcome::Done)
            }
            Command::NoShow { counter } => {
                self.called(*counter)?.1.place = Place::Gone;
                Ok(Outcome::Done)
            }
            Command::FinishService { counter } => {
                let i = self.counter(*counter)?;
                let ticket = self.held(i).ok_or("nothing_serving")?;
                if !matches!(ticket.place, Place::Serving { .. }) {
                    return Err("nothing_serving");
                }
                ticket.place = Place::Gone;
                Ok(Outcome::Done)
            }
            Command::Transfer { counter, service } => self.transfer(*counter, service),
            Command::AdoptPlan { .. } | Command::OpenDay { .. } | Command::CloseDay => panic!("{command:?}"),
        }
    }

    fn issue(
        &mut self,
        service: &ServiceId,
        class: &ClassId,
        now: Timestamp,
    ) -> Result<Outcome, &'static str> {
        let plan = self.plan.clone();
        let service = plan.service(service).ok_or("unknown_service")?;
        let class = plan.class(class).ok_or("unknown_class")?;
        if !self.open {
            return Err("day_closed");
        }
        if !plan.is_open(service, now) {
            return Err("service_closed");
        }
        let given = self.tickets.iter().filter(|ticket| ticket.number.starts_with(&service.prefix)).count();
        let ticket = Ticket {
            number: format!("{}{:03}", service.prefix, given + 1),
            service: service.id.clone(),
            credit: class.credit_min,
            issued_at: now,
            order: self.tickets.len(),
            place: Place::Waiting,
        };
        let ahead = self.ahead(&ticket, &service.id);
        let number = ticket.number.clone();
        self.tickets.push(ticket);
        Ok(Outcome::Issued { number, ahead })
    }

    fn call_next(&mut self, counter: CounterNumber) -> Result<Outcome, &'static str> {
        let i = self.counter(counter)?;
        match self.doors[i] {
            Door::Closed => return Err("counter_closed"),
            Door::Paused => return Err("counter_paused"),
            Door::Open => {}
        }
        if self.held(i).is_some() {
            return Err("counter_busy");
        }
        let services = self.plan.counters[i].services.clone();
        let waiting =
            self.tickets.iter_mut().filter(|t| t.place == Place::Waiting && services.contains(&t.service));
        let Some(next) = waiting.min_by_key(|ticket| rank(ticket)) else { return Ok(Outcome::Nothing) };
        next.place = Place::Called { counter: i, calls: 1 };
        Ok(Outcome::Called { number: next.number.clone(), counter: counter.0 })
    }

    fn transfer(&mut self, counter: CounterNumber, to: &ServiceId) -> Result<Outcome, &'static str> {
        let i = self.counter(counter)?;
        let (known, open) = (self.plan.service(to).is_some(), self.open);
        let ticket = self.held(i).ok_or("nothing_serving")?;
        if !known {
            return Err("unknown_service");
        }
        if ticket.service == *to {
            return Err("same_service");
        }
        if !open {
            return Err("day_closed");
        }
        let order = ticket.order;
        let ahead = self.ahead(&self.tickets[order], to);
        let ticket = &mut self.tickets[order];
        ticket.service = to.clone();
        ticket.place = Place::Waiting;
        Ok(Outcome::Transferred { number: ticket.number.clone(), ahead })
    }

    fn ahead(&self, ticket: &Ticket, service: &ServiceId) -> u32 {
        let in_line = self.tickets.iter().filter(|t| t.place == Place::Waiting && t.service == *service);
        in_line.filter(|other| rank(other) < rank(ticket)).count() as u32
    }

    fn counter(&self, number: CounterNumber) -> Result<usize, &'static str> {
        self.plan.counters.iter().position(|counter| counter.number == number).ok_or("unknown_counter")
    }

    fn held(&mut self, i: usize) -> Option<&mut Ticket> {
        self.tickets.iter_mut().find(|ticket| match ticket.place {
            Place::Called { counter, .. } | Place::Serving { counter } => counter == i,
            Place::Waiting | Place::Gone => false,
        })
    }

    fn called(&mut self, number: CounterNumber) -> Result<(usize, &mut Ticket, u32), &'static str> {
        let i = self.counter(number)?;
        let ticket = self.held(i).ok_or("nothing_called")?;
        match ticket.place {
            Place::Called { calls, .. } => Ok((i, ticket, calls)),
            _ => Err("nothing_called"),
        }
    }
}

/// "Always first" before everyone else, then arrival less credit, then the order of taking numbers.
fn rank(ticket: &Ticket) -> (bool, i64, usize) {
    match ticket.credit {
        Credit::First => (false, ticket.issued_at.as_ms(), ticket.order),
        Credit::Minutes(minutes) => {
            (true, ticket.issued_at.as_ms() - i64::from(minutes) * 60_000, ticket.order)
        }
    }
}
