//! Whole ways through the hall, over HTTP.

use serde_json::json;

use crate::harness::{TestHub, full_plan};
use crate::scenario::{NOTHING, Scenario, slot};

#[tokio::test]
async fn a_route_goes_from_acceptance_to_payment_and_collection_with_a_return() {
    let mut hall = Scenario::at("09:00").await;
    hall.run([
        ("tickets", json!({ "service": "pay", "route": "newborn" }), json!("route_mismatch")),
        ("tickets", json!({ "service": "accept", "route": "wedding" }), json!("unknown_route")),
        ("tickets", json!({ "service": "accept", "then": ["accept"] }), json!("legs")),
        (
            "tickets",
            json!({ "service": "accept", "route": "newborn" }),
            json!({ "ticket": { "number": "S001" } }),
        ),
        ("3/open", NOTHING, NOTHING),
        ("4/open", NOTHING, NOTHING),
        ("5/open", NOTHING, NOTHING),
        (
            "GET 3/next",
            NOTHING,
            json!({ "ticket": { "number": "S001", "why": { "zh": "按到达先后", "en": "by arrival" } } }),
        ),
        ("3/call-next", NOTHING, json!({ "ticket": { "number": "S001", "reason": { "type": "arrival" } } })),
        ("3/send-on", json!({ "legs": ["pay"] }), json!("nothing_serving")),
        ("3/start", NOTHING, json!({ "ticket": { "number": "S001" } })),
        ("3/send-on", json!({ "legs": [] }), json!("legs")),
        ("3/send-on", json!({ "legs": ["tax"] }), json!("unknown_service")),
        // A fee was forgotten: to the cashier and back here, before the rest of the route.
        (
            "3/send-on",
            json!({ "legs": ["pay"], "and_back": true }),
            json!({ "ticket": { "goes_on": { "service": "pay", "awaits": "service", "ahead": 0 } } }),
        ),
        ("4/call-next", NOTHING, json!({ "ticket": { "number": "S001" } })),
        ("4/start", NOTHING, NOTHING),
        (
            "4/finish",
            NOTHING,
            json!({ "ticket": { "goes_on": { "service": "accept", "awaits": { "counter": 3 } } } }),
        ),
        ("3/call-next", NOTHING, json!({ "ticket": { "number": "S001", "why": { "zh": "转至 3 号窗口" } } })),
        ("3/start", NOTHING, NOTHING),
        ("3/finish", NOTHING, json!({ "ticket": { "goes_on": { "service": "pay" } } })),
        ("4/call-next", NOTHING, NOTHING),
        ("4/start", NOTHING, NOTHING),
        ("4/finish", json!({}), json!({ "ticket": { "goes_on": { "service": "collect" } } })),
        ("5/call-next", NOTHING, NOTHING),
        ("5/start", NOTHING, NOTHING),
        ("5/finish", NOTHING, json!({ "ticket": { "number": "S001", "goes_on": null } })),
        (
            "GET tickets/S001",
            NOTHING,
            json!({ "ticket": { "place": "finished", "service": "collect" }, "ahead": 0 }),
        ),
        ("tickets/S001/cancel", NOTHING, json!("settled")),
        // Another route, chosen at the kiosk, that ends before its end.
        (
            "tickets",
            json!({ "service": "accept", "then": ["pay", "collect"] }),
            json!({ "ticket": { "number": "S002" } }),
        ),
        ("3/call-next", NOTHING, NOTHING),
        ("3/start", NOTHING, NOTHING),
        (
            "3/finish",
            json!({ "ends_here": true }),
            json!({ "ticket": { "number": "S002", "goes_on": null } }),
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_citizen_with_a_form_to_fill_in_is_set_aside_and_called_back() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "A002"]).await;
    hall.run([
        ("1/open", NOTHING, NOTHING),
        ("1/park", NOTHING, json!("nothing_serving")),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A001" } })),
        ("tickets/A001/resume", NOTHING, json!("not_parked")),
        ("1/start", NOTHING, NOTHING),
        ("1/park", json!({ "remind_after_min": 0 }), json!("park_minutes")),
        ("1/park", json!({ "remind_after_min": 481 }), json!("park_minutes")),
        ("1/park", json!({ "remind_after_min": 10 }), json!({ "ticket": { "number": "A001" } })),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A002" } })),
    ])
    .await;
    let seq = hall.seq().await;
    let mut hall = hall.later("09:09").await;
    assert_eq!(hall.kinds_after(seq), [""; 0]);
    hall = hall.later("09:11").await;
    assert_eq!(hall.kinds_after(seq), ["park_reminded"]);
    hall.run([
        ("1/start", NOTHING, NOTHING),
        ("1/finish", NOTHING, NOTHING),
        ("1/call-next", NOTHING, json!({ "ticket": null })),
        (
            "1/call",
            json!({ "ticket": "a001" }),
            json!({ "ticket": { "number": "A001", "why": { "zh": "挂起后回呼" } } }),
        ),
        ("1/start", NOTHING, NOTHING),
        ("1/park", NOTHING, NOTHING),
        ("GET tickets/a001", NOTHING, json!({ "ticket": { "place": { "parked": { "counter": 1 } } } })),
        ("tickets/1/resume", NOTHING, json!({ "id": 1, "number": "A001", "ahead": 0 })),
        ("7/open", NOTHING, NOTHING),
        ("7/call-next", NOTHING, json!({ "ticket": { "number": "A001", "why": { "zh": "按到达先后" } } })),
    ])
    .await;
}

#[tokio::test]
async fn who_missed_the_call_is_reinstated_behind_those_who_waited() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "A002", "A003"]).await;
    hall.run([
        ("1/open", NOTHING, NOTHING),
        ("tickets/A001/reinstate", NOTHING, json!("not_missed")),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A001", "calls": 1 } })),
        ("tickets/A001/reinstate", NOTHING, json!("at_counter")),
        ("tickets/A001/cancel", NOTHING, json!("at_counter")),
        ("1/recall", NOTHING, json!({ "ticket": { "number": "A001", "calls": 2, "reason": null } })),
        ("1/recall", NOTHING, json!("recall_limit")),
        ("1/no-show", NOTHING, json!({ "ticket": { "number": "A001" } })),
        ("GET tickets/A001", NOTHING, json!({ "ticket": { "place": "no_show" } })),
        ("1/call", json!({ "ticket": "A001" }), json!("not_waiting")),
        ("tickets/A001/reinstate", NOTHING, json!({ "number": "A001", "ahead": 2 })),
    ])
    .await;
    let mut hall = hall.later("09:06").await;
    let mut called = Vec::new();
    for _ in 0..3 {
        called.push(hall.serve_next(1).await);
    }
    let expected = [("A002", "按到达先后"), ("A003", "按到达先后"), ("A001", "过号恢复")];
    assert_eq!(called, expected.map(|(number, why)| (number.to_owned(), why.to_owned())));
}

