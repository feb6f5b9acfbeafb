//! Who is called next. One number orders everything: a ticket's standing. The hall and its forecast choose by the same code.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::plan::{CallRule, Credit, HelpWhen, Ratio};
use crate::{Ticket, TicketId, Timestamp};

/// The moment a ticket counts as having arrived, in milliseconds since 1970; the smallest is called first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standing(i64);

impl Standing {
    /// Of somebody who counts as having arrived just then.
    pub fn at(moment: Timestamp) -> Self {
        Self(moment.as_ms())
    }

    /// A walk-in's: issued time less the credit of its class. "Always first" is before everybody, and among its own
    /// kind still by arrival.
    pub fn walk_in(issued_at: Timestamp, credit: Credit) -> Self {
        match credit {
            Credit::Minutes(minutes) => Self::at(issued_at).later_ms(-i64::from(minutes) * 60_000),
            Credit::First => Self::at(issued_at).later_ms(-(i64::MAX / 2)),
        }
    }

    /// The same, so much later.
    pub fn later_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Whether it is in the past: an appointment's may lie ahead.
    fn is_due(self, now: Timestamp) -> bool {
        self.0 <= now.as_ms()
    }
}

/// The tickets waiting for the same, in the order of their calling.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    ordinary: BTreeSet<Entry>,
    priority: BTreeSet<Entry>,
    by_wait: BTreeSet<(Timestamp, TicketId)>,
}

/// A ticket in a line. Ties of standing go to the earlier ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub standing: Standing,
    pub ticket: TicketId,
    /// From when its wait counts.
    pub waits_from: Timestamp,
    /// Which kind the ratio rule counts it as.
    pub priority: bool,
}

impl Entry {
    /// The entry of a waiting ticket.
    pub fn of(ticket: &Ticket) -> Self {
        Self {
            standing: ticket.standing,
            ticket: ticket.id,
            waits_from: ticket.waits_from,
            priority: ticket.priority,
        }
    }

    fn has_waited_over(&self, minutes: u32, now: Timestamp) -> bool {
        now.as_ms() - self.waits_from.as_ms() > i64::from(minutes) * 60_000
    }

    fn waited_min(&self, now: Timestamp) -> u32 {
        ((now.as_ms() - self.waits_from.as_ms()).max(0) / 60_000) as u32
    }
}

impl Line {
    /// Takes a ticket in.
    ///
    /// # Panics
    /// When it waits here already.
    pub fn join(&mut self, entry: Entry) {
        let new = self.lane_mut(entry.priority).insert(entry);
        assert!(
            new && self.by_wait.insert((entry.waits_from, entry.ticket)),
            "ticket {} waits twice",
            entry.ticket
        );
    }

    /// Lets a ticket go.
    ///
    /// # Panics
    /// When it does not wait here.
    pub fn leave(&mut self, entry: Entry) {
        let was_here = self.lane_mut(entry.priority).remove(&entry);
        let waited = self.by_wait.remove(&(entry.waits_from, entry.ticket));
        assert!(was_here && waited, "ticket {} was not waiting", entry.ticket);
    }

    /// How many are called before someone with this standing. Counted from the back, where newcomers mostly are.
    pub fn ahead(&self, standing: Standing, ticket: TicketId) -> u32 {
        let place = Entry { standing, ticket, waits_from: Timestamp::from_ms(0), priority: false };
        let after: usize = self.lanes().iter().map(|lane| lane.range(place..).count()).sum();
        (self.len() - after) as u32
    }

    pub fn len(&self) -> usize {
        self.by_wait.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_wait.is_empty()
    }

    /// Everybody, by standing.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        let (mut ordinary, mut priority) = (self.ordinary.iter().peekable(), self.priority.iter().peekable());
        std::iter::from_fn(move || match (ordinary.peek(), priority.peek()) {
            (Some(one), Some(other)) if one < other => ordinary.next(),
            (_, Some(_)) => priority.next(),
            _ => ordinary.next(),
        })
    }

    /// Whoever has the smallest standing.
    pub fn head(&self) -> Option<&Entry> {
        self.lanes().into_iter().filter_map(BTreeSet::first).min()
    }

    /// Of those who have waited longer than `limit_min`, the one with the smallest standing.
    fn overdue(&self, limit_min: Option<u32>, now: Timestamp) -> Option<(&Entry, u32)> {
        let limit_min = limit_min?;
        let (longest_from, ticket) = *self.by_wait.first()?;
        let standing = Standing::at(longest_from);
        let longest = Entry { standing, ticket, waits_from: longest_from, priority: false };
        if !longest.has_waited_over(limit_min, now) {
            return None;
        }
        let entry = self.iter().find(|entry| entry.has_waited_over(limit_min, now))?;
        entry.standing.is_due(now).then_some((entry, limit_min))
    }

    fn lanes(&self) -> [&BTreeSet<Entry>; 2] {
        [&self.ordinary, &self.priority]
    }

    fn lane_mut(&mut self, priority: bool) -> &mut BTreeSet<Entry> {
        if priority { &mut self.priority } else { &mut self.ordinary }
    }
}

