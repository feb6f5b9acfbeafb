//! Sorts the bytes a printer sends: answers to `DLE EOT`, to `GS r`, to `GS ( H`, and automatic status (ASB) that nobody
//! asked for. They differ in fixed bits.

/// One complete answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Answer to `DLE EOT n`: 0xx1xx10.
    RealTime(u8),
    /// Answer to `GS r 1`: 0xx0xxxx.
    Paper(u8),
    /// Answer to `GS ( H` function 48: 37 22 d1 d2 d3 d4 00.
    Process([u8; 4]),
}

/// Holds what has come of an answer longer than a byte.
#[derive(Debug, Default)]
pub struct Replies {
    open: Vec<u8>,
}

const PROCESS_HEAD: u8 = 0x37;
const PROCESS_LEN: usize = 7;
const ASB_LEN: usize = 4;

impl Replies {
    /// Takes the next byte; gives the answer it completes. ASB is swallowed.
    pub fn take(&mut self, byte: u8) -> Option<Reply> {
        if self.open.is_empty() && byte != PROCESS_HEAD && !starts_asb(byte) {
            return single(byte);
        }
        self.open.push(byte);
        let wanted = if self.open[0] == PROCESS_HEAD { PROCESS_LEN } else { ASB_LEN };
        if self.open.len() < wanted {
            return None;
        }
        let whole = std::mem::take(&mut self.open);
        match whole[..] {
            [PROCESS_HEAD, 0x22, d1, d2, d3, d4, 0] => Some(Reply::Process([d1, d2, d3, d4])),
            _ => None,
        }
    }

    /// Forgets a half-received answer.
    pub fn clear(&mut self) {
        self.open.clear();
    }
}

/// First of the four ASB bytes: 0xx1xx00.
fn starts_asb(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0000
}

fn single(byte: u8) -> Option<Reply> {
    match byte {
        _ if byte & 0b1001_0011 == 0b0001_0010 => Some(Reply::RealTime(byte)),
        _ if byte & 0b1001_0000 == 0 => Some(Reply::Paper(byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_by_their_fixed_bits() {
        use Reply::*;
        let table: &[(&[u8], &[Reply])] = &[
            (&[0x12], &[RealTime(0x12)]),
            (&[0x1E, 0x7E], &[RealTime(0x1E), RealTime(0x7E)]),
            (&[0x00], &[Paper(0x00)]),
            (&[0x0F, 0x12], &[Paper(0x0F), RealTime(0x12)]),
            (&[0x37, 0x22, b'0', b'0', b'4', b'2', 0], &[Process(*b"0042")]),
            (&[0x10, 0x00, 0x00, 0x0F, 0x12], &[RealTime(0x12)]),
            (&[0x11, 0x13, 0xFF], &[]),
        ];
        for (bytes, expect) in table {
            let mut replies = Replies::default();
            let got: Vec<Reply> = bytes.iter().filter_map(|byte| replies.take(*byte)).collect();
            assert_eq!(got, *expect, "{bytes:02X?}");
        }
    }
}
