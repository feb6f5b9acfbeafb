//! Which call is said next and how. Pure: no clock, no sound; `now` is an argument.

use crate::announcement::{Announcement, CallKey};
use crate::plan::Brevity;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// At most so many calls wait; one more drops the oldest.
pub const WAITING_MAX: usize = 16;

/// Why a call was not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// It waited longer than `stale_after_ms`.
    Stale,
    /// The same ticket was called again before this call's turn.
    Replaced,
    /// More than [`WAITING_MAX`] calls were waiting.
    Overflow,
    /// There is no working loudspeaker, or it was lost while speaking.
    NoDevice,
}

/// The calls waiting to be said.
#[derive(Debug)]
pub(crate) struct Queue {
    waiting: VecDeque<Waiting>,
    stale_after: Duration,
}

#[derive(Debug)]
struct Waiting {
    call: Announcement,
    received: Instant,
}

impl Waiting {
    fn age(&self, now: Instant) -> Duration {
        self.call.age + now.saturating_duration_since(self.received)
    }
}

/// What [`Queue::next`] found.
#[derive(Debug, Default)]
pub(crate) struct Next {
    /// The call to say now, its age, and how.
    pub say: Option<(Announcement, Duration, Brevity)>,
    /// Calls too old to be said.
    pub stale: Vec<CallKey>,
}

impl Queue {
    pub fn new(stale_after: Duration) -> Self {
        Self { waiting: VecDeque::with_capacity(WAITING_MAX), stale_after }
    }

    /// Takes a call in; gives back the one that goes for it. A recall takes the place of the waiting call of the
    /// same ticket, so that calling again does not send a ticket to the end.
    pub fn push(&mut self, call: Announcement, now: Instant) -> Option<(CallKey, DropReason)> {
        let new = Waiting { call, received: now };
        if let Some(old) = self.waiting.iter_mut().find(|old| old.call.number == new.call.number) {
            let replaced = std::mem::replace(old, new);
            return Some((replaced.call.key, DropReason::Replaced));
        }
        let dropped = if self.waiting.len() == WAITING_MAX { self.waiting.pop_front() } else { None };
        self.waiting.push_back(new);
        dropped.map(|old| (old.call.key, DropReason::Overflow))
    }

    /// The next call to say, and the ones whose time has passed.
    pub fn next(&mut self, now: Instant) -> Next {
        let mut next = Next::default();
        let stale_after = self.stale_after;
        self.waiting.retain(|waiting| {
            let stale = waiting.age(now) > stale_after;
            next.stale.extend(stale.then_some(waiting.call.key));
            !stale
        });
        next.say = self.waiting.pop_front().map(|first| {
            let age = first.age(now);
            (first.call, age, Brevity::for_waiting(self.waiting.len()))
        });
        next
    }

    /// Empties the queue: nothing can be said.
    pub fn drop_all(&mut self) -> Vec<CallKey> {
        self.waiting.drain(..).map(|waiting| waiting.call.key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hall {
        queue: Queue,
        start: Instant,
    }

    impl Hall {
        fn new() -> Self {
            Self { queue: Queue::new(Duration::from_secs(30)), start: Instant::now() }
        }

        fn at(&self, second: u64) -> Instant {
            self.start + Duration::from_secs(second)
        }

        fn call(&mut self, second: u64, key: u64, number: &str) -> Option<(u64, DropReason)> {
            let call = Announcement::new(key, number, 3, Duration::ZERO).unwrap();
            self.queue.push(call, self.at(second)).map(|(key, why)| (key.0, why))
        }

        fn next(&mut self, second: u64) -> (Option<(u64, Brevity)>, Vec<u64>) {
            let next = self.queue.next(self.at(second));
            let say = next.say.map(|(call, _, brevity)| (call.key.0, brevity));
            (say, next.stale.iter().map(|key| key.0).collect())
        }
    }

    #[test]
    fn one_after_another_in_order() {
        let mut hall = Hall::new();
        assert_eq!(hall.call(0, 1, "A001"), None);
        assert_eq!(hall.call(1, 2, "A002"), None);
        assert_eq!(hall.next(2), (Some((1, Brevity::Full)), vec![]));
        assert_eq!(hall.next(12), (Some((2, Brevity::Full)), vec![]));
        assert_eq!(hall.next(13), (None, vec![]));
    }

    #[test]
    fn shorter_the_more_wait() {
        let mut hall = Hall::new();
        for key in 1..=6 {
            hall.call(0, key, &format!("A{key:03}"));
        }
        let said: Vec<_> = (1..=6).map(|second| hall.next(second).0.unwrap()).collect();
        assert_eq!(
            said,
            [
                (1, Brevity::Terse),
                (2, Brevity::Terse),
                (3, Brevity::Once),
                (4, Brevity::Once),
                (5, Brevity::Full),
                (6, Brevity::Full),
            ]
        );
    }

    #[test]
    fn a_recall_replaces_and_keeps_the_place() {
        let mut hall = Hall::new();
        hall.call(0, 1, "A001");
        hall.call(0, 2, "A002");
        assert_eq!(hall.call(25, 3, "A001"), Some((1, DropReason::Replaced)));
        assert_eq!(hall.next(40), (Some((3, Brevity::Full)), vec![2]));
    }

    #[test]
    fn too_old_is_not_said() {
        let mut hall = Hall::new();
        hall.call(0, 1, "A001");
        hall.call(10, 2, "A002");
        assert_eq!(hall.next(31), (Some((2, Brevity::Full)), vec![1]));

        let handed_over_late = Announcement::new(3, "A003", 3, Duration::from_secs(29)).unwrap();
        hall.queue.push(handed_over_late, hall.at(40));
        assert_eq!(hall.next(42), (None, vec![3]));
    }

    #[test]
    fn a_full_queue_drops_the_oldest() {
        let mut hall = Hall::new();
        for key in 0..WAITING_MAX as u64 {
            assert_eq!(hall.call(0, key, &format!("A{key:03}")), None);
        }
        assert_eq!(hall.call(1, 99, "B001"), Some((0, DropReason::Overflow)));
        assert_eq!(hall.queue.drop_all().len(), WAITING_MAX);
    }

    /// Twenty calls a minute for an hour, one every three seconds to one-digit counters, each taking the time its
    /// brevity takes with the built-in Chinese pack.
    #[test]
    fn twenty_calls_a_minute_are_all_said() {
        let mut hall = Hall::new();
        let (mut now_ms, mut said, mut called) = (0, 0, 0);
        while said < 1200 {
            while called < 1200 && called * 3_000 <= now_ms {
                assert_eq!(hall.call(called * 3, called, &format!("A{called:04}")), None);
                called += 1;
            }
            let next = hall.queue.next(hall.start + Duration::from_millis(now_ms));
            assert!(next.stale.is_empty(), "stale after {now_ms} ms: {:?}", next.stale);
            said += u64::from(next.say.is_some());
            now_ms += match next.say {
                Some((_, _, Brevity::Full)) => 10_500,
                Some((_, _, Brevity::Once)) => 4_500,
                Some((_, _, Brevity::Terse)) => 2_900,
                None => 100,
            };
        }
    }
}
