//! Tokens and roles.

use std::path::Path;

use hall_hub::{Config, Hub, HubError, JournalError, Role, add_token};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::{TestHub, clock, config, full_plan};
use crate::scenario::slot;

fn closed(data: &Path) -> Config {
    Config { open_access: false, ..config(data) }
}

/// A data directory in which a hub has run.
fn begun() -> TempDir {
    let data = TempDir::new().unwrap();
    Hub::start(closed(data.path())).unwrap().stop().unwrap();
    data
}

async fn status_and_code(hub: &TestHub, what: &str) -> (u16, String) {
    let reply = match what {
        "issue" => hub.post_json("/v1/tickets", Some(what), json!({ "service": "id-card" })).await,
        "check-in" => hub.post_json("/v1/check-in", Some(what), json!({ "phone_digits": "1234" })).await,
        "book" => {
            hub.post_json(
                "/v1/appointments",
                Some(what),
                json!({ "service": "id-card", "slot": slot("10:00") }),
            )
            .await
        }
        "import" => hub.post_json("/v1/appointments/import", Some(what), json!({})).await,
        "open" => hub.post("/v1/counters/1/open").await,
        "cancel" => hub.post("/v1/tickets/99/cancel").await,
        "report-slip" => {
            hub.post_json("/v1/tickets/99/slip", None, json!({ "printer": "k", "outcome": "printed" })).await
        }
        "reprint" => hub.post_json("/v1/tickets/99/reprint", Some(what), json!({ "printer": "k" })).await,
        "report-printer" => {
            let ready = json!({ "condition": "ready", "sheets": 0, "jobs": 0, "unconfirmed": 0 });
            let request = hub.request(Method::PUT, "/v1/printers/k").json(&ready);
            crate::harness::reply(request.send().await.unwrap()).await
        }
        path => hub.get(path).await,
    };
    (reply.status, reply.code().to_owned())
}

#[tokio::test]
async fn each_role_may_do_its_own_and_nothing_more() {
    let data = begun();
    let early = add_token(data.path(), Role::Kiosk, "made while no hub runs").unwrap();
    let config = closed(data.path());
    let mut hub = TestHub::start_with(data, config).await.unwrap();
    let late = |role| add_token(hub.data.path(), role, "made while it runs").unwrap();
    let (counter, board, console) = (late(Role::Counter), late(Role::Board), late(Role::Console));
    let booking = late(Role::Booking);
    let (missing, unknown, forbidden) =
        ((401, "token_missing"), (401, "token_unknown"), (403, "role_forbidden"));
    let (given, ok, other) = ((201, ""), (200, ""), (404, "unknown_ticket"));
    let none = (404, "unknown_appointment");
    // What the hub answers to whoever may: this hall takes no appointments.
    let (no_slots, not_csv) = ((409, "no_appointments"), (415, "not_csv"));
    let of = |may: bool, answer| if may { answer } else { forbidden };
    for (token, refused, [issues, checks_in, books, serves, reprints]) in [
        (None, Some(missing), [false; 5]),
        (Some("guess"), Some(unknown), [false; 5]),
        (Some(early.as_str()), None, [true, true, false, false, true]),
        (Some(&counter), None, [false, false, false, true, true]),
        (Some(&board), None, [false; 5]),
        (Some(&booking), None, [false, true, true, false, false]),
        (Some(&console), None, [true; 5]),
    ] {
        hub = hub.with_token(token);
        let asked = [
            ("issue", of(issues, given)),
            ("check-in", of(checks_in, none)),
            ("/v1/slots?service=id-card&day=2026-11-23", of(checks_in, no_slots)),
            ("book", of(books, no_slots)),
            ("import", of(books, not_csv)),
            ("/v1/appointments", of(books, ok)),
            ("/v1/appointments.csv", of(books, ok)),
            ("/v1/appointments/Y1-000000000000", of(books, none)),
            ("open", of(serves, ok)),
            ("/v1/counters/1/next", of(serves, ok)),
            ("cancel", of(serves, other)),
            ("/v1/tickets/99", of(serves, other)),
            ("report-slip", of(issues, other)),
            ("report-printer", of(issues, ok)),
            ("reprint", of(reprints, other)),
            ("/v1/tickets/99/slip", of(reprints, other)),
        ];
        let reads = ["/v1/hall", "/v1/snapshot", "/v1/forecast", "/v1/printers", "/metrics", "/openapi.json"]
            .map(|path| (path, ok));
        for (what, expect) in asked.into_iter().chain(reads) {
            let (status, code) = status_and_code(&hub, what).await;
            assert_eq!((status, code.as_str()), refused.unwrap_or(expect), "{what} with {token:?}");
        }
        let free = [("/health", 200), ("/v1/follow/1-000000000000", 404), ("/nowhere", 404)];
        for (path, status) in free {
            assert_eq!(hub.get(path).await.status, status, "{path} with {token:?}");
        }
    }
}

