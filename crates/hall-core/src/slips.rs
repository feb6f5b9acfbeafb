//! What became of a ticket's slip (号票), and of every copy of it that was ordered again (补打).

use serde::{Deserialize, Serialize};

use crate::{PrinterId, Timestamp};

/// Most reprints of one ticket: whoever needs more asks at the desk, lest slips are passed on to touts.
pub const REPRINTS_MAX: usize = 5;

/// What became of one copy of a slip, as far as its kiosk can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipOutcome {
    /// The printer acknowledged the whole of it.
    Printed,
    /// Sent, but never acknowledged: it may be on paper or not.
    Unconfirmed,
    /// Nothing of it is on paper.
    FailedClean,
    /// A part of it is on paper.
    FailedPartial,
}

/// What is known of a ticket's slip. Copy 0 is the one printed when the number was taken, copy n the n-th reprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketSlip {
    /// Absent before anything is reported of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<SlipCopy>,
    /// In the order in which they were ordered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reprints: Vec<SlipCopy>,
}

/// One copy of a slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipCopy {
    pub printer: PrinterId,
    /// As last reported; absent while it is only ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<SlipOutcome>,
    /// When it was ordered or, once it is, last reported.
    pub at: Timestamp,
}

impl SlipOutcome {
    pub const ALL: [Self; 4] = [Self::Printed, Self::Unconfirmed, Self::FailedClean, Self::FailedPartial];

    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Unconfirmed => "unconfirmed",
            Self::FailedClean => "failed_clean",
            Self::FailedPartial => "failed_partial",
        }
    }
}

impl TicketSlip {
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// How many reprints were ordered.
    pub fn reprints(&self) -> u32 {
        self.reprints.len() as u32
    }

    /// A copy that was reported or ordered.
    pub fn copy(&self, copy: u32) -> Option<&SlipCopy> {
        match copy {
            0 => self.first.as_ref(),
            n => self.reprints.get(n as usize - 1),
        }
    }

    /// The copy that was ordered last; the first one where there are no reprints.
    pub fn latest(&self) -> Option<&SlipCopy> {
        self.copy(self.reprints())
    }

    pub(crate) fn report(&mut self, copy: u32, reported: SlipCopy) {
        match copy {
            0 => self.first = Some(reported),
            n => {
                if let Some(ordered) = self.reprints.get_mut(n as usize - 1) {
                    *ordered = reported;
                }
            }
        }
    }
}
