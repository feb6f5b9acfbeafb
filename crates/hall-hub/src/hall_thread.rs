//! The one thread that owns the hall and its journal. It takes a command and whatever else waits, decides and applies
//! each, writes one transaction, and only then publishes and replies. When a write fails it answers nothing and ends:
//! memory is then ahead of the disk, and only a restart makes them one again.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use hall_core::{Command, Event, Hall, Record, Rejection, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::clock::Clock;
use crate::data_dir::DataDir;
use crate::feed::Feed;
use crate::journal::{Entry, Journal, JournalError};
use crate::key::{Key, KeyUse, SeenKeys};
use crate::metrics::Metrics;
use crate::persons::Persons;

/// Commands that may wait; beyond them the hub says it is busy.
const QUEUE_MAX: usize = 1024;
/// Of these, how many may only want to look; more of them wait their turn, so that phones cannot crowd out counters.
const LOOKS_MAX: usize = 64;
/// Rounds of what the clock demands in one turn: calls that counters make by themselves bring on others.
const DUE_ROUNDS_MAX: usize = 10_000;
/// Commands in one transaction.
const BATCH_MAX: usize = 512;
/// Longest idling: a system clock set forward is noticed after this long.
const IDLE_MAX: Duration = Duration::from_secs(60);
/// How often the time is kept while hall time is not the system's.
const MARK_EVERY: Duration = Duration::from_secs(1);

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// What it made happen; empty when nothing had to.
    pub records: Vec<Record>,
    /// The last of `records`, or of the journal.
    pub seq: u64,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// The hall's rules forbid it.
    Rejected(Rejection),
    /// Its key stood for another command before.
    KeyReused,
    /// Too many commands wait.
    Busy,
    /// The hub stops; whether the command was written is unknown, so the same key is to be sent again later.
    Stopping,
}

type Look = Box<dyn FnOnce(&Hall, Timestamp) + Send>;

enum Ask {
    Command { command: Command, used: Option<KeyUse>, reply: oneshot::Sender<Result<Outcome, Refusal>> },
    Look { look: Look, _turn: OwnedSemaphorePermit },
    Stop,
}

/// How the rest of the hub speaks to the hall thread.
#[derive(Clone)]
pub(crate) struct HallHandle {
    asks: SyncSender<Ask>,
    looks: Arc<Semaphore>,
}

impl HallHandle {
    /// Carries out a command. Its records are on the disk when this returns them.
    pub async fn carry_out(&self, command: Command, key: Option<Key>) -> Result<Outcome, Refusal> {
        let (reply, answer) = oneshot::channel();
        let used = key.map(|key| KeyUse::new(key, &command));
        self.ask(Ask::Command { command, used, reply })?;
        answer.await.unwrap_or(Err(Refusal::Stopping))
    }

    /// The same, for a thread that may wait.
    pub fn carry_out_blocking(&self, command: Command) -> Result<Outcome, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.ask(Ask::Command { command, used: None, reply })?;
        answer.blocking_recv().unwrap_or(Err(Refusal::Stopping))
    }

    /// Lets `look` see the state as of the last commit. Everybody waits meanwhile: it must be quick.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Hall, Timestamp) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        // It goes with the question: whoever asks and leaves does not make room for another question.
        let turn = self.looks.clone().acquire_owned().await.map_err(|_| Refusal::Stopping)?;
        let (reply, answer) = oneshot::channel();
        let look = Box::new(move |hall: &Hall, now: Timestamp| {
            // Whoever asked may have gone.
            let _ = reply.send(look(hall, now));
        });
        self.ask(Ask::Look { look, _turn: turn })?;
        answer.await.map_err(|_| Refusal::Stopping)
    }

    /// Lets the thread finish what waits and end. Waits for room in the queue.
    pub fn stop(&self) {
        // A thread that has ended needs no telling.
        let _ = self.asks.send(Ask::Stop);
    }

    fn ask(&self, ask: Ask) -> Result<(), Refusal> {
        self.asks.try_send(ask).map_err(|error| match error {
            TrySendError::Full(_) => Refusal::Busy,
            TrySendError::Disconnected(_) => Refusal::Stopping,
        })
    }
}

