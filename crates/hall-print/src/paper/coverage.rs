//! Which characters a printer's ROM holds, so that the others can be drawn instead of printed as rubbish.

use encoding_rs::GB18030;
use serde::Deserialize;

/// The character set in a printer's ROM, named by the part of GB18030 it can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Coverage {
    /// No Chinese ROM: ASCII only.
    #[serde(rename = "none")]
    Ascii,
    #[serde(rename = "gb2312")]
    Gb2312,
    #[serde(rename = "gbk")]
    Gbk,
    /// All two-byte characters of GB18030.
    #[serde(rename = "gb18030-2b")]
    Gb18030TwoByte,
    #[serde(rename = "gb18030-4b")]
    Gb18030,
}

impl Coverage {
    /// Whether every character of `text` is in the ROM.
    pub fn holds(self, text: &str) -> bool {
        text.chars().all(|c| self.holds_char(c))
    }

    fn holds_char(self, c: char) -> bool {
        let mut utf8 = [0; 4];
        let (bytes, _, unmappable) = GB18030.encode(c.encode_utf8(&mut utf8));
        match (&*bytes, self) {
            _ if unmappable => false,
            ([_], _) => true,
            (_, Coverage::Ascii) => false,
            ([lead, trail], Coverage::Gb2312) => in_gb2312(*lead, *trail),
            ([lead, trail], Coverage::Gbk) => !only_gb18030(*lead, *trail),
            ([_, _], _) => true,
            (_, coverage) => coverage == Coverage::Gb18030,
        }
    }
}

/// Assigned cells of GB/T 2312-1980, rows 1-9 (symbols) and 16-87 (Hanzi).
fn in_gb2312(lead: u8, trail: u8) -> bool {
    match lead {
        0xA1 | 0xA3 => trail >= 0xA1,
        0xA2 => matches!(trail, 0xB1..=0xE2 | 0xE5..=0xEE | 0xF1..=0xFC),
        0xA4 => matches!(trail, 0xA1..=0xF3),
        0xA5 => matches!(trail, 0xA1..=0xF6),
        0xA6 => matches!(trail, 0xA1..=0xB8 | 0xC1..=0xD8),
        0xA7 => matches!(trail, 0xA1..=0xC1 | 0xD1..=0xF1),
        0xA8 => matches!(trail, 0xA1..=0xBA | 0xC5..=0xE9),
        0xA9 => matches!(trail, 0xA4..=0xEF),
        0xD7 => matches!(trail, 0xA1..=0xF9),
        0xB0..=0xF7 => trail >= 0xA1,
        _ => false,
    }
}

/// Two-byte cells that GB18030 added to what GBK printers commonly hold (CP936).
fn only_gb18030(lead: u8, trail: u8) -> bool {
    match lead {
        0xA2 => trail == 0xE3,
        0xA6 => matches!(trail, 0xD9..=0xDF | 0xEC..=0xED | 0xF3),
        0xA8 => trail == 0xBF,
        0xA9 => matches!(trail, 0x89..=0x95),
        0xFE => trail >= 0x50,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rom_holds_its_part_of_gb18030() {
        use Coverage::*;
        // text, and whether each of Ascii, Gb2312, Gbk, two-byte and all of GB18030 holds it
        let table = [
            ("A012", [true, true, true, true, true]),
            ("不动产登记", [false, true, true, true, true]),
            ("①⑴Ⅳ℃、￥", [false, true, true, true, true]),
            ("朱镕基", [false, false, true, true, true]),
            ("ⅳ", [false, false, true, true, true]),
            ("ＡＢ１２【补打】□", [false, true, true, true, true]),
            ("12–25", [false, false, true, true, true]),
            ("䶮", [false, false, false, true, true]),
            ("鿏", [false, false, false, false, true]),
            ("€", [false, false, false, true, true]),
            ("𬭚", [false, false, false, false, true]),
            ("㛃", [false, false, false, false, true]),
        ];
        for (text, expect) in table {
            let got = [Ascii, Gb2312, Gbk, Gb18030TwoByte, Gb18030].map(|coverage| coverage.holds(text));
            assert_eq!(got, expect, "{text}");
        }
    }
}
