//! The thread that owns a printer's line: prints what is queued, watches the printer in between, opens the line again when
//! it is gone. Only a job of which nothing was sent is tried again by itself.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use super::{Order, Shared};
use crate::device::address::Address;
use crate::device::job::{Failure, Job, Outcome};
use crate::device::journal::{Recovered, now_ms};
use crate::device::replies::ID_DIGITS;
use crate::device::roll::RollWatch;
use crate::device::session::{Lost, Session};
use crate::device::status::{Fault, Status};
use crate::profile::{Ack, Profile};

const POLL_EVERY: Duration = Duration::from_secs(1);
/// How soon an unplugged line is noticed between polls.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const BACKOFF_MIN: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(10);
/// Attempts at a job of which nothing was sent.
const ATTEMPTS_MAX: u32 = 2;
/// How long a slip of before a restart waits for its printer.
const RECOVERED_WAIT: Duration = Duration::from_secs(60);

pub struct Owner {
    address: Address,
    profile: Arc<Profile>,
    session: Option<Session>,
    /// Slips of before the restart, of which nothing was sent.
    recovered: VecDeque<Order>,
    recovered_until: Instant,
    torn: Option<Torn>,
    /// Zeros that would finish any command of the job sent last.
    last_zeros: usize,
    /// Answers owed for slips of sessions before this one.
    owed_acks: u32,
    backoff: Duration,
    next_open: Instant,
    next_poll: Instant,
    next_id: u32,
    roll_watch: RollWatch,
    shared: Arc<Shared>,
    on_status: Box<dyn FnMut(Status) + Send>,
}

/// A slip was broken off and is still in the printer.
#[derive(Clone, Copy)]
struct Torn {
    /// Zeros still to be sent to finish the command that may be open.
    zeros: usize,
}

impl Owner {
    pub fn new(
        address: Address,
        profile: Profile,
        shared: Arc<Shared>,
        Recovered { to_print, torn }: Recovered,
        on_status: Box<dyn FnMut(Status) + Send>,
    ) -> Self {
        let order = |(key, job)| Order { key, job, outcome: sync_channel(1).0 };
        Self {
            address,
            profile: Arc::new(profile),
            session: None,
            recovered: to_print.into_iter().map(order).collect(),
            recovered_until: Instant::now() + RECOVERED_WAIT,
            torn: torn.map(|zeros| Torn { zeros }),
            last_zeros: 0,
            owed_acks: torn.is_some().into(),
            backoff: BACKOFF_MIN,
            next_open: Instant::now(),
            next_poll: Instant::now(),
            // Another one than before a restart: an answer of then must not be taken for one of now.
            next_id: now_ms().rem_euclid(10_000) as u32,
            roll_watch: RollWatch::default(),
            shared,
            on_status,
        }
    }

