//! A loudspeaker that is a file: what a board says can be measured.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::program_path;

/// How often the recording is looked at while waiting for it.
const LOOK_EVERY: Duration = Duration::from_millis(2);
const WAV_HEADER_BYTES: u64 = 44;

/// A simulated loudspeaker writing a WAV file at the pace of sound.
pub struct Recorder {
    /// What to set `ALSA_CONFIG_PATH` to.
    pub config: PathBuf,
    wav: PathBuf,
}

impl Recorder {
    /// Prepares the device, its configuration in `folder`.
    pub fn new(folder: &Path, wav: &Path) -> Result<Self> {
        let config = folder.join("asound.conf");
        let mut loudspeaker = Command::new(program_path("hall-loudspeaker")?);
        let printed = loudspeaker.arg("--out").arg(wav).arg("--conf").output()?;
        std::fs::write(&config, printed.stdout).with_context(|| format!("writing {}", config.display()))?;
        Ok(Self { config, wav: wav.to_owned() })
    }

    /// Waits for the first sound, which is when the recording begins; returns the moment it was seen.
    pub fn wait_sound(&self, deadline: Instant) -> Result<Instant> {
        while self.bytes() <= WAV_HEADER_BYTES {
            if Instant::now() > deadline {
                bail!("no sound came in time");
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
        Ok(Instant::now())
    }

    /// Waits until nothing has sounded for `quiet`.
    pub fn wait_quiet(&self, quiet: Duration, deadline: Instant) -> Result<()> {
        let (mut last, mut since) = (self.bytes(), Instant::now());
        while since.elapsed() < quiet {
            if Instant::now() > deadline {
                bail!("the voice did not come to an end in time");
            }
            std::thread::park_timeout(LOOK_EVERY);
            let now = self.bytes();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(())
    }

    /// The largest sample of the whole recording, 0 to 1.
    pub fn peak(&self) -> Result<f64> {
        let bytes = std::fs::read(&self.wav).with_context(|| format!("reading {}", self.wav.display()))?;
        let (pairs, _) = bytes.get(WAV_HEADER_BYTES as usize..).unwrap_or_default().as_chunks();
        let loudest = pairs.iter().map(|pair| i16::from_le_bytes(*pair).unsigned_abs()).max();
        Ok(f64::from(loudest.unwrap_or(0)) / 32_768.0)
    }

    fn bytes(&self) -> u64 {
        std::fs::metadata(&self.wav).map_or(0, |metadata| metadata.len())
    }
}
