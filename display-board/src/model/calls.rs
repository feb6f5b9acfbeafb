//! The calls a board remembers: each is news exactly once, whatever happened to the connection.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hall_api::{Call, View};
use hall_core::{BusinessDay, CounterNumber};

/// How long a new call stands out.
const HIGHLIGHT: Duration = Duration::from_secs(10);
/// Somebody called longer ago has come or was missed; such a call, learnt of after an absence, is only listed.
const NEWS_MAX_AGE: Duration = Duration::from_secs(60);

/// Calls of the day at the counters of this board, newest first. It keeps its own list, since the hub's is of the
/// whole hall and a busy zone would push out the calls of a quiet one.
#[derive(Debug, Default)]
pub struct RecentCalls {
    calls: VecDeque<RecentCall>,
    day: Option<BusinessDay>,
    /// Every call up to this record has been taken in; `None` before the first snapshot.
    seen_seq: Option<u64>,
}

/// A call and how long it stands out.
#[derive(Debug)]
pub struct RecentCall {
    pub call: Call,
    fresh_until: Option<Instant>,
}

impl RecentCall {
    /// Whether it stands out at `now`.
    pub fn is_fresh(&self, now: Instant) -> bool {
        self.fresh_until.is_some_and(|until| now < until)
    }
}

impl RecentCalls {
    /// Takes in the calls of `view` at the counters that are `mine`. Returns those that are news, oldest first: none
    /// of the first view, which is history, and none of a hub that has begun another journal.
    pub fn take(
        &mut self,
        view: &View,
        mine: impl Fn(CounterNumber) -> bool,
        age: impl Fn(&Call) -> Duration,
        at: Instant,
    ) -> Vec<Call> {
        let day = view.day.map(|day| day.date);
        let seen_seq = self.seen_seq.filter(|seen| *seen <= view.seq);
        if seen_seq.is_none() || day != self.day {
            self.calls.clear();
        }
        self.day = day;
        self.seen_seq = Some(view.seq);
        let unseen = view.calls.iter().rev().filter(|call| call.seq > seen_seq.unwrap_or(0));
        let mut news = Vec::new();
        for call in unseen {
            // Called again, wherever: the citizen is no longer wanted where they were.
            self.calls.retain(|known| known.call.ticket != call.ticket);
            if !mine(call.counter) {
                continue;
            }
            let is_news = seen_seq.is_some();
            let fresh_until = (is_news && age(call) < NEWS_MAX_AGE).then(|| at + HIGHLIGHT);
            self.calls.push_front(RecentCall { call: call.clone(), fresh_until });
            if is_news {
                news.push(call.clone());
            }
        }
        self.calls.truncate(View::CALLS_MAX);
        news
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &RecentCall> {
        self.calls.iter()
    }
}
