//! The state of a hall: the fold of its events, and nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::bookings::Bookings;
use crate::discipline::{Entry, Line};
use crate::{
    Awaits, BusinessDay, Carried, Counter, CounterNumber, CounterState, Event, Issued, PersonHash, Place,
    Plan, Printer, PrinterId, ServiceId, StaffId, Ticket, TicketId, Timestamp, plan,
};

/// One hall on one business day.
#[derive(Clone, Debug, PartialEq)]
pub struct Hall {
    pub(crate) plan: Option<InForce>,
    pub(crate) day: Option<Day>,
    pub(crate) next_ticket: TicketId,
    /// Numbers given today by prefix: not by service, so that a plan changed at noon cannot give a number twice.
    pub(crate) issued: BTreeMap<String, u32>,
    /// Walk-ins of today by service and minute of the day: what quotas count, whatever bands the plan has by then.
    pub(crate) taken: HashMap<ServiceId, BTreeMap<u16, u32>>,
    pub(crate) tickets: HashMap<TicketId, Ticket>,
    pub(crate) lines: Lines,
    pub(crate) counters: BTreeMap<CounterNumber, Counter>,
    /// Counters whose citizen has not come yet, by their last call.
    pub(crate) calling: BTreeSet<(Timestamp, CounterNumber)>,
    /// Idle counters that call by themselves.
    pub(crate) restless: BTreeSet<CounterNumber>,
    pub(crate) reminders: BTreeSet<(Timestamp, TicketId)>,
    /// Services that give no more numbers today, lest they break the closing promise.
    pub(crate) full: BTreeSet<ServiceId>,
    /// The numbers of today a person has had.
    pub(crate) persons: HashMap<PersonHash, Vec<TicketId>>,
    pub(crate) bookings: Bookings,
    /// As reported since the day opened.
    pub(crate) printers: BTreeMap<PrinterId, Printer>,
}

/// The last business day that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub date: BusinessDay,
    /// Whether numbers may still be given.
    pub open: bool,
}

/// The plan in force, with its services and counters to be found quickly.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InForce {
    plan: Arc<Plan>,
    services: HashMap<ServiceId, usize>,
    counters: HashMap<CounterNumber, usize>,
}

impl InForce {
    fn new(plan: Arc<Plan>) -> Self {
        let services = plan.services.iter().enumerate().map(|(i, service)| (service.id.clone(), i)).collect();
        let counters = plan.counters.iter().enumerate().map(|(i, counter)| (counter.number, i)).collect();
        Self { plan, services, counters }
    }

    pub fn service(&self, id: &ServiceId) -> Option<&plan::Service> {
        self.services.get(id).map(|i| &self.plan.services[*i])
    }

    pub fn counter(&self, number: CounterNumber) -> Option<&plan::Counter> {
        self.counters.get(&number).map(|i| &self.plan.counters[*i])
    }
}

impl Deref for InForce {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}

/// All lines of the hall.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lines {
    pub services: HashMap<ServiceId, Line>,
    /// Who was sent to one counter, or to one person.
    pub counters: HashMap<CounterNumber, Line>,
    pub staff: HashMap<StaffId, Line>,
    pub waiting: usize,
}

impl Lines {
    fn of(&mut self, ticket: &Ticket) -> &mut Line {
        match &ticket.awaits {
            Awaits::Service if self.services.contains_key(&ticket.service) => {
                self.services.get_mut(&ticket.service).unwrap_or_else(|| unreachable!("just seen"))
            }
            Awaits::Service => self.services.entry(ticket.service.clone()).or_default(),
            Awaits::Counter(counter) => self.counters.entry(*counter).or_default(),
            Awaits::Staff(staff) => self.staff.entry(staff.clone()).or_default(),
        }
    }

    fn join(&mut self, ticket: &Ticket) {
        self.of(ticket).join(Entry::of(ticket));
        self.waiting += 1;
    }

    fn leave(&mut self, ticket: &Ticket) {
        self.of(ticket).leave(Entry::of(ticket));
        self.waiting -= 1;
    }
}

