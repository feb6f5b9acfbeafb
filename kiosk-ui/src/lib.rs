//! The kiosk (取号机): a citizen touches a service, the number fills the screen, the slip prints.
//! Nobody's number ever depends on the printer, and nothing here waits for paper.

pub mod backend;
pub mod bind;
mod closed;
mod face;
pub mod maintenance;
mod model;
mod openings;
mod paper;
pub mod station;
mod unanswered;
mod whereabouts;
mod words;

pub use face::{DepartmentTile, Face, Notice, ServiceTile, Shown, TicketFacts};
pub use model::{Config, Effect, Errand, Model, Msg, Order, Touch};
pub use paper::{Hindrance, Paper};
pub use words::{Language, Message, Words};
