//! What a printer sends: one thread reads the line and sorts answers from what was not asked for. The owner of the line
//! takes answers from here, each with a deadline.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::line::{Ear, Heard};
use super::replies::{Reply, Sorter};
use super::session::Lost;

/// Answers nobody has asked for; beyond it the oldest go.
const REPLIES_MAX: usize = 64;

/// The reading side of one open line. Dropping it ends its thread.
pub struct Inbox {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    inside: Mutex<Inside>,
    came: Condvar,
}

#[derive(Default)]
struct Inside {
    replies: VecDeque<Reply>,
    /// The condition the printer last told by itself.
    asb: Option<[u8; 4]>,
    last_byte: Option<Instant>,
    lost: bool,
    closed: bool,
}

impl Inbox {
    pub fn open(ear: Ear) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let reader = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("printer-ear".into()).spawn(move || reader.read_from(ear))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// The next answer that `wanted` accepts; others stay. `None` when none came before `deadline`.
    pub fn wait_for(&self, deadline: Instant, wanted: impl Fn(Reply) -> bool) -> Result<Option<Reply>, Lost> {
        self.wait(deadline, |inside| {
            let found = inside.replies.iter().position(|reply| wanted(*reply));
            found.and_then(|at| inside.replies.remove(at))
        })
    }

    /// The condition the printer told by itself, once it has told any. `None` when it has not before `deadline`.
    pub fn wait_for_asb(&self, deadline: Instant) -> Result<Option<[u8; 4]>, Lost> {
        self.wait(deadline, |inside| inside.asb)
    }

    fn wait<T>(&self, deadline: Instant, look: impl Fn(&mut Inside) -> Option<T>) -> Result<Option<T>, Lost> {
        let mut inside = self.shared.lock();
        loop {
            if let Some(found) = look(&mut inside) {
                return Ok(Some(found));
            }
            if inside.lost {
                return Err(Lost);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let waited = self.shared.came.wait_timeout(inside, left);
            inside = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes everything that has come. Fails when the line is gone.
    pub fn take_all(&self) -> Result<Vec<Reply>, Lost> {
        let mut inside = self.shared.lock();
        if inside.lost { Err(Lost) } else { Ok(inside.replies.drain(..).collect()) }
    }

    /// The condition the printer last told by itself.
    pub fn asb(&self) -> Option<[u8; 4]> {
        self.shared.lock().asb
    }

    /// When the last byte came.
    pub fn last_byte(&self) -> Option<Instant> {
        self.shared.lock().last_byte
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that listens to the printer panicked");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_from(&self, mut ear: Ear) {
        let mut sorter = Sorter::default();
        let mut buffer = [0; 256];
        loop {
            let heard = ear.hear(&mut buffer);
            let mut inside = self.lock();
            match heard {
                Heard::Bytes(count) => {
                    inside.last_byte = Some(Instant::now());
                    buffer[..count].iter().for_each(|byte| sorter.take(*byte, |reply| inside.keep(reply)));
                }
                // An answer comes in one go: what stayed open was noise.
                Heard::Silence => sorter.give_up(|reply| inside.keep(reply)),
                Heard::Lost => inside.lost = true,
            }
            self.came.notify_all();
            if inside.lost || inside.closed {
                return;
            }
        }
    }
}

impl Inside {
    fn keep(&mut self, reply: Reply) {
        if let Reply::Automatic(asb) = reply {
            self.asb = Some(asb);
            return;
        }
        if self.replies.len() == REPLIES_MAX {
            self.replies.pop_front();
        }
        self.replies.push_back(reply);
    }
}
