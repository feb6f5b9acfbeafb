//! How long counters were open, and how long with a citizen.

use std::collections::BTreeMap;

use hall_core::{Counter, CounterNumber, CounterState, Event, Timestamp, UtcOffset};
use serde::Serialize;

const HOUR_MS: i64 = 3_600_000;

/// The counters of a day. Pauses are not open time; from a call to the end of it a counter is busy.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Staffing {
    /// Counters that were open at some time.
    pub counters: usize,
    /// Hours open, all counters together.
    pub open_h: f64,
    /// Share of the open time with a citizen.
    pub utilisation: f64,
    /// The largest utilisation of one hour of the clock, among those with at least half of the busiest staffing.
    pub utilisation_peak: f64,
    /// The hours of the clock in which a counter was open.
    pub by_hour: Vec<Hour>,
}

/// One hour of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hour {
    /// 9 for 09:00 to 10:00.
    pub hour: u8,
    pub open_h: f64,
    pub utilisation: f64,
}

#[derive(Debug, Default)]
pub(super) struct Clocked {
    offset: UtcOffset,
    counters: BTreeMap<CounterNumber, Counter>,
    opened: usize,
    /// Open and busy time in milliseconds, by hour of the clock.
    hours: BTreeMap<i64, (i64, i64)>,
}

impl Clocked {
    pub fn new(offset: UtcOffset) -> Self {
        Self { offset, ..Self::default() }
    }

    /// What a counter is doing at the beginning.
    pub fn begin(&mut self, number: CounterNumber, counter: &Counter) {
        self.opened += usize::from(counter.state != CounterState::Closed);
        self.counters.insert(number, counter.clone());
    }

    pub fn take(&mut self, event: &Event, at: Timestamp) {
        if let Event::DayOpened { .. } = event {
            self.counters.clear();
        }
        let Some(number) = event.counter() else { return };
        let first = !self.counters.contains_key(&number);
        let counter = self.counters.entry(number).or_insert_with(|| Counter::closed(at));
        self.opened += usize::from(first);
        // A recall begins a call anew, and a profile changes nothing in time.
        let (state, since) = (counter.state.clone(), counter.since);
        event.act_on_counter(counter, at);
        if counter.since == at {
            self.clock(&state, since, at);
        }
    }

    /// Adds the time from `since` to `until` in a state.
    fn clock(&mut self, state: &CounterState, since: Timestamp, until: Timestamp) {
        let busy = match state {
            CounterState::Closed | CounterState::Paused { .. } => return,
            CounterState::Idle => false,
            CounterState::Calling { .. } | CounterState::Serving { .. } => true,
        };
        // By the hall's clock: milliseconds since its own 1970.
        let offset_ms = i64::from(since.minute_of_day(self.offset)) * 60_000
            - (since.as_ms().div_euclid(60_000) * 60_000).rem_euclid(24 * HOUR_MS);
        let (mut from, to) = (since.as_ms() + offset_ms, until.as_ms() + offset_ms);
        while from < to {
            let hour = from.div_euclid(HOUR_MS);
            let next = ((hour + 1) * HOUR_MS).min(to);
            let (open_ms, busy_ms) = self.hours.entry(hour.rem_euclid(24)).or_default();
            *open_ms += next - from;
            *busy_ms += if busy { next - from } else { 0 };
            from = next;
        }
    }

    pub fn until(mut self, end: Timestamp) -> Staffing {
        for counter in std::mem::take(&mut self.counters).into_values() {
            self.clock(&counter.state, counter.since, end);
        }
        let open_ms: i64 = self.hours.values().map(|(open, _)| open).sum();
        let busy_ms: i64 = self.hours.values().map(|(_, busy)| busy).sum();
        let most_ms = self.hours.values().map(|(open, _)| *open).max().unwrap_or(0);
        let staffed = self.hours.values().filter(|(open, _)| 2 * open >= most_ms);
        Staffing {
            counters: self.opened,
            open_h: hours(open_ms),
            utilisation: share(busy_ms, open_ms),
            utilisation_peak: staffed.map(|(open, busy)| share(*busy, *open)).fold(0.0, f64::max),
            by_hour: self
                .hours
                .iter()
                .map(|(hour, (open, busy))| Hour {
                    hour: *hour as u8,
                    open_h: hours(*open),
                    utilisation: share(*busy, *open),
                })
                .collect(),
        }
    }
}

fn hours(ms: i64) -> f64 {
    (ms as f64 / 360_000.0).round() / 10.0
}

fn share(part: i64, whole: i64) -> f64 {
    (part as f64 / whole.max(1) as f64 * 1_000.0).round() / 1_000.0
}
