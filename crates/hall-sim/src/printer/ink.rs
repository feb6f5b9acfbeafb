//! Paper dot for dot, text in the cells the printer would use; a system font stands for its ROM.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _, point};
use barcoders::sym::code39::Code39;
use barcoders::sym::code128::Code128;
use fontdb::{Database, Family, Query, Weight};

use super::bitmap::Bitmap;
use super::commands::{Align, Symbology};
use super::paper::{Barcode, Element, LINE_DOTS, QrCode, Run, Slip, TextLine};

/// Of a Hanzi's box, from its top.
const BASELINE: f32 = 0.88;
const FAMILY: &str = "Noto Sans Mono CJK SC";
/// A dot is printed where the glyph covers so much of it.
const COVERED: f32 = 0.5;
const GLYPHS_MAX: usize = 4096;

#[derive(Debug, thiserror::Error)]
pub enum InkError {
    #[error("缺少字体，请安装 fonts-noto-cjk / the font {FAMILY} is not installed: install fonts-noto-cjk")]
    NoFont,
}

/// Everything on the slip.
pub fn draw(slip: &Slip, paper_dots: u32) -> Result<Bitmap, InkError> {
    let has_text = slip.lines().next().is_some() || slip.barcode().is_some();
    let fonts = if has_text { Some(Fonts::get()?) } else { None };
    Ok(draw_with(slip, paper_dots, fonts))
}

/// The images and codes, each in its place, without the text.
pub fn without_text(slip: &Slip, paper_dots: u32) -> Bitmap {
    draw_with(slip, paper_dots, None)
}

fn draw_with(slip: &Slip, paper_dots: u32, fonts: Option<&'static Fonts>) -> Bitmap {
    let drawings: Vec<_> = slip.elements.iter().map(Drawing::of).collect();
    let height_dots = drawings.iter().map(Drawing::height_dots).sum();
    let mut canvas = Canvas { paper: Bitmap::new(paper_dots, height_dots), fonts, top: 0 };
    for drawing in &drawings {
        canvas.draw(drawing);
        canvas.top += drawing.height_dots();
    }
    canvas.paper
}

