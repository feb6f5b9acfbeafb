//! A slip from its text to paper: layout in dots, ESC/POS bytes, a serial port, and proof of printing.
//! Knows nothing of the hub. Written is not printed: only a printer's own answer makes a slip `Printed`.

mod coverage;
mod encode;
mod job;
mod layout;
mod port;
mod printer;
mod profile;
mod raster;
mod replies;
mod session;
mod slip;
mod status;
mod wrap;

pub use coverage::Coverage;
pub use encode::Renderer;
pub use job::{Failure, Job, Outcome};
pub use printer::Printer;
pub use profile::{
    Ack, Cut, CutSection, Flow, Meta, Paper, Parity, Profile, Qr, QrSection, Serial, StatusSection, Text,
    Verified,
};
pub use slip::{Bilingual, Slip};
pub use status::{Fault, Status};

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
