//! Who is called next, and why.

use hall_core::plan::{CallRule, Credit, Help, HelpWhen, Ratio, SetBack, Slots};

use super::*;

#[test]
fn a_credit_counts_to_the_second_and_ties_go_to_the_earlier_number() {
    for (clock, ahead) in [("09:14:59", 0), ("09:15", 1), ("09:15:01", 1)] {
        let second = format!("B002 after {ahead}");
        usual().plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            (clock, issue_as("tax", "elderly"), &second),
            ("09:20", issue_as("tax", "military"), "B003 after 0"),
        ]);
    }
    usual().plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:10", issue_as("tax", "elderly"), "B002 after 0"),
        ("09:20", issue_as("tax", "military"), "B003 after 0"),
        ("09:21", issue_as("tax", "military"), "B004 after 1"),
        ("09:30", open(2), "2 open"),
        ("09:30", call(2), "B003 to 2, Military, always first"),
        ("09:30", no_show(2), "B003 missed"),
        ("09:30", call(2), "B004 to 2, Military, always first"),
        ("09:30", no_show(2), "B004 missed"),
        ("09:30", call(2), "B002 to 2, Elderly, counted as 15 min earlier"),
        ("09:30", no_show(2), "B002 missed"),
        ("09:30", call(2), "B001 to 2, by arrival"),
    ]);
}

#[test]
fn a_counter_calls_the_longest_standing_of_all_its_services() {
    usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:01", issue("tax"), "B001 after 0"),
        ("09:02", issue("property"), "A002 after 1"),
        ("09:10", open(2), "2 open"),
        ("09:10", call(2), "A001 to 2, by arrival"),
        ("09:10", no_show(2), "A001 missed"),
        ("09:10", call(2), "B001 to 2, by arrival"),
        ("09:10", no_show(2), "B001 missed"),
        ("09:10", call(2), "A002 to 2, by arrival"),
    ]);
}

#[test]
fn who_has_waited_longer_than_the_limit_goes_before_everybody_within_it() {
    for (clock, expect) in [
        ("09:40", "B002 to 2, Military, always first"),
        ("09:40:01", "B001 to 2, has waited 40 min, over the limit of 40"),
    ] {
        with(|plan| plan.queue.wait_limit_min = Some(40)).plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            ("09:05", issue_as("tax", "military"), "B002 after 0"),
            ("09:06", open(2), "2 open"),
            (clock, call(2), expect),
        ]);
    }
    // A service's own limit goes before the hall's; of two over it, the smaller standing.
    let change = |plan: &mut Plan| {
        plan.queue.wait_limit_min = Some(5);
        plan.services[1].wait_limit_min = Some(60);
    };
    with(change).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", issue("property"), "A001 after 0"),
        ("09:02", issue_as("property", "elderly"), "A002 after 0"),
        ("09:06:01", open(2), "2 open"),
        ("09:06:01", call(2), "A001 to 2, has waited 5 min, over the limit of 5"),
        ("09:06:01", no_show(2), "A001 missed"),
        ("09:07", issue("property"), "A003 after 1"),
        ("09:08", issue_as("property", "elderly"), "A004 after 1"),
        ("09:14", call(2), "A002 to 2, has waited 12 min, over the limit of 5"),
        ("09:14", no_show(2), "A002 missed"),
        ("09:14", call(2), "A004 to 2, has waited 6 min, over the limit of 5"),
    ]);
}

#[test]
fn a_wait_counts_from_joining_the_line() {
    with(|plan| plan.queue.wait_limit_min = Some(10)).plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:08", issue_as("tax", "military"), "B001 after 0"),
        ("09:09", open(1), "1 open"),
        ("09:09", call(1), "A001 to 1, by arrival"),
        ("09:09", transfer(1, "tax"), "A001 transferred to tax after 1"),
        ("09:12", open(2), "2 open"),
        ("09:12", call(2), "B001 to 2, Military, always first"),
        ("09:13", no_show(2), "B001 missed"),
        ("09:19", call(2), "A001 to 2, by arrival"),
        ("09:19", no_show(2), "A001 missed"),
        ("09:20", reinstate(1), "A001 reinstated after 0"),
        ("09:30", call(2), "A001 to 2, came back after a missed call"),
        ("09:30", no_show(2), "A001 missed"),
        ("09:30", reinstate(1), "A001 reinstated after 0"),
        ("09:40:01", call(2), "A001 to 2, has waited 10 min, over the limit of 10"),
    ]);
}

#[test]
fn of_two_over_their_limits_the_longer_standing_goes_first_whatever_they_wait_for() {
    with(|plan| plan.queue.wait_limit_min = Some(5)).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", issue("property"), "A001 after 0"),
        ("09:10", open(2), "2 open"),
        ("09:10", call(2), "B001 to 2, has waited 10 min, over the limit of 5"),
        ("09:10", no_show(2), "B001 missed"),
        ("09:10", call(2), "A001 to 2, has waited 9 min, over the limit of 5"),
    ]);
}

