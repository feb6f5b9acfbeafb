//! One thread owns the port: prints what is queued, watches the printer in between, opens the port again when it is
//! gone. Only a job of which nothing was sent is tried again by itself.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::job::{Failure, Job, Outcome};
use super::port::Port;
use super::session::{Lost, Session};
use super::status::{Fault, Status};
use crate::Error;
use crate::profile::{Profile, Verified};

/// Slips that may wait; a citizen beyond them reads the number on the screen.
const QUEUE_MAX: usize = 8;
const POLL_EVERY: Duration = Duration::from_secs(1);
/// How soon an unplugged port is noticed between polls.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const BACKOFF_MIN: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(10);
/// Attempts at a job of which nothing was sent.
const ATTEMPTS_MAX: u32 = 2;

/// A printer on a serial port. Dropping it ends its thread after the queued slips.
pub struct Printer {
    queue: SyncSender<Order>,
    status: Arc<Mutex<Status>>,
}

struct Order {
    job: Job,
    outcome: SyncSender<Outcome>,
}

impl Printer {
    /// Starts the printer's thread. A port that is not there is no error: the status is [`Status::Away`] until it
    /// comes. `on_status` is called from that thread at every change; it must not block.
    pub fn spawn(
        port_path: impl Into<PathBuf>,
        profile: Profile,
        on_status: impl FnMut(Status) + Send + 'static,
    ) -> Result<Self, Error> {
        let (queue, orders) = sync_channel(QUEUE_MAX);
        let status = Arc::new(Mutex::new(Status::Away));
        if profile.meta.verified == Verified::Unverified {
            tracing::warn!(
                vendor = profile.meta.vendor,
                model = profile.meta.model,
                "unverified printer profile"
            );
        }
        let owner = Owner {
            port_path: port_path.into(),
            profile: Arc::new(profile),
            session: None,
            torn: None,
            backoff: BACKOFF_MIN,
            next_open: Instant::now(),
            next_poll: Instant::now(),
            next_id: 0,
            status: Arc::clone(&status),
            on_status: Box::new(on_status),
        };
        thread::Builder::new()
            .name("printer".into())
            .spawn(move || owner.run(orders))
            .map_err(Error::Thread)?;
        Ok(Self { queue, status })
    }

    /// Queues a slip. The receiver gets exactly one outcome, also when the queue is full.
    pub fn print(&self, job: Job) -> Receiver<Outcome> {
        let (outcome, receiver) = sync_channel(1);
        let order = Order { job, outcome };
        if let Err(refused) = self.queue.try_send(order) {
            let (order, why) = match refused {
                TrySendError::Full(order) => (order, Failure::QueueFull),
                TrySendError::Disconnected(order) => (order, Failure::Stopped),
            };
            order.answer(Outcome::FailedClean(why));
        }
        receiver
    }

