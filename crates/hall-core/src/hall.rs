//! The state of a hall: the fold of its events, and nothing else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::discipline::Line;
use crate::{
    BusinessDay, ClassId, CounterNumber, Event, Plan, ServiceId, Standing, TicketId, TicketNumber, Timestamp,
};

/// One hall on one business day.
#[derive(Clone, Debug, PartialEq)]
pub struct Hall {
    pub(crate) plan: Option<Arc<Plan>>,
    pub(crate) day: Option<Day>,
    pub(crate) next_ticket: TicketId,
    /// Numbers given today by prefix: not by service, so that a plan changed at noon cannot give a number twice.
    pub(crate) issued: BTreeMap<String, u32>,
    pub(crate) tickets: HashMap<TicketId, Ticket>,
    pub(crate) lines: BTreeMap<ServiceId, Line>,
    pub(crate) counters: BTreeMap<CounterNumber, Counter>,
}

/// The last business day that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub date: BusinessDay,
    /// Whether numbers may still be given.
    pub open: bool,
}

/// One citizen's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    pub number: TicketNumber,
    pub service: ServiceId,
    pub class: ClassId,
    pub standing: Standing,
    pub issued_at: Timestamp,
    pub place: Place,
}

/// Where a ticket is; always in exactly one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the line of its service.
    Waiting,
    /// Asked to a counter or served there.
    AtCounter(CounterNumber),
    Finished,
    NoShow,
    Expired,
}

/// A counter of the running day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    #[serde(flatten)]
    pub state: CounterState,
    /// When it came into this state.
    pub since: Timestamp,
}

/// What a counter is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CounterState {
    Closed,
    /// Open, with nobody.
    Idle,
    Paused {
        reason: String,
    },
    /// Waiting for the citizen to come; `calls` counts the first call and the recalls.
    Calling {
        ticket: TicketId,
        calls: u32,
    },
    Serving {
        ticket: TicketId,
    },
}

impl Default for Hall {
    fn default() -> Self {
        Self {
            plan: None,
            day: None,
            next_ticket: TicketId(1),
            issued: BTreeMap::new(),
            tickets: HashMap::new(),
            lines: BTreeMap::new(),
            counters: BTreeMap::new(),
        }
    }
}

