//! What holds of the forecast of any hall, whatever has happened there.

#![allow(clippy::unwrap_used)]

mod support;

use hall_core::plan::HelpWhen;
use hall_core::{
    Awaits, ClassId, Command, CounterNumber, CounterState, Destination, Hall, Place, ServiceId, TicketId,
    Wish,
};
use hall_forecast::History;
use proptest::prelude::*;
use support::{Played, plan};

const SERVICES: [&str; 3] = ["a", "b", "c"];
const COUNTERS: u16 = 4;

fn any_plan() -> impl Strategy<Value = String> {
    let rules = prop::sample::select(vec![
        "",
        "queue.auto_call = true",
        "queue.wait_limit_min = 10",
        "queue.rule = { ratio = { priority = 2, ordinary = 1 } }",
    ]);
    rules.prop_map(|rules| {
        let services = SERVICES.map(|service| format!("id = \"{service}\", expected_min = 6"));
        let counters = [
            r#"services = ["a"]"#,
            r#"services = ["a", "b"]"#,
            r#"services = ["b"], helps = [{ service = "c", when = { waited_over_min = 5 } }]"#,
            r#"services = ["c"], helps = [{ service = "a", when = "own_empty" }]"#,
        ];
        plan(rules, &services.each_ref().map(String::as_str), &counters)
    })
}

/// A command, and for how many seconds nothing happens before it.
fn any_step() -> impl Strategy<Value = (Command, i64)> {
    let counter = (1..=COUNTERS).prop_map(CounterNumber);
    let ticket = (1_u64..30).prop_map(TicketId);
    let service = prop::sample::select(SERVICES.map(ServiceId::from).to_vec());
    let class = prop::sample::select(vec![ClassId::from("ordinary"), ClassId::from("elderly")]);
    let command = prop_oneof![
        10 => (service.clone(), class).prop_map(|(service, class)| Command::IssueTicket(Wish::new(service, class))),
        4 => counter.clone().prop_map(|counter| Command::OpenCounter { counter, staff: None }),
        8 => counter.clone().prop_map(|counter| Command::CallNext { counter }),
        4 => counter.clone().prop_map(|counter| Command::StartService { counter }),
        4 => counter.clone().prop_map(|counter| Command::FinishService { counter, ends_here: false }),
        1 => counter.clone().prop_map(|counter| Command::NoShow { counter, timed: false }),
        1 => ticket.clone().prop_map(|ticket| Command::Reinstate { ticket }),
        1 => counter.clone().prop_map(|counter| Command::Park { counter, remind_after_min: None }),
        1 => ticket.clone().prop_map(|ticket| Command::Resume { ticket }),
        1 => ticket.prop_map(|ticket| Command::CancelTicket { ticket }),
        1 => counter.clone().prop_map(|counter| Command::PauseCounter { counter, reason: "盖章".into() }),
        1 => counter.clone().prop_map(|counter| Command::CloseCounter { counter }),
        2 => (counter.clone(), counter.clone()).prop_map(|(counter, to)| {
            Command::Transfer { counter, to: Destination::Counter(to) }
        }),
        1 => (counter, service).prop_map(|(counter, service)| {
            Command::HelpService { counter, service, when: HelpWhen::OwnEmpty }
        }),
    ];
    (command, 0_i64..200)
}

fn after(plan: &str, steps: &[(Command, i64)]) -> Played {
    let mut played = Played::new(plan);
    for (command, pause_s) in steps {
        played.until(pause_s * 1_000);
        // What the hall refuses changes nothing.
        _ = played.try_to(command);
    }
    played
}

fn is_open(hall: &Hall, counter: CounterNumber) -> bool {
    let state = &hall.counter(counter).unwrap().state;
    !matches!(state, CounterState::Closed | CounterState::Paused { .. })
}

fn is_called_for(hall: &Hall, service: &ServiceId) -> bool {
    let calls_for = |number: CounterNumber| {
        let calls = hall.calls_for(number).unwrap();
        calls.services.contains(service) || calls.helps.iter().any(|help| help.service == *service)
    };
    hall.counters().any(|(number, _)| is_open(hall, number) && calls_for(number))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn something_is_said_where_a_counter_is_open_and_only_there(
        plan in any_plan(),
        steps in prop::collection::vec(any_step(), 1..80),
    ) {
        let mut played = after(&plan, &steps);
        // Were more to come than can be served, those who are only helped might not be called today.
        played.history = History::default();
        let forecast = played.forecast(19);
        for service in SERVICES.map(ServiceId::from) {
            let newcomer = forecast.newcomer(&service);
            prop_assert_eq!(newcomer.is_some(), is_called_for(&played.hall, &service), "{}", service);
            if let Some(newcomer) = newcomer {
                prop_assert!(0 <= newcomer.wait.p50_ms && newcomer.wait.p50_ms <= newcomer.wait.p90_ms);
                prop_assert!(newcomer.wait.p90_ms < newcomer.ends_p90_ms);
            }
        }
        for ticket in played.hall.tickets() {
            let estimate = forecast.ticket(ticket.id);
            let can_be_called = match ticket.awaits {
                Awaits::Counter(counter) => is_open(&played.hall, counter),
                _ => is_called_for(&played.hall, &ticket.service),
            };
            prop_assert_eq!(estimate.is_some(), ticket.place == Place::Waiting && can_be_called, "{:?}", ticket);
            prop_assert!(estimate.is_none_or(|it| 0 <= it.p50_ms && it.p50_ms <= it.p90_ms));
        }
    }

    #[test]
    fn the_same_seed_says_the_same(plan in any_plan(), steps in prop::collection::vec(any_step(), 1..60)) {
        let played = after(&plan, &steps);
        prop_assert_eq!(played.forecast_of(19, 3), played.forecast_of(19, 3));
    }

    #[test]
    fn a_history_can_be_learnt_again(plan in any_plan(), steps in prop::collection::vec(any_step(), 1..60)) {
        let played = after(&plan, &steps);
        let mut again = History::default();
        played.records.iter().for_each(|(event, at)| again.observe(event, *at));
        prop_assert_eq!(&again, &played.history);
    }
}

#[test]
fn another_counter_makes_nobody_wait_longer_on_the_whole() {
    let mut played = Played::new(&plan(
        "",
        &[r#"id = "a", expected_min = 8"#],
        &[r#"services = ["a"]"#; COUNTERS as usize],
    ));
    played.open([1]);
    for _ in 0..15 {
        played.issue("a", "ordinary");
        played.issue("a", "elderly");
    }
    played.call(1);
    let mut before = i64::MAX;
    for counter in 2..=COUNTERS {
        played.open([counter]);
        let whole = played.forecast(99).tickets().map(|(_, it)| it.p50_ms + it.p90_ms).sum();
        assert!(whole < before, "{whole} ms with {counter} counters, {before} ms with one fewer");
        before = whole;
    }
}

#[test]
fn another_seed_says_something_else() {
    let mut played = Played::new(&plan("", &[r#"id = "a", expected_min = 8"#], &[r#"services = ["a"]"#]));
    played.open([1]);
    played.issue("a", "ordinary");
    played.issue("a", "ordinary");
    assert_ne!(played.forecast_of(19, 3), played.forecast_of(19, 4));
}
