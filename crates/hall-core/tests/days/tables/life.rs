//! The life of a ticket, from the kiosk to the end.

use hall_core::plan::SetBack;
use hall_core::{CounterNumber, CounterState, Destination, Place};

use super::*;

#[test]
fn a_citizen_is_called_again_served_and_done() {
    usual().plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", open(2), "2 open"),
        ("09:01", recall(2), "nothing_called"),
        ("09:01", start(2), "nothing_called"),
        ("09:01", no_show(2), "nothing_called"),
        ("09:01", finish(2), "nothing_serving"),
        ("09:01", call(2), "B001 to 2, by arrival"),
        ("09:02", call(2), "counter_busy"),
        ("09:02", finish(2), "nothing_serving"),
        ("09:02", recall(2), "B001 called 2 times"),
        ("09:03", recall(2), "B001 called 3 times"),
        ("09:03", recall(2), "recall_limit"),
        ("09:04", start(2), "B001 served"),
        ("09:04", recall(2), "nothing_called"),
        ("09:04", no_show(2), "nothing_called"),
        ("09:05", close(2), "counter_busy"),
        ("09:05", pause(2), "counter_busy"),
        ("09:10", finish(2), "B001 finished"),
        ("09:10", cancel(1), "settled"),
        ("09:10", reinstate(1), "settled"),
        ("09:10", call(2), ""),
    ]);
}

#[test]
fn who_missed_the_call_comes_back_a_few_minutes_later_in_the_order() {
    for (minutes, ahead) in [(0, "0"), (4, "1"), (5, "2"), (6, "2")] {
        // Of the same standing, the earlier number is called first.
        let reinstated = format!("B001 reinstated after {}", if minutes == 5 { "1" } else { ahead });
        let run = with(|plan| plan.queue.reinstate = SetBack::Minutes(minutes)).plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            ("09:02", issue("tax"), "B002 after 1"),
            ("09:05", issue("tax"), "B003 after 2"),
            ("09:10", open(2), "2 open"),
            ("09:10", call(2), "B001 to 2, by arrival"),
            ("09:11", reinstate(1), "at_counter"),
            ("09:11", no_show(2), "B001 missed"),
            ("09:12", cancel(1), "not_waiting"),
            ("09:12", call_ticket(2, 1), "not_waiting"),
            ("09:12", reinstate(1), &reinstated),
            ("09:12", reinstate(1), "not_missed"),
            ("09:12", reinstate(9), "unknown_ticket"),
        ]);
        assert_eq!(place(&run, 1), Place::Waiting);
    }
}

#[test]
fn who_missed_the_call_comes_back_so_many_places_later() {
    for (places, ahead) in [(0, 0), (1, 1), (2, 2), (3, 3), (100, 3)] {
        let reinstated = format!("B001 reinstated after {ahead}");
        with(|plan| plan.queue.reinstate = SetBack::Places(places)).plays(&[
            ("09:00", issue("tax"), "B001 after 0"),
            ("09:02", issue("tax"), "B002 after 1"),
            ("09:04", issue("property"), "A001 after 0"),
            ("09:05", issue("tax"), "B003 after 2"),
            ("09:06", issue("tax"), "B004 after 3"),
            ("09:10", open(3), "3 open"),
            ("09:10", call(3), "B001 to 3, by arrival"),
            ("09:11", no_show(3), "B001 missed"),
            ("09:12", reinstate(1), &reinstated),
        ]);
    }
}

#[test]
fn places_never_bring_anybody_forward() {
    with(|plan| plan.queue.reinstate = SetBack::Places(1)).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", open(2), "2 open"),
        ("09:00", call(2), "B001 to 2, by arrival"),
        ("09:00", no_show(2), "B001 missed"),
        ("09:01", issue_as("tax", "military"), "B002 after 0"),
        ("09:02", issue("tax"), "B003 after 1"),
        ("09:03", reinstate(1), "B001 reinstated after 1"),
        ("09:04", call(2), "B002 to 2, Military, always first"),
        ("09:05", no_show(2), "B002 missed"),
        ("09:05", reinstate(2), "B002 reinstated after 1"),
        ("09:05", call(2), "B001 to 2, came back after a missed call"),
    ]);
}