#[tokio::test]
async fn a_citizen_is_transferred_to_a_counter_and_to_a_person_and_released_when_they_go() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "A002", "A003"]).await;
    hall.run([
        ("1/open", json!({ "staff": "0101" }), NOTHING),
        ("2/open", json!({ "staff": "0202" }), NOTHING),
        ("7/open", json!({ "staff": "0101" }), json!("staff_elsewhere")),
        ("7/open", json!({ "staff": " " }), json!("staff_number")),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A001" } })),
        ("1/transfer", json!({}), json!("bad_destination")),
        ("1/transfer", json!({ "service": "passport", "counter": 2 }), json!("bad_destination")),
        ("1/transfer", json!({ "counter": 1 }), json!("same_counter")),
        ("1/transfer", json!({ "counter": 7 }), json!("counter_closed")),
        ("1/transfer", json!({ "counter": 9 }), json!("unknown_counter")),
        ("1/transfer", json!({ "staff": "0303" }), json!("staff_absent")),
        ("1/transfer", json!({ "service": "id-card" }), json!("same_service")),
        ("7/open", NOTHING, NOTHING),
        (
            "1/transfer",
            json!({ "counter": 7 }),
            json!({ "ticket": { "goes_on": { "service": "id-card", "awaits": { "counter": 7 } } } }),
        ),
        // It is for counter 7 alone, and goes there before who came later.
        ("1/call", json!({ "ticket": "A001" }), json!("not_served_here")),
        ("7/call-next", NOTHING, json!({ "ticket": { "number": "A001", "why": { "zh": "转至 7 号窗口" } } })),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A002" } })),
        (
            "1/transfer",
            json!({ "staff": "0202" }),
            json!({ "ticket": { "goes_on": { "awaits": { "staff": "0202" } } } }),
        ),
        ("GET 2/next", NOTHING, json!({ "ticket": { "number": "A002", "why": { "zh": "转至 2 号窗口" } } })),
        ("2/close", NOTHING, NOTHING),
        (
            "GET tickets/A002",
            NOTHING,
            json!({ "ticket": { "place": "waiting", "awaits": null }, "ahead": 0 }),
        ),
        ("1/call-next", NOTHING, json!({ "ticket": { "number": "A002" } })),
        // To somebody who is there again, and back with them to another counter.
        ("2/open", json!({ "staff": "0202" }), NOTHING),
        ("1/transfer", json!({ "staff": "0202" }), NOTHING),
        ("2/call-next", NOTHING, json!({ "ticket": { "number": "A002" } })),
        (
            "2/transfer",
            json!({ "service": "passport" }),
            json!({ "ticket": { "goes_on": { "service": "passport", "awaits": "service" } } }),
        ),
        ("tickets/A002/abandon", NOTHING, json!({ "number": "A002", "ahead": 0 })),
        ("tickets/A003/cancel", NOTHING, json!({ "number": "A003", "ahead": 0 })),
        ("tickets/A004/cancel", NOTHING, json!("unknown_ticket")),
        ("tickets/99999999999999999999/cancel", NOTHING, json!("unknown_ticket")),
    ])
    .await;
}

