//! Black and white dots: what is drawn for a printer that cannot write it.

/// Rows of dots, eight to a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width_bytes: usize,
    bits: Vec<u8>,
}

impl Bitmap {
    pub fn new(width_dots: u32, height_dots: u32) -> Self {
        let width_bytes = width_dots.div_ceil(8).max(1) as usize;
        Self { width_bytes, bits: vec![0; width_bytes * height_dots as usize] }
    }

    /// Dots outside are dropped.
    pub fn ink(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x / 8 < self.width_bytes
            && let Some(byte) = self.bits.get_mut(y * self.width_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    pub fn fill(&mut self, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top + height {
            (left..left + width).for_each(|x| self.ink(x as i32, y as i32));
        }
    }

    pub fn is_inked(&self, x: u32, y: u32) -> bool {
        let (x, y) = (x as usize, y as usize);
        x / 8 < self.width_bytes
            && self.bits.get(y * self.width_bytes + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Draws `other` with its corner at the given dot.
    pub fn draw(&mut self, other: &Bitmap, left: i32, top: i32) {
        for (y, row) in (top..).zip(other.row_bytes()) {
            for (x, byte) in (left..).step_by(8).zip(row).filter(|(_, byte)| **byte != 0) {
                (0..8).filter(|bit| byte & (0x80 >> bit) != 0).for_each(|bit| self.ink(x + bit, y));
            }
        }
    }

    pub fn width_dots(&self) -> u32 {
        (self.width_bytes * 8) as u32
    }

    pub fn rows(&self) -> u32 {
        (self.bits.len() / self.width_bytes) as u32
    }

    pub fn width_bytes(&self) -> usize {
        self.width_bytes
    }

    pub fn row_bytes(&self) -> std::slice::ChunksExact<'_, u8> {
        self.bits.chunks_exact(self.width_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_where_they_were_inked() {
        let mut stamp = Bitmap::new(9, 2);
        stamp.ink(8, 1);
        stamp.ink(-1, 0);
        stamp.ink(0, 2);
        let mut paper = Bitmap::new(24, 8);
        paper.draw(&stamp, 3, 4);
        paper.fill(20, 0, 2, 1);
        let inked: Vec<_> = (0..8)
            .flat_map(|y| (0..24).map(move |x| (x, y)))
            .filter(|(x, y)| paper.is_inked(*x, *y))
            .collect();
        assert_eq!(inked, [(20, 0), (21, 0), (11, 5)]);
    }
}