#[test]
fn a_limit_reached_before_a_ticket_is_due_brings_nobody_forward() {
    let change = |plan: &mut Plan| {
        plan.queue.wait_limit_min = Some(1);
        plan.queue.reinstate = SetBack::Minutes(30);
    };
    with(change).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", open(2), "2 open"),
        ("09:00", call(2), "B001 to 2, by arrival"),
        ("09:01", no_show(2), "B001 missed"),
        ("09:01", reinstate(1), "B001 reinstated after 0"),
        ("09:10", issue("tax"), "B002 after 0"),
        ("09:10", call(2), "B002 to 2, by arrival"),
        ("09:11", no_show(2), "B002 missed"),
        ("09:30", call(2), "B001 to 2, has waited 29 min, over the limit of 1"),
    ]);
}

#[test]
fn a_counter_helps_only_once_nobody_waits_for_its_own() {
    usual().plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", issue("tax"), "B002 after 1"),
        ("09:05", issue("aid"), "AA001 after 0"),
        ("09:06", open(4), "4 open"),
        ("09:06", call(4), "AA001 to 4, by arrival"),
        ("09:06", no_show(4), "AA001 missed"),
        ("09:06", call(4), "B001 to 4, counter 4 helps Tax, nobody waits for its own services"),
        ("09:07", no_show(4), "B001 missed"),
        ("09:07", call_ticket(4, 2), "B002 to 4, chosen by staff"),
    ]);
}

#[test]
fn a_counter_helps_once_whoever_is_next_there_has_waited_long_enough() {
    let change = |plan: &mut Plan| {
        plan.counters[3].helps = vec![
            Help { service: "tax".into(), when: HelpWhen::WaitedOverMin(20) },
            Help { service: "property".into(), when: HelpWhen::WaitedOverMin(5) },
        ];
    };
    with(change).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:10", issue("property"), "A001 after 0"),
        ("09:11", open(4), "4 open"),
        ("09:15", call(4), ""),
        ("09:15:01", call(4), "A001 to 4, counter 4 helps Property, who has waited over 5 min"),
        ("09:16", no_show(4), "A001 missed"),
        ("09:20", call(4), ""),
        ("09:20:01", issue_as("tax", "military"), "B002 after 0"),
        // Next there is now somebody who has only just come.
        ("09:20:01", call(4), ""),
        ("09:20:01", cancel(3), "B002 cancelled"),
        ("09:20:01", issue("aid"), "AA001 after 0"),
        ("09:20:01", call(4), "AA001 to 4, by arrival"),
        ("09:21", no_show(4), "AA001 missed"),
        ("09:21", call(4), "B001 to 4, counter 4 helps Tax, who has waited over 20 min"),
    ]);
}

#[test]
fn a_helped_ticket_over_its_limit_goes_before_the_counters_own() {
    let change = |when| {
        move |plan: &mut Plan| {
            plan.counters[3].helps = vec![Help { service: "tax".into(), when }];
            plan.services[1].wait_limit_min = Some(30);
        }
    };
    for (when, expect) in [
        (HelpWhen::WaitedOverMin(20), "B001 to 4, has waited 31 min, over the limit of 30"),
        (HelpWhen::WaitedOverMin(31), "AA001 to 4, by arrival"),
        (HelpWhen::OwnEmpty, "AA001 to 4, by arrival"),
    ] {
        with(change(when)).plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            ("09:30", issue("aid"), "AA001 after 0"),
            ("09:31", open(4), "4 open"),
            ("09:31", call(4), expect),
        ]);
    }
}

#[test]
fn so_many_priority_tickets_to_so_many_ordinary_ones() {
    let change = |plan: &mut Plan| plan.queue.rule = CallRule::Ratio(Ratio { priority: 2, ordinary: 1 });
    let (priority, ordinary) =
        ("priority to ordinary 2:1, the turn of priority", "priority to ordinary 2:1, the turn of ordinary");
    let calls = [("B003", priority), ("B004", priority), ("B001", ordinary), ("B005", priority)];
    let mut rows = vec![
        ("09:00", issue("tax"), "B001 after 0".to_owned()),
        ("09:01", issue("tax"), "B002 after 1".to_owned()),
        ("09:02", issue_as("tax", "elderly"), "B003 after 2".to_owned()),
        ("09:03", issue_as("tax", "military"), "B004 after 3".to_owned()),
        ("09:04", issue_as("tax", "elderly"), "B005 after 4".to_owned()),
        ("09:05", open(2), "2 open".to_owned()),
    ];
    for (number, why) in calls {
        rows.push(("09:06", call(2), format!("{number} to 2, {why}")));
        rows.push(("09:06", no_show(2), format!("{number} missed")));
    }
    // Where only one kind waits there are no turns.
    rows.push(("09:07", call(2), "B002 to 2, by arrival".to_owned()));
    let rows: Vec<Row<'_>> =
        rows.iter().map(|(at, command, expect)| (*at, command.clone(), expect.as_str())).collect();
    with(change).plays(&rows);
}

fn with_slots(plan: &mut Plan) {
    plan.appointments.until_min = 0;
    plan.services[1].slots =
        vec![Slots { hours: "09:00-17:00".parse().unwrap(), every_min: 30, capacity: 9 }];
}

