//! The commands of one slip to what stands on the paper: lines of text, images, codes, the cut.

use encoding_rs::GB18030;

use super::commands::{Align, Command, DecodeError, parse};

/// Printable dots of 80 mm paper at 203 dpi.
pub const PAPER_DOTS: u32 = 576;
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
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    pub data: String,
    pub module_dots: u8,
    pub align: Align,
}

/// CODE128 of ASCII, character set B.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    pub data: String,
    pub module_dots: u8,
    pub height_dots: u32,
    pub align: Align,
}

/// Rows of dots, eight to a byte, from the left edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub width_bytes: usize,
    pub rows: usize,
    pub bits: Vec<u8>,
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

    /// What the slip's QR code says.
    pub fn qr(&self) -> Option<&str> {
        self.elements.iter().find_map(|element| match element {
            Element::Qr(qr) => Some(qr.data.as_str()),
            _ => None,
        })
    }
}

impl TextLine {
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    pub fn width_dots(&self) -> u32 {
        self.runs
            .iter()
            .map(|run| run.text.chars().map(char_columns).sum::<u32>() * u32::from(run.width))
            .sum::<u32>()
            * COLUMN_DOTS
    }
}

/// Columns of a character: one where GB18030 has one byte, otherwise two.
pub fn char_columns(c: char) -> u32 {
    if c.is_ascii() { 1 } else { 2 }
}

/// Reads a slip's bytes. Fails on anything a printer might not print as meant.
pub fn decode(bytes: &[u8]) -> Result<Slip, DecodeError> {
    let mut paper = Paper::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (command, len) = parse(rest)?.ok_or(DecodeError::Truncated)?;
        paper.take(command)?;
        rest = &rest[len..];
    }
    paper.end_of_bytes()
}

#[derive(Default)]
struct Paper {
    slip: Slip,
    runs: Vec<Run>,
    look: Look,
    qr: Qr,
    bars: Bars,
}

/// What `GS h` and `GS w` last said.
#[derive(Default)]
struct Bars {
    height_dots: Option<u8>,
    module_dots: Option<u8>,
}

struct Look {
    align: Align,
    bold: bool,
    width: u8,
    height: u8,
    spacing_dots: u32,
    chinese: bool,
}

#[derive(Default)]
struct Qr {
    model: Option<u8>,
    module_dots: Option<u8>,
    data: Option<Vec<u8>>,
}

impl Default for Look {
    fn default() -> Self {
        Self { align: Align::Left, bold: false, width: 1, height: 1, spacing_dots: 30, chinese: false }
    }
}

