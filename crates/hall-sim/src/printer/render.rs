//! A decoded slip as a picture: dot for dot on 80 mm paper, text in the cells the printer would use.

use std::path::Path;

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _, point};
use fontdb::{Database, Family, Query, Weight};
use image::{GrayImage, Luma};

use super::commands::Align;
use super::decode::{
    Barcode, COLUMN_DOTS, Element, Image, LINE_DOTS, PAPER_DOTS, QrCode, Run, Slip, TextLine, char_columns,
};

const MARGIN_DOTS: u32 = 32;
const PAPER: Luma<u8> = Luma([250]);
/// Of a Hanzi's box, from its top.
const BASELINE: f32 = 0.88;
const FAMILY: &str = "Noto Sans Mono CJK SC";

#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the font {FAMILY} is not installed (package fonts-noto-cjk)")]
    NoFont,
    #[error("the QR code cannot be drawn: {0}")]
    Qr(#[from] qrcode::types::QrError),
    #[error("the picture was not written: {0}")]
    Write(#[from] image::ImageError),
}

/// Draws the slip into a PNG file.
pub fn render_png(slip: &Slip, path: &Path) -> Result<(), RenderError> {
    draw(slip)?.save(path)?;
    Ok(())
}

fn draw(slip: &Slip) -> Result<GrayImage, RenderError> {
    let mut height_dots = 2 * MARGIN_DOTS;
    for element in &slip.elements {
        height_dots += element_height(element)?;
    }
    let mut canvas = Canvas {
        image: GrayImage::from_pixel(PAPER_DOTS + 2 * MARGIN_DOTS, height_dots, PAPER),
        fonts: Fonts::find()?,
        top: MARGIN_DOTS,
    };
    for element in &slip.elements {
        match element {
            Element::Line(line) => canvas.line(line),
            Element::Qr(qr) => canvas.qr(qr)?,
            Element::Image(image) => canvas.raster(image),
            // A grey bar in its place: what it says is in the decoded slip.
            Element::Barcode(barcode) => canvas.bar(barcode),
            Element::Feed { .. } | Element::Cut { .. } => {}
        }
        canvas.top += element_height(element)?;
    }
    Ok(canvas.image)
}

fn element_height(element: &Element) -> Result<u32, RenderError> {
    Ok(match element {
        Element::Line(line) => line.height_dots,
        Element::Qr(qr) => code(qr)?.width() as u32 * u32::from(qr.module_dots),
        Element::Image(image) => image.rows as u32,
        Element::Barcode(barcode) => barcode.height_dots,
        Element::Feed { dots } => *dots,
        Element::Cut { .. } => 0,
    })
}

fn code(qr: &QrCode) -> Result<qrcode::QrCode, RenderError> {
    Ok(qrcode::QrCode::with_error_correction_level(&qr.data, qrcode::EcLevel::M)?)
}

struct Fonts {
    regular: FontVec,
    bold: FontVec,
}

impl Fonts {
    fn find() -> Result<Self, RenderError> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        let face = |weight| {
            let id = fonts.query(&Query { families: &[Family::Name(FAMILY)], weight, ..Query::default() })?;
            let font =
                fonts.with_face_data(id, |data, index| FontVec::try_from_vec_and_index(data.to_vec(), index));
            font?.ok()
        };
        let regular = face(Weight::NORMAL).ok_or(RenderError::NoFont)?;
        let bold = face(Weight::BOLD).ok_or(RenderError::NoFont)?;
        Ok(Self { regular, bold })
    }
}

struct Canvas {
    image: GrayImage,
    fonts: Fonts,
    /// Upper edge of the next element.
    top: u32,
}

impl Canvas {
    fn line(&mut self, line: &TextLine) {
        let tallest = line.runs.iter().map(|run| u32::from(run.height)).max().unwrap_or(1) * LINE_DOTS;
        let mut left = aligned(line.align, line.width_dots());
        for run in &line.runs {
            for c in run.text.chars() {
                let cell = char_columns(c) * COLUMN_DOTS * u32::from(run.width);
                self.char(c, run, left, cell, tallest);
                left += cell;
            }
        }
    }