#[tokio::test]
async fn appointments_are_called_by_their_slot_when_early_or_late_and_as_walk_ins_when_too_late() {
    let mut hall = Scenario::at("07:30").await;
    let late = hall.book("id-card", "09:00", "13800000001").await;
    let too_late = hall.book("id-card", "09:00", "13800000002").await;
    let early = hall.book("id-card", "09:30", "13800000003").await;
    let earlier_still = hall.book("id-card", "09:30", "13800000004").await;
    let check_in = |code: &str| json!({ "code": code });
    hall = hall.later("08:50").await;
    hall.walk_in(["A001"]).await;
    hall.run([("check-in", check_in(&early), json!("too_early"))]).await;
    let told = hall.take("check-in", &check_in(&early)).await;
    assert_eq!(told.body["detail"], "09:00 起可签到 / check in from 09:00 on");
    hall = hall.later("09:05").await;
    hall.run([(
        "check-in",
        check_in(&early),
        json!({ "ticket": { "number": "A002", "service": "id-card" } }),
    )])
    .await;
    hall = hall.later("09:10").await;
    hall.run([("check-in", check_in(&late.to_lowercase()), json!({ "ticket": { "number": "A003" } }))]).await;
    hall = hall.later("09:12").await;
    hall.walk_in(["A004"]).await;
    hall = hall.later("09:16").await;
    hall.run([
        ("check-in", check_in(&too_late), json!({ "ticket": { "number": "A005" } })),
        ("check-in", check_in(&earlier_still), json!({ "ticket": { "number": "A006" } })),
        ("check-in", check_in(&earlier_still), json!("appointment_settled")),
        ("1/open", NOTHING, NOTHING),
    ])
    .await;
    let mut called = Vec::new();
    for _ in 0..5 {
        called.push(hall.serve_next(1).await);
    }
    hall = hall.later("09:21").await;
    called.push(hall.serve_next(1).await);
    let expected = [
        ("A001", "按到达先后"),
        ("A003", "约号 09:00, 宽限内签到"),
        ("A004", "按到达先后"),
        ("A005", "按到达先后"),
        ("A002", "约号 09:30, 时间未到, 窗口无人等候"),
        ("A006", "约号 09:30, 提前签到"),
    ];
    assert_eq!(called, expected.map(|(number, why)| (number.to_owned(), why.to_owned())));
}

