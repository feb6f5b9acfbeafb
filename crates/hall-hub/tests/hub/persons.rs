//! Numbers for known persons: limits, and that nobody is told who somebody is.

use std::path::Path;

use serde_json::json;

use crate::scenario::{NOTHING, Scenario, slot};

const DOCUMENT: &str = "11010519491231002X";

#[tokio::test]
async fn a_person_has_one_open_number_for_a_service_and_so_many_a_day() {
    let mut hall = Scenario::at("09:00").await;
    let wish = |service: &str, person: &str| json!({ "service": service, "person": person });
    hall.run([
        ("tickets", json!({ "service": "real-name" }), json!("person_required")),
        ("tickets", wish("real-name", " "), json!("bad_person")),
        ("tickets", wish("real-name", DOCUMENT), json!({ "ticket": { "number": "R001" } })),
        // The same person however the number is typed, and after a restart.
        ("tickets", wish("real-name", "110105 19491231 002x"), json!("person_has_ticket")),
    ])
    .await;
    let mut hall = hall.later("09:05").await;
    hall.run([
        ("tickets", wish("real-name", DOCUMENT), json!("person_has_ticket")),
        ("tickets", wish("real-name", "110105194912310030"), json!({ "ticket": { "number": "R002" } })),
        ("tickets", wish("id-card", DOCUMENT), json!({ "ticket": { "number": "A001" } })),
        ("tickets/R001/cancel", NOTHING, NOTHING),
        ("tickets", wish("real-name", DOCUMENT), json!({ "ticket": { "number": "R003" } })),
        ("tickets", wish("passport", DOCUMENT), json!("person_limit")),
        ("tickets", json!({ "service": "passport" }), json!({ "ticket": { "number": "B001" } })),
    ])
    .await;
    let mut hall = hall.later("19:00").await;
    hall.run([("tickets", wish("real-name", DOCUMENT), json!("day_closed"))]).await;
}

fn bytes_of(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_document_number_is_nowhere_and_its_hash_in_the_journal_only() {
    let mut hall = Scenario::at("08:10").await;
    let seq = hall.seq().await;
    hall.run([
        ("tickets", json!({ "service": "real-name", "person": DOCUMENT, "needs": ["low-counter"] }), NOTHING),
        (
            "appointments",
            json!({ "service": "id-card", "slot": slot("10:00"), "person": DOCUMENT, "phone": "13800001234" }),
            NOTHING,
        ),
    ])
    .await;
    let events = hall.hub.events_after(seq);
    let hashes = [0, 1].map(|i| events[i]["person"].as_str().unwrap().to_owned());
    assert_ne!(hashes[0], hashes[1], "who books is another than who waits");

    let mut told = Vec::new();
    for path in [
        "GET tickets/R001",
        "GET appointments",
        "GET appointments/{code}",
        "GET appointments.csv",
        "GET snapshot",
    ] {
        told.push(hall.send(path, &NOTHING, "k").await.body.to_string());
    }
    let mut stream = hall
        .hub
        .client
        .get(format!("{}/v1/events", hall.hub.url))
        .header("Last-Event-ID", 0)
        .send()
        .await
        .unwrap();
    let mut streamed = String::new();
    while !streamed.contains("appointment_booked") {
        streamed.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    told.push(streamed);
    for text in &told {
        let known = [DOCUMENT, hashes[0].as_str(), hashes[1].as_str(), "13800001234"];
        assert!(known.iter().all(|known| !text.contains(known)), "{text}");
    }

    let files = hall.hub.files_now();
    let bytes = bytes_of(files.path());
    assert!(hashes.iter().all(|hash| holds(&bytes, hash)));
    assert!(!holds(&bytes, DOCUMENT) && !holds(&bytes, "13800001234"));
}
