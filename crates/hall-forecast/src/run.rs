//! One group run forward: whichever counter is free first calls as the hall would, until everybody has been called.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hall_core::discipline::{Choice, Entry, Ground, Line, Offer, choose};
use hall_core::plan::HelpWhen;
use hall_core::{TicketId, Timestamp};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use crate::durations::exponential;
use crate::floor::Floor;
use crate::group::{Group, Waiter};

/// So far a run goes; who has not been called by then is called [`NEVER`].
pub(crate) const HORIZON_MS: u32 = 12 * 3_600_000;
/// The wait of somebody who is not called within the horizon.
pub(crate) const NEVER: u32 = u32::MAX;

/// The runs of one group; buffers are kept from one to the next. Times are in milliseconds from `now`.
pub(crate) struct Run<'a> {
    floor: &'a Floor<'a>,
    group: &'a Group,
    now: Timestamp,
    lines: Vec<Line>,
    turns: Vec<u32>,
    /// Until when each counter is busy.
    busy_until: Vec<u32>,
    /// Whether each counter has found nobody to call, and waits for somebody.
    idle: Vec<bool>,
    /// When which counter looks whom to call.
    agenda: BinaryHeap<Reverse<(u32, u16)>>,
    /// Those who wait, the newcomers, and who came since.
    waiters: Vec<Waiter>,
    next_comes_at: u32,
    /// How many are still to be called of those whose wait is asked for.
    left: usize,
}

impl<'a> Run<'a> {
    pub fn new(floor: &'a Floor<'a>, group: &'a Group, now: Timestamp) -> Self {
        let counters = group.counters.len();
        Self {
            floor,
            group,
            now,
            lines: group.lines.clone(),
            turns: vec![0; counters],
            busy_until: vec![0; counters],
            idle: vec![false; counters],
            agenda: BinaryHeap::with_capacity(2 * counters),
            waiters: group.waiters.clone(),
            next_comes_at: NEVER,
            left: 0,
        }
    }

    /// Runs forward once, and says of each waiter when they were called and how long that call took the counter.
    pub fn forward(&mut self, random: &mut Xoshiro256PlusPlus, mut called: impl FnMut(usize, u32, u32)) {
        self.begin(random);
        while self.left > 0 {
            let next_call = self.agenda.peek().map_or(NEVER, |Reverse((at, _))| *at);
            if next_call.min(self.next_comes_at) > HORIZON_MS {
                return;
            }
            if self.next_comes_at < next_call {
                self.somebody_comes(random);
            } else if let Some(Reverse((at, counter))) = self.agenda.pop()
                && at >= self.busy_until[usize::from(counter)]
            {
                self.call(at, counter, random, &mut called);
            }
        }
    }

    fn begin(&mut self, random: &mut Xoshiro256PlusPlus) {
        self.lines.clone_from(&self.group.lines);
        self.waiters.truncate(self.group.waiters.len());
        self.left = self.waiters.len();
        self.agenda.clear();
        // One reaction for all counters that are free now: staff do not race each other.
        let reaction = self.floor.reactions.draw(random);
        for (place, counter) in self.group.counters.iter().enumerate() {
            let at = match counter.busy {
                Some(busy) => {
                    let rest = self.floor.call_times[busy.service].draw_rest(busy.rest, random);
                    rest.saturating_add(self.reaction(place, random))
                }
                None if counter.auto_call => 0,
                None => reaction,
            };
            self.turns[place] = counter.turn;
            self.busy_until[place] = at;
            self.idle[place] = false;
            self.agenda.push(Reverse((at, place as u16)));
        }
        self.next_comes_at = self.after_a_gap(0, random);
    }

    fn reaction(&self, counter: usize, random: &mut Xoshiro256PlusPlus) -> u32 {
        if self.group.counters[counter].auto_call { 0 } else { self.floor.reactions.draw(random) }
    }

    fn after_a_gap(&self, at: u32, random: &mut Xoshiro256PlusPlus) -> u32 {
        if self.group.comers.is_empty() {
            return NEVER;
        }
        let mean_ms = self.floor.lately_ms as f64 / self.group.comers.len() as f64;
        at.saturating_add((exponential(random) * mean_ms) as u32)
    }

