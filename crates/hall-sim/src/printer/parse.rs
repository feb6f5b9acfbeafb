//! Bytes to commands as a printer reads them, one at a time. What it does not know it passes over, and says so.

use Parsed::{Needs, Strange};

use super::commands::{Align, Command, DecodeError, RealTime, Symbology};
use super::model::Model;

pub const DLE: u8 = 0x10;
const EOT: u8 = 0x04;
const ENQ: u8 = 0x05;
const DC4: u8 = 0x14;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;

/// `DLE DC4 8`: its arguments are fixed, so that no picture holds them by chance.
const CLEAR: [u8; 10] = [DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8];
/// The longest real-time command.
pub const REAL_TIME_MAX: usize = CLEAR.len();
/// Beyond these `GS v 0` is not a picture: the printer takes its data for text.
const IMAGE_WIDTH_BYTES_MAX: usize = 128;
const IMAGE_ROWS_MAX: usize = 4095;
/// An old barcode (`GS k m d… NUL`) without an end is given up here.
const BARCODE_MAX: usize = 255;

/// What bytes begin with.
#[derive(Debug, PartialEq, Eq)]
pub enum Parsed {
    /// A command that is complete with no fewer bytes than this.
    Needs(usize),
    Command(Command, usize),
    /// Not for this printer: so many bytes are passed over.
    Strange(DecodeError, usize),
}

/// The first command of `bytes`, as `model` understands it.
pub fn parse(bytes: &[u8], model: &Model) -> Parsed {
    let done = |command, len| Parsed::Command(command, len);
    match *bytes {
        [] => Needs(1),
        [0 | 0x0D, ..] => done(Command::Idle, 1),
        [0x0A, ..] => done(Command::LineFeed, 1),
        [first, ..] if is_text(first) => {
            let end = bytes.iter().position(|byte| !is_text(*byte)).unwrap_or(bytes.len());
            done(Command::Text(bytes[..end].to_vec()), end)
        }
        [DLE, ..] => dle(bytes),
        [ESC, ref rest @ ..] => esc(rest),
        [FS, ref rest @ ..] => fs(rest),
        [GS, ref rest @ ..] => gs(rest, model),
        _ => unknown(bytes, 1),
    }
}

/// No byte of a GB18030 character is a control byte.
fn is_text(byte: u8) -> bool {
    byte >= 0x20 && byte != 0x7F
}

fn unknown(bytes: &[u8], len: usize) -> Parsed {
    if bytes.len() < len { Needs(len) } else { Strange(DecodeError::Unknown(bytes[..len].to_vec()), len) }
}

fn bad_value(command: &'static str, value: u8, len: usize) -> Parsed {
    Strange(DecodeError::BadValue { command, value: value.into() }, len)
}

/// A real-time command at the end of `bytes`, and its length: how a printer that looks at every byte finds one inside
/// the data of another command.
pub fn real_time_at_end(bytes: &[u8]) -> Option<(RealTime, usize)> {
    match *bytes {
        [.., DLE, EOT, n @ 1..=4] => Some((RealTime::Ask(n), 3)),
        [.., DLE, ENQ, 2] => Some((RealTime::RecoverAndClear, 3)),
        [.., DLE, ENQ, 0 | 1] => Some((RealTime::Nothing, 3)),
        [.., DLE, DC4, 1, 0 | 1, 1..=8] => Some((RealTime::Nothing, 5)),
        _ => bytes.ends_with(&CLEAR).then_some((RealTime::Clear, CLEAR.len())),
    }
}

fn dle(bytes: &[u8]) -> Parsed {
    let len = match *bytes {
        [_] => return Needs(2),
        [_, EOT | ENQ] | [_, DC4] => return Needs(3),
        [_, DC4, 8, ..] => CLEAR.len(),
        [_, DC4, ..] => 5,
        [_, EOT | ENQ, ..] => 3,
        _ => return unknown(bytes, 1),
    };
    match bytes.get(..len).map(real_time_at_end) {
        None => Needs(len),
        Some(Some((command, found))) if found == len => Parsed::Command(Command::RealTime(command), len),
        Some(_) => unknown(bytes, 3),
    }
}

