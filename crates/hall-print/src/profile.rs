//! What the program must know of a printer model: TOML with strict keys. A profile may inherit the generic one
//! and states only what differs.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::{Table, Value};

use crate::{Coverage, Error};

const GENERIC_NAME: &str = "generic-80mm";
const GENERIC: &str = include_str!("../../../printer-profiles/generic-80mm.toml");

/// One printer model, complete.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub meta: Meta,
    pub serial: Serial,
    pub paper: Paper,
    pub text: Text,
    pub image: ImageSection,
    pub cut: CutSection,
    pub qr: QrSection,
    pub status: StatusSection,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    pub vendor: String,
    pub model: String,
    pub verified: Verified,
    /// Where the facts are from: manuals with pages, addresses.
    pub sources: Vec<String>,
}

/// How far the profile's facts can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    Hardware,
    Manual,
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

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What the ROM holds; lines with other characters are drawn.
    pub coverage: Coverage,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSection {
    /// Rows in one `GS v 0`: cheap printers have a small image buffer.
    pub strip_rows: usize,
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
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrSection {
    pub mode: Qr,
    /// Side of a module in dots, 3 to 16.
    pub module_dots: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Qr {
    /// `GS ( k`.
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
    /// A common 80 mm ESC/POS printer with a GBK ROM.
    pub fn generic() -> Self {
        match Self::parse(GENERIC_NAME, GENERIC) {
            Ok(profile) => profile,
            Err(error) => unreachable!("the embedded profile is tested: {error}"),
        }
    }

    /// Reads a profile file. Errors name the file and the key.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::ReadProfile { path: name.clone(), source })?;
        Self::parse(&name, &text)
    }

    fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let bad = |message: String| Error::BadProfile { name: name.to_owned(), message };
        let mut own: Table = text.parse().map_err(|error: toml::de::Error| bad(error.to_string()))?;
        let table = match own.remove("inherits") {
            None => own,
            Some(Value::String(base)) if base == GENERIC_NAME => {
                let base = GENERIC.parse().map_err(|error: toml::de::Error| bad(error.to_string()))?;
                overlay(base, own)
            }
            Some(other) => {
                return Err(bad(format!("inherits = {other}: only \"{GENERIC_NAME}\" can be inherited")));
            }
        };
        let profile: Profile = table.try_into().map_err(|error: toml::de::Error| bad(error.to_string()))?;
        profile.check().map_err(bad)?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), String> {
        let Self { paper, qr, status, serial, .. } = self;
        let faults = [
            (
                !(240..=832).contains(&paper.dots) || paper.dots % 8 != 0,
                "paper.dots: 240 to 832, a multiple of 8",
            ),
            (!(3..=16).contains(&qr.module_dots), "qr.module_dots: 3 to 16"),
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

/// `own` over `base`, section by section, key by key.
fn overlay(mut base: Table, own: Table) -> Table {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => *under = overlay(std::mem::take(under), over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_in_the_folder_can_be_used_and_says_where_its_facts_are_from() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../printer-profiles");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ext| ext == "toml") {
                let profile = Profile::load(&path).unwrap();
                assert!(!profile.meta.sources.is_empty(), "{}", path.display());
                seen += 1;
            }
        }
        assert!(seen >= 4, "only {seen} profiles found");
    }

    #[test]
    fn a_profile_states_only_what_differs() {
        let text = "inherits = \"generic-80mm\"\n[serial]\nbaud = 19200\n";
        let generic = Profile::generic();
        let expect = Profile { serial: Serial { baud: 19200, ..generic.serial.clone() }, ..generic };
        assert_eq!(Profile::parse("test", text).unwrap(), expect);
    }

    #[test]
    fn mistakes_are_named() {
        let table = [
            ("[serial]\nbuad = 9600", "unknown field `buad`"),
            ("[printer]\nx = 1", "unknown field `printer`"),
            ("[paper]\ndots = 100", "paper.dots"),
            ("[text]\ncoverage = \"big5\"", "unknown variant `big5`"),
            ("[status]\ndle_eot = [5]", "status.dle_eot"),
            ("[cut\n", "line 2"),
        ];
        for (text, expect) in table {
            let text = format!("inherits = \"generic-80mm\"\n{text}\n");
            let message = Profile::parse("test", &text).unwrap_err().to_string();
            assert!(message.contains(expect), "{message:?} should name {expect}");
        }
        let message = Profile::parse("test", "inherits = \"other\"").unwrap_err().to_string();
        assert!(message.contains("generic-80mm"), "{message}");
    }

    #[test]
    fn the_line_takes_ten_bits_a_byte() {
        let mut profile = Profile::generic();
        profile.serial.baud = 9600;
        assert_eq!(profile.line_time(960), Duration::from_secs(1));
    }
}
