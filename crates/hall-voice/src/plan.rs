//! All that will be said for one call: chime, languages, readings.

use crate::announcement::{Announcement, CounterNumber, TicketNumber};
use crate::clip::Clip;
use crate::config::{Language, VoiceConfig};
use crate::phrase::{Reading, Step, text};

/// How much of a call is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brevity {
    /// Chime, every language, as many readings as configured.
    Full,
    /// No chime, every language, one reading.
    Once,
    /// No chime, the first language only, one reading of only the number and the counter: A012, 3 号窗口.
    Terse,
}

impl Brevity {
    /// The rule under load, by how many calls wait behind the one about to be said: up to 1 in full, up to 3 once,
    /// beyond that only number and counter in the first language (three seconds to counter 3, four to
    /// counter 231: fifteen to twenty a minute).
    pub fn for_waiting(behind: usize) -> Self {
        match behind {
            0..=1 => Self::Full,
            2..=3 => Self::Once,
            _ => Self::Terse,
        }
    }
}

/// What will be said for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicePlan {
    /// The ticket called.
    pub number: TicketNumber,
    /// The counter it is called to.
    pub counter: CounterNumber,
    /// Whether the chime comes first.
    pub chime: bool,
    /// How often the reading is repeated.
    pub times: u8,
    reading: Vec<(Language, Vec<Step>)>,
}

const AFTER_CHIME_MS: u16 = 150;
const BETWEEN_LANGUAGES_MS: u16 = 350;
const BETWEEN_READINGS_MS: u16 = 500;
/// Longer than a sound card's buffer: when the last sample is taken, the last word has been heard.
const AFTER_ALL_MS: u16 = 150;

impl VoicePlan {
    /// The plan for this call; `config` must have passed [`VoiceConfig::check`].
    pub fn new(config: &VoiceConfig, call: &Announcement, brevity: Brevity) -> Self {
        let languages = match brevity {
            Brevity::Full | Brevity::Once => config.languages.len(),
            Brevity::Terse => 1,
        };
        let reading = |&language: &Language| {
            let reading = Reading { language, yao: config.yao, terse: brevity == Brevity::Terse };
            (language, reading.steps(&call.number, call.counter))
        };
        Self {
            number: call.number.clone(),
            counter: call.counter,
            chime: brevity == Brevity::Full,
            times: if brevity == Brevity::Full { config.times } else { 1 },
            reading: config.languages.iter().take(languages).map(reading).collect(),
        }
    }

    /// One reading in plain text, numbers in figures: `请 A012 号到 3 号窗口; Ticket A012, please go to counter 3`.
    /// It is read back from the clips, so comparing it with slip and board proves what is heard.
    pub fn text(&self) -> String {
        self.reading.iter().map(|(_, steps)| text(steps)).collect::<Vec<_>>().join("; ")
    }

    /// Every clip in the order it sounds, with the language whose pack it is from.
    pub(crate) fn steps(&self) -> Vec<(Language, Step)> {
        let mut all = Vec::new();
        if let (true, Some((language, _))) = (self.chime, self.reading.first()) {
            all.push((*language, Step { clip: Clip::Chime, pause_after_ms: AFTER_CHIME_MS }));
        }
        for _ in 0..self.times {
            for (language, steps) in &self.reading {
                all.extend(steps.iter().map(|&step| (*language, step)));
                pause(&mut all, BETWEEN_LANGUAGES_MS);
            }
            pause(&mut all, BETWEEN_READINGS_MS);
        }
        pause(&mut all, AFTER_ALL_MS);
        all
    }
}

fn pause(steps: &mut [(Language, Step)], pause_after_ms: u16) {
    if let Some((_, last)) = steps.last_mut() {
        last.pause_after_ms = pause_after_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_is_said_at_each_brevity() {
        let config = VoiceConfig { languages: vec![Language::Zh, Language::En], ..VoiceConfig::default() };
        let call = Announcement::new(1, "A012", 23, Duration::ZERO).unwrap();
        let both = "请 A012 号到 23 号窗口; Ticket A012, please go to counter 23";
        for (brevity, text, chimes, pleases) in [
            (Brevity::Full, both, 1, 2),
            (Brevity::Once, both, 0, 1),
            (Brevity::Terse, "A012 23 号窗口", 0, 0),
        ] {
            let plan = VoicePlan::new(&config, &call, brevity);
            let count = |clip| plan.steps().iter().filter(|(_, step)| step.clip == clip).count();
            assert_eq!(plan.text(), text);
            assert_eq!((count(Clip::Chime), count(Clip::Qing)), (chimes, pleases), "{brevity:?}");
        }
    }

    #[test]
    fn the_chime_is_of_the_first_language_and_first() {
        let config = VoiceConfig { languages: vec![Language::En, Language::Zh], ..VoiceConfig::default() };
        let call = Announcement::new(1, "A012", 23, Duration::ZERO).unwrap();
        let (language, first) = VoicePlan::new(&config, &call, Brevity::Full).steps()[0];
        assert_eq!((language, first.clip), (Language::En, Clip::Chime));
    }
}
