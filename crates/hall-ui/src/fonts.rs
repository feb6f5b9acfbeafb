//! Without a Chinese font a terminal would show boxes, so it refuses to start and says what to install.

use ab_glyph::{Font as _, FontRef};
use fontdb::{Database, ID};

/// A character every terminal shows.
const PROBE: char = '号';

/// No installed font has Chinese characters.
#[derive(Debug, thiserror::Error)]
#[error("没有中文字体，请安装 fonts-noto-cjk / no Chinese font found, install fonts-noto-cjk")]
pub struct NoCjkFont;

/// Checks that some installed font can draw Chinese; call it before the first window.
pub fn require_cjk_font() -> Result<(), NoCjkFont> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let mut faces = fonts.faces().map(|face| face.id);
    faces.any(|face| has_glyph(&fonts, face)).then_some(()).ok_or(NoCjkFont)
}

fn has_glyph(fonts: &Database, face: ID) -> bool {
    fonts
        .with_face_data(face, |data, index| {
            FontRef::try_from_slice_and_index(data, index).is_ok_and(|font| font.glyph_id(PROBE).0 != 0)
        })
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_can_draw_chinese() {
        require_cjk_font().unwrap();
    }

    #[test]
    fn the_error_says_what_to_install() {
        assert!(NoCjkFont.to_string().contains("fonts-noto-cjk"));
    }
}
