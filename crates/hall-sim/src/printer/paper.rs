//! What stands on paper: lines of text, images, codes, feeds and the cut, and what a test or a person asks of it.

use std::time::{Instant, SystemTime};

use super::bitmap::Bitmap;
use super::commands::{Align, DecodeError, Symbology};
use super::decode::decode;
use super::ink::{self, InkError};

/// Font A.
pub const COLUMN_DOTS: u32 = 12;
pub const LINE_DOTS: u32 = 24;

/// What stands on the paper, from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slip {
    pub elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    Line(TextLine),
    Qr(QrCode),
    Barcode(Barcode),
    Image(Image),
    Feed { dots: u32 },
    Cut { partial: bool },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLine {
    pub runs: Vec<Run>,
    pub align: Align,
    /// Paper taken, line spacing included.
    pub height_dots: u32,
}

/// Text of one look. `width` and `height` magnify 1 to 8 times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub width: u8,
    pub height: u8,
    pub bold: bool,
    /// Not what was meant: bytes for which the printer has no character, one column each.
    pub rubbish: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    pub data: String,
    pub module_dots: u8,
    pub align: Align,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    pub symbology: Symbology,
    /// As sent: of CODE128 with its code set, `{B`.
    pub data: String,
    pub height_dots: u8,
    pub module_dots: u8,
    /// Whether the text stands under the bars.
    pub text_below: bool,
    pub align: Align,
}

/// Rows of dots, eight to a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub width_bytes: usize,
    pub rows: usize,
    pub bits: Vec<u8>,
    pub align: Align,
}

impl Slip {
    /// All printed lines of text.
    pub fn text(&self) -> String {
        self.lines().map(TextLine::text).collect::<Vec<_>>().join("\n")
    }

    pub fn lines(&self) -> impl Iterator<Item = &TextLine> {
        self.elements.iter().filter_map(|element| match element {
            Element::Line(line) => Some(line),
            _ => None,
        })
    }

    /// The line in the largest type: on a ticket's slip, its number.
    pub fn largest_line(&self) -> Option<String> {
        self.lines().max_by_key(|line| line.runs.iter().map(|run| run.height).max()).map(TextLine::text)
    }

    /// What the slip's own QR code says, one that the printer drew.
    pub fn qr(&self) -> Option<&str> {
        self.elements.iter().find_map(|element| match element {
            Element::Qr(qr) => Some(qr.data.as_str()),
            _ => None,
        })
    }

    /// What the slip's barcode says, without the code set.
    pub fn barcode(&self) -> Option<&str> {
        self.elements.iter().find_map(|element| match element {
            Element::Barcode(barcode) => Some(barcode.text()),
            _ => None,
        })
    }
}

impl TextLine {
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    pub fn width_dots(&self) -> u32 {
        self.runs.iter().map(Run::width_dots).sum()
    }
}

impl Run {
    pub fn width_dots(&self) -> u32 {
        self.text.chars().map(|c| self.char_dots(c)).sum()
    }

    pub fn char_dots(&self, c: char) -> u32 {
        char_columns(c, self.rubbish) * u32::from(self.width) * COLUMN_DOTS
    }
}

/// Columns of a character: one where GB18030 has one byte, otherwise two; of rubbish always one.
pub fn char_columns(c: char, rubbish: bool) -> u32 {
    if rubbish || c.is_ascii() { 1 } else { 2 }
}

impl Barcode {
    pub fn text(&self) -> &str {
        match (self.symbology, self.data.as_bytes()) {
            (Symbology::Code128, [b'{', b'A'..=b'C', ..]) => &self.data[2..],
            _ => &self.data,
        }
    }
}

/// One piece of paper: up to its cut, or torn off.
#[derive(Debug, Clone)]
pub struct Piece {
    pub slip: Slip,
    pub paper_dots: u32,
    /// The bytes it was printed from.
    pub bytes: Vec<u8>,
    /// When its first byte came, after the last cut.
    pub first_byte: Instant,
    pub first_byte_wall: SystemTime,
}

impl Piece {
    pub fn text(&self) -> String {
        self.slip.text()
    }

    pub fn largest_line(&self) -> Option<String> {
        self.slip.largest_line()
    }

    /// The QR code's text: of one the printer drew, otherwise as read off the images.
    pub fn qr(&self) -> Option<String> {
        self.slip.qr().map(str::to_owned).or_else(|| ink::without_text(&self.slip, self.paper_dots).qr())
    }

