//! What terminals know of the hall: a snapshot, kept current by applying records. The hub keeps the same view, so a
//! snapshot and the records after it cannot disagree.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hall_core::{
    Counter, CounterNumber, CounterState, Day, Event, Place, Printer, PrinterId, Record, ServiceId, Ticket,
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
    /// Everyone who is still to be served, and who missed a call and may come back.
    pub tickets: BTreeMap<TicketId, Ticket>,
    /// The counters that are not closed, or that have a profile for today.
    pub counters: BTreeMap<CounterNumber, Counter>,
    /// Services that give no more numbers today because those could probably not be served.
    #[serde(default)]
    pub full: BTreeSet<ServiceId>,
    /// The slip printers that were reported since the day opened.
    #[serde(default)]
    pub printers: BTreeMap<PrinterId, Printer>,
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
        self.tickets.get(&self.counter_state(number).ticket()?)
    }

    /// The ticket with a number.
    pub fn ticket_numbered(&self, number: &TicketNumber) -> Option<&Ticket> {
        self.tickets.values().find(|ticket| ticket.number == *number)
    }

    /// Everyone who waits, in the order of their taking numbers.
    pub fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values().filter(|ticket| ticket.place == Place::Waiting)
    }

    fn apply_event(&mut self, record: &Record) {
        let (event, at) = (&record.event, record.at);
        match event {
            Event::PlanAdopted { plan } => self.counters.retain(|number, _| plan.counter(*number).is_some()),
            Event::DayOpened { day, .. } => {
                let (seq, now) = (self.seq, self.now);
                *self = Self { seq, now, day: Some(Day { date: *day, open: true }), ..Self::default() };
            }
            Event::DayClosed { day } => self.day = Some(Day { date: *day, open: false }),
            Event::IssuingStopped { service } => _ = self.full.insert(service.clone()),
            Event::IssuingResumed { service } => _ = self.full.remove(service),
            Event::TicketCalled { ticket, number, counter, .. } => {
                self.call(record, *ticket, number, *counter, 1)
            }
            Event::TicketRecalled { ticket, number, counter, calls, .. } => {
                self.call(record, *ticket, number, *counter, *calls);
            }
            _ => {}
        }
        event.act_on_printers(&mut self.printers, at);
        if let Some(ticket) = event.new_ticket(at) {
            self.tickets.insert(ticket.id, Ticket { person: None, ..ticket });
        }
        if let Some(id) = event.ticket()
            && let Some(ticket) = self.tickets.get_mut(&id)
        {
            event.act_on(ticket, at);
            if !ticket.place.is_open() && ticket.place != Place::NoShow {
                self.tickets.remove(&id);
            }
        }
        if let Some(number) = event.counter() {
            let counter = self.counters.entry(number).or_insert_with(|| Counter::closed(at));
            event.act_on_counter(counter, at);
            if counter.state == CounterState::Closed && counter.profile.is_none() {
                self.counters.remove(&number);
            }
        }
    }

    fn call(
        &mut self,
        record: &Record,
        id: TicketId,
        number: &TicketNumber,
        counter: CounterNumber,
        calls: u32,
    ) {
        self.calls.retain(|call| call.ticket != id);
        let call =
            Call { seq: record.seq, at: record.at, ticket: id, number: number.clone(), counter, calls };
        self.calls.push_front(call);
        self.calls.truncate(Self::CALLS_MAX);
    }
}
