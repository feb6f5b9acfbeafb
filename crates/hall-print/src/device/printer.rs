//! A printer and the thread that owns its line. Whoever hands in a slip gets exactly one outcome; the same slip handed in
//! twice is printed once.

mod owner;

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::address::Address;
use super::health::Health;
use super::job::{Failure, Job, Outcome};
use super::journal::{Ended, HandedIn, Journal, JournalError, Recovered};
use super::status::Status;
use crate::Error;
use crate::profile::{Profile, Verified};
use owner::Owner;

/// Slips that may wait; a citizen beyond them reads the number on the screen.
const QUEUE_MAX: usize = 8;

/// A printer on a serial port or in the network. Dropping it ends its thread after the queued slips.
pub struct Printer {
    queue: SyncSender<Order>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

/// What to print with.
#[derive(Debug)]
pub struct Setup {
    pub address: Address,
    pub profile: Profile,
    journal: Journal,
    recovered: Recovered,
}

impl Setup {
    /// A printer whose slips are remembered as long as the program runs.
    pub fn new(address: impl Into<Address>, profile: Profile) -> Self {
        let (journal, recovered) = (Journal::in_memory(), Recovered::default());
        Self { address: address.into(), profile, journal, recovered }
    }

    /// Keeps what becomes of each slip in `folder`, for this printer alone: across crashes, too.
    pub fn journal_in(mut self, folder: &std::path::Path) -> Result<Self, JournalError> {
        (self.journal, self.recovered) = Journal::open(folder)?;
        Ok(self)
    }
}

struct Shared {
    status: Mutex<Status>,
    journal: Mutex<Journal>,
    new_roll_dots: u64,
}

struct Order {
    key: String,
    job: Job,
    outcome: SyncSender<Outcome>,
}

impl Printer {
    /// Starts the printer's thread. A port that is not there is no error: the status is [`Status::Away`] until it
    /// comes. `on_status` is called from that thread at every change; it must not block.
    pub fn spawn(setup: Setup, on_status: impl FnMut(Status) + Send + 'static) -> Result<Self, Error> {
        let Setup { address, profile, journal, recovered } = setup;
        if profile.meta.verified == Verified::Unverified {
            tracing::warn!(
                vendor = profile.meta.vendor,
                model = profile.meta.model,
                "unverified printer profile"
            );
        }
        let new_roll_dots = profile.new_roll_dots();
        let shared = Arc::new(Shared {
            status: Mutex::new(Status::Away),
            journal: Mutex::new(journal),
            new_roll_dots,
        });
        let (queue, orders) = sync_channel(QUEUE_MAX);
        let owner = Owner::new(address, profile, Arc::clone(&shared), recovered, Box::new(on_status));
        let thread = thread::Builder::new()
            .name("printer".into())
            .spawn(move || owner.run(orders))
            .map_err(Error::Thread)?;
        Ok(Self { queue, shared, thread })
    }

    /// Ends the printer's thread and waits for it, so that what is due after the last slip is done, such as tearing off
    /// one that was broken off. Gives the condition seen last.
    pub fn finish(self) -> Status {
        let Self { queue, thread, shared } = self;
        drop(queue);
        if thread.join().is_err() {
            tracing::error!("the printer's thread panicked");
        }
        shared.status()
    }

    /// Queues a job. The receiver gets exactly one outcome, also when the queue is full. A `key` known from before is not
    /// printed again: the receiver gets the outcome it had, or `Unconfirmed` while it has none.
    pub fn print(&self, key: &str, job: Job) -> Receiver<Outcome> {
        let handed_in = self.shared.journal().queue(key, &job);
        match handed_in {
            HandedIn::New => self.hand_over(key, job),
            HandedIn::Known(outcome) => {
                tracing::warn!(key, ?outcome, "handed in twice, printed once");
                let (sender, receiver) = sync_channel(1);
                answer(&sender, outcome.unwrap_or(Outcome::Unconfirmed));
                receiver
            }
        }
    }

    fn hand_over(&self, key: &str, job: Job) -> Receiver<Outcome> {
        let (outcome, receiver) = sync_channel(1);
        if let Err(refused) = self.queue.try_send(Order { key: key.to_owned(), job, outcome }) {
            let (order, why) = match refused {
                TrySendError::Full(order) => (order, Failure::QueueFull),
                TrySendError::Disconnected(order) => (order, Failure::Stopped),
            };
            self.shared.end(&order, Outcome::FailedClean(why));
        }
        receiver
    }

    /// The condition last seen.
    pub fn status(&self) -> Status {
        self.shared.status()
    }

    /// How the printer is, with its roll.
    pub fn health(&self) -> Health {
        let status = self.status();
        let journal = self.shared.journal();
        let (jobs, unconfirmed) = journal.unconfirmed_of_last(Health::JOBS_MAX);
        let roll = journal.roll();
        Health {
            status,
            sheets: roll.sheets,
            roll: roll.forecast(self.shared.new_roll_dots),
            jobs,
            unconfirmed,
        }
    }

    /// Slips that have ended and of whose end the hall was not told, oldest first.
    pub fn unreported(&self) -> Vec<Ended> {
        self.shared.journal().unreported()
    }

    /// The hall knows how this slip ended.
    pub fn reported(&self, key: &str) {
        self.shared.journal().reported(key);
    }

    /// The last slips, newest first.
    pub fn latest(&self, count: usize) -> Vec<Ended> {
        self.shared.journal().latest(count)
    }

    /// Somebody put another roll in, of which the printer itself tells nothing.
    pub fn roll_changed(&self) {
        self.shared.journal().change_roll(false);
    }
}

impl Shared {
    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> Status {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `status` the one to show; gives the one before.
    fn set_status(&self, status: Status) -> Status {
        std::mem::replace(&mut *self.status.lock().unwrap_or_else(PoisonError::into_inner), status)
    }

    /// Writes how a job ended, then tells.
    fn end(&self, order: &Order, outcome: Outcome) {
        self.journal().end(&order.key, outcome);
        answer(&order.outcome, outcome);
    }
}

fn answer(receiver: &SyncSender<Outcome>, outcome: Outcome) {
    if receiver.try_send(outcome).is_err() {
        tracing::debug!(?outcome, "nobody waits for the outcome of this slip");
    }
}
