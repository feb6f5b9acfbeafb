//! Hall time: the system's clock plus an offset. It never runs backwards and never stands still: when the system's
//! clock is set back, the hall runs on at its own pace.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hall_core::Timestamp;

/// Hall time that is less far from the system's than this counts as the system's.
const FOLLOWS_WITHIN_MS: i64 = 1_000;

/// The clock of a hall; shared by everything that says what time it is.
pub(crate) struct Clock {
    began: Instant,
    pace: Pace,
}

impl Clock {
    /// A clock that starts at `wish`, or at the system's time without a wish, but never before `reached`, which the
    /// hall has seen already.
    pub fn starting(wish: Option<Timestamp>, reached: Option<Timestamp>) -> Self {
        let began = Instant::now();
        Self { began, pace: Pace::starting(system_ms(), wish, reached) }
    }

    /// Hall time.
    pub fn now(&self) -> Timestamp {
        // Read in this order: a pause between the two must not put the hall ahead.
        let system_ms = system_ms();
        self.pace.at(system_ms, self.began.elapsed().as_millis() as i64)
    }

    /// How far hall time is ahead of the system's, negative when it is behind; 0 while it is the system's.
    pub fn offset_ms(&self) -> i64 {
        let system_ms = system_ms();
        match self.now().as_ms() - system_ms {
            near if near.abs() < FOLLOWS_WITHIN_MS => 0,
            offset_ms => offset_ms,
        }
    }
}

/// Hall time from what the two clocks show. The running clock counts from the start and cannot be set.
struct Pace {
    /// Hall time minus system time, as started.
    offset_ms: i64,
    /// Hall time minus running time: the most that the system's clock ever asked for.
    lead_ms: AtomicI64,
}

impl Pace {
    fn starting(system_ms: i64, wish: Option<Timestamp>, reached: Option<Timestamp>) -> Self {
        let wish_ms = wish.map_or(system_ms, Timestamp::as_ms);
        let start_ms = reached.map_or(wish_ms, |reached| wish_ms.max(reached.as_ms()));
        Self { offset_ms: start_ms - system_ms, lead_ms: AtomicI64::new(start_ms) }
    }

    fn at(&self, system_ms: i64, running_ms: i64) -> Timestamp {
        let lead_ms = system_ms + self.offset_ms - running_ms;
        let lead_ms = self.lead_ms.fetch_max(lead_ms, Ordering::Relaxed).max(lead_ms);
        Timestamp::from_ms(lead_ms + running_ms)
    }
}

fn system_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hall_starts_at_the_latest_of_wish_and_journal() {
        let at = |ms| Some(Timestamp::from_ms(ms));
        for (wish, reached, start_ms) in [
            (None, None, 1_000),
            (None, at(400), 1_000),
            (None, at(7_000), 7_000),
            (at(300), None, 300),
            (at(300), at(400), 400),
            (at(5_000), at(400), 5_000),
        ] {
            let pace = Pace::starting(1_000, wish, reached);
            assert_eq!(pace.at(1_000, 0).as_ms(), start_ms, "{wish:?} {reached:?}");
            assert_eq!(pace.at(1_250, 250).as_ms(), start_ms + 250, "it runs on");
        }
    }

    #[test]
    fn whatever_the_system_clock_does_the_hall_runs_on() {
        for offset_ms in [0, 700_000] {
            let pace = Pace::starting(10_000, Some(Timestamp::from_ms(10_000 + offset_ms)), None);
            for (system_ms, running_ms, expect_ms, what) in [
                (10_500, 500, 10_500, "both clocks run"),
                (4_600, 600, 10_600, "set back by 6 s: it runs on"),
                (5_000, 1_000, 11_000, "and goes on running"),
                (10_900, 1_100, 11_100, "set forward, but not yet to where the hall is"),
                (20_000, 1_200, 20_000, "set forward beyond it: the hall follows"),
                (11_300, 1_300, 20_100, "set right again: it runs on from there"),
                (20_000, 10_000, 28_800, "and does not wait for the system's clock"),
            ] {
                assert_eq!(pace.at(system_ms, running_ms).as_ms(), expect_ms + offset_ms, "{what}");
            }
        }
    }
}
