//! What terminals know of the hall: a snapshot, kept current by applying records. The hub keeps the same view, so a
//! snapshot and the records after it cannot disagree.

use std::collections::{BTreeMap, VecDeque};

use hall_core::{
    ClassId, Counter, CounterNumber, CounterState, Day, Event, Place, Record, ServiceId, Standing, Ticket,
    TicketId, TicketNumber, Timestamp,
};
use serde::{Deserialize, Serialize};

/// The state of the hall as of `seq`. Applying the next record gives the state as of the next `seq`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The last record it includes; 0 before the first.
    pub seq: u64,
    /// Hall time of that record, or later: of the snapshot. Absent before the first.
    pub now: Option<Timestamp>,
    /// The last business day opened.
    pub day: Option<Day>,
    /// Everyone who waits or is at a counter.
    pub tickets: BTreeMap<TicketId, Ticket>,
    /// The counters that are not closed.
    pub counters: BTreeMap<CounterNumber, Counter>,
    /// Calls of the day, newest first, at most [`View::CALLS_MAX`]. A recall moves its call to the front.
    pub calls: VecDeque<Call>,
}

/// A ticket asked to a counter, for boards and voice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The record of the call, or of its last recall: a board never shows the same one twice.
    pub seq: u64,
    pub at: Timestamp,
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub counter: CounterNumber,
    /// 1 for the first call.
    pub calls: u32,
}

impl View {
    /// How many calls of the whole hall are kept: enough that a quiet zone's board fills after a reconnect, too.
    pub const CALLS_MAX: usize = 256;

    /// Takes in the next record. One that is already included changes nothing.
    ///
    /// Returns false, changing nothing, when a record is missing in between: the terminal needs a snapshot.
    #[must_use]
    pub fn apply(&mut self, record: &Record) -> bool {
        if record.seq <= self.seq {
            return true;
        }
        if record.seq != self.seq + 1 {
            return false;
        }
        self.seq = record.seq;
        self.now = Some(record.at);
        self.apply_event(record);
        true
    }

    /// Everyone who waits for a service, next first.
    pub fn waiting_for<'a>(&'a self, services: &'a [ServiceId]) -> Vec<&'a Ticket> {
        let mut waiting: Vec<_> =
            self.waiting().filter(|ticket| services.contains(&ticket.service)).collect();
        waiting.sort_by_key(|ticket| (ticket.standing, ticket.id));
        waiting
    }

    /// How many wait for each service; services with nobody are absent.
    pub fn waiting_counts(&self) -> BTreeMap<&ServiceId, u32> {
        let mut counts = BTreeMap::new();
        for ticket in self.waiting() {
            *counts.entry(&ticket.service).or_default() += 1;
        }
        counts
    }

    /// What a counter is doing.
    pub fn counter_state(&self, number: CounterNumber) -> &CounterState {
        self.counters.get(&number).map_or(&CounterState::Closed, |counter| &counter.state)
    }

    /// The ticket called to or served at a counter.
    pub fn ticket_at(&self, number: CounterNumber) -> Option<&Ticket> {
        match self.counter_state(number) {
            CounterState::Calling { ticket, .. } | CounterState::Serving { ticket } => {
                self.tickets.get(ticket)
            }
            CounterState::Closed | CounterState::Idle | CounterState::Paused { .. } => None,
        }
    }

    fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values().filter(|ticket| ticket.place == Place::Waiting)
    }

    fn apply_event(&mut self, record: &Record) {
        let at = record.at;
        match &record.event {
            Event::PlanAdopted { plan } => self.counters.retain(|number, _| plan.counter(*number).is_some()),
            Event::DayOpened { day, .. } => {
                let (seq, now) = (self.seq, self.now);
                *self = Self { seq, now, day: Some(Day { date: *day, open: true }), ..Self::default() };
            }
            Event::DayClosed { day } => self.day = Some(Day { date: *day, open: false }),
            Event::TicketIssued { ticket, number, service, class, standing, .. } => {
                self.issue(at, *ticket, number, service, class, *standing);
            }
            Event::TicketCalled { ticket, number, counter, .. } => {
                self.call(record, *ticket, number, *counter, 1)
            }
            Event::TicketRecalled { ticket, number, counter, calls, .. } => {
                self.call(record, *ticket, number, *counter, *calls);
            }
            Event::ServiceStarted { ticket, counter, .. } => {
                self.set_counter(*counter, CounterState::Serving { ticket: *ticket }, at);
            }
            Event::ServiceFinished { ticket, counter, .. } | Event::TicketMissed { ticket, counter, .. } => {
                self.tickets.remove(ticket);
                self.set_counter(*counter, CounterState::Idle, at);
            }
            Event::TicketTransferred { ticket, counter, to, .. } => {
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    ticket.service = to.clone();
                    ticket.place = Place::Waiting;
                }
                self.set_counter(*counter, CounterState::Idle, at);
            }
            Event::TicketExpired { ticket, .. } => _ = self.tickets.remove(ticket),
            Event::CounterOpened { counter } => self.set_counter(*counter, CounterState::Idle, at),
            Event::CounterPaused { counter, reason } => {
                self.set_counter(*counter, CounterState::Paused { reason: reason.clone() }, at);
            }
            Event::CounterClosed { counter } => _ = self.counters.remove(counter),
        }
    }

    fn issue(
        &mut self,
        issued_at: Timestamp,
        id: TicketId,
        number: &TicketNumber,
        service: &ServiceId,
        class: &ClassId,
        standing: Standing,
    ) {
        let (number, service, class) = (number.clone(), service.clone(), class.clone());
        let ticket = Ticket { id, number, service, class, standing, issued_at, place: Place::Waiting };
        self.tickets.insert(id, ticket);
    }

    fn call(
        &mut self,
        record: &Record,
        id: TicketId,
        number: &TicketNumber,
        counter: CounterNumber,
        calls: u32,
    ) {
        if let Some(ticket) = self.tickets.get_mut(&id) {
            ticket.place = Place::AtCounter(counter);
        }
        self.set_counter(counter, CounterState::Calling { ticket: id, calls }, record.at);
        self.calls.retain(|call| call.ticket != id);
        let call =
            Call { seq: record.seq, at: record.at, ticket: id, number: number.clone(), counter, calls };
        self.calls.push_front(call);
        self.calls.truncate(Self::CALLS_MAX);
    }

    fn set_counter(&mut self, number: CounterNumber, state: CounterState, since: Timestamp) {
        self.counters.insert(number, Counter { state, since });
    }
}
