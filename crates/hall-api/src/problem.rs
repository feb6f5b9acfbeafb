//! Errors as RFC 9457 problem documents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of every reply from 400 up, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:jiaohao:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is wrong, in English, for technicians.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable; programs decide by it.
    #[schema(example = "service_closed")]
    pub code: String,
    /// The title for people in the hall, in Chinese.
    pub title_zh: String,
}

impl Problem {
    /// A problem without detail.
    pub fn new(status: u16, code: &str, title: impl Into<String>, title_zh: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:jiaohao:problem:{code}"),
            title: title.into(),
            status,
            detail: None,
            code: code.to_owned(),
            title_zh: title_zh.into(),
        }
    }

    /// The same, saying what to do.
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}
