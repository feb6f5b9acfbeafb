//! The paper as a picture: what the printer would print, dot for dot.

use image::{GrayImage, Luma};

use super::bitmap::Bitmap;
use super::brush::{Brush, Surface};
use super::pages::line_dots;
use super::pieces::Piece;
use super::sheet::{Align, Line};
use crate::{Error, Profile};

const MARGIN_DOTS: u32 = 32;
const PAPER: Luma<u8> = Luma([250]);
const INK: Luma<u8> = Luma([20]);
const CUT: Luma<u8> = Luma([160]);

/// Draws the pieces from top to bottom.
pub fn draw(pieces: &[Piece], profile: &Profile, brush: &Brush) -> Result<GrayImage, Error> {
    let mut drawn = Vec::new();
    let mut top = MARGIN_DOTS;
    for piece in pieces {
        let (height, drawing) = drawing(piece, profile, brush)?;
        drawn.push((top, drawing));
        top += height;
    }
    let width = profile.paper.dots + 2 * MARGIN_DOTS;
    let mut paper = GrayImage::from_pixel(width, top + MARGIN_DOTS, PAPER);
    for (top, drawing) in drawn {
        match drawing {
            Drawing::Dots { bitmap, magnify, align } => {
                dots(&mut paper, &bitmap, magnify, align, profile.paper.dots, top);
            }
            Drawing::Blank => {}
            Drawing::Cut => (0..width)
                .filter(|x| x / 8 % 2 == 0)
                .for_each(|x| paper.put_pixel(x, top + profile.paper.to_cutter_dots / 2, CUT)),
        }
    }
    Ok(paper)
}

enum Drawing {
    Dots { bitmap: Bitmap, magnify: [u32; 2], align: Align },
    Blank,
    Cut,
}

/// The piece's height on paper and how it looks.
fn drawing(piece: &Piece, profile: &Profile, brush: &Brush) -> Result<(u32, Drawing), Error> {
    let Profile { fonts, paper, barcode, .. } = profile;
    Ok(match piece {
        Piece::Text { text, width, height, bold, align } => {
            let line =
                Line { text: text.clone(), right: String::new(), scale: *height, bold: *bold, align: *align };
            let surface = Surface { fonts: *fonts, width_dots: paper.dots, halved: false, small: false };
            let bitmap = brush.draw(&line, surface).ok_or(Error::NoFont)?;
            let magnify = [u32::from(width / height), 1];
            (line_dots(*fonts, *height), Drawing::Dots { bitmap, magnify, align: *align })
        }
        Piece::Image { bitmap, doubled, align } => {
            let magnify = if *doubled { 2 } else { 1 };
            let drawing = Drawing::Dots { bitmap: bitmap.clone(), magnify: [magnify; 2], align: *align };
            (bitmap.rows() * magnify, drawing)
        }
        Piece::Qr { code, .. } => {
            let bitmap = code.draw(false);
            (bitmap.rows(), Drawing::Dots { bitmap, magnify: [1; 2], align: Align::Centre })
        }
        Piece::Barcode { code, .. } => {
            let bitmap = code.draw(barcode.height_dots.into());
            (bitmap.rows(), Drawing::Dots { bitmap, magnify: [1; 2], align: Align::Centre })
        }
        Piece::Feed { dots } => (*dots, Drawing::Blank),
        Piece::Cut => (line_dots(*fonts, 1) + paper.to_cutter_dots, Drawing::Cut),
    })
}

fn dots(paper: &mut GrayImage, bitmap: &Bitmap, magnify: [u32; 2], align: Align, width: u32, top: u32) {
    let [wide, high] = magnify;
    let room = width.saturating_sub(bitmap.width_dots() * wide);
    let left = MARGIN_DOTS
        + match align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        };
    for (x, y) in (0..bitmap.rows()).flat_map(|y| (0..bitmap.width_dots()).map(move |x| (x, y))) {
        if bitmap.is_inked(x, y) {
            let (x, y) = (left + x * wide, top + y * high);
            for (x, y) in (y..y + high).flat_map(|y| (x..x + wide).map(move |x| (x, y))) {
                if x < paper.width() && y < paper.height() {
                    paper.put_pixel(x, y, INK);
                }
            }
        }
    }
}
