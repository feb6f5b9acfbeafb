//! The kiosk (取号机): a citizen touches a service, the number fills the screen, the slip prints.
//! Nobody's number ever depends on the printer, and nothing here waits for paper.

pub mod backend;
pub mod bind;
mod closed;
mod face;
mod model;
mod openings;
mod slip;
mod unanswered;
mod whereabouts;
mod words;

pub use face::{DepartmentTile, Face, Notice, ServiceTile, Shown, TicketFacts};
pub use model::{Effect, Model, Msg, Order, Paper, Touch};
pub use words::{Language, Message, Words};
