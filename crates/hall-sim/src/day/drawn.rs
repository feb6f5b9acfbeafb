//! A day drawn by chance: the same plan, day and seed give the same day, and every citizen has a stream of their own.

mod chance;
mod citizen;
mod demand;
mod shifts;

use hall_core::{BusinessDay, Plan};

use super::scenario::Scenario;
use citizen::Citizens;
use demand::Demand;

/// Deviation of the logarithm of service times; their mean is the plan's `expected_min`.
pub const SERVICE_SIGMA: f64 = 0.5;

impl Scenario {
    /// A day of `visitors` citizens, with staff at every counter of the plan. Nobody comes on a day off.
    pub fn drawn(plan: &Plan, day: BusinessDay, visitors: usize, seed: u64) -> Self {
        let demand = Demand::on(plan, day);
        let mut citizens = Citizens::new(plan, day, &demand, seed);
        let mut visits: Vec<_> = (0..visitors).filter_map(|index| citizens.draw(index)).collect();
        visits.sort_by_key(|visit| visit.at);
        Self { day, visits, shifts: shifts::drawn(plan, day, &demand, seed), profiles: Vec::new() }
    }
}
