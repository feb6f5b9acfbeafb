//! Where everything stands on the slip, in dots. Chinese first, small English under it, the number as large
//! as the paper allows.

use super::slip::{Bilingual, Slip};
use super::wrap::{COLUMN_DOTS, text_columns, wrap};

/// One thing on the paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Line(Line),
    /// Blank paper.
    Gap {
        dots: u8,
    },
    Qr {
        data: String,
    },
}

/// One line of text that fits the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// Magnification of width and height, 1 to 8.
    pub scale: u8,
    pub bold: bool,
    pub centred: bool,
}

const NUMBER_SCALE_MAX: u8 = 8;
const LARGE: u8 = 2;
const NORMAL: u8 = 1;

/// The slip's blocks for paper `dots` wide.
pub fn layout(slip: &Slip, dots: u32) -> Vec<Block> {
    let mut sheet = Sheet { columns: dots / COLUMN_DOTS, blocks: Vec::new() };
    sheet.heading(slip);
    sheet.number(slip);
    sheet.destination(slip);
    sheet.facts(slip);
    sheet.foot(slip);
    sheet.blocks
}

struct Sheet {
    /// Columns of font A at normal width.
    columns: u32,
    blocks: Vec<Block>,
}

impl Sheet {
    fn heading(&mut self, slip: &Slip) {
        let scale = if text_columns(&clean(&slip.hall.zh)) * u32::from(LARGE) <= self.columns {
            LARGE
        } else {
            NORMAL
        };
        self.centred(&slip.hall.zh, scale, true);
        self.gap(8);
        self.centred(&slip.hall.en, NORMAL, false);
        self.rule();
        if slip.reprint {
            self.centred("【补打】", LARGE, true);
            self.centred("REPRINT", NORMAL, true);
            self.gap(8);
        }
    }

    fn number(&mut self, slip: &Slip) {
        self.centred("您的号码  Your number", NORMAL, false);
        self.gap(16);
        let columns = text_columns(&clean(&slip.number)).max(1);
        let scale = (self.columns / columns).clamp(1, NUMBER_SCALE_MAX.into());
        self.centred(&slip.number, scale as u8, true);
        self.gap(24);
        self.centred(&slip.service.zh, LARGE, true);
        self.gap(8);
        self.centred(&slip.service.en, NORMAL, false);
        self.rule();
    }

    fn destination(&mut self, slip: &Slip) {
        self.centred("请到这里等候叫号  Please wait here", NORMAL, false);
        self.gap(12);
        self.centred(&slip.where_to_go.zh, LARGE, true);
        self.gap(8);
        self.centred(&slip.where_to_go.en, NORMAL, false);
        self.rule();
    }

    fn facts(&mut self, slip: &Slip) {
        self.people_ahead(slip.people_ahead);
        if let Some(wait) = &slip.expected_wait {
            self.fact("预计等候", "Expected wait", &wait.zh);
        }
        if let Some(Bilingual { zh, en }) = &slip.class {
            self.fact("类别", "Class", &format!("{zh} {en}"));
        }
        self.fact("取号时间", "Issued", &slip.issued_at);
    }

    fn foot(&mut self, slip: &Slip) {
        self.rule();
        if let Some(data) = &slip.follow_code {
            // Four modules of white around a code, by ISO/IEC 18004.
            self.gap(16);
            self.blocks.push(Block::Qr { data: data.clone() });
            self.gap(24);
            if data.contains("://") {
                self.centred("扫码查看排队进度", NORMAL, false);
                self.centred("Scan to follow your ticket", NORMAL, false);
            } else {
                // A phone makes nothing of a bare code; whoever asks at a desk reads it out.
                self.centred("查询码 Ticket code", NORMAL, false);
                self.centred(data, NORMAL, false);
            }
            self.gap(16);
        }
        for note in &slip.notes {
            self.centred(&note.zh, NORMAL, true);
            self.centred(&note.en, NORMAL, false);
        }
    }

    fn centred(&mut self, text: &str, scale: u8, bold: bool) {
        for text in wrap(&clean(text), self.columns / u32::from(scale)) {
            self.line(text, scale, bold, true);
        }
    }

    /// What everybody looks for after the number: in the larger type.
    fn people_ahead(&mut self, people: u32) {
        let (label, value) = ("前面等候", format!("{people}人"));
        let taken = text_columns(label) + text_columns(&value);
        let space = " ".repeat((self.columns / u32::from(LARGE)).saturating_sub(taken) as usize);
        self.line(format!("{label}{space}{value}"), LARGE, true, false);
        self.line("Ahead of you".into(), NORMAL, false, false);
        self.gap(12);
    }

