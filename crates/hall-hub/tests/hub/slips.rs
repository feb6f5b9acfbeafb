//! Slips and printers: reported, told to everybody, printed again, and still known after a restart.

use hall_api::{Frame, View};
use hall_core::{Event, SlipOutcome};
use serde_json::{Value, json};

use crate::harness::{TestHub, clock, config};
use crate::scenario::{NOTHING, Scenario};
use crate::stream::Frames;

fn report(condition: &str) -> Value {
    json!({ "condition": condition, "sheets": 40, "roll_left": 900, "jobs": 8, "unconfirmed": 2 })
}

fn outcome(copy: u32, outcome: &str) -> Value {
    json!({ "printer": "kiosk-1", "copy": copy, "outcome": outcome })
}

fn at_kiosk(printer: &str) -> Value {
    json!({ "printer": printer })
}

#[tokio::test]
async fn a_slip_that_was_not_proved_is_printed_again_and_every_copy_is_counted() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001", "A002"]).await;
    hall.run([
        ("tickets/A001/slip", outcome(0, "unconfirmed"), NOTHING),
        ("tickets/A001/reprint", at_kiosk("kiosk-1"), json!("unknown_printer")),
        ("PUT printers/kiosk-1", report("paper_out"), NOTHING),
        ("tickets/A001/reprint", at_kiosk("kiosk-1"), json!("printer_not_ready")),
        ("PUT printers/kiosk-1", report("ready"), NOTHING),
        (
            "tickets/a001/reprint",
            json!({ "printer": "kiosk-1", "counter": 1 }),
            json!({ "id": 1, "number": "A001", "printer": "kiosk-1", "copy": 1 }),
        ),
        ("tickets/2/reprint", at_kiosk("kiosk-1"), json!({ "number": "A002", "copy": 1 })),
        ("tickets/1/reprint", at_kiosk("kiosk-1"), json!({ "number": "A001", "copy": 2 })),
        ("GET tickets/1/slip", NOTHING, json!({ "ticket": { "number": "A001", "ahead": 0 }, "reprints": 2 })),
        ("GET tickets/2/slip", NOTHING, json!({ "ticket": { "number": "A002", "ahead": 1 }, "reprints": 1 })),
        ("tickets/1/slip", outcome(3, "printed"), json!("slip_not_ordered")),
        ("tickets/1/slip", outcome(2, "printed"), NOTHING),
    ])
    .await;
    let tickets = hall.hub.state().await["tickets"].take();
    let slip = &tickets["1"]["slip"];
    let copies = [&slip["first"], &slip["reprints"][0], &slip["reprints"][1]];
    let outcomes = copies.map(|copy| (copy["printer"].as_str(), copy["outcome"].as_str()));
    assert_eq!(
        outcomes,
        [Some("unconfirmed"), None, Some("printed")].map(|outcome| (Some("kiosk-1"), outcome))
    );
    assert!(copies.iter().all(|copy| copy["at"].is_string()), "{slip}");
    for copy in 3..=5 {
        let ordered = hall.take("tickets/1/reprint", &at_kiosk("kiosk-1")).await;
        assert_eq!(ordered.body["copy"], copy);
    }
    hall.run([
        ("tickets/1/reprint", at_kiosk("kiosk-1"), json!("reprint_limit")),
        ("tickets/2/cancel", NOTHING, NOTHING),
        ("tickets/2/reprint", at_kiosk("kiosk-1"), json!("settled")),
    ])
    .await;
}

