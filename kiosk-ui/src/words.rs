//! Everything the kiosk says, in both languages. The screen shows one large and the other small beside it.

pub mod maintenance;
pub mod slips;

use hall_api::{Problem, WaitForecast};
use hall_core::{BusinessDay, TimeBand};

use crate::openings::Opening;

/// A text in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// Something a citizen has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub what: Words,
    /// What they can do about it.
    pub todo: Words,
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

/// How long the wait will be: half are called by the first figure, nine in ten by the second.
pub fn wait(WaitForecast { p50_min, p90_min }: WaitForecast) -> Words {
    let minutes = match (p50_min, p90_min) {
        (_, 0) => return Words::new("不到 1 分钟", "under 1 min"),
        (p50, p90) if p50 == p90 => p90.to_string(),
        (p50, p90) => format!("{p50}–{p90}"),
    };
    Words::new(format!("约 {minutes} 分钟"), format!("about {minutes} min"))
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

/// The hall's hours today; without any it has a day off.
pub fn hall_hours(hours: &[TimeBand]) -> Words {
    if hours.is_empty() {
        return day_off_short();
    }
    let bands = bands(hours);
    Words::new(format!("取号时间 {bands}"), format!("Open {bands}"))
}

/// The date on the hall's wall clock: `11月23日 星期一`.
pub fn date(day: BusinessDay) -> Words {
    Words::new(format!("{} 星期{}", month_and_day(day), weekday(day)), date_en(day))
}

/// When numbers are given again; who cannot be told asks.
pub fn again(opening: Option<Opening>, today: BusinessDay) -> Words {
    let Some(Opening { day, minute }) = opening else { return ask_staff() };
    let clock = format!("{:02}:{:02}", minute / 60, minute % 60);
    if day == today {
        return Words::new(format!("请于今日 {clock} 起取号"), format!("Numbers again today from {clock}"));
    }
    Words::new(
        format!("请于 {}（周{}）{clock} 起取号", month_and_day(day), weekday(day)),
        format!("Numbers again on {} from {clock}", date_en(day)),
    )
}

fn month_and_day(day: BusinessDay) -> String {
    format!("{}月{}日", day.month(), day.day())
}

fn weekday(day: BusinessDay) -> &'static str {
    ["一", "二", "三", "四", "五", "六", "日"][day.weekday().to_monday_zero_offset() as usize]
}

fn date_en(day: BusinessDay) -> String {
    day.strftime("%a %-d %b").to_string()
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

/// No service gives numbers, each for its own reason.
pub fn no_numbers_now() -> Words {
    Words::new("现在不能取号", "No numbers right now")
}

pub fn day_off_short() -> Words {
    Words::new("今日休息", "Closed today")
}

pub fn day_off() -> Words {
    Words::new("大厅今日休息", "The hall is closed today.")
}

pub fn full_today() -> Words {
    Words::new("今日已满", "Full today")
}

pub fn full_for_now() -> Words {
    Words::new("本时段已满", "Full for now")
}

pub fn service_full() -> Words {
    Words::new(
        "今日已满，再取号可能办理不完",
        "Full today: a new number would probably not be served before closing.",
    )
}

pub fn service_closed() -> Words {
    Words::new("该业务不在办理时间内", "This service is closed at this hour.")
}

/// What to do where nothing better is known.
pub fn ask_staff() -> Words {
    Words::new("需要帮助，请询问工作人员", "Our staff are glad to help")
}

pub fn bring_document() -> Words {
    Words::new("请持证件到工作人员处取号", "Please take your ID to our staff for a number")
}

/// The hub cannot be asked for a number.
pub fn hub_away() -> Message {
    let en = "Numbers cannot be taken right now. Please try again in a moment.";
    Message { what: Words::new("暂时无法取号，请稍候再试", en), todo: ask_staff() }
}

/// The hub refused: its Chinese is made for citizens, its English for technicians.
pub fn refused(problem: &Problem) -> Words {
    let en = match problem.code.as_str() {
        "service_closed" => service_closed().en,
        "service_full" => service_full().en,
        "quota_reached" => "All numbers for now have been taken.".to_owned(),
        "day_off" => day_off().en,
        "day_closed" => "The hall is closed for today.".to_owned(),
        "unknown_service" => "This service is no longer offered here.".to_owned(),
        "person_required" => "A number for this service needs your ID.".to_owned(),
        _ => problem.title.clone(),
    };
    Words::new(&problem.title_zh, en)
}

/// The hub refused for a quota, and it is known which.
pub fn quota_reached(problem: &Problem, hours: TimeBand) -> Words {
    Words::new(&problem.title_zh, format!("All numbers for {hours} have been taken."))
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

    #[test]
    fn a_forecast_is_an_interval_in_minutes() {
        let check = |p50_min, p90_min, zh: &str, en: &str| {
            assert_eq!(wait(WaitForecast { p50_min, p90_min }), Words::new(zh, en));
        };
        check(12, 25, "约 12–25 分钟", "about 12–25 min");
        check(12, 12, "约 12 分钟", "about 12 min");
        check(0, 3, "约 0–3 分钟", "about 0–3 min");
        check(0, 0, "不到 1 分钟", "under 1 min");
    }

    #[test]
    fn the_next_opening_names_its_day_unless_it_is_today() {
        let check = |day: &str, zh: &str, en: &str| {
            let opening = Opening { day: day.parse().unwrap(), minute: 9 * 60 + 5 };
            assert_eq!(again(Some(opening), "2026-11-23".parse().unwrap()), Words::new(zh, en));
        };
        check("2026-11-23", "请于今日 09:05 起取号", "Numbers again today from 09:05");
        check("2026-11-24", "请于 11月24日（周二）09:05 起取号", "Numbers again on Tue 24 Nov from 09:05");
        check("2027-01-03", "请于 1月3日（周日）09:05 起取号", "Numbers again on Sun 3 Jan from 09:05");
    }
}
