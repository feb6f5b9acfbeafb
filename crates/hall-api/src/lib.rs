//! What travels between a hub and its terminals. Shapes only: nothing here does I/O.
//!
//! The hall itself travels as [`hall_core::Plan`] (`GET /v1/hall`), its state as a [`View`] kept current by [`Frame`]s.

mod frame;
mod messages;
mod problem;
mod view;

pub use frame::Frame;
pub use messages::{
    CallReply, CalledTicket, CounterReply, FollowReply, IssueReply, IssueTicket, IssuedTicket, PauseCounter,
    TransferTicket,
};
pub use problem::Problem;
pub use view::{Call, View};

/// The header that makes a command safe to repeat: a text of 1 to 64 visible ASCII characters, made by the terminal.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
