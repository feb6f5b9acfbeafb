//! What happens by itself: missed calls, serving that begins, calls of idle counters, days.

use hall_core::plan::{Help, HelpWhen};
use hall_core::{Command, CounterNumber};

use super::*;

#[test]
fn a_call_nobody_answers_is_missed_so_long_after_the_last_one() {
    with(|plan| plan.queue.no_show_after_s = Some(45)).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", issue("tax"), "B002 after 1"),
        ("09:00", open(2), "2 open"),
        ("09:00", call(2), "B001 to 2, by arrival"),
        ("09:00:30", recall(2), "B001 called 2 times"),
        ("09:01:14", None, ""),
        ("09:01:15", None, "B001 missed by the clock"),
        ("09:02", call(2), "B002 to 2, by arrival"),
        ("09:02:44", start(2), "B002 served"),
        ("09:10", None, ""),
    ]);
}

#[test]
fn serving_begins_by_itself() {
    for (after_s, clock) in [(0, "09:00"), (60, "09:01")] {
        let begun = if after_s == 0 { "B001 to 2, by arrival; B001 served" } else { "B001 to 2, by arrival" };
        let later = if after_s == 0 { "" } else { "B001 served" };
        with(|plan| plan.queue.start_after_s = Some(after_s)).plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            ("09:00", open(2), "2 open"),
            ("09:00", call(2), begun),
            (clock, None, later),
            ("09:10", finish(2), "B001 finished"),
        ]);
    }
}

#[test]
fn an_idle_counter_calls_by_itself_in_whatever_way_it_became_idle() {
    let change = |plan: &mut Plan| {
        plan.queue.auto_call = true;
        plan.counters[0].auto_call = Some(false);
    };
    with(change).plays(&[
        ("09:00", open(1), "1 open"),
        ("09:00", open(2), "2 open"),
        ("09:00", issue("property"), "A001 after 0; A001 to 2, by arrival"),
        ("09:00", issue("property"), "A002 after 0"),
        ("09:01", no_show(2), "A001 missed; A002 to 2, by arrival"),
        ("09:02", reinstate(1), "A001 reinstated after 0"),
        (
            "09:02",
            abandon(2),
            "A002 abandoned; A001 to 2, came back before its time, nobody else for this counter",
        ),
        ("09:03", issue("tax"), "B001 after 0"),
        ("09:03", transfer(2, "aid"), "A001 transferred to aid after 0; B001 to 2, by arrival"),
        ("09:04", issue("tax"), "B002 after 0"),
        ("09:04", park(2, Some(1)), "B001 parked; B002 to 2, by arrival"),
        ("09:05", None, "B001 reminded"),
        ("09:05", start(2), "B002 served"),
        ("09:05", resume(3), "B001 resumed after 0"),
        ("09:06", finish(2), "B002 finished; B001 to 2, by arrival"),
        ("09:07", no_show(2), "B001 missed"),
        ("09:07", pause(2), "2 paused: 午休"),
        ("09:07", issue("tax"), "B003 after 0"),
        ("09:08", open(2), "2 open; B003 to 2, by arrival"),
        ("09:09", open(3), "3 open"),
        ("09:09", issue_with(|wish| wish.then = vec!["aid".into()]), "B004 after 0; B004 to 3, by arrival"),
        ("09:10", start(3), "B004 served"),
        ("09:10", finish(3), "B004 sent on to aid after 1"),
        ("09:11", open(4), "4 open; A001 to 4, came back after a missed call"),
    ]);
}

#[test]
fn a_plan_or_a_profile_makes_a_counter_call_by_itself() {
    let auto = |auto_call| {
        let profile = hall_core::plan::Profile { services: vec!["tax".into()], helps: Vec::new(), auto_call };
        Some(Command::SetProfile { counter: CounterNumber(2), profile: Some(profile) })
    };
    let plan = |auto_call| {
        let mut plan = crate::plans::usual();
        plan.queue.auto_call = auto_call;
        Some(Command::AdoptPlan { plan: plan.into() })
    };
    let mut run = usual().plays(&[
        ("09:00", open(2), "2 open"),
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", auto(Some(true)), "2 as today; B001 to 2, by arrival"),
        ("09:01", no_show(2), "B001 missed"),
        ("09:02", auto(None), "2 as today"),
        ("09:02", issue("tax"), "B002 after 0"),
    ]);
    for (auto_call, waiting) in [(false, 1), (true, 0)] {
        run.carry_out(&plan(auto_call).unwrap()).unwrap();
        run.settle();
        assert_eq!(run.hall.waiting_count(&"tax".into()), waiting);
    }
}

#[test]
fn an_idle_counter_helps_by_itself_as_soon_as_it_may() {
    let change = |plan: &mut Plan| {
        plan.counters[3].auto_call = Some(true);
        plan.counters[3].helps = vec![Help { service: "tax".into(), when: HelpWhen::WaitedOverMin(20) }];
    };
    let run = with(change).plays(&[
        ("09:00", open(4), "4 open"),
        ("09:01", issue("tax"), "B001 after 0"),
        ("09:21", None, ""),
        ("09:21:01", None, "B001 to 4, counter 4 helps Tax, who has waited over 20 min"),
    ]);
    let called = run.journal.last().unwrap();
    assert_eq!(
        called.at.as_ms(),
        at("09:21").as_ms() + 1,
        "the first moment at which it has waited over 20 min"
    );
}

#[test]
fn the_day_begins_and_ends_once_whatever_the_clock_does() {
    let mut run = with(|plan| plan.hall.day = "07:30-18:30".parse().unwrap()).plays(&[
        ("18:29:59", issue("tax"), "service_closed"),
        ("18:30", None, "2026-11-23 ends"),
        ("24 07:29:59", None, ""),
        ("24 07:30", None, "2026-11-24 begins"),
        ("24 09:00", issue("tax"), "B001 after 0"),
    ]);
    // Asleep over two nights.
    run.now = at("26 10:00");
    let before = run.journal.len();
    run.settle();
    let happened: Vec<String> = run.journal[before..].iter().map(|record| shown(&record.event)).collect();
    assert_eq!(happened, ["B001 expired", "2026-11-24 ends", "2026-11-26 begins"]);
    assert_eq!(run.hall.due(run.now), []);
}

#[test]
fn a_hall_of_all_hours_goes_from_day_to_day_at_midnight() {
    with(|plan| plan.hall.day = "00:00-24:00".parse().unwrap()).plays(&[
        ("16:00", issue("tax"), "B001 after 0"),
        ("24 00:00", None, "B001 expired; 2026-11-23 ends; 2026-11-24 begins"),
    ]);
}