/// A line a counter may call from.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub line: &'a Line,
    /// After how long a wait its tickets go before others.
    pub wait_limit_min: Option<u32>,
}

/// The next ticket, and on what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub ticket: TicketId,
    pub ground: Ground,
}

/// Why a ticket and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The smallest standing among the counter's own.
    Standing,
    /// The smallest standing of the kind whose turn it is, where both kinds wait; `turn` is the counter's next.
    Ratio { priority: bool, rule: Ratio, turn: u32 },
    /// It has waited longer than its service allows.
    WaitLimit { limit_min: u32, waited_min: u32 },
    /// The counter has nobody of its own.
    Help { when: HelpWhen },
    /// Its time has not come, but the counter has nobody else.
    NotDue,
}

/// The next ticket for a counter: whoever has waited too long, then its own, then those it helps, and then those whose
/// time has not come yet. `turn` is how far the counter is in its round of the ratio rule.
pub fn choose<'a>(
    rule: CallRule,
    turn: u32,
    own: impl Iterator<Item = Offer<'a>> + Clone,
    helps: impl Iterator<Item = (Offer<'a>, HelpWhen)> + Clone,
    now: Timestamp,
) -> Option<Choice> {
    let own_next = next_own(rule, turn, own.clone(), now);
    let helped = helps.filter(|(offer, when)| match when {
        HelpWhen::OwnEmpty => own_next.is_none(),
        HelpWhen::WaitedOverMin(minutes) => {
            offer.line.head().is_some_and(|head| head.has_waited_over(*minutes, now))
        }
    });
    let eligible = own.clone().chain(helped.clone().map(|(offer, _)| offer));
    let overdue = eligible.filter_map(|offer| offer.line.overdue(offer.wait_limit_min, now)).min();
    if let Some((entry, limit_min)) = overdue {
        let ground = Ground::WaitLimit { limit_min, waited_min: entry.waited_min(now) };
        return Some(Choice { ticket: entry.ticket, ground });
    }
    let help = |due: bool| {
        let heads = helped.clone().filter_map(|(offer, when)| Some((offer.line.head()?, when)));
        let next =
            heads.filter(|(head, _)| head.standing.is_due(now) == due).min_by_key(|(head, _)| *head)?;
        Some(Choice { ticket: next.0.ticket, ground: Ground::Help { when: next.1 } })
    };
    let early = || {
        let next = own.clone().filter_map(|offer| offer.line.head()).min()?;
        Some(Choice { ticket: next.ticket, ground: Ground::NotDue })
    };
    own_next.or_else(|| help(true)).or_else(early).or_else(|| help(false))
}

fn next_own<'a>(
    rule: CallRule,
    turn: u32,
    own: impl Iterator<Item = Offer<'a>> + Clone,
    now: Timestamp,
) -> Option<Choice> {
    let next = |lane: fn(&Line) -> &BTreeSet<Entry>| {
        let heads = own.clone().filter_map(|offer| lane(offer.line).first());
        heads.min().filter(|head| head.standing.is_due(now))
    };
    let (ordinary, priority) = (next(|line| &line.ordinary), next(|line| &line.priority));
    let (entry, ground) = match (rule, ordinary, priority) {
        (CallRule::Ratio(rule), Some(ordinary), Some(priority)) => {
            let round = rule.priority + rule.ordinary;
            let is_priority = turn % round < rule.priority;
            let ground = Ground::Ratio { priority: is_priority, rule, turn: (turn + 1) % round };
            (if is_priority { priority } else { ordinary }, ground)
        }
        _ => (ordinary.into_iter().chain(priority).min()?, Ground::Standing),
    };
    Some(Choice { ticket: entry.ticket, ground })
}