impl Default for Hall {
    fn default() -> Self {
        Self {
            plan: None,
            day: None,
            next_ticket: TicketId(1),
            issued: BTreeMap::new(),
            taken: HashMap::new(),
            tickets: HashMap::new(),
            lines: Lines::default(),
            counters: BTreeMap::new(),
            calling: BTreeSet::new(),
            restless: BTreeSet::new(),
            reminders: BTreeSet::new(),
            full: BTreeSet::new(),
            persons: HashMap::new(),
            bookings: Bookings::default(),
            printers: BTreeMap::new(),
        }
    }
}

impl Hall {
    /// The plan in force.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        self.plan.as_ref().map(|in_force| &in_force.plan)
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

    /// Who waits for whoever serves a service, next first; not those sent to one counter or person.
    pub fn waiting(&self, service: &ServiceId) -> impl Iterator<Item = &Ticket> {
        let line = self.lines.services.get(service);
        line.into_iter().flat_map(Line::iter).filter_map(|entry| self.tickets.get(&entry.ticket))
    }

    /// How many wait for a service.
    pub fn waiting_count(&self, service: &ServiceId) -> usize {
        self.lines.services.get(service).map_or(0, Line::len)
    }

    /// The line of a service; none before anybody has waited there.
    pub fn line(&self, service: &ServiceId) -> Option<&Line> {
        self.lines.services.get(service)
    }

    /// The line of those who were sent to this counter, and of those sent to the person there.
    pub fn lines_sent_to(&self, number: CounterNumber) -> impl Iterator<Item = &Line> + Clone {
        let staff = self.counters.get(&number).and_then(|counter| counter.staff.as_ref());
        let staff = staff.and_then(|staff| self.lines.staff.get(staff));
        self.lines.counters.get(&number).into_iter().chain(staff)
    }

    /// How many of its own line are called before a waiting ticket; 0 when it does not wait.
    pub fn ahead(&self, ticket: &Ticket) -> u32 {
        match ticket.place {
            Place::Waiting => {
                let line = self.line_awaiting(&ticket.awaits, &ticket.service);
                line.map_or(0, |line| line.ahead(ticket.standing, ticket.id))
            }
            _ => 0,
        }
    }

    /// The line a ticket waits in.
    pub(crate) fn line_awaiting(&self, awaits: &Awaits, service: &ServiceId) -> Option<&Line> {
        match awaits {
            Awaits::Service => self.lines.services.get(service),
            Awaits::Counter(counter) => self.lines.counters.get(counter),
            Awaits::Staff(staff) => self.lines.staff.get(staff),
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

    /// Services that give no more numbers today because those could probably not be served.
    pub fn full(&self) -> &BTreeSet<ServiceId> {
        &self.full
    }

    /// The slip printers that were reported since the day opened, by name.
    pub fn printers(&self) -> &BTreeMap<PrinterId, Printer> {
        &self.printers
    }

    /// Takes a fact into the state. Cannot fail: what [`decide`](Hall::decide) made of this state always applies.
    ///
    /// # Panics
    /// When the event does not follow from the events before it: the journal is not this hall's, or is damaged.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PlanAdopted { plan } => self.adopt(plan, at),
            Event::DayOpened { day, next_ticket, carried } => self.open_day(*day, *next_ticket, carried, at),
            Event::DayClosed { day } => self.day = Some(Day { date: *day, open: false }),
            Event::TicketIssued(issued) => self.count_number(issued, at),
            Event::IssuingStopped { service } => _ = self.full.insert(service.clone()),
            Event::IssuingResumed { service } => _ = self.full.remove(service),
            _ => {}
        }
        self.bookings.apply(event);
        event.act_on_printers(&mut self.printers, at);
        if let Some(ticket) = event.new_ticket(at) {
            self.take_in(ticket);
        }
        if let Some(ticket) = event.ticket() {
            self.move_ticket(ticket, event, at);
        }
        if let Some(number) = event.counter() {
            self.act_on_counter(number, event, at);
        }
    }

