//! Whole simulated days: what terminals are told adds up to what the hub knows.

#![allow(clippy::unwrap_used)]

mod recorded;
mod rules;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hall_api::{Call, View};
use hall_core::{Counter, CounterNumber, CounterState, Event, Hall, Place, Plan, Record, Ticket, TicketId};
use hall_sim::day::{DayOutcome, Scenario, run};
use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng};

fn halls() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls")
}

fn sample_hall(name: &str) -> Arc<Plan> {
    Arc::new(Plan::from_toml(&std::fs::read_to_string(halls().join(name)).unwrap()).unwrap())
}

fn drawn(plan: &Plan, visitors: usize, seed: u64) -> Scenario {
    println!("{}, {visitors} visitors, seed {seed}", plan.hall.name_en);
    Scenario::drawn(plan, "2026-11-23".parse().unwrap(), visitors, seed)
}

fn outcome_of(hall: &str, visitors: usize, seed: u64) -> DayOutcome {
    let plan = sample_hall(hall);
    run(&drawn(&plan, visitors, seed), &plan, false).unwrap()
}

fn day_of(hall: &str, visitors: usize, seed: u64) -> Vec<Record> {
    outcome_of(hall, visitors, seed).journal
}

fn random_seed() -> u64 {
    StdRng::try_from_rng(&mut SysRng).unwrap().random()
}

#[test]
fn a_view_followed_record_by_record_agrees_with_the_hall() {
    for (name, visitors) in [("village.toml", 80), ("township.toml", 300), ("city.toml", 1500)] {
        let journal = day_of(name, visitors, random_seed());
        let (mut hall, mut view) = (Hall::default(), View::default());
        for (i, record) in journal.iter().enumerate() {
            hall.apply(&record.event, record.at);
            assert!(view.apply(record), "record {} was not next", record.seq);
            if i % 97 == 0 || i + 1 == journal.len() {
                assert_agree(&view, &hall, &journal[..=i]);
            }
        }
    }
}

#[test]
fn a_view_taken_up_from_a_snapshot_comes_to_the_same() {
    let journal = day_of("city.toml", 800, random_seed());
    let mut whole = View::default();
    let mut joined = None;
    for (i, record) in journal.iter().enumerate() {
        assert!(whole.apply(record));
        if i == journal.len() / 2 {
            let text = serde_json::to_string(&whole).unwrap();
            joined = Some(serde_json::from_str::<View>(&text).unwrap());
        } else if let Some(view) = &mut joined {
            assert!(view.apply(record));
        }
    }
    assert_eq!(joined.unwrap(), whole);
}

#[test]
fn a_view_takes_no_record_twice_and_misses_none() {
    let journal = day_of("village.toml", 20, 1);
    let mut view = View::default();
    assert!(view.apply(&journal[0]));
    let before = view.clone();
    assert!(view.apply(&journal[0]), "an old record is no gap");
    assert!(!view.apply(&journal[2]), "a gap went unnoticed");
    assert_eq!(view, before);
}

#[test]
fn the_same_seed_gives_the_same_day() {
    let first = day_of("township.toml", 200, 7);
    assert_eq!(first, day_of("township.toml", 200, 7));
    assert_ne!(first, day_of("township.toml", 200, 8));
}

#[test]
fn every_visitor_of_a_busy_day_ends_in_one_place_and_no_number_repeats() {
    let (plan, seed) = (sample_hall("city.toml"), random_seed());
    let scenario = drawn(&plan, 5000, seed);
    let outcome = run(&scenario, &plan, false).unwrap();
    let report = outcome.report(&plan);
    let counts = report.tickets;
    let came = counts.issued + counts.direct + outcome.turned_away;
    assert_eq!(came + counts.appointments_missed, 5000, "{counts:?} {:?}", report.refused);
    let settled = counts.served + counts.no_show + counts.cancelled + counts.abandoned + counts.expired;
    assert_eq!((counts.open, settled), (0, counts.issued), "{counts:?}");

    let mut hall = Hall::default();
    outcome.journal.iter().for_each(|record| hall.apply(&record.event, record.at));
    assert!(hall.tickets().all(|ticket| !ticket.place.is_open()));
    assert!(hall.counters().all(|(_, counter)| counter.state == CounterState::Closed));
    let mut seen: HashMap<&str, TicketId> = HashMap::new();
    for ticket in hall.tickets() {
        assert_eq!(seen.insert(ticket.number.as_str(), ticket.id), None, "{} was given twice", ticket.number);
    }
}

