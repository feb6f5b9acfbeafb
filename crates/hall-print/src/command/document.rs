//! A document to print as TOML: one table, `[slip]`, `[appointment]`, `[notice]` or `[calling-sheet]`.

use std::path::Path;

use anyhow::Context as _;
use hall_print::{Appointment, CallingSheet, Document, FileFault, Notice, Slip, TestPage};
use serde::Deserialize;

pub const KINDS: [&str; 4] = ["slip", "appointment", "notice", "calling-sheet"];

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    slip: Option<Slip>,
    appointment: Option<Appointment>,
    notice: Option<Notice>,
    calling_sheet: Option<CallingSheet>,
}

/// What is to be printed.
pub enum Content {
    Slip(Slip),
    Appointment(Appointment),
    Notice(Notice),
    CallingSheet(CallingSheet),
    TestPage(TestPage),
}

impl Content {
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{name}: 无法读取 / cannot be read"))?;
        Self::parse(&text).map_err(|FileFault { line, message }| anyhow::anyhow!("{name}:{line}: {message}"))
    }

    pub fn parse(text: &str) -> Result<Self, FileFault> {
        let fault = |start: usize, message: &str| FileFault {
            line: text.get(..start).unwrap_or_default().matches('\n').count() + 1,
            message: message.to_owned(),
        };
        let file: File = toml::from_str(text)
            .map_err(|error| fault(error.span().map_or(0, |span| span.start), error.message()))?;
        let File { slip, appointment, notice, calling_sheet } = file;
        let missing = |key: &str| Err(fault(0, &format!("缺少 {key} / {key} is missing")));
        match (slip, appointment, notice, calling_sheet) {
            (Some(slip), None, None, None) if slip.number.trim().is_empty() => missing("number"),
            (Some(slip), None, None, None) => Ok(Self::Slip(slip)),
            (None, Some(appointment), None, None) if appointment.code.trim().is_empty() => missing("code"),
            (None, Some(appointment), None, None) => Ok(Self::Appointment(appointment)),
            (None, None, Some(notice), None) => Ok(Self::Notice(notice)),
            (None, None, None, Some(sheet)) => Ok(Self::CallingSheet(sheet)),
            _ => Err(fault(
                0,
                "一个文件一份文档 / one document a file: expected one of [slip], [appointment], [notice], [calling-sheet]",
            )),
        }
    }

    /// Marks it as the `count`th reprint.
    pub fn mark_reprint(&mut self, count: u32) -> anyhow::Result<()> {
        match self {
            Self::Slip(slip) => slip.reprint = count,
            Self::Appointment(appointment) => appointment.reprint = count,
            _ => anyhow::bail!(
                "只有号票和预约凭证标记补打 / only slips and appointments are marked as reprints: leave out --reprint"
            ),
        }
        Ok(())
    }

    /// As it is laid out; a slip in large print when asked for.
    pub fn document(&self, large: bool) -> anyhow::Result<Document<'_>> {
        Ok(match self {
            Self::Slip(slip) if large => Document::LargeSlip(slip),
            _ if large => {
                anyhow::bail!("只有号票有大字版 / only slips have a large print: leave out --large")
            }
            Self::Slip(slip) => slip.into(),
            Self::Appointment(appointment) => appointment.into(),
            Self::Notice(notice) => notice.into(),
            Self::CallingSheet(sheet) => sheet.into(),
            Self::TestPage(page) => page.into(),
        })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Slip(_) => "号票 slip",
            Self::Appointment(_) => "预约凭证 appointment",
            Self::Notice(_) => "一次性告知单 one-time notice",
            Self::CallingSheet(_) => "叫号单 calling sheet",
            Self::TestPage(_) => "测试页 test page",
        }
    }
}