/// What the stream tells of the records after `seen`, up to `last`.
async fn streamed(hub: &TestHub, seen: u64, last: u64) -> String {
    let request = hub.request(Method::GET, "/v1/events").header("Last-Event-ID", seen);
    let mut stream = request.send().await.unwrap();
    let mut text = String::new();
    while !text.contains(&format!("id: {last}\n")) || !text.ends_with("\n\n") {
        text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    text
}

#[tokio::test]
async fn devices_in_front_of_everybody_are_not_told_of_needs_and_appointments() {
    let data = begun();
    let config = Config { plan: full_plan(), now: Some(clock("10:00")), ..closed(data.path()) };
    let token = |role| add_token(data.path(), role, "x").unwrap();
    let tokens = [Role::Kiosk, Role::Board, Role::Counter, Role::Booking, Role::Console].map(token);
    let console = tokens[4].clone();
    let mut hub = TestHub::start_with(data, config).await.unwrap().with_token(Some(&console));
    let needs = json!({ "service": "id-card", "needs": ["low-counter"] });
    assert_eq!(hub.post_json("/v1/tickets", Some("k1"), needs).await.status, 201);
    let booking = json!({ "service": "id-card", "slot": slot("11:30"), "phone": "13800007777" });
    let booked = hub.post_json("/v1/appointments", Some("k2"), booking).await;
    let last = booked.body["seq"].as_u64().unwrap();
    for (token, is_staff) in tokens.iter().zip([false, false, true, true, true]) {
        hub = hub.with_token(Some(token));
        let told = streamed(&hub, last - 2, last).await;
        for secret in ["low-counter", "appointment_booked"] {
            assert_eq!(told.contains(secret), is_staff, "{secret}: {told}");
        }
        assert!(!told.contains("7777"), "a phone is for who asks for appointments: {told}");
        assert_eq!(hub.state().await["tickets"]["1"]["needs"].is_array(), is_staff);
    }
}

#[tokio::test]
async fn a_token_of_the_first_schema_is_good_after_the_journal_has_moved_on() {
    let data = TempDir::new().unwrap();
    let journal = rusqlite::Connection::open(data.path().join("journal.db")).unwrap();
    journal.execute_batch(include_str!("../../schema/0001.sql")).unwrap();
    journal.execute_batch("PRAGMA application_id = 0x4A48616F; PRAGMA user_version = 1").unwrap();
    let token = "made long ago";
    journal
        .execute(
            "INSERT INTO token VALUES (?1, 'counter', '1号窗口', 7)",
            [<[u8; 32]>::from(Sha256::digest(token))],
        )
        .unwrap();
    drop(journal);
    let too_early = add_token(data.path(), Role::Booking, "预约电话").unwrap_err();
    assert!(matches!(too_early, HubError::Journal { reason: JournalError::Missing, .. }), "{too_early}");
    let config = closed(data.path());
    let hub = TestHub::start_with(data, config).await.unwrap().with_token(Some(token));
    assert_eq!(status_and_code(&hub, "open").await, (200, String::new()));
    assert_eq!(status_and_code(&hub, "book").await, (403, "role_forbidden".to_owned()));
    let booking = add_token(hub.data.path(), Role::Booking, "预约电话").unwrap();
    assert_eq!(
        status_and_code(&hub.with_token(Some(&booking)), "/v1/appointments").await,
        (200, String::new())
    );
}

#[tokio::test]
async fn a_refused_device_is_told_how_to_ask() {
    let data = TempDir::new().unwrap();
    let config = closed(data.path());
    let hub = TestHub::start_with(data, config).await.unwrap();
    for (authorization, expect) in [
        (None, r#"Bearer realm="hall""#),
        (Some("Basic dXNlcjpwYXNz"), r#"Bearer realm="hall""#),
        (Some("bearer nobody"), r#"Bearer realm="hall", error="invalid_token""#),
    ] {
        let request = hub.request(Method::GET, "/v1/events");
        let request =
            authorization.iter().fold(request, |request, value| request.header("Authorization", *value));
        let response = request.send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["www-authenticate"]),
            (401, &expect.parse().unwrap())
        );
    }
}

#[test]
fn where_no_hub_has_run_there_is_no_token_and_nothing_is_made() {
    let data = TempDir::new().unwrap();
    let blank = TempDir::new().unwrap();
    std::fs::write(blank.path().join("journal.db"), "").unwrap();
    for path in [data.path(), &data.path().join("nowhere"), blank.path()] {
        let refused = add_token(path, Role::Kiosk, "too early").unwrap_err();
        assert!(matches!(refused, HubError::Journal { reason: JournalError::Missing, .. }), "{refused}");
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    assert_eq!(std::fs::read(blank.path().join("journal.db")).unwrap(), b"");
}

#[test]
fn a_token_is_kept_only_as_a_hash() {
    let data = begun();
    let token = add_token(data.path(), Role::Board, "大屏").unwrap();
    assert_eq!(token.len(), 64);
    assert_ne!(add_token(data.path(), Role::Board, "大屏").unwrap(), token);
    for file in std::fs::read_dir(data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
}
