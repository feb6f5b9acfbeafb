//! The rules of one hall as a pure state machine: a [`Command`] is decided into [`Event`]s, events are applied to the [`Hall`].
//! No I/O, no clock, no randomness, no async: time is an argument, and the state is exactly the fold of the events.

mod appointment;
mod bookings;
mod calendar;
mod clock;
mod command;
mod counter;
mod decide;
pub mod discipline;
mod effects;
mod event;
mod hall;
mod ids;
pub mod plan;
mod printers;
mod reason;
mod rejection;
mod slips;
mod ticket;
mod time;

pub use appointment::{Appointment, AppointmentState, Carried};

pub use bookings::Slot;
pub use calendar::{Calendar, CalendarFault, DayRange, Holidays, Year};
pub use command::{Booking, Command, Destination, Wish};
pub use counter::{Counter, CounterState};
pub use decide::{Calls, LEGS_MAX, PAUSE_REASON_CHARS_MAX};
pub use discipline::Standing;
pub use event::{Event, Issued, Record};
pub use hall::{Day, Hall};
pub use ids::{
    AppointmentId, ClassId, CounterNumber, DepartmentId, LanguageId, NeedId, PersonHash, PrinterId, RouteId,
    ServiceId, StaffId, TicketId, TicketNumber, ZoneId,
};
pub use plan::Plan;
pub use printers::{PRINTERS_MAX, Printer, PrinterCondition, PrinterReport};
pub use reason::{CallReason, Why};
pub use rejection::{PlanConflict, Rejection};
pub use slips::{REPRINTS_MAX, SlipCopy, SlipOutcome, TicketSlip};
pub use ticket::{Awaits, CheckedIn, Leg, Place, Punctuality, Ticket};
pub use time::{BusinessDay, TimeBand, Timestamp, UtcOffset};
