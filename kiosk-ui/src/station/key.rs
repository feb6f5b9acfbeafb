//! What makes a slip be printed once: its ticket, the moment that was given, and the copy. The print journal may outlive a
//! hub's data; then the same ticket is given again, but not at the same moment.

use std::fmt;
use std::str::FromStr;

use hall_core::{TicketId, TicketNumber, Timestamp};

/// One copy of one ticket's slip, written `7@1795400000000/0 H012`. Print journals keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipKey {
    pub ticket: TicketId,
    pub issued_at: Timestamp,
    /// 0 for the slip of the number just taken, n for the n-th reprint.
    pub copy: u32,
    /// For people who read what was printed.
    pub number: TicketNumber,
}

/// A key of something else than a slip.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a slip's key")]
pub struct NotASlip(String);

impl SlipKey {
    pub fn new(ticket: TicketId, number: &TicketNumber, issued_at: Timestamp, copy: u32) -> Self {
        Self { ticket, issued_at, copy, number: number.clone() }
    }
}

impl fmt::Display for SlipKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ticket, issued_at, copy, number } = self;
        write!(f, "{ticket}@{}/{copy} {number}", issued_at.as_ms())
    }
}

impl FromStr for SlipKey {
    type Err = NotASlip;

    fn from_str(text: &str) -> Result<Self, NotASlip> {
        let parsed = || {
            let (ticket, rest) = text.split_once('@')?;
            let (issued_ms, rest) = rest.split_once('/')?;
            let (copy, number) = rest.split_once(' ')?;
            let ticket = TicketId(ticket.parse().ok()?);
            let issued_at = Timestamp::from_ms(issued_ms.parse().ok()?);
            Some(Self::new(ticket, &number.into(), issued_at, copy.parse().ok()?))
        };
        parsed().ok_or_else(|| NotASlip(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let issued_at = Timestamp::from_ms(1_795_400_000_123);
        let key = SlipKey::new(TicketId(7), &"H012".into(), issued_at, 2);
        assert_eq!(key.to_string(), "7@1795400000123/2 H012");
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn other_keys_are_not_slips() {
        for text in ["", "7", "test-page 2026-11-23 09:30", "7@1/0", "7@1 H012", "x@1/0 H012", "7@x/0 H012"] {
            assert_eq!(text.parse::<SlipKey>(), Err(NotASlip(text.into())), "{text}");
        }
    }

    #[test]
    fn another_day_or_copy_is_another_slip() {
        let key = |issued_ms, copy| {
            SlipKey::new(TicketId(7), &"H012".into(), Timestamp::from_ms(issued_ms), copy).to_string()
        };
        assert_ne!(key(1, 0), key(2, 0));
        assert_ne!(key(1, 0), key(1, 1));
    }
}
