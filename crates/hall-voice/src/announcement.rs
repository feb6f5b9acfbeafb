//! What is to be announced: one call of one ticket to one counter.

use std::fmt;
use std::time::Duration;

/// The sequence number of the call, given back in every report about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallKey(pub u64);

/// A ticket number that can be read aloud: one or two letters `A`–`Z`, then one to six digits (`A012`, `BC1000`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TicketNumber(String);

impl TicketNumber {
    /// # Errors
    /// [`AnnouncementError::Number`] for anything but one or two capital letters and one to six digits.
    pub fn new(number: &str) -> Result<Self, AnnouncementError> {
        let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = number.bytes().skip(letters).filter(u8::is_ascii_digit).count();
        let readable =
            (1..=2).contains(&letters) && (1..=6).contains(&digits) && letters + digits == number.len();
        readable.then(|| Self(number.to_owned())).ok_or_else(|| AnnouncementError::Number(number.to_owned()))
    }

    /// The number as printed on the slip.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a counter, 1 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CounterNumber(u16);

impl CounterNumber {
    /// # Errors
    /// [`AnnouncementError::Counter`] outside 1 to 999.
    pub fn new(number: u32) -> Result<Self, AnnouncementError> {
        match u16::try_from(number) {
            Ok(number @ 1..=999) => Ok(Self(number)),
            _ => Err(AnnouncementError::Counter(number)),
        }
    }

    /// The number, 1 to 999.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for CounterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One call to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Which call this is.
    pub key: CallKey,
    /// Who is called.
    pub number: TicketNumber,
    /// Where to.
    pub counter: CounterNumber,
    /// How long ago the call was made, at the moment this is handed over.
    pub age: Duration,
}

impl Announcement {
    /// # Errors
    /// [`AnnouncementError`] if the ticket number or the counter number cannot be read aloud.
    pub fn new(key: u64, number: &str, counter: u32, age: Duration) -> Result<Self, AnnouncementError> {
        Ok(Self {
            key: CallKey(key),
            number: TicketNumber::new(number)?,
            counter: CounterNumber::new(counter)?,
            age,
        })
    }
}

/// A call that cannot be read aloud.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnnouncementError {
    /// Not one or two capital letters and one to six digits.
    #[error(
        "号码 {0:?} 无法播报 / ticket number {0:?} cannot be read: one or two letters A-Z, then 1 to 6 digits"
    )]
    Number(String),
    /// Not within 1 to 999.
    #[error("窗口号 {0} 无法播报 / counter number {0} cannot be read: 1 to 999")]
    Counter(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_can_be_read() {
        for number in ["A001", "A012", "Z999", "A1000", "BC003", "BC1000", "A1"] {
            assert_eq!(TicketNumber::new(number).unwrap().as_str(), number);
        }
        for number in ["", "A", "012", "ABC001", "a012", "A01 ", "A-12", "A12B", "号012", "A0000001"] {
            assert_eq!(TicketNumber::new(number), Err(AnnouncementError::Number(number.to_owned())));
        }
    }

    #[test]
    fn counters_that_can_be_read() {
        for counter in [1, 231, 999] {
            assert_eq!(u32::from(CounterNumber::new(counter).unwrap().get()), counter);
        }
        for counter in [0, 1000, 65_537] {
            assert_eq!(CounterNumber::new(counter), Err(AnnouncementError::Counter(counter)));
        }
    }
}
