//! Idempotency: a repeated key gives the first reply, at once, later, in the same batch, and after a restart.

use serde_json::json;

use crate::harness::TestHub;

#[tokio::test]
async fn a_repeated_key_gives_the_first_reply_even_after_a_restart() {
    let mut hub = TestHub::start().await;
    let ticket = hub.issue("t1", "id-card").await;
    let body = json!({});
    let open = hub.post_json("/v1/counters/1/open", Some("o1"), body.clone()).await;
    let call = hub.post_json("/v1/counters/1/call-next", Some("c1"), body.clone()).await;
    let recall = hub.post_json("/v1/counters/1/recall", Some("r1"), body.clone()).await;
    let sent_on = json!({ "service": "passport" });
    let transfer = hub.post_json("/v1/counters/1/transfer", Some("x1"), sent_on.clone()).await;
    assert_eq!(recall.body["ticket"]["service"], "id-card");
    for round in ["the same hub", "a restarted hub"] {
        let before = hub.state().await;
        assert_eq!(hub.issue("t1", "id-card").await, ticket, "{round}");
        for (path, key, body, first) in [
            ("open", "o1", &body, &open),
            ("call-next", "c1", &body, &call),
            ("recall", "r1", &body, &recall),
            ("transfer", "x1", &sent_on, &transfer),
        ] {
            let again = hub.post_json(&format!("/v1/counters/1/{path}"), Some(key), body.clone()).await;
            assert_eq!(again, *first, "{path}, {round}");
        }
        assert_eq!(hub.state().await, before, "{round}");
        hub = hub.restart().await;
    }
}

#[tokio::test]
async fn a_key_stands_for_one_command_only() {
    let mut hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    for round in ["the same hub", "a restarted hub"] {
        let other = hub.issue("k1", "passport").await;
        assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"), "{round}");
        let other = hub.post_json("/v1/counters/1/open", Some("k1"), json!({})).await;
        assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"), "{round}");
        hub = hub.restart().await;
    }
}

#[tokio::test]
async fn a_key_that_made_nothing_happen_is_free() {
    let hub = TestHub::start().await;
    hub.all(&["/v1/counters/1/open"]).await;
    let nobody = hub.post_json("/v1/counters/1/call-next", Some("c1"), json!({})).await;
    assert!(nobody.body["ticket"].is_null());
    hub.issue("t1", "id-card").await;
    let somebody = hub.post_json("/v1/counters/1/call-next", Some("c1"), json!({})).await;
    assert_eq!(somebody.body["ticket"]["number"], "A001");
}

#[tokio::test]
async fn duplicates_sent_at_once_are_one_ticket_each() {
    let hub = TestHub::start().await;
    let keys: Vec<String> = (0..240).map(|i| format!("k{}", i % 60)).collect();
    let replies = futures_util::future::join_all(keys.iter().map(|key| hub.issue(key, "id-card"))).await;
    let mut numbers = std::collections::BTreeMap::new();
    for (key, reply) in keys.iter().zip(&replies) {
        assert_eq!(reply.status, 201);
        let first = numbers.entry(key).or_insert(&reply.body);
        assert_eq!(*first, &reply.body, "{key}");
    }
    let distinct: std::collections::BTreeSet<_> =
        numbers.values().map(|body| body["ticket"]["number"].as_str().unwrap()).collect();
    assert_eq!(distinct.len(), 60);
    assert_eq!(hub.state().await["tickets"].as_object().unwrap().len(), 60);
}
