//! The staff's window for one counter: what may be pressed, what is shown, and the way to the hub.
//! What is on the screen always comes from the hub's event stream, never from a press.

pub mod action;
pub mod backend;
pub mod bind;
pub mod dialog;
pub mod list;
pub mod model;
pub mod notice;
mod parked;
pub mod picker;
pub mod printers;
pub mod profile;
pub mod reach;
pub mod reprint;
pub mod screen;
pub mod send_on;
pub mod slips;
pub mod transfer;
