//! How a printer is, for whoever runs the hall.

use super::roll::RollForecast;
use super::status::Status;

/// What the hall knows of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    pub status: Status,
    /// Printed since the roll was put in.
    pub sheets: u32,
    pub roll: RollForecast,
    /// Of the last jobs sent, at most [`Health::JOBS_MAX`].
    pub jobs: u32,
    /// How many of these stayed unconfirmed.
    pub unconfirmed: u32,
}

impl Health {
    pub const JOBS_MAX: usize = 200;
}
