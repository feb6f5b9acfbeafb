//! Real hubs on real sockets: every route, every refusal, restarts, and the program itself.

#![allow(clippy::unwrap_used)]

mod access;
mod counters;
mod harness;
mod journal;
mod keys;
mod ops;
mod program;
mod stream;
mod tickets;
