//! The slip printers of a hall, as their kiosks report them. The hall believes what it is told, and forgets it when a day
//! opens: kiosks report anew then.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Most printers of one hall.
pub const PRINTERS_MAX: usize = 500;
/// Largest count in a report: no roll and no day has more slips.
const COUNT_MAX: u32 = 1_000_000;

/// How a printer is; what it needs first, where it needs several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterCondition {
    Ready,
    /// Prints, but the paper ends soon.
    NearEnd,
    PaperOut,
    CoverOpen,
    /// The cutter is stuck.
    Cutter,
    Jam,
    /// The head is too hot and cools down by itself.
    Overheated,
    /// Only switching it off and on helps, or repair.
    Unrecoverable,
    /// It says that it is offline, and no more.
    Offline,
    /// It does not answer.
    Silent,
    /// It is connected, but takes no data.
    Busy,
    /// It is unplugged, or its port is gone.
    Away,
}

/// What a kiosk reports of its printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterReport {
    pub condition: PrinterCondition,
    /// Printed since the roll was changed.
    pub sheets: u32,
    /// So many slips the roll probably lasts yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_left: Option<u32>,
    /// When the roll will probably end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_ends_at: Option<Timestamp>,
    /// Jobs of this business day.
    pub jobs: u32,
    /// How many of these were never acknowledged.
    pub unconfirmed: u32,
}

/// A printer as last reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printer {
    #[serde(flatten)]
    pub report: PrinterReport,
    /// When it was reported.
    pub reported_at: Timestamp,
}

impl PrinterReport {
    /// Whether the counts can be true.
    pub(crate) fn is_plausible(&self) -> bool {
        let counts = [self.sheets, self.roll_left.unwrap_or(0), self.jobs];
        counts.iter().all(|count| *count <= COUNT_MAX) && self.unconfirmed <= self.jobs
    }
}

impl PrinterCondition {
    pub const ALL: [Self; 12] = [
        Self::Ready,
        Self::NearEnd,
        Self::PaperOut,
        Self::CoverOpen,
        Self::Cutter,
        Self::Jam,
        Self::Overheated,
        Self::Unrecoverable,
        Self::Offline,
        Self::Silent,
        Self::Busy,
        Self::Away,
    ];

    /// Whether a slip sent now would probably be printed.
    pub fn can_print(self) -> bool {
        matches!(self, Self::Ready | Self::NearEnd)
    }

    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NearEnd => "near_end",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::Jam => "jam",
            Self::Overheated => "overheated",
            Self::Unrecoverable => "unrecoverable",
            Self::Offline => "offline",
            Self::Silent => "silent",
            Self::Busy => "busy",
            Self::Away => "away",
        }
    }

    /// For people in the hall, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Ready => "正常",
            Self::NearEnd => "纸将用尽",
            Self::PaperOut => "缺纸",
            Self::CoverOpen => "机盖未合",
            Self::Cutter => "切刀故障",
            Self::Jam => "卡纸",
            Self::Overheated => "打印头过热",
            Self::Unrecoverable => "故障，需断电重启或维修",
            Self::Offline => "脱机",
            Self::Silent => "无应答",
            Self::Busy => "忙，不接收数据",
            Self::Away => "未连接",
        }
    }
}

/// In English.
impl fmt::Display for PrinterCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "ready",
            Self::NearEnd => "near the end of its paper",
            Self::PaperOut => "out of paper",
            Self::CoverOpen => "open: close its cover",
            Self::Cutter => "stopped by its cutter",
            Self::Jam => "jammed",
            Self::Overheated => "too hot: it cools down by itself",
            Self::Unrecoverable => "broken: switch it off and on, or have it repaired",
            Self::Offline => "offline",
            Self::Silent => "not answering",
            Self::Busy => "busy and takes no data",
            Self::Away => "not connected",
        })
    }
}
