//! What the maintenance page says.

use hall_core::TicketNumber;
use hall_print::{Failure, Outcome};

use super::Words;

/// A name or figure that is the same in all languages.
pub fn same(text: &str) -> Words {
    Words::new(text, text)
}

pub fn wrong_code() -> Words {
    Words::new("维护码不对", "Wrong code")
}

pub fn locked() -> Words {
    Words::new("错误次数过多，请一分钟后再试", "Too many wrong codes: try again in a minute")
}

pub fn printer_label() -> Words {
    Words::new("打印机状态", "Condition")
}

pub fn no_printer() -> Words {
    Words::new("未配置打印机", "no printer configured")
}

pub fn station_label() -> Words {
    Words::new("名称、型号、接口", "Name, profile, address")
}

pub fn roll_label() -> Words {
    Words::new("纸卷", "Roll")
}

pub fn unconfirmed_label() -> Words {
    Words::new("未确认", "Unconfirmed")
}

pub fn version_label() -> Words {
    Words::new("程序版本", "Version")
}

pub fn version() -> Words {
    same(env!("CARGO_PKG_VERSION"))
}

pub fn print_test_page() -> Words {
    Words::new("打印测试页", "Print test page")
}

pub fn change_roll() -> Words {
    Words::new("已更换纸卷", "Roll changed")
}

pub fn reprint(number: &TicketNumber) -> Words {
    Words::new(format!("补打 {number}"), format!("Reprint {number}"))
}

/// `已用 320 张，约剩 480 张，约 15:40 用完`
pub fn roll(sheets: u32, left: Option<u32>, ends_at: Option<&str>) -> Words {
    let mut words = Words::new(format!("已用 {sheets} 张"), format!("{sheets} used"));
    if let Some(left) = left {
        words.zh += &format!("，约剩 {left} 张");
        words.en += &format!(", about {left} left");
    }
    if let Some(ends_at) = ends_at {
        words.zh += &format!("，约 {ends_at} 用完");
        words.en += &format!(", ends about {ends_at}");
    }
    words
}

pub fn unconfirmed(unconfirmed: u32, jobs: u32) -> Words {
    if jobs == 0 {
        return Words::new("尚未打印", "nothing printed yet");
    }
    let percent = f64::from(unconfirmed) * 100.0 / f64::from(jobs);
    Words::new(
        format!("最近 {jobs} 张中 {unconfirmed} 张（{percent:.1}%）"),
        format!("{unconfirmed} of the last {jobs} ({percent:.1}%)"),
    )
}

/// How a copy of a slip ended: `补打1：已打印`.
pub fn copy_ended(copy: u32, how: Outcome) -> Words {
    let Words { zh, en } = outcome(how);
    match copy {
        0 => Words::new(zh, en),
        n => Words::new(format!("补打{n}：{zh}"), format!("reprint {n}: {en}")),
    }
}

fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Printed => Words::new("已打印", "printed"),
        Outcome::Unconfirmed => Words::new("未确认", "unconfirmed"),
        Outcome::FailedPartial { .. } => Words::new("不完整", "incomplete"),
        Outcome::FailedClean(why) => {
            let (zh, en) = failure(why);
            Words::new(format!("未打印：{zh}"), format!("not printed: {en}"))
        }
    }
}

fn failure(why: Failure) -> (&'static str, &'static str) {
    match why {
        Failure::Away => ("未连接", "not connected"),
        Failure::Silent => ("无应答", "no answer"),
        Failure::Busy => ("打印机忙", "busy"),
        Failure::NotReady => ("未就绪", "not ready"),
        Failure::QueueFull => ("排队太多", "too many waiting"),
        Failure::Stopped => ("程序停止", "program stopped"),
        Failure::TooLate => ("太晚", "too late"),
        Failure::Journal => ("日志不可写", "journal not writable"),
    }
}

pub fn ordering() -> Words {
    Words::new("正在请求补打…", "Ordering a reprint…")
}

pub fn ordered(number: &TicketNumber, copy: u32) -> Words {
    Words::new(format!("已安排补打 {number}（第 {copy} 次）"), format!("Reprint {copy} of {number} ordered"))
}

pub fn hub_away() -> Words {
    Words::new("主机无应答，未能补打", "The hub does not answer: not reprinted")
}

pub fn printing_test_page() -> Words {
    Words::new("正在打印测试页…", "Printing a test page…")
}

pub fn test_page(how: Outcome) -> Words {
    let Words { zh, en } = outcome(how);
    Words::new(format!("测试页：{zh}"), format!("Test page: {en}"))
}

pub fn roll_changed() -> Words {
    Words::new("已记下更换纸卷", "Noted: another roll")
}
