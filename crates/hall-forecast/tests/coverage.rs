//! On days that follow the plan, nine of ten are called within their P90.

#![allow(clippy::unwrap_used)]

mod support;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hall_core::{Command, CounterNumber, Event, Place, TicketId, Timestamp};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use support::{Played, plan};

const MIN: i64 = 60_000;
const HOUR: i64 = 60 * MIN;
const DAYS: u32 = 10;
/// Every so many tickets are told how long they will wait.
const TOLD_EVERY: u64 = 3;

/// A hall and the citizens who come to it.
struct Scene {
    plan: String,
    counters: u16,
    /// Each service with its mean service time in minutes, and how many come an hour.
    services: Vec<(&'static str, f64, f64)>,
    elderly: f64,
    no_shows: f64,
    /// How long staff take to call, on average.
    reaction_ms: f64,
}

impl Scene {
    fn new(plan: String, counters: u16, services: &[(&'static str, f64, f64)]) -> Self {
        Self { plan, counters, services: services.to_vec(), elderly: 0.0, no_shows: 0.0, reaction_ms: 0.0 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Arrival(usize),
    Call(u16),
    End(u16),
    Missed(u16),
}

struct Days<'a> {
    scene: &'a Scene,
    played: Played,
    random: Xoshiro256PlusPlus,
    agenda: BinaryHeap<Reverse<(Timestamp, Next)>>,
    issued: u64,
}

impl Days<'_> {
    fn exponential(&mut self, mean_ms: f64) -> i64 {
        (-(1.0 - self.random.random::<f64>()).ln() * mean_ms) as i64
    }

    /// A normal draw, by the sum of twelve.
    fn log_normal(&mut self, mean_ms: f64) -> i64 {
        let normal = (0..12).map(|_| self.random.random::<f64>()).sum::<f64>() - 6.0;
        let spread = hall_forecast::PLAN_SPREAD;
        (mean_ms * (spread * normal - spread * spread / 2.0).exp()) as i64
    }

    fn later(&mut self, ms: i64, next: Next) {
        self.agenda.push(Reverse((self.played.now.plus_ms(ms), next)));
    }

    fn carry_out(&mut self, command: Command) {
        for event in self.played.carry_out(&command) {
            match event {
                Event::TicketCalled { counter, service, .. }
                    if self.random.random_bool(1.0 - self.scene.no_shows) =>
                {
                    let mean_min =
                        self.scene.services.iter().find(|it| *it.0 == *service.as_str()).unwrap().1;
                    let walk_ms = 20_000 + self.exponential(10_000.0);
                    let ms = walk_ms + self.log_normal(mean_min * MIN as f64);
                    self.later(ms, Next::End(counter.0));
                }
                Event::TicketCalled { counter, .. } => self.later(90_000, Next::Missed(counter.0)),
                _ => {}
            }
        }
    }

    fn day(&mut self) {
        self.played.open(1..=self.scene.counters);
        self.agenda.clear();
        let close = self.played.now.plus_ms(8 * HOUR);
        for (place, (_, _, an_hour)) in self.scene.services.iter().enumerate() {
            let ms = self.exponential(HOUR as f64 / an_hour);
            self.later(ms, Next::Arrival(place));
        }
        while let Some(Reverse((at, next))) = self.agenda.pop() {
            self.played.now = at;
            match next {
                Next::Arrival(_) if at >= close => continue,
                Next::Arrival(place) => self.arrive(place),
                Next::Call(counter) => self.call(counter),
                Next::End(counter) => {
                    self.played.start(counter);
                    self.played.finish(counter);
                    self.free(counter);
                }
                Next::Missed(counter) => {
                    self.carry_out(Command::NoShow { counter: CounterNumber(counter), timed: false });
                    self.free(counter);
                }
            }
        }
        self.played.next_morning();
    }

    fn free(&mut self, counter: u16) {
        if self.scene.reaction_ms > 0.0 {
            let ms = self.exponential(self.scene.reaction_ms);
            self.later(ms, Next::Call(counter));
        } else {
            self.call(counter);
        }
    }

    fn call(&mut self, counter: u16) {
        let idle =
            self.played.hall.counter(CounterNumber(counter)).unwrap().state == hall_core::CounterState::Idle;
        if idle {
            self.carry_out(Command::CallNext { counter: CounterNumber(counter) });
        }
    }

    fn arrive(&mut self, place: usize) {
        let (service, _, an_hour) = self.scene.services[place];
        let class = if self.random.random_bool(self.scene.elderly) { "elderly" } else { "ordinary" };
        let ticket = self.played.issue(service, class);
        self.issued += 1;
        if self.scene.reaction_ms == 0.0 {
            (1..=self.scene.counters).for_each(|counter| self.call(counter));
        } else {
            let ms = self.exponential(self.scene.reaction_ms);
            (1..=self.scene.counters).for_each(|counter| self.later(ms, Next::Call(counter)));
        }
        let ms = self.exponential(HOUR as f64 / an_hour);
        self.later(ms, Next::Arrival(place));
        if self.issued.is_multiple_of(TOLD_EVERY) {
            self.tell(ticket);
        }
    }

    fn tell(&mut self, ticket: TicketId) {
        if self.played.hall.ticket(ticket).unwrap().place == Place::Waiting {
            let forecast = self.played.forecast_of(39, self.issued);
            let estimate = forecast.ticket(ticket).unwrap();
            self.played.score.tell(ticket, self.played.now, estimate);
        }
    }
}

/// The share of those told who are called within their P90, on days that begin without any history.
#[track_caller]
fn check(name: &str, scene: Scene, seed: u64) {
    let played = Played::new(&scene.plan);
    let random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut days = Days { scene: &scene, played, random, agenda: BinaryHeap::new(), issued: 0 };
    (0..DAYS).for_each(|_| days.day());
    let score = days.played.score;
    let (p50, p90) = (score.coverage_p50().unwrap(), score.coverage_p90().unwrap());
    let told = score.waits().called;
    println!("{name}, seed {seed}: {told} of {} told, P50 holds {p50:.3}, P90 holds {p90:.3}", days.issued);
    assert!(told > 300, "{told} say nothing");
    assert!((0.85..=0.95).contains(&p90), "{name}, seed {seed}: P90 holds {p90:.3} of {told}");
    assert!((0.42..=0.58).contains(&p50), "{name}, seed {seed}: P50 holds {p50:.3} of {told}");
}

/// Four counters for one service, kept busy.
fn one_service(rules: &str) -> Scene {
    let plan = plan(rules, &[r#"id = "a", expected_min = 8"#], &[r#"services = ["a"]"#; 4]);
    Scene::new(plan, 4, &[("a", 8.0, 26.5)])
}

/// Four counters for two services; the last helps.
fn two_services(rules: &str) -> Scene {
    let services = [r#"id = "a", expected_min = 8"#, r#"id = "b", expected_min = 12"#];
    let helping = r#"services = ["b"], helps = [{ service = "a", when = "own_empty" }]"#;
    let counters = [r#"services = ["a"]"#, r#"services = ["a"]"#, r#"services = ["a", "b"]"#, helping];
    Scene::new(plan(rules, &services, &counters), 4, &[("a", 8.0, 17.0), ("b", 12.0, 6.0)])
}

#[test]
fn all_alike() {
    check("all alike", one_service(""), 1);
}

#[test]
fn some_with_a_head_start() {
    check("a fifth elderly", Scene { elderly: 0.2, ..one_service("") }, 1);
}

#[test]
fn staff_who_take_their_time_and_citizens_who_do_not_come() {
    let scene = Scene { elderly: 0.2, no_shows: 0.08, reaction_ms: 15_000.0, ..one_service("") };
    check("slow calls and no-shows", scene, 1);
}

#[test]
fn by_ratio() {
    let scene = one_service("queue.rule = { ratio = { priority = 1, ordinary = 1 } }");
    check("ratio", Scene { elderly: 0.2, ..scene }, 1);
}

#[test]
fn with_help_and_a_wait_limit() {
    let scene = two_services("queue.wait_limit_min = 30");
    check("help and a wait limit", Scene { elderly: 0.2, ..scene }, 1);
}