#[test]
fn a_form_is_filled_in_and_the_counter_is_reminded() {
    let run = usual().plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", issue("tax"), "B002 after 1"),
        ("09:02", open(2), "2 open"),
        ("09:02", park(2, None), "nothing_serving"),
        ("09:02", call(2), "B001 to 2, by arrival"),
        ("09:03", start(2), "B001 served"),
        ("09:04", park(2, Some(0)), "park_minutes"),
        ("09:04", park(2, Some(481)), "park_minutes"),
        ("09:04", park(2, Some(10)), "B001 parked"),
        ("09:05", call(2), "B002 to 2, by arrival"),
        ("09:06", park(2, None), "B002 parked"),
        ("09:13:59", None, ""),
        ("09:14", None, "B001 reminded"),
        ("09:20", None, ""),
        ("09:20", call_ticket(3, 1), "counter_closed"),
        ("09:20", call_ticket(2, 1), "B001 to 2, called back after being set aside"),
        ("09:21", resume(1), "not_parked"),
        ("09:21", resume(2), "B002 resumed after 0"),
        ("09:21", cancel(2), "B002 cancelled"),
        ("09:22", start(2), "B001 served"),
        ("09:22", park(2, Some(480)), "B001 parked"),
        ("09:22", abandon(1), "B001 abandoned"),
        ("17:30", None, ""),
    ]);
    assert_eq!(place(&run, 1), Place::Abandoned);
}

#[test]
fn a_parked_citizen_keeps_their_standing_and_waits_anew() {
    with(|plan| plan.queue.wait_limit_min = Some(30)).plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:01", open(2), "2 open"),
        ("09:01", call(2), "B001 to 2, by arrival"),
        ("09:02", park(2, None), "B001 parked"),
        ("09:10", issue("tax"), "B002 after 0"),
        ("09:35", resume(1), "B001 resumed after 0"),
        // B002 has waited over 30 minutes; B001, who came earlier, for 6 since.
        ("09:41", call(2), "B002 to 2, has waited 31 min, over the limit of 30"),
    ]);
}

#[test]
fn a_ticket_is_transferred_without_a_new_wait() {
    usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:05", issue("tax"), "B001 after 0"),
        ("09:06", open(1), "1 open"),
        ("09:06", transfer(1, "tax"), "nothing_serving"),
        ("09:06", call(1), "A001 to 1, by arrival"),
        ("09:07", transfer(1, "property"), "same_service"),
        ("09:07", transfer(1, "unknown"), "unknown_service"),
        ("09:07", transfer(1, "tax"), "A001 transferred to tax after 0"),
        ("09:08", open(2), "2 open"),
        ("09:08", call(2), "A001 to 2, by arrival"),
        ("09:09", start(2), "A001 served"),
        ("09:10", transfer(2, "aid"), "A001 transferred to aid after 0"),
    ]);
}

#[test]
fn a_ticket_sent_to_a_counter_or_a_person_is_called_there_and_nowhere_else() {
    let to_counter = |counter| Destination::Counter(CounterNumber(counter));
    let to_staff = |staff: &str| Destination::Staff(staff.into());
    usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:01", issue("property"), "A002 after 1"),
        ("09:02", open(1), "1 open"),
        ("09:02", open_by(3, "1003"), "3 open"),
        ("09:02", call(1), "A001 to 1, by arrival"),
        ("09:03", transfer_to(1, to_counter(9)), "unknown_counter"),
        ("09:03", transfer_to(1, to_counter(1)), "same_counter"),
        ("09:03", transfer_to(1, to_counter(2)), "counter_closed"),
        ("09:03", transfer_to(1, to_staff("1002")), "staff_absent"),
        ("09:03", transfer_to(1, to_counter(3)), "A001 transferred to property after 0"),
        ("09:04", call(1), "A002 to 1, by arrival"),
        ("09:05", transfer_to(1, to_staff("1003")), "A002 transferred to property after 0"),
        ("09:06", call(1), ""),
        ("09:06", call_ticket(1, 1), "not_served_here"),
        ("09:06", call_ticket(1, 2), "not_served_here"),
        ("09:06", call(3), "A001 to 3, was sent to counter 3"),
        ("09:07", transfer_to(3, to_staff("1003")), "same_counter"),
        ("09:08", no_show(3), "A001 missed"),
        ("09:08", call(3), "A002 to 3, was sent to counter 3"),
        ("09:08", reinstate(1), "A001 reinstated after 0"),
        ("09:08", call_ticket(3, 1), "counter_busy"),
        ("09:09", no_show(3), "A002 missed"),
        ("09:09", close(3), "A001 released; 3 closed"),
        ("09:09", reinstate(2), "A002 reinstated after 1"),
        ("09:10", call(1), "A001 to 1, came back after a missed call"),
    ]);
}

