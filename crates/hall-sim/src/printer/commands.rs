//! ESC/POS as a printer reads it: bytes to commands, one at a time. A byte it does not know is an error.
//! From the Epson TM-T88III Programming Guide and the SNBC BT-T080 Programming Manual.

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;

/// Why bytes are not a slip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("unknown command {0:02X?}")]
    Unknown(Vec<u8>),
    #[error("{command}: value {value} is not allowed")]
    BadValue { command: &'static str, value: u32 },
    #[error("the bytes end inside a command")]
    Truncated,
    #[error("text that is not GB18030: {0:02X?}")]
    BadText(Vec<u8>),
    #[error("Chinese text outside Chinese mode (FS &): {0:02X?}")]
    NotInChineseMode(Vec<u8>),
    #[error("a line of {width_dots} dots does not fit the paper: {text}")]
    LineTooWide { text: String, width_dots: u32 },
    #[error("{0} in the middle of a line")]
    InsideLine(&'static str),
    #[error("a real-time command inside image data")]
    RealTimeInImage,
    #[error("a QR code printed before it was complete")]
    QrIncomplete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// One command, or a run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// NUL between commands does nothing.
    Idle,
    Text(Vec<u8>),
    LineFeed,
    Initialise,
    Align(Align),
    Bold(bool),
    FeedLines(u8),
    FeedDots(u8),
    LineSpacing(u8),
    Size {
        width: u8,
        height: u8,
    },
    ChineseMode(bool),
    Cut {
        partial: bool,
    },
    QrModel(u8),
    QrModule(u8),
    QrLevel(u8),
    QrStore(Vec<u8>),
    QrPrint,
    Image {
        width_bytes: usize,
        rows: usize,
        bits: Vec<u8>,
    },
    BarcodeHeight(u8),
    BarcodeModule(u8),
    /// CODE128, its character set in front: `{BA012`.
    Barcode(Vec<u8>),
    AskPaper,
    ProcessId([u8; 4]),
    AskRealTime(u8),
}

/// The first command of `bytes` and how many bytes it took; `None` while it is incomplete.
pub fn parse(bytes: &[u8]) -> Result<Option<(Command, usize)>, DecodeError> {
    let parsed = match *bytes {
        [] => return Ok(None),
        [0, ..] => (Command::Idle, 1),
        [0x0A, ..] => (Command::LineFeed, 1),
        [first, ..] if first >= 0x20 && first != 0x7F => return Ok(text(bytes)),
        [ESC, ref rest @ ..] => return esc(rest),
        [FS, ref rest @ ..] => match *rest {
            [b'&', ..] => (Command::ChineseMode(true), 2),
            [b'.', ..] => (Command::ChineseMode(false), 2),
            [] => return Ok(None),
            _ => return Err(unknown(bytes, 2)),
        },
        [GS, ref rest @ ..] => return gs(rest),
        [DLE, 0x04, n @ 1..=4, ..] => (Command::AskRealTime(n), 3),
        [DLE] | [DLE, 0x04] => return Ok(None),
        _ => return Err(unknown(bytes, 3)),
    };
    Ok(Some(parsed))
}

fn unknown(bytes: &[u8], len: usize) -> DecodeError {
    DecodeError::Unknown(bytes[..bytes.len().min(len)].to_vec())
}

/// Text lasts until the next control byte; no byte of a GB18030 character is one.
fn text(bytes: &[u8]) -> Option<(Command, usize)> {
    let end = bytes.iter().position(|byte| *byte < 0x20 || *byte == 0x7F)?;
    Some((Command::Text(bytes[..end].to_vec()), end))
}

fn esc(rest: &[u8]) -> Result<Option<(Command, usize)>, DecodeError> {
    let (command, len) = match *rest {
        [b'@', ..] => (Command::Initialise, 2),
        [b'2', ..] => (Command::LineSpacing(30), 2),
        [] | [b'a' | b'E' | b'd' | b'J' | b'3'] => return Ok(None),
        [b'a', n, ..] => (Command::Align(align(n)?), 3),
        [b'E', n, ..] => (Command::Bold(n & 1 == 1), 3),
        [b'd', n, ..] => (Command::FeedLines(n), 3),
        [b'J', n, ..] => (Command::FeedDots(n), 3),
        [b'3', n, ..] => (Command::LineSpacing(n), 3),
        [other, ..] => return Err(DecodeError::Unknown(vec![ESC, other])),
    };
    Ok(Some((command, len)))
}

fn align(n: u8) -> Result<Align, DecodeError> {
    match n {
        0 | 48 => Ok(Align::Left),
        1 | 49 => Ok(Align::Centre),
        2 | 50 => Ok(Align::Right),
        _ => Err(DecodeError::BadValue { command: "ESC a", value: n.into() }),
    }
}

fn gs(rest: &[u8]) -> Result<Option<(Command, usize)>, DecodeError> {
    let (command, len) = match *rest {
        [] | [b'!' | b'V' | b'r' | b'(' | b'v' | b'h' | b'w' | b'k'] => return Ok(None),
        [b'!', n, ..] => (Command::Size { width: (n >> 4 & 7) + 1, height: (n & 7) + 1 }, 3),
        [b'V', 0 | 48, ..] => (Command::Cut { partial: false }, 3),
        [b'V', 1 | 49, ..] => (Command::Cut { partial: true }, 3),
        [b'V', 65 | 66] => return Ok(None),
        [b'V', m @ (65 | 66), _, ..] => (Command::Cut { partial: m == 66 }, 4),
        [b'V', m, ..] => return Err(DecodeError::BadValue { command: "GS V", value: m.into() }),
        [b'r', 1 | 49, ..] => (Command::AskPaper, 3),
        [b'r', n, ..] => return Err(DecodeError::BadValue { command: "GS r", value: n.into() }),
        [b'v', ref image @ ..] => return raster(image),
        [b'h', n @ 1..=255, ..] => (Command::BarcodeHeight(n), 3),
        [b'w', n @ 2..=6, ..] => (Command::BarcodeModule(n), 3),
        [b'k', 73] => return Ok(None),
        [b'k', 73, len, ref data @ ..] => {
            let Some(data) = data.get(..usize::from(len)) else { return Ok(None) };
            (Command::Barcode(data.to_vec()), 4 + data.len())
        }
        [b'(', ref block @ ..] => return parameter_block(block),
        [other, ..] => return Err(DecodeError::Unknown(vec![GS, other])),
    };
    Ok(Some((command, len)))
}

/// `GS v 0 m xL xH yL yH data`, after `GS v`.
fn raster(image: &[u8]) -> Result<Option<(Command, usize)>, DecodeError> {
    match *image {
        [b'0', mode @ (0 | 48 | 3 | 51), xl, xh, yl, yh, ref data @ ..] => {
            let width_bytes = usize::from(u16::from_le_bytes([xl, xh]));
            let rows = usize::from(u16::from_le_bytes([yl, yh]));
            let len = width_bytes * rows;
            let Some(bits) = data.get(..len).map(<[u8]>::to_vec) else { return Ok(None) };
            let image = match mode {
                0 | 48 => Command::Image { width_bytes, rows, bits },
                _ => Command::Image {
                    width_bytes: width_bytes * 2,
                    rows: rows * 2,
                    bits: doubled(&bits, width_bytes),
                },
            };
            Ok(Some((image, 8 + len)))
        }
        [b'0', mode, ..] if !matches!(mode, 0 | 48 | 3 | 51) => {
            Err(DecodeError::BadValue { command: "GS v 0", value: mode.into() })
        }
        [] | [b'0', ..] => Ok(None),
        [other, ..] => Err(DecodeError::Unknown(vec![GS, b'v', other])),
    }
}

/// Each dot twice as wide and high.
fn doubled(bits: &[u8], width_bytes: usize) -> Vec<u8> {
    let widened = |byte: &u8| {
        let spread = (0..8).filter(|bit| byte >> bit & 1 == 1).map(|bit| 3u16 << (2 * bit)).sum::<u16>();
        spread.to_be_bytes()
    };
    let row = |row: &[u8]| row.iter().flat_map(widened).collect::<Vec<u8>>().repeat(2);
    bits.chunks(width_bytes.max(1)).flat_map(row).collect()
}

/// `GS ( X pL pH …`, after `GS (`.
fn parameter_block(block: &[u8]) -> Result<Option<(Command, usize)>, DecodeError> {
    let [letter, pl, ph, data @ ..] = block else { return Ok(None) };
    let Some(data) = data.get(..usize::from(u16::from_le_bytes([*pl, *ph]))) else { return Ok(None) };
    let command = match (letter, data) {
        (_, []) => Command::Idle,
        (b'H', [0x30, 0x30, d1, d2, d3, d4]) => Command::ProcessId([*d1, *d2, *d3, *d4]),
        (b'k', [49, 65, model, 0]) => Command::QrModel(*model),
        (b'k', [49, 67, module]) => Command::QrModule(*module),
        (b'k', [49, 69, level]) => Command::QrLevel(*level),
        (b'k', [49, 80, 48, text @ ..]) => Command::QrStore(text.to_vec()),
        (b'k', [49, 81, 48]) => Command::QrPrint,
        _ => return Err(DecodeError::Unknown([&[GS, b'('], &block[..block.len().min(8)]].concat())),
    };
    Ok(Some((command, 5 + data.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_one_at_a_time() {
        let table = [
            (&b""[..], None),
            (b"A012", None),
            (b"A012\n", Some((Command::Text(b"A012".to_vec()), 4))),
            (&[ESC, b'@', b'A'], Some((Command::Initialise, 2))),
            (&[ESC], None),
            (&[GS, b'!', 0x77], Some((Command::Size { width: 8, height: 8 }, 3))),
            (&[GS, b'V', 66], None),
            (&[GS, b'V', 66, 0], Some((Command::Cut { partial: true }, 4))),
            (&[GS, b'V', 65, 1], Some((Command::Cut { partial: false }, 4))),
            (&[DLE, 4, 2], Some((Command::AskRealTime(2), 3))),
            (&[GS, b'(', b'k', 5, 0, 49, 80, 48, b'H'], None),
            (&[GS, b'(', b'k', 5, 0, 49, 80, 48, b'H', b'I'], Some((Command::QrStore(b"HI".to_vec()), 10))),
            (&[GS, b'v', b'0', 0, 1, 0, 2, 0, 0xFF], None),
            (
                &[GS, b'v', b'0', 0, 1, 0, 2, 0, 0xFF, 0x81],
                Some((Command::Image { width_bytes: 1, rows: 2, bits: vec![0xFF, 0x81] }, 10)),
            ),
            (
                &[GS, b'v', b'0', 3, 1, 0, 1, 0, 0xA1],
                Some((Command::Image { width_bytes: 2, rows: 2, bits: vec![0xCC, 0x03, 0xCC, 0x03] }, 9)),
            ),
            (&[GS, b'k', 73, 4, b'{', b'B', b'A'], None),
            (&[GS, b'k', 73, 3, b'{', b'B', b'A'], Some((Command::Barcode(b"{BA".to_vec()), 7))),
        ];
        for (bytes, expect) in table {
            assert_eq!(parse(bytes), Ok(expect), "{bytes:02X?}");
        }
    }

    #[test]
    fn what_it_does_not_know_is_an_error() {
        for bytes in
            [&[ESC, 0x3F][..], &[0x07], &[GS, b'V', 9], &[DLE, 4, 9], &[GS, b'(', b'k', 1, 0, 9], &[0x7F]]
        {
            assert!(parse(bytes).is_err(), "{bytes:02X?}");
        }
    }
}
