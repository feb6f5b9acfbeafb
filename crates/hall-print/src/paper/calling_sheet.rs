//! The paper calling sheet (叫号单) for a hall whose screens failed: the waiting numbers of a service in their order,
//! each with a box to tick.

use serde::Deserialize;

use super::pages::paginate;
use super::sheet::{Block, Sheet, Style};
use super::slip::Bilingual;
use super::wrap::text_columns;
use crate::{Error, Fonts};

const NUMBERS_MAX: usize = 500;
const BOX: char = '□';
const SIZE: u32 = 2;

/// At most 500 numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallingSheet {
    pub hall: Bilingual,
    pub service: Bilingual,
    /// Where the service is served, `A区 1楼 3、4、5号窗口`.
    pub counters: String,
    /// Waiting numbers in the order they are to be called.
    pub numbers: Vec<String>,
    pub printed_at: String,
}

impl CallingSheet {
    pub(super) fn layout(&self, columns: u32, fonts: Fonts) -> Result<Vec<Block>, Error> {
        let count = self.numbers.len();
        if count > NUMBERS_MAX {
            return Err(Error::TooMany { what: "numbers of the calling sheet", count, max: NUMBERS_MAX });
        }
        Ok(paginate(&self.heading(columns), self.rows(columns), columns, fonts))
    }

    fn heading(&self, columns: u32) -> Vec<Block> {
        let mut sheet = Sheet::new(columns);
        sheet.text(&self.hall.zh, Style::NORMAL);
        sheet.text("叫号单", Style::NORMAL.size(2).bold());
        sheet.text("Calling sheet", Style::NORMAL);
        sheet.rule();
        sheet.bilingual(&self.service, Style::NORMAL.size(2).fit(1).bold());
        sheet.text(&self.counters, Style::NORMAL);
        sheet.gap(8);
        sheet.row("等候 Waiting", &format!("{} 人", self.numbers.len()), Style::NORMAL);
        sheet.row("打印时间 Printed", &self.printed_at, Style::NORMAL);
        sheet.rule();
        sheet.text("叫到后打勾 Tick when called", Style::NORMAL.left());
        sheet.gap(12);
        sheet.blocks
    }

    /// As many numbers side by side as the paper holds, in reading order.
    fn rows(&self, columns: u32) -> Vec<Vec<Block>> {
        let widest = self.numbers.iter().map(|number| text_columns(number)).max().unwrap_or(1);
        let cell = widest as usize + 3;
        let per_row = ((columns / SIZE) as usize + 1) / (cell + 1);
        let style = Style::NORMAL.size(SIZE as u8).left();
        self.numbers
            .chunks(per_row.max(1))
            .map(|row| {
                let cells: Vec<_> =
                    row.iter().map(|number| format!("{BOX} {number:<width$}", width = cell - 3)).collect();
                let mut sheet = Sheet::new(columns);
                sheet.text(&cells.join(" "), style.fit(1));
                sheet.gap(12);
                sheet.blocks
            })
            .collect()
    }
}
