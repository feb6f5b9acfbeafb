//! The talk with a printer over one open line: ask its condition, send a job, wait for proof. Status is asked only
//! between commands, never inside one.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::address::Address;
use super::inbox::Inbox;
use super::job::{Failure, Job, Outcome};
use super::line::{Line, LineError};
use super::replies::Reply;
use super::status::{Answers, Fault, Status};
use crate::profile::{Ack, Profile};

const DLE: u8 = 0x10;
const EOT: u8 = 0x04;
/// LF, cut, `ESC @`: ends a torn slip. Every slip sets the printer up anew.
const TEAR_OFF: [u8; 7] = [0x0A, 0x1D, 0x56, 0x42, 0x00, 0x1B, 0x40];
/// `GS a`: tell every change of condition by yourself.
const TELL_CHANGES: [u8; 3] = [0x1D, 0x61, 0xFF];
/// `GS r 1`: answered when everything before it is done.
pub const ASK_PAPER: [u8; 3] = [0x1D, 0x72, 1];
/// A printer that owes more answers to `GS r` does not know the question: it is not asked between slips.
const OWED_ACKS_MAX: u32 = 4;
/// Without proof for so long, the printer is asked whether something stands in its way.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Answers that come after we stopped waiting for them have come when nothing has been heard for so long.
const QUIET: Duration = Duration::from_millis(150);

pub struct Session {
    line: Line,
    inbox: Inbox,
    /// `GS r` answers still owed for slips that stayed unconfirmed.
    owed_acks: u32,
    /// A question was not answered in time: its answer may come yet.
    out_of_step: bool,
    /// What the printer had told by itself when its condition was last asked.
    told: Option<[u8; 4]>,
    /// It was asked to tell its condition by itself.
    telling: bool,
    /// A job without proof may still be on its way to the printer.
    under_way: bool,
    /// The end of a job never left this machine.
    cut_short: bool,
    /// What it answered when its condition was last asked.
    answers: Answers,
}

/// The line failed; it must be opened anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

impl Session {
    /// Opens the line. `owed_acks` are still to come for slips of earlier sessions.
    pub fn open(address: &Address, profile: &Profile, owed_acks: u32) -> io::Result<Self> {
        let (line, ear) = Line::open(address, &profile.serial)?;
        let inbox = Inbox::open(ear)?;
        Ok(Self {
            line,
            inbox,
            owed_acks,
            out_of_step: false,
            told: None,
            telling: false,
            under_way: false,
            cut_short: false,
            answers: Answers::default(),
        })
    }

    /// What a next session must wait for.
    pub fn owed_acks(&self) -> u32 {
        self.owed_acks
    }

    /// Asks the printer's condition by `DLE EOT`, one query after the other; where it tells its condition by itself, what
    /// it told last.
    pub fn probe(&mut self, profile: &Profile) -> Result<Status, Lost> {
        self.drain()?;
        self.in_step(profile)?;
        self.told = self.inbox.asb();
        self.answers = Answers::default();
        if profile.status.dle_eot.is_empty() {
            self.ask_to_tell(profile)?;
            // One not known to tell every change may have told of one and not of its end.
            let told = self.told.filter(|_| profile.status.asb).map(Answers::of_asb);
            return Ok(told.unwrap_or_default().status(&profile.status));
        }
        match self.ask(profile)? {
            // What was asked is newer than what was told.
            Ok(answers) => {
                self.ask_to_tell(profile)?;
                Ok(answers.status(&profile.status))
            }
            Err(fault) => {
                // A printer that holds the line must not find old questions later.
                self.discard();
                self.telling = false;
                Ok(Status::Fault(fault))
            }
        }
    }

    /// The answers behind the condition last told.
    pub fn answers(&self) -> Answers {
        self.answers
    }

    /// Whether a printer that was asked to tell its condition by itself has told it, after a moment at most.
    pub fn has_told(&self, profile: &Profile) -> Result<bool, Lost> {
        let deadline = Instant::now() + Duration::from_millis(profile.status.reply_ms);
        Ok(self.inbox.wait_for_asb(deadline)?.is_some())
    }

    /// What the printer last told by itself.
    pub fn asb(&self) -> Option<[u8; 4]> {
        self.inbox.asb()
    }

    /// Whether the end of a job was dropped before it reached the printer; says so once.
    pub fn take_cut_short(&mut self) -> bool {
        std::mem::take(&mut self.cut_short)
    }

    /// Whether a job may be cut short once the line is closed.
    pub fn leaves_torn(&self) -> bool {
        self.cut_short || self.under_way
    }

