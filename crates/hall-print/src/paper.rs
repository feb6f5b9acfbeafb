//! What comes out on paper: a slip's text, laid out in dots, written as ESC/POS bytes for one printer model.

mod coverage;
mod encode;
mod layout;
mod raster;
mod slip;
mod wrap;

pub use coverage::Coverage;
pub use encode::Renderer;
pub use slip::{Bilingual, Slip};
