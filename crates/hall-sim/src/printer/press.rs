//! Commands to paper, as hardware does it: whatever comes, something is printed or nothing, and it goes on. What a
//! careful sender would not have sent is noted, for the strict reader.

use super::commands::{Align, Command, DecodeError, Symbology};
use super::model::Model;
use super::paper::{
    Barcode, COLUMN_DOTS, Element, Image, LINE_DOTS, QrCode, Run, Slip, TextLine, char_columns,
};
use super::parse::DLE;
use super::rom::{Printed, Rom};

/// 8 m of paper: nobody waits for a cut any longer.
const PIECE_DOTS_MAX: u32 = 64_000;
const PIECE_ELEMENTS_MAX: usize = 8_000;
/// Of the largest QR code.
const QR_MODULES_MAX: u32 = 177;
/// The most a QR code holds.
const QR_BYTES_MAX: usize = 7_089;

#[derive(Debug)]
pub struct Press {
    rom: Rom,
    paper_dots: u32,
    look: Look,
    qr: Qr,
    bars: Bars,
    /// Text of which the last character may not be complete.
    bytes: Vec<u8>,
    /// The line in the print buffer.
    runs: Vec<Run>,
    paper: Slip,
    length_dots: u32,
    complaint: Option<DecodeError>,
}

#[derive(Debug)]
struct Look {
    align: Align,
    bold: bool,
    width: u8,
    height: u8,
    spacing_dots: u32,
    chinese: bool,
}

#[derive(Debug, Default)]
struct Qr {
    model: Option<u8>,
    module_dots: Option<u8>,
    data: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Bars {
    height_dots: u8,
    module_dots: u8,
    text_below: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { align: Align::Left, bold: false, width: 1, height: 1, spacing_dots: 30, chinese: false }
    }
}

impl Default for Bars {
    fn default() -> Self {
        Self { height_dots: 162, module_dots: 3, text_below: false }
    }
}

impl Press {
    pub fn new(model: &Model) -> Self {
        Self {
            rom: model.rom,
            paper_dots: model.paper_dots,
            look: Look::default(),
            qr: Qr::default(),
            bars: Bars::default(),
            bytes: Vec::new(),
            runs: Vec::new(),
            paper: Slip::default(),
            length_dots: 0,
            complaint: None,
        }
    }

    /// Takes the paper printed so far off; the line in the print buffer stays.
    pub fn tear_off(&mut self) -> Slip {
        self.length_dots = 0;
        std::mem::take(&mut self.paper)
    }

    pub fn has_paper_out(&self) -> bool {
        self.paper.elements.iter().any(|element| !matches!(element, Element::Feed { .. }))
    }

    /// So much hangs out that it falls off by itself.
    pub fn is_too_long(&self) -> bool {
        self.length_dots > PIECE_DOTS_MAX || self.paper.elements.len() > PIECE_ELEMENTS_MAX
    }

    /// Forgets everything that is not on paper.
    pub fn reset(&mut self) {
        (self.look, self.qr, self.bars) = (Look::default(), Qr::default(), Bars::default());
        self.forget_line();
    }

    pub fn forget_line(&mut self) {
        self.bytes.clear();
        self.runs.clear();
    }

    /// The first thing a careful sender would not have sent.
    pub fn complaint(&mut self) -> Option<DecodeError> {
        self.complaint.take()
    }

    /// The paper, when no line is left in the print buffer.
    pub fn end(self) -> Result<Slip, DecodeError> {
        if self.line_is_empty() { Ok(self.paper) } else { Err(DecodeError::Truncated) }
    }

    fn complain(&mut self, error: DecodeError) {
        self.complaint.get_or_insert(error);
    }