#[tokio::test]
async fn a_counter_helps_under_a_condition_and_says_so() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "A002"]).await;
    hall.run([
        ("2/open", NOTHING, NOTHING),
        ("2/help", json!({ "service": "tax", "when": "own_empty" }), json!("unknown_service")),
        ("2/help", json!({ "service": "passport", "when": "own_empty" }), json!("own_service")),
        ("2/help", json!({ "service": "id-card", "when": "sometimes" }), json!("bad_json")),
        ("2/help", json!({ "service": "id-card", "when": { "waited_over_min": 30 } }), NOTHING),
        ("2/call-next", NOTHING, json!({ "ticket": null })),
    ])
    .await;
    let mut hall = hall.later("09:31").await;
    hall.run([
        (
            "2/call-next",
            NOTHING,
            json!({ "ticket": { "number": "A001", "why": {
                "zh": "窗口 2 支援身份证, 等候已超 30 分钟",
                "en": "counter 2 helps Identity card, who has waited over 30 min",
            } } }),
        ),
        ("2/start", NOTHING, NOTHING),
        ("2/finish", NOTHING, NOTHING),
        ("2/stop-helping", json!({ "service": "id-card" }), NOTHING),
        ("2/stop-helping", json!({ "service": "id-card" }), json!("not_helping")),
        ("2/call-next", NOTHING, json!({ "ticket": null })),
        ("2/help", json!({ "service": "id-card", "when": "own_empty" }), NOTHING),
        ("2/call-next", NOTHING, json!({ "ticket": { "number": "A002", "why": { "zh": "窗口 2 支援身份证, 本窗口业务无人等候" } } })),
    ])
    .await;
}

#[tokio::test]
async fn a_counter_calls_for_something_else_today_whatever_the_plan_says() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "B001"]).await;
    let helps = json!([{ "service": "passport", "when": "own_empty" }]);
    hall.run([
        ("5/open", NOTHING, NOTHING),
        ("PUT 5/profile", json!({ "services": [] }), json!("profile_faulty")),
        ("PUT 5/profile", json!({ "services": ["id-card", "id-card"] }), json!("profile_faulty")),
        ("PUT 5/profile", json!({ "services": ["tax"] }), json!("unknown_service")),
        ("PUT 9/profile", json!({ "services": ["id-card"] }), json!("unknown_counter")),
        ("PUT 5/profile", json!({ "services": ["id-card"], "helps": helps, "auto_call": false }), NOTHING),
        ("5/call-next", NOTHING, json!({ "ticket": { "number": "A001" } })),
        ("5/start", NOTHING, NOTHING),
        ("5/finish", NOTHING, NOTHING),
        ("GET 5/next", NOTHING, json!({ "ticket": { "number": "B001" } })),
        ("DELETE 5/profile", NOTHING, NOTHING),
        ("GET 5/next", NOTHING, json!({ "ticket": null })),
        ("DELETE 5/profile", NOTHING, NOTHING),
        ("GET 1/next", NOTHING, json!("counter_closed")),
        ("GET 9/next", NOTHING, json!("unknown_counter")),
    ])
    .await;
}

