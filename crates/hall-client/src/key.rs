//! What makes a command safe to send again.

use uuid::Uuid;

/// An idempotency key: however often a command is sent with it, the hub carries it out once and gives the same answer.
/// The hub knows a key until the end of the next business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key nobody else has.
    pub fn random() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
