//! What the hub says of itself: health, metrics, its interface, and what leads nowhere.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::harness::{TestHub, plan, reply};

#[tokio::test]
async fn the_hall_is_the_plan() {
    let hub = TestHub::start().await;
    let served = hub.get("/v1/hall").await.body;
    assert_eq!(served, serde_json::to_value(plan()).unwrap());
    assert_eq!(
        (&served["services"][0]["id"], &served["counters"][0]["number"]),
        (&"id-card".into(), &1.into())
    );
}

#[tokio::test]
async fn health_tells_the_hall_time_and_the_last_event() {
    let hub = TestHub::start().await;
    let body = hub.get("/health").await.body;
    assert_eq!((&body["status"], &body["seq"]), (&"ok".into(), &2.into()));
    assert!(body["now"].as_str().unwrap().starts_with("2026-11-23T01:3"), "{body}");
}

#[tokio::test]
async fn metrics_count_what_happened() {
    let hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    hub.issue("k2", "id-card").await;
    hub.issue("k3", "evening").await;
    hub.all(&["/v1/counters/1/open", "/v1/counters/1/call-next", "/v1/counters/1/recall"]).await;
    hub.get("/nowhere").await;
    let metrics = hub.get("/metrics").await.body;
    for line in [
        "hall_tickets_issued_total 2",
        "hall_calls_total 2",
        "hall_waiting 1",
        "hall_seq 7",
        "hall_committed_events_total 7",
        "hall_problems_total{code=\"service_closed\"} 1",
        "hall_problems_total{code=\"no_such_path\"} 1",
    ] {
        let metrics = metrics.as_str().unwrap();
        assert!(metrics.lines().any(|found| found == line), "{line} is missing:\n{metrics}");
    }
}

#[tokio::test]
async fn the_interface_is_described() {
    let hub = TestHub::start().await;
    insta::assert_json_snapshot!("openapi", hub.get("/openapi.json").await.body);
}

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_is_whole() {
    let hub = TestHub::start().await;
    let document = hub.get("/openapi.json").await.body;
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let listed = |name: &str| found.contains(&format!("#/components/schemas/{name}"));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(
        schemas.keys().filter(|name| !listed(name)).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "not used"
    );
    let (mut ids, tags) = (BTreeSet::new(), &document["tags"]);
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{what}: its id is used twice");
            assert!(operation["summary"].is_string(), "{what} says nothing of itself");
            assert!(tags.as_array().unwrap().iter().any(|tag| tag["name"] == operation["tags"][0]), "{what}");
            let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            let none = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&none);
            let in_path =
                parameters.iter().filter(|it| it["in"] == "path").map(|it| it["name"].as_str().unwrap());
            assert_eq!(in_path.collect::<Vec<_>>(), named.collect::<Vec<_>>(), "{what}");
            // What is described is there.
            let path = path.replace("{number}", "1").replace("{ticket}", "1").replace("{code}", "1");
            let path = path.replace("{printer}", "kiosk-1");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            if path != "/v1/events" {
                let got = reply(hub.request(method, &path).send().await.unwrap()).await;
                assert!(!["no_such_path", "no_such_method"].contains(&got.code()), "{what}");
            }
        }
    }
    let codes =
        document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
    for code in ["service_full", "unknown_code", "appointment_ambiguous", "day_closed", "internal"] {
        assert!(codes.contains(&code.into()), "{code}");
    }
}

#[tokio::test]
async fn wrong_paths_and_methods_are_problems() {
    let hub = TestHub::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/", 404, "no_such_path"),
        (Method::GET, "/v1/tickets", 405, "no_such_method"),
        (Method::DELETE, "/v1/snapshot", 405, "no_such_method"),
        (Method::GET, "/v1/counters/1/open", 405, "no_such_method"),
        (Method::POST, "/v1/counters/1", 404, "no_such_path"),
    ] {
        let response = hub.request(method, path).send().await.unwrap();
        assert_eq!(response.headers().contains_key("allow"), status == 405, "{path}");
        let got = reply(response).await;
        assert_eq!((got.status, got.code()), (status, code), "{path}");
    }
}
