//! How the slip of the ticket on the screen is doing.

use hall_print::{Failure, Fault, Outcome, Status};

/// What a citizen has to know of their slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    NoPrinter,
    Printing,
    Printed,
    /// Sent; the printer did not say whether it printed.
    Unconfirmed,
    /// Broken off in the middle.
    Incomplete,
    /// There is no slip.
    Missing(Hindrance),
}

/// What keeps a slip from being printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    OutOfPaper,
    CoverOpen,
    Cutter,
    Jam,
    NotConnected,
    Busy,
    TooManyWaiting,
    /// It waited until it was of no use.
    TooLate,
    /// Anything only staff can make sense of.
    OutOfOrder,
}

impl Paper {
    /// Of a slip just handed in.
    pub fn begun(status: Status) -> Self {
        if status.can_print() { Self::Printing } else { Self::Missing(Hindrance::of(status)) }
    }

    /// Of a slip that came to its end, with the printer as it is now.
    pub fn ended(outcome: Outcome, status: Status) -> Self {
        match outcome {
            Outcome::Printed => Self::Printed,
            Outcome::Unconfirmed => Self::Unconfirmed,
            Outcome::FailedPartial { .. } => Self::Incomplete,
            Outcome::FailedClean(why) => Self::Missing(match why {
                Failure::Away | Failure::Silent => Hindrance::NotConnected,
                Failure::Busy => Hindrance::Busy,
                Failure::QueueFull => Hindrance::TooManyWaiting,
                Failure::TooLate => Hindrance::TooLate,
                Failure::NotReady => Hindrance::of(status),
                Failure::Stopped | Failure::Journal => Hindrance::OutOfOrder,
            }),
        }
    }

    /// Whether there is, or will be, a slip to carry away.
    pub fn comes_out(self) -> bool {
        matches!(self, Self::Printing | Self::Printed)
    }
}

impl Hindrance {
    fn of(status: Status) -> Self {
        match status {
            Status::PaperOut => Self::OutOfPaper,
            Status::CoverOpen => Self::CoverOpen,
            Status::Away | Status::Fault(Fault::Silent) => Self::NotConnected,
            Status::Fault(Fault::Cutter) => Self::Cutter,
            Status::Fault(Fault::Jam) => Self::Jam,
            Status::Fault(Fault::Busy) => Self::Busy,
            Status::Fault(Fault::Unrecoverable | Fault::Overheated | Fault::Offline) => Self::OutOfOrder,
            // It could not print a moment ago.
            Status::Ready | Status::NearEnd => Self::OutOfOrder,
        }
    }
}