fn esc(rest: &[u8]) -> Parsed {
    let (command, len) = match *rest {
        [] => return Needs(2),
        [b'@', ..] => (Command::Initialise, 2),
        [b'2', ..] => (Command::LineSpacing(30), 2),
        [b'i' | b'm', ..] => (Command::Cut { partial: true }, 2),
        [b'a' | b'E' | b'd' | b'J' | b'3'] => return Needs(3),
        [b'a', n, ..] => match align(n) {
            Some(align) => (Command::Align(align), 3),
            None => return bad_value("ESC a", n, 3),
        },
        [b'E', n, ..] => (Command::Bold(n & 1 == 1), 3),
        [b'd', n, ..] => (Command::FeedLines(n), 3),
        [b'J', n, ..] => (Command::FeedDots(n), 3),
        [b'3', n, ..] => (Command::LineSpacing(n), 3),
        [other, ref arguments @ ..] => {
            let count = match other {
                b' ' | b'!' | b'-' | b'=' | b'?' | b'G' | b'M' | b'R' | b'S' | b'T' | b'U' | b'V' | b'r'
                | b't' | b'{' => 1,
                b'$' | b'\\' | b'c' => 2,
                b'p' => 3,
                b'W' => 8,
                b'*' => return bit_image(arguments),
                _ => 0,
            };
            return unknown_after(ESC, rest, 1 + count);
        }
    };
    Parsed::Command(command, len)
}

/// `ESC * m nL nH data`: known by its length only.
fn bit_image(arguments: &[u8]) -> Parsed {
    let [mode, low, high @ 0..=3, ..] = *arguments else {
        return if arguments.len() < 3 {
            Needs(5)
        } else {
            Strange(DecodeError::Unknown(vec![ESC, b'*']), 5)
        };
    };
    let columns = usize::from(u16::from_le_bytes([low, high]));
    let len = 5 + columns * if mode >= 32 { 3 } else { 1 };
    if arguments.len() + 2 < len {
        Needs(len)
    } else {
        Strange(DecodeError::Unknown(vec![ESC, b'*', mode]), len)
    }
}

/// A command known by the number of its bytes only; `rest` follows `first`.
fn unknown_after(first: u8, rest: &[u8], len: usize) -> Parsed {
    match rest.get(..len) {
        Some(known) => Strange(DecodeError::Unknown([&[first], known].concat()), 1 + len),
        None => Needs(1 + len),
    }
}

fn align(n: u8) -> Option<Align> {
    match n {
        0 | 48 => Some(Align::Left),
        1 | 49 => Some(Align::Centre),
        2 | 50 => Some(Align::Right),
        _ => None,
    }
}

fn fs(rest: &[u8]) -> Parsed {
    match *rest {
        [] => Needs(2),
        [b'&', ..] => Parsed::Command(Command::ChineseMode(true), 2),
        [b'.', ..] => Parsed::Command(Command::ChineseMode(false), 2),
        [b'!' | b'-' | b'C' | b'W', ..] => unknown_after(FS, rest, 2),
        [b'S' | b'p', ..] => unknown_after(FS, rest, 3),
        _ => unknown_after(FS, rest, 1),
    }
}

fn gs(rest: &[u8], model: &Model) -> Parsed {
    let (command, len) = match *rest {
        [] => return Needs(2),
        [b'v', ref image @ ..] => return raster(image),
        [b'(', ref block @ ..] => return parameter_block(block, model),
        [b'k', ref code @ ..] if model.barcodes => return barcode(code),
        [b'!' | b'V' | b'r' | b'a' | b'h' | b'w' | b'H'] => return Needs(3),
        [b'!', n, ..] => (Command::Size { width: (n >> 4 & 7) + 1, height: (n & 7) + 1 }, 3),
        [b'V', 0 | 48, ..] => (Command::Cut { partial: false }, 3),
        [b'V', 1 | 49, ..] => (Command::Cut { partial: true }, 3),
        [b'V', 65 | 66] => return Needs(4),
        [b'V', m @ (65 | 66), _, ..] => (Command::Cut { partial: m == 66 }, 4),
        [b'V', m, ..] => return bad_value("GS V", m, 3),
        [b'r', 1 | 49, ..] => (Command::AskPaper, 3),
        [b'r', 2 | 50, ..] => (Command::AskDrawer, 3),
        [b'r', n, ..] => return bad_value("GS r", n, 3),
        [b'a', n, ..] => (Command::AutoStatus(n), 3),
        [b'h', n, ..] if model.barcodes => (Command::BarcodeHeight(n), 3),
        [b'w', n, ..] if model.barcodes => (Command::BarcodeModule(n), 3),
        [b'H', n, ..] if model.barcodes => (Command::BarcodeText(matches!(n, 2 | 3 | 50 | 51)), 3),
        [b'/' | b'B' | b'H' | b'I' | b'T' | b'b' | b'f' | b'h' | b'w', ..] => {
            return unknown_after(GS, rest, 2);
        }
        [b'$' | b'L' | b'P' | b'W' | b'\\', ..] => return unknown_after(GS, rest, 3),
        [b'^', ..] => return unknown_after(GS, rest, 4),
        _ => return unknown_after(GS, rest, 1),
    };
    Parsed::Command(command, len)
}

