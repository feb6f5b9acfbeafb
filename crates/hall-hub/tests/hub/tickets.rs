//! Taking tickets, following them, and everything that can be wrong with the asking.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Reply, TestHub, reply};

#[tokio::test]
async fn a_ticket_is_given_and_can_be_followed_to_its_end() {
    let hub = TestHub::start().await;
    let mut reply = hub.issue("k1", "id-card").await;
    assert_eq!(reply.status, 201);
    let code = reply.body["ticket"]["follow_code"].as_str().unwrap().to_owned();
    reply.body["ticket"]["issued_at"] = Value::Null;
    reply.body["ticket"]["follow_code"] = Value::Null;
    insta::assert_snapshot!(reply.body, @r#"{"seq":3,"ticket":{"ahead":0,"class":"ordinary","follow_code":null,"id":1,"issued_at":null,"number":"A001","service":"id-card"}}"#);
    assert_eq!(hub.issue("k2", "id-card").await.body["ticket"]["ahead"], 1);

    let follow = format!("/v1/follow/{code}");
    insta::assert_snapshot!(hub.get(&follow).await.body, @r#"{"ahead":0,"number":"A001","place":"waiting","service":"id-card"}"#);
    hub.all(&["/v1/counters/1/open", "/v1/counters/1/call-next"]).await;
    insta::assert_snapshot!(hub.get(&follow).await.body["place"], @r#"{"at_counter":1}"#);
    hub.all(&["/v1/counters/1/start", "/v1/counters/1/finish"]).await;
    insta::assert_snapshot!(hub.get(&follow).await.body["place"], @r#""finished""#);

    for wrong in ["1", "1-000000000000", "2-E33FDDB7E858", "%FF", "1%2F2"] {
        let reply = hub.get(&format!("/v1/follow/{wrong}")).await;
        assert_eq!((reply.status, reply.code()), (404, "unknown_code"), "{wrong}");
    }
}

#[tokio::test]
async fn a_ticket_that_cannot_be_given_is_a_problem_and_changes_nothing() {
    let hub = TestHub::start().await;
    let before = hub.state().await;
    let json_type = "application/json";
    let long = format!(r#"{{"service":"{}"}}"#, "x".repeat(17 * 1024));
    for (key, kind, body, status, code) in [
        (None, json_type, r#"{"service":"id-card"}"#, 400, "idempotency_key_missing"),
        (Some("a key"), json_type, r#"{"service":"id-card"}"#, 400, "idempotency_key_bad"),
        (Some(&"k".repeat(65)), json_type, r#"{"service":"id-card"}"#, 400, "idempotency_key_bad"),
        (Some("k"), "text/plain", r#"{"service":"id-card"}"#, 415, "not_json"),
        (Some("k"), json_type, "", 400, "bad_json"),
        (Some("k"), json_type, r#"{"service":"#, 400, "bad_json"),
        (Some("k"), json_type, r#"{"service":12}"#, 400, "bad_json"),
        (Some("k"), json_type, r#"["tax","ordinary"]"#, 400, "bad_json"),
        (Some("k"), json_type, r#"{"class":"ordinary"}"#, 400, "bad_json"),
        (Some("k"), json_type, r#"{"service":"id-card","vip":true}"#, 400, "bad_json"),
        (Some("k"), json_type, &long, 413, "body_too_large"),
        (Some("k"), json_type, r#"{"service":"nothing"}"#, 422, "unknown_service"),
        (Some("k"), json_type, r#"{"service":"id-card","class":"vip"}"#, 422, "unknown_class"),
        (Some("k"), json_type, r#"{"service":"evening"}"#, 409, "service_closed"),
    ] as [(Option<&str>, &str, &str, u16, &str); 14]
    {
        let request = hub.request(Method::POST, "/v1/tickets").header("content-type", kind);
        let request = key.into_iter().fold(request, |request, key| request.header("Idempotency-Key", key));
        let got = reply(request.body(body.to_owned()).send().await.unwrap()).await;
        assert_eq!((got.status, got.code()), (status, code), "{key:?} {kind} {:.60}", body);
    }
    assert_eq!(hub.state().await, before);
    let Reply { status, .. } = hub.issue("k", "id-card").await;
    assert_eq!(status, 201, "a refused command does not use up its key");
}

#[tokio::test]
async fn a_problem_says_what_is_wrong_in_both_languages_and_where() {
    let hub = TestHub::start().await;
    let typo = hub.post_json("/v1/tickets", Some("k"), json!({ "servce": "id-card" })).await;
    insta::assert_snapshot!(typo.body, @r#"{"code":"bad_json","detail":"unknown field `servce`, expected one of `service`, `class`, `language`, `needs`, `person`, `route`, `then` at line 1 column 9","status":400,"title":"the body cannot be read","title_zh":"请求内容无法识别","type":"urn:jiaohao:problem:bad_json"}"#);
    insta::assert_snapshot!(hub.issue("k", "evening").await.body, @r#"{"code":"service_closed","detail":"办理时间见 GET /v1/hall / the hours are in GET /v1/hall","status":409,"title":"service evening is outside its hours","title_zh":"该业务不在办理时间内","type":"urn:jiaohao:problem:service_closed"}"#);
}

#[tokio::test]
async fn many_phones_at_once_are_all_answered() {
    let hub = TestHub::start().await;
    let code = hub.issue("k1", "id-card").await.body["ticket"]["follow_code"].as_str().unwrap().to_owned();
    let path = format!("/v1/follow/{code}");
    let replies = futures_util::future::join_all((0..200).map(|_| hub.get(&path))).await;
    assert!(replies.iter().all(|reply| reply.status == 200 && reply.body["number"] == "A001"));
}

#[tokio::test]
async fn the_forecast_is_there_for_every_device() {
    let hub = TestHub::start().await;
    for ticket in 0..3 {
        hub.issue(&format!("k{ticket}"), "id-card").await;
    }
    hub.all(&["/v1/counters/1/open"]).await;
    let of_all = async {
        loop {
            let forecast = hub.get("/v1/forecast").await.body;
            if forecast["tickets"]["3"].is_object() {
                break forecast;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let forecast = tokio::time::timeout(crate::harness::PATIENCE, of_all).await.unwrap();
    for told in [&forecast["services"]["id-card"], &forecast["tickets"]["3"]] {
        let minutes = |of: &str| told[of].as_u64().unwrap();
        assert!((1..=minutes("p90_min")).contains(&minutes("p50_min")), "{forecast}");
    }
}
