//! Appointments: each rule by a table, and random weeks against a naive model.

#![allow(clippy::unwrap_used)]

mod model;
mod run;
mod weeks;

use std::sync::Arc;

use hall_core::plan::{CallRule, Credit, Ratio};
use hall_core::{
    AppointmentState, Booking, BusinessDay, Command, Event, Plan, Punctuality, Slot, Standing, Timestamp,
};
use run::{Run, appointment, at, booking, check, date, plan};

#[test]
fn booking_is_refused_for_what_the_hall_does_not_offer() {
    let with = |change: fn(&mut Booking)| {
        let mut booking = booking("property", "23 10:00");
        change(&mut booking);
        Command::BookAppointment(booking)
    };
    check(&[
        ("23 08:30", with(|it| it.service = "unknown".into()), "unknown_service"),
        ("23 08:30", with(|it| it.class = "unknown".into()), "unknown_class"),
        ("23 08:30", with(|it| it.service = "aid".into()), "no_appointments"),
        ("23 08:30", with(|it| it.service = "permit".into()), "person_required"),
        ("23 08:30", with(|it| it.phone_digits = Some(String::new())), "phone_digits"),
        ("23 08:30", with(|it| it.phone_digits = Some("123".into())), "phone_digits"),
        ("23 08:30", with(|it| it.phone_digits = Some("12345".into())), "phone_digits"),
        ("23 08:30", with(|it| it.phone_digits = Some("12a4".into())), "phone_digits"),
        ("23 08:30", with(|it| it.phone_digits = Some("é12".into())), "phone_digits"),
        ("23 08:30", with(|it| it.slot = at("23 10:10")), "no_such_slot"),
        ("23 08:30", with(|it| it.slot = at("23 10:00").plus_ms(1)), "no_such_slot"),
        ("23 08:30", with(|it| it.slot = at("23 08:30")), "no_such_slot"),
        ("23 08:30", with(|it| it.slot = at("23 12:00")), "no_such_slot"),
        ("23 08:30", with(|it| it.slot = at("25 10:00")), "day_off"),
        ("23 08:30", with(|it| it.slot = at("28 10:00")), "day_off"),
        ("23 08:30", with(|it| it.phone_digits = Some("0000".into())), "booked 1"),
        ("23 08:30", with(|it| it.person = Some("p".into())), "booked 2"),
        ("23 08:30", with(|it| it.class = "elderly".into()), "slot_full"),
    ]);
}

#[test]
fn slots_are_booked_changed_and_cancelled_within_the_halls_limits() {
    let book = |slot| Command::BookAppointment(booking("property", slot));
    check(&[
        // Seven days ahead, whatever the hour, and up to an hour before.
        ("23 08:30", book("30 11:30"), "booked 1"),
        ("23 08:30", Command::BookAppointment(booking("property", "31 09:00")), "too_far_ahead"),
        ("23 09:00", book("23 10:00"), "booked 2"),
        ("23 09:01", book("23 10:00"), "too_late"),
        ("23 09:01", book("23 09:00"), "too_late"),
        ("24 09:00", book("23 11:30"), "too_late"),
    ]);
    check(&[
        ("23 08:30", book("23 10:00"), "booked 1"),
        ("23 08:30", book("23 10:00"), "booked 2"),
        ("23 08:30", book("23 10:30"), "booked 3"),
        ("23 08:30", change(3, "23 10:00"), "slot_full"),
        ("23 08:30", change(1, "23 10:00"), "nothing"),
        ("23 08:30", change(1, "23 10:05"), "no_such_slot"),
        ("23 08:30", change(1, "25 10:00"), "day_off"),
        ("23 08:30", change(1, "31 09:00"), "too_far_ahead"),
        ("23 08:30", change(1, "23 09:00"), "too_late"),
        ("23 08:30", change(9, "23 10:00"), "unknown_appointment"),
        ("23 08:30", change(1, "24 10:00"), "changed 1"),
        ("23 08:30", change(3, "23 10:00"), "changed 3"),
        ("23 08:30", change(1, "23 10:00"), "slot_full"),
        ("23 09:01", change(2, "24 11:30"), "too_late"),
        ("23 09:01", cancel(2), "too_late"),
        ("23 09:01", cancel(1), "cancelled 1"),
        ("23 09:01", cancel(1), "appointment_settled"),
        ("23 09:01", change(1, "24 10:00"), "appointment_settled"),
        ("23 09:01", cancel(9), "unknown_appointment"),
    ]);
    check(&[
        ("23 08:30", book("23 10:00"), "booked 1"),
        ("23 08:30", book("23 10:00"), "booked 2"),
        ("23 08:30", cancel(1), "cancelled 1"),
        ("23 08:30", book("23 10:00"), "booked 3"),
        ("23 08:30", book("23 10:00"), "slot_full"),
    ]);
}

