//! Virtual ESC/POS printers with faults: a device of a model, on a pseudo-terminal or a network port, and the paper it
//! puts out. Shares no code with `hall-print`: what it understands was written from the manuals, so it can judge the other.

mod bitmap;
mod commands;
mod decode;
mod device;
mod fault;
#[cfg(test)]
mod fuzz;
mod health;
mod ink;
mod line;
mod model;
mod net;
mod outbox;
mod paper;
mod parse;
mod pile;
mod press;
mod pty;
mod rom;
mod serve;
mod virtual_printer;

pub use bitmap::Bitmap;
pub use commands::{Align, DecodeError, Symbology};
pub use decode::decode;
pub use fault::{AckFault, Condition, Fault, NoSuchFault, When};
pub use ink::InkError;
pub use model::{Answers, Model, PAPER_58_MM_DOTS, PAPER_80_MM_DOTS};
pub use paper::{Barcode, Element, Image, Piece, QrCode, Run, Slip, TextLine};
pub use rom::Rom;
pub use serve::{ServeError, run};
pub use virtual_printer::{VirtualPrinter, print_on};
