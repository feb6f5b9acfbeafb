//! What a ticket's slip says, as plain text. Where it goes on the paper is the template's affair.

use serde::Deserialize;

/// A text in Simplified Chinese with its English beside it; `en` may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

impl Bilingual {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// One ticket's slip (号票). All texts are shown as given, up to 400 characters each; control characters are dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Slip {
    pub hall: Bilingual,
    pub service: Bilingual,
    /// Ticket number, `A012`.
    pub number: String,
    /// How many tickets stand before this one.
    pub people_ahead: u32,
    /// Zone and counters, `A区 1楼 3、4、5号窗口`.
    pub where_to_go: Bilingual,
    /// Time of issue, ready to read: `2026-11-23 09:30`.
    pub issued_at: String,
    /// How long the citizen will probably wait, `约 12–25 分钟`; absent where nothing can be told.
    pub expected_wait: Option<Bilingual>,
    /// Put into a QR code: an address that follows the ticket, or its bare code, which is printed below as text.
    pub follow_code: Option<String>,
    /// Class of the ticket when it is not an ordinary one.
    pub class: Option<Bilingual>,
    /// Lines at the foot, such as 过号请到咨询台; at most 20.
    pub notes: Vec<Bilingual>,
    /// 0 for the first print; then the how manyth further one this is, marked 补打 whatever the template says.
    pub reprint: u32,
}
