//! What the program must know of a printer model: TOML with strict keys. A profile may inherit another one, states
//! only what differs, and names a source for each of these facts.

mod check;
mod facts;
mod load;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::Coverage;

pub use facts::Fact;

/// One printer model, complete.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The file's name without its ending, `epson-eu-m30`.
    #[serde(skip)]
    pub name: String,
    pub meta: Meta,
    pub serial: Serial,
    pub paper: Paper,
    pub fonts: Fonts,
    pub text: Text,
    pub init: Init,
    pub image: ImageSection,
    pub cut: CutSection,
    pub qr: QrSection,
    pub barcode: BarcodeSection,
    pub status: StatusSection,
    /// Where each fact is from, by section (`serial`) or key (`serial.baud`): a manual with its page, an address.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// `generic` for a base that describes no model: it needs no sources.
    pub vendor: String,
    pub model: String,
    pub verified: Verified,
}

/// How far the profile's facts can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Tried on a printer.
    Hardware,
    /// Read in its manual.
    Manual,
    /// From data sheets or relatives of the model.
    Unverified,
}

/// Always 8 data bits and 1 stop bit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serial {
    pub baud: u32,
    /// Rates to try when it does not answer at `baud`, for `hall-print detect`.
    pub candidates: Vec<u32>,
    pub parity: Parity,
    pub flow: Flow,
    /// Bytes written at once.
    pub chunk_bytes: usize,
    /// Takes no bytes at all, questions included, while it is off-line.
    pub busy_on_offline: bool,
    /// How long the printer may refuse data, beyond the time the line needs, before a slip is given up.
    pub write_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parity {
    None,
    Odd,
    Even,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    None,
    /// RTS/CTS on this side; for a DTR/DSR printer the cable brings its DTR to CTS.
    Hardware,
    /// XON/XOFF.
    Software,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub width_mm: u32,
    pub dpi: u32,
    /// Printable width: 576 on 80 mm, 384 on 58 mm, both at 203 dpi.
    pub dots: u32,
    /// From the print head to the cutter: paper that every cut costs.
    pub to_cutter_dots: u32,
    /// Length of a new roll, for the forecast of its end.
    pub roll_m: u32,
}

/// The cell of a character of one byte; a Hanzi takes two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    pub width_dots: u32,
    pub height_dots: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What the ROM holds; lines with other characters are drawn.
    pub coverage: Coverage,
    /// Switches Chinese on, in hexadecimal: `1C 26` is `FS &`. Follows each `ESC @`.
    #[serde(deserialize_with = "hexadecimal")]
    pub kanji_on: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Init {
    /// Sent after `ESC @`, in hexadecimal.
    #[serde(deserialize_with = "hexadecimal")]
    pub extra: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSection {
    /// Rows in one `GS v 0`: cheap printers have a small image buffer.
    pub strip_rows: usize,
    /// Whether `GS v 0` doubles width and height (m = 3): large type then needs a quarter of the bytes.
    pub doubles: bool,
    /// Whether it obeys `DLE EOT`, `DLE ENQ` and `DLE DC4` inside image data; such bytes are then avoided.
    pub obeys_dle: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutSection {
    pub mode: Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// Leaves a bridge of paper, so that no slip falls to the floor.
    Partial,
    Full,
    /// No cutter: the slip is fed out as far and torn off.
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrSection {
    pub mode: CodeMode,
    /// Side of a module in dots, 3 to 16.
    pub module_dots: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarcodeSection {
    pub mode: CodeMode,
    /// Width of the narrowest bar in dots, 2 to 6.
    pub module_dots: u8,
    pub height_dots: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeMode {
    /// The printer's own: `GS ( k` for QR codes, `GS k` for barcodes.
    Native,
    /// Drawn and sent as an image.
    Raster,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusSection {
    /// Which `DLE EOT n` the printer answers; empty for one that answers nothing.
    pub dle_eot: Vec<u8>,
    /// Whether it tells its condition by itself once asked to by `GS a`.
    pub asb: bool,
    /// Whether it has a sensor for the paper's near end.
    pub near_end: bool,
    pub reply_ms: u64,
    pub ack: Ack,
    /// How long printing may take beyond the time the line needs.
    pub ack_ms: u64,
}

/// By what a printer proves that it printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ack {
    /// `GS ( H` function 48: its answer carries our id and comes when printing is done.
    ProcessId,
    /// `GS r 1`: answered in order, so what came before it was processed.
    GsR,
    /// Nothing: every slip stays unconfirmed.
    None,
}

impl Profile {
    /// Columns of one-byte characters at normal width.
    pub fn columns(&self) -> u32 {
        self.paper.dots / self.fonts.width_dots
    }

    fn check(&self) -> Result<(), String> {
        let Self { paper, fonts, image, qr, barcode, status, serial, .. } = self;
        let faults = [
            (
                !(240..=832).contains(&paper.dots) || paper.dots % 8 != 0,
                "paper.dots: 240 to 832, a multiple of 8",
            ),
            (!(8..=24).contains(&fonts.width_dots), "fonts.width_dots: 8 to 24"),
            (!(16..=48).contains(&fonts.height_dots), "fonts.height_dots: 16 to 48"),
            (!(1..=255).contains(&image.strip_rows), "image.strip_rows: 1 to 255"),
            (!(3..=16).contains(&qr.module_dots), "qr.module_dots: 3 to 16"),
            (!(2..=6).contains(&barcode.module_dots), "barcode.module_dots: 2 to 6"),
            (!(24..=255).contains(&barcode.height_dots), "barcode.height_dots: 24 to 255"),
            (status.dle_eot.iter().any(|n| !(1..=4).contains(n)), "status.dle_eot: numbers from 1 to 4"),
            (!(1200..=4_000_000).contains(&serial.baud), "serial.baud: 1200 to 4000000"),
            // Kernels report room from 256 free bytes on: a larger write could block beyond its deadline.
            (!(1..=256).contains(&serial.chunk_bytes), "serial.chunk_bytes: 1 to 256"),
        ];
        match faults.iter().find(|(wrong, _)| *wrong) {
            Some((_, expected)) => Err(format!("expected {expected}")),
            None => Ok(()),
        }
    }

    /// Dots on a new roll.
    pub(crate) fn new_roll_dots(&self) -> u64 {
        let Paper { roll_m, dpi, .. } = self.paper;
        u64::from(roll_m) * u64::from(dpi) * 10_000 / 254
    }

    /// Time the serial line needs for `bytes`: ten bits each, eleven with parity.
    pub(crate) fn line_time(&self, bytes: usize) -> Duration {
        let bits = if self.serial.parity == Parity::None { 10 } else { 11 };
        Duration::from_micros(bytes as u64 * bits * 1_000_000 / u64::from(self.serial.baud))
    }
}

/// `1C 26` as bytes.
fn hexadecimal<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(input)?;
    text.split_whitespace()
        .map(|byte| match byte.len() {
            2 => u8::from_str_radix(byte, 16),
            _ => u8::from_str_radix("", 16),
        })
        .collect::<Result<_, _>>()
        .map_err(|_| serde::de::Error::custom(format!("{text:?}: expected bytes such as \"1C 26\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_takes_ten_bits_a_byte() {
        let mut profile = Profile::generic();
        profile.serial.baud = 9600;
        assert_eq!(profile.line_time(960), Duration::from_secs(1));
    }
}
