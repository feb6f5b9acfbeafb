//! A terminal's side of the line, against a real hub behind a line that fails in every way a line can.

#![allow(clippy::unwrap_used)]

mod commands;
mod follower;
mod hall;
mod journals;
mod proxy;
mod slips;
mod stream;
