//! Blocks to what one printer model can print: text its ROM holds stays text, everything else becomes an image. A
//! printer without Chinese gets the whole document as images.

use super::bitmap::Bitmap;
use super::brush::{Brush, MISSING, Surface};
use super::codes::{Barcode, Qr};
use super::pages::{LEADING_DOTS, line_dots};
use super::sheet::{Align, Block, Line};
use crate::profile::{CodeMode, Profile};
use crate::{Coverage, Fonts};

/// Dashes of a rule are so many times as wide as they are high, and so many times fewer.
const RULE_SCALE: u32 = 8;
const RULE_ROWS: u32 = 2;

/// One thing the printer does.
pub enum Piece {
    /// A line of text and the room below it.
    Text {
        text: String,
        width: u8,
        height: u8,
        bold: bool,
        align: Align,
    },
    /// `doubled`: each dot is printed twice as wide and high.
    Image {
        bitmap: Bitmap,
        doubled: bool,
        align: Align,
    },
    Qr {
        data: String,
        code: Qr,
    },
    Barcode {
        data: String,
        code: Barcode,
    },
    Feed {
        dots: u32,
    },
    Cut,
}

/// The pieces of a document for this printer, the last cut included. `small`: drawn as a whole, it is set in small type.
pub fn pieces(blocks: &[Block], profile: &Profile, brush: Option<&Brush>, small: bool) -> Vec<Piece> {
    let draws_all = profile.text.coverage == Coverage::Ascii && brush.is_some();
    let small = small && draws_all;
    let mut press = Press { profile, brush, draws_all, small, align: Align::Left, pieces: Vec::new() };
    if let Some(brush) = brush {
        let drawn = blocks.iter().filter_map(|block| match block {
            Block::Line(line) if press.is_drawn(line) => Some((line, press.surface(line))),
            _ => None,
        });
        brush.prepare(drawn);
    }
    blocks.iter().for_each(|block| press.block(block));
    press.pieces.push(Piece::Cut);
    press.pieces
}

struct Press<'a> {
    profile: &'a Profile,
    brush: Option<&'a Brush>,
    /// Nothing is sent as text.
    draws_all: bool,
    small: bool,
    /// Of the last text.
    align: Align,
    pieces: Vec<Piece>,
}

