//! The confirmation of an appointment (预约凭证): when, where, and the code a kiosk reads at check-in.

use serde::Deserialize;

use super::slip::Bilingual;

/// One appointment. Names and ID numbers do not belong on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Appointment {
    pub hall: Bilingual,
    pub service: Bilingual,
    /// Ready to read: `2026-11-24 星期二`.
    pub date: String,
    /// `09:00–09:30`.
    pub time: String,
    pub where_to_go: Bilingual,
    /// What the kiosk reads at check-in; also printed as text.
    pub code: String,
    pub issued_at: String,
    /// Lines at the foot, such as what to bring; at most 20.
    pub notes: Vec<Bilingual>,
    /// 0 for the first print.
    pub reprint: u32,
}
