//! The one-time notice (一次性告知单): all that a matter needs, told once and in full (行政许可法 art. 30, 32).

use serde::Deserialize;

use super::pages::paginate;
use super::sheet::{Block, Sheet, Style};
use super::slip::Bilingual;
use crate::{Error, Fonts};

const ITEMS_MAX: usize = 200;

/// What a matter needs. At most 200 items in all; a list that is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notice {
    pub hall: Bilingual,
    pub matter: Bilingual,
    /// Who decides it, `自然资源局`.
    pub department: Bilingual,
    /// Who may apply, under which conditions.
    pub conditions: Vec<String>,
    pub materials: Vec<Material>,
    /// From application to collection, in order.
    pub steps: Vec<String>,
    /// `法定时限 30 个工作日`, `承诺时限 5 个工作日`.
    pub time_limits: Vec<String>,
    /// `不收费`, `登记费 80 元`.
    pub fees: Vec<String>,
    /// Where to ask and to apply.
    pub where_to_go: Bilingual,
    pub printed_at: String,
}

/// One paper to bring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Material {
    pub name: String,
    pub originals: u32,
    pub copies: u32,
    /// What is particular about it, `需加盖公章`; may be empty.
    pub remark: String,
}

impl Material {
    /// `原件 1 份，复印件 2 份`
    fn amount(&self) -> String {
        let part = |name: &str, count: u32| (count > 0).then(|| format!("{name} {count} 份"));
        [part("原件", self.originals), part("复印件", self.copies)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("，")
    }
}

impl Notice {
    pub(super) fn layout(&self, columns: u32, fonts: Fonts) -> Result<Vec<Block>, Error> {
        let count = self.conditions.len()
            + self.materials.len()
            + self.steps.len()
            + self.time_limits.len()
            + self.fees.len();
        if count > ITEMS_MAX {
            return Err(Error::TooMany { what: "items of the notice", count, max: ITEMS_MAX });
        }
        let mut items = Vec::new();
        self.list(&mut items, columns, "办理条件 Conditions", &self.conditions);
        let materials: Vec<String> = self.materials.iter().map(|material| material.name.clone()).collect();
        let first = items.len();
        self.list(&mut items, columns, "申请材料 Materials", &materials);
        for (item, material) in items[first..].iter_mut().zip(&self.materials) {
            let mut details = Sheet::new(columns);
            for detail in [material.amount(), material.remark.clone()] {
                details.item("    ", &detail);
            }
            item.extend(details.blocks);
        }
        self.list(&mut items, columns, "办理流程 Steps", &self.steps);
        self.list(&mut items, columns, "办理时限 Time limits", &self.time_limits);
        self.list(&mut items, columns, "收费 Fees", &self.fees);
        items.push(self.foot(columns));
        Ok(paginate(&self.heading(columns), items, columns, fonts))
    }

    fn heading(&self, columns: u32) -> Vec<Block> {
        let mut sheet = Sheet::new(columns);
        sheet.text(&self.hall.zh, Style::NORMAL);
        sheet.text("一次性告知单", Style::NORMAL.size(2).bold());
        sheet.text("One-time notice", Style::NORMAL);
        sheet.rule();
        sheet.bilingual(&self.matter, Style::NORMAL.size(2).fit(1).bold());
        sheet.bilingual(&self.department, Style::NORMAL);
        sheet.gap(8);
        sheet.blocks
    }

    /// Numbered when there are several. The title stays with the first.
    fn list(&self, items: &mut Vec<Vec<Block>>, columns: u32, title: &str, texts: &[String]) {
        for (number, text) in (1..).zip(texts) {
            let mut sheet = Sheet::new(columns);
            if number == 1 {
                sheet.gap(12);
                sheet.text(title, Style::NORMAL.bold().left());
            }
            let mark = if texts.len() > 1 { format!("{:<4}", format!("{number}.")) } else { "    ".into() };
            sheet.item(&mark, text);
            sheet.gap(4);
            items.push(sheet.blocks);
        }
    }

    fn foot(&self, columns: u32) -> Vec<Block> {
        let mut sheet = Sheet::new(columns);
        sheet.rule();
        for (label, value) in [
            ("办理地点 Where", &self.where_to_go.zh),
            ("", &self.where_to_go.en),
            ("打印时间 Printed", &self.printed_at),
        ] {
            if !value.is_empty() {
                sheet.row(label, value, Style::NORMAL);
            }
        }
        sheet.blocks
    }
}
