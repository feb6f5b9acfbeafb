//! Documents of several pages: items stay whole, each page has the heading and its number, and is cut off.

use super::sheet::{Block, Sheet, Style};
use crate::Fonts;

/// What may stand below the heading of one page: 25 cm at 203 dpi, about a sheet of A4.
const PAGE_DOTS_MAX: u32 = 2000;
/// Between lines of text of normal size.
pub const LEADING_DOTS: u32 = 6;

/// Paper a line of text takes. The cells of large type hold room enough.
pub fn line_dots(fonts: Fonts, scale: u8) -> u32 {
    let height = fonts.height_dots * u32::from(scale);
    if scale == 1 { height + LEADING_DOTS } else { height }
}

/// Paper a block takes. Codes are left out: no paged document has any.
fn height_dots(block: &Block, fonts: Fonts) -> u32 {
    match block {
        Block::Line(line) => line_dots(fonts, line.scale),
        Block::Rule => line_dots(fonts, 1),
        Block::Gap { dots } => *dots,
        Block::Picture { bitmap, .. } => bitmap.rows(),
        Block::Qr { .. } | Block::Barcode { .. } | Block::Cut => 0,
    }
}

/// Fills pages with `items`, none of them broken, the heading above each page's.
pub fn paginate(heading: &[Block], items: Vec<Vec<Block>>, columns: u32, fonts: Fonts) -> Vec<Block> {
    let mut pages: Vec<Vec<Block>> = vec![Vec::new()];
    let mut taken = 0;
    for item in items {
        let height: u32 = item.iter().map(|block| height_dots(block, fonts)).sum();
        if taken > 0 && taken + height > PAGE_DOTS_MAX {
            pages.push(Vec::new());
            taken = 0;
        }
        taken += height;
        if let Some(page) = pages.last_mut() {
            page.extend(item);
        }
    }
    let count = pages.len();
    let mut blocks = Vec::new();
    for (number, page) in (1..).zip(pages) {
        blocks.extend_from_slice(heading);
        blocks.extend(page);
        if count > 1 {
            let mut foot = Sheet::new(columns);
            foot.gap(16);
            foot.text(&format!("第 {number}/{count} 页  Page {number} of {count}"), Style::NORMAL);
            blocks.extend(foot.blocks);
        }
        if number < count {
            blocks.push(Block::Cut);
        }
    }
    blocks
}