    /// A label at the left edge and its value at the right one; under it when both do not fit one line.
    fn fact(&mut self, zh: &str, en: &str, value: &str) {
        let label = format!("{zh} {en}");
        let value = clean(value);
        let value = value.trim();
        let taken = text_columns(&label) + text_columns(value);
        if taken < self.columns {
            let space = " ".repeat((self.columns - taken) as usize);
            self.line(format!("{label}{space}{value}"), NORMAL, false, false);
        } else {
            self.line(label, NORMAL, false, false);
            for part in wrap(value, self.columns) {
                let space = " ".repeat((self.columns - text_columns(&part)) as usize);
                self.line(format!("{space}{part}"), NORMAL, false, false);
            }
        }
        self.gap(8);
    }

    fn rule(&mut self) {
        self.gap(8);
        self.line("-".repeat(self.columns as usize), NORMAL, false, false);
        self.gap(8);
    }

    fn line(&mut self, text: String, scale: u8, bold: bool, centred: bool) {
        self.blocks.push(Block::Line(Line { text, scale, bold, centred }));
    }

    fn gap(&mut self, dots: u8) {
        self.blocks.push(Block::Gap { dots });
    }
}

/// A text that cannot be taken for a command: no control characters, and ￥ for the ¥ that no Chinese ROM has.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '¥' => '￥',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn lines(slip: &Slip, dots: u32) -> Vec<Line> {
        layout(slip, dots)
            .into_iter()
            .filter_map(|block| match block {
                Block::Line(line) => Some(line),
                _ => None,
            })
            .collect()
    }

    /// The slip as text, each line with its magnification.
    fn sketch(slip: &Slip, dots: u32) -> Vec<String> {
        lines(slip, dots).iter().map(|line| format!("{} {}", line.scale, line.text)).collect()
    }

    #[test]
    fn the_slip_reads_from_hall_to_note() {
        let rule = format!("1 {}", "-".repeat(48));
        let expect = [
            "2 滨江新区政务服务中心",
            "1 Binjiang Government Service Centre",
            &rule,
            "1 您的号码  Your number",
            "8 A012",
            "2 不动产登记",
            "1 Real estate registration",
            &rule,
            "1 请到这里等候叫号  Please wait here",
            "2 A区 1楼 3、4、5号窗口",
            "1 Zone A, floor 1, counters 3-5",
            &rule,
            "2 前面等候            12人",
            "1 Ahead of you",
            "1 取号时间 Issued                 2026-11-23 09:30",
            &rule,
            "1 过号请到咨询台",
            "1 Missed your call? Ask at the desk",
        ];
        assert_eq!(sketch(&slip(), 576), expect);
    }

    #[test]
    fn every_line_fits_the_paper() {
        let mut long = slip();
        long.hall.zh = "某某自治州某某县级市高新技术产业开发区政务服务和公共资源交易中心".into();
        long.hall.en =
            "Government Service and Public Resource Trading Centre of the High-Tech Development Zone".into();
        long.service.zh = "机关事业单位养老保险参保人员关系转移接续（省内、省外）".into();
        long.where_to_go.zh = "B区 3楼 101、102、103、104、105、106、107、108号窗口".into();
        long.number = "AB1000".into();
        long.class =
            Some(Bilingual::new("退役军人及其他优抚对象", "Veterans and others entitled to special care"));
        long.expected_wait = Some(Bilingual::new("约 125–240 分钟", "about 125–240 min"));
        long.reprint = true;
        for slip in [slip(), long] {
            for dots in [384, 576] {
                for line in lines(&slip, dots) {
                    let width_dots = text_columns(&line.text) * COLUMN_DOTS * u32::from(line.scale);
                    assert!(width_dots <= dots, "{} is {width_dots} dots wide on {dots}", line.text);
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
            let scale = lines(&slip, dots).iter().find(|line| line.text == number).map(|line| line.scale);
            assert_eq!(scale, Some(expect), "{number} on {dots}");
        }
    }

    #[test]
    fn no_text_can_become_a_command() {
        let slip = Slip { service: Bilingual::new("费\u{1b}@用¥\n5", ""), ..slip() };
        assert!(sketch(&slip, 576).contains(&"2 费 @用￥ 5".to_owned()));
    }

    #[test]
    fn a_reprint_says_so() {
        let marked =
            |reprint| sketch(&Slip { reprint, ..slip() }, 576).iter().any(|line| line.contains("补打"));
        assert_eq!((marked(false), marked(true)), (false, true));
    }
}
