//! Whole business days of citizens and staff: drawn or recorded, carried out on the rules themselves, and measured.

pub mod compare;
mod drawn;
mod foresight;
mod players;
mod recorded;
pub mod report;
pub mod rules;
mod run;
mod scenario;

use std::sync::Arc;

use hall_core::{BusinessDay, Plan, Rejection};

pub use drawn::SERVICE_SIGMA;
pub use players::{Ask, Players, Who};
pub use recorded::{RecordedDay, RecordedError};
pub use run::{DayOutcome, run};
pub use scenario::{Back, Break, Coming, Ending, Miss, Patience, Scenario, Shift, Spell, Stop, Visit};

/// A drawn day under the rules of its own plan; the same seed gives the same day.
pub fn simulate(
    plan: Arc<Plan>,
    day: BusinessDay,
    visitors: usize,
    seed: u64,
) -> Result<DayOutcome, Rejection> {
    run(&Scenario::drawn(&plan, day, visitors, seed), &plan, true)
}
