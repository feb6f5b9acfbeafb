//! A virtual ESC/POS printer on a pseudo-terminal: answers status, keeps each slip's bytes, draws it as a picture.
//! Shares no code with `hall-print`: what it understands was written from the manuals, so it can judge the other.

mod commands;
mod decode;
mod device;
mod pty;
mod render;
mod serve;
mod virtual_printer;

pub use commands::{Align, DecodeError};
pub use decode::{Barcode, Element, Image, QrCode, Run, Slip, TextLine, decode};
pub use device::{Condition, ReceivedSlip};
pub use render::{RenderError, render_png};
pub use serve::{ServeError, run};
pub use virtual_printer::VirtualPrinter;
