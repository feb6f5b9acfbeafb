//! Real hubs on real sockets: every route, every refusal, restarts, and the program itself.

#![allow(clippy::unwrap_used)]

mod access;
mod appointments;
mod commands;
mod counters;
mod files;
mod harness;
mod journal;
mod keys;
mod ops;
mod persons;
mod program;
mod promise;
mod scenario;
mod scenarios;
mod slips;
mod stream;
mod tickets;
