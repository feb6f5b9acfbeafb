//! Every command once: what it is answered, and what it leaves in the journal.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::scenario::{NOTHING, Scenario, request_of, slot};

/// A working day in which every command is used.
fn every_command() -> Vec<(&'static str, Value)> {
    let id_card = || json!({ "service": "id-card" });
    vec![
        (
            "tickets",
            json!({ "service": "id-card", "class": "elderly", "language": "en", "needs": ["low-counter"] }),
        ),
        ("tickets", id_card()),
        ("tickets", json!({ "service": "real-name", "person": "11010519491231002X" })),
        ("tickets", json!({ "service": "accept", "route": "newborn" })),
        ("tickets", id_card()),
        ("tickets", id_card()),
        ("tickets", id_card()),
        ("GET tickets/A001", NOTHING),
        (
            "PUT printers/kiosk-1",
            json!({
                "condition": "near_end", "sheets": 2400, "roll_left": 80, "jobs": 7, "unconfirmed": 1,
                "roll_ends_at": slot("09:40"),
            }),
        ),
        ("tickets/A001/slip", json!({ "printer": "kiosk-1", "outcome": "unconfirmed" })),
        ("tickets/A001/reprint", json!({ "printer": "kiosk-1", "counter": 1 })),
        ("GET tickets/A001/slip", NOTHING),
        ("tickets/1/slip", json!({ "printer": "kiosk-1", "copy": 1, "outcome": "printed" })),
        ("GET printers", NOTHING),
        ("1/open", json!({ "staff": "0101" })),
        ("GET 1/next", NOTHING),
        ("1/call-next", NOTHING),
        ("1/recall", NOTHING),
        ("1/no-show", NOTHING),
        ("tickets/A001/reinstate", NOTHING),
        ("1/call", json!({ "ticket": "A002" })),
        ("1/start", NOTHING),
        ("1/park", json!({ "remind_after_min": 30 })),
        ("tickets/A002/resume", NOTHING),
        ("1/call", json!({ "ticket": 2 })),
        ("7/open", NOTHING),
        ("1/transfer", json!({ "counter": 7 })),
        ("7/call-next", NOTHING),
        ("7/start", NOTHING),
        ("7/finish", NOTHING),
        ("7/pause", json!({ "reason": "午休" })),
        ("3/open", NOTHING),
        ("3/call-next", NOTHING),
        ("3/start", NOTHING),
        ("3/send-on", json!({ "legs": ["collect"], "and_back": true })),
        ("3/serve-direct", json!({ "service": "accept" })),
        ("3/finish", json!({ "ends_here": true })),
        ("2/open", NOTHING),
        ("2/help", json!({ "service": "id-card", "when": { "waited_over_min": 30 } })),
        ("2/stop-helping", json!({ "service": "id-card" })),
        ("PUT 2/profile", json!({ "services": ["pay"], "auto_call": false })),
        ("DELETE 2/profile", NOTHING),
        (
            "PUT 5/profile",
            json!({ "services": ["passport"], "helps": [{ "service": "id-card", "when": "own_empty" }] }),
        ),
        ("2/close", NOTHING),
        ("tickets/A003/cancel", NOTHING),
        ("tickets/A004/abandon", NOTHING),
        ("GET slots?service=id-card&day=2026-11-23", NOTHING),
        ("appointments", json!({ "service": "id-card", "slot": slot("10:30"), "phone": "13800001234" })),
        ("appointments/{code}/change", json!({ "slot": slot("11:00") })),
        ("appointments/{code}/cancel", NOTHING),
        (
            "appointments",
            json!({ "service": "passport", "slot": slot("15:00"), "person": "11010519491231002X" }),
        ),
        (
            "appointments",
            json!({ "service": "id-card", "slot": slot("09:30"), "phone": "1234", "class": "elderly" }),
        ),
        ("GET appointments/{code}", NOTHING),
        ("GET appointments?service=id-card", NOTHING),
        ("check-in", json!({ "code": "{code}", "language": "en", "needs": ["low-counter"] })),
    ]
}

/// A hall in which every command has been used, and what it said and wrote meanwhile.
pub async fn busy_hall() -> (Scenario, String) {
    let mut hall = Scenario::at("08:10").await;
    let mut transcript = String::new();
    for (what, said) in every_command() {
        if what == "check-in" {
            hall = hall.later("09:10").await;
        }
        let before = hall.seq().await;
        let got = hall.take(what, &said).await;
        let said = if said.is_null() { String::new() } else { format!(" {said}") };
        let events = hall.kinds_after(before).join(", ");
        let body = without_secrets(got.body);
        writeln!(transcript, "{what}{said}\n  {} {body}\n  [{events}]", got.status).unwrap();
    }
    (hall, transcript)
}

#[tokio::test]
async fn every_command_is_answered_and_written() {
    let (_, transcript) = busy_hall().await;
    insta::assert_snapshot!("every_command", transcript);
}

/// Codes differ from hall to hall, moments from run to run.
fn without_secrets(mut body: Value) -> Value {
    match &mut body {
        Value::Object(fields) => {
            for (name, field) in fields {
                *field = match name.as_str() {
                    "code" | "follow_code" | "issued_at" | "reported_at" | "waits_from" | "standing" => {
                        json!("…")
                    }
                    _ => without_secrets(field.take()),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_secrets(item.take())),
        _ => {}
    }
    body
}

#[tokio::test]
async fn the_interface_has_no_command_that_is_not_tried_here() {
    let hall = Scenario::at("08:10").await;
    let document = hall.hub.get("/openapi.json").await.body;
    let tried: BTreeSet<(String, String)> = every_command()
        .iter()
        .map(|(what, _)| request_of(what))
        .map(|(method, path)| (method.as_str().to_lowercase(), path.split('?').next().unwrap().to_owned()))
        .collect();
    let elsewhere = [
        "/v1/forecast",
        "/v1/appointments/import",
        "/v1/appointments.csv",
        "/v1/follow/{code}",
        "/v1/hall",
        "/v1/snapshot",
        "/v1/events",
    ];
    for (template, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let is_tried = tried.iter().any(|(with, path)| with == method && fits(path, template));
            let is_known = elsewhere.contains(&template.as_str()) || !template.starts_with("/v1/");
            assert!(is_tried || is_known, "{method} {template} is not tried");
        }
    }
}

fn fits(path: &str, template: &str) -> bool {
    let (path, template) = (path.split('/'), template.split('/'));
    path.clone().count() == template.clone().count()
        && path.zip(template).all(|(part, of)| part == of || of.starts_with('{'))
}
