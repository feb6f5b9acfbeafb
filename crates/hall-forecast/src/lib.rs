//! How long the wait will be, as an interval: the hall's own rules run forward over sampled service times.
//! No clock, no I/O, no threads; randomness only from a seed.

mod durations;
mod floor;
mod forecast;
mod group;
mod history;
mod run;
mod score;

pub use durations::{PLAN_SPREAD, WALK_MS};
pub use forecast::{Estimate, Forecast, Newcomer, Runs, forecast};
pub use history::History;
pub use score::{Score, Tally};