#[test]
fn everything_in_the_life_of_a_ticket_happens_on_a_drawn_day() {
    let counts = outcome_of("city.toml", 3000, 7).report(&sample_hall("city.toml")).tickets;
    for (what, count) in [
        ("served without a number", counts.direct),
        ("cancelled or abandoned", counts.cancelled + counts.abandoned),
        ("recalled", counts.recalls),
        ("no-show", counts.no_show),
        ("reinstated", counts.reinstated),
        ("transferred", counts.transferred),
        ("sent on", counts.sent_on),
        ("parked", counts.parked),
        ("checked in", counts.checked_in),
        ("missed an appointment", counts.appointments_missed),
    ] {
        assert!(count > 0, "nobody was {what}: {counts:?}");
    }
}

#[test]
fn nobodys_luck_hangs_on_how_many_others_come() {
    let (plan, seed) = (sample_hall("village.toml"), random_seed());
    let many = drawn(&plan, 100, seed).visits;
    for visit in drawn(&plan, 50, seed).visits {
        assert!(many.contains(&visit), "{visit:?}");
    }
}

#[test]
fn an_average_day_of_the_city_is_busy_but_not_hopeless() {
    let plan = sample_hall("city.toml");
    let report = outcome_of("city.toml", 5000, 1).report(&plan);
    assert!((0.75..=0.9).contains(&report.staffing.utilisation_peak), "{:?}", report.staffing);
    let ordinary = report.class("ordinary").unwrap().count as f64 / report.waits.count as f64;
    assert!((0.80..0.84).contains(&ordinary), "{ordinary}");
    assert!((2.0..15.0).contains(&report.waits.mean_min), "{:?}", report.waits);
}

#[test]
fn nine_in_ten_are_called_within_what_they_were_told() {
    let plan = sample_hall("city.toml");
    let coverage = |seed| run(&drawn(&plan, 5000, seed), &plan, true).unwrap().forecast.unwrap();
    let days = [1, 2].map(coverage);
    println!("{days:?}");
    assert!(days.iter().all(|day| day.told > 4_000), "{days:?}");
    let p90 = days.iter().map(|day| day.p90).sum::<f64>() / 2.0;
    assert!((0.85..=0.95).contains(&p90), "{days:?}");
}

fn assert_agree(view: &View, hall: &Hall, journal: &[Record]) {
    let known = |ticket: &&Ticket| ticket.place.is_open() || ticket.place == Place::NoShow;
    let tickets: BTreeMap<TicketId, Ticket> =
        hall.tickets().filter(known).map(|t| (t.id, Ticket { person: None, ..t.clone() })).collect();
    assert_eq!(view.tickets, tickets);
    let counters: BTreeMap<CounterNumber, Counter> = hall
        .counters()
        .filter(|(_, counter)| counter.state != CounterState::Closed || counter.profile.is_some())
        .map(|(number, counter)| (number, counter.clone()))
        .collect();
    assert_eq!(view.counters, counters);
    assert_eq!(view.day, hall.day());
    assert_eq!(&view.full, hall.full());
    assert_eq!(Vec::from(view.calls.clone()), latest_calls(journal));
    for service in &hall.plan().unwrap().services {
        let mut in_line: Vec<_> = hall
            .tickets()
            .filter(|ticket| ticket.place == Place::Waiting && ticket.service == service.id)
            .map(|ticket| (ticket.standing, ticket.id))
            .collect();
        in_line.sort_unstable();
        let shown = view.waiting_for(std::slice::from_ref(&service.id));
        let shown: Vec<_> = shown.iter().map(|ticket| (ticket.standing, ticket.id)).collect();
        assert_eq!(shown, in_line, "the line of {}", service.id);
    }
}

/// The calls of the day by plain search: the last call or recall of each ticket, newest first.
fn latest_calls(journal: &[Record]) -> Vec<Call> {
    let mut seen = HashSet::new();
    let today = journal.iter().rev().take_while(|record| !matches!(record.event, Event::DayOpened { .. }));
    today
        .filter_map(|Record { seq, at, event }| {
            let (ticket, number, counter, calls) = match event {
                Event::TicketCalled { ticket, number, counter, .. } => (ticket, number, counter, 1),
                Event::TicketRecalled { ticket, number, counter, calls, .. } => {
                    (ticket, number, counter, *calls)
                }
                _ => return None,
            };
            let call = Call {
                seq: *seq,
                at: *at,
                ticket: *ticket,
                number: number.clone(),
                counter: *counter,
                calls,
            };
            seen.insert(ticket).then_some(call)
        })
        .take(View::CALLS_MAX)
        .collect()
}