#[tokio::test]
async fn a_service_gives_no_more_numbers_in_a_band_than_its_quota() {
    let mut hall = Scenario::at("09:00").await;
    let scarce = || json!({ "service": "scarce" });
    hall.run([
        ("tickets", scarce(), json!({ "ticket": { "number": "Q001" } })),
        ("tickets", scarce(), json!({ "ticket": { "number": "Q002" } })),
        ("tickets/Q002/cancel", NOTHING, NOTHING),
        ("tickets", scarce(), json!("quota_reached")),
    ])
    .await;
    let mut hall = hall.later("12:00").await;
    hall.run([("tickets", scarce(), json!({ "ticket": { "number": "Q003" } }))]).await;
}

#[tokio::test]
async fn what_a_citizen_is_given_beside_a_number_is_known_to_the_plan() {
    let mut hall = Scenario::at("09:00").await;
    hall.run([
        ("tickets", json!({ "service": "id-card", "language": "fr" }), json!("unknown_language")),
        ("tickets", json!({ "service": "id-card", "needs": ["tea"] }), json!("unknown_need")),
        (
            "tickets",
            json!({ "service": "id-card", "language": "en", "needs": ["low-counter"], "class": "elderly" }),
            json!({ "ticket": { "number": "A001", "class": "elderly" } }),
        ),
        ("GET tickets/A001", NOTHING, json!({ "ticket": { "language": "en", "needs": ["low-counter"] } })),
        ("1/open", NOTHING, NOTHING),
        ("1/serve-direct", json!({ "service": "tax" }), json!("unknown_service")),
        ("1/serve-direct", json!({ "service": "id-card", "class": "vip" }), json!("unknown_class")),
        ("1/serve-direct", json!({ "service": "id-card" }), json!({ "ticket": { "number": "A002" } })),
        ("1/serve-direct", json!({ "service": "id-card" }), json!("counter_busy")),
        ("1/finish", NOTHING, json!({ "ticket": { "number": "A002" } })),
        ("1/call-next", NOTHING, json!({ "ticket": { "why": { "zh": "老年人, 视同提前 15 分钟到达" } } })),
    ])
    .await;
}

#[tokio::test]
async fn the_clock_ends_calls_and_counters_call_by_themselves() {
    let mut plan = full_plan();
    plan.queue.no_show_after_s = Some(60);
    plan.queue.auto_call = true;
    let mut hall = Scenario::on(TestHub::start_planned(plan, "09:00").await);
    hall.walk_in(["A001", "A002"]).await;
    let seq = hall.seq().await;
    hall.run([
        ("1/open", NOTHING, NOTHING),
        ("GET tickets/A001", NOTHING, json!({ "ticket": { "place": { "at_counter": 1 } } })),
    ])
    .await;
    assert_eq!(hall.kinds_after(seq), ["counter_opened", "ticket_called"]);
    let mut hall = hall.later("09:02").await;
    assert_eq!(hall.kinds_after(seq + 2), ["ticket_missed", "ticket_called"]);
    assert_eq!(hall.hub.events_after(seq + 2)[0]["timed"], true);
    hall.run([
        ("tickets/A001/reinstate", NOTHING, json!({ "ahead": 0 })),
        ("1/start", NOTHING, json!({ "ticket": { "number": "A002" } })),
    ])
    .await;
}

#[tokio::test]
async fn what_the_hub_alone_decides_cannot_be_asked_for() {
    let mut hall = Scenario::at("09:00").await;
    hall.run([
        ("services/id-card/stop", NOTHING, json!("no_such_path")),
        ("stop-issuing", json!({ "service": "id-card" }), json!("no_such_path")),
        ("tickets/1/remind", NOTHING, json!("no_such_path")),
        ("day/close", NOTHING, json!("no_such_path")),
        ("tickets", json!({ "type": "stop_issuing", "service": "id-card" }), json!("bad_json")),
        ("1/no-show", json!({ "timed": true }), json!("bad_json")),
        ("appointments", json!({ "service": "scarce", "slot": slot("10:30") }), json!("no_appointments")),
    ])
    .await;
}
