//! The rules of one hall as a pure state machine: a [`Command`] is decided into [`Event`]s, events are applied to the [`Hall`].
//! No I/O, no clock, no randomness, no async: time is an argument, and the state is exactly the fold of the events.

mod command;
mod decide;
mod discipline;
mod event;
mod hall;
mod ids;
pub mod plan;
mod rejection;
mod time;

pub use command::Command;
pub use decide::PAUSE_REASON_CHARS_MAX;
pub use discipline::{CallReason, Standing};
pub use event::{Event, Record};
pub use hall::{Counter, CounterState, Day, Hall, Place, Ticket};
pub use ids::{ClassId, CounterNumber, DepartmentId, ServiceId, TicketId, TicketNumber, ZoneId};
pub use plan::Plan;
pub use rejection::{PlanConflict, Rejection};
pub use time::{BusinessDay, TimeBand, Timestamp, UtcOffset};