impl Press<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Line(line) => self.line(line),
            Block::Rule => self.rule(),
            Block::Gap { dots } => self.pieces.push(Piece::Feed { dots: *dots }),
            Block::Qr { data } => self.qr(data),
            Block::Barcode { data } => self.barcode(data),
            Block::Picture { bitmap, align } => self.image(bitmap.clone(), false, *align),
            Block::Cut => self.pieces.push(Piece::Cut),
        }
    }

    fn line(&mut self, line: &Line) {
        if !self.is_drawn(line) {
            return self.text(line, line.padded(self.profile.columns()));
        }
        let surface = self.surface(line);
        match self.brush.and_then(|brush| brush.draw(line, surface)) {
            Some(bitmap) => {
                let doubled = surface.halved;
                let align = if line.right.is_empty() { line.align } else { Align::Left };
                self.image(bitmap, doubled, align);
                if line.scale == 1 {
                    self.pieces.push(Piece::Feed { dots: LEADING_DOTS });
                }
            }
            None => {
                let text = line.padded(self.profile.columns());
                tracing::warn!(line = text, "printed with {MISSING} for characters the printer lacks");
                self.text(line, substitute(&text, self.profile.text.coverage));
            }
        }
    }

    fn is_drawn(&self, line: &Line) -> bool {
        let coverage = self.profile.text.coverage;
        self.draws_all || !coverage.holds(&line.text) || !coverage.holds(&line.right)
    }

    fn surface(&self, line: &Line) -> Surface {
        let Profile { paper, fonts, image, .. } = self.profile;
        let halved = image.doubles && line.scale > 1 && halves(*fonts);
        let width_dots = paper.dots / if halved { 2 } else { 1 };
        Surface { fonts: *fonts, width_dots, halved, small: self.small }
    }

    fn text(&mut self, line: &Line, text: String) {
        self.align = line.align;
        self.pieces.push(Piece::Text {
            text,
            width: line.scale,
            height: line.scale,
            bold: line.bold,
            align: line.align,
        });
    }

    fn rule(&mut self) {
        let Profile { paper, fonts, image, .. } = self.profile;
        if !self.draws_all {
            let text = "-".repeat((self.profile.columns() / RULE_SCALE) as usize);
            let width = RULE_SCALE as u8;
            // It fills the line, so that any alignment will do.
            let align = self.align;
            return self.pieces.push(Piece::Text { text, width, height: 1, bold: false, align });
        }
        let doubled = image.doubles;
        let scale = if doubled { 2 } else { 1 };
        let mut bitmap = Bitmap::new(paper.dots / scale, RULE_ROWS / scale);
        bitmap.fill(0, 0, paper.dots / scale, RULE_ROWS / scale);
        let rest = line_dots(*fonts, 1) - RULE_ROWS;
        self.pieces.push(Piece::Feed { dots: rest / 2 });
        self.image(bitmap, doubled, Align::Left);
        self.pieces.push(Piece::Feed { dots: rest - rest / 2 });
    }

    /// A slip without its code is better than none.
    fn qr(&mut self, data: &str) {
        let Profile { qr, paper, image, .. } = self.profile;
        let native = qr.mode == CodeMode::Native && !self.draws_all;
        // Even modules can be doubled by the printer: a quarter of the bytes.
        let even = !native && image.doubles;
        let module_dots = if even { qr.module_dots.next_multiple_of(2) } else { qr.module_dots };
        let Some(code) = Qr::fit(data, module_dots, paper.dots) else {
            tracing::warn!(length = data.len(), "the QR code is too long for the paper and left out");
            return;
        };
        if native {
            self.pieces.push(Piece::Qr { data: data.to_owned(), code });
        } else {
            let doubled = image.doubles && code.module_dots() % 2 == 0;
            self.image(code.draw(doubled), doubled, Align::Centre);
        }
    }

    fn barcode(&mut self, data: &str) {
        let Profile { barcode, paper, .. } = self.profile;
        let Some(code) = Barcode::fit(data, barcode.module_dots, paper.dots) else {
            tracing::warn!(data, "the barcode does not fit the paper or holds other characters than ASCII");
            return;
        };
        if barcode.mode == CodeMode::Native && !self.draws_all {
            self.pieces.push(Piece::Barcode { data: data.to_owned(), code });
        } else {
            self.image(code.draw(barcode.height_dots.into()), false, Align::Centre);
        }
    }

    /// Centred images get as many bytes in a row, odd or even, as the paper has: they then begin at a whole byte.
    fn image(&mut self, bitmap: Bitmap, doubled: bool, align: Align) {
        let paper_bytes = self.profile.paper.dots / 8;
        let bytes = bitmap.width_bytes() as u32;
        let bitmap = if align == Align::Centre && !doubled && bytes % 2 != paper_bytes % 2 {
            centred(&bitmap, bytes + 1)
        } else {
            bitmap
        };
        self.pieces.push(Piece::Image { bitmap, doubled, align });
    }
}

fn centred(bitmap: &Bitmap, width_bytes: u32) -> Bitmap {
    let mut wider = Bitmap::new(width_bytes * 8, bitmap.rows());
    wider.draw(bitmap, ((width_bytes * 8 - bitmap.width_dots()) / 2) as i32, 0);
    wider
}

fn halves(fonts: Fonts) -> bool {
    fonts.width_dots.is_multiple_of(2) && fonts.height_dots.is_multiple_of(2)
}

fn substitute(text: &str, coverage: Coverage) -> String {
    let missing = if coverage == Coverage::Ascii { '?' } else { MISSING };
    text.chars().map(|c| if coverage.holds(c.encode_utf8(&mut [0; 4])) { c } else { missing }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_font_what_the_rom_lacks_is_seen_to_be_missing() {
        assert_eq!(substitute("𬭚业登记", Coverage::Gbk), "〓业登记");
        assert_eq!(substitute("业A1", Coverage::Ascii), "?A1");
    }
}
