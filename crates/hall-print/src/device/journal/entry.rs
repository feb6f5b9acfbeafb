//! The lines of a print journal. A name or field once written is kept.

use serde::{Deserialize, Serialize};

use super::{Kept, State};
use crate::device::job::{Job, Outcome};
use crate::device::roll::Roll;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entry {
    Queued {
        key: String,
        at_ms: i64,
        longest_command: usize,
        paper_dots: u32,
        #[serde(with = "hex")]
        bytes: Vec<u8>,
    },
    Sending {
        key: String,
    },
    Ended {
        key: String,
        at_ms: i64,
        outcome: Outcome,
        #[serde(default)]
        reported: bool,
    },
    Reported {
        key: String,
    },
    RollChanged {
        ran_out: bool,
    },
    /// The roll as of this line.
    Roll {
        roll: Roll,
    },
}

impl Entry {
    pub fn queued(key: &str, job: &Job, at_ms: i64) -> Self {
        let Job { bytes, longest_command, paper_dots } = job.clone();
        Self::Queued { key: key.to_owned(), at_ms, longest_command, paper_dots, bytes }
    }

    /// The lines that say what is known of a job; of one that has ended, no more than how.
    pub fn of_kept(key: &str, kept: &Kept) -> Vec<Self> {
        let Kept { at_ms, longest_command, paper_dots, ref state, reported, .. } = *kept;
        let key = key.to_owned();
        let queued = |bytes| Self::Queued { key: key.clone(), at_ms, longest_command, paper_dots, bytes };
        match state {
            State::Queued(bytes) => vec![queued(bytes.clone())],
            State::Sending => vec![queued(Vec::new()), Self::Sending { key }],
            State::Ended(outcome) => vec![Self::Ended { key, at_ms, outcome: *outcome, reported }],
        }
    }
}
