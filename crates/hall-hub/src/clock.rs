//! Hall time: the system's clock plus an offset. It never runs backwards, whatever the system's clock does.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hall_core::Timestamp;

/// The clock of a hall; shared by everything that says what time it is.
pub(crate) struct Clock {
    offset_ms: i64,
    last_ms: AtomicI64,
}

impl Clock {
    /// A clock that starts at `wish`, or at the system's time without a wish, but never before `reached`, which the
    /// hall has seen already.
    pub fn starting(wish: Option<Timestamp>, reached: Option<Timestamp>) -> Self {
        Self::starting_at(system_ms(), wish, reached)
    }

    /// Hall time.
    pub fn now(&self) -> Timestamp {
        self.at(system_ms())
    }

    /// How far hall time is ahead of the system's; negative when it is behind.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms
    }

    fn starting_at(system_ms: i64, wish: Option<Timestamp>, reached: Option<Timestamp>) -> Self {
        let wish_ms = wish.map_or(system_ms, Timestamp::as_ms);
        let start_ms = reached.map_or(wish_ms, |reached| wish_ms.max(reached.as_ms()));
        Self { offset_ms: start_ms - system_ms, last_ms: AtomicI64::new(start_ms) }
    }

    fn at(&self, system_ms: i64) -> Timestamp {
        let now_ms = system_ms + self.offset_ms;
        Timestamp::from_ms(self.last_ms.fetch_max(now_ms, Ordering::Relaxed).max(now_ms))
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
            let clock = Clock::starting_at(1_000, wish, reached);
            assert_eq!(clock.at(1_000).as_ms(), start_ms, "{wish:?} {reached:?}");
            assert_eq!(clock.at(1_250).as_ms(), start_ms + 250, "it runs on");
        }
    }

    #[test]
    fn a_system_clock_set_back_does_not_set_the_hall_back() {
        let clock = Clock::starting_at(10_000, None, None);
        let given: Vec<i64> = [10_500, 9_000, 10_499, 10_501].map(|ms| clock.at(ms).as_ms()).into();
        assert_eq!(given, [10_500, 10_500, 10_500, 10_501]);
    }
}
