//! The closing promise on a running hub: the forecast judges, a command makes it so, everybody is told.

use std::time::Duration;

use serde_json::json;

use crate::harness::{PATIENCE, TestHub, plan};

#[tokio::test]
async fn a_service_is_full_when_the_next_one_would_probably_not_be_served() {
    let mut plan = plan();
    plan.queue.closing_promise = true;
    plan.hall.day = "07:00-18:00".parse().unwrap();
    // An hour before the close: one counter, ten minutes each.
    let hub = TestHub::start_planned(plan, "17:00").await;
    hub.post("/v1/counters/1/open").await;
    for i in 0..8 {
        assert_eq!(hub.issue(&format!("k{i}"), "id-card").await.status, 201, "nothing was foretold yet");
    }
    let full = async {
        while !hub.state().await["full"].as_array().unwrap().contains(&json!("id-card")) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, full).await.unwrap();
    let refused = hub.issue("late", "id-card").await;
    assert_eq!((refused.status, refused.code()), (409, "service_full"));
    assert!(refused.body["title_zh"].as_str().unwrap().starts_with("今日已满"), "{:?}", refused.body);
    assert_eq!(
        hub.issue("other", "passport").await.status,
        201,
        "no counter is open there: nothing is known"
    );

    let forecast = hub.get("/v1/forecast").await.body;
    let newcomer = &forecast["services"]["id-card"];
    assert!(newcomer["p50_min"].as_u64() <= newcomer["p90_min"].as_u64(), "{forecast}");
    assert!(forecast["services"].get("passport").is_none(), "no data, no number: {forecast}");
}
