//! Idempotency keys: which command a key stood for and what it made happen, for the running day and the day before.

use std::collections::HashMap;
use std::str::FromStr;

use hall_core::Command;
use sha2::{Digest, Sha256};

use crate::json;

/// A key made by a terminal: 1 to 64 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    text: String,
    hash: [u8; 16],
}

/// The text is empty, too long, or holds anything but visible ASCII.
#[derive(Debug, PartialEq)]
pub(crate) struct BadKey;

impl Key {
    const LEN_MAX: usize = 64;

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let fits = (1..=Self::LEN_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            Ok(Self { text: text.to_owned(), hash: first(&Sha256::digest(text)) })
        } else {
            Err(BadKey)
        }
    }
}

/// A key together with what it was sent for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyUse {
    pub key: Key,
    pub fingerprint: i64,
}

impl KeyUse {
    pub fn new(key: Key, command: &Command) -> Self {
        let hash = Sha256::digest(json::text(command));
        Self { key, fingerprint: i64::from_be_bytes(first(&hash)) }
    }
}

/// The records a command made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub first_seq: u64,
    pub count: u32,
    pub fingerprint: i64,
}

/// Keys that made something happen. Only a hash of each is kept, so that a day's keys take little room.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct SeenKeys {
    today: HashMap<[u8; 16], Seen>,
    day_before: HashMap<[u8; 16], Seen>,
}

impl SeenKeys {
    /// Takes note that the record at `seq` was made under a key. Records of one command follow each other.
    pub fn remember(&mut self, used: &KeyUse, seq: u64) {
        let new = Seen { first_seq: seq, count: 0, fingerprint: used.fingerprint };
        self.today.entry(used.key.hash).or_insert(new).count += 1;
    }

    pub fn get(&self, key: &Key) -> Option<Seen> {
        self.today.get(&key.hash).or_else(|| self.day_before.get(&key.hash)).copied()
    }

    /// A business day begins: the keys before the day before are forgotten.
    pub fn begin_day(&mut self) {
        self.day_before = std::mem::take(&mut self.today);
    }
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|i| bytes[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_to_64_visible_ascii_characters() {
        for (text, taken) in [
            ("k", true),
            ("3f2c9a34-8a7e-4e52-9a8c-2f1f6f0d5c11", true),
            (&"~".repeat(64), true),
            ("", false),
            (&"k".repeat(65), false),
            ("a key", false),
            ("取号", false),
            ("a\tb", false),
        ] {
            assert_eq!(text.parse::<Key>().is_ok(), taken, "{text:?}");
        }
    }

    #[test]
    fn keys_are_kept_for_the_running_day_and_the_day_before() {
        let key: Key = "k1".parse().unwrap();
        let used = KeyUse::new(key.clone(), &Command::CloseDay);
        let mut keys = SeenKeys::default();
        keys.remember(&used, 7);
        keys.remember(&used, 8);
        let seen = Some(Seen { first_seq: 7, count: 2, fingerprint: used.fingerprint });
        assert_eq!(keys.get(&key), seen);
        keys.begin_day();
        assert_eq!(keys.get(&key), seen);
        keys.begin_day();
        assert_eq!(keys.get(&key), None);
    }
}