/// An element worked out as far as its height needs it.
enum Drawing<'a> {
    Line(&'a TextLine),
    Qr(&'a QrCode, qrcode::QrCode),
    Bars(&'a Barcode, Vec<u8>),
    Image(&'a super::paper::Image),
    Blank(u32),
}

impl<'a> Drawing<'a> {
    fn of(element: &'a Element) -> Self {
        match element {
            Element::Line(line) => Drawing::Line(line),
            // More than a code holds: the printer prints none.
            Element::Qr(qr) => {
                match qrcode::QrCode::with_error_correction_level(&qr.data, qrcode::EcLevel::M) {
                    Ok(code) => Drawing::Qr(qr, code),
                    Err(_) => Drawing::Blank(0),
                }
            }
            Element::Barcode(code) => bars(code).map_or(Drawing::Blank(0), |bars| Drawing::Bars(code, bars)),
            Element::Image(image) => Drawing::Image(image),
            Element::Feed { dots } => Drawing::Blank(*dots),
            Element::Cut { .. } => Drawing::Blank(0),
        }
    }

    fn height_dots(&self) -> u32 {
        match self {
            Drawing::Line(line) => line.height_dots,
            Drawing::Qr(qr, code) => code.width() as u32 * u32::from(qr.module_dots),
            Drawing::Bars(code, _) => {
                u32::from(code.height_dots) + if code.text_below { LINE_DOTS } else { 0 }
            }
            Drawing::Image(image) => image.rows as u32,
            Drawing::Blank(dots) => *dots,
        }
    }
}

/// Bars and gaps, one byte a module. `None` for what the symbology cannot say.
fn bars(code: &Barcode) -> Option<Vec<u8>> {
    match code.symbology {
        Symbology::Code39 => Some(Code39::new(code.data.trim_matches('*')).ok()?.encode()),
        Symbology::Code128 => {
            let data = code.data.replace("{A", "À").replace("{B", "Ɓ").replace("{C", "Ć");
            Some(Code128::new(data).ok()?.encode())
        }
    }
}

struct Fonts {
    regular: FontVec,
    bold: FontVec,
    /// Dots of characters drawn before, from the left upper corner of their cell.
    drawn: Mutex<HashMap<Glyph, Vec<(i32, i32)>>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Glyph {
    c: char,
    width: u8,
    height: u8,
    bold: bool,
    cell_dots: u32,
}

impl Fonts {
    /// Read once a process.
    fn get() -> Result<&'static Self, InkError> {
        static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
        FONTS.get_or_init(Self::find).as_ref().ok_or(InkError::NoFont)
    }

    fn find() -> Option<Self> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        let face = |weight| {
            let id = fonts.query(&Query { families: &[Family::Name(FAMILY)], weight, ..Query::default() })?;
            let font =
                fonts.with_face_data(id, |data, index| FontVec::try_from_vec_and_index(data.to_vec(), index));
            font?.ok()
        };
        Some(Self { regular: face(Weight::NORMAL)?, bold: face(Weight::BOLD)?, drawn: Mutex::default() })
    }

    fn dots(&self, glyph: Glyph) -> Vec<(i32, i32)> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.len() > GLYPHS_MAX {
            drawn.clear();
        }
        drawn.entry(glyph).or_insert_with(|| self.outline(glyph)).clone()
    }

    fn outline(&self, glyph: Glyph) -> Vec<(i32, i32)> {
        let font = if glyph.bold { &self.bold } else { &self.regular };
        let em = |magnified: u8| (u32::from(magnified) * LINE_DOTS) as f32;
        let line_scale = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale { x: em(glyph.width) * line_scale, y: em(glyph.height) * line_scale };
        let id = font.glyph_id(glyph.c);
        let inset = ((glyph.cell_dots as f32 - font.as_scaled(scale).h_advance(id)) / 2.0).max(0.0);
        let baseline = em(glyph.height) * BASELINE;
        let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(inset, baseline)))
        else {
            return Vec::new();
        };
        let bounds = outline.px_bounds();
        let mut dots = Vec::new();
        outline.draw(|x, y, coverage| {
            if coverage >= COVERED {
                dots.push((bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32));
            }
        });
        dots
    }
}

struct Canvas {
    paper: Bitmap,
    fonts: Option<&'static Fonts>,
    /// Upper edge of the next element.
    top: u32,
}

impl Canvas {
    fn draw(&mut self, drawing: &Drawing) {
        match drawing {
            Drawing::Line(line) => self.line(line),
            Drawing::Qr(qr, code) => self.qr(qr, code),
            Drawing::Bars(code, bars) => self.bars(code, bars),
            Drawing::Image(image) => self.image(image),
            Drawing::Blank(_) => {}
        }
    }

    /// Characters of different heights stand on one baseline.
    fn line(&mut self, line: &TextLine) {
        let tallest = line.runs.iter().map(|run| u32::from(run.height)).max().unwrap_or(1) * LINE_DOTS;
        let mut left = self.left(line.align, line.width_dots());
        for run in &line.runs {
            let top = self.top + tallest - u32::from(run.height) * LINE_DOTS;
            self.run(run, &mut left, top);
        }
    }

    fn run(&mut self, run: &Run, left: &mut u32, top: u32) {
        let Some(fonts) = self.fonts else { return };
        for c in run.text.chars() {
            let cell_dots = run.char_dots(c);
            let glyph = Glyph { c, width: run.width, height: run.height, bold: run.bold, cell_dots };
            for (x, y) in fonts.dots(glyph) {
                if let (Some(x), Some(y)) = (left.checked_add_signed(x), top.checked_add_signed(y)) {
                    self.paper.darken(x, y);
                }
            }
            *left += cell_dots;
        }
    }

