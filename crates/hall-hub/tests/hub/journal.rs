//! What a restart keeps: state, days, time; and what a plan may not change.

use std::time::Duration;

use hall_core::{ServiceId, Timestamp};
use hall_hub::{Config, Hub, HubError};
use serde_json::json;
use tempfile::TempDir;

use crate::commands::busy_hall;
use crate::harness::{TestHub, config, morning};

#[tokio::test]
async fn a_restarted_hub_knows_everything_it_acknowledged() {
    let hub = TestHub::start().await;
    for i in 0..20 {
        hub.issue(&format!("k{i}"), if i % 2 == 0 { "id-card" } else { "passport" }).await;
    }
    hub.all(&["/v1/counters/1/open", "/v1/counters/1/call-next", "/v1/counters/2/open"]).await;
    hub.all(&["/v1/counters/2/call-next", "/v1/counters/2/start", "/v1/counters/2/finish"]).await;
    let before = hub.state().await;
    let hub = hub.restart().await;
    assert_eq!(hub.state().await, before);
    let next = hub.issue("k20", "id-card").await;
    assert_eq!(next.body["ticket"]["number"], "A011");
}

#[tokio::test]
async fn a_hub_knows_everything_after_every_command_when_it_is_restarted_and_when_it_is_killed() {
    let (hall, _) = busy_hall().await;
    let told = async |hub: &TestHub| {
        let mut told = vec![hub.state().await];
        for path in ["/v1/appointments", "/v1/appointments.csv", "/v1/slots?service=id-card&day=2026-11-23"] {
            told.push(hub.get(path).await.body);
        }
        for ticket in 1..=9 {
            told.push(hub.get(&format!("/v1/tickets/{ticket}")).await.body);
        }
        for counter in 1..=7 {
            told.push(hub.get(&format!("/v1/counters/{counter}/next")).await.body);
        }
        told
    };
    let before = told(&hall.hub).await;
    let killed = hall.hub.killed_copy().await;
    assert_eq!(told(&killed).await, before, "killed");
    let restarted = hall.hub.restart().await;
    assert_eq!(told(&restarted).await, before, "restarted");
    for hub in [&killed, &restarted] {
        let again = hub.issue("step-2", "id-card").await;
        assert_eq!(again.body["ticket"]["number"], "A002", "a key of before");
        assert_eq!(hub.issue("new", "id-card").await.body["ticket"]["number"], "A007");
    }
}

