//! When numbers are given: the bands of a day, and when there are numbers again.

use std::iter;

use hall_core::plan::{Service, Weekday};
use hall_core::{BusinessDay, Plan, TimeBand};

/// How far ahead a day with numbers is looked for: no hall is closed for longer.
const DAYS_AHEAD_MAX: usize = 400;

/// The first minute at which a number may be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub day: BusinessDay,
    /// Minutes after midnight.
    pub minute: u16,
}

/// When numbers are given for a service on `day`, late hours included; none on a day off.
pub fn service_bands(plan: &Plan, service: &Service, day: BusinessDay) -> Vec<TimeBand> {
    in_order(plan.hours_on(service, day))
}

/// The same for services without hours of their own.
pub fn hall_bands(plan: &Plan, day: BusinessDay) -> Vec<TimeBand> {
    let works = plan.is_working_day(day);
    let weekday = Weekday::of(day);
    let late = plan.hall.late_hours.iter().filter(|late| late.days.contains(&weekday));
    let bands = plan.hall.hours.iter().copied().chain(late.map(|late| late.hours));
    in_order(bands.filter(|_| works))
}

/// The next opening from `minute` of `today` on, by the bands of each day.
pub fn next_opening(
    today: BusinessDay,
    minute: u16,
    bands_on: impl Fn(BusinessDay) -> Vec<TimeBand>,
) -> Option<Opening> {
    if let Some(band) = bands_on(today).into_iter().find(|band| minute < band.to_min) {
        return Some(Opening { day: today, minute: band.from_min.max(minute) });
    }
    let days = iter::successors(today.tomorrow().ok(), |day| day.tomorrow().ok()).take(DAYS_AHEAD_MAX);
    days.into_iter().find_map(|day| Some(Opening { day, minute: bands_on(day).first()?.from_min }))
}

/// By the clock; bands that touch are one.
fn in_order(bands: impl Iterator<Item = TimeBand>) -> Vec<TimeBand> {
    let mut bands: Vec<TimeBand> = bands.collect();
    bands.sort_by_key(|band| band.from_min);
    bands.dedup_by(|next, band| {
        let touch = next.from_min <= band.to_min;
        if touch {
            band.to_min = band.to_min.max(next.to_min);
        }
        touch
    });
    bands
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday to Friday but for the 25th, and late on Thursdays.
    fn plan() -> Plan {
        let calendar = "[calendar]\noff = ['2026-11-25']\n";
        let late = "hall.late_hours = [{ days = ['thu'], hours = '17:30-18:30' }]\n";
        Plan::from_toml(&format!("{late}{}\n{calendar}", include_str!("../../halls/township.toml"))).unwrap()
    }

    fn day(day: &str) -> BusinessDay {
        day.parse().unwrap()
    }

    #[test]
    fn the_bands_of_a_day_follow_the_calendar_and_the_late_hours() {
        let plan = plan();
        let check = |on: &str, hall: &str, enquiries: &str| {
            let written =
                |bands: Vec<TimeBand>| bands.iter().map(TimeBand::to_string).collect::<Vec<_>>().join(", ");
            let service = plan.service(&"general-enquiries".into()).unwrap();
            assert_eq!(written(hall_bands(&plan, day(on))), hall, "{on}");
            assert_eq!(written(service_bands(&plan, service, day(on))), enquiries, "{on}");
        };
        check("2026-11-24", "08:30-12:00, 13:30-17:30", "08:30-17:30");
        check("2026-11-25", "", "");
        check("2026-11-26", "08:30-12:00, 13:30-18:30", "08:30-18:30");
        check("2026-11-28", "", "");
    }

    #[test]
    fn the_next_opening_is_later_today_or_on_the_next_working_day() {
        let plan = plan();
        let check = |today: &str, clock: (u16, u16), expect: &str| {
            let opening = next_opening(day(today), clock.0 * 60 + clock.1, |day| hall_bands(&plan, day));
            let Opening { day, minute } = opening.unwrap();
            assert_eq!(format!("{day} {:02}:{:02}", minute / 60, minute % 60), expect, "{today} {clock:?}");
        };
        check("2026-11-24", (7, 0), "2026-11-24 08:30");
        check("2026-11-24", (9, 0), "2026-11-24 09:00");
        check("2026-11-24", (12, 0), "2026-11-24 13:30");
        check("2026-11-24", (17, 30), "2026-11-26 08:30");
        check("2026-11-25", (9, 0), "2026-11-26 08:30");
        check("2026-11-26", (17, 30), "2026-11-26 17:30");
        check("2026-11-27", (24, 0), "2026-11-30 08:30");
        assert_eq!(next_opening(day("2026-11-27"), 0, |_| Vec::new()), None);
    }
}
