//! The event stream, followed for as long as the terminal runs.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::StreamExt;
use hall_api::{Frame, View};
use hall_core::{Event, Plan, Record, Timestamp};
use sse_stream::{Sse, SseStream};
use tokio::sync::mpsc;

use crate::{ClientError, Hub};

/// A hub ticks every 5 s; one that is silent for longer than this is taken for away.
const SILENCE_MAX: Duration = Duration::from_secs(12);

/// News from the hub. Records come in sequence, none twice and none missing, whatever happened to the connection.
#[derive(Clone, Debug)]
pub enum Update {
    /// The plan, before the first snapshot and whenever it changes.
    Plan(Arc<Plan>),
    /// The whole state: at the start, and whenever the hub cannot go on record by record from what was known.
    Snapshot(Box<View>),
    /// The next event.
    Record(Box<Record>),
    /// Hall time; the hub is there.
    Tick(Timestamp),
    /// The connection is lost and will be made again; once until it is back.
    Away(String),
}

/// Follows the hub, handing on every update in order as the message `wrap` makes of it, until nobody receives.
///
/// A receiver that is slow slows the stream down; one that is very slow gets a snapshot when it has caught up.
pub async fn follow<M>(hub: Hub, out: mpsc::Sender<M>, wrap: impl Fn(Update) -> M) {
    let receiver = out.clone();
    tokio::select! {
        () = receiver.closed() => {}
        () = follow_always(hub, Out { sender: out, wrap, heard: false }) => {}
    }
}

async fn follow_always<M, W: Fn(Update) -> M>(hub: Hub, out: Out<M, W>) {
    let mut follower = Follower { hub, seq: 0, last: None, joint: Joint::Open, out };
    let mut delays = reconnect_delays();
    let mut cause = None;
    loop {
        follower.out.heard = false;
        let error = follower.follow_once().await;
        if follower.out.heard {
            delays = reconnect_delays();
            cause = None;
        }
        let error = error.to_string();
        if cause.is_none() {
            follower.out.send(Update::Away(error.clone())).await;
        }
        if cause.as_ref() != Some(&error) {
            // A wrong token shows only once the hub can be reached.
            tracing::warn!(%error, "no hub");
            cause = Some(error);
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

/// Where updates go.
struct Out<M, W> {
    sender: mpsc::Sender<M>,
    wrap: W,
    heard: bool,
}

impl<M, W: Fn(Update) -> M> Out<M, W> {
    async fn send(&mut self, update: Update) {
        self.heard |= !matches!(update, Update::Away(_));
        // Nobody receives any more: `follow` sees that itself.
        let _ = self.sender.send((self.wrap)(update)).await;
    }
}

/// Whether a stream is known to go on from what was handed on before. Sequence numbers alone cannot tell: a hub whose
/// data was replaced or restored gives the same numbers to other records. So the last record is asked for once more.
#[derive(Clone, Copy, PartialEq)]
enum Joint {
    /// Nothing but the connection yet.
    Open,
    /// The tick a resumed stream begins with; the last record is next, unless the hub has none of that number.
    Ticked(Timestamp),
    /// The last record came again, the same; or a snapshot.
    Made,
}

struct Follower<M, W> {
    hub: Hub,
    /// Of the last record or snapshot handed on.
    seq: u64,
    /// The last record handed on since the last snapshot. Without one there is nothing to join a stream to.
    last: Option<Box<Record>>,
    joint: Joint,
    out: Out<M, W>,
}

impl<M, W: Fn(Update) -> M> Follower<M, W> {
    /// Follows one stream to its end; how it ended.
    async fn follow_once(&mut self) -> ClientError {
        match self.try_follow().await {
            Ok(()) => ClientError::Away("the hub ended the stream".into()),
            Err(error) => error,
        }
    }

    async fn try_follow(&mut self) -> Result<(), ClientError> {
        self.joint = Joint::Open;
        let connecting = self.hub.events(self.last.as_ref().map(|record| record.seq - 1));
        let reply = tokio::time::timeout(SILENCE_MAX, connecting).await.map_err(|_| silence())??;
        let mut stream = SseStream::from_bytes_stream(reply.bytes_stream());
        while let Some(event) =
            tokio::time::timeout(SILENCE_MAX, stream.next()).await.map_err(|_| silence())?
        {
            let event = event.map_err(|error| ClientError::Away(error.to_string()))?;
            self.take(event).await?;
        }
        Ok(())
    }

    async fn take(&mut self, event: Sse) -> Result<(), ClientError> {
        let (Some(name), Some(data)) = (&event.event, &event.data) else { return Ok(()) };
        let Some(frame) = Frame::parse(name, data) else { return Ok(()) };
        match frame.map_err(|error| ClientError::Unreadable(error.to_string()))? {
            Frame::Snapshot(view) => {
                // A snapshot may stand for a changed plan; the plan is small and snapshots are rare.
                self.out.send(Update::Plan(Arc::new(self.hub.plan().await?))).await;
                (self.seq, self.last, self.joint) = (view.seq, None, Joint::Made);
                self.out.send(Update::Snapshot(view)).await;
            }
            Frame::Record(record) => self.take_record(record).await?,
            Frame::Tick { now } => match self.joint {
                Joint::Open => self.joint = Joint::Ticked(now),
                Joint::Ticked(_) => return Err(self.out_of_sequence("no record")),
                Joint::Made => self.out.send(Update::Tick(now)).await,
            },
        }
        Ok(())
    }

    async fn take_record(&mut self, record: Box<Record>) -> Result<(), ClientError> {
        if let Joint::Ticked(now) = self.joint
            && self.last.as_ref() == Some(&record)
        {
            self.joint = Joint::Made;
            self.out.send(Update::Tick(now)).await;
            return Ok(());
        }
        if self.joint != Joint::Made || record.seq != self.seq + 1 {
            return Err(self.out_of_sequence(&format!("record {}", record.seq)));
        }
        self.seq = record.seq;
        self.last = Some(record.clone());
        if let Event::PlanAdopted { plan } = &record.event {
            self.out.send(Update::Plan(plan.clone())).await;
        }
        self.out.send(Update::Record(record)).await;
        Ok(())
    }

    /// The next stream begins with a snapshot.
    fn out_of_sequence(&mut self, got: &str) -> ClientError {
        self.last = None;
        ClientError::Unreadable(format!("{got} where the stream should go on from record {}", self.seq))
    }
}

fn silence() -> ClientError {
    ClientError::Away(format!("nothing heard for {} s", SILENCE_MAX.as_secs()))
}
