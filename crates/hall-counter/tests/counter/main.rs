//! One counter's window: its rules, its screen, and its way to a real hub.

#![allow(clippy::unwrap_used)]

mod clerk;
mod hall;
mod hub;
mod model;
mod presses;
mod screens;