/// `GS v 0 m xL xH yL yH data`, after `GS v`.
fn raster(image: &[u8]) -> Parsed {
    match *image {
        [b'0', mode @ (0..=3 | 48..=51), xl, xh, yl, yh, ref data @ ..] => {
            let width_bytes = usize::from(u16::from_le_bytes([xl, xh]));
            let rows = usize::from(u16::from_le_bytes([yl, yh]));
            let (value, max) = match (width_bytes, rows) {
                (1..=IMAGE_WIDTH_BYTES_MAX, rows) => (rows, IMAGE_ROWS_MAX),
                (width_bytes, _) => (width_bytes, IMAGE_WIDTH_BYTES_MAX),
            };
            if !(1..=max).contains(&value) {
                let error = DecodeError::BadValue { command: "GS v 0 size", value: value as u32 };
                return Strange(error, 8);
            }
            let len = width_bytes * rows;
            match data.get(..len) {
                Some(bits) => Parsed::Command(enlarged(mode, width_bytes, bits), 8 + len),
                None => Needs(8 + len),
            }
        }
        [b'0', mode, ..] if !matches!(mode, 0..=3 | 48..=51) => bad_value("GS v 0", mode, 4),
        [] | [b'0', ..] => Needs(8),
        [other, ..] => Strange(DecodeError::Unknown(vec![GS, b'v', other]), 3),
    }
}

/// The dots of `GS v 0 m`: m = 1 doubles the width, 2 the height, 3 both.
fn enlarged(mode: u8, width_bytes: usize, bits: &[u8]) -> Command {
    let widened = |byte: &u8| {
        let spread = (0..8).filter(|bit| byte >> bit & 1 == 1).map(|bit| 3u16 << (2 * bit)).sum::<u16>();
        spread.to_be_bytes()
    };
    let (wide, high) = (mode & 1 != 0, mode & 2 != 0);
    let row = |row: &[u8]| {
        let row = if wide { row.iter().flat_map(widened).collect() } else { row.to_vec() };
        row.repeat(if high { 2 } else { 1 })
    };
    let width = if wide { 2 * width_bytes } else { width_bytes };
    let bits: Vec<u8> = bits.chunks(width_bytes).flat_map(row).collect();
    Command::Image { width_bytes: width, rows: bits.len() / width, bits }
}

/// `GS ( X pL pH …`, after `GS (`. What the printer lacks it passes over by its length.
fn parameter_block(block: &[u8], model: &Model) -> Parsed {
    let [letter, pl, ph, data @ ..] = block else { return Needs(5) };
    let len = usize::from(u16::from_le_bytes([*pl, *ph]));
    let Some(data) = data.get(..len) else { return Needs(5 + len) };
    let command = match (letter, data) {
        (_, []) => Command::Idle,
        (b'H', [0x30, 0x30, d1, d2, d3, d4]) if model.answers.process_id => {
            Command::ProcessId([*d1, *d2, *d3, *d4])
        }
        (b'k', [49, 65, kind, 0]) if model.native_qr => Command::QrModel(*kind),
        (b'k', [49, 67, module]) if model.native_qr => Command::QrModule(*module),
        (b'k', [49, 69, level]) if model.native_qr => Command::QrLevel(*level),
        (b'k', [49, 80, 48, text @ ..]) if model.native_qr => Command::QrStore(text.to_vec()),
        (b'k', [49, 81, 48]) if model.native_qr => Command::QrPrint,
        _ => {
            let shown = [&[GS, b'('], &block[..block.len().min(8)]].concat();
            return Strange(DecodeError::Unknown(shown), 5 + len);
        }
    };
    Parsed::Command(command, 5 + len)
}

