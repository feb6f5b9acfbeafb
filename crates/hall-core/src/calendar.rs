//! On which days a hall works: its own exceptions, before the public holidays, before the days of the week.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::BusinessDay;
use crate::plan::Weekday;

/// The calendar of a hall, `[calendar]` in its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// The days of the week it works on.
    pub workdays: Vec<Weekday>,
    /// Whose public holidays it keeps; absent: only those of `years`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holidays: Option<Holidays>,
    /// Its own days off, whatever the public calendar says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<BusinessDay>,
    /// The days it works, whatever the public calendar says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<BusinessDay>,
    /// Public holidays of years the program does not know, or instead of what it knows of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<Year>,
}

/// Public holidays the program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holidays {
    /// China's, with the make-up working days, by the yearly notices of the State Council's General Office.
    Cn,
}

/// The public holidays of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    pub year: i16,
    pub off: Vec<DayRange>,
    /// Make-up working days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<BusinessDay>,
}

/// Days on end, the first and the last included, written `2026-02-15..2026-02-23`, or `2026-02-15` for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    pub first: BusinessDay,
    pub last: BusinessDay,
}

/// What can be wrong with a calendar that reads well.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarFault {
    #[error("一周至少要有一个工作日 / at least one day of the week must be a working day")]
    NoWorkdays,
    #[error("应先早后晚，而不是 {0} / expected the earlier day first, found {0}")]
    Reversed(DayRange),
    #[error(
        "{day} 不在 {year} 年：请写在该日所属年份，或写在 calendar.off、calendar.work / {day} is not in {year}: put it with its own year, or in calendar.off or calendar.work"
    )]
    OutsideYear { day: BusinessDay, year: i16 },
    #[error("{0} 既休息又上班 / {0} is both a day off and a working day")]
    OffAndWork(BusinessDay),
    #[error("{0} 年写了两次 / the year {0} is given twice")]
    YearTwice(i16),
}

impl Default for Calendar {
    /// Monday to Friday.
    fn default() -> Self {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        Self {
            workdays: vec![Mon, Tue, Wed, Thu, Fri],
            holidays: None,
            off: Vec::new(),
            work: Vec::new(),
            years: Vec::new(),
        }
    }
}

impl Calendar {
    /// Whether the hall works on `day`.
    pub fn is_working_day(&self, day: BusinessDay) -> bool {
        if self.off.contains(&day) {
            return false;
        }
        if self.work.contains(&day) {
            return true;
        }
        let by_holidays = self.year(day.year()).and_then(|year| year.is_working_day(day));
        by_holidays.unwrap_or_else(|| self.workdays.contains(&Weekday::of(day)))
    }

    /// Whether all there is to know of a year is known: where public holidays are kept, those of the year must be.
    /// Otherwise its days follow the week, and somebody should be told.
    pub fn covers(&self, year: i16) -> bool {
        self.holidays.is_none() || self.year(year).is_some()
    }

    fn year(&self, year: i16) -> Option<&Year> {
        let built_in = self.holidays.map(Holidays::years).unwrap_or_default();
        self.years.iter().chain(built_in).find(|known| known.year == year)
    }

    /// Everything wrong with the calendar, each with its path in the plan.
    pub(crate) fn faults(&self) -> Vec<(String, CalendarFault)> {
        let mut faults = Vec::new();
        if self.workdays.is_empty() {
            faults.push(("calendar.workdays".to_owned(), CalendarFault::NoWorkdays));
        }
        for (i, day) in self.work.iter().enumerate().filter(|(_, day)| self.off.contains(day)) {
            faults.push((format!("calendar.work[{i}]"), CalendarFault::OffAndWork(*day)));
        }
        let mut seen = HashSet::new();
        for (i, year) in self.years.iter().enumerate() {
            let path = format!("calendar.years[{i}]");
            if !seen.insert(year.year) {
                faults.push((format!("{path}.year"), CalendarFault::YearTwice(year.year)));
            }
            faults.extend(year.faults().map(|(field, fault)| (format!("{path}.{field}"), fault)));
        }
        faults
    }
}

impl Holidays {
    fn years(self) -> &'static [Year] {
        static CN: LazyLock<Vec<Year>> = LazyLock::new(|| {
            let Calendar { years, .. } = toml::from_str(include_str!("../calendars/cn.toml"))
                .unwrap_or_else(|error| panic!("calendars/cn.toml: {error}"));
            years
        });
        match self {
            Self::Cn => &CN,
        }
    }
}

impl Year {
    /// Whether `day` is worked by these holidays; none where they do not say.
    fn is_working_day(&self, day: BusinessDay) -> Option<bool> {
        if self.work.contains(&day) {
            return Some(true);
        }
        self.off.iter().any(|range| range.contains(day)).then_some(false)
    }

