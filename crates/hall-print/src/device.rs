//! The printer on its line: sends jobs, asks its condition, and takes only its own answer as proof of printing.

mod address;
mod health;
mod inbox;
mod job;
mod journal;
mod line;
mod printer;
mod probe;
mod replies;
mod roll;
mod session;
mod status;

pub use address::{Address, BadAddress};
pub use health::Health;
pub use job::{Failure, Job, Outcome};
pub use journal::{Ended, JournalError};
pub use printer::{Printer, Setup};
pub use probe::{Answer, Identity, Probe, identify};
pub use roll::RollForecast;
pub use status::{Fault, Status};