/// Everything the thread owns.
pub(crate) struct HallThread {
    pub hall: Hall,
    pub seen_keys: SeenKeys,
    pub seq: u64,
    pub journal: Journal,
    pub clock: Arc<Clock>,
    pub feed: Arc<Feed>,
    pub metrics: Arc<Metrics>,
    pub persons: Arc<Persons>,
    /// Where committed records go for the forecast.
    pub observers: Sender<Vec<Record>>,
    /// Hall time will not get beyond this without being marked again.
    pub marked_until: Timestamp,
    /// Held so that no other hub opens the journal before this thread has ended.
    pub data_dir: DataDir,
}

impl HallThread {
    /// Starts the thread. The receiver wakes when it has ended, for whatever reason.
    pub fn spawn(self) -> std::io::Result<(HallHandle, Running)> {
        let (asks, waiting) = sync_channel(QUEUE_MAX);
        let (alive, ended) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("hall".into()).spawn(move || {
            let _alive = alive;
            self.run(&waiting)
        })?;
        let looks = Arc::new(Semaphore::new(LOOKS_MAX));
        Ok((HallHandle { asks, looks }, Running { thread, ended }))
    }

    fn run(mut self, asks: &Receiver<Ask>) -> Result<(), JournalError> {
        loop {
            let first = match asks.recv_timeout(self.idle_time()) {
                Ok(ask) => Some(ask),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if self.turn(first.into_iter().chain(asks.try_iter()).take(BATCH_MAX))? {
                self.finish(asks)?;
                break;
            }
        }
        self.journal.checkpoint()
    }

    /// Answers what still waits.
    fn finish(&mut self, asks: &Receiver<Ask>) -> Result<(), JournalError> {
        let mut left = asks.try_iter().peekable();
        while left.peek().is_some() {
            self.turn(left.by_ref().take(BATCH_MAX))?;
        }
        Ok(())
    }

    /// How long there is nothing to do unless somebody asks.
    fn idle_time(&self) -> Duration {
        let now = self.clock.now();
        let until_ms = self.hall.next_deadline(now).map_or(i64::MAX, |at| at.as_ms() - now.as_ms());
        let most = if self.clock.offset_ms() == 0 { IDLE_MAX } else { MARK_EVERY };
        Duration::from_millis(until_ms.max(1) as u64).min(most)
    }

    /// One round: decide, apply, write, publish, reply. Says whether the thread is asked to stop.
    fn turn(&mut self, asks: impl Iterator<Item = Ask>) -> Result<bool, JournalError> {
        let now = self.clock.now();
        let mut commit = Vec::new();
        let (mut answers, mut looks) = (Vec::new(), Vec::new());
        let mut stop = false;
        self.decide_due(now, &mut commit);
        for ask in asks {
            match ask {
                Ask::Command { command, used, reply } => {
                    answers.push((reply, self.carry_out(&command, used, now, &mut commit)?));
                    self.decide_due(now, &mut commit);
                }
                Ask::Look { look, .. } => looks.push(look),
                Ask::Stop => stop = true,
            }
        }
        self.write(&commit, now)?;
        for (reply, answer) in answers {
            // Whoever asked may have gone; the command stands.
            let _ = reply.send(answer);
        }
        for look in looks {
            look(&self.hall, now);
        }
        Ok(stop)
    }

    /// What the clock demands: business days end and begin, timers run out, counters call by themselves.
    pub fn decide_due(&mut self, now: Timestamp, commit: &mut Vec<Entry>) {
        for _ in 0..DUE_ROUNDS_MAX {
            let due = self.hall.due(now);
            if due.is_empty() {
                return;
            }
            for command in due {
                if let Err(rejection) = self.decide(&command, None, now, commit) {
                    tracing::error!(?command, %rejection, "a due command was refused");
                }
            }
        }
        tracing::error!(due = ?self.hall.due(now), "the clock demands the same again and again");
    }

    /// Decides a command and takes its events into the state and into the commit to be written.
    pub fn decide(
        &mut self,
        command: &Command,
        used: Option<KeyUse>,
        now: Timestamp,
        commit: &mut Vec<Entry>,
    ) -> Result<(), Rejection> {
        for event in self.hall.decide(command, now)? {
            self.seq += 1;
            self.hall.apply(&event, now);
            if matches!(event, Event::DayOpened { .. }) {
                self.seen_keys.begin_day();
            }
            if let Some(used) = &used {
                self.seen_keys.remember(used, self.seq);
            }
            commit.push(Entry { record: Record { seq: self.seq, at: now, event }, used: used.clone() });
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        command: &Command,
        used: Option<KeyUse>,
        now: Timestamp,
        commit: &mut Vec<Entry>,
    ) -> Result<Result<Outcome, Refusal>, JournalError> {
        if let Some(used) = &used
            && let Some(seen) = self.seen_keys.get(&used.key)
        {
            if seen.fingerprint != used.fingerprint {
                return Ok(Err(Refusal::KeyReused));
            }
            let records = self.records(seen.first_seq, seen.count, commit)?;
            let seq = seen.first_seq + u64::from(seen.count) - 1;
            return Ok(Ok(Outcome { records, seq }));
        }
        let first = commit.len();
        if let Err(rejection) = self.decide(command, used, now, commit) {
            return Ok(Err(Refusal::Rejected(rejection)));
        }
        let records = commit[first..].iter().map(|entry| entry.record.clone()).collect();
        Ok(Ok(Outcome { records, seq: self.seq }))
    }

    /// Records made before: on the disk, or in the commit that is being put together.
    fn records(&self, first: u64, count: u32, commit: &[Entry]) -> Result<Vec<Record>, JournalError> {
        let pending = commit.iter().map(|entry| &entry.record).skip_while(|record| record.seq < first);
        let pending: Vec<Record> = pending.take(count as usize).cloned().collect();
        match pending.first() {
            Some(record) if record.seq == first => Ok(pending),
            _ => self.journal.read(first, count),
        }
    }

    /// Makes a commit durable, then lets everybody see it.
    pub fn write(&mut self, commit: &[Entry], now: Timestamp) -> Result<(), JournalError> {
        let mark = self.time_to_mark(now);
        if commit.is_empty() && mark.is_none() {
            return Ok(());
        }
        let started = Instant::now();
        self.journal.append(commit, mark)?;
        self.turn_person_key(commit)?;
        self.marked_until = mark.unwrap_or(self.marked_until);
        self.metrics.count_commit(commit.len(), started.elapsed());
        commit.iter().for_each(|entry| self.metrics.count_event(&entry.record.event));
        self.warn_of_calendar(commit);
        self.feed.publish(commit.iter().map(|entry| &entry.record));
        let observed = commit.iter().map(|entry| entry.record.clone()).collect();
        // The forecast ends before the hall does.
        let _ = self.observers.send(observed);
        Ok(())
    }

    fn warn_of_calendar(&self, commit: &[Entry]) {
        let Some(plan) = self.hall.plan() else { return };
        let opened = commit.iter().filter_map(|entry| match &entry.record.event {
            Event::DayOpened { day, .. } => plan.year_without_holidays(*day),
            Event::PlanAdopted { plan } => plan.year_without_holidays(plan.date(entry.record.at)),
            _ => None,
        });
        if let Some(year) = opened.max() {
            tracing::warn!(
                year,
                "这一年的节假日数据尚未载入，按星期推算；请更新程序或方案的 calendar.years / the public holidays of this year are not known, its days follow the week: update the program or calendar.years"
            );
        }
    }

    /// A new key for persons with every day, and none once it has ended.
    fn turn_person_key(&self, commit: &[Entry]) -> Result<(), JournalError> {
        let turns = |event: &Event| matches!(event, Event::DayOpened { .. } | Event::DayClosed { .. });
        if commit.iter().any(|entry| turns(&entry.record.event)) {
            let open = self.hall.day().is_some_and(|day| day.open);
            self.persons.set_key_of_the_day(self.journal.turn_person_key(open)?);
        }
        Ok(())
    }

    /// While hall time is not the system's, the journal keeps how far it may get before the next mark: a hub started
    /// again must not begin earlier than what people have seen.
    fn time_to_mark(&self, now: Timestamp) -> Option<Timestamp> {
        let every_ms = MARK_EVERY.as_millis() as i64;
        let due = self.clock.offset_ms() != 0 && now.plus_ms(every_ms) >= self.marked_until;
        due.then(|| now.plus_ms(2 * every_ms))
    }
}

/// The running thread.
pub(crate) struct Running {
    pub thread: std::thread::JoinHandle<Result<(), JournalError>>,
    pub ended: oneshot::Receiver<()>,
}