    fn qr(&mut self, qr: &QrCode, code: &qrcode::QrCode) {
        let (modules, side) = (code.width() as u32, u32::from(qr.module_dots));
        let left = self.left(qr.align, modules * side);
        for (index, colour) in (0..).zip(code.to_colors()) {
            if colour == qrcode::Color::Dark {
                let (x, y) = (left + index % modules * side, self.top + index / modules * side);
                self.paper.darken_block(x, y, side, side);
            }
        }
    }

    fn bars(&mut self, code: &Barcode, bars: &[u8]) {
        let side = u32::from(code.module_dots);
        let left = self.left(code.align, bars.len() as u32 * side);
        for (index, bar) in (0..).zip(bars) {
            if *bar == 1 {
                self.paper.darken_block(left + index * side, self.top, side, code.height_dots.into());
            }
        }
        if code.text_below {
            let text = code.text().to_owned();
            let run = Run { text, width: 1, height: 1, bold: false, rubbish: false };
            let mut left = self.left(code.align, run.width_dots());
            self.run(&run, &mut left, self.top + u32::from(code.height_dots));
        }
    }

    fn image(&mut self, image: &super::paper::Image) {
        let left = self.left(image.align, image.width_bytes as u32 * 8);
        for (index, byte) in image.bits.iter().enumerate() {
            let (column, row) = (index % image.width_bytes * 8, index / image.width_bytes);
            for bit in (0..8).filter(|bit| byte & 0x80 >> bit != 0) {
                self.paper.darken(left + column as u32 + bit, self.top + row as u32);
            }
        }
    }

    fn left(&self, align: Align, width_dots: u32) -> u32 {
        let room = self.paper.width().saturating_sub(width_dots);
        match align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::*;

    const SLIP: &[u8] = b"\x1B@\x1C&\x1Ba\x01\x1D!\x77A012\n\x1D!\x00\xC7\xEB\xB5\xC8\xBA\xF2\n\
        \x1D(k\x04\0\x31\x41\x32\0\x1D(k\x03\0\x31\x43\x06\x1D(k\x05\0\x31\x50\x30HI\x1D(k\x03\0\x31\x51\x30\
        \x1Dh\x30\x1Dw\x02\x1DkI\x06{BA012\x1Ba\0\x1Dv0\0\x01\0\x02\0\x80\x01\n\x1DVB\0";

    #[test]
    fn everything_on_the_slip_is_drawn() {
        let paper = draw(&decode(SLIP).unwrap(), 576).unwrap();
        // Number 192, text 30, code 21 modules of 6, barcode 48, image 2, the last line 30.
        assert_eq!((paper.width(), paper.height()), (576, 192 + 30 + 126 + 48 + 2 + 30));
        let dark = |top: u32, height: u32| {
            (top..top + height)
                .flat_map(|y| (0..576).map(move |x| (x, y)))
                .filter(|(x, y)| paper.is_dark(*x, *y))
                .count()
        };
        for (name, top, height) in
            [("number", 0, 192), ("text", 192, 30), ("code", 222, 126), ("bars", 348, 48)]
        {
            assert!(dark(top, height) > 0, "{name} is missing");
        }
        assert_eq!(
            (dark(396, 2), dark(398, 30)),
            (2, 0),
            "the image has two dots, then there is a blank line"
        );
        assert_eq!(paper.qr().as_deref(), Some("HI"), "a phone can read the code");
    }

    #[test]
    fn a_barcode_has_the_bars_of_its_symbology() {
        let code = |symbology, data: &str| {
            let (data, align) = (data.to_owned(), Align::Left);
            bars(&Barcode { symbology, data, height_dots: 50, module_dots: 2, text_below: false, align })
        };
        // Start B, A, check symbol 34, stop: 11 modules each, the stop 13.
        let a = code(Symbology::Code128, "{BA").unwrap();
        let text: String = a.iter().map(|bar| char::from(b'0' + bar)).collect();
        assert_eq!(text, "1101001000010100011000100010110001100011101011");
        assert!(code(Symbology::Code39, "A012").is_some());
        assert_eq!(code(Symbology::Code39, "a\u{1}"), None);
    }
}
