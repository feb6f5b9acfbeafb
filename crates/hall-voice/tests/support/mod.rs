//! Runs `hall-say` on a simulated device and looks at what sounded.
//!
//! There is no sound card to test on, so ALSA is given a private configuration (`ALSA_CONFIG_PATH`). Its `file` device
//! over `null` alone has no pace: ten seconds of speech are "played" in 20 ms, and an open stream fills a disk
//! with silence. Piped (`file "|program"`) into `hall-loudspeaker`, which reads 44 100 samples a second from a pipe cut
//! down to 4 KiB, writes block as they do on a real device. The `plug` in front converts from what rodio chooses
//! (48 kHz stereo float) to what the loudspeaker takes. `hall-loudspeaker --out FILE --conf` prints that configuration.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A private ALSA world in a temporary folder.
pub struct Sound {
    folder: tempfile::TempDir,
}

impl Sound {
    pub fn with_configuration(make: impl FnOnce(&Path) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("asound.conf"), make(folder.path())).unwrap();
        Self { folder }
    }

    /// A working loudspeaker.
    pub fn loudspeaker() -> Self {
        Self::with_configuration(loudspeaker_configuration)
    }

    pub fn wav_path(&self) -> PathBuf {
        wav_in(self.folder.path())
    }

    pub fn say(&self, arguments: &[&str]) -> Say {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hall-say"))
            .args(arguments)
            .env("ALSA_CONFIG_PATH", self.folder.path().join("asound.conf"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, reports) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Say { stdin: child.stdin.take(), child, reports, log: Some(log) }
    }
}

fn wav_in(folder: &Path) -> PathBuf {
    folder.join("call.wav")
}

pub fn loudspeaker_configuration(folder: &Path) -> String {
    let loudspeaker = Command::new(env!("CARGO_BIN_EXE_hall-loudspeaker"))
        .arg("--out")
        .arg(wav_in(folder))
        .arg("--conf")
        .output()
        .unwrap();
    String::from_utf8(loudspeaker.stdout).unwrap()
}

/// A running `hall-say`.
pub struct Say {
    child: Child,
    stdin: Option<ChildStdin>,
    reports: Receiver<String>,
    log: Option<JoinHandle<String>>,
}

impl Say {
    pub fn call(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The next line it reports, within 30 seconds.
    pub fn report(&self) -> String {
        self.reports.recv_timeout(Duration::from_secs(30)).expect("no report within 30 s")
    }

    /// No more calls: its success and its log.
    pub fn end(mut self) -> (bool, String) {
        drop(self.stdin.take());
        let success = self.child.wait().unwrap().success();
        (success, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Say {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What sounded.
pub struct Recording {
    samples: Vec<f32>,
    rate_hz: f32,
}

impl Recording {
    pub fn read(path: &Path) -> Self {
        let wav = hound::WavReader::open(path).unwrap();
        let rate_hz = wav.spec().sample_rate as f32;
        let samples = wav.into_samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32_768.0).collect();
        Self { samples, rate_hz }
    }

    pub fn duration_s(&self) -> f32 {
        self.samples.len() as f32 / self.rate_hz
    }

    pub fn peak(&self) -> f32 {
        self.samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    fn between(&self, from_s: f32, to_s: f32) -> &[f32] {
        &self.samples[(from_s * self.rate_hz) as usize..(to_s * self.rate_hz) as usize]
    }

    pub fn rms(&self, from_s: f32, to_s: f32) -> f32 {
        let samples = self.between(from_s, to_s);
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
    }

    /// The part of the energy that is within a few hertz of this frequency (Goertzel), 0 to 1.
    pub fn share_at(&self, from_s: f32, to_s: f32, frequency_hz: f32) -> f32 {
        let samples = self.between(from_s, to_s);
        let turn = 2.0 * (std::f32::consts::TAU * frequency_hz / self.rate_hz).cos();
        let (last, before) =
            samples.iter().fold((0.0, 0.0), |(last, before), sample| (sample + turn * last - before, last));
        let power = last * last + before * before - turn * last * before;
        let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
        2.0 * power / (energy * samples.len() as f32)
    }
}