    fn faults(&self) -> impl Iterator<Item = (String, CalendarFault)> {
        let off = self.off.iter().enumerate().filter_map(|(i, range)| {
            let fault = if range.first > range.last {
                Some(CalendarFault::Reversed(*range))
            } else {
                self.outside([range.first, range.last])
            };
            fault.map(|fault| (format!("off[{i}]"), fault))
        });
        let work = self.work.iter().enumerate().filter_map(|(i, day)| {
            let off = self.off.iter().any(|range| range.contains(*day));
            let fault = if off { Some(CalendarFault::OffAndWork(*day)) } else { self.outside([*day]) };
            fault.map(|fault| (format!("work[{i}]"), fault))
        });
        off.chain(work)
    }

    fn outside<const N: usize>(&self, days: [BusinessDay; N]) -> Option<CalendarFault> {
        let day = days.into_iter().find(|day| day.year() != self.year)?;
        Some(CalendarFault::OutsideYear { day, year: self.year })
    }
}

impl DayRange {
    /// Whether `day` is one of them.
    pub fn contains(self, day: BusinessDay) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

impl fmt::Display for DayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { first, last } if first == last => first.fmt(f),
            Self { first, last } => write!(f, "{first}..{last}"),
        }
    }
}

impl FromStr for DayRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let day = |text: &str| text.trim().parse::<BusinessDay>();
        match (day(first), day(last)) {
            (Ok(first), Ok(last)) => Ok(Self { first, last }),
            _ => Err(format!(
                "日期应写作 2026-02-15 或 2026-02-15..2026-02-23 / expected a day such as \"2026-02-15\" or days \
                 such as \"2026-02-15..2026-02-23\", found {text:?}"
            )),
        }
    }
}

impl Serialize for DayRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_holidays_are_without_a_fault_and_as_many_as_the_notices_give() {
        let years = Holidays::Cn.years();
        assert_eq!(Calendar { years: years.to_vec(), ..Calendar::default() }.faults(), []);
        // The "共几天" of each notice added up, its make-up days, and the working days that leaves of the year.
        for (year, off, made_up, worked) in [(2024, 28, 8, 251), (2025, 28, 5, 248), (2026, 33, 6, 248)] {
            let known = years.iter().find(|known| known.year == year).unwrap();
            let calendar = Calendar { holidays: Some(Holidays::Cn), ..Calendar::default() };
            let days = || {
                BusinessDay::constant(year, 1, 1)
                    .series(jiff::ToSpan::day(1))
                    .take_while(|day| day.year() == year)
            };
            assert_eq!(days().filter(|day| known.is_working_day(*day) == Some(false)).count(), off, "{year}");
            assert_eq!(known.work.len(), made_up, "{year}");
            assert_eq!(days().filter(|day| calendar.is_working_day(*day)).count(), worked, "{year}");
        }
    }

    #[test]
    fn every_fault_is_named_with_its_path() {
        for (text, expect) in [
            ("workdays = []", &["calendar.workdays: 一周至少要有一个工作日"][..]),
            (
                "off = ['2026-11-23']\nwork = ['2026-11-28', '2026-11-23']",
                &["calendar.work[1]: 2026-11-23 既休息又上班"],
            ),
            (
                "years = [{ year = 2027, off = ['2027-01-03..2027-01-01', '2026-12-31..2027-01-02'], work = ['2028-01-08'] }]",
                &[
                    "calendar.years[0].off[0]: 应先早后晚，而不是 2027-01-03..2027-01-01",
                    "calendar.years[0].off[1]: 2026-12-31 不在 2027 年",
                    "calendar.years[0].work[0]: 2028-01-08 不在 2027 年",
                ],
            ),
            (
                "years = [{ year = 2027, off = ['2027-01-01..2027-01-03'], work = ['2027-01-02'] }, { year = 2027, off = [] }]",
                &[
                    "calendar.years[0].work[0]: 2027-01-02 既休息又上班",
                    "calendar.years[1].year: 2027 年写了两次",
                ],
            ),
            ("holidays = 'cn'\nworkdays = ['mon']", &[]),
        ] {
            let faults = toml::from_str::<Calendar>(text).unwrap().faults();
            let found: Vec<String> = faults.iter().map(|(path, fault)| format!("{path}: {fault}")).collect();
            assert_eq!(found.len(), expect.len(), "{text}: {found:?}");
            for (found, expect) in found.iter().zip(expect) {
                assert!(found.starts_with(expect), "{text}: expected {expect:?}, found {found:?}");
            }
        }
    }

    #[test]
    fn days_are_written_as_they_are_read() {
        for text in ["2026-02-15", "2026-02-15..2026-02-23"] {
            assert_eq!(text.parse::<DayRange>().unwrap().to_string(), text);
        }
        for text in ["", "..", "2026-02-15..", "2026-02-30", "2026-2-5", "2026-02-15-2026-02-23"] {
            assert!(text.parse::<DayRange>().is_err(), "{text:?} was taken");
        }
    }
}
