//! A look at a printer that puts nothing on paper: its condition with the bytes that told it, and what it calls itself.

use std::io;
use std::time::{Duration, Instant};

use super::address::Address;
use super::line::{Ear, Heard, Line, LineError};
use super::session::{ASK_PAPER, Lost, Session};
use super::status::Status;
use crate::profile::{Profile, Serial};

/// `GS I n`: maker and model, answered with `_`, the text and NUL (Epson; others answer nothing).
const ASK_MAKER: [u8; 3] = [0x1D, b'I', 66];
const ASK_MODEL: [u8; 3] = [0x1D, b'I', 67];
const TEXT_HEAD: u8 = b'_';
const TEXT_BYTES_MAX: usize = 80;
/// `ESC @` forgets what a question that the printer did not know has left in its line.
const FORGET: [u8; 2] = [0x1B, b'@'];
/// Without a byte for so long, an answer is over.
const QUIET: Duration = Duration::from_millis(150);
const ANSWER_MAX: Duration = Duration::from_millis(400);

/// What a printer answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub status: Status,
    /// To `DLE EOT` 1 to 4, as they came; `None` where it was not asked or did not answer.
    pub real_time: [Option<u8>; 4],
    /// The automatic status it told last, where its profile asks for it.
    pub asb: Option<[u8; 4]>,
}

impl Answer {
    /// Whether it said anything at all.
    pub fn heard(&self) -> bool {
        self.asb.is_some() || self.real_time.iter().any(Option::is_some)
    }
}

/// An open line on which only questions are asked.
pub struct Probe {
    session: Session,
    profile: Profile,
}

impl Probe {
    pub fn open(address: &Address, profile: &Profile) -> io::Result<Self> {
        Ok(Self { session: Session::open(address, profile, 0)?, profile: profile.clone() })
    }

    /// Asks the printer's condition. An error: the line is gone, open it anew.
    pub fn ask(&mut self) -> io::Result<Answer> {
        let status = self.settled().map_err(|Lost| io::ErrorKind::NotConnected)?;
        let answers = self.session.answers();
        let real_time = [answers.printer, answers.offline, answers.error, answers.paper];
        Ok(Answer { status, real_time, asb: self.session.asb() })
    }

    /// One that tells its condition by itself is asked to by the first question and needs a moment.
    fn settled(&mut self) -> Result<Status, Lost> {
        let status = self.session.probe(&self.profile)?;
        let tells = self.profile.status.asb && self.session.asb().is_none();
        if tells && self.session.has_told(&self.profile)? {
            return self.session.probe(&self.profile);
        }
        Ok(status)
    }
}

/// What a printer that is ready tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `EPSON EU-m30`; empty for one that does not tell.
    pub name: String,
    /// Whether it answers `GS r`, which can prove that a slip was printed.
    pub answers_gs_r: bool,
}

/// Asks a printer what it is. Only for one that has just said that it is ready: another would find the questions later.
pub fn identify(address: &Address, serial: &Serial) -> io::Result<Identity> {
    let (mut line, mut ear) = Line::open(address, serial)?;
    let mut names = Vec::new();
    for question in [ASK_MAKER, ASK_MODEL] {
        write(&mut line, &question, serial)?;
        names.extend(text_in(&hear(&mut ear)?));
    }
    write(&mut line, &FORGET, serial)?;
    write(&mut line, &ASK_PAPER, serial)?;
    // Also for the line's sake: what is still in this machine when it is closed is dropped.
    let answers_gs_r = hear(&mut ear)?.iter().any(|byte| byte & 0x90 == 0);
    Ok(Identity { name: names.join(" "), answers_gs_r })
}

fn write(line: &mut Line, bytes: &[u8], serial: &Serial) -> io::Result<()> {
    line.write(bytes, serial.chunk_bytes, Instant::now() + ANSWER_MAX).map_err(|(_, error)| match error {
        LineError::Lost => io::ErrorKind::NotConnected.into(),
        LineError::TimedOut => io::ErrorKind::TimedOut.into(),
    })
}

fn hear(ear: &mut Ear) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    let mut buffer = [0; TEXT_BYTES_MAX];
    let end = Instant::now() + ANSWER_MAX;
    let mut quiet_at = Instant::now() + QUIET;
    while Instant::now() < quiet_at.min(end) {
        match ear.hear(&mut buffer) {
            Heard::Bytes(count) => {
                heard.extend_from_slice(&buffer[..count]);
                quiet_at = Instant::now() + QUIET;
            }
            Heard::Silence => {}
            Heard::Lost => return Err(io::ErrorKind::NotConnected.into()),
        }
    }
    Ok(heard)
}

fn text_in(heard: &[u8]) -> Option<String> {
    let start = heard.iter().position(|byte| *byte == TEXT_HEAD)? + 1;
    let end = start + heard[start..].iter().position(|byte| *byte == 0)?;
    let text = std::str::from_utf8(&heard[start..end]).ok()?.trim();
    let is_name =
        !text.is_empty() && text.len() <= TEXT_BYTES_MAX && text.chars().all(|c| matches!(c, ' '..='~'));
    is_name.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_between_its_marks() {
        let table: [(&[u8], Option<&str>); 6] = [
            (b"_EPSON\0", Some("EPSON")),
            (b"\x16_EU-m30\0\x12", Some("EU-m30")),
            (b"_EPSON", None),
            (b"\x16\x12", None),
            (b"_\0", None),
            (b"_\x01\x02\0", None),
        ];
        for (heard, expect) in table {
            assert_eq!(text_in(heard).as_deref(), expect, "{heard:02X?}");
        }
    }
}
