//! Puts values into a template: texts with placeholders, items that vanish with their values, items that repeat.

use super::sheet::{Align, Block, Sheet, Style, clean};
use super::template::{Item, Kind};

/// The placeholders of each template.
pub mod known {
    pub const SLIP: &[&str] = &[
        "hall",
        "hall_en",
        "service",
        "service_en",
        "number",
        "ahead",
        "where",
        "where_en",
        "issued_at",
        "wait",
        "wait_en",
        "class",
        "class_en",
        "follow_code",
        "follow_url",
        "ticket_code",
        "note",
        "note_en",
    ];
    pub const APPOINTMENT: &[&str] = &[
        "hall",
        "hall_en",
        "service",
        "service_en",
        "date",
        "time",
        "where",
        "where_en",
        "code",
        "issued_at",
        "note",
        "note_en",
    ];
}

/// A text with placeholders, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Value(String),
}

impl Text {
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("{text:?}: a {{ without its }}"))?;
            if !known.contains(&name) {
                let known: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
                return Err(format!("{{{name}}} is unknown; there are {}", known.join(" ")));
            }
            parts.push(Part::Fixed(before.to_owned()));
            parts.push(Part::Value(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Fixed(rest.to_owned()));
        Ok(Self(parts))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Value(name) => Some(name.as_str()),
            Part::Fixed(_) => None,
        })
    }

    /// The text with its values; `None` when all of them are absent.
    fn fill(&self, values: &Values) -> Option<String> {
        if self.names().next().is_some() && self.names().all(|name| values.get(name).is_empty()) {
            return None;
        }
        Some(
            self.0
                .iter()
                .map(|part| match part {
                    Part::Fixed(text) => text,
                    Part::Value(name) => values.get(name),
                })
                .collect(),
        )
    }
}

