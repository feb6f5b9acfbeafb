//! The stream of events. A terminal that comes back says what it saw last and goes on from there.

use std::convert::Infallible;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::App;
use crate::feed::{Position, tick};

/// How often the time is sent, so that a silent hub is told from a quiet hall.
const TICK_EVERY: Duration = Duration::from_secs(5);

/// What happens, as Server-Sent Events: `snapshot`, `record` and `tick`.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "hall",
    params(("Last-Event-ID" = Option<u64>, Header, description = "Number of the last record seen; without it, or when it is too old, a snapshot comes first")),
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
pub(crate) async fn follow_events(State(app): State<App>, headers: HeaderMap) -> impl IntoResponse {
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    let frames = stream::unfold(Subscriber::new(app, last_seen), |mut subscriber| async {
        let bytes = subscriber.next().await?;
        Some((Ok::<_, Infallible>(bytes), subscriber))
    });
    (headers, Body::from_stream(frames))
}

/// One open stream.
struct Subscriber {
    app: App,
    /// The last record sent; none before the first snapshot.
    sent: Option<u64>,
    position: watch::Receiver<Position>,
    ticks: Interval,
    /// Whether the first tick, due at once, was sent.
    ticked: bool,
}

impl Subscriber {
    fn new(app: App, last_seen: Option<u64>) -> Self {
        app.metrics.subscribers.fetch_add(1, Relaxed);
        let mut ticks = interval_at(Instant::now() + TICK_EVERY, TICK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sent = last_seen.filter(|seq| app.feed.can_resume_after(*seq));
        Self { sent, position: app.feed.subscribe(), ticks, ticked: false, app }
    }

    /// The next bytes: a snapshot before anything else, unless the stream resumes; then ticks, and records as they come.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let Position { seq, ended } = *self.position.borrow_and_update();
            if ended {
                return None;
            }
            if self.sent.is_none() {
                return Some(self.advance());
            }
            if !std::mem::replace(&mut self.ticked, true) {
                return Some(tick(self.app.clock.now()));
            }
            let behind = self.sent != Some(seq);
            tokio::select! {
                biased;
                _ = self.ticks.tick() => return Some(tick(self.app.clock.now())),
                () = std::future::ready(()), if behind => return Some(self.advance()),
                changed = self.position.changed() => changed.ok()?,
            }
        }
    }

    fn advance(&mut self) -> Bytes {
        let chunk = self.app.feed.after(self.sent, self.app.clock.now());
        self.sent = Some(chunk.seq);
        chunk.bytes
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.app.metrics.subscribers.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use hall_core::{CounterNumber, Event, Plan, Record};

    use super::*;
    use crate::feed::RING_MAX;
    use crate::{Config, Hub};

    fn publish(app: &App, count: u64) {
        let event = Event::CounterClosed { counter: CounterNumber(1) };
        let next = app.feed.seq() + 1;
        let record = |seq| Record { seq, at: app.clock.now(), event: event.clone() };
        app.feed.publish((next..next + count).map(record).collect::<Vec<_>>().iter());
    }

    async fn next(subscriber: &mut Subscriber) -> String {
        String::from_utf8(subscriber.next().await.unwrap().into()).unwrap()
    }

    #[tokio::test]
    async fn a_subscriber_that_falls_behind_gets_a_snapshot_and_goes_on() {
        let data = tempfile::tempdir().unwrap();
        let plan = Plan::from_toml(include_str!("../../tests/hub/plan.toml")).unwrap();
        let config = Config { plan, data: data.path().to_owned(), open_access: true, now: None };
        let hub = Hub::start(config).unwrap();
        let app = hub.app();
        let mut subscriber = Subscriber::new(app.clone(), None);
        assert!(next(&mut subscriber).await.contains("event: snapshot"));
        assert!(next(&mut subscriber).await.contains("event: tick"));
        for (missed, expect) in [(3, "event: record"), (RING_MAX as u64 + 1, "event: snapshot")] {
            publish(app, missed);
            assert!(next(&mut subscriber).await.contains(expect), "{missed} missed");
            assert_eq!(subscriber.sent, Some(app.feed.seq()), "{missed} missed");
        }
        publish(app, 1);
        let id = format!("id: {}\nevent: record", app.feed.seq());
        assert!(next(&mut subscriber).await.starts_with(&id));
    }
}
