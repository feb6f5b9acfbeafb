//! The loudspeaker: the default output device with its stream kept open, so that an utterance starts at once.

use crate::pack::SAMPLE_RATE_HZ;
use rodio::cpal::{Error as StreamError, ErrorKind};
use rodio::{ChannelCount, DeviceSinkBuilder, DeviceSinkError, MixerDeviceSink, Sample, SampleRate, Source};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// What the audio thread tells the voice thread.
#[derive(Debug)]
pub(crate) enum Signal {
    /// The first samples of this utterance went to the device.
    Sounding { utterance: u64 },
    /// All samples of this utterance went to the device.
    Ended { utterance: u64 },
    /// This stream will not sound again.
    Lost { stream: u64, reason: String },
}

/// How signals leave the audio thread; it must never block.
pub(crate) type Notify = Arc<dyn Fn(Signal) + Send + Sync>;

/// A stream that hangs may hang while it is closed, too; it is not waited for longer than this.
const CLOSE_MAX: Duration = Duration::from_millis(500);

pub(crate) struct Speaker {
    sink: MixerDeviceSink,
    notify: Notify,
}

impl Speaker {
    /// Opens the default device. `stream` comes back in [`Signal::Lost`].
    pub fn open(stream: u64, notify: Notify) -> Result<Self, DeviceSinkError> {
        // alsa-lib writes a page to stderr whenever there is no device, at every retry.
        let messages = alsa::Output::local_error_handler();
        let on_error = {
            let notify = notify.clone();
            move |error: StreamError| match error.kind() {
                ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {
                    tracing::debug!(%error, "audio stream");
                }
                _ => notify(Signal::Lost { stream, reason: error.to_string() }),
            }
        };
        let opened = DeviceSinkBuilder::from_default_device()
            .and_then(|builder| builder.with_error_callback(on_error).open_sink_or_fallback());
        if let (Err(_), Ok(messages)) = (&opened, messages) {
            messages.borrow().buffer_string(|text| tracing::debug!(alsa = %String::from_utf8_lossy(text)));
        }
        let mut sink = opened?;
        sink.log_on_drop(false);
        tracing::info!(config = ?sink.config(), "loudspeaker open");
        Ok(Self { sink, notify })
    }

    /// Begins to sound `samples` (mono, [`SAMPLE_RATE_HZ`]).
    pub fn say(&self, utterance: u64, samples: Vec<f32>) {
        let notify = self.notify.clone();
        self.sink.mixer().add(Utterance { utterance, samples, at: 0, ended: false, notify });
    }

    /// Ends the sound.
    pub fn close(self) {
        let (closed, done) = sync_channel(1);
        std::thread::spawn(move || {
            drop(self.sink);
            let _ = closed.send(());
        });
        if done.recv_timeout(CLOSE_MAX).is_err() {
            tracing::warn!("the audio device does not let itself be closed");
        }
    }
}

struct Utterance {
    utterance: u64,
    samples: Vec<f32>,
    at: usize,
    ended: bool,
    notify: Notify,
}

/// rodio's rate converter takes the first samples when the utterance is added, before the device asks for any.
const SOUNDING_AT_SAMPLE: usize = 8;

impl Iterator for Utterance {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let sample = self.samples.get(self.at).copied();
        self.at += 1;
        if self.at == SOUNDING_AT_SAMPLE {
            (self.notify)(Signal::Sounding { utterance: self.utterance });
        }
        if sample.is_none() && !self.ended {
            self.ended = true;
            (self.notify)(Signal::Ended { utterance: self.utterance });
        }
        sample
    }
}

impl Source for Utterance {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        ChannelCount::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        const { NonZero::new(SAMPLE_RATE_HZ).unwrap() }
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
