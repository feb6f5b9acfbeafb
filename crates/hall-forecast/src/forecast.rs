//! The forecast of a hall: many runs forward, and what nine of ten of them say.

use std::collections::HashMap;

use hall_core::{Hall, ServiceId, TicketId, Timestamp};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use crate::History;
use crate::floor::Floor;
use crate::group::Group;
use crate::run::{NEVER, Run};

/// How the forecast is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runs {
    /// How often the hall is run forward, at least 1; from 9 on an interval can hold nine of ten.
    pub samples: u32,
    /// The same seed gives the same forecast of the same hall.
    pub seed: u64,
}

/// A wait until the call, in milliseconds from the moment of the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// As likely shorter as longer.
    pub p50_ms: i64,
    /// Nine of ten are shorter.
    pub p90_ms: i64,
}

/// What somebody of the ordinary class who takes a number now has before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub wait: Estimate,
    /// Nine of ten are done by then, call, service and all: what the closing promise asks.
    pub ends_p90_ms: i64,
}

/// How long everybody will probably wait. Who could be told nothing honest is not in it: no counter that calls for
/// them is open, or more than one of ten runs did not come to them within twelve hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    at: Timestamp,
    newcomers: HashMap<ServiceId, Newcomer>,
    tickets: HashMap<TicketId, Estimate>,
}

impl Forecast {
    /// The moment it was made for.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What a newcomer for a service has before them.
    pub fn newcomer(&self, service: &ServiceId) -> Option<Newcomer> {
        self.newcomers.get(service).copied()
    }

    /// How long a ticket will still wait that waited at that moment.
    pub fn ticket(&self, ticket: TicketId) -> Option<Estimate> {
        self.tickets.get(&ticket).copied()
    }

    /// All services about which something can be said, in no order.
    pub fn newcomers(&self) -> impl Iterator<Item = (&ServiceId, Newcomer)> {
        self.newcomers.iter().map(|(service, newcomer)| (service, *newcomer))
    }

    /// All waiting tickets about which something can be said, in no order.
    pub fn tickets(&self) -> impl Iterator<Item = (TicketId, Estimate)> {
        self.tickets.iter().map(|(ticket, estimate)| (*ticket, *estimate))
    }
}

/// How long the wait will be, if the counters that are open now stay open and calls keep them as long as `history`
/// or the plan says.
pub fn forecast(hall: &Hall, history: &History, now: Timestamp, runs: Runs) -> Forecast {
    let mut forecast = Forecast { at: now, newcomers: HashMap::new(), tickets: HashMap::new() };
    let Some(plan) = hall.plan() else { return forecast };
    let floor = Floor::of(hall, plan, history, now);
    let mut outcome = Outcome::new(runs.samples.max(1) as usize);
    for (place, group) in floor.groups.iter().enumerate() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(runs.seed.wrapping_add(place as u64));
        outcome.clear(group);
        if group.is_at_leisure() {
            outcome.call_at_once(&floor, group, &mut random);
        } else {
            outcome.run_forward(&floor, group, now, &mut random);
        }
        for (waiter, ticket) in group.tickets.iter().enumerate() {
            forecast.tickets.extend(outcome.estimate(waiter).map(|estimate| (*ticket, estimate)));
        }
        for (newcomer, service) in group.services.iter().enumerate() {
            let newcomer = outcome.newcomer(group, newcomer);
            forecast.newcomers.extend(newcomer.map(|it| (plan.services[*service].id.clone(), it)));
        }
    }
    forecast
}

/// What came of the runs of one group: of each waiter, and of each newcomer's end, one figure for every run.
struct Outcome {
    samples: usize,
    waits_ms: Vec<u32>,
    ends_ms: Vec<u32>,
}

impl Outcome {
    fn new(samples: usize) -> Self {
        Self { samples, waits_ms: Vec::new(), ends_ms: Vec::new() }
    }

    fn clear(&mut self, group: &Group) {
        for (figures, of) in
            [(&mut self.waits_ms, group.waiters.len()), (&mut self.ends_ms, group.services.len())]
        {
            figures.clear();
            figures.resize(of * self.samples, NEVER);
        }
    }

    fn run_forward(
        &mut self,
        floor: &Floor<'_>,
        group: &Group,
        now: Timestamp,
        random: &mut Xoshiro256PlusPlus,
    ) {
        let mut run = Run::new(floor, group, now);
        for sample in 0..self.samples {
            run.forward(random, |waiter, at, takes_ms| self.note(group, waiter, sample, at, takes_ms));
        }
    }

    fn call_at_once(&mut self, floor: &Floor<'_>, group: &Group, random: &mut Xoshiro256PlusPlus) {
        for (newcomer, service) in group.services.iter().enumerate() {
            let calls_by_itself = group.free_for(newcomer).any(|counter| counter.auto_call);
            for sample in 0..self.samples {
                let at = if calls_by_itself { 0 } else { floor.reactions.draw(random) };
                self.note(group, newcomer, sample, at, floor.call_times[*service].draw(random));
            }
        }
    }

    fn note(&mut self, group: &Group, waiter: usize, sample: usize, at: u32, takes_ms: u32) {
        self.waits_ms[waiter * self.samples + sample] = at;
        if let Some(newcomer) = waiter.checked_sub(group.tickets.len()) {
            self.ends_ms[newcomer * self.samples + sample] = at.saturating_add(takes_ms);
        }
    }

    fn estimate(&mut self, waiter: usize) -> Option<Estimate> {
        let waits_ms = &mut self.waits_ms[waiter * self.samples..][..self.samples];
        let p90_ms = longest_of(waits_ms, 0.9)?;
        Some(Estimate { p50_ms: longest_of(waits_ms, 0.5)?, p90_ms })
    }

    fn newcomer(&mut self, group: &Group, newcomer: usize) -> Option<Newcomer> {
        let wait = self.estimate(group.tickets.len() + newcomer)?;
        let ends_p90_ms = longest_of(&mut self.ends_ms[newcomer * self.samples..][..self.samples], 0.9)?;
        Some(Newcomer { wait, ends_p90_ms })
    }
}

/// What the next draw is below with the probability `share`, as far as so many draws can tell: with one more draw all
/// would be equally likely to be anywhere in their order.
fn longest_of(draws_ms: &mut [u32], share: f64) -> Option<i64> {
    let rank = (share * (draws_ms.len() + 1) as f64).ceil() as usize;
    let (_, ms, _) = draws_ms.select_nth_unstable(rank.clamp(1, draws_ms.len()) - 1);
    (*ms != NEVER).then_some((*ms).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranks_hold_what_they_promise() {
        // (draws, rank that is to hold half, rank that is to hold nine of ten)
        for (draws, half, nine_of_ten) in
            [(1, 1, 1), (9, 5, 9), (10, 6, 10), (19, 10, 18), (49, 25, 45), (99, 50, 90)]
        {
            let mut ms: Vec<u32> = (1..=draws).rev().collect();
            assert_eq!(longest_of(&mut ms, 0.5), Some(half), "half of {draws}");
            assert_eq!(longest_of(&mut ms, 0.9), Some(nine_of_ten), "nine of ten of {draws}");
        }
        assert_eq!(longest_of(&mut [5, NEVER], 0.9), None);
    }
}