    pub fn run(mut self, orders: Receiver<Order>) {
        loop {
            self.watch();
            self.print_recovered();
            match orders.recv_timeout(LOOK_EVERY) {
                Ok(order) => self.carry_out(&order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn print_recovered(&mut self) {
        while let Some(order) = self.recovered.pop_front() {
            if self.shared.status().can_print() {
                tracing::info!(key = order.key, "a slip that waited before the restart is printed");
                self.carry_out(&order);
            } else if Instant::now() > self.recovered_until {
                self.shared.end(&order, Outcome::FailedClean(Failure::TooLate));
            } else {
                return self.recovered.push_front(order);
            }
        }
    }

    fn carry_out(&mut self, order: &Order) {
        let outcome = self.print(order);
        tracing::debug!(key = order.key, ?outcome, status = ?self.shared.status(), "slip");
        self.shared.end(order, outcome);
        if matches!(outcome, Outcome::Unconfirmed | Outcome::FailedPartial { .. }) && self.session.is_some() {
            self.poll();
        }
    }

    /// Between slips: opens a line that is away, notices one that is lost, asks the condition when due or when the
    /// printer has told something by itself.
    fn watch(&mut self) {
        let now = Instant::now();
        if self.session.is_none() {
            if now >= self.next_open && self.open() {
                self.poll();
            }
        } else if now >= self.next_poll || self.session.as_ref().is_some_and(Session::told_news) {
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

    fn print(&mut self, order: &Order) -> Outcome {
        let mut outcome = Outcome::FailedClean(Failure::Away);
        for _ in 0..ATTEMPTS_MAX {
            outcome = self.attempt(order);
            if !matches!(outcome, Outcome::FailedClean(Failure::Away | Failure::Silent)) {
                break;
            }
        }
        outcome
    }

    fn attempt(&mut self, Order { key, job, .. }: &Order) -> Outcome {
        tracing::debug!(key, "Preflight");
        if self.session.is_none() && !self.open() {
            return Outcome::FailedClean(Failure::Away);
        }
        let status = self.preflight();
        self.show(status);
        if let Some(why) = refusal(status) {
            return Outcome::FailedClean(why);
        }
        if let Err(error) = self.shared.journal().sending(key) {
            tracing::error!(%error, key, "not printed: after a crash it would be printed twice");
            return Outcome::FailedClean(Failure::Journal);
        }
        self.send(job)
    }

    fn send(&mut self, job: &Job) -> Outcome {
        let id = self.process_id();
        let Some(session) = &mut self.session else {
            return Outcome::FailedClean(Failure::Away);
        };
        self.last_zeros = job.longest_command;
        let (outcome, lost) = match session.print(job, &self.profile, id) {
            Ok(outcome) => (outcome, false),
            Err((outcome, Lost)) => (outcome, true),
        };
        // What stands on the paper is not known: the next slip begins on paper of its own.
        let unproven = outcome == Outcome::Unconfirmed && self.profile.status.ack != Ack::None;
        if unproven || matches!(outcome, Outcome::FailedPartial { .. }) {
            self.tear();
        }
        if lost {
            self.close();
            self.show(Status::Away);
        }
        outcome
    }

    /// The job sent last did not reach the printer to its end.
    fn tear(&mut self) {
        self.torn = Some(Torn { zeros: self.last_zeros });
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
        if self.session.as_mut().is_some_and(Session::take_cut_short) {
            self.tear();
        }
        if !status.can_print() {
            return Some(status);
        }
        if self.torn.is_some() {
            if !self.with_session(|session| session.tear_off(&profile))? {
                return Some(Status::Fault(Fault::Busy));
            }
            tracing::warn!("tore off a slip that was broken off");
            self.torn = None;
        }
        self.with_session(|session| session.catch_up(&profile))?;
        Some(status)
    }

    /// Runs `talk` on the open line; closes a line that is lost. `None` without a line.
    fn with_session<T>(&mut self, talk: impl FnOnce(&mut Session) -> Result<T, Lost>) -> Option<T> {
        let result = talk(self.session.as_mut()?).ok();
        if result.is_none() {
            self.close();
        }
        result
    }

    fn open(&mut self) -> bool {
        match Session::open(&self.address, &self.profile, self.owed_acks) {
            Ok(session) => {
                tracing::info!(printer = %self.address, "printer line open");
                self.session = Some(session);
                self.backoff = BACKOFF_MIN;
                true
            }
            Err(error) => {
                tracing::debug!(printer = %self.address, %error, "printer not there");
                self.next_open = Instant::now() + self.backoff;
                self.backoff = (self.backoff * 2).min(BACKOFF_MAX);
                self.show(Status::Away);
                false
            }
        }
    }

    fn close(&mut self) {
        tracing::warn!(printer = %self.address, "printer line lost");
        if let Some(session) = self.session.take() {
            self.owed_acks = session.owed_acks();
            if session.leaves_torn() {
                self.tear();
            }
        }
        self.next_open = Instant::now() + BACKOFF_MIN;
    }

    /// Four characters, others for each slip.
    fn process_id(&mut self) -> [u8; 4] {
        self.next_id = (self.next_id + 1) % 10_000;
        [1000, 100, 10, 1].map(|place| ID_DIGITS[(self.next_id / place % 10) as usize])
    }

    fn show(&mut self, status: Status) {
        let before = self.shared.set_status(status);
        if let Some(ran_out) = self.roll_watch.see(status) {
            tracing::info!(ran_out, "another roll of paper");
            self.shared.journal().change_roll(ran_out);
        }
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
