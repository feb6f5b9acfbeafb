//! The characters in a printer's memory: what its bytes look like on paper. What it lacks comes out as rubbish.

use encoding_rs::GB18030;

/// The Chinese characters a printer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rom {
    None,
    Gb2312,
    /// As in code page 936.
    Gbk,
    Gb18030TwoByte,
    Gb18030,
}

/// One printed character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    pub char: char,
    /// One column wide each, and not what was meant.
    pub rubbish: bool,
}

/// 0x80 to 0xFF of code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

impl Rom {
    /// Takes the first character off `bytes`: what is printed and how many bytes it took. `None` while more bytes may
    /// belong to it.
    pub fn print(self, bytes: &[u8], chinese_mode: bool) -> Option<(Vec<Printed>, usize)> {
        let first = *bytes.first()?;
        let rubbish = |text: &str| text.chars().map(|char| Printed { char, rubbish: true }).collect();
        if first < 0x80 {
            return Some((vec![Printed { char: first.into(), rubbish: false }], 1));
        }
        if !chinese_mode || self == Rom::None {
            let char = CP437.chars().nth(usize::from(first - 0x80)).unwrap_or(' ');
            return Some((vec![Printed { char, rubbish: true }], 1));
        }
        if matches!(first, 0x80 | 0xFF) {
            return Some((rubbish("?"), 1));
        }
        let len = match (*bytes.get(1)?, self) {
            (0x30..=0x39, Rom::Gb18030) => 4,
            (0x40..=0x7E | 0x80..=0xFE, _) => 2,
            _ => return Some((rubbish("?"), 1)),
        };
        let code = bytes.get(..len)?;
        match self.find(code) {
            Some(char) => Some((vec![Printed { char, rubbish: false }], len)),
            None if len == 4 => Some((rubbish("?"), 1)),
            None => Some((rubbish("??"), len)),
        }
    }

    fn find(self, code: &[u8]) -> Option<char> {
        if let [lead, trail] = *code {
            let held = match self {
                Rom::None => false,
                Rom::Gb2312 => in_gb2312(lead, trail),
                Rom::Gbk => !added_by_gb18030(lead, trail),
                Rom::Gb18030TwoByte | Rom::Gb18030 => true,
            };
            if !held {
                return None;
            }
        }
        let text = GB18030.decode_without_bom_handling_and_without_replacement(code)?;
        let mut chars = text.chars();
        let private = |c: &char| matches!(c, '\u{E000}'..='\u{F8FF}');
        chars.next().filter(|c| !private(c) && chars.next().is_none())
    }
}

/// GB/T 2312-1980: the assigned cells of rows 1 to 9 and 16 to 87. A cell's column is its trail byte less A0.
fn in_gb2312(lead: u8, trail: u8) -> bool {
    let (Some(row), Some(cell @ 1..=94)) = (lead.checked_sub(0xA0), trail.checked_sub(0xA0)) else {
        return false;
    };
    match row {
        1 | 3 => true,
        2 => matches!(cell, 17..=66 | 69..=78 | 81..=92),
        4 => cell <= 83,
        5 => cell <= 86,
        6 => matches!(cell, 1..=24 | 33..=56),
        7 => matches!(cell, 1..=33 | 49..=81),
        8 => matches!(cell, 1..=26 | 37..=73),
        9 => matches!(cell, 4..=79),
        55 => cell <= 89,
        16..=87 => true,
        _ => false,
    }
}

/// Two-byte characters of GB18030 that code page 936 lacks: €, ǹ, vertical punctuation, description characters, radicals.
fn added_by_gb18030(lead: u8, trail: u8) -> bool {
    match lead {
        0xA2 => trail == 0xE3,
        0xA6 => matches!(trail, 0xD9..=0xDF | 0xEC | 0xED | 0xF3..=0xF5),
        0xA8 => matches!(trail, 0xBC | 0xBF),
        0xA9 => matches!(trail, 0x89..=0x95),
        0xFE => trail >= 0x50,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_paper(rom: Rom, text: &str) -> String {
        let (bytes, _, _) = GB18030.encode(text);
        let mut rest = &*bytes;
        let mut paper = String::new();
        while let Some((printed, len)) = rom.print(rest, true) {
            paper.extend(printed.iter().map(|printed| printed.char));
            rest = &rest[len..];
        }
        assert!(rest.is_empty(), "{rest:02X?} left of {text}");
        paper
    }

    #[test]
    fn a_character_beyond_the_rom_is_rubbish() {
        use Rom::*;
        let table = [
            ("A012请①", None, "A012╟δó┘"),
            ("A012请①", Gb2312, "A012请①"),
            ("镕ⅳ", Gb2312, "????"),
            ("镕ⅳ", Gbk, "镕ⅳ"),
            ("€䶮", Gbk, "????"),
            ("€䶮", Gb18030TwoByte, "€䶮"),
            ("𬭚", Gbk, "?3?4"),
            ("𬭚", Gb18030TwoByte, "?3?4"),
            ("𬭚€请", Gb18030, "𬭚€请"),
        ];
        for (text, rom, expect) in table {
            assert_eq!(on_paper(rom, text), expect, "{text} on {rom:?}");
        }
    }

    #[test]
    fn half_a_character_waits_for_its_other_half() {
        assert_eq!(Rom::Gbk.print(&[0xC7], true), None);
        let (printed, len) = Rom::Gbk.print(&[0xC7, b' '], true).unwrap();
        assert_eq!((printed[0].char, printed[0].rubbish, len), ('?', true, 1));
    }

    #[test]
    fn code_page_437_is_whole() {
        assert_eq!(CP437.chars().count(), 128);
    }
}
