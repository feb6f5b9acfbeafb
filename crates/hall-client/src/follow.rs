//! The event stream, followed for as long as the terminal runs.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::StreamExt;
use hall_api::{Frame, View};
use hall_core::{Event, Plan, Record, Timestamp};
use sse_stream::{Sse, SseStream};

use crate::{ClientError, Hub};

/// A hub ticks every 5 s; one that is silent for longer than this is taken for away.
const SILENCE_MAX: Duration = Duration::from_secs(12);

/// News from the hub. Records come in sequence, none twice and none missing, whatever happened to the connection.
#[derive(Clone, Debug)]
pub enum Update {
    /// The plan, before the first snapshot and whenever it changes.
    Plan(Arc<Plan>),
    /// The whole state: at the start, and after an absence too long to catch up record by record.
    Snapshot(Box<View>),
    /// The next event.
    Record(Box<Record>),
    /// Hall time; the hub is there.
    Tick(Timestamp),
    /// The connection is lost and will be made again; once until it is back.
    Away(String),
}

/// Follows the hub for ever, handing on every update in order.
pub async fn follow(hub: Hub, mut out: impl FnMut(Update)) {
    let mut follower = Follower { hub, seq: None };
    let mut delays = reconnect_delays();
    let mut away = false;
    loop {
        let mut came_through = false;
        let error = follower
            .follow_once(&mut |update| {
                came_through = true;
                out(update);
            })
            .await;
        if came_through {
            delays = reconnect_delays();
            away = false;
        }
        if !away {
            away = true;
            tracing::warn!(%error, "lost the hub");
            out(Update::Away(error.to_string()));
        }
        tokio::time::sleep(delays.next().unwrap_or(Duration::from_secs(5))).await;
    }
}

/// Jitter keeps 500 terminals from coming back in the same millisecond.
fn reconnect_delays() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(4))
        .without_max_times()
        .with_jitter()
        .build()
}

struct Follower {
    hub: Hub,
    seq: Option<u64>,
}

impl Follower {
    async fn follow_once(&mut self, out: &mut impl FnMut(Update)) -> ClientError {
        match self.try_follow(out).await {
            Ok(()) => ClientError::Away("the hub ended the stream".into()),
            Err(error) => error,
        }
    }

    async fn try_follow(&mut self, out: &mut impl FnMut(Update)) -> Result<(), ClientError> {
        let connecting = self.hub.events(self.seq);
        let reply = tokio::time::timeout(SILENCE_MAX, connecting).await.map_err(|_| silence())??;
        let mut stream = SseStream::from_bytes_stream(reply.bytes_stream());
        while let Some(event) =
            tokio::time::timeout(SILENCE_MAX, stream.next()).await.map_err(|_| silence())?
        {
            let event = event.map_err(|error| ClientError::Away(error.to_string()))?;
            self.take(event, out).await?;
        }
        Ok(())
    }

    async fn take(&mut self, event: Sse, out: &mut impl FnMut(Update)) -> Result<(), ClientError> {
        let (Some(name), Some(data)) = (&event.event, &event.data) else { return Ok(()) };
        let Some(frame) = Frame::parse(name, data) else { return Ok(()) };
        match frame.map_err(|error| ClientError::Unreadable(error.to_string()))? {
            Frame::Snapshot(view) => {
                // A snapshot may stand for a changed plan; the plan is small and snapshots are rare.
                out(Update::Plan(Arc::new(self.hub.plan().await?)));
                self.seq = Some(view.seq);
                out(Update::Snapshot(view));
            }
            Frame::Record(record) => self.take_record(record, out)?,
            Frame::Tick { now } => out(Update::Tick(now)),
        }
        Ok(())
    }

    fn take_record(&mut self, record: Box<Record>, out: &mut impl FnMut(Update)) -> Result<(), ClientError> {
        match self.seq {
            Some(seq) if record.seq <= seq => return Ok(()),
            Some(seq) if record.seq == seq + 1 => {}
            _ => {
                self.seq = None;
                return Err(ClientError::Unreadable(format!("record {} is out of sequence", record.seq)));
            }
        }
        self.seq = Some(record.seq);
        if let Event::PlanAdopted { plan } = &record.event {
            out(Update::Plan(plan.clone()));
        }
        out(Update::Record(record));
        Ok(())
    }
}

fn silence() -> ClientError {
    ClientError::Away(format!("nothing heard for {} s", SILENCE_MAX.as_secs()))
}
