//! Draws lines of text with a system font, in the cells a printer would use. Glyphs are drawn once and kept, a bounded
//! number of them; the font file is mapped only while glyphs are missing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use fontdb::{Database, Family, ID, Query, Weight};

use super::bitmap::Bitmap;
use super::sheet::{Align, Line};
use super::wrap::columns;
use crate::Fonts;

/// Baseline of a cell, from its top: of a Hanzi, and of letters, whose descenders then stay inside.
const BASELINE_HANZI: f32 = 0.88;
const BASELINE_ASCII: f32 = 0.8;
/// Letters are that much smaller than Hanzi.
const ASCII_EM: f32 = 0.9;
/// Shown for a character that neither the printer nor this machine's font has.
pub const MISSING: char = '〓';
const FAMILIES: [&str; 3] = ["Noto Sans Mono CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei Mono"];
/// About a hundred bytes each, the largest some thousand.
const GLYPHS_MAX: usize = 3000;
/// Small type: the height of its cells, and their width for a Hanzi and for a letter.
const SMALL_DOTS: u32 = 20;
const SMALL_LETTER_DOTS: u32 = 9;

/// A character in a cell, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Cell {
    character: char,
    width: u32,
    height: u32,
}

/// What a line is drawn for.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    pub fonts: Fonts,
    pub width_dots: u32,
    /// The printer doubles every dot.
    pub halved: bool,
    /// Lines of normal size are set smaller than the printer's own: a third fewer bytes.
    pub small: bool,
}

impl Surface {
    fn cell(&self, character: char, scale: u8) -> Cell {
        let magnify = |dots: u32| dots * u32::from(scale) / if self.halved { 2 } else { 1 };
        let (mut width, mut height) = (self.fonts.width_dots * columns(character), self.fonts.height_dots);
        if self.small && scale == 1 {
            width = width.min(if columns(character) == 1 { SMALL_LETTER_DOTS } else { SMALL_DOTS });
            height = height.min(SMALL_DOTS);
        }
        Cell { character, width: magnify(width), height: magnify(height) }
    }
}

/// A system font with Chinese, and what was drawn with it.
pub struct Brush {
    fonts: Database,
    face: ID,
    glyphs: Mutex<HashMap<Cell, Arc<Bitmap>>>,
}

impl Brush {
    /// Looks for a Chinese font; a machine without one prints 〓 for what the ROM lacks.
    pub fn find() -> Option<Self> {
        let mut system = Database::new();
        system.load_system_fonts();
        let query =
            Query { families: &FAMILIES.map(Family::Name), weight: Weight::NORMAL, ..Query::default() };
        let found = system.face(system.query(&query)?)?.clone();
        let mut fonts = Database::new();
        let face = fonts.push_face_info(found);
        Some(Self { fonts, face, glyphs: Mutex::default() })
    }

    /// The line, no wider than the surface and as high as its cells. `None` when the font can no longer be read.
    pub fn draw(&self, line: &Line, surface: Surface) -> Option<Bitmap> {
        let cells = |text: &str| -> Vec<Cell> {
            text.chars().map(|character| surface.cell(character, line.scale)).collect()
        };
        let (left, right) = (cells(&line.text), cells(&line.right));
        let width = |cells: &[Cell]| cells.iter().map(|cell| cell.width).sum::<u32>();
        let right_edge = if right.is_empty() { width(&left) } else { surface.width_dots };
        let height = surface.cell(' ', line.scale).height;
        let mut bitmap = Bitmap::new(right_edge.min(surface.width_dots), height);
        // A row of dots is whole bytes: what is left over belongs to both sides of a centred line.
        let spare = bitmap.width_dots().saturating_sub(right_edge);
        let begin = match line.align {
            Align::Left => 0,
            Align::Centre => spare / 2,
            Align::Right => spare,
        };
        for (from, cells) in [(begin, &left), (right_edge.saturating_sub(width(&right)), &right)] {
            let mut x = from as i32;
            for (cell, glyph) in cells.iter().zip(self.glyphs(cells)?) {
                bitmap.draw(&glyph, x, 0);
                if line.bold {
                    bitmap.draw(&glyph, x + 1, 0);
                }
                x += cell.width as i32;
            }
        }
        Some(bitmap)
    }

