//! The event stream: nothing missed, nothing twice, whatever the terminal saw last.

use std::pin::Pin;

use futures_util::{Stream, StreamExt};
use hall_api::{Frame, View};
use reqwest::Method;

use crate::harness::{PATIENCE, TestHub};

/// An open stream, read frame by frame.
pub struct Frames {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

/// One frame: its id, and what it holds.
pub struct Got {
    pub id: Option<u64>,
    pub frame: Frame,
}

impl Frames {
    pub async fn open(hub: &TestHub, last_seen: Option<u64>) -> Self {
        let request = hub.request(Method::GET, "/v1/events");
        let request = last_seen.iter().fold(request, |request, seq| request.header("Last-Event-ID", *seq));
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().map(|bytes| bytes.map(|bytes| bytes.to_vec()));
        Self { bytes: Box::pin(bytes), text: String::new() }
    }

    /// The next frame; none when the hub ends the stream.
    pub async fn next(&mut self) -> Option<Got> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let got = parse(block);
                self.text = rest.to_owned();
                return Some(got);
            }
            let bytes = tokio::time::timeout(PATIENCE, self.bytes.next()).await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }

    async fn next_record(&mut self) -> u64 {
        loop {
            if let Frame::Record(record) = self.next().await.unwrap().frame {
                return record.seq;
            }
        }
    }
}

fn parse(block: &str) -> Got {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let frame = Frame::parse(field("event").unwrap(), field("data").unwrap()).unwrap().unwrap();
    Got { id: field("id").map(|id| id.parse().unwrap()), frame }
}

#[tokio::test]
async fn a_new_stream_begins_with_a_snapshot_and_goes_on_with_every_record() {
    let hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    let mut frames = Frames::open(&hub, None).await;
    let Got { id, frame: Frame::Snapshot(mut view) } = frames.next().await.unwrap() else {
        panic!("no snapshot first")
    };
    assert_eq!(id, Some(view.seq));
    assert!(matches!(frames.next().await.unwrap(), Got { id: None, frame: Frame::Tick { .. } }));
    hub.all(&["/v1/counters/1/open", "/v1/counters/1/call-next", "/v1/counters/1/start"]).await;
    for _ in 0..3 {
        let Got { id, frame: Frame::Record(record) } = frames.next().await.unwrap() else {
            panic!("no record")
        };
        assert_eq!(id, Some(record.seq));
        assert!(view.apply(&record));
    }
    view.now = None;
    let hubs: View = serde_json::from_value(hub.state().await).unwrap();
    assert_eq!(*view, hubs);
}

#[tokio::test]
async fn a_stream_resumes_after_what_was_seen() {
    let hub = TestHub::start().await;
    for i in 0..5 {
        hub.issue(&format!("k{i}"), "id-card").await;
    }
    let last = hub.state().await["seq"].as_u64().unwrap();
    for seen in [0, 3, last - 1] {
        let mut frames = Frames::open(&hub, Some(seen)).await;
        assert!(matches!(frames.next().await.unwrap().frame, Frame::Tick { .. }), "after {seen}");
        for seq in seen + 1..=last {
            assert_eq!(frames.next_record().await, seq);
        }
    }
    let mut frames = Frames::open(&hub, Some(last)).await;
    assert!(matches!(frames.next().await.unwrap().frame, Frame::Tick { .. }));
    hub.issue("late", "id-card").await;
    assert_eq!(frames.next_record().await, last + 1);
}

#[tokio::test]
async fn a_stream_resumes_across_a_restart_and_the_adopted_plan_comes_with_it() {
    let hub = TestHub::start().await;
    hub.issue("k1", "id-card").await;
    let seen = hub.state().await["seq"].as_u64().unwrap();
    let data = hub.stop().await;
    let mut config = crate::harness::config(data.path());
    config.plan.hall.name = "新名".to_owned();
    let hub = TestHub::start_with(data, config).await.unwrap();
    let mut frames = Frames::open(&hub, Some(seen)).await;
    frames.next().await.unwrap();
    let Frame::Record(record) = frames.next().await.unwrap().frame else { panic!("no record") };
    let hall_core::Event::PlanAdopted { plan } = record.event else { panic!("{record:?}") };
    assert_eq!((record.seq, plan.hall.name.as_str()), (seen + 1, "新名"));
}

#[tokio::test]
async fn who_saw_what_the_hub_has_not_gets_a_snapshot() {
    let hub = TestHub::start().await;
    for seen in [hub.state().await["seq"].as_u64().unwrap() + 1, u64::MAX] {
        let mut frames = Frames::open(&hub, Some(seen)).await;
        assert!(matches!(frames.next().await.unwrap().frame, Frame::Snapshot(_)), "after {seen}");
    }
}

#[tokio::test]
async fn streams_end_when_the_hub_stops() {
    let hub = TestHub::start().await;
    let mut frames = Frames::open(&hub, None).await;
    frames.next().await.unwrap();
    hub.stop().await;
    while frames.next().await.is_some() {}
}