/// `GS k m n d…` or `GS k m d… NUL`, after `GS k`.
fn barcode(code: &[u8]) -> Parsed {
    let symbology = match *code {
        [] => return Needs(3),
        [4 | 69, ..] => Some(Symbology::Code39),
        [73, ..] => Some(Symbology::Code128),
        [0..=6 | 65..=78, ..] => None,
        [m, ..] => return bad_value("GS k", m, 3),
    };
    let (data, len) = match *code {
        [65..=255, n, ref data @ ..] => match data.get(..n.into()) {
            Some(data) => (data, 4 + data.len()),
            None => return Needs(4 + usize::from(n)),
        },
        [65..=255] => return Needs(4),
        [_, ref data @ ..] => match data.iter().position(|byte| *byte == 0) {
            Some(end) => (&data[..end], 4 + end),
            None if data.len() < BARCODE_MAX => return Needs(code.len() + 3),
            None => return Strange(DecodeError::CodeIncomplete, 2 + code.len()),
        },
        [] => return Needs(3),
    };
    match symbology {
        Some(symbology) => Parsed::Command(Command::Barcode { symbology, data: data.to_vec() }, len),
        None => Strange(DecodeError::Unknown(vec![GS, b'k', code[0]]), len),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(bytes: &[u8]) -> Parsed {
        parse(bytes, &Model::default())
    }

    #[test]
    fn commands_are_taken_one_at_a_time() {
        let table = [
            (&b"A012"[..], Command::Text(b"A012".to_vec()), 4),
            (b"A012\n", Command::Text(b"A012".to_vec()), 4),
            (&[ESC, b'@', b'A'], Command::Initialise, 2),
            (&[GS, b'!', 0x77], Command::Size { width: 8, height: 8 }, 3),
            (&[GS, b'V', 66, 0], Command::Cut { partial: true }, 4),
            (&[GS, b'V', 65, 1], Command::Cut { partial: false }, 4),
            (&[DLE, 4, 2], Command::RealTime(RealTime::Ask(2)), 3),
            (&[DLE, 5, 2], Command::RealTime(RealTime::RecoverAndClear), 3),
            (&[DLE, DC4, 1, 0, 5], Command::RealTime(RealTime::Nothing), 5),
            (&[GS, b'a', 0x0E], Command::AutoStatus(0x0E), 3),
            (&[GS, b'(', b'k', 5, 0, 49, 80, 48, b'H', b'I'], Command::QrStore(b"HI".to_vec()), 10),
            (
                &[GS, b'v', b'0', 0, 1, 0, 2, 0, 0xFF, 0x81],
                Command::Image { width_bytes: 1, rows: 2, bits: vec![0xFF, 0x81] },
                10,
            ),
            (
                &[GS, b'k', 73, 4, b'{', b'B', b'A', b'1', b'x'],
                Command::Barcode { symbology: Symbology::Code128, data: b"{BA1".to_vec() },
                8,
            ),
            (
                &[GS, b'k', 4, b'A', b'1', 0, b'x'],
                Command::Barcode { symbology: Symbology::Code39, data: b"A1".to_vec() },
                6,
            ),
        ];
        for (bytes, command, len) in table {
            assert_eq!(parsed(bytes), Parsed::Command(command, len), "{bytes:02X?}");
        }
    }

    #[test]
    fn it_says_how_many_bytes_a_command_needs() {
        let table = [
            (&b""[..], 1),
            (&[ESC], 2),
            (&[GS, b'V', 66], 4),
            (&[GS, b'(', b'k', 5, 0, 49, 80, 48, b'H'], 10),
            (&[GS, b'v', b'0', 0, 1, 0, 2, 0, 0xFF], 10),
            (&[GS, b'k', 73, 4, b'{'], 8),
            (&[ESC, b'*', 33, 2, 0], 11),
        ];
        for (bytes, needs) in table {
            assert_eq!(parsed(bytes), Needs(needs), "{bytes:02X?}");
        }
    }

    #[test]
    fn what_it_does_not_know_is_passed_over() {
        let table = [
            (&[ESC, 0x3F, 1][..], 3),
            (&[0x07], 1),
            (&[GS, b'V', 9], 3),
            (&[DLE, 4, 9], 3),
            (&[GS, b'(', b'k', 1, 0, 9], 6),
            (&[0x7F], 1),
            (&[GS, b'v', b'0', 0, 0, 9, 1, 0], 8),
        ];
        for (bytes, len) in table {
            assert!(
                matches!(parsed(bytes), Strange(_, passed) if passed == len),
                "{bytes:02X?} {:?}",
                parsed(bytes)
            );
        }
    }

    #[test]
    fn what_a_model_lacks_is_passed_over_or_printed() {
        let poor = Model { native_qr: false, barcodes: false, ..Model::default() };
        let code = [GS, b'(', b'k', 3, 0, 49, 81, 48];
        assert!(matches!(parse(&code, &poor), Strange(_, 8)));
        assert!(matches!(parse(b"\x1DkI\x04{BA1", &poor), Strange(_, 2)), "the data prints as text");
    }
}
