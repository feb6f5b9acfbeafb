//! How a terminal talks to its hub: commands that are safe to repeat, one resumable stream of events, and what is
//! known meanwhile. No retry ever takes a second number: each command keeps its idempotency key.

mod args;
mod counters;
mod error;
mod follow;
mod hub;
mod key;
mod mirror;
mod slips;
mod tickets;

pub use args::HubArgs;
pub use error::ClientError;
pub use follow::{Update, follow};
pub use hub::Hub;
pub use key::Key;
pub use mirror::{DayStage, Link, Mirror};
