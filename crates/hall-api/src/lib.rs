//! What travels between a hub and its terminals. Shapes only: nothing here does I/O.
//!
//! The hall itself travels as [`hall_core::Plan`] (`GET /v1/hall`), its state as a [`View`] kept current by [`Frame`]s.

mod appointments;
mod audience;
mod counters;
mod frame;
mod messages;
mod problem;
mod slips;
mod view;

pub use appointments::{
    AppointmentReply, AppointmentsReply, BookAppointment, BookedAppointment, ChangeAppointment, CheckIn,
    FreeSlot, ImportReply, ImportedLine, SlotsReply,
};
pub use audience::Audience;
pub use counters::{
    CallReply, CallTicket, CalledTicket, CounterReply, CounterTicket, FinishService, GoesOn, HelpService,
    NextReply, NextTicket, OpenCounter, ParkTicket, PauseCounter, SendOn, ServeDirect, SetProfile,
    StopHelping, TransferTicket,
};
pub use frame::Frame;
pub use messages::{
    FollowReply, ForecastReply, IssueReply, IssueTicket, IssuedTicket, TicketRef, TicketReply, TicketStatus,
    WaitForecast,
};
pub use problem::Problem;
pub use slips::{
    OrderReprint, PrintersReply, ReportPrinter, ReportReply, ReportSlip, ReprintReply, SlipFacts,
};
pub use view::{Call, View};

/// The header that makes a command safe to repeat: a text of 1 to 64 visible ASCII characters, made by the terminal.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
