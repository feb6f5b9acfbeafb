//! Everything the kiosk says, in both languages. The screen shows one large and the other small beside it.

use hall_api::Problem;
use hall_core::{BusinessDay, TimeBand};
use hall_print::{Fault, Status};

use crate::model::Paper;

/// A text in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// The language shown large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

impl Words {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// How many wait.
pub fn waiting(people: u32) -> Words {
    match people {
        0 => Words::new("无人等候", "No one waiting"),
        _ => Words::new(format!("等候 {people} 人"), format!("{people} waiting")),
    }
}

/// How long the wait will be.
pub fn expected_wait(wait_min: u32) -> Words {
    Words::new(format!("预计等候 {wait_min} 分钟"), format!("about {wait_min} min wait"))
}

/// How long serving takes.
pub fn takes(expected_min: u32) -> Words {
    Words::new(format!("办理约 {expected_min} 分钟"), format!("takes about {expected_min} min"))
}

pub fn no_counter_open() -> Words {
    Words::new("暂无窗口开放", "no counter open yet")
}

pub fn closed_now() -> Words {
    Words::new("不在办理时间", "Closed now")
}

/// `09:00-12:00, 13:30-17:00`
pub fn bands(bands: &[TimeBand]) -> String {
    let bands: Vec<String> = bands.iter().map(TimeBand::to_string).collect();
    bands.join(", ")
}

/// The foot of the screen.
pub fn hall_hours(hours: &[TimeBand]) -> Words {
    let bands = bands(hours);
    Words::new(format!("取号时间 {bands}"), format!("Open {bands}"))
}

/// The date on the hall's wall clock: `11月23日 星期一`.
pub fn date(day: BusinessDay) -> Words {
    const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let weekday = WEEKDAYS[day.weekday().to_monday_zero_offset() as usize];
    Words::new(
        format!("{}月{}日 星期{weekday}", day.month(), day.day()),
        day.strftime("%a %-d %b").to_string(),
    )
}

pub fn not_open_yet() -> Words {
    Words::new("今日尚未开始营业", "Not open yet today")
}

pub fn day_ended() -> Words {
    Words::new("今日营业已结束", "Closed for today")
}

pub fn reconnecting() -> Words {
    Words::new("连接中断，正在恢复", "Reconnecting")
}

pub fn outside_hours() -> Words {
    Words::new("现在不在取号时间", "Closed right now")
}

/// The hub cannot be asked for a number.
pub fn hub_away() -> Words {
    Words::new("暂时无法取号，请稍候再试", "Numbers cannot be taken right now. Please try again in a moment.")
}

/// The hub refused: its Chinese is made for citizens, its English for technicians.
pub fn refused(problem: &Problem) -> Words {
    let en = match problem.code.as_str() {
        "service_closed" => "This service is closed at this hour.",
        "day_closed" => "The hall is closed for today.",
        "unknown_service" => "This service is no longer offered here.",
        _ => &problem.title,
    };
    Words::new(problem.title_zh.clone(), en)
}

/// What to do about the slip.
pub fn paper(paper: Paper) -> Words {
    match paper {
        Paper::NoPrinter => Words::new("请记住您的号码", "Please remember your number"),
        Paper::Printing => Words::new("正在打印，请稍候取票", "Your slip is being printed"),
        Paper::Printed => Words::new("请取走号票", "Please take your slip"),
        Paper::Unconfirmed => Words::new(
            "请取走号票；如未出票，请记住您的号码",
            "Please take your slip. If none came out, remember your number",
        ),
        Paper::Incomplete => Words::new(
            "号票可能不完整，请记住您的号码",
            "The slip may be incomplete. Please remember your number",
        ),
        Paper::OutOfPaper => Words::new(
            "打印机缺纸，请记住您的号码",
            "The printer is out of paper. Please remember your number",
        ),
        Paper::OutOfOrder => Words::new(
            "打印机故障，请记住您的号码",
            "The printer is not working. Please remember your number",
        ),
    }
}

/// The printer's condition, for staff; nothing while it is fine.
pub fn printer(status: Status) -> Option<Words> {
    let (zh, en) = match status {
        Status::Ready => return None,
        Status::NearEnd => ("打印纸将尽", "Paper low"),
        Status::PaperOut => ("打印机缺纸", "Out of paper"),
        Status::CoverOpen => ("打印机盖未合", "Printer cover open"),
        Status::Away | Status::Fault(Fault::Silent) => ("打印机未连接", "Printer not connected"),
        Status::Fault(Fault::Jam) => ("打印机卡纸", "Paper jam"),
        Status::Fault(_) => ("打印机故障", "Printer fault"),
    };
    Some(Words::new(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_reads_as_people_say_it() {
        let check = |day: &str, zh: &str, en: &str| {
            assert_eq!(date(day.parse().unwrap()), Words::new(zh, en));
        };
        check("2026-11-23", "11月23日 星期一", "Mon 23 Nov");
        check("2026-02-01", "2月1日 星期日", "Sun 1 Feb");
    }

    #[test]
    fn a_refusal_keeps_the_hubs_chinese_and_speaks_plain_english() {
        let check = |code: &str, en: &str| {
            let problem = Problem::new(409, code, "service tax is outside its hours", "该业务不在办理时间内");
            assert_eq!(refused(&problem), Words::new("该业务不在办理时间内", en));
        };
        check("service_closed", "This service is closed at this hour.");
        check("some_later_code", "service tax is outside its hours");
    }
}
