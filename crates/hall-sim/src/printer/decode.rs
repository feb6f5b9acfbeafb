//! The strict reader: the bytes of one slip to what stands on the paper, and an error wherever some printer might not
//! print it as meant.

use super::commands::DecodeError;
use super::model::Model;
use super::paper::Slip;
use super::parse::{Parsed, parse};
use super::press::Press;

/// Reads a slip's bytes. Fails on anything a printer might not print as meant.
pub fn decode(bytes: &[u8]) -> Result<Slip, DecodeError> {
    let model = Model::default();
    let mut press = Press::new(&model);
    let mut rest = bytes;
    while !rest.is_empty() {
        match parse(rest, &model) {
            Parsed::Command(command, len) => {
                press.print(command);
                rest = &rest[len..];
            }
            Parsed::Strange(error, _) => return Err(error),
            Parsed::Needs(_) => return Err(DecodeError::Truncated),
        }
        if let Some(complaint) = press.complaint() {
            return Err(complaint);
        }
    }
    press.end()
}

#[cfg(test)]
mod tests {
    use super::super::paper::{Element, TextLine};
    use super::*;

    #[test]
    fn a_slip_reads_as_it_looks() {
        let bytes = b"\x1B@\x1C&\x1Ba\x01\x1D!\x77A012\n\x1D!\x00\xC7\xEB\xB5\xC8\xBA\xF2\n\
            \x1Dh\x50\x1Dw\x02\x1DkI\x06{BA012\x1DVB\0";
        let slip = decode(bytes).unwrap();
        assert_eq!(slip.text(), "A012\n请等候");
        assert_eq!(slip.largest_line().as_deref(), Some("A012"));
        assert_eq!(slip.barcode(), Some("A012"));
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
            (b"A\x1DVB\0".to_vec(), InsideLine("GS V")),
            (b"\x1D(k\x03\0\x31\x51\x30".to_vec(), CodeIncomplete),
            (b"\x1DkI\x04A012".to_vec(), BadText(b"A012".to_vec())),
            (b"\x1B!\x00".to_vec(), Unknown(b"\x1B!\0".to_vec())),
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
