//! Random weeks of booking, changing, cancelling and checking in, with days missed and a hub that is down at times,
//! against the rules written as plainly as can be: lists and scans.

use std::hash::{BuildHasher, RandomState};

use hall_core::{AppointmentId, Booking, Command, Plan, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::model::{DAY_MS, FIRST_DAY, FIRST_MIDNIGHT_MS, MINUTE_MS, Model, SLOTS, day_of};
use crate::run::{Run, at, outcome, plan};

#[derive(Clone, Debug)]
struct Step {
    pass: Pass,
    /// Which appointment, of those not gone yet, counted from the last.
    nth: usize,
    wish: Wish,
}

#[derive(Clone, Copy, Debug)]
enum Pass {
    /// The hub runs, and does everything when it is due.
    Running(i64),
    /// The hub was down, and does what is due when it is back.
    Down(i64),
    /// The hub was down, and is told to open the day before it does what is due.
    DownAndOpened(i64),
}

#[derive(Clone, Debug)]
enum Wish {
    Book {
        slot: Slot,
        service: Option<&'static str>,
        class: &'static str,
        digits: Option<&'static str>,
        person: Option<&'static str>,
    },
    Change {
        slot: Slot,
    },
    Cancel,
    /// So many minutes after the slot begins, if that is still to come; or at once.
    CheckIn {
        late_min: Option<i64>,
    },
    CloseDay,
}

/// One of the slots of the plan, so many days from now, and minutes beside it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    days: i64,
    offered: (&'static str, i64, usize),
    beside_min: i64,
}

fn slot() -> impl Strategy<Value = Slot> {
    let days = prop_oneof![12 => 0..4i64, 1 => -1..10i64];
    let beside_min = prop_oneof![20 => Just(0i64), 1 => -90..90i64];
    (days, prop::sample::select(SLOTS), beside_min).prop_map(|(days, offered, beside_min)| Slot {
        days,
        offered,
        beside_min,
    })
}

fn wish() -> impl Strategy<Value = Wish> {
    let service = prop_oneof![20 => Just(None), 1 => prop::sample::select(vec!["tax", "aid", "unknown"]).prop_map(Some)];
    let class = prop_oneof![20 => prop::sample::select(vec!["ordinary", "elderly"]), 1 => Just("unknown")];
    let digits = prop_oneof![20 => prop::sample::select(vec![None, Some("1234")]), 1 => Just(Some("123"))];
    let person = prop::sample::select(vec![None, Some("p"), Some("q"), Some("r")]);
    let book = (slot(), service, class, digits, person).prop_map(|(slot, service, class, digits, person)| {
        Wish::Book { slot, service, class, digits, person }
    });
    prop_oneof![
        10 => book,
        3 => slot().prop_map(|slot| Wish::Change { slot }),
        1 => Just(Wish::Cancel),
        5 => prop::option::weighted(0.8, -40..25i64).prop_map(|late_min| Wish::CheckIn { late_min }),
        1 => Just(Wish::CloseDay),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ms = prop_oneof![20 => 0..20 * MINUTE_MS, 4 => 0..8 * 60 * MINUTE_MS, 1 => 0..3 * DAY_MS];
    let pass = prop_oneof![
        8 => ms.clone().prop_map(Pass::Running),
        1 => ms.clone().prop_map(Pass::Down),
        1 => ms.prop_map(Pass::DownAndOpened),
    ];
    prop::collection::vec(
        (pass, 0..5usize, wish()).prop_map(|(pass, nth, wish)| Step { pass, nth, wish }),
        1..100,
    )
}

fn command(wish: &Wish, appointment: AppointmentId, now: Timestamp) -> Command {
    let slot_at = |slot: &Slot| {
        let midnight_ms = *FIRST_MIDNIGHT_MS + (day_of(now) - FIRST_DAY + slot.days) * DAY_MS;
        Timestamp::from_ms(midnight_ms + (slot.offered.1 + slot.beside_min) * MINUTE_MS)
    };
    match wish {
        Wish::Book { slot, service, class, digits, person } => Command::BookAppointment(Booking {
            service: service.unwrap_or(slot.offered.0).into(),
            slot: slot_at(slot),
            class: (*class).into(),
            phone_digits: digits.map(Into::into),
            person: person.map(Into::into),
        }),
        Wish::Change { slot, .. } => Command::ChangeAppointment { appointment, slot: slot_at(slot) },
        Wish::Cancel => Command::CancelAppointment { appointment },
        Wish::CheckIn { .. } => Command::CheckIn { appointment, language: None, needs: Vec::new() },
        Wish::CloseDay => Command::CloseDay,
    }
}

fn pass(run: &mut Run, pass: Pass) {
    match pass {
        Pass::Running(ms) => run.pass_to(run.now.plus_ms(ms)),
        Pass::Down(ms) => {
            run.now = run.now.plus_ms(ms);
            run.catch_up();
        }
        Pass::DownAndOpened(ms) => {
            run.now = run.now.plus_ms(ms);
            let day = plan().date(run.now);
            _ = run.carry_out(&Command::OpenDay { day });
            run.catch_up();
        }
    }
}

/// With a seed that is printed when the test fails; `PROPTEST_RNG_SEED` gives it back.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one(()),
    };
    println!("PROPTEST_RNG_SEED={seed}");
    config.rng_seed = RngSeed::Fixed(seed);
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_weeks_agree_with_the_model(steps in steps()) {
        let mut run = Run::new(Plan::clone(&plan()));
        let mut model = Model::default();
        for step in steps {
            let before = run.journal.len();
            let id = model.nth(step.nth);
            pass(&mut run, step.pass);
            if let Wish::CheckIn { late_min: Some(late_min) } = step.wish {
                let slot = model.slot(id).unwrap_or(run.now);
                run.pass_to(slot.plus_ms(late_min * MINUTE_MS).max(run.now));
            }
            if run.now >= at("49 00:00") {
                break;
            }
            let command = command(&step.wish, AppointmentId(id), run.now);
            if command == Command::CloseDay {
                _ = run.carry_out(&command);
            }
            run.journal[before..].iter().for_each(|record| model.took_note(&record.event));
            if command != Command::CloseDay {
                let expect = model.decide(&command, run.now);
                prop_assert_eq!(outcome(&run.carry_out(&command)), expect, "{:?} at {}", command, run.now);
            }
            if run.journal.len() > before {
                model.check(&run);
            }
        }
        run.check_replay();
    }
}