/// What the placeholders stand for; an empty value is an absent one.
#[derive(Debug, Clone, Default)]
pub struct Values(Vec<(&'static str, String)>);

impl Values {
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, clean(value).trim().to_owned()));
    }

    /// A value and its English.
    pub fn set_both(&mut self, names: [&'static str; 2], text: &super::slip::Bilingual) {
        self.set(names[0], &text.zh);
        self.set(names[1], &text.en);
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

/// All that goes into a template.
pub struct Filling<'a> {
    pub values: Values,
    /// Items that name a note stand once for each.
    pub notes: &'a [super::slip::Bilingual],
    pub reprint: u32,
}

/// The template's blocks. A reprint is marked even where the template does not say where.
pub fn fill(items: &[Item], filling: &Filling, columns: u32) -> Vec<Block> {
    let mut sheet = Sheet::new(columns);
    if !items.iter().any(|item| item.kind == Kind::Reprint) {
        reprint(&mut sheet, filling.reprint, Style::NORMAL.size(2));
    }
    for group in items.chunk_by(|item, next| names_note(item) == names_note(next)) {
        if !group.first().is_some_and(names_note) {
            group.iter().for_each(|item| put(&mut sheet, item, &filling.values, filling.reprint));
            continue;
        }
        for note in filling.notes {
            let mut values = filling.values.clone();
            values.set_both(["note", "note_en"], note);
            group.iter().for_each(|item| put(&mut sheet, item, &values, filling.reprint));
        }
    }
    sheet.blocks
}

fn names_note(item: &Item) -> bool {
    let is_note = |name: &str| matches!(name, "note" | "note_en");
    let in_text = match &item.kind {
        Kind::Text(text) | Kind::Qr(text) | Kind::Barcode(text) => text.names().any(is_note),
        Kind::Row { label, value } => label.names().chain(value.names()).any(is_note),
        Kind::Rule | Kind::Gap(_) | Kind::Logo(_) | Kind::Reprint | Kind::Cut => false,
    };
    in_text || item.when.as_deref().is_some_and(is_note)
}

fn put(sheet: &mut Sheet, Item { kind, style, before, after, when }: &Item, values: &Values, count: u32) {
    if when.as_deref().is_some_and(|name| values.get(name).is_empty()) {
        return;
    }
    let blocks_before = sheet.blocks.len();
    sheet.gap(*before);
    let empty = sheet.blocks.len();
    match kind {
        Kind::Text(text) => text.fill(values).into_iter().for_each(|text| sheet.text(&text, *style)),
        Kind::Row { label, value } => {
            if let (Some(label), Some(value)) = (label.fill(values), value.fill(values)) {
                sheet.row(&label, &value, *style);
            }
        }
        Kind::Rule => sheet.blocks.push(Block::Rule),
        Kind::Gap(dots) => sheet.gap(*dots),
        Kind::Qr(text) => sheet.blocks.extend(text.fill(values).map(|data| Block::Qr { data })),
        Kind::Barcode(text) => sheet.blocks.extend(text.fill(values).map(|data| Block::Barcode { data })),
        Kind::Logo(bitmap) => {
            sheet.blocks.push(Block::Picture { bitmap: bitmap.clone(), align: style.align });
        }
        Kind::Reprint => reprint(sheet, count, *style),
        Kind::Cut => sheet.blocks.push(Block::Cut),
    }
    if sheet.blocks.len() == empty {
        sheet.blocks.truncate(blocks_before);
    } else {
        sheet.gap(*after);
    }
}

fn reprint(sheet: &mut Sheet, count: u32, style: Style) {
    if count == 0 {
        return;
    }
    // On narrow paper in two lines rather than small.
    let style = Style { bold: true, align: Align::Centre, ..style };
    sheet.text(&format!("【补打 第{count}次】 REPRINT {count}"), style.fit(style.size.min(2)));
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Line;
    use super::super::wrap::text_columns;
    use super::super::{Bilingual, Document, Slip, Template};
    use super::*;
    use crate::Profile;

    const COLUMN_DOTS: u32 = 12;

    fn slip() -> Slip {
        Slip {
            hall: Bilingual::new("滨江新区政务服务中心", "Binjiang Government Service Centre"),
            service: Bilingual::new("不动产登记", "Real estate registration"),
            number: "A012".into(),
            people_ahead: 12,
            where_to_go: Bilingual::new("A区 1楼 3、4、5号窗口", "Zone A, floor 1, counters 3-5"),
            issued_at: "2026-11-23 09:30".into(),
            notes: vec![Bilingual::new("过号请到咨询台", "Missed your call? Ask at the desk")],
            ..Slip::default()
        }
    }

    fn long_slip() -> Slip {
        Slip {
            hall: Bilingual::new(
                "某某自治州某某县级市高新技术产业开发区政务服务和公共资源交易中心",
                "Government Service and Public Resource Trading Centre of the High-Tech Development Zone",
            ),
            service: Bilingual::new("机关事业单位养老保险参保人员关系转移接续（省内、省外）", ""),
            where_to_go: Bilingual::new("B区 3楼 101、102、103、104、105、106、107、108号窗口", ""),
            number: "AB1000".into(),
            class: Some(Bilingual::new(
                "退役军人及其他优抚对象",
                "Veterans and others entitled to special care",
            )),
            expected_wait: Some(Bilingual::new("约 125–240 分钟", "about 125–240 min")),
            reprint: 1000,
            ..slip()
        }
    }

    fn lines(document: Document, dots: u32, template: &Template) -> Vec<Line> {
        let mut profile = Profile::generic();
        profile.paper.dots = dots;
        document
            .layout(template, &profile)
            .unwrap()
            .into_iter()
            .filter_map(|block| match block {
                Block::Line(line) => Some(line),
                Block::Rule => Some(Line {
                    text: "--".into(),
                    right: String::new(),
                    scale: 1,
                    bold: false,
                    align: Align::Left,
                }),
                _ => None,
            })
            .collect()
    }

    /// The document as text, each line with its magnification.
    fn sketch(document: Document, dots: u32, template: &Template) -> Vec<String> {
        lines(document, dots, template)
            .iter()
            .map(|line| format!("{} {}", line.scale, line.padded(dots / COLUMN_DOTS)))
            .collect()
    }

    fn template(text: &str) -> Template {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slip.toml");
        std::fs::write(&path, text).unwrap();
        Template::load(&path).unwrap()
    }

    #[test]
    fn the_slip_reads_from_hall_to_note() {
        let expect = [
            "2 滨江新区政务服务中心",
            "1 Binjiang Government Service Centre",
            "1 --",
            "1 您的号码  Your number",
            "8 A012",
            "2 不动产登记",
            "1 Real estate registration",
            "1 --",
            "1 请到这里等候  Please wait here",
            "2 A区 1楼 3、4、5号窗口",
            "1 Zone A, floor 1, counters 3-5",
            "1 --",
            "2 前面等候 12人",
            "1 Ahead of you",
            "1 取号 Issued: 2026-11-23 09:30",
            "1 过号请到咨询台",
            "1 Missed your call? Ask at the desk",
        ];
        assert_eq!(sketch(Document::Slip(&slip()), 576, &Template::default()), expect);
    }

    #[test]
    fn every_line_fits_the_paper_and_large_print_is_large() {
        let template = Template::default();
        for slip in [slip(), long_slip()] {
            for dots in [384, 576] {
                for line in lines(Document::Slip(&slip), dots, &template) {
                    let text = line.padded(dots / COLUMN_DOTS);
                    let width_dots = text_columns(&text) * COLUMN_DOTS * u32::from(line.scale);
                    assert!(width_dots <= dots, "{text} is {width_dots} dots wide on {dots}");
                }
                for line in lines(Document::LargeSlip(&slip), dots, &template) {
                    assert!(line.scale >= 2 || line.text == "--", "{} is small", line.text);
                }
            }
        }
    }

    #[test]
    fn the_number_is_as_large_as_the_paper_allows() {
        for (number, dots, expect) in
            [("A012", 576, 8), ("AB1000", 576, 8), ("A012", 384, 8), ("AB1000", 384, 5)]
        {
            let slip = Slip { number: number.into(), ..slip() };
            for document in [Document::Slip(&slip), Document::LargeSlip(&slip)] {
                let lines = lines(document, dots, &Template::default());
                let scale = lines.iter().find(|line| line.text == number).map(|line| line.scale);
                assert_eq!(scale, Some(expect), "{number} on {dots}");
            }
        }
    }

    #[test]
    fn no_text_can_become_a_command() {
        let slip = Slip { service: Bilingual::new("费\u{1b}@用\u{200b}¥\n5", ""), ..slip() };
        let sketch = sketch(Document::Slip(&slip), 576, &Template::default());
        assert!(sketch.contains(&"2 费 @用￥ 5".to_owned()), "{sketch:?}");
    }

    #[test]
    fn a_reprint_says_so_whatever_the_template_leaves_out() {
        let bare = template("[[slip]]\ntext = \"{number}\"\n[[large]]\ntext = \"{number}\"\n");
        for template in [Template::default(), bare] {
            for (reprint, expect) in [(0, None), (2, Some("补打 第2次")), (3, Some("REPRINT 3"))] {
                let slip = Slip { reprint, ..slip() };
                for document in [Document::Slip(&slip), Document::LargeSlip(&slip)] {
                    let text = sketch(document, 384, &template).join("\n");
                    let marked = text.contains("补打") || text.contains("REPRINT");
                    assert!(marked == (reprint > 0) && text.contains(expect.unwrap_or("")), "{text}");
                }
            }
        }
    }

    #[test]
    fn items_vanish_with_their_values_and_repeat_with_notes() {
        let template = template(
            r#"
            [[slip]]
            text = "{class} {class_en}"
            before = 10
            [[slip]]
            text = "Wait"
            when = "wait"
            [[slip]]
            text = "- {note}"
            [[slip]]
            text = "{note_en}"
            [[slip]]
            text = "end"
            "#,
        );
        let notes = vec![Bilingual::new("一", "one"), Bilingual::new("二", "")];
        let bare = Slip { notes: notes.clone(), ..slip() };
        assert_eq!(sketch(Document::Slip(&bare), 576, &template), ["1 - 一", "1 one", "1 - 二", "1 end"]);
        let class = Some(Bilingual::new("老年人", ""));
        let full = Slip { class, expected_wait: Some(Bilingual::new("约 5 分钟", "")), ..bare };
        assert_eq!(sketch(Document::Slip(&full), 576, &template)[..2], ["1 老年人", "1 Wait"]);
    }
}
