//! On which days a hall works.

#![allow(clippy::unwrap_used)]

use hall_core::{BusinessDay, Calendar};

fn calendar(text: &str) -> Calendar {
    toml::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// Which of these days the hall works on.
fn check(text: &str, days: &[(&str, bool)]) {
    let calendar = calendar(text);
    for (day, works) in days {
        let date: BusinessDay = day.parse().unwrap();
        assert_eq!(calendar.is_working_day(date), *works, "{day} by {text:?}");
    }
}

#[test]
fn without_more_a_hall_works_from_monday_to_friday() {
    let week = [("2026-11-23", true), ("2026-11-27", true), ("2026-11-28", false), ("2026-11-29", false)];
    check("", &week);
    check("", &[("2026-10-01", true), ("2026-10-10", false)]);
    check("workdays = ['sat', 'sun']", &week.map(|(day, works)| (day, !works)));
}

#[test]
fn public_holidays_go_before_the_week() {
    check(
        "holidays = 'cn'",
        &[
            ("2024-02-04", true),
            ("2024-02-09", true),
            ("2024-02-10", false),
            ("2024-02-16", false),
            ("2024-02-18", true),
            ("2024-06-10", false),
            ("2024-06-11", true),
            ("2024-10-12", true),
            ("2024-12-31", true),
            ("2025-01-01", false),
            ("2025-01-26", true),
            ("2025-01-27", true),
            ("2025-01-28", false),
            ("2025-02-04", false),
            ("2025-02-05", true),
            ("2025-06-02", false),
            ("2025-10-08", false),
            ("2025-10-09", true),
            ("2025-10-11", true),
            ("2025-10-12", false),
            ("2026-01-02", false),
            ("2026-01-04", true),
            ("2026-02-14", true),
            ("2026-02-16", false),
            ("2026-02-23", false),
            ("2026-02-24", true),
            ("2026-02-28", true),
            ("2026-03-01", false),
            ("2026-09-20", true),
            ("2026-09-25", false),
            ("2026-10-10", true),
            ("2026-10-17", false),
        ],
    );
}

#[test]
fn the_days_of_an_unknown_year_follow_the_week_and_it_is_known_that_they_do() {
    check("holidays = 'cn'", &[("2027-01-01", true), ("2027-10-01", true), ("2027-10-02", false)]);
    let added = "holidays = 'cn'\nyears = [{ year = 2027, off = ['2027-01-01..2027-01-03'] }]";
    for (text, year, covered) in [
        ("holidays = 'cn'", 2023, false),
        ("holidays = 'cn'", 2024, true),
        ("holidays = 'cn'", 2026, true),
        ("holidays = 'cn'", 2027, false),
        (added, 2026, true),
        (added, 2027, true),
        (added, 2028, false),
        ("", 2027, true),
    ] {
        assert_eq!(calendar(text).covers(year), covered, "{year} by {text:?}");
    }
}

#[test]
fn a_technician_can_add_a_year_or_put_one_right() {
    let added = "holidays = 'cn'\nyears = [{ year = 2027, off = ['2027-01-01', '2027-02-05..2027-02-12'], work = ['2027-02-14'] }]";
    check(
        added,
        &[
            ("2027-01-01", false),
            ("2027-01-04", true),
            ("2027-02-04", true),
            ("2027-02-05", false),
            ("2027-02-12", false),
            ("2027-02-14", true),
            ("2026-02-16", false),
        ],
    );
    let instead = "holidays = 'cn'\nyears = [{ year = 2026, off = ['2026-02-17'] }]";
    check(
        instead,
        &[("2026-02-16", true), ("2026-02-17", false), ("2026-02-14", false), ("2025-01-28", false)],
    );
    check("years = [{ year = 2026, off = ['2026-11-23'] }]", &[("2026-11-23", false), ("2026-10-01", true)]);
}

#[test]
fn the_halls_own_days_go_before_everything() {
    let own = "holidays = 'cn'\noff = ['2026-10-10', '2026-11-23']\nwork = ['2026-10-01', '2026-11-28']";
    check(
        own,
        &[
            ("2026-10-01", true),
            ("2026-10-02", false),
            ("2026-10-10", false),
            ("2026-11-23", false),
            ("2026-11-28", true),
            ("2026-11-29", false),
        ],
    );
}

#[test]
fn a_calendar_is_written_as_it_is_read() {
    let text = "holidays = 'cn'\noff = ['2026-10-10']\nwork = ['2026-11-28']\n\
                years = [{ year = 2027, off = ['2027-01-01', '2027-02-05..2027-02-12'], work = ['2027-02-14'] }]";
    let json = serde_json::to_string(&calendar(text)).unwrap();
    assert_eq!(
        json,
        r#"{"workdays":["mon","tue","wed","thu","fri"],"holidays":"cn","off":["2026-10-10"],"work":["2026-11-28"],"years":[{"year":2027,"off":["2027-01-01","2027-02-05..2027-02-12"],"work":["2027-02-14"]}]}"#
    );
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar(text));
}

#[test]
fn what_is_no_calendar_is_refused() {
    for (text, part) in [
        ("holidays = 'de'", "cn"),
        ("workday = ['mon']", "unknown field"),
        ("workdays = ['monday']", "mon"),
        ("off = ['2026-02-30']", "2026-02-30"),
        ("off = [2026-02-15]", "expected a date string"),
        ("years = [{ year = 2027, off = [2027-02-15] }]", "a string"),
        ("years = [{ year = 2027 }]", "off"),
        ("years = [{ year = 2027, off = ['2027-02-05-2027-02-12'] }]", "日期应写作 2026-02-15"),
    ] {
        let error = toml::from_str::<Calendar>(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: expected {part:?} in\n{error}");
    }
}
