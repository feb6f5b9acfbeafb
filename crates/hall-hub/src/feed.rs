//! What terminals may see: the view as of the last commit and the latest records, ready to be sent. Subscribers hold a
//! position and take what comes after it, so none can be given a record twice or miss one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use hall_api::{Audience, Frame, View};
use hall_core::{Record, Timestamp};
use tokio::sync::watch;

use crate::json;

/// Records kept for terminals that reconnect or are slow; who needs an older one gets a snapshot.
pub(crate) const RING_MAX: usize = 4096;
/// Most records put into one write to a subscriber.
const CHUNK_RECORDS_MAX: u64 = 256;
/// A snapshot made for one subscriber serves others for so long, and with so many records after it.
const SNAPSHOT_AGE_MS_MAX: i64 = 1_000;
const SNAPSHOT_BEHIND_MAX: u64 = 256;

/// The feed of one hall.
pub(crate) struct Feed {
    /// Held only for moments: commits wait for it.
    state: Mutex<State>,
    /// The last snapshot of each audience; held while one is made, so that all who ask meanwhile share it. Taken before
    /// `state`.
    snapshots: [Mutex<Option<Snapshot>>; Audience::ALL.len()],
    position: watch::Sender<Position>,
}

/// How far the feed has come; changes wake the subscribers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    /// The last record published.
    pub seq: u64,
    /// No more will come: the hub stops.
    pub ended: bool,
}

/// The next bytes for a subscriber, and where it stands after them.
#[derive(Debug, PartialEq)]
pub(crate) struct Chunk {
    pub bytes: Bytes,
    pub seq: u64,
}

struct State {
    /// Shared with those who read it at their leisure.
    view: Arc<View>,
    /// Frames of the last records, one an audience; the newest is that of `view.seq`.
    ring: VecDeque<Framed>,
}

/// A record as each audience may see it; one piece of memory where all may see the same.
type Framed = [Bytes; Audience::ALL.len()];

#[derive(Clone)]
struct Snapshot {
    seq: u64,
    at: Timestamp,
    frame: Bytes,
    json: Bytes,
}

impl Feed {
    /// A feed that goes on from `view`, whose last records are `tail`.
    pub fn new(view: View, tail: impl IntoIterator<Item = Record>) -> Self {
        let ring = tail.into_iter().map(|record| framed(&record)).collect();
        let position = watch::Sender::new(Position { seq: view.seq, ended: false });
        Self {
            state: Mutex::new(State { view: Arc::new(view), ring }),
            snapshots: Default::default(),
            position,
        }
    }

    /// Takes in durable records and wakes the subscribers.
    pub fn publish<'a>(&self, records: impl Iterator<Item = &'a Record>) {
        let framed: Vec<_> = records.map(|record| (record, framed(record))).collect();
        let mut state = self.state();
        for (record, frames) in framed {
            let view = Arc::make_mut(&mut state.view);
            assert!(view.apply(record), "record {} was published after {}", record.seq, view.seq);
            if state.ring.len() == RING_MAX {
                state.ring.pop_front();
            }
            state.ring.push_back(frames);
        }
        let seq = state.view.seq;
        drop(state);
        self.position.send_modify(|position| position.seq = seq);
    }

    /// Ends all streams.
    pub fn end(&self) {
        self.position.send_modify(|position| position.ended = true);
    }

    pub fn subscribe(&self) -> watch::Receiver<Position> {
        self.position.subscribe()
    }

    /// The last record published.
    pub fn seq(&self) -> u64 {
        self.position.borrow().seq
    }

    /// The view as of the last commit, for staff's eyes.
    pub fn view(&self) -> Arc<View> {
        self.state().view.clone()
    }

    /// The view as JSON, as of the last commit.
    pub fn snapshot_json(&self, audience: Audience, now: Timestamp) -> Bytes {
        self.snapshot(audience, now, 0).json
    }

    /// Whether a subscriber that has seen `seq` can go on without a snapshot.
    pub fn can_resume_after(&self, seq: u64) -> bool {
        self.state().covers(seq)
    }

    /// What comes after `seq`: records while the ring has them, else a snapshot. Without `seq`, a snapshot.
    pub fn after(&self, seq: Option<u64>, audience: Audience, now: Timestamp) -> Chunk {
        if let Some(records) = seq.and_then(|seq| self.state().records_after(seq, audience)) {
            return records;
        }
        let Snapshot { seq, frame, .. } = self.snapshot(audience, now, SNAPSHOT_BEHIND_MAX);
        Chunk { bytes: frame, seq }
    }

    /// The last snapshot when it is new enough, else a new one: 500 boards that reconnect at once share it.
    fn snapshot(&self, audience: Audience, now: Timestamp, behind_max: u64) -> Snapshot {
        let mut last = self.snapshots[audience as usize].lock().unwrap_or_else(PoisonError::into_inner);
        let view = {
            let state = self.state();
            if let Some(last) = &*last
                && state.covers(last.seq)
                && state.view.seq - last.seq <= behind_max
                && now.as_ms() - last.at.as_ms() <= SNAPSHOT_AGE_MS_MAX
            {
                return last.clone();
            }
            state.view.clone()
        };
        let mut view = audience.view(&view).into_owned();
        view.now = view.now.max(Some(now));
        let frame = frame(Frame::SNAPSHOT, Some(view.seq), &view);
        let json = data_of(&frame);
        last.insert(Snapshot { seq: view.seq, at: now, frame, json }).clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether every record after `seq` is in the ring.
    fn covers(&self, seq: u64) -> bool {
        let ring_begins_after = self.view.seq - self.ring.len() as u64;
        (ring_begins_after..=self.view.seq).contains(&seq)
    }

    /// The records after `seq`, as many as go into one chunk; none when the ring has not all of them.
    fn records_after(&self, seq: u64, audience: Audience) -> Option<Chunk> {
        if !self.covers(seq) {
            return None;
        }
        let count = (self.view.seq - seq).min(CHUNK_RECORDS_MAX);
        let skip = self.ring.len() - (self.view.seq - seq) as usize;
        let frames = self.ring.range(skip..skip + count as usize);
        let mut frames = frames.map(|framed| &framed[audience as usize]);
        let bytes = match count {
            1 => frames.next().cloned().unwrap_or_default(),
            _ => frames.flatten().copied().collect(),
        };
        Some(Chunk { bytes, seq: seq + count })
    }
}

