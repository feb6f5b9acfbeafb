//! From what the printer says to what the hall is told.

use hall_core::{Plan, PrinterCondition, PrinterReport, SlipOutcome, Timestamp};
use hall_print::{Ended, Fault, Health, Outcome, Status};

use super::SlipKey;

/// A forecast is told no finer than this: it would be another one with every slip.
const ROLL_END_STEP_MS: i64 = 10 * 60 * 1000;
/// No roll has more sheets; the hub takes no larger figure.
const SHEETS_MAX: u32 = 1_000_000;

/// The printer at `now`; `ended` are the slips the journal remembers.
pub fn report(health: &Health, ended: &[Ended], plan: &Plan, now: Timestamp) -> PrinterReport {
    let today = plan.date(now);
    let is_of_today = |ended: &&Ended| {
        let sent = !matches!(ended.outcome, Outcome::FailedClean(_));
        sent && ended.key.parse::<SlipKey>().is_ok_and(|key| plan.date(key.issued_at) == today)
    };
    let of_today: Vec<Outcome> = ended.iter().filter(is_of_today).map(|ended| ended.outcome).collect();
    let unconfirmed = of_today.iter().filter(|outcome| **outcome == Outcome::Unconfirmed).count();
    PrinterReport {
        condition: condition(health.status),
        sheets: health.sheets.min(SHEETS_MAX),
        roll_left: health.roll.left_sheets.map(|left| left.min(SHEETS_MAX)),
        roll_ends_at: roll_ends_at(health, now),
        jobs: of_today.len() as u32,
        unconfirmed: unconfirmed as u32,
    }
}

/// When the roll will probably end, in steps of ten minutes.
pub fn roll_ends_at(health: &Health, now: Timestamp) -> Option<Timestamp> {
    let ends_in_ms = i64::try_from(health.roll.ends_in?.as_millis()).ok()?;
    let ends_ms = now.plus_ms(ends_in_ms).as_ms() + ROLL_END_STEP_MS / 2;
    Some(Timestamp::from_ms(ends_ms - ends_ms % ROLL_END_STEP_MS))
}

pub fn condition(status: Status) -> PrinterCondition {
    match status {
        Status::Ready => PrinterCondition::Ready,
        Status::NearEnd => PrinterCondition::NearEnd,
        Status::PaperOut => PrinterCondition::PaperOut,
        Status::CoverOpen => PrinterCondition::CoverOpen,
        Status::Away => PrinterCondition::Away,
        Status::Fault(Fault::Cutter) => PrinterCondition::Cutter,
        Status::Fault(Fault::Jam) => PrinterCondition::Jam,
        Status::Fault(Fault::Unrecoverable) => PrinterCondition::Unrecoverable,
        Status::Fault(Fault::Overheated) => PrinterCondition::Overheated,
        Status::Fault(Fault::Offline) => PrinterCondition::Offline,
        Status::Fault(Fault::Silent) => PrinterCondition::Silent,
        Status::Fault(Fault::Busy) => PrinterCondition::Busy,
    }
}

pub fn outcome(outcome: Outcome) -> SlipOutcome {
    match outcome {
        Outcome::Printed => SlipOutcome::Printed,
        Outcome::Unconfirmed => SlipOutcome::Unconfirmed,
        Outcome::FailedClean(_) => SlipOutcome::FailedClean,
        Outcome::FailedPartial { .. } => SlipOutcome::FailedPartial,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hall_print::{Failure, RollForecast};

    use super::*;
    use crate::station::unknown;

    fn at(time: &str) -> Timestamp {
        format!("{time}+08:00").parse().unwrap()
    }

    #[test]
    fn the_end_of_the_roll_is_told_in_steps_of_ten_minutes() {
        let check = |ends_in: Option<u64>, expect: Option<&str>| {
            let roll = RollForecast { left_sheets: Some(9), ends_in: ends_in.map(Duration::from_secs) };
            let ends_at = roll_ends_at(&Health { roll, ..unknown() }, at("2026-11-23T09:32:10"));
            assert_eq!(ends_at, expect.map(at), "{ends_in:?}");
        };
        check(None, None);
        check(Some(0), Some("2026-11-23T09:30:00"));
        check(Some(3 * 60), Some("2026-11-23T09:40:00"));
        check(Some(3600), Some("2026-11-23T10:30:00"));
    }

    #[test]
    fn jobs_are_the_slips_of_today_that_were_sent() {
        let plan = Plan::from_toml(include_str!("../../../halls/township.toml")).unwrap();
        let ended = |key: &str, outcome| Ended { key: key.into(), at_ms: 0, outcome };
        let slip = |issued: &str, copy, outcome| {
            let key = SlipKey::new(hall_core::TicketId(7), &"H012".into(), at(issued), copy);
            ended(&key.to_string(), outcome)
        };
        let journal = [
            slip("2026-11-22T16:00:00", 0, Outcome::Unconfirmed),
            slip("2026-11-23T09:00:00", 0, Outcome::Printed),
            slip("2026-11-23T09:00:00", 1, Outcome::Unconfirmed),
            slip("2026-11-23T09:10:00", 0, Outcome::FailedPartial { sent: 9, why: Failure::Busy }),
            slip("2026-11-23T09:20:00", 0, Outcome::FailedClean(Failure::NotReady)),
            ended("test-page 1", Outcome::Printed),
        ];
        let report = report(&unknown(), &journal, &plan, at("2026-11-23T09:30:00"));
        assert_eq!((report.jobs, report.unconfirmed), (3, 1));
    }
}
