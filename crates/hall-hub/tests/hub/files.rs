//! Appointments as files: exported for spreadsheets, imported from them.

use encoding_rs::GB18030;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Reply, TestHub, clock, config, full_plan, reply};
use crate::scenario::{NOTHING, Scenario};

async fn import(hub: &TestHub, key: &str, file: impl Into<Vec<u8>>) -> Reply {
    let request = hub.request(Method::POST, "/v1/appointments/import").header("Idempotency-Key", key);
    let request = request.header("Content-Type", "text/csv; charset=utf-8").body(file.into());
    reply(request.send().await.unwrap()).await
}

async fn export(hub: &TestHub, days: &str) -> String {
    hub.get(&format!("/v1/appointments.csv{days}")).await.body.as_str().unwrap().to_owned()
}

/// The lines of a reply: number, and why not booked.
fn outcomes(reply: &Reply) -> Vec<(u64, &str)> {
    let lines = reply.body["lines"].as_array().unwrap().iter();
    lines.map(|line| (line["line"].as_u64().unwrap(), line["refusal"].as_str().unwrap_or_default())).collect()
}

const FILE: &str = "service,slot,class,phone,person
id-card,2026-11-23 10:30,,13800001234,
id-card,2026/11/23 10:30,elderly,,11010519491231002X
id-card,2026-11-23T10:30:00+08:00,ordinary,,
id-card,2026-11-23 10:40,,,

tax,2026-11-23 10:30,,,
id-card,2026-11-23 11:00,vip,,
id-card,2026-11-23 11:00,,12,
id-card,2026-11-23 11:00,,,1.10105E+17
id-card,soon,,,
id-card,2026-11-23 11:00
passport,2026-11-23 14:00,,13900005678,
";

