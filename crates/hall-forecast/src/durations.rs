//! How long things take: seen, or taken from the plan where nothing was seen.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::f64::consts::TAU;
use std::sync::LazyLock;

use rand::{Rng, RngExt};

/// How far service times spread where only the plan's minutes are known: the standard deviation of their logarithm.
pub const PLAN_SPREAD: f64 = 0.5;
/// From a call until the citizen is at the counter, where only the plan's minutes are known.
pub const WALK_MS: u32 = 30_000;

/// So many of the latest durations of a kind are kept.
const LATEST_MAX: usize = 200;
/// So many are enough to go by, without the plan.
const ENOUGH: usize = 30;
/// How many seen durations the plan weighs as much as.
const PLAN_WEIGHT: usize = 40;
/// By what part of the time it has taken so far something goes on, on average, that has taken longer than ever before.
const OVERRUN: f64 = 0.25;

/// The latest durations of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Latest {
    by_age: VecDeque<u32>,
    by_size: Vec<u32>,
}

impl Latest {
    /// Takes in one more, and forgets the oldest.
    pub fn take(&mut self, ms: u32) {
        if self.by_age.len() == LATEST_MAX
            && let Some(oldest) = self.by_age.pop_front()
        {
            let place = self.by_size.partition_point(|seen| *seen < oldest);
            self.by_size.remove(place);
        }
        let place = self.by_size.partition_point(|seen| *seen < ms);
        self.by_size.insert(place, ms);
        self.by_age.push_back(ms);
    }

    pub fn is_enough(&self) -> bool {
        self.by_size.len() >= ENOUGH
    }

    /// What was seen, as durations to draw from.
    pub fn durations(&self) -> Durations<'_> {
        Durations(Cow::Borrowed(&self.by_size))
    }
}

/// Durations of which each is as likely as any other, in milliseconds, by size.
#[derive(Clone, Debug)]
pub(crate) struct Durations<'a>(Cow<'a, [u32]>);

impl Durations<'_> {
    /// What the plan's minutes mean, together with the few that were seen: a log-normal with that mean, after a walk.
    pub fn planned(expected_min: u32, seen: Option<&Latest>) -> Self {
        let mean_ms = f64::from(expected_min) * 60_000.0;
        let planned = LOG_NORMAL.iter().map(|factor| (factor * mean_ms) as u32 + WALK_MS);
        let mut all: Vec<u32> = planned.collect();
        if let Some(seen) = seen {
            all.extend(&seen.by_size);
            all.sort_unstable();
        }
        Self(Cow::Owned(all))
    }

    /// One of them; 0 when there are none.
    pub fn draw(&self, random: &mut impl Rng) -> u32 {
        if self.0.is_empty() { 0 } else { self.0[random.random_range(0..self.0.len())] }
    }

    /// What is known of one that has taken so long already.
    pub fn after(&self, elapsed_ms: u32) -> Rest {
        Rest { elapsed_ms, longer_from: self.0.partition_point(|ms| *ms <= elapsed_ms) }
    }

    /// How much longer that one takes.
    pub fn draw_rest(&self, rest: Rest, random: &mut impl Rng) -> u32 {
        if rest.longer_from < self.0.len() {
            self.0[random.random_range(rest.longer_from..self.0.len())] - rest.elapsed_ms
        } else {
            (exponential(random) * OVERRUN * f64::from(rest.elapsed_ms)) as u32
        }
    }
}

/// A duration of which some has passed: only the longer ones come into question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    elapsed_ms: u32,
    longer_from: usize,
}

/// A draw from the exponential distribution with mean 1.
pub(crate) fn exponential(random: &mut impl Rng) -> f64 {
    -(1.0 - random.random::<f64>()).ln()
}

/// The log-normal distribution with mean 1 and spread [`PLAN_SPREAD`], as so many equally likely values.
static LOG_NORMAL: LazyLock<[f64; PLAN_WEIGHT]> = LazyLock::new(|| {
    const STEP: f64 = 0.002;
    let (mut z, mut below) = (-6.0, 0.0);
    let mut values = std::array::from_fn(|i| {
        let quantile = (i as f64 + 0.5) / PLAN_WEIGHT as f64;
        while below < quantile {
            below += (-z * z / 2.0_f64).exp() / TAU.sqrt() * STEP;
            z += STEP;
        }
        (PLAN_SPREAD * z).exp()
    });
    let mean = values.iter().sum::<f64>() / PLAN_WEIGHT as f64;
    values.iter_mut().for_each(|value| *value /= mean);
    values
});

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn the_plan_gives_its_own_mean_and_spread() {
        let durations = Durations::planned(10, None);
        let service_ms: Vec<f64> = durations.0.iter().map(|ms| f64::from(ms - WALK_MS)).collect();
        let mean = service_ms.iter().sum::<f64>() / service_ms.len() as f64;
        assert!((mean - 600_000.0).abs() < 100.0, "{mean}");
        let logs: Vec<f64> = service_ms.iter().map(|ms| ms.ln()).collect();
        let mean_log = logs.iter().sum::<f64>() / logs.len() as f64;
        let spread =
            (logs.iter().map(|log| (log - mean_log).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
        assert!((spread - PLAN_SPREAD).abs() < 0.02, "{spread}");
        assert!(durations.0.is_sorted());
    }

    #[test]
    fn only_the_latest_are_kept() {
        let mut latest = Latest::default();
        (1..=LATEST_MAX as u32 + 50).rev().for_each(|ms| latest.take(ms));
        assert_eq!(*latest.by_size, (1..=LATEST_MAX as u32).collect::<Vec<_>>());
    }

    #[test]
    fn what_has_taken_long_already_is_one_of_the_long_ones() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut latest = Latest::default();
        [100, 200, 300, 400].iter().for_each(|ms| latest.take(*ms));
        let durations = latest.durations();
        let rests = |elapsed_ms, random: &mut Xoshiro256PlusPlus| {
            let rest = durations.after(elapsed_ms);
            let mut rests: Vec<u32> = (0..200).map(|_| durations.draw_rest(rest, random)).collect();
            rests.sort_unstable();
            rests.dedup();
            rests
        };
        assert_eq!(rests(0, &mut random), [100, 200, 300, 400]);
        assert_eq!(rests(200, &mut random), [100, 200]);
        assert_eq!(rests(399, &mut random), [1]);
        let overrun = rests(40_000, &mut random);
        let mean = overrun.iter().sum::<u32>() / overrun.len() as u32;
        assert!((8_000..12_500).contains(&mean), "{mean}");
    }
}
