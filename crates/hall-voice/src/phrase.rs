//! One reading of a call in one language, as clips with the pauses between them; and back into text.

use crate::announcement::{CounterNumber, TicketNumber};
use crate::clip::Clip;
use crate::config::Language;

/// A clip and the silence after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub clip: Clip,
    pub pause_after_ms: u16,
}

/// How a call is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub language: Language,
    /// 幺 for the digit 1, in Chinese.
    pub yao: bool,
    /// Only number and counter: A 零一二, 三号窗口.
    pub terse: bool,
}

const BETWEEN_DIGITS_MS: u16 = 70;
const WITHIN_NUMBER_MS: u16 = 15;
const BETWEEN_WORDS_MS: u16 = 90;
const BEFORE_COUNTER_MS: u16 = 220;
const TERSE_DIGITS_MS: u16 = 30;
const TERSE_COUNTER_MS: u16 = 150;

impl Reading {
    /// 请 A 零一二 号到 二十三 号窗口 — Ticket A 0 1 2, please go to counter 23.
    pub fn steps(self, number: &TicketNumber, counter: CounterNumber) -> Vec<Step> {
        let mut steps = Vec::new();
        let (before, between) = match (self.language, self.terse) {
            (Language::Zh, false) => (Some(Clip::Qing), Some(Clip::HaoDao)),
            (Language::Zh, true) => (None, None),
            (Language::En, false) => (Some(Clip::Ticket), Some(Clip::PleaseGoToCounter)),
            (Language::En, true) => (None, Some(Clip::Counter)),
        };
        let (between_digits_ms, after_digits_ms) = match (self.language, self.terse) {
            (_, true) => (TERSE_DIGITS_MS, TERSE_COUNTER_MS),
            (Language::Zh, false) => (BETWEEN_DIGITS_MS, BETWEEN_WORDS_MS),
            (Language::En, false) => (BETWEEN_DIGITS_MS, BEFORE_COUNTER_MS),
        };
        push(&mut steps, before.as_slice(), 0, BETWEEN_WORDS_MS);
        push(&mut steps, &self.spell(number), between_digits_ms, after_digits_ms);
        push(&mut steps, between.as_slice(), 0, BETWEEN_WORDS_MS);
        match self.language {
            Language::Zh => {
                push(&mut steps, &number_zh(counter.get()), WITHIN_NUMBER_MS, WITHIN_NUMBER_MS);
                push(&mut steps, &[Clip::HaoChuangkou], 0, 0);
            }
            Language::En => push(&mut steps, &number_en(counter.get()), WITHIN_NUMBER_MS, 0),
        }
        steps
    }

    fn spell(self, number: &TicketNumber) -> Vec<Clip> {
        let yao = self.yao && self.language == Language::Zh;
        let clip = |character: char| match character.to_digit(10) {
            Some(1) if yao => Clip::DigitYao,
            Some(digit) => Clip::Digit(digit as u8),
            None => Clip::Letter(character),
        };
        number.as_str().chars().map(clip).collect()
    }
}

fn push(steps: &mut Vec<Step>, clips: &[Clip], between_ms: u16, after_ms: u16) {
    let last = clips.len().saturating_sub(1);
    steps.extend(
        clips
            .iter()
            .enumerate()
            .map(|(at, &clip)| Step { clip, pause_after_ms: if at == last { after_ms } else { between_ms } }),
    );
}

/// 3 三 · 10 十 · 23 二十三 · 103 一百零三 · 110 一百一十 · 231 二百三十一
fn number_zh(number: u16) -> Vec<Clip> {
    let (hundreds, tens, unit) = (number / 100 * 100, number / 10 % 10 * 10, number % 10);
    let mut clips = Vec::new();
    if hundreds > 0 {
        clips.push(Clip::Number(hundreds));
    }
    match tens {
        0 if hundreds > 0 && unit > 0 => clips.push(Clip::Ling),
        0 => {}
        10 if hundreds > 0 => clips.push(Clip::YiShi),
        _ => clips.push(Clip::Number(tens)),
    }
    if unit > 0 {
        clips.push(Clip::Number(unit));
    }
    clips
}

/// 3 three · 12 twelve · 23 twenty three · 103 one hundred and three
fn number_en(number: u16) -> Vec<Clip> {
    let (hundreds, rest) = (number / 100 * 100, number % 100);
    let mut clips = Vec::new();
    if hundreds > 0 {
        clips.push(Clip::Number(hundreds));
    }
    if hundreds > 0 && rest > 0 {
        clips.push(Clip::And);
    }
    match rest {
        0 => {}
        1..=19 => clips.push(Clip::Number(rest)),
        _ => {
            clips.push(Clip::Number(rest / 10 * 10));
            if rest % 10 > 0 {
                clips.push(Clip::Number(rest % 10));
            }
        }
    }
    clips
}

/// What these clips say, with numbers in figures: read from the clips, not from the call they were made for.
pub(crate) fn text(steps: &[Step]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut counter = 0;
    let mut spelling = false;
    for step in steps {
        let spelled = match step.clip {
            Clip::Letter(letter) => Some(letter),
            Clip::Digit(digit) => char::from_digit(u32::from(digit), 10),
            Clip::DigitYao => Some('1'),
            _ => None,
        };
        if let Some(character) = spelled {
            match words.last_mut() {
                Some(word) if spelling => word.push(character),
                _ => words.push(character.into()),
            }
        } else if let Some(part) = part_of_number(step.clip) {
            counter += part;
        } else {
            words.extend((counter > 0).then(|| std::mem::take(&mut counter).to_string()));
            words.push(word(step.clip).to_owned());
        }
        spelling = spelled.is_some();
    }
    words.extend((counter > 0).then(|| counter.to_string()));
    words.join(" ").replace(" ,", ",")
}

