//! Chance: a stream of its own for every person, so that nobody's luck hangs on anybody else's.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// Whose stream it is.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Citizen(usize),
    Counter(usize),
}

pub(super) struct Chance(StdRng);

impl Chance {
    /// The same seed and person give the same stream.
    pub fn of(seed: u64, whose: Whose) -> Self {
        let person = match whose {
            Whose::Citizen(index) => 2 * index as u64,
            Whose::Counter(index) => 2 * index as u64 + 1,
        };
        Self(StdRng::seed_from_u64(mixed(mixed(seed) ^ person)))
    }

    /// True in such a share of cases.
    pub fn happens(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// Evenly from 0 to 1, 1 exclusive.
    pub fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// Evenly between two lengths, in milliseconds for seconds.
    pub fn seconds_ms(&mut self, from_s: u32, to_s: u32) -> i64 {
        self.0.random_range(i64::from(from_s) * 1_000..=i64::from(to_s.max(from_s)) * 1_000)
    }

    /// Log-normal around `mean`; `sigma` is the deviation of the logarithm.
    pub fn log_normal(&mut self, mean: f64, sigma: f64) -> f64 {
        // Box and Muller; 1 - u keeps the logarithm finite.
        let (u, v) = (1.0 - self.share(), self.share());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        (mean.ln() - sigma * sigma / 2.0 + sigma * normal).exp()
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.choose(&mut self.0)
    }

    /// One of the indices of `weights`, in their proportion; none when they are all 0.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let mut left = self.share() * weights.iter().sum::<f64>();
        let last = weights.iter().rposition(|weight| *weight > 0.0)?;
        for (i, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 && *weight > 0.0 {
                return Some(i);
            }
        }
        Some(last)
    }
}

/// One step of SplitMix64: neighbouring seeds come out unlike each other.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_normal_times_have_the_mean_they_should() {
        let mut chance = Chance::of(1, Whose::Citizen(0));
        let mean = (0..20_000).map(|_| chance.log_normal(12.0, 0.5)).sum::<f64>() / 20_000.0;
        assert!((11.7..12.3).contains(&mean), "{mean}");
    }

    #[test]
    fn weights_are_kept_to() {
        let mut chance = Chance::of(1, Whose::Counter(0));
        let mut counts = [0; 4];
        for _ in 0..10_000 {
            counts[chance.weighted(&[1.0, 0.0, 3.0, 0.0]).unwrap()] += 1;
        }
        assert_eq!((counts[1], counts[3]), (0, 0));
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
        assert_eq!(chance.weighted(&[0.0, 0.0]), None);
    }
}