    pub fn print(&mut self, command: Command) {
        if !matches!(command, Command::Text(_)) {
            self.end_of_text();
        }
        match command {
            Command::Idle
            | Command::AskPaper
            | Command::AskDrawer
            | Command::AutoStatus(_)
            | Command::ProcessId(_)
            | Command::RealTime(_) => {}
            Command::Text(bytes) => self.text(&bytes),
            Command::LineFeed => self.line_feed(),
            Command::Initialise => {
                self.at_line_start("ESC @");
                self.reset();
            }
            Command::Align(align) => {
                if self.at_line_start("ESC a") {
                    self.look.align = align;
                }
            }
            Command::Bold(bold) => self.look.bold = bold,
            Command::Size { width, height } => (self.look.width, self.look.height) = (width, height),
            Command::LineSpacing(dots) => self.look.spacing_dots = dots.into(),
            Command::ChineseMode(chinese) => self.look.chinese = chinese,
            Command::FeedDots(dots) => {
                self.finish_line("ESC J");
                self.feed(dots.into());
            }
            Command::FeedLines(lines) => {
                self.line_feed();
                self.feed(u32::from(lines).saturating_sub(1) * self.look.spacing_dots);
            }
            Command::Cut { partial } => {
                self.finish_line("GS V");
                self.put(Element::Cut { partial }, 0);
            }
            Command::QrModel(model) => self.qr.model = Some(model),
            Command::QrModule(dots) => self.qr.module_dots = Some(dots.clamp(1, 16)),
            Command::QrLevel(level) => {
                if !(48..=51).contains(&level) {
                    self.complain(DecodeError::BadValue { command: "QR level", value: level.into() });
                }
            }
            Command::QrStore(mut data) => {
                data.truncate(QR_BYTES_MAX);
                self.qr.data = Some(data);
            }
            Command::QrPrint => self.print_qr(),
            Command::BarcodeHeight(dots) => self.bars.height_dots = dots.max(1),
            Command::BarcodeModule(dots) => self.bars.module_dots = dots.clamp(1, 6),
            Command::BarcodeText(below) => self.bars.text_below = below,
            Command::Barcode { symbology, data } => self.print_barcode(symbology, data),
            Command::Image { width_bytes, rows, bits } => self.print_image(width_bytes, rows, bits),
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        if !self.look.chinese && !bytes.is_ascii() {
            self.complain(DecodeError::NotInChineseMode(bytes.to_vec()));
        }
        self.bytes.extend(bytes);
        self.set_characters();
    }

    /// Sets the characters that are complete.
    fn set_characters(&mut self) {
        let mut done = 0;
        while let Some((printed, len)) = self.rom.print(&self.bytes[done..], self.look.chinese) {
            if printed.iter().any(|printed| printed.rubbish) {
                self.complain(DecodeError::BadText(self.bytes[done..done + len].to_vec()));
            }
            for printed in printed {
                self.set_character(printed);
            }
            done += len;
        }
        self.bytes.drain(..done);
    }

    /// A first byte without the rest of its character is rubbish.
    fn end_of_text(&mut self) {
        while !self.bytes.is_empty() {
            self.complain(DecodeError::BadText(self.bytes.clone()));
            self.bytes.remove(0);
            self.set_character(Printed { char: '?', rubbish: true });
            self.set_characters();
        }
    }

    /// A line that is full is printed, and the text goes on in the next.
    fn set_character(&mut self, Printed { char, rubbish }: Printed) {
        let Look { width, height, bold, .. } = self.look;
        let set: u32 = self.runs.iter().map(Run::width_dots).sum();
        let width_dots = set + char_columns(char, rubbish) * u32::from(width) * COLUMN_DOTS;
        if width_dots > self.paper_dots {
            let text = self.runs.iter().flat_map(|run| run.text.chars()).chain([char]).collect();
            self.complain(DecodeError::LineTooWide { text, width_dots });
            self.put_line();
        }
        match self.runs.last_mut() {
            Some(run) if (run.width, run.height, run.bold, run.rubbish) == (width, height, bold, rubbish) => {
                run.text.push(char);
            }
            _ => self.runs.push(Run { text: char.into(), width, height, bold, rubbish }),
        }
    }

    fn line_is_empty(&self) -> bool {
        self.runs.is_empty() && self.bytes.is_empty()
    }

    fn at_line_start(&mut self, command: &'static str) -> bool {
        if !self.line_is_empty() {
            self.complain(DecodeError::InsideLine(command));
        }
        self.line_is_empty()
    }

    fn finish_line(&mut self, command: &'static str) {
        if !self.at_line_start(command) {
            self.put_line();
        }
    }

    fn line_feed(&mut self) {
        if self.runs.is_empty() { self.feed(self.look.spacing_dots) } else { self.put_line() }
    }

    fn put_line(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let tallest = runs.iter().map(|run| u32::from(run.height) * LINE_DOTS).max().unwrap_or(0);
        let height_dots = tallest.max(self.look.spacing_dots);
        self.put(Element::Line(TextLine { runs, align: self.look.align, height_dots }), height_dots);
    }

    fn feed(&mut self, dots: u32) {
        if dots > 0 {
            self.put(Element::Feed { dots }, dots);
        }
    }

    fn put(&mut self, element: Element, dots: u32) {
        self.paper.elements.push(element);
        self.length_dots += dots;
    }

    fn print_qr(&mut self) {
        self.finish_line("QR code");
        if self.qr.model != Some(50) {
            self.complain(match self.qr.model {
                Some(model) => DecodeError::BadValue { command: "QR model", value: model.into() },
                None => DecodeError::CodeIncomplete,
            });
        }
        if self.qr.module_dots.is_none() {
            self.complain(DecodeError::CodeIncomplete);
        }
        let Some(data) = &self.qr.data else {
            return self.complain(DecodeError::CodeIncomplete);
        };
        let text = String::from_utf8_lossy(data).into_owned();
        if text.as_bytes() != data {
            self.complain(DecodeError::BadText(data.clone()));
        }
        let module_dots = self.qr.module_dots.unwrap_or(3);
        let code = QrCode { data: text, module_dots, align: self.look.align };
        self.put(Element::Qr(code), QR_MODULES_MAX * u32::from(module_dots));
    }

    fn print_barcode(&mut self, symbology: Symbology, data: Vec<u8>) {
        self.finish_line("GS k");
        let code_set = matches!(*data, [b'{', b'A'..=b'C', _, ..]);
        if !data.is_ascii() || data.is_empty() || (symbology == Symbology::Code128 && !code_set) {
            return self.complain(DecodeError::BadText(data));
        }
        let data = String::from_utf8_lossy(&data).into_owned();
        let Bars { height_dots, module_dots, text_below } = self.bars;
        let code = Barcode { symbology, data, height_dots, module_dots, text_below, align: self.look.align };
        self.put(Element::Barcode(code), u32::from(height_dots) + LINE_DOTS);
    }

    /// Dots beyond the paper's edge are not printed; in the middle of a line nothing is.
    fn print_image(&mut self, width_bytes: usize, rows: usize, bits: Vec<u8>) {
        if width_bytes * 8 > self.paper_dots as usize {
            self.complain(DecodeError::BadValue { command: "GS v 0 width", value: width_bytes as u32 });
        }
        if bits.contains(&DLE) && bits.windows(2).any(|pair| matches!(pair, [DLE, 0x04 | 0x05 | 0x14])) {
            self.complain(DecodeError::RealTimeInImage);
        }
        if self.at_line_start("GS v 0") {
            let image = Image { width_bytes, rows, bits, align: self.look.align };
            self.put(Element::Image(image), rows as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Parsed, parse};
    use super::*;

    fn paper(model: &Model, bytes: &[u8]) -> Vec<Element> {
        let mut press = Press::new(model);
        let mut rest = bytes;
        while !rest.is_empty() {
            match parse(rest, model) {
                Parsed::Command(command, len) => {
                    press.print(command);
                    rest = &rest[len..];
                }
                Parsed::Strange(_, len) => rest = &rest[len..],
                Parsed::Needs(_) => break,
            }
        }
        press.tear_off().elements
    }

    fn lines(model: &Model, bytes: &[u8]) -> Vec<String> {
        Slip { elements: paper(model, bytes) }.lines().map(TextLine::text).collect()
    }

    #[test]
    fn hardware_prints_something_whatever_comes() {
        let gbk = Model { rom: Rom::Gbk, ..Model::default() };
        let barless = Model { barcodes: false, ..gbk.clone() };
        let narrow = Model::narrow();
        let table: Vec<(&Model, &[u8], &[&str])> = vec![
            (&gbk, b"\x1C&\xC7\xEB\n", &["请"]),
            (&gbk, b"\xC7\xEB\n", &["╟δ"]),
            (&gbk, b"\x1C&\xC7\n", &["?"]),
            (&gbk, b"\x1C&\xC7A\n", &["茿"]),
            (&gbk, b"\x1C&\x99\x30\n", &["?0"]),
            (&narrow, b"12345678901234567890123456789012345\n", &["12345678901234567890123456789012", "345"]),
            (&gbk, b"A\x1Ba\x01B\n", &["AB"]),
            (&gbk, b"lost\x1B@A012\n", &["A012"]),
            (&gbk, b"A012\x1DVB\0", &["A012"]),
            (&gbk, b"A\x07\x7F\x1B?1B\n", &["AB"]),
            (&barless, b"\x1DkI\x05{BA12\n", &["I{BA12"]),
            (&gbk, b"\x1DkI\x05{BA12", &[]),
        ];
        for (model, bytes, expect) in table {
            assert_eq!(lines(model, bytes), expect, "{bytes:02X?}");
        }
    }

    #[test]
    fn a_picture_in_the_middle_of_a_line_is_not_printed() {
        let picture = b"\x1Dv0\0\x01\0\x01\0\xFF";
        assert_eq!(paper(&Model::default(), picture).len(), 1);
        assert_eq!(paper(&Model::default(), &[b"A", &picture[..]].concat()).len(), 0);
    }
}
