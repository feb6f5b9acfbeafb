//! A recorded day met again.

use std::sync::Arc;

use hall_core::{CounterNumber, Event, Plan, Record};
use hall_sim::day::report::Report;
use hall_sim::day::{RecordedDay, RecordedError, Scenario, run};
use hall_sim::replay;

use super::{day_of, random_seed, sample_hall};

fn recorded(hall: &str, visitors: usize, seed: u64) -> RecordedDay {
    RecordedDay::of(day_of(hall, visitors, seed), None).unwrap()
}

fn rerun(recorded: &RecordedDay, plan: &Arc<Plan>) -> Report {
    run(&Scenario::recorded(recorded), plan, false).unwrap().report(plan)
}

/// Staff's own pace of pressing is one figure a counter, and a citizen who gave up has no service time on record: so
/// the mean wait comes out within a tenth or half a minute, P90 within a tenth or a minute.
#[test]
fn a_recorded_day_under_its_own_rules_comes_out_as_it_was() {
    for (hall, visitors) in [("village.toml", 40), ("township.toml", 250), ("city.toml", 2500)] {
        let recorded = recorded(hall, visitors, random_seed());
        let (was, is) = (Report::of(&recorded.records, &recorded.plan), rerun(&recorded, &recorded.plan));
        println!("{hall}: {:?} was, {:?} is", was.waits, is.waits);
        let close = |was: f64, is: f64, minutes: f64| (was - is).abs() <= (0.1 * was).max(minutes);
        assert!(close(was.waits.mean_min, is.waits.mean_min, 0.5), "{hall}");
        assert!(close(was.waits.p90_min, is.waits.p90_min, 1.0), "{hall}");
        assert!(close(was.staffing.open_h, is.staffing.open_h, 60.0), "{:?} {:?}", was.staffing, is.staffing);
        let (was, is) = (was.tickets, is.tickets);
        assert_eq!((is.issued, is.direct, is.booked), (was.issued, was.direct, was.booked), "{hall}");
        assert_eq!((is.parked, is.transferred), (was.parked, was.transferred), "{hall}");
        assert_eq!(is.appointments_missed, was.appointments_missed, "{hall}");
        let few = was.issued / 50 + 2;
        assert!(
            is.served.abs_diff(was.served) <= few && is.no_show.abs_diff(was.no_show) <= few,
            "{was:?} {is:?}"
        );
    }
}

#[test]
fn one_more_counter_shortens_the_waits() {
    let recorded = recorded("township.toml", 280, 3);
    let mut scenario = Scenario::recorded(&recorded);
    let busiest = CounterNumber(1);
    let plan = RecordedDay::with_another(&mut scenario, &recorded.plan, busiest).unwrap();
    assert_eq!(plan.counters.last().unwrap().number, CounterNumber(7));
    let plan = Arc::new(plan);
    let (was, is) = (rerun(&recorded, &recorded.plan), run(&scenario, &plan, false).unwrap().report(&plan));
    assert!(is.waits.mean_min < was.waits.mean_min, "{:?} {:?}", was.waits, is.waits);
    let missing = RecordedDay::with_another(&mut scenario, &plan, CounterNumber(77));
    assert_eq!(missing.unwrap_err(), RecordedError::NoCounter(CounterNumber(77)));
}

#[test]
fn the_day_asked_for_is_taken_from_the_records() {
    let first = day_of("village.toml", 20, 1);
    let plan = sample_hall("village.toml");
    let second = Scenario::drawn(&plan, "2026-11-24".parse().unwrap(), 20, 2);
    let second = run(&second, &plan, false).unwrap().journal;
    let both: Vec<Record> = first.iter().chain(&second[1..]).cloned().collect();
    let day = |day: &str| day.parse().unwrap();
    let of = |day| RecordedDay::of(both.clone(), day).map(|it| (it.day, it.records));
    let from_opening = |records: &[Record]| {
        let opened = records.iter().position(|it| matches!(it.event, Event::DayOpened { .. })).unwrap();
        records[opened..].to_vec()
    };
    assert_eq!(of(None).unwrap(), (day("2026-11-24"), from_opening(&second)));
    assert_eq!(of(Some(day("2026-11-23"))).unwrap(), (day("2026-11-23"), from_opening(&first)));
    assert_eq!(of(Some(day("2026-11-25"))), Err(RecordedError::NotThatDay(day("2026-11-25"))));
    assert_eq!(RecordedDay::of(Vec::new(), None).unwrap_err(), RecordedError::NoDay);
    assert_eq!(RecordedDay::of(second[1..].to_vec(), None).unwrap_err(), RecordedError::NoPlan);
}

#[test]
fn a_day_is_read_from_lines_of_records() {
    let records = day_of("village.toml", 15, 4);
    let mut lines: Vec<String> = records.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let read = replay::recorded(&file, None).unwrap();
    assert_eq!(read.records, RecordedDay::of(records, None).unwrap().records);
    lines[2] = "{}".to_owned();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let error = format!("{:#}", replay::recorded(&file, None).unwrap_err());
    assert!(error.contains("line 3 is no record"), "{error}");
}
