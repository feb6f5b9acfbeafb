//! One counter's window: its rules, its screen, and its way to a real hub.

#![allow(clippy::unwrap_used)]

mod clerk;
mod dialogs;
mod english;
mod hall;
mod hub;
mod lists;
mod looks;
mod model;
mod presses;
mod printers;
mod rarer;
mod reprint;
mod screens;
mod terminal;
