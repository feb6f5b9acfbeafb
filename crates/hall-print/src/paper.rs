//! What comes out on paper. A document's text is laid out in blocks, the blocks become pieces one printer model can
//! print, and the pieces are written as ESC/POS bytes or drawn as a preview.

mod appointment;
mod bitmap;
mod brush;
mod calling_sheet;
mod codes;
mod coverage;
mod document;
mod encode;
mod fill;
mod notice;
mod pages;
mod pieces;
mod preview;
mod renderer;
mod sheet;
mod slip;
mod strips;
mod template;
mod test_page;
mod wrap;

pub use appointment::Appointment;
pub use calling_sheet::CallingSheet;
pub use coverage::Coverage;
pub use document::Document;
pub use notice::{Material, Notice};
pub use renderer::Renderer;
pub use slip::{Bilingual, Slip};
pub use template::Template;
pub use test_page::TestPage;
