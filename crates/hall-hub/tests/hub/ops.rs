//! What the hub says of itself: health, metrics, its interface, and what leads nowhere.

use reqwest::Method;

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