    /// Ended by a cut, not torn off.
    pub fn is_whole(&self) -> bool {
        matches!(self.slip.elements.last(), Some(Element::Cut { .. }))
    }

    /// Nothing is printed on it: paper fed and cut.
    pub fn is_blank(&self) -> bool {
        self.slip.elements.iter().all(|element| matches!(element, Element::Feed { .. } | Element::Cut { .. }))
    }

    /// Says that it was printed before. On a slip that is all images, look for the mark with [`Piece::shows`].
    pub fn is_marked_reprint(&self) -> bool {
        self.text().contains("补打")
    }

    /// Something on it is not what was meant: a character the printer does not have.
    pub fn has_rubbish(&self) -> bool {
        self.slip.lines().flat_map(|line| &line.runs).any(|run| run.rubbish)
    }

    /// Every dot of it. Needs the system's font only where there is text.
    pub fn bitmap(&self) -> Result<Bitmap, InkError> {
        ink::draw(&self.slip, self.paper_dots)
    }

    /// Whether the images on it show `picture` somewhere, dot for dot.
    pub fn shows(&self, picture: &Bitmap) -> bool {
        ink::without_text(&self.slip, self.paper_dots).find(picture).is_some()
    }

    /// Reads its bytes strictly: fails on anything another printer might not print as meant.
    pub fn decode(&self) -> Result<Slip, DecodeError> {
        decode(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Model;
    use super::super::virtual_printer::print_on;
    use super::*;

    fn only_piece(bytes: &[u8]) -> Piece {
        let mut paper = print_on(&Model::default(), bytes);
        assert_eq!(paper.len(), 1);
        paper.remove(0)
    }

    /// `GS v 0` in strips of eight rows, as a program sends a picture that must not be spoilt.
    fn in_strips(picture: &Bitmap) -> Vec<u8> {
        let width_bytes = picture.width().div_ceil(8);
        let byte = |column: u32, y: u32| {
            (0..8).fold(0, |byte, bit| byte << 1 | u8::from(picture.is_dark(column * 8 + bit, y)))
        };
        let mut bytes = Vec::new();
        for top in (0..picture.height()).step_by(8) {
            bytes.extend([0x1D, b'v', b'0', 0, width_bytes as u8, 0, 8, 0]);
            bytes.extend((top..top + 8).flat_map(|y| (0..width_bytes).map(move |column| byte(column, y))));
        }
        bytes
    }

    #[test]
    fn a_code_is_read_whoever_drew_it() {
        let native = only_piece(
            b"\x1D(k\x04\0\x31\x41\x32\0\x1D(k\x03\0\x31\x43\x04\x1D(k\x0D\0\x31\x50\x30http://a/b\
            \x1D(k\x03\0\x31\x51\x30\x1DVB\0",
        );
        let raster = only_piece(&[in_strips(&native.bitmap().unwrap()), b"\x1DVB\0".to_vec()].concat());
        assert_eq!(raster.slip.qr(), None);
        assert_eq!((native.qr(), raster.qr()), (Some("http://a/b".into()), Some("http://a/b".into())));
        assert_eq!(only_piece(b"A012\n\x1DVB\0").qr(), None);
    }

    #[test]
    fn a_reprint_is_known_by_its_mark_in_text_or_as_a_picture() {
        let mark = only_piece(b"\x1C&\xB2\xB9\xB4\xF2\n\x1DVB\0");
        assert!(mark.is_marked_reprint());
        let picture = mark.bitmap().unwrap();
        let drawn = only_piece(&[b"A012\n\x1Ba\x01", &in_strips(&picture)[..], b"\n\x1DVB\0"].concat());
        assert!(drawn.shows(&picture) && !drawn.is_marked_reprint());
        let other = only_piece(b"\x1C&\xB2\xB9\xB4\xF3\n\x1DVB\0").bitmap().unwrap();
        assert!(!drawn.shows(&other));
    }

    #[test]
    fn paper_is_whole_torn_or_blank() {
        let table = [
            (&b"A012\n\x1DVB\0"[..], (true, false)),
            (b"A012\n", (false, false)),
            (b"\n\n\x1DVB\0", (true, true)),
        ];
        for (bytes, expect) in table {
            let piece = only_piece(bytes);
            assert_eq!((piece.is_whole(), piece.is_blank()), expect, "{bytes:02X?}");
        }
        assert!(print_on(&Model::default(), b"A012").is_empty(), "a line not ended is not on paper");
    }
}
