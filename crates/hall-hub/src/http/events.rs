//! The stream of events. A terminal that comes back says what it saw last and goes on from there.

use std::convert::Infallible;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use futures_util::stream;
use hall_api::{Audience, Problem};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::App;
use super::refusal::Refused;
use crate::feed::{Position, tick};

/// Streams open at a time: several for every screen and counter of the largest hall.
const STREAMS_MAX: u64 = 2_000;
/// How often the time is sent, so that a silent hub is told from a quiet hall.
const TICK_EVERY: Duration = Duration::from_secs(5);

/// What happens, as Server-Sent Events: `snapshot`, `record` and `tick`.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "hall",
    params(("Last-Event-ID" = Option<u64>, Header, description = "Number of the last record seen; without it, or when it is too old, a snapshot comes first")),
    responses(
        (status = 200, description = "Server-Sent Events: snapshot, record, tick", content_type = "text/event-stream", body = String),
        (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn follow_events(
    State(app): State<App>,
    Extension(audience): Extension<Audience>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refused> {
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    let subscriber = Subscriber::new(app, audience, last_seen).ok_or_else(Refused::too_many_streams)?;
    let frames = stream::unfold(subscriber, |mut subscriber| async {
        let bytes = subscriber.next().await?;
        Some((Ok::<_, Infallible>(bytes), subscriber))
    });
    Ok((headers, Body::from_stream(frames)))
}

/// One open stream.
struct Subscriber {
    app: App,
    audience: Audience,
    /// The last record sent; none before the first snapshot.
    sent: Option<u64>,
    position: watch::Receiver<Position>,
    ticks: Interval,
    /// Whether the first tick, due at once, was sent.
    ticked: bool,
}

impl Subscriber {
    /// None when as many are open as may be.
    fn new(app: App, audience: Audience, last_seen: Option<u64>) -> Option<Self> {
        let one_more = |open| Some(open + 1).filter(|open| *open <= STREAMS_MAX);
        app.metrics.subscribers.fetch_update(Relaxed, Relaxed, one_more).ok()?;
        let mut ticks = interval_at(Instant::now() + TICK_EVERY, TICK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sent = last_seen.filter(|seq| app.feed.can_resume_after(*seq));
        Some(Self { audience, sent, position: app.feed.subscribe(), ticks, ticked: false, app })
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
        let chunk = self.app.feed.after(self.sent, self.audience, self.app.clock.now());
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

    fn hub(data: &tempfile::TempDir) -> Hub {
        let plan = Plan::from_toml(include_str!("../../tests/hub/plan.toml")).unwrap();
        let config = Config { plan, data: data.path().to_owned(), open_access: true, now: None };
        Hub::start(config).unwrap()
    }

    #[tokio::test]
    async fn no_more_streams_are_opened_than_may_be() {
        let data = tempfile::tempdir().unwrap();
        let hub = hub(&data);
        let app = hub.app();
        app.metrics.subscribers.store(STREAMS_MAX - 1, Relaxed);
        let last = Subscriber::new(app.clone(), Audience::Staff, None);
        assert!(last.is_some() && Subscriber::new(app.clone(), Audience::Staff, None).is_none());
        let refused = follow_events(State(app.clone()), Extension(Audience::Staff), HeaderMap::new())
            .await
            .into_response();
        assert_eq!(refused.status(), 503);
        drop(last);
        assert!(Subscriber::new(app.clone(), Audience::Staff, None).is_some(), "one has gone");
    }

    #[tokio::test]
    async fn a_subscriber_that_falls_behind_gets_a_snapshot_and_goes_on() {
        let data = tempfile::tempdir().unwrap();
        let hub = hub(&data);
        let app = hub.app();
        let mut subscriber = Subscriber::new(app.clone(), Audience::Staff, None).unwrap();
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