impl Hall {
    /// The plan in force.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        self.plan.as_ref()
    }

    /// The last business day opened, if any ever was.
    pub fn day(&self) -> Option<Day> {
        self.day
    }

    /// A ticket of the running day.
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(&id)
    }

    /// All tickets of the running day, in no order.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// Who waits for a service, next first.
    pub fn waiting(&self, service: &ServiceId) -> impl Iterator<Item = &Ticket> {
        self.lines.get(service).into_iter().flat_map(Line::iter).filter_map(|id| self.tickets.get(&id))
    }

    /// How many wait for a service.
    pub fn waiting_count(&self, service: &ServiceId) -> usize {
        self.lines.get(service).map_or(0, Line::len)
    }

    /// How many of its own service are called before a waiting ticket; 0 when it does not wait.
    pub fn ahead(&self, ticket: &Ticket) -> u32 {
        match ticket.place {
            Place::Waiting => self.ahead_in(&ticket.service, ticket.standing, ticket.id),
            _ => 0,
        }
    }

    /// A counter of the plan; closed until it is opened for the day.
    pub fn counter(&self, number: CounterNumber) -> Option<&Counter> {
        self.counters.get(&number)
    }

    /// All counters of the plan, by number.
    pub fn counters(&self) -> impl Iterator<Item = (CounterNumber, &Counter)> {
        self.counters.iter().map(|(number, counter)| (*number, counter))
    }

    pub(crate) fn ahead_in(&self, service: &ServiceId, standing: Standing, id: TicketId) -> u32 {
        self.lines.get(service).map_or(0, |line| line.ahead((standing, id)))
    }

    /// Takes a fact into the state. Cannot fail: what [`decide`](Hall::decide) made of this state always applies.
    ///
    /// # Panics
    /// When the event does not follow from the events before it: the journal is not this hall's, or is damaged.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PlanAdopted { plan } => self.adopt(plan, at),
            Event::DayOpened { day, next_ticket } => self.open_day(*day, *next_ticket, at),
            Event::DayClosed { day } => self.day = Some(Day { date: *day, open: false }),
            Event::TicketIssued { ticket, number, service, class, standing, ahead: _ } => {
                let ticket = Ticket {
                    id: *ticket,
                    number: number.clone(),
                    service: service.clone(),
                    class: class.clone(),
                    standing: *standing,
                    issued_at: at,
                    place: Place::Waiting,
                };
                self.issue(ticket);
            }
            Event::TicketCalled { ticket, counter, .. } => {
                self.move_ticket(*ticket, Place::AtCounter(*counter));
                self.set_counter(*counter, CounterState::Calling { ticket: *ticket, calls: 1 }, at);
            }
            Event::TicketRecalled { ticket, counter, calls, .. } => {
                self.set_counter(*counter, CounterState::Calling { ticket: *ticket, calls: *calls }, at);
            }
            Event::ServiceStarted { ticket, counter, .. } => {
                self.set_counter(*counter, CounterState::Serving { ticket: *ticket }, at);
            }
            Event::ServiceFinished { ticket, counter, .. } => {
                self.move_ticket(*ticket, Place::Finished);
                self.set_counter(*counter, CounterState::Idle, at);
            }
            Event::TicketMissed { ticket, counter, .. } => {
                self.move_ticket(*ticket, Place::NoShow);
                self.set_counter(*counter, CounterState::Idle, at);
            }
            Event::TicketTransferred { ticket, counter, to, .. } => {
                self.ticket_mut(*ticket).service = to.clone();
                self.move_ticket(*ticket, Place::Waiting);
                self.set_counter(*counter, CounterState::Idle, at);
            }
            Event::TicketExpired { ticket, .. } => self.move_ticket(*ticket, Place::Expired),
            Event::CounterOpened { counter } => self.set_counter(*counter, CounterState::Idle, at),
            Event::CounterPaused { counter, reason } => {
                self.set_counter(*counter, CounterState::Paused { reason: reason.clone() }, at);
            }
            Event::CounterClosed { counter } => self.set_counter(*counter, CounterState::Closed, at),
        }
    }

    fn adopt(&mut self, plan: &Arc<Plan>, at: Timestamp) {
        let mut before = std::mem::take(&mut self.counters);
        for number in plan.counters.iter().map(|counter| counter.number) {
            let closed = Counter { state: CounterState::Closed, since: at };
            self.counters.insert(number, before.remove(&number).unwrap_or(closed));
        }
        self.plan = Some(plan.clone());
    }

    fn open_day(&mut self, date: BusinessDay, next_ticket: TicketId, at: Timestamp) {
        let closed = Counter { state: CounterState::Closed, since: at };
        *self = Self {
            plan: self.plan.take(),
            day: Some(Day { date, open: true }),
            next_ticket,
            counters: self.counters.keys().map(|number| (*number, closed.clone())).collect(),
            ..Self::default()
        };
    }

    fn issue(&mut self, ticket: Ticket) {
        let prefix = ticket.number.as_str().trim_end_matches(|c: char| c.is_ascii_digit());
        match self.issued.get_mut(prefix) {
            Some(count) => *count += 1,
            None => _ = self.issued.insert(prefix.to_owned(), 1),
        }
        self.next_ticket = TicketId(ticket.id.0 + 1);
        self.line_mut(&ticket.service).join((ticket.standing, ticket.id));
        let twice = self.tickets.insert(ticket.id, ticket);
        assert!(twice.is_none(), "a ticket id was issued twice");
    }

    fn move_ticket(&mut self, id: TicketId, to: Place) {
        let ticket = self.ticket_mut(id);
        let from = std::mem::replace(&mut ticket.place, to);
        let place = (ticket.standing, id);
        let service = ticket.service.clone();
        if from == Place::Waiting {
            self.line_mut(&service).leave(place);
        }
        if to == Place::Waiting {
            self.line_mut(&service).join(place);
        }
    }

    fn ticket_mut(&mut self, id: TicketId) -> &mut Ticket {
        self.tickets
            .get_mut(&id)
            .unwrap_or_else(|| panic!("the journal names ticket {id}, which was never issued"))
    }

    fn line_mut(&mut self, service: &ServiceId) -> &mut Line {
        if !self.lines.contains_key(service) {
            self.lines.insert(service.clone(), Line::default());
        }
        self.lines.get_mut(service).unwrap_or_else(|| unreachable!("inserted above"))
    }

    fn set_counter(&mut self, number: CounterNumber, state: CounterState, since: Timestamp) {
        self.counters.insert(number, Counter { state, since });
    }
}
