//! The hub: one hall's truth, durable in SQLite, served over HTTP.
//!
//! [`serve`] runs a whole hub on a listener; [`Hub`] does the same in steps. The rules are in `hall-core`; here is
//! what makes them durable and lets terminals at them.

mod clock;
mod codes;
mod data_dir;
mod error;
mod feed;
mod forecasts;
mod hall_thread;
mod http;
mod hub;
mod journal;
mod json;
mod key;
mod metrics;
mod migrate;
mod persons;
mod recorded;
mod replay;
mod tokens;

pub use error::HubError;
pub use hub::{Config, Hub, plan_in_force, serve};
pub use journal::JournalError;
pub use recorded::recorded_day;
pub use replay::replaying;
pub use tokens::{Role, add_token};