#[test]
fn checking_in_needs_an_appointment_for_today_and_some_punctuality() {
    let book = |slot| Command::BookAppointment(booking("property", slot));
    let with = |language: Option<&str>, needs: &[&str]| Command::CheckIn {
        appointment: hall_core::AppointmentId(1),
        language: language.map(Into::into),
        needs: needs.iter().map(|need| (*need).into()).collect(),
    };
    check(&[
        ("23 07:00", book("23 09:00"), "booked 1"),
        ("23 07:00", book("24 09:00"), "booked 2"),
        ("23 07:00", book("23 11:00"), "booked 3"),
        ("23 07:59", check_in(1), "day_closed"),
        ("23 08:29", check_in(1), "too_early"),
        ("23 08:30", with(Some("fr"), &[]), "unknown_language"),
        ("23 08:30", with(None, &["writes", "unknown"]), "unknown_need"),
        ("23 08:30", with(Some("en"), &["writes"]), "A001 Early"),
        ("23 08:30", check_in(1), "appointment_settled"),
        ("23 08:30", cancel(1), "appointment_settled"),
        ("23 08:30", check_in(2), "appointment_not_today"),
        ("23 08:30", check_in(9), "unknown_appointment"),
        ("23 11:15", check_in(3), "A002 Late"),
        ("24 08:40", check_in(3), "unknown_appointment"),
        ("24 17:59", check_in(2), "A001 TooLate"),
    ]);
    check(&[
        ("23 07:00", book("23 09:00"), "booked 1"),
        ("23 17:59", cancel(1), "too_late"),
        ("23 18:00", check_in(1), "appointment_settled"),
        ("24 09:00", check_in(1), "unknown_appointment"),
    ]);
}

#[test]
fn who_has_an_appointment_gets_a_number_outside_hours_and_when_all_numbers_are_given() {
    let wish = || Command::IssueTicket(hall_core::Wish::new("tax", "ordinary"));
    check(&[
        ("23 07:00", Command::BookAppointment(booking("tax", "23 09:00")), "booked 1"),
        ("23 07:00", Command::BookAppointment(booking("tax", "23 09:15")), "booked 2"),
        ("23 08:30", wish(), "service_closed"),
        ("23 08:30", check_in(1), "B001 Early"),
        ("23 09:00", wish(), "B002"),
        ("23 09:00", wish(), "quota_reached"),
        ("23 09:00", Command::StopIssuing { service: "tax".into() }, "done"),
        ("23 09:00", check_in(2), "B003 Early"),
    ]);
}

#[test]
fn whoever_missed_too_many_of_late_cannot_book() {
    let book = |person: &str, slot| {
        Command::BookAppointment(Booking { person: Some(person.into()), ..booking("property", slot) })
    };
    check(&[
        ("23 07:00", book("p", "23 09:00"), "booked 1"),
        ("23 07:00", book("p", "24 09:00"), "booked 2"),
        ("23 07:00", book("q", "24 09:00"), "booked 3"),
        ("24 17:00", book("p", "26 09:00"), "booked 4"),
        ("24 18:00", book("p", "26 09:00"), "missed_too_often"),
        ("24 18:00", book("q", "26 09:00"), "booked 5"),
        ("24 18:00", change(4, "26 09:30"), "changed 4"),
        ("24 18:00", Command::BookAppointment(booking("property", "26 09:00")), "booked 6"),
        ("26 08:00", book("p", "27 09:00"), "missed_too_often"),
        ("26 09:00", check_in(4), "A001 Early"),
        // The miss of the 23rd counts for three days.
        ("27 08:00", book("p", "30 09:00"), "booked 7"),
    ]);
}