#[test]
fn an_appointment_counts_from_its_slot_less_a_credit_and_late_from_checking_in() {
    with(with_slots).plays(&[
        ("08:30", book("tax", "09:30"), "booked 1"),
        ("08:30", book("tax", "09:30"), "booked 2"),
        ("08:30", book("tax", "09:30"), "booked 3"),
        ("09:00", check_in(1), "B001 after 0"),
        ("09:15", issue("tax"), "B002 after 0"),
        ("09:20", issue("tax"), "B003 after 2"),
        ("09:30:01", check_in(2), "B004 after 3"),
        ("09:45:01", check_in(3), "B005 after 4"),
        ("09:46", open(2), "2 open"),
        ("09:46", call(2), "B002 to 2, by arrival"),
        ("09:46", no_show(2), "B002 missed"),
        ("09:46", call(2), "B001 to 2, appointment 09:30, checked in early"),
        ("09:46", no_show(2), "B001 missed"),
        ("09:46", call(2), "B003 to 2, by arrival"),
        ("09:46", no_show(2), "B003 missed"),
        ("09:46", call(2), "B004 to 2, appointment 09:30, checked in within the grace"),
        ("09:46", no_show(2), "B004 missed"),
        ("09:46", call(2), "B005 to 2, by arrival"),
    ]);
}

#[test]
fn punctuality_is_counted_to_the_second() {
    for (clock, why) in [
        ("09:30", "appointment 09:30, checked in early"),
        ("09:30:01", "appointment 09:30, checked in within the grace"),
        ("09:45", "appointment 09:30, checked in within the grace"),
        ("09:45:01", "by arrival"),
    ] {
        let called = format!("B001 to 2, {why}");
        with(with_slots).plays(&[
            ("08:30", book("tax", "09:30"), "booked 1"),
            ("08:59:59", check_in(1), "too_early"),
            (clock, check_in(1), "B001 after 0"),
            (clock, open(2), "2 open"),
            (clock, call(2), &called),
        ]);
    }
}

#[test]
fn before_its_time_an_appointment_is_called_only_by_a_counter_that_would_be_idle() {
    with(with_slots).plays(&[
        ("08:30", book("tax", "10:00"), "booked 1"),
        ("09:30", check_in(1), "B001 after 0"),
        ("09:40", issue("tax"), "B002 after 0"),
        ("09:49:59", open(2), "2 open"),
        ("09:49:59", call(2), "B002 to 2, by arrival"),
        ("09:49:59", no_show(2), "B002 missed"),
        ("09:49:59", open(4), "4 open"),
        ("09:49:59", issue("aid"), "AA001 after 0"),
        ("09:49:59", call(4), "AA001 to 4, by arrival"),
        ("09:49:59", no_show(4), "AA001 missed"),
        ("09:49:59", call(2), "B001 to 2, appointment 10:00, not due yet, nobody else for this counter"),
    ]);
    // Due: before those who came after 09:50.
    with(with_slots).plays(&[
        ("08:30", book("tax", "10:00"), "booked 1"),
        ("09:30", check_in(1), "B001 after 0"),
        ("09:51", issue("tax"), "B002 after 1"),
        ("09:52", open(2), "2 open"),
        ("09:52", call(2), "B001 to 2, appointment 10:00, checked in early"),
    ]);
    // An early comer's wait counts from the slot.
    let change = |plan: &mut Plan| {
        with_slots(plan);
        plan.queue.wait_limit_min = Some(10);
    };
    with(change).plays(&[
        ("08:30", book("tax", "10:00"), "booked 1"),
        ("09:30", check_in(1), "B001 after 0"),
        ("10:10", open(2), "2 open"),
        ("10:10", call(2), "B001 to 2, appointment 10:00, checked in early"),
        ("10:10", no_show(2), "B001 missed"),
        ("10:10", reinstate(1), "B001 reinstated after 0"),
    ]);
}

#[test]
fn whom_a_counter_helps_is_called_before_its_own_whose_time_has_not_come() {
    let change = |plan: &mut Plan| {
        with_slots(plan);
        plan.counters[2].helps = vec![Help { service: "aid".into(), when: HelpWhen::OwnEmpty }];
    };
    with(change).plays(&[
        ("08:30", book("tax", "10:00"), "booked 1"),
        ("09:30", check_in(1), "B001 after 0"),
        ("09:31", issue("aid"), "AA001 after 0"),
        ("09:32", open(3), "3 open"),
        ("09:32", call(3), "AA001 to 3, counter 3 helps Aid, nobody waits for its own services"),
        ("09:33", no_show(3), "AA001 missed"),
        ("09:33", call(3), "B001 to 3, appointment 10:00, not due yet, nobody else for this counter"),
    ]);
}

#[test]
fn a_class_may_have_no_credit_at_all() {
    with(|plan| plan.classes[1].credit_min = Credit::Minutes(0)).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", issue_as("tax", "elderly"), "B002 after 1"),
        ("09:00", open(2), "2 open"),
        ("09:00", call(2), "B001 to 2, by arrival"),
        ("09:00", no_show(2), "B001 missed"),
        ("09:00", call(2), "B002 to 2, by arrival"),
    ]);
}
