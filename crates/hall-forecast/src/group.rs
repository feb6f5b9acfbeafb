//! Services and open counters that have to do with each other, and who waits there: what one run forward begins with.

use hall_core::discipline::{Entry, Line};
use hall_core::plan::{CallRule, HelpWhen};
use hall_core::{Standing, TicketId, Timestamp};

use crate::durations::Rest;

/// Services that are called by the same counters, directly or through others, and all these counters.
///
/// Its lines are those of its `services`, in that order, and then those of tickets sent to one of its counters. Tickets
/// are numbered anew, in the same order: a [`TicketId`] in its lines is a place in `waiters`.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// As places in the plan.
    pub services: Vec<usize>,
    pub lines: Vec<Line>,
    /// Of each line, after how long a wait its tickets go before others.
    pub limits_min: Vec<Option<u32>>,
    /// The counters that call from each line, as places in `counters`.
    pub callers: Vec<Vec<u16>>,
    pub counters: Vec<OpenCounter>,
    /// Those who wait, then one newcomer for each service.
    pub waiters: Vec<Waiter>,
    /// Who in the hall the first of the waiters are.
    pub tickets: Vec<TicketId>,
    /// Those lately come whose like may go before others.
    pub comers: Vec<Coming>,
    /// Of each line, whether somebody may come and go before others without a head start.
    pub latecomers_matter: Vec<bool>,
    /// Whoever comes with this standing or a later one has no head start of those asked about.
    pub last: Option<Standing>,
}

/// A counter that is neither closed nor paused.
#[derive(Debug)]
pub(crate) struct OpenCounter {
    pub own: Vec<u16>,
    pub helps: Vec<(u16, HelpWhen)>,
    pub turn: u32,
    pub auto_call: bool,
    pub busy: Option<Busy>,
}

/// The call a counter is busy with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Busy {
    /// As a place in the plan.
    pub service: usize,
    pub rest: Rest,
}

/// Somebody in a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiter {
    pub entry: Entry,
    pub line: u16,
    /// As a place in the plan.
    pub service: usize,
}

/// Somebody who joined a line at `at`, and stands for whoever does so later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coming {
    pub at: Timestamp,
    pub standing: Standing,
    pub priority: bool,
    pub line: u16,
    /// Until when somebody like that may come.
    pub until: Timestamp,
}

impl Group {
    /// Whether nobody waits, and a newcomer for any of its services would find a free counter.
    pub fn is_at_leisure(&self) -> bool {
        self.tickets.is_empty() && (0..self.services.len()).all(|line| self.free_for(line).next().is_some())
    }

    /// The free counters that would call a newcomer in this line at once, when nobody waits in any other.
    pub fn free_for(&self, line: usize) -> impl Iterator<Item = &OpenCounter> {
        let callers = self.callers[line].iter().map(|counter| &self.counters[usize::from(*counter)]);
        callers.filter(move |counter| {
            let helps = counter.helps.iter().find(|(helped, _)| usize::from(*helped) == line);
            counter.busy.is_none() && !matches!(helps, Some((_, HelpWhen::WaitedOverMin(_))))
        })
    }

    /// Whether somebody may come to this line and go before others without a head start: where not the standings
    /// alone say who is called first, and where a counter would otherwise have helped.
    pub fn latecomers_matter(&self, line: usize, rule: CallRule) -> bool {
        let limit_min = self.limits_min[line];
        let limits_differ = self.limits_min.iter().any(|other| *other != limit_min);
        let mut callers = self.counters.iter().filter(|counter| counter.own.contains(&(line as u16)));
        rule != CallRule::Standing || limits_differ || callers.any(|counter| !counter.helps.is_empty())
    }
}