fn part_of_number(clip: Clip) -> Option<u16> {
    match clip {
        Clip::Number(number) => Some(number),
        Clip::YiShi => Some(10),
        Clip::Ling | Clip::And => Some(0),
        _ => None,
    }
}

fn word(clip: Clip) -> &'static str {
    match clip {
        Clip::Qing => "请",
        Clip::HaoDao => "号到",
        Clip::HaoChuangkou => "号窗口",
        Clip::Ticket => "Ticket",
        Clip::PleaseGoToCounter => ", please go to counter",
        Clip::Counter => ", counter",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clip::needed;

    /// What is heard, word by word.
    fn heard(language: Language, clip: Clip) -> String {
        let zh =
            |digit: usize| ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"][digit].to_owned();
        match (language, clip) {
            (Language::Zh, Clip::Digit(digit)) => zh(digit.into()),
            (Language::Zh, Clip::Number(10)) => "十".into(),
            (Language::Zh, Clip::Number(number @ 1..=9)) => zh(number.into()),
            (Language::Zh, Clip::Number(number @ 11..=99)) => zh(usize::from(number) / 10) + "十",
            (Language::Zh, Clip::Number(number)) => zh(usize::from(number) / 100) + "百",
            (_, Clip::DigitYao) => "幺".into(),
            (_, Clip::Ling) => "零".into(),
            (_, Clip::YiShi) => "一十".into(),
            (_, Clip::And) => "and".into(),
            (_, Clip::Letter(letter)) => letter.into(),
            (_, Clip::Digit(digit)) => digit.to_string(),
            (_, Clip::Number(number)) => number.to_string(),
            _ => word(clip).to_owned(),
        }
    }

    fn read(reading: Reading, number: &str, counter: u32) -> Vec<Step> {
        reading.steps(&TicketNumber::new(number).unwrap(), CounterNumber::new(counter).unwrap())
    }

    fn said(language: Language, number: &str, counter: u32, yao: bool) -> Vec<Step> {
        read(Reading { language, yao, terse: false }, number, counter)
    }

    fn check(language: Language, number: &str, counter: u32, yao: bool, expect: &str) {
        let words: Vec<_> =
            said(language, number, counter, yao).iter().map(|step| heard(language, step.clip)).collect();
        let space = if language == Language::Zh { "" } else { " " };
        assert_eq!(words.join(space), expect);
    }

    #[test]
    fn in_chinese() {
        for (number, counter, expect) in [
            ("A012", 3, "请A零一二号到三号窗口"),
            ("A001", 10, "请A零零一号到十号窗口"),
            ("A111", 11, "请A一一一号到十一号窗口"),
            ("B999", 20, "请B九九九号到二十号窗口"),
            ("Z305", 23, "请Z三零五号到二十三号窗口"),
            ("A1000", 100, "请A一零零零号到一百号窗口"),
            ("BC012", 103, "请BC零一二号到一百零三号窗口"),
            ("BC1234", 110, "请BC一二三四号到一百一十号窗口"),
            ("W678", 113, "请W六七八号到一百一十三号窗口"),
            ("A012", 200, "请A零一二号到二百号窗口"),
            ("A012", 231, "请A零一二号到二百三十一号窗口"),
            ("A012", 909, "请A零一二号到九百零九号窗口"),
            ("A012", 999, "请A零一二号到九百九十九号窗口"),
        ] {
            check(Language::Zh, number, counter, false, expect);
        }
    }

    #[test]
    fn one_as_yao_in_ticket_numbers_only() {
        check(Language::Zh, "A111", 11, true, "请A幺幺幺号到十一号窗口");
        check(Language::Zh, "A012", 101, true, "请A零幺二号到一百零一号窗口");
        check(Language::En, "A111", 1, true, "Ticket A 1 1 1 , please go to counter 1");
    }

    #[test]
    fn in_english() {
        for (number, counter, expect) in [
            ("A012", 3, "Ticket A 0 1 2 , please go to counter 3"),
            ("A1000", 12, "Ticket A 1 0 0 0 , please go to counter 12"),
            ("BC012", 23, "Ticket BC 0 1 2 , please go to counter 20 3"),
            ("A012", 100, "Ticket A 0 1 2 , please go to counter 100"),
            ("A012", 103, "Ticket A 0 1 2 , please go to counter 100 and 3"),
            ("A012", 231, "Ticket A 0 1 2 , please go to counter 200 and 30 1"),
            ("A012", 990, "Ticket A 0 1 2 , please go to counter 900 and 90"),
        ] {
            check(Language::En, number, counter, false, &expect.replace("BC", "B C"));
        }
    }

    #[test]
    fn every_counter_reads_back_and_needs_no_other_clip() {
        let expect = |reading: Reading, counter| match (reading.language, reading.terse) {
            (Language::Zh, false) => format!("请 QX1907 号到 {counter} 号窗口"),
            (Language::Zh, true) => format!("QX1907 {counter} 号窗口"),
            (Language::En, false) => format!("Ticket QX1907, please go to counter {counter}"),
            (Language::En, true) => format!("QX1907, counter {counter}"),
        };
        for (language, yao, terse) in [
            (Language::Zh, false, false),
            (Language::Zh, true, false),
            (Language::Zh, false, true),
            (Language::En, false, false),
            (Language::En, false, true),
        ] {
            let reading = Reading { language, yao, terse };
            let needed = needed(language, yao);
            for counter in 1..=999 {
                let steps = read(reading, "QX1907", counter);
                assert_eq!(text(&steps), expect(reading, counter));
                for step in steps {
                    assert!(needed.contains(&step.clip), "{} is not among the needed clips", step.clip);
                }
            }
        }
    }
}
