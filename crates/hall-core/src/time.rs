//! Moments, business days and bands of the clock, as a hall counts them. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A business day (营业日): what numbering, queues and reports are keyed by.
pub type BusinessDay = civil::Date;

/// A moment in milliseconds since 1970-01-01T00:00:00Z; written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970, held within the years 1970 to 9999.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, 253_402_207_200_000))
    }

    /// Milliseconds since 1970.
    pub fn as_ms(self) -> i64 {
        self.0
    }

    /// This moment, `ms` later (or earlier, when negative).
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// The date and time on the hall's wall clock.
    pub fn civil(self, offset: UtcOffset) -> civil::DateTime {
        offset.0.to_datetime(self.to_jiff())
    }

    /// The wall clock at the hall as `HH:MM`.
    pub fn clock(self, offset: UtcOffset) -> String {
        self.civil(offset).strftime("%H:%M").to_string()
    }

    /// Minutes since midnight on the hall's wall clock.
    pub fn minute_of_day(self, offset: UtcOffset) -> u16 {
        let time = self.civil(offset).time();
        time.hour() as u16 * 60 + time.minute() as u16
    }

    /// The moment at which the hall's wall clock shows `minute` minutes after midnight of `day`.
    pub fn at(day: BusinessDay, minute: u16, offset: UtcOffset) -> Self {
        let midnight = offset.0.to_timestamp(day.to_datetime(civil::Time::midnight()));
        let midnight_ms = midnight.map_or(0, |t| t.as_millisecond());
        Self::from_ms(midnight_ms + i64::from(minute) * 60_000)
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    /// RFC 3339 with any offset, such as `2026-11-23T09:30:00+08:00`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_ms(text.parse::<jiff::Timestamp>()?.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

/// How far the hall's wall clock is ahead of UTC, written `+08:00`. Halls have no daylight saving time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcOffset(Offset);

impl Default for UtcOffset {
    /// Beijing time.
    fn default() -> Self {
        Self(Offset::constant(8))
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }
}

impl FromStr for UtcOffset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected =
            || format!("时差应写作 +08:00 / expected an offset such as \"+08:00\", found {text:?}");
        let sign = match text.get(..1) {
            Some("+") => 1,
            Some("-") => -1,
            _ => return Err(expected()),
        };
        let minutes = text.get(1..).and_then(minute_of_day).filter(|m| *m <= 14 * 60).ok_or_else(expected)?;
        Offset::from_seconds(sign * i32::from(minutes) * 60).map(Self).map_err(|_| expected())
    }
}

impl Serialize for UtcOffset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcOffset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

/// A band of one day's clock, from inclusive to exclusive, written `09:00-12:00`; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeBand {
    /// First minute of the day inside the band.
    pub from_min: u16,
    /// First minute of the day after the band.
    pub to_min: u16,
}

impl TimeBand {
    /// Whether the wall clock `time` is inside.
    pub fn contains(self, time: civil::Time) -> bool {
        self.contains_minute(time.hour() as u16 * 60 + time.minute() as u16)
    }

    /// Whether so many minutes after midnight are inside.
    pub fn contains_minute(self, minute: u16) -> bool {
        (self.from_min..self.to_min).contains(&minute)
    }

    /// Whether both hold at least one minute in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.from_min < other.to_min && other.from_min < self.to_min
    }
}

impl fmt::Display for TimeBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from_min, to_min } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from_min / 60, from_min % 60, to_min / 60, to_min % 60)
    }
}

impl FromStr for TimeBand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let band = text.split_once('-').and_then(|(from, to)| {
            Some(Self { from_min: minute_of_day(from.trim())?, to_min: minute_of_day(to.trim())? })
        });
        band.filter(|band| band.from_min < band.to_min).ok_or_else(|| {
            format!(
                "时段应写作 09:00-12:00，且先早后晚 / expected a band such as \"09:00-12:00\", found {text:?}"
            )
        })
    }
}

impl Serialize for TimeBand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeBand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 || !text.is_ascii() || text.contains('+') {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(deserializer: D) -> Result<T, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_written_as_it_is_read() {
        for text in ["09:00-12:00", "00:00-24:00", "13:30-17:05"] {
            assert_eq!(text.parse::<TimeBand>().unwrap().to_string(), text);
        }
        for text in
            ["", "9:00-12:00", "12:00-09:00", "09:00-09:00", "09:60-10:00", "09:00-24:01", "+9:00-10:00"]
        {
            assert!(text.parse::<TimeBand>().is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn the_wall_clock_follows_the_offset() {
        let moment: Timestamp = "2026-11-23T09:30:00+08:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-23T01:30:00Z");
        assert_eq!(moment.clock(UtcOffset::default()), "09:30");
        assert_eq!(moment.clock("-01:30".parse().unwrap()), "00:00");
        assert_eq!(Timestamp::at(civil::date(2026, 11, 23), 570, UtcOffset::default()), moment);
        for text in ["08:00", "+8:00", "+15:00", "é08:00", ""] {
            assert!(text.parse::<UtcOffset>().is_err(), "{text:?} was taken");
        }
    }
}