    /// Asks the printer to tell its condition by itself. A job's `ESC @`, or being switched off, may have ended that.
    fn ask_to_tell(&mut self, profile: &Profile) -> Result<(), Lost> {
        if profile.status.asb && !self.telling {
            self.telling = self.send_whole(&TELL_CHANGES, profile)?;
        }
        Ok(())
    }

    /// Whether the printer has told by itself what it had not told when it was last asked.
    pub fn told_news(&self) -> bool {
        self.inbox.asb() != self.told
    }

    /// Sends the job and waits for proof. The printer must have said that it is ready.
    pub fn print(&mut self, job: &Job, profile: &Profile, id: [u8; 4]) -> Result<Outcome, (Outcome, Lost)> {
        tracing::debug!(bytes = job.bytes.len(), "Sending");
        if let Err((sent, error)) = self.send(&job.bytes, profile) {
            return self.broken_off(sent, error);
        }
        (self.under_way, self.telling) = (true, false);
        match self.prove(profile, id) {
            Ok(true) => {
                self.under_way = false;
                Ok(Outcome::Printed)
            }
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

    /// Lets answers come that are owed for earlier slips: a question of now is answered after them.
    pub fn catch_up(&mut self, profile: &Profile) -> Result<(), Lost> {
        let worth_it = profile.status.ack == Ack::GsR && (1..OWED_ACKS_MAX).contains(&self.owed_acks);
        if !worth_it || !self.send_whole(&ASK_PAPER, profile)? {
            return Ok(());
        }
        let deadline = Instant::now() + PATIENCE;
        for received in 0..=self.owed_acks {
            if self.inbox.wait_for(deadline, |reply| matches!(reply, Reply::Paper(_)))?.is_none() {
                // Where ours has come, what is missing was lost with the slip it belonged to.
                self.owed_acks = if received == 0 { self.owed_acks + 1 } else { 0 };
                return Ok(());
            }
        }
        self.owed_acks = 0;
        Ok(())
    }

    fn send_whole(&mut self, bytes: &[u8], profile: &Profile) -> Result<bool, Lost> {
        match self.send(bytes, profile) {
            Ok(()) => Ok(true),
            Err((_, LineError::TimedOut)) => {
                self.discard();
                Ok(false)
            }
            Err((_, LineError::Lost)) => Err(Lost),
        }
    }

    fn discard(&mut self) {
        self.line.discard_output();
        self.cut_short |= std::mem::take(&mut self.under_way);
    }

    /// Drops what has come unasked. Fails when the line is gone.
    pub fn drain(&mut self) -> Result<(), Lost> {
        let late =
            self.inbox.take_all()?.into_iter().filter(|reply| matches!(reply, Reply::Paper(_))).count();
        self.owed_acks = self.owed_acks.saturating_sub(late as u32);
        Ok(())
    }

    /// Lets an answer come that is late, so that it is not taken for the next one.
    fn in_step(&mut self, profile: &Profile) -> Result<(), Lost> {
        if !std::mem::take(&mut self.out_of_step) {
            return Ok(());
        }
        let deadline = Instant::now() + Duration::from_millis(profile.status.reply_ms);
        let began = Instant::now();
        loop {
            let heard = self.inbox.last_byte().unwrap_or(began).max(began);
            let quiet_at = (heard + QUIET).min(deadline);
            if Instant::now() >= quiet_at {
                return self.drain();
            }
            self.inbox.wait_for(quiet_at, |_| false)?;
        }
    }

    fn ask(&mut self, profile: &Profile) -> Result<Result<Answers, Fault>, Lost> {
        let mut answers = Answers::default();
        let mut answered = false;
        for query in &profile.status.dle_eot {
            let deadline = Instant::now() + Duration::from_millis(profile.status.reply_ms);
            match self.line.write(&[DLE, EOT, *query], profile.serial.chunk_bytes, deadline) {
                Ok(()) => {}
                Err((_, LineError::TimedOut)) => return Ok(Err(Fault::Busy)),
                Err((_, LineError::Lost)) => return Err(Lost),
            }
            match self.inbox.wait_for(deadline, |reply| matches!(reply, Reply::RealTime(_)))? {
                Some(Reply::RealTime(answer)) => {
                    answered = true;
                    // It has read the question, and so all before it.
                    self.under_way = false;
                    answers.set(*query, answer);
                    self.answers = answers;
                }
                _ => {
                    self.out_of_step = true;
                    if !answered {
                        let held = profile.serial.busy_on_offline;
                        return Ok(Err(if held { Fault::Offline } else { Fault::Silent }));
                    }
                }
            }
        }
        Ok(Ok(answers))
    }

    /// Writes a serial line at its own speed, so that what is "sent" has nearly left this machine; the deadline allows
    /// for the time the line needs.
    fn send(&mut self, bytes: &[u8], profile: &Profile) -> Result<(), (usize, LineError)> {
        let chunk_bytes = profile.serial.chunk_bytes;
        let start = Instant::now();
        let patience = Duration::from_millis(profile.serial.write_ms);
        if !self.line.is_paced() {
            return self.line.write(bytes, bytes.len(), start + patience);
        }
        let deadline = start + profile.line_time(bytes.len()) + patience;
        let mut sent = 0_usize;
        for chunk in bytes.chunks(chunk_bytes) {
            let due = start + profile.line_time(sent.saturating_sub(chunk_bytes));
            thread::sleep(due.saturating_duration_since(Instant::now()));
            self.line.write(chunk, chunk_bytes, deadline).map_err(|(more, error)| (sent + more, error))?;
            sent += chunk.len();
        }
        Ok(())
    }

    fn broken_off(&mut self, sent: usize, error: LineError) -> Result<Outcome, (Outcome, Lost)> {
        let why = match error {
            LineError::Lost => Failure::Away,
            LineError::TimedOut => Failure::Busy,
        };
        self.line.discard_output();
        let outcome =
            if sent == 0 { Outcome::FailedClean(why) } else { Outcome::FailedPartial { sent, why } };
        match error {
            LineError::Lost => Err((outcome, Lost)),
            LineError::TimedOut => Ok(outcome),
        }
    }

    /// Whether the printer says that it has printed everything sent so far.
    fn prove(&mut self, profile: &Profile, id: [u8; 4]) -> Result<bool, Lost> {
        // What has come before we ask belongs to earlier slips.
        self.drain()?;
        let request = match profile.status.ack {
            Ack::None => return Ok(false),
            Ack::GsR => ASK_PAPER.to_vec(),
            Ack::ProcessId => [&[0x1D, b'(', b'H', 6, 0, 0x30, 0x30], &id[..]].concat(),
        };
        tracing::debug!("AwaitAck");
        let sent = self.send_whole(&request, profile)?;
        match profile.status.ack {
            Ack::ProcessId if sent => {
                Ok(self.await_ack(profile, |reply| reply == Reply::Process(id))?.is_some())
            }
            Ack::GsR => {
                self.owed_acks = (self.owed_acks + 1).min(OWED_ACKS_MAX);
                Ok(sent && self.await_paper_acks(profile)? && self.probe(profile)?.can_print())
            }
            _ => Ok(false),
        }
    }

    /// Answers owed for earlier slips come first; only the one after them is this slip's. It must not say that the paper
    /// has ended.
    fn await_paper_acks(&mut self, profile: &Profile) -> Result<bool, Lost> {
        let owed = self.owed_acks;
        for received in 0..owed {
            let answer = self.await_ack(profile, |reply| matches!(reply, Reply::Paper(_)))?;
            let Some(Reply::Paper(bits)) = answer else {
                // Where some came, the older slips' answers were lost and will not come any more.
                self.owed_acks = if received == 0 { owed } else { 0 };
                return Ok(false);
            };
            if received + 1 == owed && bits & 0x0C != 0 {
                self.owed_acks = 0;
                return Ok(false);
            }
        }
        self.owed_acks = 0;
        Ok(true)
    }

    /// Waits for proof for as long as printing may take; less, when the printer says that it has stopped.
    fn await_ack(
        &mut self,
        profile: &Profile,
        wanted: impl Fn(Reply) -> bool + Copy,
    ) -> Result<Option<Reply>, Lost> {
        let Profile { status, serial, .. } = profile;
        let ahead = profile.line_time(2 * serial.chunk_bytes);
        let deadline = Instant::now() + ahead + Duration::from_millis(status.ack_ms);
        loop {
            let look_at = (Instant::now() + PATIENCE).min(deadline);
            if let Some(reply) = self.inbox.wait_for(look_at, wanted)? {
                return Ok(Some(reply));
            }
            if look_at == deadline {
                return Ok(None);
            }
            let stopped = match self.ask(profile)? {
                _ if status.dle_eot.is_empty() => false,
                Ok(answers) => !answers.status(status).can_print(),
                // One that is busy printing need not answer.
                Err(_) => false,
            };
            if stopped {
                return self.inbox.wait_for(Instant::now() + QUIET, wanted);
            }
        }
    }
}