    /// Somebody like one of those who came lately joins the same line, with the same head start.
    fn somebody_comes(&mut self, random: &mut Xoshiro256PlusPlus) {
        let at = self.next_comes_at;
        self.next_comes_at = self.after_a_gap(at, random);
        let comers = &self.group.comers;
        let like = comers[random.random_range(0..comers.len())];
        let now = self.now.plus_ms(at.into());
        let (line, standing) =
            (usize::from(like.line), like.standing.later_ms(now.as_ms() - like.at.as_ms()));
        let is_latecomer = self.group.last.is_none_or(|last| standing >= last);
        if now >= like.until || is_latecomer && !self.group.latecomers_matter[line] {
            return;
        }
        let entry = Entry {
            standing,
            ticket: TicketId(self.waiters.len() as u64),
            waits_from: now,
            priority: like.priority,
        };
        self.waiters.push(Waiter { entry, line: like.line, service: self.group.services[line] });
        self.lines[line].join(entry);
        for caller in &self.group.callers[line] {
            if self.idle[usize::from(*caller)] {
                let reaction = self.reaction(usize::from(*caller), random);
                self.agenda.push(Reverse((at + reaction, *caller)));
            }
        }
    }

    /// A free counter calls whom the hall would have it call. Newcomers take none of its time, so that they do not
    /// stand in each other's way.
    fn call(
        &mut self,
        at: u32,
        counter: u16,
        random: &mut Xoshiro256PlusPlus,
        called: &mut impl FnMut(usize, u32, u32),
    ) {
        let place = usize::from(counter);
        let (waiting, newcomers) = (self.group.tickets.len(), self.group.waiters.len());
        self.idle[place] = false;
        loop {
            let Some(choice) = self.choose(at, place) else {
                self.idle[place] = true;
                return self.look_again(at, counter);
            };
            let who = choice.ticket.0 as usize;
            let waiter = self.waiters[who];
            self.lines[usize::from(waiter.line)].leave(waiter.entry);
            self.wake_helpers(at, waiter.line);
            let takes_ms = self.floor.call_times[waiter.service].draw(random);
            if who < newcomers {
                called(who, at, takes_ms);
                self.left -= 1;
            }
            if (waiting..newcomers).contains(&who) {
                continue;
            }
            if let Ground::Ratio { turn, .. } = choice.ground {
                self.turns[place] = turn;
            }
            self.busy_until[place] = at.saturating_add(takes_ms).saturating_add(self.reaction(place, random));
            return self.agenda.push(Reverse((self.busy_until[place], counter)));
        }
    }

    fn choose(&self, at: u32, place: usize) -> Option<Choice> {
        let counter = &self.group.counters[place];
        let offer = |line: u16| {
            let line = usize::from(line);
            let offer = Offer { line: &self.lines[line], wait_limit_min: self.group.limits_min[line] };
            (!offer.line.is_empty()).then_some(offer)
        };
        let own = counter.own.iter().filter_map(|line| offer(*line));
        let helps = counter.helps.iter().filter_map(|(line, when)| Some((offer(*line)?, *when)));
        choose(self.floor.rule, self.turns[place], own, helps, self.now.plus_ms(at.into()))
    }

    /// A counter that has found nobody looks again once it may help somebody who waits.
    fn look_again(&mut self, at: u32, counter: u16) {
        let helps = self.group.counters[usize::from(counter)].helps.iter();
        let over = helps.filter_map(|(line, when)| match when {
            HelpWhen::OwnEmpty => None,
            HelpWhen::WaitedOverMin(minutes) => {
                let head = self.lines[usize::from(*line)].head()?;
                let may_help = head.waits_from.plus_ms(i64::from(*minutes) * 60_000 + 1);
                u32::try_from(may_help.as_ms() - self.now.as_ms()).ok()
            }
        });
        if let Some(may_help_at) = over.min() {
            self.agenda.push(Reverse((may_help_at.max(at), counter)));
        }
    }

    /// Somebody else is next in a line: idle counters may help them sooner.
    fn wake_helpers(&mut self, at: u32, line: u16) {
        if self.lines[usize::from(line)].is_empty() {
            return;
        }
        for caller in &self.group.callers[usize::from(line)] {
            if self.idle[usize::from(*caller)] {
                self.agenda.push(Reverse((at, *caller)));
            }
        }
    }
}
