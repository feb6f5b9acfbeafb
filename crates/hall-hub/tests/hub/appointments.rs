//! Booking, changing, cancelling, listing, and checking in by phone.

use serde_json::{Value, json};

use crate::scenario::{NOTHING, Scenario, slot};

#[tokio::test]
async fn a_slot_is_booked_moved_and_given_back() {
    let mut hall = Scenario::at("07:55").await;
    let places = |taken: u32| json!({ "at": "2026-11-23T02:30:00Z", "capacity": 2, "taken": taken });
    let of_day = "GET slots?service=id-card&day=2026-11-23";
    let free = hall.take(of_day, &NOTHING).await.body["slots"].clone();
    let times: Vec<&str> = free.as_array().unwrap().iter().map(|slot| slot["at"].as_str().unwrap()).collect();
    assert_eq!((times.len(), times[0], &free[3]), (6, "2026-11-23T01:00:00Z", &places(0)));
    let booking = |time: &str| json!({ "service": "id-card", "slot": slot(time), "phone": "138 0000 1234" });
    hall.run([(
        "appointments",
        booking("10:30"),
        json!({ "appointment": { "service": "id-card", "slot": "2026-11-23T02:30:00Z", "class": "ordinary", "phone_digits": "1234", "state": "booked" } }),
    )])
    .await;
    assert_eq!(hall.take(of_day, &NOTHING).await.body["slots"][3], places(1));
    let first = hall.code.clone();
    hall.run([
        ("appointments", booking("10:30"), NOTHING),
        ("appointments", booking("10:30"), json!("slot_full")),
        ("appointments", booking("10:45"), json!("no_such_slot")),
        ("appointments", booking("08:30"), json!("no_such_slot")),
        ("appointments", json!({ "service": "tax", "slot": slot("10:30") }), json!("unknown_service")),
        (
            "appointments",
            json!({ "service": "id-card", "slot": slot("10:00"), "class": "vip" }),
            json!("unknown_class"),
        ),
        (
            "appointments",
            json!({ "service": "id-card", "slot": slot("10:00"), "phone": "12" }),
            json!("phone_digits"),
        ),
        (
            "appointments",
            json!({ "service": "id-card", "slot": slot("10:00"), "person": "" }),
            json!("bad_person"),
        ),
        (
            "appointments",
            json!({ "service": "id-card", "slot": "2026-12-23T09:30:00+08:00" }),
            json!("too_far_ahead"),
        ),
        ("appointments", json!({ "service": "id-card", "slot": "tomorrow" }), json!("bad_json")),
        (
            "appointments/{code}/change",
            json!({ "slot": slot("10:30") }),
            json!({ "appointment": { "slot": "2026-11-23T02:30:00Z" } }),
        ),
        (
            "appointments/{code}/change",
            json!({ "slot": slot("11:30") }),
            json!({ "appointment": { "slot": "2026-11-23T03:30:00Z", "state": "booked" } }),
        ),
        ("GET appointments/{code}", NOTHING, json!({ "slot": "2026-11-23T03:30:00Z" })),
        ("appointments/{code}/cancel", NOTHING, json!({ "appointment": { "state": "cancelled" } })),
        ("appointments/{code}/cancel", NOTHING, json!("appointment_settled")),
        ("appointments/{code}/change", json!({ "slot": slot("11:00") }), json!("appointment_settled")),
        ("appointments/Y1-000000000000/cancel", NOTHING, json!("unknown_appointment")),
        ("GET appointments/%FF", NOTHING, json!("unknown_appointment")),
    ])
    .await;
    let listed = hall.take("GET appointments?day=2026-11-23&service=id-card", &NOTHING).await;
    let states: Vec<&Value> =
        listed.body["appointments"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["booked", "cancelled"]);
    for (what, count) in [("day=2026-11-23&service=passport", 0), ("day=2026-11-24", 0), ("", 2)] {
        let listed = hall.take(&format!("GET appointments?{what}"), &NOTHING).await;
        assert_eq!(listed.body["appointments"].as_array().unwrap().len(), count, "{what}");
    }
    let mut hall = hall.later("09:31").await;
    hall.code = first;
    hall.run([
        ("appointments/{code}/cancel", NOTHING, json!("too_late")),
        ("appointments/{code}/change", json!({ "slot": slot("11:30") }), json!("too_late")),
        ("appointments", booking("10:30"), json!("too_late")),
    ])
    .await;
}

