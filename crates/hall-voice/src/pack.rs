//! Voice packs: a folder with `pack.toml` and one WAV a clip, or the same built into the program; wholly decoded at
//! load time. The format is described in `packs/README.md`.

use crate::clip::{Clip, needed};
use crate::config::{Language, VoiceConfig};
use crate::plan::VoicePlan;
use rodio::conversions::SampleRateConverter;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZero;
use std::path::PathBuf;
use std::{fmt, fs, io};

/// File name and content.
type EmbeddedFile = (&'static str, &'static [u8]);
include!(concat!(env!("OUT_DIR"), "/embedded_packs.rs"));

/// Every clip is held at this rate; recordings at the other allowed rate are converted once, at load time.
pub(crate) const SAMPLE_RATE_HZ: u32 = 22_050;
const SAMPLE_RATES_HZ: [u32; 2] = [16_000, SAMPLE_RATE_HZ];
const CLIP_MAX_S: u32 = 10;

/// `pack.toml`; everything is required, unknown keys are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    language: Language,
    source: String,
    licence: String,
    sample_rate_hz: u32,
}

/// The clips of every configured language, mono samples of −1 to 1 at [`SAMPLE_RATE_HZ`].
#[derive(Debug)]
pub(crate) struct Packs {
    clips: HashMap<(Language, Clip), Vec<f32>>,
}

impl Packs {
    /// Loads the packs of all configured languages; a fault names everything wrong with its pack at once.
    pub fn load(config: &VoiceConfig) -> Result<Self, PackError> {
        if let Some(packs) = config.packs.as_ref().filter(|packs| !packs.is_dir()) {
            return Err(PackError::NoFolder(packs.clone()));
        }
        let mut clips = HashMap::new();
        for &language in &config.languages {
            let folder = Folder::of(language, config);
            for (clip, samples) in load_pack(&folder, language, config.yao)? {
                clips.insert((language, clip), samples);
            }
        }
        Ok(Self { clips })
    }

    /// The samples of a whole plan, pauses and volume included.
    pub fn render(&self, plan: &VoicePlan, volume_percent: u8) -> Vec<f32> {
        let gain = f32::from(volume_percent) / 100.0;
        let mut samples = Vec::new();
        for (language, step) in plan.steps() {
            let clip = self.clips.get(&(language, step.clip)).map_or(&[][..], Vec::as_slice);
            samples.extend(clip.iter().map(|sample| sample * gain));
            let pause = u32::from(step.pause_after_ms) * SAMPLE_RATE_HZ / 1000;
            samples.resize(samples.len() + pause as usize, 0.0);
        }
        samples
    }
}

/// Where the files of one pack are.
enum Folder {
    OnDisk(PathBuf),
    BuiltIn(&'static str, &'static [EmbeddedFile]),
}

impl Folder {
    fn of(language: Language, config: &VoiceConfig) -> Self {
        let own = config.packs.as_ref().map(|packs| packs.join(language.code()));
        match own {
            Some(folder) if folder.is_dir() => Self::OnDisk(folder),
            _ => {
                let files = EMBEDDED.iter().find(|(name, _)| *name == language.code());
                Self::BuiltIn(language.code(), files.map_or(&[], |(_, files)| files))
            }
        }
    }

    fn read(&self, name: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::OnDisk(folder) => fs::read(folder.join(name)).map(Cow::Owned),
            Self::BuiltIn(_, files) => {
                let file = files.iter().find(|(file, _)| *file == name);
                file.map(|(_, bytes)| Cow::Borrowed(*bytes)).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnDisk(folder) => folder.display().fmt(f),
            Self::BuiltIn(name, _) => write!(f, "built-in {name}"),
        }
    }
}