    /// The condition last seen.
    pub fn status(&self) -> Status {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Order {
    fn answer(&self, outcome: Outcome) {
        if self.outcome.try_send(outcome).is_err() {
            tracing::debug!(?outcome, "nobody waits for the outcome of this slip");
        }
    }
}

/// A slip was broken off and is still in the printer.
#[derive(Clone, Copy)]
struct Torn {
    /// Zeros still to be sent to finish the command that may be open.
    zeros: usize,
}

/// The thread's own side.
struct Owner {
    port_path: PathBuf,
    profile: Arc<Profile>,
    session: Option<Session>,
    torn: Option<Torn>,
    backoff: Duration,
    next_open: Instant,
    next_poll: Instant,
    next_id: u32,
    status: Arc<Mutex<Status>>,
    on_status: Box<dyn FnMut(Status) + Send>,
}

impl Owner {
    fn run(mut self, orders: Receiver<Order>) {
        loop {
            self.watch();
            match orders.recv_timeout(LOOK_EVERY) {
                Ok(order) => {
                    let outcome = self.print(&order.job);
                    tracing::debug!(?outcome, status = ?self.shown(), "slip");
                    order.answer(outcome);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Between slips: opens a port that is away, notices one that was unplugged, asks the condition when due.
    fn watch(&mut self) {
        let now = Instant::now();
        if self.session.is_none() {
            if now >= self.next_open && self.open() {
                self.poll();
            }
        } else if now >= self.next_poll {
            self.poll();
        } else if self.with_session(Session::drain).is_none() {
            self.show(Status::Away);
        }
    }

    fn poll(&mut self) {
        let status = self.preflight();
        self.show(status);
        self.next_poll = Instant::now() + POLL_EVERY;
    }

    fn print(&mut self, job: &Job) -> Outcome {
        let mut outcome = Outcome::FailedClean(Failure::Away);
        for _ in 0..ATTEMPTS_MAX {
            outcome = self.attempt(job);
            if !matches!(outcome, Outcome::FailedClean(Failure::Away | Failure::Silent)) {
                break;
            }
        }
        outcome
    }

    fn attempt(&mut self, job: &Job) -> Outcome {
        tracing::debug!("Preflight");
        if self.session.is_none() && !self.open() {
            return Outcome::FailedClean(Failure::Away);
        }
        let status = self.preflight();
        self.show(status);
        if let Some(why) = refusal(status) {
            return Outcome::FailedClean(why);
        }
        let id = self.process_id();
        let Some(session) = &mut self.session else {
            return Outcome::FailedClean(Failure::Away);
        };
        let (outcome, lost) = match session.print(job, &self.profile, id) {
            Ok(outcome) => (outcome, false),
            Err((outcome, Lost)) => (outcome, true),
        };
        if matches!(outcome, Outcome::FailedPartial { .. }) || lost && outcome == Outcome::Unconfirmed {
            self.torn = Some(Torn { zeros: job.longest_command });
        }
        if lost {
            self.close();
            self.show(Status::Away);
        } else if outcome != Outcome::Printed {
            self.poll();
        }
        outcome
    }

    /// The printer's condition. A slip broken off earlier comes first: its open command would swallow the questions,
    /// and the paper is torn off as soon as the printer is ready for it.
    fn preflight(&mut self) -> Status {
        self.settle().unwrap_or(Status::Away)
    }

    fn settle(&mut self) -> Option<Status> {
        let profile = Arc::clone(&self.profile);
        if let Some(Torn { zeros }) = self.torn {
            if !self.with_session(|session| session.finish_command(zeros, &profile))? {
                return Some(Status::Fault(Fault::Busy));
            }
            self.torn = Some(Torn { zeros: 0 });
        }
        let status = self.with_session(|session| session.probe(&profile))?;
        if self.torn.is_some()
            && status.can_print()
            && self.with_session(|session| session.tear_off(&profile))?
        {
            tracing::warn!("tore off a slip that was broken off");
            self.torn = None;
        }
        Some(status)
    }

    /// Runs `talk` on the open port; closes a port that is lost. `None` without a port.
    fn with_session<T>(&mut self, talk: impl FnOnce(&mut Session) -> Result<T, Lost>) -> Option<T> {
        let result = talk(self.session.as_mut()?).ok();
        if result.is_none() {
            self.close();
        }
        result
    }

    fn open(&mut self) -> bool {
        match Port::open(&self.port_path, &self.profile.serial) {
            Ok(port) => {
                tracing::info!(port = %self.port_path.display(), "printer port open");
                self.session = Some(Session::new(port));
                self.backoff = BACKOFF_MIN;
                true
            }
            Err(error) => {
                tracing::debug!(port = %self.port_path.display(), %error, "printer port not there");
                self.next_open = Instant::now() + self.backoff;
                self.backoff = (self.backoff * 2).min(BACKOFF_MAX);
                self.show(Status::Away);
                false
            }
        }
    }

    fn close(&mut self) {
        tracing::warn!(port = %self.port_path.display(), "printer port lost");
        self.session = None;
        self.next_open = Instant::now() + BACKOFF_MIN;
    }

    /// Four printable characters, another for each slip.
    fn process_id(&mut self) -> [u8; 4] {
        self.next_id = (self.next_id + 1) % 10_000;
        [1000, 100, 10, 1].map(|place| b'0' + (self.next_id / place % 10) as u8)
    }

    fn shown(&self) -> Status {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&mut self, status: Status) {
        let before =
            std::mem::replace(&mut *self.status.lock().unwrap_or_else(PoisonError::into_inner), status);
        if before != status {
            tracing::info!(?before, ?status, "printer");
            (self.on_status)(status);
        }
    }
}

fn refusal(status: Status) -> Option<Failure> {
    match status {
        Status::Ready | Status::NearEnd => None,
        Status::Away => Some(Failure::Away),
        Status::Fault(Fault::Silent) => Some(Failure::Silent),
        Status::Fault(Fault::Busy) => Some(Failure::Busy),
        Status::PaperOut | Status::CoverOpen | Status::Fault(_) => Some(Failure::NotReady),
    }
}
