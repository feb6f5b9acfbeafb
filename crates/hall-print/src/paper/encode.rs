//! Pieces to ESC/POS bytes through the `escpos` crate, going around its known defects: the cut and `FS &` are sent as
//! plain bytes, QR codes ask for model 2, images go in strips of their own. Only what changes is sent.

use std::cell::RefCell;
use std::rc::Rc;

use encoding_rs::GB18030;
use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer as EscPos;
use escpos::utils::{Encoder, JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use super::bitmap::Bitmap;
use super::codes::{Barcode, Qr};
use super::pages::line_dots;
use super::pieces::Piece;
use super::sheet::Align;
use super::strips::{Cutting, Strip, strips};
use crate::profile::{Cut, Profile};
use crate::{Error, Job};

const LF: &[u8] = &[0x0A];
/// The longest of the fixed commands used here.
const COMMAND_MIN: usize = 16;
const CODE128: u8 = 73;

/// The document as a job.
pub fn encode(pieces: &[Piece], profile: &Profile) -> Result<Job, Error> {
    let mut sheet = Sheet::new(profile);
    sheet.compose(pieces).map_err(|error| Error::Render(error.to_string()))?;
    let bytes = sheet.sink.0.take();
    Ok(Job { bytes, longest_command: sheet.longest_command, paper_dots: sheet.paper_dots })
}

/// `escpos` writes into memory; the port is ours.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Driver for Sink {
    fn name(&self) -> String {
        "memory".into()
    }

    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }

    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

/// How the printer is set.
#[derive(Clone, Copy)]
struct Look {
    align: Align,
    bold: bool,
    width: u8,
    height: u8,
}

struct Sheet<'a> {
    profile: &'a Profile,
    sink: Sink,
    out: EscPos<Sink>,
    look: Look,
    /// Blank paper not yet sent.
    feed_dots: u32,
    longest_command: usize,
    paper_dots: u32,
}

type Written = Result<(), PrinterError>;

impl<'a> Sheet<'a> {
    fn new(profile: &'a Profile) -> Self {
        let sink = Sink::default();
        let out = EscPos::new(sink.clone(), Protocol::new(Encoder::new(GB18030)), None);
        let look = Look { align: Align::Left, bold: false, width: 1, height: 1 };
        Self { profile, sink, out, look, feed_dots: 0, longest_command: COMMAND_MIN, paper_dots: 0 }
    }

    fn compose(&mut self, pieces: &[Piece]) -> Written {
        let Profile { init, text, .. } = self.profile;
        let spacing = self.spacing() as u8;
        self.out.init()?;
        self.plain(&init.extra)?;
        self.plain(&text.kanji_on)?;
        self.out.line_spacing(spacing)?;
        for piece in pieces {
            match piece {
                Piece::Text { text, width, height, bold, align } => {
                    self.text(text, Look { width: *width, height: *height, bold: *bold, align: *align })?;
                }
                Piece::Image { bitmap, doubled, align } => self.image(bitmap, *doubled, *align)?,
                Piece::Qr { data, code } => self.qr(data, code)?,
                Piece::Barcode { data, code } => self.barcode(data, code)?,
                Piece::Feed { dots } => self.feed_dots += dots,
                Piece::Cut => self.cut()?,
            }
        }
        self.out.print()?;
        Ok(())
    }

    /// Of a line at normal size, set once. A higher line takes its own height.
    fn spacing(&self) -> u32 {
        line_dots(self.profile.fonts, 1)
    }

    fn plain(&mut self, bytes: &[u8]) -> Written {
        if !bytes.is_empty() {
            self.out.custom(bytes)?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str, look: Look) -> Written {
        self.feed()?;
        self.align(look.align)?;
        if look.bold != self.look.bold {
            self.out.bold(look.bold)?;
        }
        if (look.width, look.height) != (self.look.width, self.look.height) {
            self.out.size(look.width, look.height)?;
        }
        self.look = look;
        self.out.write(text)?.custom(LF)?;
        self.paper_dots += line_dots(self.profile.fonts, look.height);
        Ok(())
    }

    fn align(&mut self, align: Align) -> Written {
        if align != self.look.align {
            self.out.justify(match align {
                Align::Left => JustifyMode::LEFT,
                Align::Centre => JustifyMode::CENTER,
                Align::Right => JustifyMode::RIGHT,
            })?;
            self.look.align = align;
        }
        Ok(())
    }

    fn image(&mut self, bitmap: &Bitmap, doubled: bool, align: Align) -> Written {
        let image = &self.profile.image;
        let cutting = Cutting { rows_max: image.strip_rows, doubled, align, obeys_dle: image.obeys_dle };
        let magnify = if doubled { 2 } else { 1 };
        for strip in strips(bitmap, &cutting) {
            match strip {
                Strip::Feed(rows) => self.feed_dots += rows * magnify,
                Strip::Image { command, rows } => {
                    self.feed()?;
                    self.align(align)?;
                    self.longest_command = self.longest_command.max(command.len());
                    self.paper_dots += rows * magnify;
                    self.out.custom(&command)?;
                }
            }
        }
        Ok(())
    }

    fn qr(&mut self, data: &str, code: &Qr) -> Written {
        self.feed()?;
        self.align(Align::Centre)?;
        self.longest_command = self.longest_command.max(data.len() + 8);
        self.paper_dots += code.side_dots();
        let option = QRCodeOption::new(QRCodeModel::Model2, code.module_dots(), QRCodeCorrectionLevel::M);
        self.out.qrcode_option(data, option)?;
        Ok(())
    }

    /// `GS h`, `GS w`, `GS k`; the text under it is the template's affair.
    fn barcode(&mut self, data: &str, code: &Barcode) -> Written {
        self.feed()?;
        self.align(Align::Centre)?;
        let height = self.profile.barcode.height_dots;
        // Character set B; a brace stands for itself when doubled.
        let data = format!("{{B{}", data.replace('{', "{{"));
        self.longest_command = self.longest_command.max(data.len() + 4);
        self.paper_dots += u32::from(height);
        self.out.custom(&[0x1D, b'h', height])?.custom(&[0x1D, b'w', code.module_dots()])?;
        self.out.custom(&[&[0x1D, b'k', CODE128, data.len() as u8], data.as_bytes()].concat())?;
        Ok(())
    }

    /// Blank paper: a blank line where that is all, otherwise `ESC J n`. In large type some printers make blank lines
    /// as high.
    fn feed(&mut self) -> Written {
        if self.feed_dots == self.spacing() && self.look.height == 1 {
            self.paper_dots += std::mem::take(&mut self.feed_dots);
            self.plain(LF)?;
        }
        while self.feed_dots > 0 {
            let dots = self.feed_dots.min(255);
            self.out.custom(&[0x1B, b'J', dots as u8])?;
            self.paper_dots += dots;
            self.feed_dots -= dots;
        }
        Ok(())
    }

    /// LF, then `GS V`: function B feeds to the cutter first.
    fn cut(&mut self) -> Written {
        let Profile { cut, paper, .. } = self.profile;
        self.feed()?;
        self.out.custom(LF)?;
        self.paper_dots += self.spacing();
        let mode = match cut.mode {
            Cut::Partial => 0x42,
            Cut::Full => 0x41,
            Cut::None => {
                self.feed_dots += paper.to_cutter_dots;
                return self.feed();
            }
        };
        self.paper_dots += paper.to_cutter_dots;
        self.out.custom(&[0x1D, b'V', mode, 0])?;
        Ok(())
    }
}