fn load_pack(folder: &Folder, language: Language, yao: bool) -> Result<Vec<(Clip, Vec<f32>)>, PackError> {
    let manifest = read_manifest(folder)?;
    let fault = |reason: String| PackError::Manifest { pack: folder.to_string(), reason };
    if manifest.language != language {
        let (is, expected) = (manifest.language.code(), language.code());
        return Err(fault(format!("language = \"{is}\", in the folder of \"{expected}\"")));
    }
    if !SAMPLE_RATES_HZ.contains(&manifest.sample_rate_hz) {
        return Err(fault(format!("sample_rate_hz = {}, not 16000 or 22050", manifest.sample_rate_hz)));
    }
    let mut clips = Vec::new();
    let mut faults = Vec::new();
    for clip in needed(language, yao) {
        let file = format!("{clip}.wav");
        match read_clip(folder, &file, manifest.sample_rate_hz) {
            Ok(samples) => clips.push((clip, samples)),
            Err(fault) => faults.push((file, fault)),
        }
    }
    if !faults.is_empty() {
        return Err(PackError::Clips { pack: folder.to_string(), faults });
    }
    let Manifest { name, source, licence, .. } = manifest;
    tracing::info!(pack = %folder, name, source, licence, clips = clips.len(), "voice pack loaded");
    Ok(clips)
}

fn read_manifest(folder: &Folder) -> Result<Manifest, PackError> {
    let fault = |reason: String| PackError::Manifest { pack: folder.to_string(), reason };
    let bytes = folder.read("pack.toml").map_err(|error| fault(error.to_string()))?;
    toml::from_slice(&bytes).map_err(|error| fault(error.to_string()))
}

fn read_clip(folder: &Folder, file: &str, rate_hz: u32) -> Result<Vec<f32>, ClipFault> {
    let bytes = folder.read(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ClipFault::Missing,
        _ => ClipFault::Unreadable(error.to_string()),
    })?;
    let unreadable = |error: hound::Error| ClipFault::Unreadable(error.to_string());
    let wav = hound::WavReader::new(bytes.as_ref()).map_err(unreadable)?;
    let spec = wav.spec();
    if (spec.channels, spec.bits_per_sample, spec.sample_format) != (1, 16, hound::SampleFormat::Int)
        || spec.sample_rate != rate_hz
    {
        let (channels, bits, rate) = (spec.channels, spec.bits_per_sample, spec.sample_rate);
        return Err(ClipFault::Format(format!("{channels} channel(s), {bits} bit, {rate} Hz")));
    }
    if wav.duration() == 0 || wav.duration() > CLIP_MAX_S * rate_hz {
        return Err(ClipFault::Length);
    }
    let samples = wav.into_samples::<i16>().map(|sample| Ok(f32::from(sample?) / 32_768.0));
    Ok(at_common_rate(samples.collect::<Result<_, _>>().map_err(unreadable)?, rate_hz))
}

fn at_common_rate(samples: Vec<f32>, rate_hz: u32) -> Vec<f32> {
    match (NonZero::new(rate_hz), NonZero::new(SAMPLE_RATE_HZ)) {
        (Some(from), Some(to)) if from != to => {
            SampleRateConverter::new(samples.into_iter(), from, to, NonZero::<u16>::MIN).collect()
        }
        _ => samples,
    }
}

/// A pack that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The configured folder of packs is not there.
    #[error("没有语音包文件夹 / no folder of voice packs: {}", .0.display())]
    NoFolder(PathBuf),
    /// `pack.toml` is missing or wrong.
    #[error("语音包 {pack} 的 pack.toml 有误 / voice pack {pack}: pack.toml: {reason}")]
    Manifest {
        /// Which pack.
        pack: String,
        /// What is wrong.
        reason: String,
    },
    /// Clips that are missing or cannot be used, all of them, by file name.
    #[error("语音包 {pack} 缺少或无法使用 / voice pack {pack}, missing or unusable: {}", listed(.faults))]
    Clips {
        /// Which pack.
        pack: String,
        /// File name and what is wrong with it.
        faults: Vec<(String, ClipFault)>,
    },
}

fn listed(faults: &[(String, ClipFault)]) -> String {
    faults.iter().map(|(file, fault)| format!("{file} ({fault})")).collect::<Vec<_>>().join(", ")
}

/// What is wrong with a clip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClipFault {
    /// There is no such file.
    #[error("missing")]
    Missing,
    /// Not a WAV file, or it could not be read.
    #[error("{0}")]
    Unreadable(String),
    /// Not 16-bit mono at the pack's sample rate.
    #[error("{0}; expected 1 channel, 16 bit, the pack's sample rate")]
    Format(String),
    /// Empty, or longer than ten seconds.
    #[error("empty or longer than 10 s")]
    Length,
}

#[cfg(test)]
mod tests;