#[tokio::test]
async fn every_line_of_a_file_is_decided_on_its_own() {
    let mut hall = Scenario::at("07:55").await;
    let first = import(&hall.hub, "file-1", FILE).await;
    let expected = [
        (2, ""),
        (3, ""),
        (4, "slot_full"),
        (5, "no_such_slot"),
        (7, "unknown_service"),
        (8, "unknown_class"),
        (9, "phone_digits"),
        (10, "bad_line"),
        (11, "bad_line"),
        (12, "bad_line"),
        (13, ""),
    ];
    assert_eq!((first.status, outcomes(&first)), (200, expected.to_vec()));
    assert_eq!((&first.body["booked"], &first.body["refused"]), (&json!(3), &json!(8)));
    let line = &first.body["lines"][8];
    assert_eq!(line["title"], "the line cannot be read: the slot should be written 2026-11-23 09:30");
    assert!(
        first.body["lines"]
            .as_array()
            .unwrap()
            .iter()
            .all(|line| line["code"].is_null() != line["refusal"].is_null())
    );

    for round in ["the same hub", "a restarted hub"] {
        let before = hall.hub.state().await;
        assert_eq!(import(&hall.hub, "file-1", FILE).await, first, "{round}");
        assert_eq!(hall.hub.state().await, before, "{round}");
        hall = hall.later("08:05").await;
    }
    // A line that was refused is tried again once it is right, and what was booked stays booked.
    let corrected = FILE.replace("tax,2026-11-23 10:30", "id-card,2026-11-23 09:30");
    let again = import(&hall.hub, "file-1", corrected).await;
    assert_eq!((outcomes(&again)[4], &again.body["booked"]), ((7, ""), &json!(4)));
    let another = FILE.replacen("13800001234", "13800009999", 1);
    assert_eq!(outcomes(&import(&hall.hub, "file-1", another).await)[0], (2, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_file_is_read_in_the_encodings_of_spreadsheets() {
    let hall = Scenario::at("07:55").await;
    let file = "service,date,time,phone\r\nid-card,2026-11-23,10:30,1234\r\n身份证,2026/11/23,9:30:00,\r\n";
    let (gb18030, _, _) = GB18030.encode(file);
    for (key, bytes) in [("a", format!("\u{feff}{file}").into_bytes()), ("b", gb18030.into_owned())] {
        let got = import(&hall.hub, key, bytes).await;
        assert_eq!(outcomes(&got), [(2, ""), (3, "unknown_service")]);
        assert_eq!(got.body["lines"][1]["title"], "there is no service 身份证");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_books_nothing() {
    let hall = Scenario::at("07:55").await;
    let before = hall.hub.state().await;
    let line = "id-card,2026-11-23 10:30\n";
    let long = format!("service,slot\n{}", line.repeat(5_001));
    let large = format!("service,slot\n{}", " ".repeat(2 * 1024 * 1024));
    for (file, status, code) in [
        (b"".as_slice(), 422, "bad_csv"),
        (b"service,slot,telephone\n", 422, "bad_csv"),
        (line.as_bytes(), 422, "bad_csv"),
        (b"\xff\xff\xff", 422, "bad_csv"),
        (long.as_bytes(), 422, "bad_csv"),
        (large.as_bytes(), 413, "body_too_large"),
    ] {
        let got = import(&hall.hub, "k", file).await;
        assert_eq!((got.status, got.code()), (status, code), "{:.40}", String::from_utf8_lossy(file));
    }
    let unlabelled = hall.hub.post_json("/v1/appointments/import", Some("k"), json!({})).await;
    assert_eq!((unlabelled.status, unlabelled.code()), (415, "not_csv"));
    let request =
        hall.hub.request(Method::POST, "/v1/appointments/import").header("Content-Type", "text/csv");
    let keyless = reply(request.body(FILE).send().await.unwrap()).await;
    assert_eq!((keyless.status, keyless.code()), (400, "idempotency_key_missing"));
    assert_eq!(hall.hub.state().await, before);
}

#[tokio::test]
async fn the_lines_of_a_long_file_are_taken_in_their_order() {
    let mut plan = full_plan();
    plan.services[0].slots[0].capacity = 500;
    let hub = TestHub::start_planned(plan, "07:55").await;
    let lines: String = (0..1_500).map(|i| format!("id-card,2026-11-23 10:30,{:04}\n", i)).collect();
    let got = import(&hub, &"k".repeat(64), format!("service,slot,phone\n{lines}")).await;
    assert_eq!((&got.body["booked"], &got.body["refused"]), (&json!(500), &json!(1_000)));
    assert!(outcomes(&got).iter().all(|(line, refusal)| refusal.is_empty() == (*line <= 501)));
    let listed = hub.get("/v1/appointments").await.body;
    let digits: Vec<&str> = listed["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["phone_digits"].as_str().unwrap())
        .collect();
    assert!(digits.is_sorted() && digits.len() == 500);
}

#[tokio::test]
async fn what_is_exported_opens_in_a_spreadsheet_and_can_be_imported_elsewhere() {
    let mut hall = Scenario::at("07:55").await;
    hall.book("id-card", "10:30", "13800001234").await;
    hall.book("id-card", "09:00", "13800000007").await;
    let cancelled = hall.code.clone();
    hall.run([("appointments/{code}/cancel", NOTHING, NOTHING)]).await;
    hall.book("passport", "14:00", "9999").await;
    let tomorrow = json!({ "service": "id-card", "slot": "2026-11-24T09:30:00+08:00", "class": "elderly" });
    hall.run([("appointments", tomorrow, NOTHING)]).await;

    let file = export(&hall.hub, "?from=2026-11-23&to=2026-11-30").await;
    let (mark, lines) = file.split_at('\u{feff}'.len_utf8());
    assert_eq!(mark, "\u{feff}");
    let without_code = |line: &str| line.split_once(',').unwrap().1.to_owned();
    let lines: Vec<&str> = lines.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    assert_eq!(lines[0], "code,service,service_name,date,time,class,phone,state");
    assert!(lines[1].starts_with(&cancelled));
    assert_eq!(
        lines[1..].iter().map(|line| without_code(line)).collect::<Vec<_>>(),
        [
            "id-card,身份证,2026-11-23,09:00,ordinary,0007,cancelled",
            "id-card,身份证,2026-11-23,10:30,ordinary,1234,booked",
            "passport,护照,2026-11-23,14:00,ordinary,9999,booked",
            "id-card,身份证,2026-11-24,09:30,elderly,,booked",
        ]
    );
    assert_eq!(export(&hall.hub, "").await.lines().count(), 4, "today alone");

    let other = Scenario::at("07:55").await;
    let imported = import(&other.hub, "k", file.clone()).await;
    assert_eq!(outcomes(&imported), [(2, "not_booked"), (3, ""), (4, ""), (5, "")]);
    let copy = export(&other.hub, "?from=2026-11-23&to=2026-11-30").await;
    let booked = |file: &str| {
        file.lines().filter(|line| line.ends_with("booked")).map(without_code).collect::<Vec<_>>()
    };
    assert_eq!(booked(&copy), booked(&file));
}

#[tokio::test]
async fn days_that_cannot_be_exported_are_refused() {
    let mut hall = Scenario::at("07:55").await;
    hall.run([
        ("GET appointments.csv?from=2026-11-22", NOTHING, json!("bad_days")),
        ("GET appointments.csv?from=2026-11-24&to=2026-11-23", NOTHING, json!("bad_days")),
        ("GET appointments.csv?to=9999-12-31", NOTHING, json!("bad_days")),
        ("GET appointments.csv?from=monday", NOTHING, json!("bad_query")),
    ])
    .await;
    // The day that has ended is at hand until the next one begins.
    hall.book("id-card", "10:30", "1234").await;
    let evening = hall.later("19:30").await;
    assert!(export(&evening.hub, "?from=2026-11-23").await.ends_with("missed\r\n"));
    let data = evening.hub.stop().await;
    let next_morning = clock("08:00").plus_ms(86_400_000);
    let next_day = hall_hub::Config { plan: full_plan(), now: Some(next_morning), ..config(data.path()) };
    let hub = TestHub::start_with(data, next_day).await.unwrap();
    assert_eq!(hub.get("/v1/appointments.csv?from=2026-11-23").await.code(), "bad_days");
    assert_eq!(hub.get("/v1/appointments").await.body["appointments"], Value::Array(Vec::new()));
}
