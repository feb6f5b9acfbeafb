//! What comes down the event stream.

use hall_core::{Record, Timestamp};
use serde::{Deserialize, Serialize};

use crate::View;

/// One Server-Sent Event of `GET /v1/events`. Its `event:` field is the variant's name in snake case, its `data:` the
/// content as JSON, its `id:` the sequence number for `Last-Event-ID` (absent on ticks).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Frame {
    /// `snapshot`: the whole state; first on a new stream, and whenever the terminal is too far behind.
    Snapshot(Box<View>),
    /// `record`: one event, the next in sequence.
    Record(Box<Record>),
    /// `tick`: hall time, every few seconds, so that a silent hub is told from a quiet hall.
    Tick { now: Timestamp },
}

impl Frame {
    /// The `event:` field of a snapshot.
    pub const SNAPSHOT: &'static str = "snapshot";
    /// The `event:` field of a record.
    pub const RECORD: &'static str = "record";
    /// The `event:` field of a tick.
    pub const TICK: &'static str = "tick";

    /// Reads a frame from the fields of a Server-Sent Event. An unknown name is `None`: a newer hub may send more.
    pub fn parse(event: &str, data: &str) -> Option<Result<Self, serde_json::Error>> {
        match event {
            Self::SNAPSHOT => Some(serde_json::from_str(data).map(Self::Snapshot)),
            Self::RECORD => Some(serde_json::from_str(data).map(Self::Record)),
            Self::TICK => Some(serde_json::from_str(data).map(|Tick { now }| Self::Tick { now })),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Tick {
    now: Timestamp,
}
