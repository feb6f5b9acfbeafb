//! Draws lines of text with a system font, in the cells a printer would use. Glyphs are drawn once and kept, a bounded
//! number of them; the font file is mapped only while glyphs are missing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use fontdb::{Database, Family, ID, Query, Weight};

use super::bitmap::Bitmap;
use super::sheet::Line;
use super::wrap::{columns, text_columns};
use crate::Fonts;

/// Of a Hanzi's box, from its top.
const BASELINE: f32 = 0.88;
/// Shown for a character that neither the printer nor this machine's font has.
pub const MISSING: char = '〓';
const FAMILIES: [&str; 3] = ["Noto Sans Mono CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei Mono"];
/// About a hundred bytes each, the largest some thousand.
const GLYPHS_MAX: usize = 3000;

/// A character in a cell, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Cell {
    character: char,
    width: u32,
    height: u32,
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

    /// The line `width` dots wide at most and as high as its cells; `halved` for a printer that doubles it again.
    /// `None` when the font can no longer be read.
    pub fn draw(&self, line: &Line, fonts: Fonts, width: u32, halved: bool) -> Option<Bitmap> {
        let magnify = |dots: u32| dots * u32::from(line.scale) / if halved { 2 } else { 1 };
        let (column, height) = (magnify(fonts.width_dots), magnify(fonts.height_dots));
        let cell = |character| Cell { character, width: columns(character) * column, height };
        let text_width = text_columns(&line.text) * column;
        let wanted: Vec<Cell> = line.text.chars().chain(line.right.chars()).map(cell).collect();
        let glyphs = self.glyphs(&wanted)?;
        let full = if line.right.is_empty() { text_width.min(width) } else { width };
        let mut bitmap = Bitmap::new(full, height);
        let mut left = 0;
        for (index, (cell, glyph)) in wanted.iter().zip(&glyphs).enumerate() {
            if index == line.text.chars().count() {
                left = width.saturating_sub(text_columns(&line.right) * column);
            }
            bitmap.draw(glyph, left as i32, 0);
            if line.bold {
                bitmap.draw(glyph, left as i32 + 1, 0);
            }
            left += cell.width;
        }
        Some(bitmap)
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
    let em = height as f32;
    let px = PxScale::from(em * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0));
    let inset = ((width as f32 - font.as_scaled(px).h_advance(id)) / 2.0).max(0.0);
    let glyph = id.with_scale_and_position(px, point(inset, em * BASELINE));
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
