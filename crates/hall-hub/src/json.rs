//! JSON of our own types, whose writing cannot fail: their maps have text keys, and memory has no I/O errors.

use serde::Serialize;

/// `value` as JSON.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("a value has no JSON: {error}"))
}
