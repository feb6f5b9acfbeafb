//! How good the forecast was: the share of tickets that were called within what they had been told.

use std::collections::HashMap;

use hall_core::{Event, TicketId, Timestamp};

use crate::Estimate;

/// What tickets were told, and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    told: HashMap<TicketId, (Timestamp, Estimate)>,
    waits: Tally,
    at_once: Tally,
}

/// Of tickets that were told something and then called, or waited longer in vain, how many were called within it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub called: u64,
    pub within_p50: u64,
    pub within_p90: u64,
}

impl Score {
    /// A ticket was told at `at` how long it would wait from then; what it is told later does not count.
    pub fn tell(&mut self, ticket: TicketId, at: Timestamp, estimate: Estimate) {
        self.told.entry(ticket).or_insert((at, estimate));
    }

    /// Takes in what happened at `at`. Only the first call of a ticket is judged. Who gave up, or was still waiting at
    /// the close, after longer than they had been told counts as told wrongly; who left before that, or was told nothing,
    /// does not count.
    pub fn observe(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::DayOpened { .. } => self.told.clear(),
            Event::TicketCalled { ticket, .. } => {
                if let Some((told_at, told)) = self.told.remove(ticket) {
                    let tally = if told.p90_ms > 0 { &mut self.waits } else { &mut self.at_once };
                    tally.note(at.as_ms() - told_at.as_ms(), told);
                }
            }
            Event::TicketCancelled { ticket, .. }
            | Event::TicketAbandoned { ticket, .. }
            | Event::TicketExpired { ticket, .. } => {
                if let Some((told_at, told)) = self.told.remove(ticket)
                    && at.as_ms() - told_at.as_ms() > told.p90_ms
                    && told.p90_ms > 0
                {
                    self.waits.called += 1;
                }
            }
            Event::TicketParked { ticket, .. }
            | Event::TicketTransferred { ticket, .. }
            | Event::TicketReinstated { ticket, .. } => _ = self.told.remove(ticket),
            _ => {}
        }
    }

    /// Of those who were told to wait.
    pub fn waits(&self) -> Tally {
        self.waits
    }

    /// Of those who were told that they would be called at once. They are counted apart: nearly all are, and would make
    /// the intervals of the others look too wide.
    pub fn at_once(&self) -> Tally {
        self.at_once
    }

    /// The share of those told to wait who were called within their P90; none before the first.
    pub fn coverage_p90(&self) -> Option<f64> {
        self.waits.share(self.waits.within_p90)
    }

    /// The same, within their P50.
    pub fn coverage_p50(&self) -> Option<f64> {
        self.waits.share(self.waits.within_p50)
    }
}

impl Tally {
    fn note(&mut self, waited_ms: i64, told: Estimate) {
        self.called += 1;
        self.within_p50 += u64::from(waited_ms <= told.p50_ms);
        self.within_p90 += u64::from(waited_ms <= told.p90_ms);
    }

    fn share(self, within: u64) -> Option<f64> {
        (self.called > 0).then(|| within as f64 / self.called as f64)
    }
}
