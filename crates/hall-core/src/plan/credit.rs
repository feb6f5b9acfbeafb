//! The head start of a class: minutes, or "first".

use serde::{Deserialize, Serialize};

/// A head start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credit {
    /// So many minutes.
    Minutes(u32),
    /// Before everyone who is not "first" too.
    First,
}

impl Default for Credit {
    fn default() -> Self {
        Self::Minutes(0)
    }
}

impl Serialize for Credit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Minutes(minutes) => serializer.serialize_u32(*minutes),
            Self::First => serializer.serialize_str("first"),
        }
    }
}

impl<'de> Deserialize<'de> for Credit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Credit;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("minutes from 0 to 600, or \"first\"")
            }

            fn visit_i64<E: serde::de::Error>(self, minutes: i64) -> Result<Credit, E> {
                u64::try_from(minutes)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(minutes), &self))
                    .and_then(|minutes| self.visit_u64(minutes))
            }

            fn visit_u64<E: serde::de::Error>(self, minutes: u64) -> Result<Credit, E> {
                match u32::try_from(minutes) {
                    Ok(minutes) if minutes <= 600 => Ok(Credit::Minutes(minutes)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(minutes), &self)),
                }
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Credit, E> {
                match text {
                    "first" => Ok(Credit::First),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
