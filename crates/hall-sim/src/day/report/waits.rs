//! Waits in figures.

use serde::Serialize;

/// Of so many waits: minutes with one decimal. All 0 without a wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Waits {
    pub count: usize,
    pub mean_min: f64,
    pub p50_min: f64,
    pub p90_min: f64,
    pub max_min: f64,
}

impl Waits {
    /// Of waits in milliseconds, in any order.
    pub fn of(mut waits_ms: Vec<i64>) -> Self {
        waits_ms.sort_unstable();
        let count = waits_ms.len();
        // The nearest rank: so large a share of all waits are no longer.
        let at = |share: f64| {
            let rank = ((share * count as f64).ceil() as usize).clamp(1, count.max(1));
            waits_ms.get(rank - 1).copied().unwrap_or(0) as f64
        };
        let sum: i64 = waits_ms.iter().sum();
        Self {
            count,
            mean_min: minutes(sum as f64 / count.max(1) as f64),
            p50_min: minutes(at(0.5)),
            p90_min: minutes(at(0.9)),
            max_min: minutes(at(1.0)),
        }
    }
}

/// Milliseconds in minutes with one decimal.
pub(super) fn minutes(ms: f64) -> f64 {
    (ms / 6_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_were_waited() {
        let of = |minutes: &[i64]| Waits::of(minutes.iter().map(|minute| minute * 60_000).collect());
        assert_eq!(of(&[]), Waits::default());
        assert_eq!(of(&[7]), Waits { count: 1, mean_min: 7.0, p50_min: 7.0, p90_min: 7.0, max_min: 7.0 });
        assert_eq!(
            of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
            Waits { count: 10, mean_min: 5.5, p50_min: 5.0, p90_min: 9.0, max_min: 10.0 }
        );
    }
}
