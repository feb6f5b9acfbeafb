//! Where every call keeps a counter for the same time, the moments of all calls are known.

#![allow(clippy::unwrap_used)]

mod support;

use hall_core::{AppointmentId, Booking, Command, CounterNumber, Destination, Event, ServiceId};
use support::{Played, plan};

const S: i64 = 1_000;
const MIN: i64 = 60 * S;

const PLAIN: [&str; 2] = [r#"id = "a", expected_min = 5"#, r#"id = "b", expected_min = 5"#];

/// A hall where calls for `a` kept a counter for a minute all yesterday, and those for `b` for three; its counters are
/// open, and it is nine in the morning. Who comes today says nothing of who will come.
fn hall(rules: &str, services: [&str; 2], counters: &[&str]) -> Played {
    let first = |service: &str| {
        let counter = counters.iter().position(|it| it.contains(&format!("services = [\"{service}\"")));
        counter.map(|place| place as u16 + 1)
    };
    let served: Vec<&str> =
        services.into_iter().filter(|service| !service.contains("\"b\"") || first("b").is_some()).collect();
    let mut played = Played::new(&plan(rules, &served, counters));
    played.open(1..=counters.len() as u16);
    for (service, ms) in [("a", MIN), ("b", 3 * MIN)] {
        if let Some(counter) = first(service) {
            (0..30).for_each(|_| played.serve_one(counter, service, ms));
        }
    }
    played.next_morning();
    played.open(1..=counters.len() as u16);
    played.learns = false;
    played
}

fn exactly(ms: i64) -> Option<(i64, i64)> {
    Some((ms, ms))
}

#[test]
fn one_counter_three_waiting() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#]);
    let tickets = [(); 4].map(|()| played.issue("a", "ordinary"));
    played.call(1);
    played.now = played.now.plus_ms(40 * S);
    assert_eq!(
        tickets.map(|it| played.ticket_ms(it)),
        [None, exactly(20 * S), exactly(80 * S), exactly(140 * S)]
    );
    assert_eq!(played.newcomer_ms("a"), exactly(200 * S));
    let newcomer = played.forecast(40).newcomer(&"a".into()).unwrap();
    assert_eq!(newcomer.ends_p90_ms, 260 * S);
}

#[test]
fn a_recall_and_the_start_of_service_do_not_begin_the_call_anew() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#]);
    played.learns = true;
    played.issue("a", "ordinary");
    played.call(1);
    played.now = played.now.plus_ms(20 * S);
    played.carry_out(&Command::Recall { counter: CounterNumber(1) });
    played.now = played.now.plus_ms(20 * S);
    played.start(1);
    assert_eq!(played.newcomer_ms("a"), exactly(20 * S));
}

