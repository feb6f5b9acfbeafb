//! What one forecast of the sample city hall costs: `cargo bench -p hall-forecast`. Nothing here fails.

#![allow(clippy::unwrap_used)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use hall_core::{CounterNumber, CounterState, ServiceId};
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use support::Played;

const REPEATS: u32 = 100;

fn main() {
    // `cargo bench` passes --bench; `cargo test --benches` would not, and has nothing to measure.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let city =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls/city.toml")).unwrap();
    let ratio = city.replace(
        "queue.call_limit",
        "queue.rule = { ratio = { priority = 1, ordinary = 2 } }\nqueue.call_limit",
    );
    for (name, plan, crowded, waiting) in [
        ("spread over all services", &city, 1, 300),
        ("most of them at one service of twenty", &city, 20, 300),
        ("spread over all services, called by ratio", &ratio, 1, 300),
        ("spread over all services", &city, 1, 60),
        ("at leisure", &city, 1, 0),
    ] {
        let played = busy_hall(plan, crowded, waiting);
        println!("{} waiting, {name}:", waiting_count(&played));
        for samples in [9, 19, 29, 39, 59, 99] {
            let (best, median) = times_ms(&played, samples);
            println!("  {samples:>2} samples: {best:.2} ms at best, {median:.2} ms usually");
        }
    }
}

/// A city hall in the middle of its day: every counter open, most busy, so many tickets waiting; one service of
/// `crowded` has most of them.
fn busy_hall(plan: &str, crowded: usize, waiting: usize) -> Played {
    let mut played = Played::new(plan);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let plan = played.hall.plan().unwrap().clone();
    let services: Vec<&ServiceId> = plan.services.iter().map(|service| &service.id).collect();
    let crowded: Vec<&ServiceId> = services.iter().step_by(crowded).copied().collect();
    played.open(plan.counters.iter().map(|counter| counter.number.0));
    while waiting_count(&played) < waiting {
        let from = if random.random_bool(0.3) { &services } else { &crowded };
        let class = if random.random_bool(0.15) { "elderly" } else { "ordinary" };
        played.issue(from.choose(&mut random).unwrap().as_str(), class);
        played.now = played.now.plus_ms(5_000);
        for CounterNumber(counter) in plan.counters.iter().map(|counter| counter.number) {
            match played.hall.counter(CounterNumber(counter)).unwrap().state {
                CounterState::Idle => _ = played.call(counter),
                CounterState::Calling { .. } => played.start(counter),
                _ if random.random_bool(0.002) => played.finish(counter),
                _ => {}
            }
        }
    }
    played
}

fn waiting_count(played: &Played) -> usize {
    played.hall.plan().unwrap().services.iter().map(|service| played.hall.waiting_count(&service.id)).sum()
}

fn times_ms(played: &Played, samples: u32) -> (f64, f64) {
    let mut times: Vec<Duration> = (0..REPEATS)
        .map(|seed| {
            let began = Instant::now();
            let forecast = played.forecast_of(samples, seed.into());
            let took = began.elapsed();
            assert!(forecast.newcomers().count() > 0);
            took
        })
        .collect();
    times.sort();
    (times[0].as_secs_f64() * 1e3, times[times.len() / 2].as_secs_f64() * 1e3)
}
