//! QR codes and barcodes: whether they fit the paper, and how they are drawn.

use barcoders::sym::code128::Code128;

use super::bitmap::Bitmap;

/// Smaller modules do not scan from thermal paper.
const MODULE_DOTS_MIN: u32 = 3;
/// Quiet zone of a CODE128 at each side, in modules.
const QUIET_MODULES: u32 = 10;
const BARCODE_CHARS_MAX: usize = 40;

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

    /// The code in dots; `halved` for a printer that doubles it again.
    pub fn draw(&self, halved: bool) -> Bitmap {
        let modules = self.code.width() as u32;
        let side = if halved { self.module_dots / 2 } else { self.module_dots };
        let mut bitmap = Bitmap::new(modules * side, modules * side);
        let dark = (0..).zip(self.code.to_colors()).filter(|(_, colour)| *colour == qrcode::Color::Dark);
        for (index, _) in dark {
            bitmap.fill(index % modules * side, index / modules * side, side, side);
        }
        bitmap
    }
}

/// A CODE128 in character set B.
pub struct Barcode {
    bars: Vec<u8>,
    module_dots: u32,
}

impl Barcode {
    /// The code with narrowest bars of `module_dots` or less. `None` for other characters than ASCII's printable
    /// ones, and when the code is too long for paper of `dots`.
    pub fn fit(data: &str, module_dots: u8, dots: u32) -> Option<Self> {
        if data.len() > BARCODE_CHARS_MAX || !data.chars().all(|c| matches!(c, ' '..='~')) {
            return None;
        }
        let bars = Code128::new(format!("Ɓ{data}")).ok()?.encode();
        let modules = bars.len() as u32 + 2 * QUIET_MODULES;
        let module_dots = u32::from(module_dots).min(dots / modules);
        (module_dots >= 2).then_some(Self { bars, module_dots })
    }

    pub fn module_dots(&self) -> u8 {
        self.module_dots as u8
    }

    pub fn draw(&self, height_dots: u32) -> Bitmap {
        let mut bitmap = Bitmap::new(self.bars.len() as u32 * self.module_dots, height_dots);
        for (index, _) in (0..).zip(&self.bars).filter(|(_, bar)| **bar == 1) {
            bitmap.fill(index * self.module_dots, 0, self.module_dots, height_dots);
        }
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn bars_are_those_of_code_128() {
        let code = Barcode::fit("A012", 2, 576).unwrap();
        let bars: String = code.bars.iter().map(|bar| char::from(b'0' + bar)).collect();
        // Start B, A, 0, 1, 2; the check; the stop (ISO/IEC 15417, table 1).
        let begin = ["11010010000", "10100011000", "10011101100", "10011100110", "11001110010"].concat();
        assert!(bars.starts_with(&begin) && bars.ends_with("1100011101011"), "{bars}");
    }

    #[test]
    fn a_barcode_has_start_check_and_stop_or_is_left_out() {
        let table = [
            // 11 modules each for start, 4 characters and check, 13 for the stop.
            ("A012", 3, 576, Some((3, 79))),
            ("A012", 6, 384, Some((3, 79))),
            ("1-5F3A9C0B12D4", 2, 384, None),
            ("1-5F3A9C0B12D4", 2, 576, Some((2, 189))),
            ("号", 2, 576, None),
        ];
        for (data, module_dots, dots, expect) in table {
            let code = Barcode::fit(data, module_dots, dots).map(|code| (code.module_dots, code.bars.len()));
            assert_eq!(code, expect, "{data} on {dots}");
        }
    }
}
