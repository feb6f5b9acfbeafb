//! Who was called before somebody who had come earlier for the same service.

use std::collections::BTreeSet;

use hall_core::{CallReason, TicketId, Timestamp};
use serde::Serialize;

use super::waits::minutes;

/// How often, and by how much.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Overtakes {
    /// Every call of a waiting ticket.
    pub all: Overtaking,
    /// Only walk-ins that overtook walk-ins, by the credit of their class or the ratio rule: without appointments, wait
    /// limits, no-shows that came back, and tickets that staff chose or that were sent to one counter.
    pub by_class: Overtaking,
}

/// Calls before somebody who came earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Overtaking {
    /// Calls compared.
    pub calls: usize,
    /// Those of them that overtook somebody.
    pub overtaking: usize,
    /// How much earlier the one overtaken had come, at most.
    pub lead_max_min: f64,
}

/// A ticket waiting for its service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub arrived: Timestamp,
    pub ticket: TicketId,
    /// Neither an appointment nor a no-show come back.
    pub plain: bool,
}

/// Those who wait for one service, by arrival.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    all: BTreeSet<(Timestamp, TicketId)>,
    plain: BTreeSet<(Timestamp, TicketId)>,
}

impl Line {
    pub fn join(&mut self, waiting: Waiting) {
        self.all.insert((waiting.arrived, waiting.ticket));
        if waiting.plain {
            self.plain.insert((waiting.arrived, waiting.ticket));
        }
    }

    pub fn leave(&mut self, waiting: Waiting) {
        self.all.remove(&(waiting.arrived, waiting.ticket));
        self.plain.remove(&(waiting.arrived, waiting.ticket));
    }
}

/// Overtaking in milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    all: (usize, usize, i64),
    by_class: (usize, usize, i64),
}

impl Count {
    /// A ticket is called from its line.
    pub fn called(&mut self, waiting: Waiting, line: &Line, reason: &CallReason) {
        count(&mut self.all, waiting, &line.all);
        let by_class = matches!(
            reason,
            CallReason::Arrival
                | CallReason::ClassCredit { .. }
                | CallReason::ClassFirst { .. }
                | CallReason::Help { .. }
                | CallReason::Ratio { .. }
        );
        if waiting.plain && by_class {
            count(&mut self.by_class, waiting, &line.plain);
        }
    }

    pub fn counted(&self, speed: f64) -> Overtakes {
        let counted = |(calls, overtaking, lead_ms): (usize, usize, i64)| Overtaking {
            calls,
            overtaking,
            lead_max_min: minutes(lead_ms as f64 * speed),
        };
        Overtakes { all: counted(self.all), by_class: counted(self.by_class) }
    }
}

fn count(
    (calls, overtaking, lead_ms): &mut (usize, usize, i64),
    waiting: Waiting,
    line: &BTreeSet<(Timestamp, TicketId)>,
) {
    *calls += 1;
    if let Some((earliest, _)) = line.range(..(waiting.arrived, waiting.ticket)).next() {
        *overtaking += 1;
        *lead_ms = (*lead_ms).max(waiting.arrived.as_ms() - earliest.as_ms());
    }
}
