//! Working a counter over HTTP.

use reqwest::Method;
use serde_json::json;

use crate::harness::{TestHub, reply};

#[tokio::test]
async fn a_citizen_is_called_recalled_sent_on_and_served() {
    let hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    hub.all(&["/v1/counters/1/open", "/v1/counters/2/open"]).await;
    insta::assert_snapshot!(hub.post("/v1/counters/1/call-next").await.body, @r#"{"counter":1,"seq":6,"ticket":{"calls":1,"id":1,"number":"A001","reason":{"type":"arrival"},"service":"id-card","why":{"en":"by arrival","zh":"按到达先后"}}}"#);
    insta::assert_snapshot!(hub.post("/v1/counters/1/recall").await.body, @r#"{"counter":1,"seq":7,"ticket":{"calls":2,"id":1,"number":"A001","reason":null,"service":"id-card"}}"#);
    insta::assert_snapshot!(hub.post("/v1/counters/1/start").await.body, @r#"{"counter":1,"seq":8,"ticket":{"id":1,"number":"A001"}}"#);
    let sent_on = hub.post_json("/v1/counters/1/transfer", None, json!({ "service": "passport" })).await;
    insta::assert_snapshot!(sent_on.body, @r#"{"counter":1,"seq":9,"ticket":{"goes_on":{"ahead":0,"awaits":"service","service":"passport"},"id":1,"number":"A001"}}"#);
    let called = hub.all(&["/v1/counters/2/call-next"]).await;
    assert_eq!(called.body["ticket"]["number"], "A001");
    hub.all(&["/v1/counters/2/no-show"]).await;
    insta::assert_snapshot!(hub.post("/v1/counters/2/call-next").await.body, @r#"{"counter":2,"seq":11,"ticket":null}"#);
    let pause = hub.post_json("/v1/counters/2/pause", None, json!({ "reason": "午休" })).await;
    assert_eq!(pause.status, 200);
    hub.all(&["/v1/counters/2/open", "/v1/counters/2/close", "/v1/counters/2/close"]).await;
}

#[tokio::test]
async fn what_a_counter_cannot_do_is_a_problem_and_changes_nothing() {
    let hub = TestHub::start().await;
    hub.all(&["/v1/counters/1/open"]).await;
    let before = hub.state().await;
    for (path, status, code) in [
        ("2/call-next", 409, "counter_closed"),
        ("1/recall", 409, "nothing_called"),
        ("1/start", 409, "nothing_called"),
        ("1/no-show", 409, "nothing_called"),
        ("1/finish", 409, "nothing_serving"),
        ("9/open", 404, "unknown_counter"),
        ("one/open", 400, "bad_counter_number"),
        ("-1/open", 400, "bad_counter_number"),
        ("65536/open", 400, "bad_counter_number"),
        ("1/dance", 404, "no_such_path"),
        ("1/transfer", 415, "not_json"),
        ("1/pause", 415, "not_json"),
    ] {
        let got = hub.post(&format!("/v1/counters/{path}")).await;
        assert_eq!((got.status, got.code()), (status, code), "{path}");
    }
    for (path, body, status, code) in [
        ("1/pause", json!({ "reason": " " }), 422, "pause_reason"),
        ("1/pause", json!({ "reason": "很".repeat(21) }), 422, "pause_reason"),
        ("1/pause", json!({}), 400, "bad_json"),
        ("2/pause", json!({ "reason": "午休" }), 409, "counter_closed"),
        ("1/transfer", json!({ "service": "passport" }), 409, "nothing_serving"),
        ("1/open", json!({ "force": true }), 400, "bad_json"),
    ] {
        let got = hub.post_json(&format!("/v1/counters/{path}"), None, body).await;
        assert_eq!((got.status, got.code()), (status, code), "{path}");
    }
    assert_eq!(hub.state().await, before);
}

#[tokio::test]
async fn a_busy_counter_refuses_what_would_lose_its_citizen() {
    let hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    hub.issue("k2", "id-card").await;
    hub.all(&["/v1/counters/1/open", "/v1/counters/1/call-next", "/v1/counters/1/recall"]).await;
    let before = hub.state().await;
    for (path, body, status, code) in [
        ("1/call-next", None, 409, "counter_busy"),
        ("1/close", None, 409, "counter_busy"),
        ("1/recall", None, 409, "recall_limit"),
        ("1/pause", Some(json!({ "reason": "午休" })), 409, "counter_busy"),
        ("1/transfer", Some(json!({ "service": "id-card" })), 409, "same_service"),
        ("1/transfer", Some(json!({ "service": "nothing" })), 422, "unknown_service"),
    ] {
        let path = format!("/v1/counters/{path}");
        let got = match body {
            Some(body) => hub.post_json(&path, None, body).await,
            None => hub.post(&path).await,
        };
        assert_eq!((got.status, got.code()), (status, code), "{path}");
    }
    assert_eq!(hub.state().await, before);
}

#[tokio::test]
async fn a_command_without_content_takes_no_body_or_an_empty_object() {
    let hub = TestHub::start().await;
    for body in ["", "{}", " {} \n"] {
        let request = hub.request(Method::POST, "/v1/counters/1/open").body(body);
        assert_eq!(reply(request.send().await.unwrap()).await.status, 200, "{body:?}");
    }
}
