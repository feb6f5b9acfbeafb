//! What a hall may choose about its voice.

use serde::Deserialize;
use std::path::PathBuf;

/// A language calls are said in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// 普通话
    Zh,
    /// English
    En,
}

impl Language {
    /// The code used in `pack.toml` and as the pack's folder name: `zh`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of a code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Zh, Self::En].into_iter().find(|language| language.code() == code)
    }
}

/// The voice of one board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceConfig {
    /// Said one after another in each reading; the first one's pack gives the chime. Default: Chinese.
    pub languages: Vec<Language>,
    /// How often a call is read, 1 to 3. Default: 2.
    pub times: u8,
    /// Read the digit 1 of a ticket number as 幺 instead of 一 in Chinese. Default: no.
    pub yao: bool,
    /// Loudness of the clips, 0 to 100 percent. Default: 100; the amplifier sets the rest.
    pub volume_percent: u8,
    /// A call older than this when its turn comes is not said. Default: 30 000 ms.
    pub stale_after_ms: u64,
    /// A folder with the hall's own packs, one folder a language (`zh/`, `en/`). A language that has no folder
    /// there is said with the built-in pack.
    pub packs: Option<PathBuf>,
}

impl Default for VoiceConfig {
    fn default() -> Self {
        Self {
            languages: vec![Language::Zh],
            times: 2,
            yao: false,
            volume_percent: 100,
            stale_after_ms: 30_000,
            packs: None,
        }
    }
}

impl VoiceConfig {
    /// # Errors
    /// [`ConfigError`] with the first value out of range.
    pub fn check(&self) -> Result<(), ConfigError> {
        let repeated = (1..self.languages.len()).any(|at| self.languages[..at].contains(&self.languages[at]));
        if self.languages.is_empty() || repeated {
            return Err(ConfigError::Languages);
        }
        if !(1..=3).contains(&self.times) {
            return Err(ConfigError::Times(self.times));
        }
        if self.volume_percent > 100 {
            return Err(ConfigError::Volume(self.volume_percent));
        }
        Ok(())
    }
}

/// A value of [`VoiceConfig`] out of range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No language, or one twice.
    #[error("languages: 至少一种语言且不重复 / at least one language, none twice")]
    Languages,
    /// Not 1 to 3.
    #[error("times = {0}: 应为 1 至 3 / must be 1 to 3")]
    Times(u8),
    /// Above 100.
    #[error("volume_percent = {0}: 应为 0 至 100 / must be 0 to 100")]
    Volume(u8),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range() {
        let check = |change: fn(&mut VoiceConfig), expect| {
            let mut config = VoiceConfig::default();
            change(&mut config);
            assert_eq!(config.check(), expect);
        };
        check(|_| (), Ok(()));
        check(|config| config.languages.clear(), Err(ConfigError::Languages));
        check(|config| config.languages = vec![Language::En, Language::En], Err(ConfigError::Languages));
        check(|config| config.times = 0, Err(ConfigError::Times(0)));
        check(|config| config.volume_percent = 101, Err(ConfigError::Volume(101)));
    }
}