/// What becomes of an appointment at 10:00, checked in at `clock`: the standing, as the moment it is counted from
/// and the minutes taken off, and whether it is a priority.
#[test]
fn an_appointment_stands_by_its_slot_or_by_its_check_in() {
    use Punctuality::{Early, Late, TooLate};
    let ratio = CallRule::Ratio(Ratio { priority: 1, ordinary: 2 });
    for (rule, class, clock, punctuality, counted_from, credit, priority) in [
        (CallRule::Standing, "ordinary", "23 09:30", Early, "23 10:00", 10, true),
        (CallRule::Standing, "ordinary", "23 10:00", Early, "23 10:00", 10, true),
        (CallRule::Standing, "ordinary", "23 10:01", Late, "23 10:01", 10, true),
        (CallRule::Standing, "ordinary", "23 10:15", Late, "23 10:15", 10, true),
        (CallRule::Standing, "ordinary", "23 10:16", TooLate, "23 10:16", 0, false),
        (CallRule::Standing, "elderly", "23 09:30", Early, "23 10:00", 10, true),
        (CallRule::Standing, "elderly", "23 10:16", TooLate, "23 10:16", 20, true),
        (ratio, "ordinary", "23 09:30", Early, "23 10:00", 0, true),
        (ratio, "ordinary", "23 10:05", Late, "23 10:05", 0, true),
        (ratio, "ordinary", "23 10:16", TooLate, "23 10:16", 0, false),
        (ratio, "elderly", "23 10:16", TooLate, "23 10:16", 0, true),
    ] {
        let mut plan = Plan::clone(&plan());
        plan.queue.rule = rule;
        let mut run = Run::new(plan);
        let booking =
            Booking { class: class.into(), person: Some("p".into()), ..booking("property", "23 10:00") };
        run.pass_to(at("23 08:30"));
        run.carry_out(&Command::BookAppointment(booking)).unwrap();
        run.pass_to(at(clock));
        let events = run.carry_out(&check_in(1)).unwrap();
        let [Event::TicketIssued(issued)] = events.as_slice() else { panic!("{events:?}") };
        let checked_in = issued.appointment.unwrap();
        assert_eq!((checked_in.id, checked_in.slot), (appointment(1), at("23 10:00")));
        let found = (checked_in.punctuality, issued.standing, issued.priority);
        let standing = Standing::walk_in(at(counted_from), Credit::Minutes(credit));
        assert_eq!(found, (punctuality, standing, priority), "{rule:?} {class} {clock}");
        assert_eq!(issued.class.as_str(), class);
        assert_eq!(issued.person, None, "appointments hash persons with another key than the day");
        assert_eq!(run.hall.appointment(appointment(1)).unwrap().state, AppointmentState::CheckedIn);
    }
}

#[test]
fn the_slots_that_may_be_booked_are_listed_with_the_places_taken() {
    let mut run = Run::new(Plan::clone(&plan()));
    for slot in ["23 10:00", "23 10:00", "23 11:30"] {
        run.carry_out(&Command::BookAppointment(booking("property", slot))).unwrap();
    }
    run.carry_out(&cancel(2)).unwrap();
    let slots = |service: &str, day: &str, now: &str| -> Vec<String> {
        let slots = run.hall.slots(&service.into(), date(day), at(now));
        let clock = |at: Timestamp| at.clock(run.hall.plan().unwrap().hall.utc_offset);
        slots
            .iter()
            .map(|Slot { at, capacity, taken }| format!("{} {taken}/{capacity}", clock(*at)))
            .collect()
    };
    let morning = ["09:00 0/2", "09:30 0/2", "10:00 1/2", "10:30 0/2", "11:00 0/2", "11:30 1/2"];
    assert_eq!(slots("property", "23", "23 07:00"), morning);
    assert_eq!(slots("property", "23", "23 09:15"), ["10:30 0/2", "11:00 0/2", "11:30 1/2"]);
    assert_eq!(slots("tax", "24", "23 07:00"), ["09:00 0/1", "09:15 0/1", "14:00 0/3", "14:45 0/3"]);
    for (service, day, now) in [
        ("property", "23", "23 10:31"),
        ("property", "25", "23 07:00"),
        ("property", "28", "23 07:00"),
        ("property", "31", "23 23:59"),
        ("aid", "23", "23 07:00"),
        ("unknown", "23", "23 07:00"),
    ] {
        assert_eq!(slots(service, day, now), [""; 0], "{service} on {day} at {now}");
    }
    for day in [BusinessDay::MIN, BusinessDay::MAX] {
        assert_eq!(run.hall.slots(&"tax".into(), day, run.now), [], "on {day}");
        assert_eq!(run.hall.appointments_on(day).count(), 0, "on {day}");
    }
}

