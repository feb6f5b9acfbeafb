//! What is handed to the printer, and what came of it.

use serde::{Deserialize, Serialize};

/// A document rendered once; sent as it is, never rendered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub(crate) bytes: Vec<u8>,
    /// Zeros enough to finish any command that an interruption left open.
    pub(crate) longest_command: usize,
    /// Paper it takes, from the first line to the last cut.
    pub(crate) paper_dots: u32,
}

impl Job {
    /// The ESC/POS bytes, from `ESC @` to the cut.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Paper it takes, in dots.
    pub fn paper_dots(&self) -> u32 {
        self.paper_dots
    }
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The printer said that it processed everything up to the cut.
    Printed,
    /// Everything was sent and the printer did not say what became of it. Look, or offer a reprint.
    Unconfirmed,
    /// Nothing of the slip reached the port; the citizen has the number on the screen only.
    FailedClean(Failure),
    /// A part of the slip was sent. It is not sent again by itself: staff may reprint, marked 补打.
    FailedPartial { sent: usize, why: Failure },
}

/// Why a job was not printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    #[error("the port is not there")]
    Away,
    #[error("the printer does not answer")]
    Silent,
    #[error("the printer takes no more data")]
    Busy,
    #[error("the printer is not ready")]
    NotReady,
    #[error("too many slips are waiting")]
    QueueFull,
    #[error("the printer's thread has ended")]
    Stopped,
    #[error("it waited too long to be of use")]
    TooLate,
    #[error("the journal could not be written")]
    Journal,
}
