//! Who may take a number, and who may not.

use hall_core::plan::{LateHours, Quota, Slots, Weekday};
use hall_core::{Calendar, Command};

use super::*;

#[test]
fn numbers_are_given_within_the_hours_of_the_service() {
    let change = |plan: &mut Plan| {
        let late = |day, hours: &str| LateHours { days: vec![day], hours: hours.parse().unwrap() };
        plan.hall.late_hours = vec![late(Weekday::Mon, "17:30-17:45"), late(Weekday::Tue, "17:00-17:30")];
        plan.services[2].late_hours = vec![late(Weekday::Mon, "11:00-11:15")];
    };
    with(change).plays(&[
        ("08:30", issue("tax"), "B001 after 0"),
        ("08:59:59", issue("permit"), "service_closed"),
        ("09:00", issue("permit"), "C001 after 0"),
        ("10:29:59", issue("permit"), "C002 after 1"),
        ("10:30", issue("permit"), "service_closed"),
        ("11:00", issue("permit"), "C003 after 2"),
        ("11:00", issue("unknown"), "unknown_service"),
        ("11:00", issue_as("tax", "unknown"), "unknown_class"),
        ("12:00", issue("tax"), "service_closed"),
        ("17:00", issue("tax"), "service_closed"),
        ("17:30", issue("tax"), "B002 after 1"),
        ("17:30", issue("permit"), "C004 after 3"),
        ("17:45", issue("tax"), "service_closed"),
    ]);
}

#[test]
fn a_day_off_gives_no_numbers_and_says_so() {
    let mut plan = crate::plans::usual();
    plan.calendar = Some(Calendar { off: vec!["2026-11-24".parse().unwrap()], ..Calendar::default() });
    let adopt = Some(Command::AdoptPlan { plan: plan.into() });
    usual().plays(&[
        ("19:00", None, "2026-11-23 ends"),
        ("19:00", issue("tax"), "day_closed"),
        ("24 00:10", adopt, "plan adopted"),
        ("24 09:00", issue("tax"), "day_off"),
        ("25 08:00", None, "2026-11-25 begins"),
    ]);
}

#[test]
fn a_day_opened_on_a_day_off_gives_no_numbers_either() {
    let open_day = Some(Command::OpenDay { day: "2026-11-24".parse().unwrap() });
    let off = Calendar { off: vec!["2026-11-24".parse().unwrap()], ..Calendar::default() };
    with(|plan| plan.calendar = Some(off)).plays(&[
        ("24 08:00", open_day, "2026-11-23 ends; 2026-11-24 begins"),
        ("24 09:00", issue("tax"), "service_closed"),
    ]);
}

#[test]
fn a_quota_counts_the_numbers_taken_within_its_band() {
    let change = |plan: &mut Plan| {
        let quota = |hours: &str, tickets| Quota { hours: hours.parse().unwrap(), tickets };
        plan.services[1].quotas = vec![quota("08:30-09:30", 2), quota("09:00-12:00", 2)];
        let hours = "08:30-10:00".parse().unwrap();
        plan.services[1].slots = vec![Slots { hours, every_min: 30, capacity: 1 }];
        plan.appointments.until_min = 0;
    };
    with(change).plays(&[
        ("08:30", book("tax", "08:30"), "booked 1"),
        ("08:30", check_in(1), "B001 after 0"),
        ("08:30", cancel(1), "B001 cancelled"),
        ("08:30", open(2), "2 open"),
        ("08:30", serve_direct(2, "tax"), "B002 served at 2"),
        ("08:59:59", issue("tax"), "B003 after 0"),
        ("09:00", issue("tax"), "B004 after 1"),
        ("09:10", issue("tax"), "quota_reached"),
        ("09:10", finish(2), "B002 finished"),
        ("09:10", cancel(3), "B003 cancelled"),
        ("09:10", issue("tax"), "quota_reached"),
        ("09:10", issue("property"), "A001 after 0"),
        ("09:30", issue("tax"), "B005 after 1"),
        ("11:59", issue("tax"), "quota_reached"),
        ("13:00", issue("tax"), "B006 after 2"),
    ]);
}

