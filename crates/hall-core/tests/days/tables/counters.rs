//! Counters: who has opened them, and what they call for today.

use hall_core::plan::{Help, HelpWhen, Profile};
use hall_core::{Command, CounterNumber};

use super::*;

#[test]
fn a_counter_is_opened_paused_and_closed() {
    usual().plays(&[
        ("09:00", open(9), "unknown_counter"),
        ("09:00", call(1), "counter_closed"),
        ("09:00", pause(1), "counter_closed"),
        ("09:00", close(1), ""),
        ("09:00", open(1), "1 open"),
        ("09:00", open(1), ""),
        ("09:01", pause(1), "1 paused: 午休"),
        ("09:01", call(1), "counter_paused"),
        ("09:01", pause(1), "1 paused: 午休"),
        ("09:02", open(1), "1 open"),
        ("09:03", close(1), "1 closed"),
    ]);
}

#[test]
fn a_reason_for_a_pause_is_text_that_can_be_shown() {
    let pause =
        |reason: &str| Some(Command::PauseCounter { counter: CounterNumber(1), reason: reason.into() });
    let mut rows = vec![("09:00", open(1), "1 open")];
    for bad in ["", "  ", "午\u{0}餐", "\u{202e}餐午", "一二三四五六七八九十一二三四五六七八九十一"]
    {
        rows.push(("09:00", pause(bad), "pause_reason"));
    }
    // White space around the text is taken off, a line break at the end with it.
    rows.push(("09:00", pause(" 午餐\n"), "1 paused: 午餐"));
    rows.push((
        "09:00",
        pause("一二三四五六七八九十一二三四五六七八九十"),
        "1 paused: 一二三四五六七八九十一二三四五六七八九十",
    ));
    usual().plays(&rows);
}

#[test]
fn a_member_of_staff_is_at_one_counter_and_stays_there_over_a_pause() {
    let run = usual().plays(&[
        ("09:00", open_by(1, ""), "staff_number"),
        ("09:00", open_by(1, " 1001"), "staff_number"),
        ("09:00", open_by(1, "123456789012345678901"), "staff_number"),
        ("09:00", open_by(1, "12345678901234567890"), "1 open"),
        ("09:00", open_by(1, "1001"), "1 open"),
        ("09:01", open_by(2, "1001"), "staff_elsewhere"),
        ("09:01", pause(1), "1 paused: 午休"),
        ("09:01", open_by(2, "1001"), "staff_elsewhere"),
        ("09:02", open(1), "1 open"),
    ]);
    let staff = |run: &Run| run.hall.counter(CounterNumber(1)).unwrap().staff.clone();
    assert_eq!(staff(&run), Some("1001".into()));
    let run = usual().plays(&[
        ("09:00", open_by(1, "1001"), "1 open"),
        ("09:01", close(1), "1 closed"),
        ("09:01", open_by(2, "1001"), "2 open"),
    ]);
    assert_eq!(staff(&run), None);
}

#[test]
fn a_counter_calls_for_something_else_today() {
    let set = |services: &[&str], helps: &[&str]| {
        let services = services.iter().map(|service| (*service).into()).collect();
        let helps = helps.iter().map(|it| Help { service: (*it).into(), when: HelpWhen::OwnEmpty }).collect();
        let profile = Some(Profile { services, helps, auto_call: None });
        Some(Command::SetProfile { counter: CounterNumber(1), profile })
    };
    let as_planned = || Some(Command::SetProfile { counter: CounterNumber(1), profile: None });
    usual().plays(&[
        ("09:00", set(&[], &["tax"]), "profile_faulty"),
        ("09:00", set(&["tax", "tax"], &[]), "profile_faulty"),
        ("09:00", set(&["tax"], &["tax"]), "profile_faulty"),
        ("09:00", set(&["tax"], &["unknown"]), "unknown_service"),
        ("09:00", as_planned(), ""),
        ("09:00", set(&["tax"], &["aid"]), "1 as today"),
        ("09:00", set(&["tax"], &["aid"]), ""),
        ("09:01", issue("property"), "A001 after 0"),
        ("09:02", issue("tax"), "B001 after 0"),
        ("09:02", issue("aid"), "AA001 after 0"),
        ("09:03", open(1), "1 open"),
        ("09:03", call_ticket(1, 1), "not_served_here"),
        ("09:03", call(1), "B001 to 1, by arrival"),
        ("09:03", no_show(1), "B001 missed"),
        ("09:03", call(1), "AA001 to 1, counter 1 helps Aid, nobody waits for its own services"),
        ("09:03", no_show(1), "AA001 missed"),
        ("09:03", call(1), ""),
        ("09:04", as_planned(), "1 as planned"),
        ("09:04", call(1), "A001 to 1, by arrival"),
        ("09:04", no_show(1), "A001 missed"),
        ("09:05", set(&["tax"], &[]), "1 as today"),
        ("09:05", issue("property"), "A002 after 0"),
        ("09:06", as_planned(), "1 as planned"),
        ("09:06", call(1), "A002 to 1, by arrival"),
        ("09:06", park(1, None), "A002 parked"),
        ("09:07", set(&["tax"], &[]), "1 as today"),
        ("09:07", call_ticket(1, 4), "A002 to 1, called back after being set aside"),
        ("09:08", no_show(1), "A002 missed"),
        // What is set for today is gone tomorrow.
        ("24 08:30", as_planned(), "2026-11-23 ends; 2026-11-24 begins"),
    ]);
}

#[test]
fn a_counter_helps_today_and_helps_no_longer() {
    let help = |service: &str, when| {
        Some(Command::HelpService { counter: CounterNumber(4), service: service.into(), when })
    };
    let stop =
        |service: &str| Some(Command::StopHelping { counter: CounterNumber(4), service: service.into() });
    let waited = HelpWhen::WaitedOverMin(10);
    usual().plays(&[
        ("09:00", help("aid", waited), "own_service"),
        ("09:00", help("unknown", waited), "unknown_service"),
        ("09:00", stop("property"), "not_helping"),
        ("09:00", help("tax", HelpWhen::OwnEmpty), ""),
        ("09:00", help("tax", waited), "4 as today"),
        ("09:00", help("property", HelpWhen::OwnEmpty), "4 as today"),
        ("09:00", open(4), "4 open"),
        ("09:01", issue("tax"), "B001 after 0"),
        ("09:02", issue("property"), "A001 after 0"),
        ("09:03", call(4), "A001 to 4, counter 4 helps Property, nobody waits for its own services"),
        ("09:03", no_show(4), "A001 missed"),
        ("09:11", call(4), ""),
        ("09:12", stop("tax"), "4 as today"),
        ("09:12", call(4), ""),
        ("09:12", help("tax", HelpWhen::OwnEmpty), "4 as today"),
        ("09:12", stop("property"), "4 as planned"),
        ("09:12", call(4), "B001 to 4, counter 4 helps Tax, nobody waits for its own services"),
    ]);
}
