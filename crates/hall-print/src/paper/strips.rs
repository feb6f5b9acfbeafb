//! An image as `GS v 0` commands a printer's buffer takes: strips of a few rows, each no wider than its ink, and
//! paper fed over blank rows. No strip holds bytes that a printer could take for a real-time command.

use super::bitmap::Bitmap;
use super::sheet::Align;

/// `ESC J n`.
const FEED_COST: usize = 3;
/// The command's head of 8 bytes, and as much again for the printer's own work.
const STRIP_COST: usize = 16;

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

/// The image's strips, from top to bottom: of all ways to cut it up the cheapest.
pub fn strips(bitmap: &Bitmap, cutting: &Cutting) -> Vec<Strip> {
    let rows: Vec<&[u8]> = bitmap.row_bytes().collect();
    let mut strips = Vec::new();
    let mut rest = &rows[..];
    for count in cuts(rest, cutting) {
        let (strip, below) = rest.split_at(count);
        rest = below;
        if strip.iter().all(|row| is_blank(row)) {
            strips.push(Strip::Feed(count as u32));
        } else {
            strips.push(Strip::Image { command: command(strip, cutting), rows: count as u32 });
        }
    }
    strips
}

fn is_blank(row: &[u8]) -> bool {
    row.iter().all(|byte| *byte == 0)
}

/// Rows of each strip. From the bottom up, every row learns how many rows a strip that begins there best has.
fn cuts(rows: &[&[u8]], cutting: &Cutting) -> Vec<usize> {
    let mut best = vec![(0, 0); rows.len() + 1];
    let mut blank = 0;
    for top in (0..rows.len()).rev() {
        blank = if is_blank(rows[top]) { blank + 1 } else { 0 };
        let mut cheapest = (usize::MAX, 0);
        if blank > 0 {
            cheapest = (FEED_COST + best[top + blank].0, blank);
        }
        let mut margin = Margins::ALL;
        for (count, row) in (1..=cutting.rows_max).zip(&rows[top..]) {
            margin = margin.within(row);
            let (left, right) = margin.sides(cutting.align);
            let cost = STRIP_COST + row.len().saturating_sub(left + right) * count + best[top + count].0;
            if count > blank && cost <= cheapest.0 {
                cheapest = (cost, count);
            }
        }
        best[top] = cheapest;
    }
    let mut counts = Vec::new();
    let mut top = 0;
    while top < rows.len() {
        counts.push(best[top].1);
        top += best[top].1;
    }
    counts
}

fn command(rows: &[&[u8]], cutting: &Cutting) -> Vec<u8> {
    let (left, right) =
        rows.iter().fold(Margins::ALL, |margins, row| margins.within(row)).sides(cutting.align);
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

/// Blank bytes at both sides of rows.
#[derive(Clone, Copy)]
struct Margins {
    left: usize,
    right: usize,
}

impl Margins {
    const ALL: Self = Self { left: usize::MAX, right: usize::MAX };

    /// With one more row.
    fn within(self, row: &[u8]) -> Self {
        let blank = |byte: &&u8| **byte == 0;
        let left = row.iter().take(self.left).take_while(blank).count();
        let right = row.iter().rev().take(self.right).take_while(blank).count();
        Self { left, right }
    }

    /// What need not be sent. A centred strip loses as many on either side, so that it stays in the middle.
    fn sides(self, align: Align) -> (usize, usize) {
        let Self { left, right } = self;
        match align {
            Align::Left => (0, right),
            Align::Centre => (left.min(right), left.min(right)),
            Align::Right => (left, 0),
        }
    }
}

/// Some printers obey 10 04, 10 05 and 10 14 even inside an image. No boundary of strips parts two bytes of one row, so
/// that one more dot beside a black one, which nobody sees, breaks the pair. A strip's last byte needs nothing: what
/// follows is a command, which begins with neither of them. A profile that denies it gets its dots as they are.
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

    const ROW: &[u8] = &[0xFF; 8];

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
        assert_eq!(sketch(Align::Centre), [(24, 48), (6, 48), (20, 2)]);
        assert_eq!(sketch(Align::Left), [(24, 48), (6, 48), (20, 25)]);
    }

    #[test]
    fn blank_rows_are_fed() {
        let mut image = Bitmap::new(64, 60);
        image.fill(0, 10, 64, 1);
        image.fill(0, 12, 64, 1);
        image.fill(0, 40, 64, 1);
        let strips = strips(&image, &cutting(Align::Left));
        let close = [ROW, &[0; 8], ROW].concat();
        assert_eq!(
            sketch(&strips),
            [(10, 0, &[][..]), (3, 8, &close), (27, 0, &[]), (1, 8, ROW), (19, 0, &[])]
        );
    }

    #[test]
    fn a_strip_ends_where_another_width_is_worth_its_head() {
        let sketch = |rows: u32| -> Vec<_> {
            let mut image = Bitmap::new(64, 10 + rows);
            image.fill(0, 0, 64, 10);
            image.fill(0, 10, 32, rows);
            let strips = strips(&image, &cutting(Align::Left));
            sketch(&strips).iter().map(|(rows, width, _)| (*rows, *width)).collect()
        };
        assert_eq!((sketch(3), sketch(5)), (vec![(13, 8)], vec![(10, 8), (5, 4)]));
    }

    #[test]
    fn an_image_holds_no_real_time_command_and_lacks_no_dot() {
        let bytes = prop_oneof![Just(0x10u8), Just(4), Just(5), Just(0x14), Just(0), any::<u8>()];
        let images = (1usize..6).prop_flat_map(move |width| {
            (Just(width), prop::collection::vec(bytes.clone(), width..=width * 40))
        });
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |((width, mut bytes) in images, doubled: bool, obeys_dle: bool, rows_max in 1usize..30)| {
            bytes.truncate(bytes.len() / width * width);
            let image = bitmap(width, &bytes);
            let strips = strips(&image, &Cutting { rows_max, doubled, obeys_dle, ..cutting(Align::Left) });
            let sent: Vec<u8> = strips.iter().flat_map(|strip| match strip {
                Strip::Feed(rows) => vec![0x1B, b'J', *rows as u8],
                Strip::Image { command, .. } => command.clone(),
            }).collect();
            prop_assert!(!obeys_dle || !sent.windows(2).any(|pair| matches!(pair, [0x10, 4 | 5 | 0x14])));
            let mut printed: Vec<u8> = Vec::new();
            for (rows, strip_width, data) in sketch(&strips) {
                prop_assert!(rows as usize <= rows_max || data.is_empty());
                for row in 0..rows as usize {
                    let strip_width = usize::from(strip_width);
                    let row = data.get(row * strip_width..(row + 1) * strip_width).unwrap_or(&[]);
                    printed.extend(row.iter().copied().chain(std::iter::repeat(0)).take(width));
                }
            }
            prop_assert_eq!(printed.len(), bytes.len());
            prop_assert!(printed.iter().zip(&bytes).all(|(printed, byte)| printed == byte || obeys_dle && printed ^ byte == 2));
        });
    }
}
