//! Blocks to ESC/POS bytes through the `escpos` crate, going around its known defects: the cut and `FS &` are sent as
//! plain bytes, QR codes ask for model 2, images go in strips of their own.

use std::cell::RefCell;
use std::rc::Rc;

use encoding_rs::GB18030;
use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer as EscPos;
use escpos::utils::{Encoder, JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use super::layout::{Block, Line, layout};
use super::raster::{self, Bitmap, Brush, MISSING};
use super::slip::Slip;
use crate::Job;
use crate::profile::{Cut, Profile, Qr};
use crate::{Coverage, Error};

const LF: &[u8] = &[0x0A];
/// Chinese mode. `ESC @` ends it, so it follows each one.
const FS_KANJI: &[u8] = &[0x1C, 0x26];
const LINE_DOTS: u8 = 24;
/// Room between lines of the same text.
const LEADING_DOTS: u8 = 6;
/// The longest of the fixed commands used here.
const COMMAND_MIN: usize = 16;

/// Turns slips into jobs for one printer model. Make it once: it looks for a font.
pub struct Renderer {
    profile: Profile,
    brush: Option<Brush>,
}

impl Renderer {
    pub fn new(profile: &Profile) -> Self {
        let brush = Brush::find();
        if brush.is_none() {
            tracing::warn!(
                "no Chinese font on this machine: characters the printer lacks are printed as {MISSING}"
            );
        }
        Self { profile: profile.clone(), brush }
    }

    /// The slip as bytes for the printer, from `ESC @` to the cut.
    pub fn render(&self, slip: &Slip) -> Result<Job, Error> {
        let mut sheet = Sheet::new(self);
        sheet
            .compose(&layout(slip, self.profile.paper.dots))
            .map_err(|error| Error::Render(error.to_string()))?;
        let bytes = sheet.sink.0.borrow().clone();
        Ok(Job { bytes, longest_command: sheet.longest_command, paper_dots: sheet.paper_dots })
    }
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

struct Sheet<'a> {
    renderer: &'a Renderer,
    sink: Sink,
    out: EscPos<Sink>,
    longest_command: usize,
    paper_dots: u32,
}

type Written = Result<(), PrinterError>;

impl<'a> Sheet<'a> {
    fn new(renderer: &'a Renderer) -> Self {
        let sink = Sink::default();
        let out = EscPos::new(sink.clone(), Protocol::new(Encoder::new(GB18030)), None);
        Self { renderer, sink, out, longest_command: COMMAND_MIN, paper_dots: 0 }
    }

    fn compose(&mut self, blocks: &[Block]) -> Written {
        self.out.init()?.custom(FS_KANJI)?;
        for block in blocks {
            match block {
                Block::Line(line) => self.line(line)?,
                Block::Gap { dots } => self.feed(*dots)?,
                Block::Qr { data } => self.qr(data)?,
            }
        }
        self.cut()?;
        self.out.print()?;
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Written {
        let coverage = self.renderer.profile.text.coverage;
        if coverage.holds(&line.text) {
            return self.text(line, &line.text);
        }
        let Renderer { brush, profile } = self.renderer;
        match brush.as_ref().and_then(|brush| brush.draw(line, profile.paper.dots)) {
            Some(bitmap) => {
                self.image(&bitmap)?;
                self.feed(LEADING_DOTS)
            }
            None => {
                tracing::warn!(line = line.text, "printed with {MISSING} for characters the printer lacks");
                self.text(line, &substitute(&line.text, coverage))
            }
        }
    }

    fn text(&mut self, line: &Line, text: &str) -> Written {
        self.paper_dots += u32::from(line.scale * LINE_DOTS + LEADING_DOTS);
        let justify = if line.centred { JustifyMode::CENTER } else { JustifyMode::LEFT };
        self.out
            .justify(justify)?
            .bold(line.bold)?
            .size(line.scale, line.scale)?
            .line_spacing(line.scale * LINE_DOTS + LEADING_DOTS)?
            .write(text)?
            .custom(LF)?;
        Ok(())
    }

    /// A slip without its code is better than none.
    fn qr(&mut self, data: &str) -> Written {
        let Profile { qr, paper, .. } = &self.renderer.profile;
        let Some(code) = raster::Qr::fit(data, qr.module_dots, paper.dots) else {
            tracing::warn!(length = data.len(), "the follow code is too long for the paper and left out");
            return Ok(());
        };
        match qr.mode {
            Qr::Native => {
                self.paper_dots += code.side_dots();
                let option =
                    QRCodeOption::new(QRCodeModel::Model2, code.module_dots(), QRCodeCorrectionLevel::M);
                self.longest_command = self.longest_command.max(data.len() + 8);
                self.out.justify(JustifyMode::CENTER)?.qrcode_option(data, option)?;
                Ok(())
            }
            Qr::Raster => self.image(&code.draw(paper.dots)),
        }
    }

    fn image(&mut self, bitmap: &Bitmap) -> Written {
        self.paper_dots += bitmap.rows();
        self.out.justify(JustifyMode::LEFT)?;
        for strip in bitmap.strips(self.renderer.profile.image.strip_rows) {
            self.longest_command = self.longest_command.max(strip.len());
            self.out.custom(&strip)?;
        }
        Ok(())
    }

    /// Blank paper: `ESC J n`.
    fn feed(&mut self, dots: u8) -> Written {
        self.paper_dots += u32::from(dots);
        self.out.custom(&[0x1B, b'J', dots])?;
        Ok(())
    }

    /// LF, then `GS V`: function B feeds to the cutter first.
    fn cut(&mut self) -> Written {
        let Profile { cut, paper, .. } = &self.renderer.profile;
        self.paper_dots += u32::from(LINE_DOTS) + paper.to_cutter_dots;
        let mode = match cut.mode {
            Cut::Partial => 0x42,
            Cut::Full => 0x41,
        };
        self.out.custom(LF)?.custom(&[0x1D, b'V', mode, 0])?;
        Ok(())
    }
}

fn substitute(text: &str, coverage: Coverage) -> String {
    let missing = if coverage == Coverage::Ascii { '?' } else { MISSING };
    text.chars().map(|c| if coverage.holds(c.encode_utf8(&mut [0; 4])) { c } else { missing }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bilingual;

    fn slip() -> Slip {
        Slip {
            hall: Bilingual::new("政务服务中心", "Hall"),
            number: "A012".into(),
            follow_code: Some("HTTP://H.CN/A012".into()),
            ..Slip::default()
        }
    }

    fn render(profile: &Profile, slip: &Slip) -> Vec<u8> {
        Renderer::new(profile).render(slip).unwrap().bytes().to_vec()
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_slip_begins_and_ends_as_every_printer_understands() {
        let bytes = render(&Profile::generic(), &slip());
        assert_eq!(bytes[..4], [0x1B, 0x40, 0x1C, 0x26]);
        assert_eq!(bytes[bytes.len() - 5..], [0x0A, 0x1D, 0x56, 0x42, 0x00]);
        assert!(holds(&bytes, b"A012\n"));
        assert!(holds(&bytes, &[0xD5, 0xFE, 0xCE, 0xF1]), "政务 in GB18030");
        assert!(holds(&bytes, &[0x1D, 0x28, 0x6B, 4, 0, 49, 65, 50, 0]), "QR model 2");
        assert!(holds(&bytes, &[0x1D, 0x28, 0x6B, 3, 0, 49, 69, 49]), "QR level M");
    }

    #[test]
    fn a_line_beyond_the_rom_is_drawn_and_the_others_are_not() {
        let mut slip = slip();
        slip.service.zh = "𬭚业登记".into();
        let bytes = render(&Profile::generic(), &slip);
        assert!(holds(&bytes, &[0x1D, b'v', b'0', 0]));
        assert!(holds(&bytes, &[0xD5, 0xFE, 0xCE, 0xF1]));
        assert!(!holds(&bytes, &[0xB5, 0xC7, 0xBC, 0xC7]), "登记 is a part of the drawn line");
    }

    #[test]
    fn without_a_font_what_the_rom_lacks_is_seen_to_be_missing() {
        assert_eq!(substitute("𬭚业登记", Coverage::Gbk), "〓业登记");
        assert_eq!(substitute("业A1", Coverage::Ascii), "?A1");
    }

    #[test]
    fn an_interrupted_command_can_always_be_finished() {
        let profile = Profile::generic();
        let mut slip = slip();
        let job = Renderer::new(&profile).render(&slip).unwrap();
        assert_eq!(job.longest_command, 24, "the QR code's data");
        slip.service.zh = "𬭚业登记".into();
        let job = Renderer::new(&profile).render(&slip).unwrap();
        assert!(job.longest_command > 24 * 40, "a strip of an image");
    }
}