#[test]
fn whoever_takes_over_a_counter_does_not_inherit_who_was_sent_to_the_person_before() {
    usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:01", issue("property"), "A002 after 1"),
        ("09:02", open_by(1, "1001"), "1 open"),
        ("09:02", open_by(2, "1002"), "2 open"),
        ("09:02", open_by(2, "1001"), "staff_elsewhere"),
        ("09:02", call(1), "A001 to 1, by arrival"),
        ("09:03", transfer_to(1, Destination::Staff("1002".into())), "A001 transferred to property after 0"),
        ("09:04", open(2), ""),
        ("09:04", open_by(2, "1002"), ""),
        ("09:05", open_by(2, "1004"), "A001 released; 2 open"),
        ("09:06", call(1), "A001 to 1, by arrival"),
        ("09:07", open_by(1, "1005"), "counter_busy"),
        ("09:07", open_by(1, "1001"), ""),
    ]);
}

#[test]
fn a_route_leads_through_its_services_on_one_ticket() {
    let on_route =
        || issue_with(|wish| (wish.service, wish.route) = ("property".into(), Some("move".into())));
    let run = usual().plays(&[
        ("09:00", on_route(), "A001 after 0"),
        ("09:01", issue("tax"), "B001 after 0"),
        ("09:02", open(2), "2 open"),
        ("09:02", call(2), "A001 to 2, by arrival"),
        ("09:03", start(2), "A001 served"),
        ("09:04", finish(2), "A001 sent on to tax after 0"),
        ("09:05", call(2), "A001 to 2, by arrival"),
        ("09:06", start(2), "A001 served"),
        ("09:07", finish(2), "A001 sent on to property after 0"),
        ("09:08", call(2), "A001 to 2, by arrival"),
        ("09:09", start(2), "A001 served"),
        ("09:09", finish(2), "A001 finished"),
        ("09:10", on_route(), "A002 after 0"),
        ("09:10", call(2), "B001 to 2, by arrival"),
        ("09:11", no_show(2), "B001 missed"),
        ("09:11", call(2), "A002 to 2, by arrival"),
        ("09:12", start(2), "A002 served"),
        ("09:12", end_here(2), "A002 finished"),
    ]);
    assert_eq!(state(&run, 2), CounterState::Idle);
}

#[test]
fn staff_send_a_citizen_on_and_have_them_back() {
    usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", open(1), "1 open"),
        ("09:00", open(2), "2 open"),
        ("09:00", open(3), "3 open"),
        ("09:01", call(1), "A001 to 1, by arrival"),
        ("09:01", send_on(1, &["tax"], true), "nothing_serving"),
        ("09:01", start(1), "A001 served"),
        ("09:02", send_on(1, &[], true), "legs"),
        ("09:02", send_on(1, &["property"], true), "legs"),
        ("09:02", send_on(1, &["tax", "tax"], true), "legs"),
        ("09:02", send_on(1, &["unknown"], true), "unknown_service"),
        ("09:02", send_on(1, &["tax", "permit"], true), "A001 sent on to tax after 0"),
        ("09:03", call(3), "A001 to 3, by arrival"),
        ("09:03", start(3), "A001 served"),
        ("09:04", finish(3), "A001 sent on to permit after 0"),
        ("09:04", call(3), "A001 to 3, by arrival"),
        ("09:04", start(3), "A001 served"),
        ("09:05", finish(3), "A001 sent on to property after 0"),
        ("09:06", call(2), ""),
        ("09:06", call(1), "A001 to 1, was sent to counter 1"),
        ("09:06", start(1), "A001 served"),
        ("09:07", send_on(1, &["tax"], true), "A001 sent on to tax after 0"),
        ("09:08", close(1), "1 closed"),
        ("09:08", call(3), "A001 to 3, by arrival"),
        ("09:08", start(3), "A001 served"),
        ("09:09", finish(3), "A001 sent on to property after 0"),
        ("09:09", call(2), "A001 to 2, by arrival"),
        ("09:09", start(2), "A001 served"),
        ("09:10", send_on(2, &["aid"], false), "A001 sent on to aid after 0"),
        ("09:11", open(4), "4 open"),
        ("09:11", call(4), "A001 to 4, by arrival"),
        ("09:11", start(4), "A001 served"),
        ("09:11", send_on(4, &["tax"], true), "A001 sent on to tax after 0"),
        ("09:12", call(3), "A001 to 3, by arrival"),
        ("09:12", start(3), "A001 served"),
        ("09:12", send_on(3, &["permit"], true), "A001 sent on to permit after 0"),
        ("09:13", call(3), "A001 to 3, by arrival"),
        ("09:13", start(3), "A001 served"),
        ("09:13", finish(3), "A001 sent on to tax after 0"),
        ("09:14", call(3), "A001 to 3, was sent to counter 3"),
        ("09:14", start(3), "A001 served"),
        ("09:14", finish(3), "A001 sent on to aid after 0"),
        ("09:15", call(4), "A001 to 4, was sent to counter 4"),
    ]);
}