    /// Characters of different heights stand on one baseline.
    fn char(&mut self, c: char, run: &Run, left: u32, cell: u32, tallest: u32) {
        let font = if run.bold { &self.fonts.bold } else { &self.fonts.regular };
        let em = |magnified: u8| (u32::from(magnified) * LINE_DOTS) as f32;
        let line_scale = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale { x: em(run.width) * line_scale, y: em(run.height) * line_scale };
        let id = font.glyph_id(c);
        let inset = ((cell as f32 - font.as_scaled(scale).h_advance(id)) / 2.0).max(0.0);
        let baseline = self.top as f32 + tallest as f32 - em(run.height) * (1.0 - BASELINE);
        let Some(outline) =
            font.outline_glyph(id.with_scale_and_position(scale, point(left as f32 + inset, baseline)))
        else {
            return;
        };
        let bounds = outline.px_bounds();
        outline.draw(|x, y, coverage| {
            let (x, y) = (bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32);
            if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
                darken(&mut self.image, x, y, coverage);
            }
        });
    }

    fn qr(&mut self, qr: &QrCode) -> Result<(), RenderError> {
        let code = code(qr)?;
        let (modules, side) = (code.width() as u32, u32::from(qr.module_dots));
        let left = aligned(qr.align, modules * side);
        for (index, colour) in (0..).zip(code.to_colors()) {
            if colour == qrcode::Color::Dark {
                self.square(left + index % modules * side, self.top + index / modules * side, side);
            }
        }
        Ok(())
    }

    fn bar(&mut self, barcode: &Barcode) {
        let modules = 11 * (barcode.data.len() as u32 + 2) + 13;
        let width = modules * u32::from(barcode.module_dots);
        let left = aligned(barcode.align, width);
        for y in self.top..self.top + barcode.height_dots {
            (left..left + width).for_each(|x| darken(&mut self.image, x, y, 0.5));
        }
    }

    fn raster(&mut self, image: &Image) {
        for (index, byte) in image.bits.iter().enumerate() {
            let (column, row) = (index % image.width_bytes * 8, index / image.width_bytes);
            for bit in (0..8).filter(|bit| byte & 0x80 >> bit != 0) {
                self.square(MARGIN_DOTS + column as u32 + bit, self.top + row as u32, 1);
            }
        }
    }

    fn square(&mut self, left: u32, top: u32, side: u32) {
        for y in top..top + side {
            for x in left..left + side {
                darken(&mut self.image, x, y, 1.0);
            }
        }
    }
}

fn aligned(align: Align, width_dots: u32) -> u32 {
    let room = PAPER_DOTS.saturating_sub(width_dots);
    MARGIN_DOTS
        + match align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        }
}

fn darken(image: &mut GrayImage, x: u32, y: u32, coverage: f32) {
    if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
        pixel.0[0] = (f32::from(pixel.0[0]) * (1.0 - coverage.clamp(0.0, 1.0))) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::*;

    #[test]
    fn everything_on_the_slip_is_drawn_inside_the_paper() {
        let slip = decode(
            b"\x1B@\x1C&\x1Ba\x01\x1D!\x77A012\n\x1D!\x00\xC7\xEB\xB5\xC8\xBA\xF2\n\
            \x1D(k\x04\0\x31\x41\x32\0\x1D(k\x03\0\x31\x43\x06\x1D(k\x05\0\x31\x50\x30HI\x1D(k\x03\0\x31\x51\x30\
            \x1Ba\0\x1Dv0\0\x01\0\x02\0\x80\x01\n\x1DVB\0",
        )
        .unwrap();
        let picture = draw(&slip).unwrap();
        // Number 192, text 30, code 21 modules of 6, image 2, the last line 30.
        assert_eq!(picture.dimensions(), (640, 64 + 192 + 30 + 126 + 2 + 30));
        let dark = |left: u32, top: u32, width: u32, height: u32| {
            (top..top + height)
                .flat_map(|y| (left..left + width).map(move |x| (x, y)))
                .filter(|(x, y)| picture.get_pixel(*x, *y).0[0] < 128)
                .count()
        };
        let table = [("number", 32, 192), ("text", 224, 30), ("code", 254, 126), ("image", 380, 2)];
        for (name, top, height) in table {
            assert!(dark(MARGIN_DOTS, top, PAPER_DOTS, height) > 0, "{name} is missing");
            let outside =
                dark(0, top, MARGIN_DOTS, height) + dark(640 - MARGIN_DOTS, top, MARGIN_DOTS, height);
            assert_eq!(outside, 0, "{name} runs off the paper");
        }
        assert_eq!(dark(MARGIN_DOTS, 380, PAPER_DOTS, 2), 2, "the image has two dots");
    }
}
