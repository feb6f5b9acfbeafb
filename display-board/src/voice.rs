//! Calls, said aloud when the board was told to.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use hall_api::Call;
use hall_voice::{Announcement, Language, Report, Voice, VoiceConfig, VoiceError};

/// How this board speaks.
#[derive(Clone, Debug, clap::Args)]
pub struct VoiceArgs {
    /// 语音播报叫号 Say the calls aloud
    #[arg(long)]
    voice: bool,
    /// 播报语言，依次播报 Languages, said one after another
    #[arg(long, value_enum, value_delimiter = ',', default_value = "zh", requires = "voice")]
    voice_lang: Vec<VoiceLang>,
    /// 自备语音包目录，每种语言一个子目录 Folder with the hall's own voice packs, one folder a language
    #[arg(long, value_name = "DIR", requires = "voice")]
    voice_pack: Option<PathBuf>,
    /// 每次叫号播报几遍 How often a call is read
    #[arg(long, value_name = "N", default_value_t = 2, requires = "voice", value_parser = clap::value_parser!(u8).range(1..=3))]
    voice_times: u8,
    /// 号码中的 1 读作幺 Read the digit 1 of a number as yao
    #[arg(long, requires = "voice")]
    voice_yao: bool,
    /// 音量百分比 Loudness
    #[arg(long, value_name = "PERCENT", default_value_t = 100, requires = "voice", value_parser = clap::value_parser!(u8).range(0..=100))]
    voice_volume: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VoiceLang {
    Zh,
    En,
}

/// The board's voice.
#[derive(Debug)]
pub struct Announcer(Voice);

impl VoiceArgs {
    /// Starts the voice, if this board has one. A missing loudspeaker is no error: it is logged and waited for.
    pub fn start(&self) -> Result<Option<Announcer>, VoiceError> {
        if !self.voice {
            return Ok(None);
        }
        Ok(Some(Announcer(Voice::start(&self.config(), log)?)))
    }

    fn config(&self) -> VoiceConfig {
        let language = |lang: &VoiceLang| match lang {
            VoiceLang::Zh => Language::Zh,
            VoiceLang::En => Language::En,
        };
        let languages = self.voice_lang.iter().map(language).collect();
        VoiceConfig {
            languages,
            times: self.voice_times,
            yao: self.voice_yao,
            volume_percent: self.voice_volume,
            packs: self.voice_pack.clone(),
            ..VoiceConfig::default()
        }
    }
}

impl Announcer {
    /// Hands a call over that was made `age` ago; the voice drops it when it is too old to be said.
    pub fn announce(&self, call: &Call, age: Duration) {
        match Announcement::new(call.seq, call.number.as_str(), call.counter.0.into(), age) {
            // A refusal is logged by the voice.
            Ok(announcement) => _ = self.0.announce(announcement),
            Err(error) => tracing::warn!(seq = call.seq, %error, "call not said"),
        }
    }
}

fn log(report: Report) {
    if let Report::Started { key, call_to_voice, plan } = report {
        tracing::info!(
            seq = key.0,
            number = plan.number.as_str(),
            counter = plan.counter.get(),
            text = plan.text(),
            call_to_voice_ms = u64::try_from(call_to_voice.as_millis()).unwrap_or(u64::MAX),
            "announcement started"
        );
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Args {
        #[command(flatten)]
        voice: VoiceArgs,
    }

    #[test]
    fn what_the_voice_cannot_do_is_refused() {
        let check = |args: &str, accepted: bool| {
            let parsed = Args::try_parse_from(format!("hall-board {args}").split_whitespace());
            assert_eq!(parsed.is_ok_and(|args| args.voice.config().check().is_ok()), accepted, "{args}");
        };
        check("--voice", true);
        check("--voice --voice-lang zh,en --voice-times 3 --voice-yao --voice-volume 0", true);
        check("--voice --voice-times 0", false);
        check("--voice --voice-times 4", false);
        check("--voice --voice-volume 101", false);
        check("--voice-yao", false);
    }
}