    fn adopt(&mut self, plan: &Arc<Plan>, at: Timestamp) {
        let mut before = std::mem::take(&mut self.counters);
        for number in plan.counters.iter().map(|counter| counter.number) {
            self.counters.insert(number, before.remove(&number).unwrap_or_else(|| Counter::closed(at)));
        }
        self.plan = Some(InForce::new(plan.clone()));
        self.restless.clear();
        for number in plan.counters.iter().map(|counter| counter.number) {
            self.note_idle(number);
        }
    }

    fn open_day(&mut self, date: BusinessDay, next_ticket: TicketId, carried: &Carried, at: Timestamp) {
        *self = Self {
            plan: self.plan.take(),
            day: Some(Day { date, open: true }),
            next_ticket,
            counters: self.counters.keys().map(|number| (*number, Counter::closed(at))).collect(),
            bookings: Bookings::taking_over(carried.clone()),
            ..Self::default()
        };
    }

    fn count_number(&mut self, issued: &Issued, at: Timestamp) {
        if let (None, Some(plan)) = (&issued.appointment, &self.plan) {
            let minute = at.minute_of_day(plan.hall.utc_offset);
            *self.taken.entry(issued.service.clone()).or_default().entry(minute).or_default() += 1;
        }
        if let Some(person) = &issued.person {
            self.persons.entry(person.clone()).or_default().push(issued.ticket);
        }
    }

    fn take_in(&mut self, ticket: Ticket) {
        let prefix = ticket.number.as_str().trim_end_matches(|c: char| c.is_ascii_digit());
        match self.issued.get_mut(prefix) {
            Some(count) => *count += 1,
            None => _ = self.issued.insert(prefix.to_owned(), 1),
        }
        self.next_ticket = TicketId(ticket.id.0 + 1);
        if ticket.place == Place::Waiting {
            self.lines.join(&ticket);
        }
        let twice = self.tickets.insert(ticket.id, ticket);
        assert!(twice.is_none(), "a ticket id was issued twice");
    }

    fn move_ticket(&mut self, id: TicketId, event: &Event, at: Timestamp) {
        let ticket = self.tickets.get_mut(&id);
        let ticket =
            ticket.unwrap_or_else(|| panic!("the journal names ticket {id}, which was never issued"));
        match ticket.place {
            Place::Waiting => self.lines.leave(ticket),
            Place::Parked { remind_at: Some(at), .. } => _ = self.reminders.remove(&(at, id)),
            _ => {}
        }
        event.act_on(ticket, at);
        match ticket.place {
            Place::Waiting => self.lines.join(ticket),
            Place::Parked { remind_at: Some(at), .. } => _ = self.reminders.insert((at, id)),
            _ => {}
        }
    }

    fn act_on_counter(&mut self, number: CounterNumber, event: &Event, at: Timestamp) {
        let is_calling = |counter: &Counter| matches!(counter.state, CounterState::Calling { .. });
        let counter = self.counter_mut(number);
        let (was_calling, since) = (is_calling(counter), counter.since);
        event.act_on_counter(counter, at);
        let (calls, called_at) = (is_calling(counter), counter.since);
        if was_calling {
            self.calling.remove(&(since, number));
        }
        if calls {
            self.calling.insert((called_at, number));
        }
        self.note_idle(number);
    }

    fn counter_mut(&mut self, number: CounterNumber) -> &mut Counter {
        let counter = self.counters.get_mut(&number);
        counter.unwrap_or_else(|| panic!("the journal names counter {number}, which is not in the plan"))
    }

    /// Keeps `restless` true of one counter.
    fn note_idle(&mut self, number: CounterNumber) {
        let idle = self.counters.get(&number).is_some_and(|counter| counter.state == CounterState::Idle);
        if idle && self.calls_for(number).is_some_and(|calls| calls.auto_call) {
            self.restless.insert(number);
        } else {
            self.restless.remove(&number);
        }
    }
}