#[tokio::test]
async fn what_cannot_be_reported_or_ordered_is_a_problem() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001"]).await;
    let with = |name: &str, value: Value| {
        let mut report = report("ready");
        report[name] = value;
        report
    };
    hall.run([
        ("PUT printers/kiosk%201", report("ready"), json!("printer_name")),
        ("PUT printers/kiosk-1", report("on_fire"), json!("bad_json")),
        ("PUT printers/kiosk-1", with("unconfirmed", json!(9)), json!("printer_report_faulty")),
        ("PUT printers/kiosk-1", with("sheets", json!(-1)), json!("bad_json")),
        ("PUT printers/kiosk-1", with("ink", json!("low")), json!("bad_json")),
        ("tickets/A001/slip", json!({ "printer": "a b", "outcome": "printed" }), json!("printer_name")),
        ("tickets/A001/slip", outcome(0, "perhaps"), json!("bad_json")),
        ("tickets/A009/slip", outcome(0, "printed"), json!("unknown_ticket")),
        ("tickets/A001/reprint", json!({ "printer": "kiosk-1", "counter": 99 }), json!("unknown_counter")),
        ("GET tickets/A009/slip", NOTHING, json!("unknown_ticket")),
        ("GET printers", NOTHING, json!({ "printers": {} })),
    ])
    .await;
    let body = json!({ "printer": "kiosk-1" });
    let keyless = hall.hub.post_json("/v1/tickets/A001/reprint", None, body).await;
    assert_eq!(keyless.code(), "idempotency_key_missing", "a second slip is as bad as a second number");
    let refused = hall.take("tickets/A001/reprint", &at_kiosk("kiosk-1")).await;
    insta::assert_snapshot!(refused.body, @r#"{"code":"unknown_printer","detail":"打印机状态见 GET /v1/printers / how each printer is: GET /v1/printers","status":409,"title":"no printer kiosk-1 has reported today: choose another, or start its kiosk","title_zh":"打印机 kiosk-1 今日未上报，请选择其他打印机，或启动该取号机","type":"urn:jiaohao:problem:unknown_printer"}"#);
    hall.take("PUT printers/kiosk-1", &report("jam")).await;
    let refused = hall.take("tickets/A001/reprint", &at_kiosk("kiosk-1")).await;
    insta::assert_snapshot!(refused.body, @r#"{"code":"printer_not_ready","detail":"打印机状态见 GET /v1/printers / how each printer is: GET /v1/printers","status":409,"title":"printer kiosk-1 is jammed: see to it, or choose another","title_zh":"打印机 kiosk-1 卡纸，请处理或选择其他打印机","type":"urn:jiaohao:problem:printer_not_ready"}"#);
}

#[tokio::test]
async fn the_stream_tells_everybody_and_what_is_known_is_not_told_again() {
    let hall = Scenario::at("09:00").await;
    hall.send("tickets", &json!({ "service": "id-card" }), "k1").await;
    let mut frames = Frames::open(&hall.hub, None).await;
    let Frame::Snapshot(mut view) = frames.next().await.unwrap().frame else { panic!("no snapshot first") };
    for (key, what, said) in [
        ("k2", "tickets/1/slip", outcome(0, "printed")),
        ("k3", "tickets/1/slip", outcome(0, "printed")),
        ("k4", "PUT printers/kiosk-1", report("near_end")),
        ("k5", "PUT printers/kiosk-1", report("near_end")),
        ("k6", "tickets/1/reprint", at_kiosk("kiosk-1")),
    ] {
        assert!(hall.send(what, &said, key).await.status < 300, "{what} {said}");
    }
    let mut told = Vec::new();
    while told.len() < 3 {
        let Frame::Record(record) = frames.next().await.unwrap().frame else { continue };
        assert!(view.apply(&record));
        told.push(record.event);
    }
    assert!(
        matches!(told[0], Event::SlipReported { copy: 0, outcome: SlipOutcome::Printed, .. }),
        "{told:?}"
    );
    assert!(matches!(told[1], Event::PrinterReported { .. }), "{told:?}");
    assert!(matches!(told[2], Event::ReprintOrdered { copy: 1, counter: None, .. }), "{told:?}");
    let hubs: View = serde_json::from_value(hall.hub.state().await).unwrap();
    assert_eq!((&view.tickets, &view.printers), (&hubs.tickets, &hubs.printers));
    assert_eq!((view.seq, view.printers.len()), (hubs.seq, 1));
}

#[tokio::test]
async fn metrics_tell_what_became_of_slips_and_how_printers_are() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001"]).await;
    let ends = json!({
        "condition": "near_end", "sheets": 40, "roll_left": 12, "roll_ends_at": "2026-11-23T10:00:00+08:00",
        "jobs": 8, "unconfirmed": 2,
    });
    let silent = json!({ "condition": "silent", "sheets": 0, "jobs": 0, "unconfirmed": 0 });
    hall.run([
        ("PUT printers/kiosk-1", ends, NOTHING),
        ("PUT printers/kiosk-2", silent, NOTHING),
        ("tickets/1/slip", outcome(0, "unconfirmed"), NOTHING),
        ("tickets/1/reprint", at_kiosk("kiosk-1"), NOTHING),
        ("tickets/1/slip", outcome(1, "printed"), NOTHING),
    ])
    .await;
    let metrics = hall.hub.get("/metrics").await.body;
    let metrics = metrics.as_str().unwrap();
    let of_slips = |line: &&str| {
        ["hall_slips", "hall_reprints", "hall_printer"].iter().any(|name| line.starts_with(name))
    };
    insta::assert_snapshot!(metrics.lines().filter(of_slips).collect::<Vec<_>>().join("\n"), @r#"
    hall_slips_total{outcome="printed"} 1
    hall_slips_total{outcome="unconfirmed"} 1
    hall_slips_total{outcome="failed_clean"} 0
    hall_slips_total{outcome="failed_partial"} 0
    hall_reprints_total 1
    hall_printer_condition{printer="kiosk-1",condition="near_end"} 1
    hall_printer_condition{printer="kiosk-2",condition="silent"} 1
    hall_printer_ready{printer="kiosk-1"} 1
    hall_printer_ready{printer="kiosk-2"} 0
    hall_printer_sheets{printer="kiosk-1"} 40
    hall_printer_sheets{printer="kiosk-2"} 0
    hall_printer_roll_left_sheets{printer="kiosk-1"} 12
    hall_printer_roll_ends_timestamp_seconds{printer="kiosk-1"} 1795399200
    hall_printer_unconfirmed_ratio{printer="kiosk-1"} 0.25
    hall_printer_unconfirmed_ratio{printer="kiosk-2"} 0
    "#);
    let mut typed = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    assert!(metrics.lines().filter(|line| !line.starts_with('#')).all(|line| line.starts_with("hall_")));
    assert!(typed.any(|name| name == "hall_printer_roll_left_sheets"));
}

#[tokio::test]
async fn a_restart_keeps_slips_and_printers_and_a_new_day_begins_without_printers() {
    let mut hall = Scenario::at("09:00").await;
    hall.walk_in(["A001"]).await;
    hall.run([
        ("PUT printers/kiosk-1", report("ready"), NOTHING),
        ("tickets/1/slip", outcome(0, "failed_partial"), NOTHING),
        ("tickets/1/reprint", at_kiosk("kiosk-1"), NOTHING),
    ])
    .await;
    let before = hall.hub.state().await;
    assert_eq!(before["printers"]["kiosk-1"]["condition"], "ready");
    for hub in [hall.hub.killed_copy().await, hall.hub.restart().await] {
        assert_eq!(hub.state().await, before);
        assert_eq!(hub.get("/v1/tickets/1/slip").await.body["reprints"], 1);
        let tomorrow = Some(clock("09:00").plus_ms(24 * 3_600_000));
        let data = hub.stop().await;
        let config =
            hall_hub::Config { plan: crate::harness::full_plan(), now: tomorrow, ..config(data.path()) };
        let hub = TestHub::start_with(data, config).await.unwrap();
        assert_eq!(hub.state().await["printers"], json!({}));
    }
}
