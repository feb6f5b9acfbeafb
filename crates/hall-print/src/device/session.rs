//! The talk with a printer over one open port: ask its condition, send a slip, wait for proof. Status is asked only
//! between commands, never inside one.

use std::thread;
use std::time::{Duration, Instant};

use super::job::{Failure, Job, Outcome};
use super::port::{Port, PortError};
use super::replies::{Replies, Reply};
use super::status::{Answers, Fault, Status};
use crate::profile::{Ack, Profile};

const DLE: u8 = 0x10;
const EOT: u8 = 0x04;
/// LF, cut, `ESC @`, `FS &`: ends a torn slip and leaves the printer ready.
const TEAR_OFF: [u8; 9] = [0x0A, 0x1D, 0x56, 0x42, 0x00, 0x1B, 0x40, 0x1C, 0x26];
/// Bytes written ahead of the line's speed, so that what is "sent" has nearly left this machine.
const AHEAD: usize = 64;

pub struct Session {
    port: Port,
    replies: Replies,
    /// `GS r` answers still owed for slips that stayed unconfirmed.
    late_acks: u32,
}

/// The port failed; it must be opened anew.
#[derive(Debug)]
pub struct Lost;

impl From<PortError> for Lost {
    fn from(_: PortError) -> Self {
        Lost
    }
}

impl Session {
    pub fn new(port: Port) -> Self {
        Self { port, replies: Replies::default(), late_acks: 0 }
    }

    /// Asks the printer's condition by `DLE EOT`, one query after the other.
    pub fn probe(&mut self, profile: &Profile) -> Result<Status, Lost> {
        self.drain()?;
        let mut answers = Answers::default();
        let mut answered = profile.status.dle_eot.is_empty();
        for query in &profile.status.dle_eot {
            let deadline = Instant::now() + Duration::from_millis(profile.status.reply_ms);
            match self.port.write(&[DLE, EOT, *query], deadline) {
                Ok(()) => {}
                Err((_, PortError::TimedOut)) => {
                    self.port.discard_output();
                    return Ok(Status::Fault(Fault::Busy));
                }
                Err((_, PortError::Lost)) => return Err(Lost),
            }
            match self.wait_for(deadline, |reply| matches!(reply, Reply::RealTime(_)))? {
                Some(Reply::RealTime(answer)) => {
                    answered = true;
                    answers.set(*query, answer);
                }
                _ if !answered => {
                    // A printer that holds the line (busy when off-line) must not find old questions later.
                    self.port.discard_output();
                    return Ok(Status::Fault(Fault::Silent));
                }
                _ => {}
            }
        }
        Ok(answers.status())
    }

    /// Sends the slip and waits for proof. The printer must have said that it is ready.
    pub fn print(&mut self, job: &Job, profile: &Profile, id: [u8; 4]) -> Result<Outcome, (Outcome, Lost)> {
        let mut bytes = job.bytes.clone();
        bytes.extend(ack_request(profile.status.ack, id));
        tracing::debug!(bytes = bytes.len(), "Sending");
        match self.send(&bytes, profile) {
            Ok(()) => {}
            Err((sent, error)) if sent < job.bytes.len() => return self.broken_off(sent, error),
            // The slip is whole; only the question after it did not get through.
            Err((_, PortError::TimedOut)) => {
                self.port.discard_output();
                return Ok(Outcome::Unconfirmed);
            }
            Err((_, PortError::Lost)) => return Err((Outcome::Unconfirmed, Lost)),
        }
        tracing::debug!("AwaitAck");
        match self.await_ack(profile, id) {
            Ok(true) => Ok(Outcome::Printed),
            Ok(false) => Ok(Outcome::Unconfirmed),
            Err(lost) => Err((Outcome::Unconfirmed, lost)),
        }
    }

    /// Finishes with zeros the command that an interrupted job may have left open. `false`: the printer takes no data.
    pub fn finish_command(&mut self, zeros: usize, profile: &Profile) -> Result<bool, Lost> {
        self.send_whole(&vec![0; zeros], profile)
    }