#[test]
fn an_appointment_is_found_by_the_digits_of_the_phone_until_it_is_settled() {
    let mut run = Run::new(Plan::clone(&plan()));
    for (slot, digits) in [
        ("23 11:00", "1234"),
        ("23 09:00", "1234"),
        ("23 10:00", "9999"),
        ("24 09:00", "1234"),
        ("23 10:00", "1234"),
    ] {
        let booking = Booking { phone_digits: Some(digits.into()), ..booking("property", slot) };
        run.carry_out(&Command::BookAppointment(booking)).unwrap();
    }
    run.carry_out(&cancel(5)).unwrap();
    let all: Vec<u64> = run.hall.appointments_on(date("23")).map(|it| it.id.0).collect();
    assert_eq!(all, [2, 3, 5, 1]);
    let found = |run: &Run, day: &str| -> Vec<u64> {
        run.hall.appointment_by_phone("1234", date(day)).iter().map(|it| it.id.0).collect()
    };
    assert_eq!(found(&run, "23"), [2, 1]);
    assert_eq!(found(&run, "24"), [4]);
    run.pass_to(at("23 08:45"));
    run.carry_out(&check_in(2)).unwrap();
    assert_eq!(found(&run, "23"), [1]);
    let all: Vec<u64> = run.hall.appointments_on(date("23")).map(|it| it.id.0).collect();
    assert_eq!(all, [2, 3, 1], "what was cancelled before the day began is forgotten");
}

/// Of each day opened: the appointments it takes over, and on which days those that were missed and still count were.
#[test]
fn a_new_day_takes_over_what_still_counts() {
    let mut run = Run::new(Plan::clone(&plan()));
    for slot in ["23 09:00", "24 09:00", "27 09:00", "30 09:00"] {
        let booking = Booking { person: Some("p".into()), ..booking("tax", slot) };
        run.pass_to(at("23 07:30"));
        run.carry_out(&Command::BookAppointment(booking)).unwrap();
    }
    run.carry_out(&cancel(3)).unwrap();
    run.pass_to(at("24 08:30"));
    run.carry_out(&check_in(2)).unwrap();
    run.pass_to(at("30 12:00"));
    let mut opened = Vec::new();
    for record in &run.journal {
        if let Event::DayOpened { day, carried, .. } = &record.event {
            let booked: Vec<u64> = carried.appointments.iter().map(|it| it.id.0).collect();
            let missed = carried.missed.iter().map(|(person, slot)| {
                assert_eq!(person.as_str(), "p");
                plan().date(*slot).day()
            });
            opened.push((day.day(), booked, missed.collect::<Vec<_>>(), carried.next_appointment.0));
        }
    }
    assert_eq!(
        opened,
        [
            (23, vec![1, 2, 4], vec![], 5),
            (24, vec![2, 4], vec![23], 5),
            (26, vec![4], vec![23], 5),
            (27, vec![4], vec![], 5),
            (30, vec![4], vec![], 5),
        ]
    );
}

#[test]
fn a_plan_that_has_shrunk_takes_nobodys_appointment_away() {
    let mut run = Run::new(Plan::clone(&plan()));
    for _ in 0..2 {
        run.carry_out(&Command::BookAppointment(booking("property", "23 10:00"))).unwrap();
    }
    let mut smaller = Plan::clone(&plan());
    smaller.services[0].slots[0].capacity = 1;
    run.carry_out(&Command::AdoptPlan { plan: Arc::new(smaller) }).unwrap();
    let third = Command::BookAppointment(booking("property", "23 10:00"));
    assert_eq!(run.carry_out(&third).unwrap_err().code(), "slot_full");
    run.pass_to(at("23 09:40"));
    for id in [1, 2] {
        run.carry_out(&check_in(id)).unwrap();
    }
}

fn change(id: u64, slot: &str) -> Command {
    Command::ChangeAppointment { appointment: appointment(id), slot: at(slot) }
}

fn cancel(id: u64) -> Command {
    Command::CancelAppointment { appointment: appointment(id) }
}

fn check_in(id: u64) -> Command {
    Command::CheckIn { appointment: appointment(id), language: None, needs: Vec::new() }
}

#[test]
fn a_plan_without_a_booked_service_is_refused() {
    let mut run = Run::new(Plan::clone(&plan()));
    run.carry_out(&Command::BookAppointment(booking("property", "23 10:00"))).unwrap();
    let mut smaller = Plan::clone(&plan());
    smaller.services.retain(|service| service.id.as_str() != "property");
    for counter in &mut smaller.counters {
        counter.services.retain(|service| service.as_str() != "property");
        counter.services.retain(|service| service.as_str() != "tax");
        counter.services.push("tax".into());
    }
    let adopt = Command::AdoptPlan { plan: smaller.into() };
    let refusal = run.carry_out(&adopt).unwrap_err();
    assert!(refusal.to_string().contains("service property has 1 appointment(s)"), "{refusal}");
    run.carry_out(&cancel(1)).unwrap();
    run.carry_out(&adopt).unwrap();
}
