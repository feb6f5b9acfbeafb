//! The voice thread: takes calls, lets the queue choose, plays one after another, reports what was said. Without a
//! device it drops calls and looks for one in the background.

use crate::announcement::{Announcement, CallKey};
use crate::config::{ConfigError, VoiceConfig};
use crate::pack::{PackError, Packs, SAMPLE_RATE_HZ};
use crate::plan::VoicePlan;
use crate::queue::{DropReason, Queue};
use crate::speaker::{Notify, Signal, Speaker};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const INBOX_MAX: usize = 64;
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(30);
/// An utterance that takes so much longer than its samples last is on a device that has stopped.
const OVERDUE: Duration = Duration::from_secs(3);

/// What became of a call. Every call taken in ends in exactly one `Finished` or `Dropped`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Its first sample went to the device.
    Started {
        /// Which call.
        key: CallKey,
        /// From the call to the first sample: the age it was handed over with, and the time since.
        call_to_voice: Duration,
        /// What is being said.
        plan: VoicePlan,
    },
    /// It was said to the end.
    Finished {
        /// Which call.
        key: CallKey,
    },
    /// It was not said, or not to the end.
    Dropped {
        /// Which call.
        key: CallKey,
        /// Why not.
        why: DropReason,
    },
}

/// A running voice. Dropping it ends the sound and the thread.
#[derive(Debug)]
pub struct Voice {
    inbox: SyncSender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl Voice {
    /// Loads the packs and starts the voice thread. `on_report` is called on that thread and should return soon.
    ///
    /// # Errors
    /// [`VoiceError`] for a configuration or a pack that cannot be used. A missing loudspeaker is none: it is
    /// logged once and looked for in the background, and calls are dropped until it is there.
    pub fn start(
        config: &VoiceConfig,
        on_report: impl FnMut(Report) + Send + 'static,
    ) -> Result<Self, VoiceError> {
        config.check()?;
        let packs = Packs::load(config)?;
        let (inbox, messages) = sync_channel(INBOX_MAX);
        let signals = inbox.clone();
        let worker = Worker {
            config: config.clone(),
            packs,
            queue: Queue::new(Duration::from_millis(config.stale_after_ms)),
            device: Device::Away { retry_at: Instant::now(), wait: Duration::ZERO },
            notify: Arc::new(move |signal| drop(signals.try_send(Message::Signal(signal)))),
            speaking: None,
            streams: 0,
            utterances: 0,
            on_report,
        };
        let thread = std::thread::Builder::new().name("voice".to_owned());
        let thread = thread.spawn(move || worker.run(&messages)).map_err(VoiceError::Thread)?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    /// Hands a call over; never blocks. `false` if the voice is too far behind to take it (then it is logged, and
    /// no report follows).
    pub fn announce(&self, call: Announcement) -> bool {
        match self.inbox.try_send(Message::Announce(call, Instant::now())) {
            Ok(()) => true,
            Err(TrySendError::Full(message) | TrySendError::Disconnected(message)) => {
                tracing::warn!(?message, "the voice takes no more calls");
                false
            }
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        let _ = self.inbox.send(Message::Stop);
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the voice thread panicked");
        }
    }
}

/// Why a voice could not be started.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// A value out of range.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A voice pack that cannot be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The system gave no thread.
    #[error("no thread for the voice: {0}")]
    Thread(std::io::Error),
}

#[derive(Debug)]
enum Message {
    Announce(Announcement, Instant),
    Signal(Signal),
    Stop,
}

struct Worker<R> {
    config: VoiceConfig,
    packs: Packs,
    queue: Queue,
    device: Device,
    notify: Notify,
    speaking: Option<Speaking>,
    streams: u64,
    utterances: u64,
    on_report: R,
}

enum Device {
    Open(Speaker),
    Away { retry_at: Instant, wait: Duration },
}

struct Speaking {
    utterance: u64,
    plan: VoicePlan,
    key: CallKey,
    /// The call's age when the utterance was handed to the device, and that moment.
    age: Duration,
    since: Instant,
    overdue_at: Instant,
}

impl<R: FnMut(Report)> Worker<R> {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            self.step(Instant::now());
            let Some(message) = self.wait(messages) else { continue };
            // All that has come in is taken in first, so that brevity is chosen knowing the whole burst.
            for message in std::iter::once(message).chain(messages.try_iter()) {
                match message {
                    Message::Announce(call, received) => {
                        if let Some((key, why)) = self.queue.push(call, received) {
                            self.dropped(key, why);
                        }
                    }
                    Message::Signal(signal) => self.signalled(signal),
                    Message::Stop => return self.close_device(Duration::ZERO),
                }
            }
        }
    }

    /// The next message, or `None` when a deadline has come.
    fn wait(&self, messages: &Receiver<Message>) -> Option<Message> {
        let deadline = match (&self.device, &self.speaking) {
            (Device::Away { retry_at, .. }, _) => Some(*retry_at),
            (Device::Open(_), speaking) => speaking.as_ref().map(|speaking| speaking.overdue_at),
        };
        let received = match deadline {
            Some(at) => messages.recv_timeout(at.saturating_duration_since(Instant::now())),
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
        }
    }

    fn step(&mut self, now: Instant) {
        if self.speaking.as_ref().is_some_and(|speaking| now >= speaking.overdue_at) {
            self.lose_device("it takes no sound");
        }
        self.look_for_device(now);
        if matches!(self.device, Device::Away { .. }) {
            for key in self.queue.drop_all() {
                self.dropped(key, DropReason::NoDevice);
            }
        } else if self.speaking.is_none() {
            self.say_next(now);
        }
    }

    fn say_next(&mut self, now: Instant) {
        let next = self.queue.next(now);
        for key in next.stale {
            self.dropped(key, DropReason::Stale);
        }
        let (Some((call, age, brevity)), Device::Open(speaker)) = (next.say, &self.device) else { return };
        let plan = VoicePlan::new(&self.config, &call, brevity);
        let samples = self.packs.render(&plan, self.config.volume_percent);
        let lasts = Duration::from_secs_f64(samples.len() as f64 / f64::from(SAMPLE_RATE_HZ));
        self.utterances += 1;
        let utterance = self.utterances;
        tracing::info!(key = call.key.0, text = plan.text(), ?brevity, ?lasts, "saying");
        speaker.say(utterance, samples);
        let overdue_at = now + lasts + OVERDUE;
        self.speaking = Some(Speaking { utterance, plan, key: call.key, age, since: now, overdue_at });
    }

    fn signalled(&mut self, signal: Signal) {
        match signal {
            Signal::Sounding { utterance } => {
                if let Some(speaking) = self.speaking.as_ref().filter(|now| now.utterance == utterance) {
                    let call_to_voice = speaking.age + speaking.since.elapsed();
                    let (key, plan) = (speaking.key, speaking.plan.clone());
                    (self.on_report)(Report::Started { key, call_to_voice, plan });
                }
            }
            Signal::Ended { utterance } => {
                if let Some(said) = self.speaking.take_if(|now| now.utterance == utterance) {
                    (self.on_report)(Report::Finished { key: said.key });
                }
            }
            Signal::Lost { stream, reason } if stream == self.streams => self.lose_device(&reason),
            Signal::Lost { .. } => {}
        }
    }

    fn look_for_device(&mut self, now: Instant) {
        let Device::Away { retry_at, wait } = self.device else { return };
        if now < retry_at {
            return;
        }
        self.streams += 1;
        match Speaker::open(self.streams, self.notify.clone()) {
            Ok(speaker) => self.device = Device::Open(speaker),
            Err(error) => {
                // Once, when it is first missed; later attempts are no news.
                if wait.is_zero() {
                    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                    warn_no_device(&format!("{error}{}", cause.unwrap_or_default()));
                }
                let wait = (wait * 2).clamp(RETRY_FIRST, RETRY_MAX);
                self.device = Device::Away { retry_at: Instant::now() + wait, wait };
            }
        }
    }

    fn lose_device(&mut self, reason: &str) {
        if matches!(self.device, Device::Open(_)) {
            warn_no_device(reason);
            self.close_device(RETRY_FIRST);
        }
        if let Some(cut_off) = self.speaking.take() {
            self.dropped(cut_off.key, DropReason::NoDevice);
        }
    }

    fn close_device(&mut self, wait: Duration) {
        let away = Device::Away { retry_at: Instant::now() + wait, wait };
        if let Device::Open(speaker) = std::mem::replace(&mut self.device, away) {
            speaker.close();
        }
    }

    fn dropped(&mut self, key: CallKey, why: DropReason) {
        tracing::info!(key = key.0, ?why, "call not said");
        (self.on_report)(Report::Dropped { key, why });
    }
}

fn warn_no_device(reason: &str) {
    tracing::warn!(
        reason,
        "没有可用的扬声器，叫号只显示不播报 / no loudspeaker: calls are shown but not said until there is one"
    );
}
