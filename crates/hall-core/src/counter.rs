//! What a counter is doing.

use serde::{Deserialize, Serialize};

use crate::plan::Profile;
use crate::{StaffId, TicketId, Timestamp};

/// A counter of the running day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    #[serde(flatten)]
    pub state: CounterState,
    /// When it came into this state; while calling, the last call.
    pub since: Timestamp,
    /// Who has opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// What it calls for today, where that is not what the plan says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// How far it is in its round of the ratio rule.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub turn: u32,
}

/// What a counter is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CounterState {
    Closed,
    /// Open, with nobody.
    Idle,
    Paused {
        reason: String,
    },
    /// Waiting for the citizen to come; `calls` counts the first call and the recalls.
    Calling {
        ticket: TicketId,
        calls: u32,
    },
    Serving {
        ticket: TicketId,
    },
}

impl Counter {
    /// A counter nobody has opened.
    pub fn closed(since: Timestamp) -> Self {
        Self { state: CounterState::Closed, since, staff: None, profile: None, turn: 0 }
    }
}

impl CounterState {
    /// The ticket called to or served at the counter.
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Calling { ticket, .. } | Self::Serving { ticket } => Some(*ticket),
            Self::Closed | Self::Idle | Self::Paused { .. } => None,
        }
    }
}

fn is_zero(turn: &u32) -> bool {
    *turn == 0
}
