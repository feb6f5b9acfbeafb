//! Paper as dots: printed or not.

use image::{GrayImage, Luma};

const MARGIN_DOTS: u32 = 32;
const PAPER: Luma<u8> = Luma([250]);
const INK: Luma<u8> = Luma([0]);

/// Black and white, row by row from the top. `true` is a printed dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    dots: Vec<bool>,
}

impl Bitmap {
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, dots: vec![false; width as usize * height as usize] }
    }

    /// From rows of dots, eight to a byte, the leftmost in the highest bit.
    pub fn from_rows(width_bytes: usize, bits: &[u8]) -> Self {
        let dots: Vec<bool> =
            bits.iter().flat_map(|byte| (0..8).map(move |bit| byte & 0x80 >> bit != 0)).collect();
        let rows = bits.len() / width_bytes.max(1);
        Self { width: width_bytes as u32 * 8, height: rows as u32, dots }
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    pub fn is_dark(&self, x: u32, y: u32) -> bool {
        x < self.width && y < self.height && self.dots[self.index(x, y)]
    }

    pub fn is_blank(&self) -> bool {
        !self.dots.contains(&true)
    }

    /// Prints a dot; beyond the paper's edge there is nothing to print on.
    pub fn darken(&mut self, x: u32, y: u32) {
        if x < self.width && y < self.height {
            let index = self.index(x, y);
            self.dots[index] = true;
        }
    }

    pub fn darken_block(&mut self, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top.saturating_add(height) {
            for x in left..left.saturating_add(width) {
                self.darken(x, y);
            }
        }
    }

    fn index(&self, x: u32, y: u32) -> usize {
        y as usize * self.width as usize + x as usize
    }

    fn row(&self, y: u32) -> &[bool] {
        &self.dots[self.index(0, y)..self.index(0, y + 1)]
    }

    /// Cut to the dots that are printed; `None` when there are none.
    pub fn trimmed(&self) -> Option<Self> {
        let dark_row = |y: &u32| self.row(*y).contains(&true);
        let dark_column = |x: &u32| (0..self.height).any(|y| self.is_dark(*x, y));
        let (top, bottom) = (0..self.height).find(dark_row).zip((0..self.height).rev().find(dark_row))?;
        let (left, right) = (0..self.width).find(dark_column).zip((0..self.width).rev().find(dark_column))?;
        let columns = left as usize..=right as usize;
        let dots = (top..=bottom).flat_map(|y| self.row(y)[columns.clone()].iter().copied()).collect();
        Some(Self { width: right - left + 1, height: bottom - top + 1, dots })
    }

    /// Where `picture` stands, dot for dot; the blank around it does not count. A blank picture is nowhere.
    pub fn find(&self, picture: &Self) -> Option<(u32, u32)> {
        let picture = picture.trimmed()?;
        if picture.width > self.width || picture.height > self.height {
            return None;
        }
        let stands = |x: u32, y: u32| {
            let columns = x as usize..(x + picture.width) as usize;
            (0..picture.height).all(|row| self.row(y + row)[columns.clone()] == *picture.row(row))
        };
        (0..=self.height - picture.height)
            .flat_map(|y| (0..=self.width - picture.width).map(move |x| (x, y)))
            .find(|(x, y)| stands(*x, *y))
    }

    /// The text of the first QR code that can be read off.
    pub fn qr(&self) -> Option<String> {
        if self.is_blank() {
            return None;
        }
        let (width, height) = (self.width as usize, self.height as usize);
        let dark = |x: usize, y: usize| self.dots[y * width + x];
        let mut prepared = rqrr::PreparedImage::prepare_from_bitmap(width, height, dark);
        prepared.detect_grids().into_iter().find_map(|grid| Some(grid.decode().ok()?.1))
    }

    /// As a picture to look at, with some paper around.
    pub fn to_image(&self) -> GrayImage {
        let (width, height) = (self.width + 2 * MARGIN_DOTS, self.height + 2 * MARGIN_DOTS);
        GrayImage::from_fn(width, height, |x, y| {
            match (x.checked_sub(MARGIN_DOTS), y.checked_sub(MARGIN_DOTS)) {
                (Some(x), Some(y)) if self.is_dark(x, y) => INK,
                _ => PAPER,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_found_dot_for_dot() {
        let paper = Bitmap::from_rows(2, &[0x00, 0x00, 0x01, 0x80, 0x02, 0x40, 0x01, 0x80]);
        let ring = Bitmap::from_rows(1, &[0x60, 0x90, 0x60]);
        assert_eq!(paper.find(&ring), Some((6, 1)));
        let disc = Bitmap::from_rows(1, &[0x60, 0xF0, 0x60]);
        assert_eq!(paper.find(&disc), None);
        assert_eq!(paper.find(&Bitmap::new(1, 1)), None);
    }
}
