//! A slip from its text to paper: layout in dots, ESC/POS bytes, a serial port, and proof of printing.
//! Knows nothing of the hub. Written is not printed: only a printer's own answer makes a slip `Printed`.

mod device;
mod paper;
mod profile;

pub use device::{
    Address, BadAddress, Ended, Failure, Fault, Health, Job, JournalError, Outcome, Printer, RollForecast,
    Setup, Status,
};
pub use paper::{Bilingual, Coverage, Renderer, Slip};
pub use profile::{
    Ack, Cut, CutSection, Flow, ImageSection, Meta, Paper, Parity, Profile, Qr, QrSection, Serial,
    StatusSection, Text, Verified,
};

/// What can go wrong before a slip reaches the port. What happens at the port is an [`Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("printer profile {path}: {source}")]
    ReadProfile { path: String, source: std::io::Error },
    #[error("printer profile {name}: {message}")]
    BadProfile { name: String, message: String },
    #[error("the slip cannot be written as ESC/POS: {0}")]
    Render(String),
    #[error("the printer's thread did not start: {0}")]
    Thread(#[source] std::io::Error),
}
