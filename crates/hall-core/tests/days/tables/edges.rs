//! Plans that change while the day runs, and what a day leaves behind.

use std::sync::Arc;

use hall_core::{Command, CounterNumber};

use super::*;

const HOUR_MS: i64 = 3_600_000;

/// The plan without the service permit and without counter 1.
fn smaller_plan() -> Plan {
    plans::without_counter(plans::without_permit(plans::usual()), CounterNumber(1))
}

#[test]
fn a_plan_the_running_day_cannot_accept_is_refused_with_every_conflict() {
    let mut run = usual().plays(&[
        ("09:00", issue_with(|wish| wish.then = vec!["permit".into()]), "B001 after 0"),
        ("09:00", issue("permit"), "C001 after 0"),
        ("09:00", open(1), "1 open"),
    ]);
    let mut smaller = smaller_plan();
    smaller.hall.utc_offset = "+07:00".parse().unwrap();
    let refusal = run.carry_out(&Command::AdoptPlan { plan: Arc::new(smaller) }).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the running day cannot accept this plan, settle what is named or wait for the next day: \
         service permit has 2 open ticket(s) and is missing from the plan: serve them first; \
         counter 1 is not closed and is missing from the plan: close it first; \
         the UTC offset differs while a business day is open: wait for the next day"
    );
}

#[test]
fn what_was_left_behind_stands_against_a_plan_only_on_its_own_day() {
    let adopt = Command::AdoptPlan { plan: Arc::new(smaller_plan()) };
    let served = || vec![open(3), issue("permit"), call(3), start(3)];
    for (left, hours, accepted) in [
        (vec![open(1)], 1, false),
        (vec![open(1)], 14, false),
        (vec![open(1)], 15, true),
        (served(), 1, false),
        (served(), 14, false),
        (served(), 15, true),
        (vec![issue("permit")], 1, false),
        (vec![issue("permit")], 14, true),
    ] {
        let mut run = usual().plays(&[("09:00", None, "")]);
        for command in left.iter().flatten() {
            run.carry_out(command).unwrap();
        }
        run.pass(hours * HOUR_MS);
        assert_eq!(run.carry_out(&adopt).is_ok(), accepted, "{left:?} at {}", run.now);
        run.pass(24 * HOUR_MS);
        crate::promises::every_ticket_is_in_exactly_one_place(&run.hall);
        crate::promises::a_replay_gives_the_same_hall(&run.journal, &run.hall);
    }
}

#[test]
fn a_counter_that_goes_overnight_leaves_no_ticket_behind() {
    let fewer = plans::without_counter(plans::usual(), CounterNumber(1));
    let mut run = usual().plays(&[
        ("09:00", open(1), "1 open"),
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", call(1), "A001 to 1, by arrival"),
        ("24 00:10", None, "2026-11-23 ends"),
    ]);
    run.carry_out(&Command::AdoptPlan { plan: fewer.into() }).unwrap();
    assert_eq!(place(&run, 1), Place::Expired);
    assert_eq!(run.carry_out(&abandon(1).unwrap()).unwrap_err().code(), "settled");
}

#[test]
fn who_missed_the_call_comes_back_only_where_the_whole_way_is_still_open() {
    let mut run = usual().plays(&[
        ("09:00", issue_with(|wish| wish.then = vec!["permit".into()]), "B001 after 0"),
        ("09:00", issue("permit"), "C001 after 0"),
        ("09:00", open(3), "3 open"),
        ("09:00", call(3), "B001 to 3, by arrival"),
        ("09:00", no_show(3), "B001 missed"),
        ("09:00", call(3), "C001 to 3, by arrival"),
        ("09:00", no_show(3), "C001 missed"),
    ]);
    run.carry_out(&Command::AdoptPlan { plan: plans::without_permit(plans::usual()).into() }).unwrap();
    for ticket in [1, 2] {
        assert_eq!(run.carry_out(&reinstate(ticket).unwrap()).unwrap_err().code(), "unknown_service");
    }
}

#[test]
fn a_plan_that_would_end_the_day_over_the_heads_of_those_who_wait_is_refused() {
    let mut short = plans::usual();
    short.hall.day = "08:00-09:05".parse().unwrap();
    short.hall.hours = vec!["08:30-09:00".parse().unwrap()];
    short.services.iter_mut().for_each(|service| service.hours.clear());
    let adopt = Command::AdoptPlan { plan: Arc::new(short) };
    let mut run = usual().plays(&[("09:10", None, "")]);
    assert_eq!(run.hall.decide(&adopt, run.now).map(|events| events.len()), Ok(1), "nobody waits yet");
    run.carry_out(&issue("tax").unwrap()).unwrap();
    assert_eq!(run.carry_out(&adopt).unwrap_err().code(), "plan_conflict");
}

#[test]
fn a_plan_changed_at_noon_gives_no_number_twice() {
    let mut swapped = plans::usual();
    let prefixes: Vec<String> = swapped.services.iter().map(|service| service.prefix.clone()).collect();
    for (service, prefix) in swapped.services.iter_mut().zip(prefixes.iter().cycle().skip(1)) {
        service.prefix.clone_from(prefix);
    }
    let mut run = usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", issue("aid"), "AA001 after 0"),
        ("09:00", issue("aid"), "AA002 after 1"),
        ("09:00", issue("tax"), "B001 after 0"),
    ]);
    run.carry_out(&Command::AdoptPlan { plan: swapped.into() }).unwrap();
    for (service, expect) in
        [("aid", "A002 after 2"), ("property", "B002 after 1"), ("permit", "AA003 after 0")]
    {
        let events = run.carry_out(&issue(service).unwrap()).unwrap();
        assert_eq!(events.iter().map(shown).collect::<Vec<_>>(), [expect]);
    }
}
