//! The fault matrix: each fault, in each family of printers, at each moment of a slip; then random stories. The paper is
//! the judge. `HALL_FAULT_RUNS` and `HALL_FAULT_SEED` choose how many random stories and which.
#![allow(clippy::unwrap_used)]

mod families;
mod run;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use hall_print::Outcome;
use hall_sim::printer::{AckFault, Condition, Fault, When};
use rand::rngs::{StdRng, SysRng};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use families::families;
use run::{Story, Told, length_bytes, moments, play};

/// Most of a run is waiting, so that many can go on at once.
const AT_ONCE: usize = 64;
const RUNS: u64 = 300;

const CONDITIONS: [Condition; 19] = [
    Condition::PaperNearEnd,
    Condition::PaperOut,
    Condition::CoverOpen,
    Condition::CutterJammed,
    Condition::PaperJammed,
    Condition::Unplugged,
    Condition::LineDropped,
    Condition::PoweredOff,
    Condition::Silent,
    Condition::Stopped,
    Condition::Baud(19_200),
    Condition::StatusSent,
    Condition::Noise(0x00),
    Condition::Noise(0x12),
    Condition::Noise(0x37),
    Condition::Acks(AckFault::OtherId),
    Condition::Acks(AckFault::PaperOut),
    Condition::Acks(AckFault::Twice),
    Condition::Acks(AckFault::Missing),
];

/// A story of the family with this number, and how it is called.
type Case = (usize, Story, String);

#[test]
fn each_fault_in_each_family_at_each_moment() {
    let mut cases = Vec::new();
    for (number, family) in families().iter().enumerate() {
        for when in moments(length_bytes(family)) {
            for what in CONDITIONS {
                let story = Story { faults: vec![Fault { what, when }] };
                cases.push((number, story, "matrix".to_owned()));
            }
        }
    }
    play_all(&cases);
}

#[test]
fn random_stories() {
    let from_env = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed =
        from_env("HALL_FAULT_SEED").unwrap_or_else(|| StdRng::try_from_rng(&mut SysRng).unwrap().random());
    let runs = from_env("HALL_FAULT_RUNS").unwrap_or(RUNS);
    println!("HALL_FAULT_SEED={seed} HALL_FAULT_RUNS={runs}");
    let lengths: Vec<usize> = families().iter().map(length_bytes).collect();
    let cases: Vec<Case> = (0..runs)
        .map(|run| {
            let mut random = StdRng::seed_from_u64(seed.wrapping_add(run));
            let number = random.random_range(0..lengths.len());
            (
                number,
                random_story(&mut random, lengths[number]),
                format!("HALL_FAULT_SEED={} HALL_FAULT_RUNS=1", seed.wrapping_add(run)),
            )
        })
        .collect();
    play_all(&cases);
}

fn random_story(random: &mut StdRng, length: usize) -> Story {
    let faults = (0..random.random_range(1..=3)).map(|_| Fault {
        what: match random.random_range(0..8) {
            0 => Condition::Acks(AckFault::LateMs(random.random_range(50..700))),
            1 => Condition::Noise(random.random()),
            _ => *CONDITIONS.choose(random).unwrap(),
        },
        when: match random.random_range(0..6) {
            0 => When::Now,
            1 => When::AtCut,
            _ => When::AfterBytes(random.random_range(1..length + 8)),
        },
    });
    Story { faults: faults.collect() }
}

/// Plays all cases, many at once; fails with every story that went wrong.
fn play_all(cases: &[Case]) {
    let families = families();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let outcomes = Mutex::new(BTreeMap::<String, u32>::new());
    let unproven = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((number, story, name)) = cases.get(next.fetch_add(1, Relaxed)) {
                    let family = &families[*number];
                    match play(family, story) {
                        Ok(Told { first, next }) => {
                            let kind = format!("{first:?}").split([' ', '(']).next().unwrap().to_owned();
                            *outcomes.lock().unwrap().entry(kind).or_default() += 1;
                            if family.proves() && next != Outcome::Printed {
                                unproven.fetch_add(1, Relaxed);
                            }
                        }
                        Err(what) => {
                            wrong
                                .lock()
                                .unwrap()
                                .push(format!("{}, {story:?} ({name}): {what}", family.name));
                        }
                    }
                }
            });
        }
    });
    let (wrong, outcomes) = (wrong.into_inner().unwrap(), outcomes.into_inner().unwrap());
    let unproven = unproven.into_inner();
    println!("{} stories, outcomes of the first slip: {outcomes:?}; next unproven: {unproven}", cases.len());
    assert!(
        wrong.is_empty(),
        "{} stories went wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
    assert!(unproven * 50 <= cases.len(), "{unproven} slips printed in good order were not proven");
    assert!(cases.len() < 100 || outcomes.len() >= 4, "the stories reach only {outcomes:?}");
}