    /// Tears off an interrupted slip. `false`: the printer takes no data.
    pub fn tear_off(&mut self, profile: &Profile) -> Result<bool, Lost> {
        self.send_whole(&TEAR_OFF, profile)
    }

    fn send_whole(&mut self, bytes: &[u8], profile: &Profile) -> Result<bool, Lost> {
        match self.send(bytes, profile) {
            Ok(()) => Ok(true),
            Err((_, PortError::TimedOut)) => Ok(false),
            Err((_, PortError::Lost)) => Err(Lost),
        }
    }

    /// Reads what has come unasked. Fails when the port is gone.
    pub fn drain(&mut self) -> Result<(), Lost> {
        while let Some(byte) = self.port.read(Instant::now())? {
            if let Some(Reply::Paper(_)) = self.replies.take(byte) {
                self.late_acks = self.late_acks.saturating_sub(1);
            }
        }
        self.replies.clear();
        Ok(())
    }

    /// Writes at the line's own speed; the deadline allows for the time the line needs.
    fn send(&mut self, bytes: &[u8], profile: &Profile) -> Result<(), (usize, PortError)> {
        let start = Instant::now();
        let deadline =
            start + profile.line_time(bytes.len()) + Duration::from_millis(profile.serial.write_ms);
        let mut sent = 0_usize;
        for chunk in bytes.chunks(AHEAD) {
            let due = start + profile.line_time(sent.saturating_sub(AHEAD));
            thread::sleep(due.saturating_duration_since(Instant::now()));
            self.port.write(chunk, deadline).map_err(|(more, error)| (sent + more, error))?;
            sent += chunk.len();
        }
        Ok(())
    }

    fn broken_off(&mut self, sent: usize, error: PortError) -> Result<Outcome, (Outcome, Lost)> {
        let why = match error {
            PortError::Lost => Failure::Away,
            PortError::TimedOut => Failure::Busy,
        };
        self.port.discard_output();
        let outcome =
            if sent == 0 { Outcome::FailedClean(why) } else { Outcome::FailedPartial { sent, why } };
        match error {
            PortError::Lost => Err((outcome, Lost)),
            PortError::TimedOut => Ok(outcome),
        }
    }

    fn await_ack(&mut self, profile: &Profile, id: [u8; 4]) -> Result<bool, Lost> {
        let deadline =
            Instant::now() + profile.line_time(2 * AHEAD) + Duration::from_millis(profile.status.ack_ms);
        match profile.status.ack {
            Ack::None => Ok(false),
            Ack::ProcessId => Ok(self.wait_for(deadline, |reply| reply == Reply::Process(id))?.is_some()),
            Ack::GsR => {
                // Answers owed for earlier slips come first; only the one after them is ours.
                let owed = std::mem::take(&mut self.late_acks) + 1;
                for received in 0..owed {
                    if self.wait_for(deadline, |reply| matches!(reply, Reply::Paper(_)))?.is_none() {
                        self.late_acks = if received == 0 { owed } else { 0 };
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    /// The next reply that `wanted` accepts; others are dropped.
    fn wait_for(&mut self, deadline: Instant, wanted: impl Fn(Reply) -> bool) -> Result<Option<Reply>, Lost> {
        while let Some(byte) = self.port.read(deadline)? {
            match self.replies.take(byte) {
                Some(reply) if wanted(reply) => return Ok(Some(reply)),
                _ => {}
            }
        }
        Ok(None)
    }
}

fn ack_request(ack: Ack, id: [u8; 4]) -> Vec<u8> {
    match ack {
        Ack::None => Vec::new(),
        Ack::GsR => vec![0x1D, b'r', 1],
        Ack::ProcessId => {
            let mut request = vec![0x1D, b'(', b'H', 6, 0, 0x30, 0x30];
            request.extend(id);
            request
        }
    }
}
