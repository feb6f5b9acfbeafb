//! A slip from its text to paper: layout in dots, ESC/POS bytes, a serial port, and proof of printing.
//! Knows nothing of the hub. Written is not printed: only a printer's own answer makes a slip `Printed`.

mod device;
mod faults;
mod paper;
mod profile;

pub use device::{
    Address, Answer, BadAddress, Ended, Failure, Fault, Health, Identity, Job, JournalError, Outcome,
    Printer, Probe, RollForecast, Setup, Status, identify,
};
pub use faults::FileFault;
pub use paper::{
    Appointment, Bilingual, CallingSheet, Coverage, Document, Material, Notice, Renderer, Slip, Template,
    TestPage,
};
pub use profile::{
    Ack, BarcodeSection, CodeMode, Cut, CutSection, Fact, Flow, Fonts, ImageSection, Init, Meta, Paper,
    Parity, Profile, QrSection, Serial, StatusSection, Text, Verified,
};

/// What can go wrong before a slip reaches the port. What happens at the port is an [`Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("printer profile {path}: {source}")]
    ReadProfile { path: String, source: std::io::Error },
    #[error("printer profile {name}: {message}")]
    BadProfile { name: String, message: String },
    #[error("slip template {path}: {source}")]
    ReadTemplate { path: String, source: std::io::Error },
    #[error("slip template {name}: {message}")]
    BadTemplate { name: String, message: String },
    #[error("the slip cannot be written as ESC/POS: {0}")]
    Render(String),
    #[error("{what}: {count} are too many for one document, at most {max}")]
    TooMany { what: &'static str, count: usize, max: usize },
    #[error("no Chinese font on this machine: install fonts-noto-cjk to see a preview")]
    NoFont,
    #[error("the printer's thread did not start: {0}")]
    Thread(#[source] std::io::Error),
}
