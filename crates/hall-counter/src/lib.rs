//! The staff's window for one counter: what may be pressed, what is shown, and the way to the hub.
//! What is on the screen always comes from the hub's event stream, never from a press.

pub mod action;
pub mod backend;
pub mod bind;
pub mod model;
pub mod screen;
pub mod transfer;