#[tokio::test]
async fn a_change_sent_again_is_told_the_same_whatever_has_happened_since() {
    let mut hall = Scenario::at("07:55").await;
    hall.book("id-card", "10:30", "1234").await;
    let to = |time: &str| json!({ "slot": slot(time) });
    let changed = hall.send("appointments/{code}/change", &to("11:00"), "c1").await;
    let cancelled = hall.send("appointments/{code}/cancel", &NOTHING, "c2").await;
    for _ in ["the same hub", "a restarted hub"] {
        assert_eq!(hall.send("appointments/{code}/change", &to("11:00"), "c1").await, changed);
        assert_eq!(hall.send("appointments/{code}/cancel", &NOTHING, "c2").await, cancelled);
        hall = hall.later("08:30").await;
    }
}

#[tokio::test]
async fn what_is_asked_of_slots_and_lists_must_be_understood() {
    let mut hall = Scenario::at("07:55").await;
    hall.run([
        ("GET slots", NOTHING, json!("bad_query")),
        ("GET slots?service=id-card", NOTHING, json!("bad_query")),
        ("GET slots?service=id-card&day=today", NOTHING, json!("bad_query")),
        ("GET slots?service=id-card&day=2026-11-23&zone=A", NOTHING, json!("bad_query")),
        ("GET slots?service=tax&day=2026-11-23", NOTHING, json!("unknown_service")),
        ("GET slots?service=pay&day=2026-11-23", NOTHING, json!("no_appointments")),
        ("GET slots?service=id-card&day=2027-11-23", NOTHING, json!({ "slots": [] })),
        ("GET appointments?day=23.11.2026", NOTHING, json!("bad_query")),
        ("GET appointments?services=id-card", NOTHING, json!("bad_query")),
    ])
    .await;
}

#[tokio::test]
async fn a_citizen_checks_in_with_the_last_digits_of_the_phone() {
    let mut hall = Scenario::at("07:30").await;
    hall.book("id-card", "09:00", "13800001234").await;
    hall.book("id-card", "09:30", "13900005678").await;
    let second = hall.book("id-card", "09:30", "13700005678").await;
    hall.book("passport", "14:00", "13800001234").await;
    let mut hall = hall.later("09:00").await;
    let phone = |digits: &str| json!({ "phone_digits": digits });
    let of = |digits: &str, service: &str| json!({ "phone_digits": digits, "service": service });
    hall.run([
        ("check-in", json!({}), json!("bad_check_in")),
        ("check-in", json!({ "phone_digits": "5678", "code": second }), json!("bad_check_in")),
        ("check-in", phone("567"), json!("phone_digits")),
        ("check-in", phone("五六七八"), json!("phone_digits")),
        ("check-in", phone("0000"), json!("unknown_appointment")),
        ("check-in", json!({ "code": "Y1-000000000000" }), json!("unknown_appointment")),
        ("check-in", of("5678", "passport"), json!("unknown_appointment")),
        ("check-in", phone("5678"), json!("appointment_ambiguous")),
        ("check-in", of("5678", "id-card"), json!("appointment_ambiguous")),
        ("check-in", phone("1234"), json!("appointment_ambiguous")),
        ("check-in", of("1234", "id-card"), json!({ "ticket": { "number": "A001", "service": "id-card" } })),
        ("check-in", of("1234", "id-card"), json!("appointment_settled")),
        // With one of the two at the counter, the other is meant.
        ("check-in", json!({ "code": second }), json!({ "ticket": { "number": "A002" } })),
        ("check-in", phone("5678"), json!({ "ticket": { "number": "A003" } })),
        ("check-in", phone("5678"), json!("appointment_settled")),
        ("check-in", of("1234", "passport"), json!("too_early")),
    ])
    .await;
    let unsure = hall.take("check-in", &json!({ "phone_digits": "0000" })).await;
    assert_eq!(
        unsure.body["detail"],
        "请核对预约码，或到咨询台 / check the code, or ask at the information desk"
    );
}

#[tokio::test]
async fn who_does_not_come_has_missed_the_appointment_and_cannot_book_again() {
    let mut hall = Scenario::at("07:55").await;
    let booking =
        |day: &str| json!({ "service": "id-card", "slot": format!("{day}T10:30:00+08:00"), "person": "X1" });
    hall.run([
        ("appointments", booking("2026-11-23"), NOTHING),
        ("appointments", booking("2026-11-24"), NOTHING),
    ])
    .await;
    let seq = hall.seq().await;
    let mut hall = hall.later("19:00").await;
    assert_eq!(hall.kinds_after(seq), ["appointment_missed", "day_closed"]);
    hall.run([("appointments", booking("2026-11-25"), json!("missed_too_often"))]).await;
    let listed = hall.take("GET appointments?day=2026-11-23", &NOTHING).await;
    assert_eq!(listed.body["appointments"][0]["state"], "missed");
    hall.run([(
        "GET appointments/{code}",
        NOTHING,
        json!({ "state": "booked", "slot": "2026-11-24T02:30:00Z" }),
    )])
    .await;
}