#[test]
fn who_has_not_been_served_may_go_and_who_is_at_a_counter_frees_it() {
    let run = usual().plays(&[
        ("09:00", issue("tax"), "B001 after 0"),
        ("09:00", issue("tax"), "B002 after 1"),
        ("09:00", issue("tax"), "B003 after 2"),
        ("09:00", cancel(9), "unknown_ticket"),
        ("09:01", cancel(1), "B001 cancelled"),
        ("09:01", abandon(1), "settled"),
        ("09:02", open(2), "2 open"),
        ("09:02", call(2), "B002 to 2, by arrival"),
        ("09:02", cancel(2), "at_counter"),
        ("09:03", abandon(2), "B002 abandoned"),
        ("09:03", call(2), "B003 to 2, by arrival"),
        ("09:03", no_show(2), "B003 missed"),
        ("09:04", abandon(3), "not_waiting"),
    ]);
    assert_eq!(state(&run, 2), CounterState::Idle);
}

#[test]
fn somebody_without_a_ticket_is_served_under_a_number_of_their_own() {
    usual().plays(&[
        ("09:00", serve_direct(2, "tax"), "counter_closed"),
        ("09:00", open(2), "2 open"),
        ("09:00", serve_direct(2, "unknown"), "unknown_service"),
        ("09:00", serve_direct(2, "tax"), "B001 served at 2"),
        ("09:00", serve_direct(2, "tax"), "counter_busy"),
        ("09:01", issue("tax"), "B002 after 0"),
        ("09:02", finish(2), "B001 finished"),
        ("09:02", call(2), "B002 to 2, by arrival"),
        ("18:00", None, "2026-11-23 ends"),
        ("18:01", no_show(2), "B002 missed"),
        ("18:01", serve_direct(2, "tax"), "day_closed"),
    ]);
}

#[test]
fn at_the_close_those_who_wait_expire_and_those_at_a_counter_are_served_to_the_end() {
    let on_route = || issue_with(|wish| wish.then = vec!["aid".into()]);
    let run = usual().plays(&[
        ("09:00", on_route(), "B001 after 0"),
        ("09:00", issue("tax"), "B002 after 1"),
        ("09:00", issue("tax"), "B003 after 2"),
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", open(2), "2 open"),
        ("09:00", open(3), "3 open"),
        ("09:00", call(2), "B001 to 2, by arrival"),
        ("09:00", start(2), "B001 served"),
        ("09:00", call(3), "B002 to 3, by arrival"),
        ("09:00", park(3, None), "B002 parked"),
        ("17:00", call_ticket(3, 4), "not_served_here"),
        ("18:00", None, "B002 expired; B003 expired; A001 expired; 2026-11-23 ends"),
        ("18:01", transfer(2, "property"), "day_closed"),
        ("18:01", park(2, None), "day_closed"),
        ("18:01", send_on(2, &["aid"], false), "day_closed"),
        ("18:01", resume(2), "not_parked"),
        ("18:02", finish(2), "B001 finished"),
        ("18:02", issue("tax"), "day_closed"),
    ]);
    assert_eq!(place(&run, 3), Place::Expired);
}
