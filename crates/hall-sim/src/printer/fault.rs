//! What can happen to a printer, and when.

use std::str::FromStr;

/// What happens. Pairs undo each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    PaperFull,
    PaperNearEnd,
    PaperOut,
    CoverOpen,
    CoverClosed,
    CutterJammed,
    CutterFree,
    PaperJammed,
    JamCleared,
    /// The cable is pulled; the printer stays on. On the network nobody can connect.
    Unplugged,
    Plugged,
    /// The line breaks and is there again at once: the port hangs up, the connection is dropped.
    LineDropped,
    /// Loses what it has not printed, and how it was set up. Bytes that come are lost.
    PoweredOff,
    PoweredOn,
    /// On the line and answering nothing.
    Silent,
    Answering,
    /// Takes bytes no faster than this.
    Baud(u32),
    FullSpeed,
    /// Takes no bytes, so that the line fills up.
    Stopped,
    Reading,
    /// How it acknowledges from now on.
    Acks(AckFault),
    /// The status of `GS a` is sent, also when nobody asked for it.
    StatusSent,
    /// A byte of line noise reaches the program.
    Noise(u8),
}

/// What becomes of an acknowledgement: a process id, or the answer to `GS r 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AckFault {
    #[default]
    Right,
    /// Another process id than the one sent. `GS r` names none and stays right.
    OtherId,
    /// `GS r` says that the paper is out. A process id says nothing of paper and stays right.
    PaperOut,
    LateMs(u32),
    Twice,
    Missing,
}

/// When it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Now,
    /// Once so many bytes of a slip have come, of the one under way or the next.
    AfterBytes(usize),
    /// As the next cut is due, before it is made.
    AtCut,
}

/// As given by hand: `paper-out`, `paper-out@200`, `cutter-jammed@cut`, `baud:9600`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub what: Condition,
    pub when: When,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("无此故障 / no such fault: {given}. 可用 / one of: {}, baud:N, ack-late:MS, noise:HEX; @N, @cut", names().join(", "))]
pub struct NoSuchFault {
    given: String,
}

const NAMES: [(&str, Condition); 25] = [
    ("paper-full", Condition::PaperFull),
    ("paper-near-end", Condition::PaperNearEnd),
    ("paper-out", Condition::PaperOut),
    ("cover-open", Condition::CoverOpen),
    ("cover-closed", Condition::CoverClosed),
    ("cutter-jammed", Condition::CutterJammed),
    ("cutter-free", Condition::CutterFree),
    ("paper-jammed", Condition::PaperJammed),
    ("jam-cleared", Condition::JamCleared),
    ("unplugged", Condition::Unplugged),
    ("plugged", Condition::Plugged),
    ("line-dropped", Condition::LineDropped),
    ("powered-off", Condition::PoweredOff),
    ("powered-on", Condition::PoweredOn),
    ("silent", Condition::Silent),
    ("answering", Condition::Answering),
    ("full-speed", Condition::FullSpeed),
    ("stopped", Condition::Stopped),
    ("reading", Condition::Reading),
    ("ack-right", Condition::Acks(AckFault::Right)),
    ("ack-other-id", Condition::Acks(AckFault::OtherId)),
    ("ack-paper-out", Condition::Acks(AckFault::PaperOut)),
    ("ack-twice", Condition::Acks(AckFault::Twice)),
    ("ack-missing", Condition::Acks(AckFault::Missing)),
    ("status-sent", Condition::StatusSent),
];

/// What can be given by hand, without a figure.
fn names() -> Vec<&'static str> {
    NAMES.iter().map(|(name, _)| *name).collect()
}

impl FromStr for Fault {
    type Err = NoSuchFault;

    fn from_str(given: &str) -> Result<Self, NoSuchFault> {
        let (what, when) = match given.trim().split_once('@') {
            None => (given.trim(), Some(When::Now)),
            Some((what, "cut")) => (what, Some(When::AtCut)),
            Some((what, bytes)) => (what, bytes.parse().ok().map(When::AfterBytes)),
        };
        let what = match what.split_once(':') {
            None => NAMES.iter().find(|(name, _)| *name == what).map(|(_, condition)| *condition),
            Some(("baud", baud)) => baud.parse().ok().map(Condition::Baud),
            Some(("ack-late", ms)) => ms.parse().ok().map(|ms| Condition::Acks(AckFault::LateMs(ms))),
            Some(("noise", hex)) => u8::from_str_radix(hex, 16).ok().map(Condition::Noise),
            Some(_) => None,
        };
        match (what, when) {
            (Some(what), Some(when)) => Ok(Self { what, when }),
            _ => Err(NoSuchFault { given: given.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_can_be_given_by_hand() {
        let table = [
            ("paper-out", Some((Condition::PaperOut, When::Now))),
            ("paper-out@200", Some((Condition::PaperOut, When::AfterBytes(200)))),
            (" cutter-jammed@cut\n", Some((Condition::CutterJammed, When::AtCut))),
            ("baud:9600", Some((Condition::Baud(9600), When::Now))),
            ("ack-late:500", Some((Condition::Acks(AckFault::LateMs(500)), When::Now))),
            ("noise:3F@100", Some((Condition::Noise(0x3F), When::AfterBytes(100)))),
            ("fire", None),
            ("paper-out@soon", None),
            ("noise:300", None),
        ];
        for (given, expect) in table {
            let fault = given.parse::<Fault>().ok().map(|fault| (fault.what, fault.when));
            assert_eq!(fault, expect, "{given}");
        }
        for (name, condition) in NAMES {
            assert_eq!(name.parse(), Ok(Fault { what: condition, when: When::Now }));
        }
    }
}