async fn now_of(hub: &TestHub) -> Timestamp {
    hub.get("/health").await.body["now"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn hall_time_never_runs_backwards_across_restarts() {
    let hub = TestHub::start().await;
    let first = now_of(&hub).await;
    assert!(first >= morning());
    let hub = hub.restart().await;
    let again = now_of(&hub).await;
    assert!(again >= first, "the same wish");
    let data = hub.stop().await;
    let later = morning().plus_ms(3_600_000);
    let wish = |now| Config { now, ..config(data.path()) };
    let (wish_later, no_wish) = (wish(Some(later)), wish(None));
    let hub = TestHub::start_with(data, wish_later).await.unwrap();
    assert!(now_of(&hub).await >= later, "a later wish");
    let before = now_of(&hub).await;
    let hub = TestHub::start_with(hub.stop().await, no_wish).await.unwrap();
    assert!(now_of(&hub).await >= before, "no wish");
}

#[tokio::test]
async fn a_new_day_begins_by_the_clock() {
    let data = TempDir::new().unwrap();
    let end_of_day: Timestamp = "2026-11-23T18:59:59.500+08:00".parse().unwrap();
    let evening = Config { now: Some(end_of_day), ..config(data.path()) };
    let hub = TestHub::start_with(data, evening).await.unwrap();
    let closed = async {
        while hub.state().await["day"]["open"] == true {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(crate::harness::PATIENCE, closed).await.unwrap();
    let refused = hub.issue("late", "id-card").await;
    assert_eq!(refused.code(), "day_closed");
    let data = hub.stop().await;
    let next_day = Config { now: Some(morning().plus_ms(86_400_000)), ..config(data.path()) };
    let hub = TestHub::start_with(data, next_day).await.unwrap();
    assert_eq!(hub.state().await["day"]["date"], "2026-11-24");
    assert_eq!(hub.issue("k1", "id-card").await.body["ticket"]["number"], "A001");
}

#[tokio::test]
async fn a_plan_the_running_day_cannot_accept_is_refused_and_changes_nothing() {
    let hub = TestHub::start().await;
    hub.issue("k1", "passport").await;
    hub.all(&["/v1/counters/2/open"]).await;
    let before = hub.state().await;
    let data = hub.stop().await;
    let mut without_passport = config(data.path());
    without_passport.plan.services.retain(|service| service.id != ServiceId::from("passport"));
    without_passport.plan.counters.retain(|counter| counter.number.0 != 2);
    let Err(error) = Hub::start(without_passport) else { panic!("the plan was accepted") };
    assert_eq!(error.exit_code(), 78);
    let text = error.to_string().replace(data.path().to_str().unwrap(), "DATA");
    insta::assert_snapshot!(text, @"
方案与当前营业日冲突，大厅状态未变 / the running day cannot accept this plan, nothing was changed:
  业务 passport 还有 1 个号未办结，新方案中却没有它；请先办结 / service passport has 1 open ticket(s) and is missing from the plan: serve them first
  2 号窗口未关闭，新方案中却没有它；请先关闭窗口 / counter 2 is not closed and is missing from the plan: close it first
请用现行方案启动（由此命令输出：hall-hub plan --data DATA），处理上述各项后再换新方案，或次日再换
Start with the plan in force (printed by: hall-hub plan --data DATA), settle the above and then change the plan, or change it the next day
");
    let hub = TestHub::start_in(data).await;
    assert_eq!(hub.state().await, before);
}

#[tokio::test]
async fn a_day_that_ended_while_the_hub_was_down_does_not_stand_against_a_plan() {
    let hub = TestHub::start().await;
    hub.issue("k1", "passport").await;
    let data = hub.stop().await;
    let mut next_day = Config { now: Some(morning().plus_ms(86_400_000)), ..config(data.path()) };
    next_day.plan.services.retain(|service| service.id != ServiceId::from("passport"));
    next_day.plan.counters.retain(|counter| counter.number.0 != 2);
    let hub = TestHub::start_with(data, next_day).await.unwrap();
    assert_eq!(hub.issue("k2", "passport").await.code(), "unknown_service");
}

#[tokio::test]
async fn what_was_left_open_overnight_does_not_stand_against_a_plan() {
    let hub = TestHub::start().await;
    hub.issue("k1", "passport").await;
    hub.all(&["/v1/counters/2/open", "/v1/counters/2/call-next", "/v1/counters/2/start"]).await;
    let data = hub.stop().await;
    let at = |hours: i64| Some(morning().plus_ms(hours * 3_600_000));
    let mut smaller = config(data.path());
    smaller.plan.services.retain(|service| service.id != ServiceId::from("passport"));
    smaller.plan.counters.retain(|counter| counter.number.0 != 2);
    for same_day in [at(1), at(12)] {
        let refused = Hub::start(Config { now: same_day, ..smaller.clone() });
        assert!(matches!(refused, Err(HubError::PlanRefused { .. })), "{same_day:?}");
    }
    let before_opening = Config { now: at(21), ..smaller.clone() };
    Hub::start(before_opening).unwrap().stop().unwrap();
    let hub = TestHub::start_with(data, Config { now: at(24), ..smaller }).await.unwrap();
    let state = hub.state().await;
    assert_eq!((&state["tickets"], &state["counters"]), (&json!({}), &json!({})));
    assert_eq!(hub.post("/v1/counters/2/open").await.code(), "unknown_counter");
    assert_eq!(hub.issue("k2", "id-card").await.body["ticket"]["number"], "A001");
}

#[tokio::test]
async fn a_second_hub_on_the_same_data_is_refused() {
    let hub = TestHub::start().await;
    let second = Hub::start(config(hub.data.path()));
    assert!(matches!(second, Err(HubError::InUse { .. })));
    hub.issue("k1", "id-card").await;
    Hub::start(config(hub.stop().await.path())).unwrap().stop().unwrap();
}