#[test]
fn a_free_counter_calls_a_newcomer_at_once() {
    let mut played =
        hall("", PLAIN, &[r#"services = ["a"]"#, r#"services = ["b"]"#, r#"services = ["a", "b"]"#]);
    assert_eq!([played.newcomer_ms("a"), played.newcomer_ms("b")], [exactly(0), exactly(0)]);
    assert_eq!(played.forecast(40).newcomer(&"b".into()).unwrap().ends_p90_ms, 3 * MIN);
    for (counter, service) in [(1, "a"), (3, "b")] {
        played.issue(service, "ordinary");
        played.call(counter);
        played.now = played.now.plus_ms(10 * S);
    }
    assert_eq!([played.newcomer_ms("a"), played.newcomer_ms("b")], [exactly(40 * S), exactly(0)]);
}

#[test]
fn staff_who_take_their_time_to_call_are_expected_to() {
    let mut played = Played::new(&plan("", &PLAIN[..1], &[r#"services = ["a"]"#]));
    played.open([1]);
    for _ in 0..30 {
        played.issue("a", "ordinary");
        played.now = played.now.plus_ms(5 * S);
        played.call(1);
        played.start(1);
        played.now = played.now.plus_ms(MIN);
        played.finish(1);
    }
    assert_eq!(played.newcomer_ms("a"), exactly(5 * S));
    played.issue("a", "ordinary");
    assert_eq!(played.newcomer_ms("a"), exactly(5 * S + MIN + 5 * S));
}

#[test]
fn nothing_is_said_without_an_open_counter() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#, r#"services = ["b"]"#]);
    let ticket = played.issue("b", "ordinary");
    let both = |played: &Played| (played.newcomer_ms("b"), played.ticket_ms(ticket));
    assert_eq!(both(&played), (exactly(3 * MIN), exactly(0)));
    let counter = CounterNumber(2);
    played.carry_out(&Command::PauseCounter { counter, reason: "盖章".into() });
    assert_eq!(both(&played), (None, None));
    played.carry_out(&Command::CloseCounter { counter });
    assert_eq!(both(&played), (None, None));
    assert_eq!(played.newcomer_ms("a"), exactly(0));
    assert_eq!(played.newcomer_ms("unknown"), None);
}

#[test]
fn who_has_a_head_start_is_called_first() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#]);
    let ordinary = [(); 2].map(|()| played.issue("a", "ordinary"));
    played.call(1);
    let elderly = played.issue("a", "elderly");
    assert_eq!(played.ticket_ms(elderly), exactly(MIN));
    assert_eq!(played.ticket_ms(ordinary[1]), exactly(2 * MIN));
}

#[test]
fn a_counter_helps_once_its_own_line_is_empty() {
    let helping = r#"services = ["b"], helps = [{ service = "a", when = "own_empty" }]"#;
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#, helping]);
    let a = [(); 3].map(|()| played.issue("a", "ordinary"));
    let b = [(); 2].map(|()| played.issue("b", "ordinary"));
    played.call(1);
    played.call(2);
    // Counter 1 at 1 and 2 min; counter 2 at 3 min, and from 6 min on it helps.
    assert_eq!(a.map(|it| played.ticket_ms(it)), [None, exactly(MIN), exactly(2 * MIN)]);
    assert_eq!(b.map(|it| played.ticket_ms(it)), [None, exactly(3 * MIN)]);
    let more = [(); 4].map(|()| played.issue("a", "ordinary"));
    assert_eq!(more.map(|it| played.ticket_ms(it)), [3, 4, 5, 6].map(|min| exactly(min * MIN)));
    // Both are free at 6 min: counter 1 takes the last ticket, counter 2 the newcomer.
    assert_eq!(played.newcomer_ms("a"), exactly(6 * MIN));
}

#[test]
fn a_counter_helps_whoever_has_waited_long() {
    let helping = r#"services = ["b"], helps = [{ service = "a", when = { waited_over_min = 5 } }]"#;
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#, helping]);
    played.carry_out(&Command::CloseCounter { counter: CounterNumber(1) });
    assert_eq!(played.newcomer_ms("a"), exactly(5 * MIN + 1));
    let first = played.issue("a", "ordinary");
    played.now = played.now.plus_ms(2 * MIN);
    let second = played.issue("a", "ordinary");
    assert_eq!([first, second].map(|it| played.ticket_ms(it)), [exactly(3 * MIN + 1), exactly(5 * MIN + 1)]);
    played.now = played.now.plus_ms(4 * MIN);
    assert_eq!([first, second].map(|it| played.ticket_ms(it)), [exactly(0), exactly(MIN + 1)]);
}

#[test]
fn who_has_waited_too_long_goes_before_others() {
    let limited = [r#"id = "a", expected_min = 5"#, r#"id = "b", expected_min = 5, wait_limit_min = 10"#];
    let mut played = hall("", limited, &[r#"services = ["a", "b"]"#, r#"services = ["b"]"#]);
    played.carry_out(&Command::CloseCounter { counter: CounterNumber(2) });
    let a = [(); 14].map(|()| played.issue("a", "ordinary"));
    played.call(1);
    let b = played.issue("b", "ordinary");
    // Ten minutes are not over ten minutes.
    assert_eq!(played.ticket_ms(b), exactly(11 * MIN));
    assert_eq!(
        [a[10], a[11], a[12]].map(|it| played.ticket_ms(it)),
        [10, 14, 15].map(|min| exactly(min * MIN))
    );
}

#[test]
fn the_ratio_goes_on_where_the_counter_is() {
    let mut played =
        hall("queue.rule = { ratio = { priority = 1, ordinary = 2 } }", PLAIN, &[r#"services = ["a"]"#]);
    let ordinary = [(); 5].map(|()| played.issue("a", "ordinary"));
    let elderly = [(); 3].map(|()| played.issue("a", "elderly"));
    assert_eq!(played.call(1), Some(elderly[0]));
    assert_eq!(ordinary.map(|it| played.ticket_ms(it)), [1, 2, 4, 5, 7].map(|min| exactly(min * MIN)));
    assert_eq!(elderly.map(|it| played.ticket_ms(it)), [None, exactly(3 * MIN), exactly(6 * MIN)]);
    played.start(1);
    played.finish(1);
    assert_eq!(played.call(1), Some(ordinary[0]));
    assert_eq!(played.ticket_ms(elderly[1]), exactly(2 * MIN));
}

#[test]
fn who_was_sent_to_a_counter_waits_for_that_counter() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#, r#"services = ["b"]"#]);
    let sent = played.issue("a", "ordinary");
    played.issue("b", "ordinary");
    played.call(1);
    played.call(2);
    played.start(1);
    let to = Destination::Counter(CounterNumber(2));
    played.carry_out(&Command::Transfer { counter: CounterNumber(1), to });
    assert_eq!(played.ticket_ms(sent), exactly(3 * MIN));
    // It takes counter 2 as long as its service takes, and was there first.
    assert_eq!([played.newcomer_ms("a"), played.newcomer_ms("b")], [exactly(0), exactly(4 * MIN)]);
}

#[test]
fn an_appointment_before_its_time_is_called_when_nobody_else_is_there() {
    let slots =
        r#"id = "a", expected_min = 5, slots = [{ hours = "09:00-12:00", every_min = 30, capacity = 2 }]"#;
    let rules = "appointments = { until_min = 0, early_min = 60 }";
    let mut played = hall(rules, [slots, PLAIN[1]], &[r#"services = ["a"]"#]);
    played.issue("a", "ordinary");
    played.call(1);
    let (slot, class) = (played.now.plus_ms(30 * MIN), "ordinary".into());
    let booking = Booking { service: "a".into(), slot, class, phone_digits: None, person: None };
    played.carry_out(&Command::BookAppointment(booking));
    let check_in = Command::CheckIn { appointment: AppointmentId(1), language: None, needs: Vec::new() };
    let early = match played.carry_out(&check_in).as_slice() {
        [Event::TicketIssued(issued)] => issued.ticket,
        events => panic!("{events:?}"),
    };
    let ordinary = played.issue("a", "ordinary");
    assert_eq!([ordinary, early].map(|it| played.ticket_ms(it)), [exactly(MIN), exactly(2 * MIN)]);
    assert_eq!(played.newcomer_ms("a"), exactly(2 * MIN));
}

#[test]
fn a_profile_for_today_counts() {
    let mut played = hall("", PLAIN, &[r#"services = ["a"]"#, r#"services = ["b"]"#]);
    played.carry_out(&Command::CloseCounter { counter: CounterNumber(2) });
    assert_eq!(played.newcomer_ms("b"), None);
    let profile = hall_core::plan::Profile { services: vec![ServiceId::from("b")], ..Default::default() };
    played.carry_out(&Command::SetProfile { counter: CounterNumber(1), profile: Some(profile) });
    assert_eq!([played.newcomer_ms("a"), played.newcomer_ms("b")], [None, exactly(0)]);
}
