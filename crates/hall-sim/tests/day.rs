//! Whole simulated days: what terminals are told adds up to what the hub knows.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use hall_api::{Call, View};
use hall_core::{Counter, CounterNumber, CounterState, Event, Hall, Place, Plan, Record, Ticket, TicketId};
use hall_sim::day::simulate;
use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng};

fn sample_hall(name: &str) -> Arc<Plan> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls").join(name);
    Arc::new(Plan::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn day_of(hall: &str, visitors: usize, seed: u64) -> Vec<Record> {
    println!("{hall}, {visitors} visitors, seed {seed}");
    simulate(sample_hall(hall), "2026-11-23".parse().unwrap(), visitors, seed).unwrap().journal
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
fn a_busy_day_serves_or_expires_everyone_and_repeats_no_number() {
    let journal = day_of("city.toml", 5000, random_seed());
    let numbers: Vec<_> = journal
        .iter()
        .filter_map(|record| match &record.event {
            Event::TicketIssued { number, .. } => Some(number),
            _ => None,
        })
        .collect();
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
    let mut hall = Hall::default();
    journal.iter().for_each(|record| hall.apply(&record.event, record.at));
    assert_eq!(hall.tickets().count(), numbers.len());
    assert!(hall.tickets().all(|ticket| !matches!(ticket.place, Place::Waiting | Place::AtCounter(_))));
}

fn assert_agree(view: &View, hall: &Hall, journal: &[Record]) {
    let open = |ticket: &&Ticket| matches!(ticket.place, Place::Waiting | Place::AtCounter(_));
    let tickets: BTreeMap<TicketId, Ticket> =
        hall.tickets().filter(open).map(|t| (t.id, t.clone())).collect();
    assert_eq!(view.tickets, tickets);
    let counters: BTreeMap<CounterNumber, Counter> = hall
        .counters()
        .filter(|(_, counter)| counter.state != CounterState::Closed)
        .map(|(number, counter)| (number, counter.clone()))
        .collect();
    assert_eq!(view.counters, counters);
    assert_eq!(view.day, hall.day());
    assert_eq!(Vec::from(view.calls.clone()), latest_calls(journal));
    for service in &hall.plan().unwrap().services {
        let in_line: Vec<_> = hall.waiting(&service.id).map(|ticket| ticket.id).collect();
        let shown: Vec<_> =
            view.waiting_for(std::slice::from_ref(&service.id)).iter().map(|ticket| ticket.id).collect();
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
