//! Lines and codes drawn in dots, for what a printer's ROM lacks. Sent as `GS v 0` in strips.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use fontdb::{Database, Family, ID, Query, Weight};

use super::layout::Line;
use super::wrap::{COLUMN_DOTS, columns, text_columns};

const HANZI_DOTS: u32 = 24;
/// Of a Hanzi's box, from its top.
const BASELINE: f32 = 0.88;
/// Smaller modules do not scan from thermal paper.
const MODULE_DOTS_MIN: u32 = 3;
/// Shown for a character that neither the printer nor this machine's font has.
pub const MISSING: char = '〓';
const FAMILIES: [&str; 3] = ["Noto Sans Mono CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei Mono"];

/// Black and white dots, row by row, eight to a byte.
pub struct Bitmap {
    width_bytes: usize,
    bits: Vec<u8>,
}

impl Bitmap {
    fn new(width_dots: u32, height_dots: u32) -> Self {
        let width_bytes = width_dots.div_ceil(8) as usize;
        Self { width_bytes, bits: vec![0; width_bytes * height_dots as usize] }
    }

    fn ink(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x / 8 < self.width_bytes
            && let Some(byte) = self.bits.get_mut(y * self.width_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    pub fn rows(&self) -> u32 {
        (self.bits.len() / self.width_bytes) as u32
    }

    /// `GS v 0` commands for the whole image, each of at most so many rows.
    pub fn strips(&self, rows: usize) -> Vec<Vec<u8>> {
        self.bits.chunks(self.width_bytes * rows).map(|strip| self.strip(strip)).collect()
    }

    fn strip(&self, bits: &[u8]) -> Vec<u8> {
        let rows = bits.len() / self.width_bytes;
        let mut command = vec![0x1D, b'v', b'0', 0];
        command.extend((self.width_bytes as u16).to_le_bytes());
        command.extend((rows as u16).to_le_bytes());
        let head = command.len();
        command.extend(bits);
        defuse(&mut command[head..]);
        command
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

/// A system font with Chinese, for lines that must be drawn. Mapped while drawing, not kept in memory.
pub struct Brush {
    fonts: Database,
    face: ID,
}

impl Brush {
    /// Looks for a Chinese font; a machine without one prints 〓 for what the ROM lacks.
    pub fn find() -> Option<Self> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        let query =
            Query { families: &FAMILIES.map(Family::Name), weight: Weight::NORMAL, ..Query::default() };
        let face = fonts.query(&query)?;
        Some(Self { fonts, face })
    }

    /// The line in the cells the printer would have used, on paper `dots` wide; 〓 where the font has no glyph either.
    /// `None` when the font can no longer be read.
    pub fn draw(&self, line: &Line, dots: u32) -> Option<Bitmap> {
        self.fonts.with_face_data(self.face, |data, index| {
            let font = FontRef::try_from_slice_and_index(data, index).ok()?;
            Some(draw_line(&font, line, dots))
        })?
    }
}

fn draw_line(font: &FontRef, line: &Line, dots: u32) -> Bitmap {
    let scale = u32::from(line.scale);
    let width = text_columns(&line.text) * COLUMN_DOTS * scale;
    let mut left = if line.centred { dots.saturating_sub(width) / 2 } else { 0 };
    let mut bitmap = Bitmap::new((left + width).min(dots), HANZI_DOTS * scale);
    for c in line.text.chars() {
        let cell = columns(c) * COLUMN_DOTS * scale;
        draw_char(&mut bitmap, font, c, left, cell, line);
        left += cell;
    }
    bitmap
}

fn draw_char(bitmap: &mut Bitmap, font: &FontRef, c: char, left: u32, cell: u32, line: &Line) {
    let mut id = font.glyph_id(c);
    if id.0 == 0 {
        tracing::warn!(character = %c, "neither the printer nor the font has this character");
        id = font.glyph_id(MISSING);
    }
    let em = (HANZI_DOTS * u32::from(line.scale)) as f32;
    let px = PxScale::from(em * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0));
    let inset = ((cell as f32 - font.as_scaled(px).h_advance(id)) / 2.0).max(0.0);
    let glyph = id.with_scale_and_position(px, point(left as f32 + inset, em * BASELINE));
    let Some(outline) = font.outline_glyph(glyph) else { return };
    let bounds = outline.px_bounds();
    outline.draw(|x, y, coverage| {
        if coverage >= 0.5 {
            let (x, y) = (bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32);
            bitmap.ink(x, y);
            if line.bold {
                bitmap.ink(x + 1, y);
            }
        }
    });
}

/// A QR code, model 2, level M.
pub struct Qr {
    code: qrcode::QrCode,
    module_dots: u32,
}

impl Qr {
    /// The code with modules of `module_dots` or smaller, as wide paper of `dots` allows. `None` when `data` is too
    /// long to be scanned from such paper.
    pub fn fit(data: &str, module_dots: u8, dots: u32) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(data, qrcode::EcLevel::M).ok()?;
        let module_dots = u32::from(module_dots).min(dots / code.width() as u32);
        (module_dots >= MODULE_DOTS_MIN).then_some(Self { code, module_dots })
    }

    pub fn module_dots(&self) -> u8 {
        self.module_dots as u8
    }

    pub fn side_dots(&self) -> u32 {
        self.code.width() as u32 * self.module_dots
    }

    /// The code drawn in the middle of paper `dots` wide.
    pub fn draw(&self, dots: u32) -> Bitmap {
        let (modules, module_dots) = (self.code.width() as u32, self.module_dots);
        let side = self.side_dots();
        let left = dots.saturating_sub(side) / 2;
        let mut bitmap = Bitmap::new(left + side, side);
        let dark = (0..).zip(self.code.to_colors()).filter(|(_, colour)| *colour == qrcode::Color::Dark);
        for (index, _) in dark {
            let (x, y) = (left + index % modules * module_dots, index / modules * module_dots);
            for row in y..y + module_dots {
                (x..x + module_dots).for_each(|column| bitmap.ink(column as i32, row as i32));
            }
        }
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_goes_in_strips() {
        let strips = Bitmap::new(384, 50).strips(24);
        let rows: Vec<u8> = strips.iter().map(|strip| strip[6]).collect();
        assert_eq!(rows, [24, 24, 2]);
        assert!(strips.iter().all(|strip| strip[..6] == [0x1D, b'v', b'0', 0, 48, 0]));
    }

    #[test]
    fn a_code_is_made_smaller_before_it_is_left_out() {
        let table = [
            (20, 576, Some(6)),
            (700, 576, Some(5)),
            (600, 384, Some(4)),
            (2300, 576, Some(3)),
            (2300, 384, None),
            (3000, 576, None),
        ];
        for (letters, dots, expect) in table {
            let module_dots = Qr::fit(&"a".repeat(letters), 6, dots).map(|code| code.module_dots());
            assert_eq!(module_dots, expect, "{letters} letters on {dots}");
        }
    }

    #[test]
    fn an_image_holds_no_real_time_command() {
        let mut bits = [0x10, 0x04, 0x10, 0x05, 0x10, 0x14, 0x10, 0x10, 0x04, 0x04];
        defuse(&mut bits);
        assert_eq!(bits, [0x10, 0x06, 0x10, 0x07, 0x10, 0x16, 0x10, 0x10, 0x06, 0x04]);
    }
}