#[test]
fn one_open_number_a_person_and_service_and_so_many_a_day() {
    let by = |service: &'static str, person: &'static str| {
        issue_with(|wish| (wish.service, wish.person) = (service.into(), Some(person.into())))
    };
    let change = |plan: &mut Plan| {
        plan.services[0].real_name = true;
        plan.persons.tickets_per_day = Some(3);
    };
    with(change).plays(&[
        ("09:00", issue("property"), "person_required"),
        ("09:00", by("property", "p"), "A001 after 0"),
        ("09:00", by("property", "p"), "person_has_ticket"),
        ("09:00", by("property", "q"), "A002 after 1"),
        ("09:01", cancel(1), "A001 cancelled"),
        ("09:01", by("property", "p"), "A003 after 1"),
        ("09:02", open(1), "1 open"),
        ("09:02", call_ticket(1, 3), "A003 to 1, chosen by staff"),
        ("09:02", start(1), "A003 served"),
        ("09:02", by("property", "p"), "person_has_ticket"),
        ("09:03", send_on(1, &["aid", "property"], false), "A003 sent on to aid after 0"),
        ("09:03", by("property", "p"), "person_has_ticket"),
        ("09:03", by("tax", "p"), "B001 after 0"),
        ("09:03", by("permit", "p"), "person_limit"),
        ("09:03", issue("tax"), "B002 after 1"),
    ]);
}

#[test]
fn a_service_that_is_full_gives_no_numbers_until_it_is_not() {
    let stop = |service: &str| Some(Command::StopIssuing { service: service.into() });
    let again = |service: &str| Some(Command::ResumeIssuing { service: service.into() });
    usual().plays(&[
        ("09:00", stop("unknown"), "unknown_service"),
        ("09:00", stop("tax"), "tax full"),
        ("09:00", stop("tax"), ""),
        ("09:00", issue("tax"), "service_full"),
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", again("property"), ""),
        ("09:01", again("tax"), "tax not full"),
        ("09:01", issue("tax"), "B001 after 0"),
        ("09:02", stop("tax"), "tax full"),
        ("18:00", None, "A001 expired; B001 expired; 2026-11-23 ends"),
        ("18:00", stop("aid"), "day_closed"),
        ("24 08:30", issue("tax"), "2026-11-24 begins; B001 after 0"),
    ]);
}

#[test]
fn what_is_asked_for_beside_the_service_must_be_known() {
    let legs = |legs: &[&str]| legs.iter().map(|leg| (*leg).into()).collect::<Vec<_>>();
    usual().plays(&[
        ("09:00", issue_with(|wish| wish.language = Some("xx".into())), "unknown_language"),
        ("09:00", issue_with(|wish| wish.needs = vec!["writes".into(), "unknown".into()]), "unknown_need"),
        ("09:00", issue_with(|wish| wish.route = Some("unknown".into())), "unknown_route"),
        ("09:00", issue_with(|wish| wish.route = Some("move".into())), "route_mismatch"),
        ("09:00", issue_with(|wish| wish.then = legs(&["unknown"])), "unknown_service"),
        ("09:00", issue_with(|wish| wish.then = legs(&["tax"])), "legs"),
        ("09:00", issue_with(|wish| wish.then = legs(&["aid", "tax"].repeat(4))), "B001 after 0"),
        ("09:00", issue_with(|wish| wish.then = legs(&["aid", "tax", "aid"].repeat(3))), "legs"),
        ("09:00", issue_with(|wish| wish.language = Some("en".into())), "B002 after 1"),
    ]);
}

#[test]
fn numbers_go_on_after_999() {
    let mut run = usual().plays(&[]);
    let issue = issue("tax").unwrap();
    let numbers: Vec<String> = (0..1001)
        .flat_map(|_| run.carry_out(&issue).unwrap())
        .map(|event| match event {
            Event::TicketIssued(issued) => issued.number.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        [&numbers[0], &numbers[998], &numbers[999], &numbers[1000]],
        ["B001", "B999", "B1000", "B1001"]
    );
}