/// A tick with the time.
pub(crate) fn tick(now: Timestamp) -> Bytes {
    frame(Frame::TICK, None, &Frame::Tick { now })
}

fn framed(record: &Record) -> Framed {
    let frame = |record: &Record| frame(Frame::RECORD, Some(record.seq), record);
    let staff = Audience::Staff.record(record);
    let seen_by_staff = frame(&staff);
    let seen_by_all = match Audience::Public.record(record) {
        public if *public == *staff => seen_by_staff.clone(),
        public => frame(&public),
    };
    [seen_by_staff, seen_by_all]
}

fn frame(event: &str, id: Option<u64>, data: &impl serde::Serialize) -> Bytes {
    let data = json::text(data);
    match id {
        Some(id) => format!("id: {id}\nevent: {event}\ndata: {data}\n\n").into(),
        None => format!("event: {event}\ndata: {data}\n\n").into(),
    }
}

/// The JSON within a frame; JSON never holds a bare line break, so it is one line.
fn data_of(frame: &Bytes) -> Bytes {
    const DATA: &[u8] = b"\ndata: ";
    let from = frame.windows(DATA.len()).position(|window| window == DATA).map_or(0, |at| at + DATA.len());
    frame.slice(from..frame.len() - 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hall_core::{CounterNumber, Event};

    fn feed_with(records: u64) -> Feed {
        let feed = Feed::new(View::default(), []);
        publish(&feed, 1..=records);
        feed
    }

    fn publish(feed: &Feed, seqs: impl Iterator<Item = u64>) {
        let event = Event::CounterOpened { counter: CounterNumber(1), staff: None };
        let records: Vec<_> = seqs
            .map(|seq| Record { seq, at: Timestamp::from_ms(seq as i64), event: event.clone() })
            .collect();
        feed.publish(records.iter());
    }

    fn ids(chunk: &Chunk) -> Vec<u64> {
        let text = std::str::from_utf8(&chunk.bytes).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("id: ")?.parse().ok()).collect()
    }

    fn is_snapshot(chunk: &Chunk) -> bool {
        chunk.bytes.windows(15).any(|window| window == b"event: snapshot")
    }

    #[test]
    fn a_subscriber_gets_every_record_once_in_order() {
        let feed = feed_with(1000);
        let now = Timestamp::from_ms(5_000);
        let (mut at, mut got) = (0, Vec::new());
        while at < feed.seq() {
            let chunk = feed.after(Some(at), Audience::Staff, now);
            assert!(!is_snapshot(&chunk));
            got.extend(ids(&chunk));
            at = chunk.seq;
        }
        assert_eq!(got, (1..=1000).collect::<Vec<_>>());
        assert!(feed.after(Some(1000), Audience::Staff, now).bytes.is_empty());
    }

    #[test]
    fn who_is_behind_the_ring_or_ahead_of_the_journal_gets_a_snapshot() {
        let last = RING_MAX as u64 + 10;
        let feed = feed_with(last);
        let now = Timestamp::from_ms(1);
        for (seq, resumes) in
            [(None, false), (Some(9), false), (Some(10), true), (Some(last), true), (Some(last + 1), false)]
        {
            assert_eq!(is_snapshot(&feed.after(seq, Audience::Staff, now)), !resumes, "after {seq:?}");
            assert!(seq.is_none_or(|seq| feed.can_resume_after(seq) == resumes));
        }
    }

    #[test]
    fn a_snapshot_is_shared_while_it_is_new_and_goes_on_with_the_records_after_it() {
        let feed = feed_with(5);
        let made = feed.after(None, Audience::Staff, Timestamp::from_ms(100));
        publish(&feed, 6..=7);
        let shared = feed.after(None, Audience::Staff, Timestamp::from_ms(200));
        assert_eq!((shared.seq, shared.bytes.as_ptr()), (5, made.bytes.as_ptr()));
        assert_eq!(ids(&feed.after(Some(shared.seq), Audience::Staff, Timestamp::from_ms(200))), [6, 7]);
        let current = feed.snapshot_json(Audience::Staff, Timestamp::from_ms(300));
        assert_eq!(
            serde_json::from_slice::<View>(&current).unwrap().seq,
            7,
            "the view is asked for as it is"
        );
        assert_eq!(feed.snapshot_json(Audience::Staff, Timestamp::from_ms(400)).as_ptr(), current.as_ptr());
        publish(&feed, 8..=8);
        assert_eq!(feed.after(None, Audience::Staff, Timestamp::from_ms(2_000)).seq, 8, "too old to share");
    }

    #[test]
    fn frames_read_back_as_what_went_in() {
        let feed = feed_with(3);
        let json = feed.snapshot_json(Audience::Staff, Timestamp::from_ms(100));
        let view: View = serde_json::from_slice(&json).unwrap();
        assert_eq!((view.seq, view.now), (3, Some(Timestamp::from_ms(100))));
        let chunk = feed.after(Some(2), Audience::Staff, Timestamp::from_ms(100));
        insta::assert_snapshot!(std::str::from_utf8(&chunk.bytes).unwrap(), @r#"
id: 3
event: record
data: {"seq":3,"at":"1970-01-01T00:00:00.003Z","event":{"type":"counter_opened","counter":1}}
"#);
        insta::assert_snapshot!(std::str::from_utf8(&tick(Timestamp::from_ms(0))).unwrap(), @r#"
event: tick
data: {"now":"1970-01-01T00:00:00Z"}
"#);
    }

    #[test]
    fn each_audience_is_told_its_own() {
        let feed = feed_with(1);
        let plan = hall_core::Plan::from_toml(include_str!("../tests/hub/plan.toml")).unwrap();
        let mut issued = hall_core::Issued {
            ticket: hall_core::TicketId(1),
            number: hall_core::TicketNumber::new("A", 1),
            service: plan.services[0].id.clone(),
            class: hall_core::ClassId::ordinary(),
            standing: hall_core::Standing::at(Timestamp::from_ms(2)),
            ahead: 0,
            priority: false,
            language: None,
            needs: vec!["low-counter".into()],
            person: Some("f00d".into()),
            appointment: None,
            onward: Vec::new(),
        };
        let record = Record {
            seq: 2,
            at: Timestamp::from_ms(2),
            event: Event::TicketIssued(Box::new(issued.clone())),
        };
        issued.person = None;
        feed.publish([record].iter());
        let now = Timestamp::from_ms(3);
        let text = |bytes: Bytes| String::from_utf8(bytes.into()).unwrap();
        for (audience, needs) in [(Audience::Staff, true), (Audience::Public, false)] {
            for told in
                [text(feed.after(Some(1), audience, now).bytes), text(feed.snapshot_json(audience, now))]
            {
                assert_eq!(told.contains("low-counter"), needs, "{audience:?}: {told}");
                assert!(!told.contains("f00d"), "{audience:?}: {told}");
            }
        }
        let shared = [Audience::Staff, Audience::Public].map(|audience| feed.after(Some(0), audience, now));
        assert_ne!(shared[0].bytes, shared[1].bytes);
    }
}
