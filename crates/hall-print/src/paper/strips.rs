//! An image as `GS v 0` commands a printer's buffer takes: strips of a few rows, each no wider than its ink, and
//! paper fed over blank rows. No strip holds bytes that a printer could take for a real-time command.

use super::bitmap::Bitmap;
use super::sheet::Align;

/// A run of blank rows is fed when that costs less than its zeros: a header and `ESC J n`.
const FEED_COST_BYTES: usize = 11;

#[derive(Debug, PartialEq, Eq)]
pub enum Strip {
    /// Blank rows.
    Feed(u32),
    /// One `GS v 0` and the rows it draws.
    Image { command: Vec<u8>, rows: u32 },
}

/// How the rows are cut up.
pub struct Cutting {
    pub rows_max: usize,
    /// The printer doubles each dot in width and height.
    pub doubled: bool,
    pub align: Align,
    /// Real-time commands inside an image are carried out by the printer.
    pub obeys_dle: bool,
}

/// The image's strips, from top to bottom.
pub fn strips(bitmap: &Bitmap, cutting: &Cutting) -> Vec<Strip> {
    let rows: Vec<&[u8]> = bitmap.row_bytes().collect();
    let mut strips = Vec::new();
    let mut rest = &rows[..];
    while !rest.is_empty() {
        let blank = blank_rows(rest);
        if blank > 0 {
            strips.push(Strip::Feed(blank as u32));
            rest = &rest[blank..];
            continue;
        }
        let count = inked_rows(rest, bitmap.width_bytes()).min(cutting.rows_max);
        strips.push(Strip::Image { command: command(&rest[..count], cutting), rows: count as u32 });
        rest = &rest[count..];
    }
    strips
}

fn blank_rows(rows: &[&[u8]]) -> usize {
    rows.iter().take_while(|row| row.iter().all(|byte| *byte == 0)).count()
}

/// Rows up to the next blank run that is worth feeding.
fn inked_rows(rows: &[&[u8]], width_bytes: usize) -> usize {
    (0..rows.len())
        .find(|at| {
            let blank = blank_rows(&rows[*at..]);
            blank > 0 && (at + blank == rows.len() || blank * width_bytes > FEED_COST_BYTES)
        })
        .unwrap_or(rows.len())
}

fn command(rows: &[&[u8]], cutting: &Cutting) -> Vec<u8> {
    let (left, right) = margins(rows, cutting.align);
    let mut command = vec![0x1D, b'v', b'0', if cutting.doubled { 3 } else { 0 }];
    let width_bytes = rows[0].len() - left - right;
    command.extend((width_bytes as u16).to_le_bytes());
    command.extend((rows.len() as u16).to_le_bytes());
    let head = command.len();
    for row in rows {
        command.extend(&row[left..row.len() - right]);
    }
    if cutting.obeys_dle {
        defuse(&mut command[head..]);
    }
    command
}

/// Blank bytes at both sides that need not be sent. A centred strip loses as many on either side, so that it stays in
/// the middle.
fn margins(rows: &[&[u8]], align: Align) -> (usize, usize) {
    let blank = |row: &&[u8]| row.iter().take_while(|byte| **byte == 0).count();
    let blank_end = |row: &&[u8]| row.iter().rev().take_while(|byte| **byte == 0).count();
    let left = rows.iter().map(blank).min().unwrap_or(0);
    let right = rows.iter().map(blank_end).min().unwrap_or(0);
    match align {
        Align::Left => (0, right),
        Align::Centre => (left.min(right), left.min(right)),
        Align::Right => (left, 0),
    }
}

/// Some printers obey 10 04, 10 05 and 10 14 even inside an image: one more dot beside a black one breaks the pair.
fn defuse(bits: &mut [u8]) {
    for i in 1..bits.len() {
        if bits[i - 1] == 0x10 && matches!(bits[i], 0x04 | 0x05 | 0x14) {
            bits[i] |= 0x02;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cutting(align: Align) -> Cutting {
        Cutting { rows_max: 24, doubled: false, align, obeys_dle: true }
    }

    fn bitmap(width_bytes: usize, bytes: &[u8]) -> Bitmap {
        let mut bitmap = Bitmap::new(width_bytes as u32 * 8, (bytes.len() / width_bytes) as u32);
        for (index, byte) in bytes.iter().enumerate() {
            for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
                bitmap.ink((index % width_bytes * 8 + bit) as i32, (index / width_bytes) as i32);
            }
        }
        bitmap
    }

    /// Rows, bytes a row and the data of each strip; a feed has no data.
    fn sketch(strips: &[Strip]) -> Vec<(u32, u8, &[u8])> {
        let sketch = |strip| match strip {
            &Strip::Feed(rows) => (rows, 0, &[][..]),
            Strip::Image { command, rows } => (*rows, command[4], &command[8..]),
        };
        strips.iter().map(sketch).collect()
    }

    #[test]
    fn an_image_goes_in_strips_as_wide_as_their_ink() {
        let mut image = Bitmap::new(384, 50);
        image.fill(0, 0, 384, 30);
        image.fill(184, 30, 16, 20);
        let sketch = |align| -> Vec<_> {
            let strips = strips(&image, &cutting(align));
            sketch(&strips).iter().map(|(rows, width, _)| (*rows, *width)).collect()
        };
        assert_eq!(sketch(Align::Centre), [(24, 48), (24, 48), (2, 2)]);
        assert_eq!(sketch(Align::Left), [(24, 48), (24, 48), (2, 25)]);
    }

    #[test]
    fn blank_rows_are_fed() {
        let mut image = Bitmap::new(64, 60);
        image.fill(0, 10, 64, 1);
        image.fill(0, 12, 64, 1);
        image.fill(0, 40, 64, 1);
        let strips = strips(&image, &cutting(Align::Left));
        let row: &[u8] = &[0xFF; 8];
        let close = [row, &[0; 8], row].concat();
        assert_eq!(
            sketch(&strips),
            [(10, 0, &[][..]), (3, 8, &close), (27, 0, &[]), (1, 8, row), (19, 0, &[])]
        );
    }

    #[test]
    fn an_image_holds_no_real_time_command_and_lacks_no_dot() {
        let bytes = prop_oneof![Just(0x10u8), Just(4), Just(5), Just(0x14), Just(0), any::<u8>()];
        let images = (1usize..6).prop_flat_map(move |width| {
            (Just(width), prop::collection::vec(bytes.clone(), width..=width * 40))
        });
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |((width, mut bytes) in images, doubled: bool)| {
            bytes.truncate(bytes.len() / width * width);
            let image = bitmap(width, &bytes);
            let strips = strips(&image, &Cutting { doubled, ..cutting(Align::Left) });
            let mut printed: Vec<u8> = Vec::new();
            for (rows, strip_width, data) in sketch(&strips) {
                prop_assert!(!data.windows(2).any(|pair| matches!(pair, [0x10, 4 | 5 | 0x14])));
                for row in 0..rows as usize {
                    let strip_width = usize::from(strip_width);
                    let row = data.get(row * strip_width..(row + 1) * strip_width).unwrap_or(&[]);
                    printed.extend(row.iter().copied().chain(std::iter::repeat(0)).take(width));
                }
            }
            prop_assert_eq!(printed.len(), bytes.len());
            prop_assert!(printed.iter().zip(&bytes).all(|(printed, byte)| matches!(printed ^ byte, 0 | 2)));
        });
    }
}
