//! When the counters of the recorded day were open, when they paused, and how soon they called.

use std::collections::{BTreeMap, HashMap};

use hall_core::{CallReason, Counter, CounterNumber, CounterState, Event, Plan, StaffId, Timestamp};

use super::typical::median;
use super::ways::Ways;
use crate::day::scenario::{Break, Shift, Spell};

/// Where no call tells how soon staff call.
const PRESS_MS: i64 = 5_000;
/// A longer time without a call, although somebody waited, was something else.
const PRESS_MS_MAX: i64 = 5 * 60_000;
/// Staff who let somebody wait before a break or the close had left so long before it, at most.
const LINGER_MS_MAX: i64 = 2 * 60_000;
/// So many calls tell of one counter; with fewer, the whole hall's do.
const CALLS_MIN: usize = 5;

#[derive(Default)]
pub(super) struct Shifts(BTreeMap<CounterNumber, Watched>);

struct Watched {
    counter: Counter,
    opened_at: Option<Timestamp>,
    /// Since when it has been free without calling.
    free_since: Option<Timestamp>,
    staff: Option<StaffId>,
    spells: Vec<Spell>,
    breaks: Vec<Break>,
    pressed_ms: Vec<i64>,
}

/// The citizens of the moment, as a counter sees them.
#[derive(Clone, Copy)]
struct Others<'a> {
    ways: &'a Ways,
    plan: &'a Plan,
    number: CounterNumber,
}

impl Others<'_> {
    /// Whether somebody waits for a service of the counter.
    fn wait(self) -> bool {
        let Some(counter) = self.plan.counter(self.number) else { return false };
        self.ways.waiting().any(|ticket| counter.services.contains(&ticket.service))
    }
}

impl Shifts {
    /// To be called before the ways have taken the event.
    pub fn take(&mut self, event: &Event, at: Timestamp, ways: &Ways, plan: &Plan) {
        let Some(number) = event.counter() else { return };
        let others = Others { ways, plan, number };
        self.0.entry(number).or_insert_with(|| Watched::closed(at)).take(event, at, others);
    }

    pub fn until(self, ended_at: Timestamp) -> Vec<Shift> {
        let mut counters_of: HashMap<StaffId, usize> = HashMap::new();
        for staff in self.0.values().filter_map(|watched| watched.staff.clone()) {
            *counters_of.entry(staff).or_default() += 1;
        }
        let all = self.0.values().flat_map(|watched| watched.pressed_ms.iter().copied());
        let usual_ms = median(all.collect()).unwrap_or(PRESS_MS);
        let shift = |(counter, mut watched): (CounterNumber, Watched)| {
            watched.close(ended_at);
            let seen = Some(watched.pressed_ms).filter(|pressed| pressed.len() >= CALLS_MIN);
            // Somebody who changed counters could not be signed in at both, should the first stay open longer.
            let staff = watched.staff.filter(|staff| counters_of.get(staff) == Some(&1));
            Shift {
                counter,
                staff,
                press_ms: seen.and_then(median).unwrap_or(usual_ms),
                spells: watched.spells,
                breaks: watched.breaks,
            }
        };
        self.0.into_iter().map(shift).filter(|shift| !shift.spells.is_empty()).collect()
    }
}

impl Watched {
    fn closed(at: Timestamp) -> Self {
        Self {
            counter: Counter::closed(at),
            opened_at: None,
            free_since: None,
            staff: None,
            spells: Vec::new(),
            breaks: Vec::new(),
            pressed_ms: Vec::new(),
        }
    }

    fn take(&mut self, event: &Event, at: Timestamp, others: Others<'_>) {
        let before = self.counter.state.clone();
        match event {
            Event::CounterOpened { staff, .. } => {
                self.staff = self.staff.take().or_else(|| staff.clone());
                if let CounterState::Paused { .. } = before {
                    self.end_break(at);
                }
                self.opened_at.get_or_insert(at);
            }
            Event::CounterPaused { reason, .. } if !matches!(before, CounterState::Paused { .. }) => {
                self.breaks.push(Break { at: self.left_at(at, others), lasts_ms: 0, reason: reason.clone() });
            }
            Event::CounterClosed { .. } => self.close(self.left_at(at, others)),
            Event::TicketCalled { ticket, reason, .. } => {
                if let (Some(free), Some(ticket), true) =
                    (self.free_since, others.ways.ticket(*ticket), is_by_order(reason))
                {
                    let ms = at.as_ms() - free.max(ticket.waits_from).as_ms();
                    self.pressed_ms.extend(Some(ms).filter(|ms| (0..=PRESS_MS_MAX).contains(ms)));
                }
            }
            _ => {}
        }
        event.act_on_counter(&mut self.counter, at);
        self.free_since = match self.counter.state {
            CounterState::Idle => self.free_since.or(Some(at)),
            _ => None,
        };
    }

    /// When staff who now pause or close turned away.
    fn left_at(&self, at: Timestamp, others: Others<'_>) -> Timestamp {
        let lingered = self.free_since.filter(|free| at.as_ms() - free.as_ms() <= LINGER_MS_MAX);
        lingered.filter(|_| others.wait()).unwrap_or(at)
    }

    fn end_break(&mut self, at: Timestamp) {
        if let Some(pause) = self.breaks.last_mut() {
            pause.lasts_ms = at.as_ms() - pause.at.as_ms();
        }
    }

    fn close(&mut self, at: Timestamp) {
        if let CounterState::Paused { .. } = self.counter.state {
            self.end_break(at);
        }
        if let Some(opens) = self.opened_at.take() {
            self.spells.push(Spell { opens, closes: at });
        }
    }
}

/// Whether the ticket was called because it was next, not because of somebody's choice or an empty line.
fn is_by_order(reason: &CallReason) -> bool {
    matches!(
        reason,
        CallReason::Arrival
            | CallReason::ClassCredit { .. }
            | CallReason::ClassFirst { .. }
            | CallReason::WaitLimit { .. }
            | CallReason::Ratio { .. }
    )
}
