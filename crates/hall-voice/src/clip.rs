//! The recordings a voice is put together from, and which of them a language needs.

use crate::config::Language;
use std::fmt;

/// One recording. Its text form is the file name in a pack, without `.wav`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Clip {
    Chime,
    /// 请
    Qing,
    /// 号到
    HaoDao,
    /// 号窗口
    HaoChuangkou,
    Ticket,
    PleaseGoToCounter,
    Counter,
    Letter(char),
    /// A digit of a ticket number.
    Digit(u8),
    /// 幺, the other reading of the digit 1
    DigitYao,
    /// A part of a counter number, said as a number: 7, 12, 20, 300.
    Number(u16),
    /// 零 within a counter number: 一百零三
    Ling,
    /// 一十 within a counter number: 一百一十三
    YiShi,
    And,
}

impl fmt::Display for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chime => f.write_str("chime"),
            Self::Qing => f.write_str("qing"),
            Self::HaoDao => f.write_str("hao-dao"),
            Self::HaoChuangkou => f.write_str("hao-chuangkou"),
            Self::Ticket => f.write_str("ticket"),
            Self::PleaseGoToCounter => f.write_str("please-go-to-counter"),
            Self::Counter => f.write_str("counter"),
            Self::Letter(letter) => write!(f, "letter-{letter}"),
            Self::Digit(digit) => write!(f, "digit-{digit}"),
            Self::DigitYao => f.write_str("digit-1-yao"),
            Self::Number(number) => write!(f, "num-{number}"),
            Self::Ling => f.write_str("num-ling"),
            Self::YiShi => f.write_str("num-yi-shi"),
            Self::And => f.write_str("num-and"),
        }
    }
}

/// Every clip a pack of this language must hold.
pub(crate) fn needed(language: Language, yao: bool) -> Vec<Clip> {
    let mut clips = vec![Clip::Chime];
    clips.extend(('A'..='Z').map(Clip::Letter));
    clips.extend((0..=9).map(Clip::Digit));
    let whole_up_to = match language {
        Language::Zh => 10,
        Language::En => 19,
    };
    clips.extend((1..=whole_up_to).map(Clip::Number));
    clips.extend((20..=90).step_by(10).map(Clip::Number));
    clips.extend((100..=900).step_by(100).map(Clip::Number));
    match language {
        Language::Zh => {
            clips.extend([Clip::Qing, Clip::HaoDao, Clip::HaoChuangkou, Clip::Ling, Clip::YiShi]);
            clips.extend(yao.then_some(Clip::DigitYao));
        }
        Language::En => clips.extend([Clip::Ticket, Clip::PleaseGoToCounter, Clip::Counter, Clip::And]),
    }
    clips
}