impl Paper {
    fn take(&mut self, command: Command) -> Result<(), DecodeError> {
        match command {
            Command::Idle | Command::AskPaper | Command::ProcessId(_) | Command::AskRealTime(_) => {}
            Command::Text(bytes) => self.text(&bytes)?,
            Command::LineFeed => self.line_feed()?,
            Command::Initialise => {
                (self.look, self.qr, self.bars) = (Look::default(), Qr::default(), Bars::default());
            }
            Command::Align(align) => self.at_line_start("ESC a")?.align = align,
            Command::Bold(bold) => self.look.bold = bold,
            Command::Size { width, height } => (self.look.width, self.look.height) = (width, height),
            Command::LineSpacing(dots) => self.look.spacing_dots = dots.into(),
            Command::ChineseMode(chinese) => self.look.chinese = chinese,
            Command::FeedDots(dots) => self.feed(dots.into())?,
            Command::FeedLines(lines) => {
                self.line_feed()?;
                self.feed(u32::from(lines).saturating_sub(1) * self.look.spacing_dots)?;
            }
            Command::Cut { partial } => {
                self.at_line_start("GS V")?;
                self.slip.elements.push(Element::Cut { partial });
            }
            Command::QrModel(model) => self.qr.model = Some(model),
            Command::QrModule(dots) => self.qr.module_dots = Some(dots),
            Command::QrLevel(48..=51) => {}
            Command::QrLevel(level) => {
                return Err(DecodeError::BadValue { command: "QR level", value: level.into() });
            }
            Command::QrStore(data) => self.qr.data = Some(data),
            Command::QrPrint => self.qr()?,
            Command::BarcodeHeight(dots) => self.bars.height_dots = Some(dots),
            Command::BarcodeModule(dots) => self.bars.module_dots = Some(dots),
            Command::Barcode(data) => self.barcode(&data)?,
            Command::Image { width_bytes, rows, bits } => self.image(width_bytes, rows, bits)?,
        }
        Ok(())
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        if !self.look.chinese && !bytes.is_ascii() {
            return Err(DecodeError::NotInChineseMode(bytes.to_vec()));
        }
        let text = GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| DecodeError::BadText(bytes.to_vec()))?
            .into_owned();
        let Look { width, height, bold, .. } = self.look;
        self.runs.push(Run { text, width, height, bold });
        Ok(())
    }

    fn line_feed(&mut self) -> Result<(), DecodeError> {
        let runs = std::mem::take(&mut self.runs);
        let tallest = runs.iter().map(|run| u32::from(run.height) * LINE_DOTS).max().unwrap_or(0);
        let height_dots = tallest.max(self.look.spacing_dots);
        if runs.is_empty() {
            self.slip.elements.push(Element::Feed { dots: height_dots });
            return Ok(());
        }
        let line = TextLine { runs, align: self.look.align, height_dots };
        if line.width_dots() > PAPER_DOTS {
            return Err(DecodeError::LineTooWide { text: line.text(), width_dots: line.width_dots() });
        }
        self.slip.elements.push(Element::Line(line));
        Ok(())
    }

    fn at_line_start(&mut self, command: &'static str) -> Result<&mut Look, DecodeError> {
        if self.runs.is_empty() { Ok(&mut self.look) } else { Err(DecodeError::InsideLine(command)) }
    }

    fn feed(&mut self, dots: u32) -> Result<(), DecodeError> {
        self.at_line_start("feed")?;
        self.slip.elements.push(Element::Feed { dots });
        Ok(())
    }

    fn qr(&mut self) -> Result<(), DecodeError> {
        let align = self.at_line_start("QR code")?.align;
        let Qr { model: Some(model), module_dots: Some(module_dots), data: Some(data) } = &self.qr else {
            return Err(DecodeError::QrIncomplete);
        };
        if *model != 50 {
            return Err(DecodeError::BadValue { command: "QR model", value: (*model).into() });
        }
        let data =
            String::from_utf8(data.clone()).map_err(|error| DecodeError::BadText(error.into_bytes()))?;
        self.slip.elements.push(Element::Qr(QrCode { data, module_dots: *module_dots, align }));
        Ok(())
    }

    fn image(&mut self, width_bytes: usize, rows: usize, bits: Vec<u8>) -> Result<(), DecodeError> {
        self.at_line_start("GS v 0")?;
        if width_bytes * 8 > PAPER_DOTS as usize {
            return Err(DecodeError::BadValue { command: "GS v 0 width", value: width_bytes as u32 });
        }
        if bits.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14])) {
            return Err(DecodeError::RealTimeInImage);
        }
        let room = PAPER_DOTS as usize / 8 - width_bytes;
        let left = match self.look.align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        };
        let row = |row: &[u8]| [&vec![0; left], row].concat();
        let bits = bits.chunks(width_bytes.max(1)).flat_map(row).collect();
        self.slip.elements.push(Element::Image(Image { width_bytes: left + width_bytes, rows, bits }));
        Ok(())
    }

    fn barcode(&mut self, data: &[u8]) -> Result<(), DecodeError> {
        let align = self.at_line_start("GS k")?.align;
        let Bars { height_dots: Some(height), module_dots: Some(module_dots) } = self.bars else {
            return Err(DecodeError::BadValue { command: "GS k before GS h and GS w", value: 0 });
        };
        let text = data
            .strip_prefix(b"{B")
            .filter(|text| text.len() >= 2 && text.iter().all(|c| (32..127).contains(c)));
        let text = text.and_then(|text| std::str::from_utf8(text).ok());
        let data = text.ok_or_else(|| DecodeError::BadText(data.to_vec()))?.replace("{{", "{");
        let barcode = Barcode { data, module_dots, height_dots: height.into(), align };
        self.slip.elements.push(Element::Barcode(barcode));
        Ok(())
    }

    fn end_of_bytes(self) -> Result<Slip, DecodeError> {
        if self.runs.is_empty() { Ok(self.slip) } else { Err(DecodeError::Truncated) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_reads_as_it_looks() {
        let bytes = b"\x1B@\x1C&\x1Ba\x01\x1D!\x77A012\n\x1D!\x00\xC7\xEB\xB5\xC8\xBA\xF2\n\x1DVB\0";
        let slip = decode(bytes).unwrap();
        assert_eq!(slip.text(), "A012\n请等候");
        assert_eq!(slip.largest_line().as_deref(), Some("A012"));
        let widths: Vec<u32> = slip.lines().map(TextLine::width_dots).collect();
        assert_eq!(widths, [384, 72]);
        assert_eq!(slip.elements.last(), Some(&Element::Cut { partial: true }));
    }

    #[test]
    fn what_would_print_as_rubbish_is_an_error() {
        use DecodeError::*;
        let table: Vec<(Vec<u8>, DecodeError)> = vec![
            (b"\x1B@\xC7\xEB\n".to_vec(), NotInChineseMode(vec![0xC7, 0xEB])),
            (b"\x1C&\xC7\n".to_vec(), BadText(vec![0xC7])),
            (b"A012".to_vec(), Truncated),
            (b"A\x1Ba\x01".to_vec(), InsideLine("ESC a")),
            (b"\x1D(k\x03\0\x31\x51\x30".to_vec(), QrIncomplete),
            (
                [b'-'; 49].iter().chain(b"\n").copied().collect(),
                LineTooWide { text: "-".repeat(49), width_dots: 588 },
            ),
            (b"\x1Dv0\0\x02\0\x01\0\x10\x04".to_vec(), RealTimeInImage),
        ];
        for (bytes, expect) in table {
            assert_eq!(decode(&bytes), Err(expect), "{bytes:02X?}");
        }
    }
}