    /// Draws all that is missing for these lines while the font is open once.
    pub fn prepare<'a>(&self, lines: impl Iterator<Item = (&'a Line, Surface)>) {
        let cells: Vec<Cell> = lines
            .flat_map(|(line, surface)| {
                line.text.chars().chain(line.right.chars()).map(move |c| surface.cell(c, line.scale))
            })
            .collect();
        self.glyphs(&cells);
    }

    fn glyphs(&self, cells: &[Cell]) -> Option<Vec<Arc<Bitmap>>> {
        let mut glyphs = self.glyphs.lock().unwrap_or_else(PoisonError::into_inner);
        if cells.iter().any(|cell| !glyphs.contains_key(cell)) {
            if glyphs.len() + cells.len() > GLYPHS_MAX {
                glyphs.clear();
            }
            self.fonts.with_face_data(self.face, |data, index| {
                let font = FontRef::try_from_slice_and_index(data, index).ok()?;
                for cell in cells {
                    glyphs.entry(*cell).or_insert_with(|| Arc::new(draw_glyph(&font, *cell)));
                }
                Some(())
            })??;
        }
        cells.iter().map(|cell| glyphs.get(cell).cloned()).collect()
    }
}

/// The character in the middle of its cell.
fn draw_glyph(font: &FontRef, Cell { character, width, height }: Cell) -> Bitmap {
    let mut bitmap = Bitmap::new(width, height);
    let mut id = font.glyph_id(character);
    if id.0 == 0 {
        tracing::warn!(%character, "neither the printer nor the font has this character");
        id = font.glyph_id(MISSING);
    }
    let (em, baseline) = match character.is_ascii() {
        true => ((height as f32 * ASCII_EM).min(width as f32 * 2.0), BASELINE_ASCII),
        false => (height as f32, BASELINE_HANZI),
    };
    let px = PxScale::from(em * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0));
    let inset = ((width as f32 - font.as_scaled(px).h_advance(id)) / 2.0).max(0.0);
    let glyph = id.with_scale_and_position(px, point(inset, height as f32 * baseline));
    if let Some(outline) = font.outline_glyph(glyph) {
        let bounds = outline.px_bounds();
        outline.draw(|x, y, coverage| {
            if coverage >= 0.5 {
                bitmap.ink(bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32);
            }
        });
    }
    bitmap
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONTS: Fonts = Fonts { width_dots: 12, height_dots: 24 };

    fn draw(text: &str, right: &str, scale: u8, surface: Surface) -> Bitmap {
        let align = if right.is_empty() { Align::Centre } else { Align::Left };
        let line = Line { text: text.into(), right: right.into(), scale, bold: true, align };
        Brush::find().unwrap().draw(&line, surface).unwrap()
    }

    /// First and last inked column and row.
    fn ink(bitmap: &Bitmap) -> [u32; 4] {
        let inked: Vec<(u32, u32)> = (0..bitmap.rows())
            .flat_map(|y| (0..bitmap.width_dots()).map(move |x| (x, y)))
            .filter(|(x, y)| bitmap.is_inked(*x, *y))
            .collect();
        let [xs, ys] = [inked.iter().map(|dot| dot.0).collect(), inked.iter().map(|dot| dot.1).collect()]
            as [Vec<u32>; 2];
        [
            *xs.iter().min().unwrap(),
            *xs.iter().max().unwrap(),
            *ys.iter().min().unwrap(),
            *ys.iter().max().unwrap(),
        ]
    }

    #[test]
    fn a_line_takes_the_cells_of_the_printer() {
        let surface = Surface { fonts: FONTS, width_dots: 576, halved: false, small: false };
        let table = [
            ("不动产", 1, surface, (72, 24)),
            ("Ag12", 1, surface, (48, 24)),
            ("Ag12", 2, surface, (96, 48)),
            ("Ag12", 2, Surface { halved: true, width_dots: 288, ..surface }, (48, 24)),
            ("Ag12", 1, Surface { small: true, ..surface }, (40, 20)),
            ("不动产", 1, Surface { small: true, ..surface }, (64, 20)),
            ("Ag12", 2, Surface { small: true, ..surface }, (96, 48)),
        ];
        for (text, scale, surface, expect) in table {
            let bitmap = draw(text, "", scale, surface);
            assert_eq!((bitmap.width_dots(), bitmap.rows()), expect, "{text} {scale} {surface:?}");
        }
        let row = ink(&draw("口", "口", 1, surface));
        assert!(row[0] < 24 && row[1] > 552, "a value stands at the right edge: {row:?}");
    }

    #[test]
    fn descenders_stay_inside_and_leftover_dots_at_both_sides() {
        let surface = Surface { fonts: FONTS, width_dots: 576, halved: false, small: false };
        let [_, _, _, without] = ink(&draw("xx", "", 1, surface));
        let [left, right, _, bottom] = ink(&draw("jgpqyjg", "", 1, surface));
        assert!(bottom > without + 2 && bottom <= 23, "{bottom}");
        // 84 dots in 88.
        assert!(left >= 2 && right <= 86, "{left} to {right} of 88");
    }
}
