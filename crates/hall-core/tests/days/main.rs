//! Random days in a small hall: the rules against a naive reference model, and the promises that hold after every step.

#![allow(clippy::unwrap_used)]

mod dice;
mod plans;
mod promises;
mod reference;
mod run;
mod slips;
mod stream;
mod tables;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use dice::Dice;
use proptest::prelude::*;
use run::{Care, Run};

/// So many steps of the stream that runs on and on.
const STEPS: u64 = 1_000_000;
/// In so many halls.
const RUNS: u64 = 100;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_days_keep_every_promise(
        seed in any::<u64>(),
        steps in prop::collection::vec(any::<u64>().no_shrink(), 1..200),
    ) {
        let mut run = Run::new(seed, Care { all_every: 1, whole_journal: true });
        for number in steps {
            run.step(number);
        }
        run.read_back();
    }
}

/// Set `HALL_SEED` to what a failing run printed to see the same again.
#[test]
fn a_million_steps_break_no_promise_and_leave_no_rule_untried() {
    let seed = match std::env::var("HALL_SEED") {
        Ok(seed) => seed.parse().expect("HALL_SEED is a whole number"),
        Err(_) => RandomState::new().hash_one("a million steps"),
    };
    eprintln!("HALL_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut tally = BTreeMap::<String, u64>::new();
    for _ in 0..RUNS {
        let mut run = Run::new(dice.roll(), Care { all_every: 2_000, whole_journal: false });
        for _ in 0..STEPS / RUNS {
            run.step(dice.roll());
        }
        run.read_back();
        for (kind, times) in std::mem::take(&mut run.tally) {
            *tally.entry(kind).or_default() += times;
        }
    }
    every_rule_was_tried(&tally);
}

/// No refusal, no event and no reason that the random days never come to.
fn every_rule_was_tried(tally: &BTreeMap<String, u64>) {
    let source = include_str!("../../src/rejection.rs");
    let codes = source.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","));
    let codes: Vec<&str> = codes.collect();
    assert!(codes.len() > 50, "the codes do not stand where they stood");
    let mut untried = Vec::new();
    for (kind, names) in [("refusal", codes.as_slice()), ("event", EVENTS), ("reason", REASONS)] {
        let kinds = names.iter().map(|name| format!("{kind} {name}"));
        untried.extend(kinds.filter(|name| !tally.contains_key(name)));
    }
    assert_eq!(untried, [""; 0], "in {tally:#?}");
}

const EVENTS: &[&str] = &[
    "plan_adopted",
    "day_opened",
    "day_closed",
    "ticket_issued",
    "served_direct",
    "ticket_called",
    "ticket_recalled",
    "service_started",
    "service_finished",
    "ticket_missed",
    "ticket_transferred",
    "ticket_sent_on",
    "ticket_parked",
    "park_reminded",
    "ticket_resumed",
    "ticket_reinstated",
    "ticket_released",
    "ticket_cancelled",
    "ticket_abandoned",
    "ticket_expired",
    "issuing_stopped",
    "issuing_resumed",
    "slip_reported",
    "reprint_ordered",
    "printer_reported",
    "counter_opened",
    "counter_paused",
    "counter_closed",
    "profile_set",
    "appointment_booked",
    "appointment_changed",
    "appointment_cancelled",
    "appointment_missed",
];

const REASONS: &[&str] = &[
    "arrival",
    "class_credit",
    "class_first",
    "appointment",
    "not_due",
    "wait_limit",
    "help",
    "ratio",
    "sent_here",
    "reinstated",
    "chosen",
    "called_back",
];
