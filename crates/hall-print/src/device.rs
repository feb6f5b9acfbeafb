//! The printer on its line: sends jobs, asks its condition, and takes only its own answer as proof of printing.

mod job;
mod port;
mod printer;
mod replies;
mod session;
mod status;

pub use job::{Failure, Job, Outcome};
pub use printer::Printer;
pub use status::{Fault, Status};
