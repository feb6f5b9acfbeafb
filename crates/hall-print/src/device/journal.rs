//! What became of each job, on the disk before anything is sent: a job that was being printed when the power failed comes
//! back as unconfirmed, never as a second print. One JSON object a line; what cannot be read is passed over.

mod entry;
mod file;

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::job::{Failure, Job, Outcome};
use super::roll::Roll;
use entry::Entry;
use file::File;

/// Jobs remembered: by them a job handed in twice is known, and staff find what to print again.
const JOBS_MAX: usize = 2_000;
/// A job that waited longer, through a restart, is of no use to anybody.
const FRESH_MS: i64 = 60_000;

/// All jobs of one printer.
#[derive(Debug)]
pub struct Journal {
    /// Absent where nothing is kept.
    file: Option<File>,
    jobs: HashMap<String, Kept>,
    /// Oldest first.
    order: VecDeque<String>,
    roll: Roll,
}

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    at_ms: i64,
    longest_command: usize,
    paper_dots: u32,
    state: State,
    reported: bool,
    /// Whether it would be found again after a crash.
    on_disk: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Not a byte was sent.
    Queued(Vec<u8>),
    Sending,
    Ended(Outcome),
}

/// What was left of the jobs of before the last start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Never sent and still of use, oldest first.
    pub to_print: Vec<(String, Job)>,
    /// Zeros that finish the command at which the last job was broken off.
    pub torn: Option<usize>,
}

/// What came of handing in a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedIn {
    New,
    /// It was handed in before, and ended so, if it has ended.
    Known(Option<Outcome>),
}

/// A job that has ended, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub key: String,
    /// Unix time at which it ended.
    pub at_ms: i64,
    pub outcome: Outcome,
}

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("打印日志 {path} 无法读写 / the print journal cannot be used: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0} 正被另一程序使用 / is in use by another program: give each kiosk a folder of its own")]
    InUse(PathBuf),
}

impl Journal {
    /// Opens the journal in `folder`, which is made when missing. Jobs that were being sent end here as unconfirmed.
    pub fn open(folder: &Path) -> Result<(Self, Recovered), JournalError> {
        let (file, entries) = File::open(folder)?;
        let mut journal = Self { file: Some(file), ..Self::in_memory() };
        entries.into_iter().for_each(|entry| journal.apply(entry));
        let recovered = journal.recover(now_ms());
        if let Err(error) = journal.compact() {
            tracing::error!(%error, "the print journal stays long: is the disk full?");
        }
        Ok((journal, recovered))
    }

    /// A journal that ends with the program.
    pub fn in_memory() -> Self {
        Self { file: None, jobs: HashMap::new(), order: VecDeque::new(), roll: Roll::default() }
    }

    fn recover(&mut self, now_ms: i64) -> Recovered {
        let mut recovered = Recovered { to_print: Vec::new(), torn: None };
        for key in self.order.clone() {
            let Some(kept) = self.jobs.get(&key) else { continue };
            let (longest_command, paper_dots) = (kept.longest_command, kept.paper_dots);
            match &kept.state {
                // A clock that was set back says nothing of how long it waited.
                State::Queued(bytes) if (now_ms - kept.at_ms).abs() <= FRESH_MS => {
                    let job = Job { bytes: bytes.clone(), longest_command, paper_dots };
                    recovered.to_print.push((key, job));
                }
                State::Queued(_) => self.end(&key, Outcome::FailedClean(Failure::TooLate)),
                State::Sending => {
                    recovered.torn = Some(longest_command);
                    self.end(&key, Outcome::Unconfirmed);
                }
                State::Ended(_) => {}
            }
        }
        recovered
    }

    /// Takes in a job. The same `key` again is the same job. One that cannot be written is printed all the same: after a
    /// crash nothing is left of it that could be printed twice.
    pub fn queue(&mut self, key: &str, job: &Job) -> HandedIn {
        if let Some(kept) = self.jobs.get(key) {
            return HandedIn::Known(match kept.state {
                State::Ended(outcome) => Some(outcome),
                State::Queued(_) | State::Sending => None,
            });
        }
        // Until the first byte is sent it does no harm to lose this.
        let written = self.write(&Entry::queued(key, job, now_ms()));
        if let (Err(error), Some(kept)) = (written, self.jobs.get_mut(key)) {
            tracing::error!(%error, key, "a slip is printed without a journal");
            kept.on_disk = false;
        }
        HandedIn::New
    }

    /// On the disk before the first byte of the job leaves; where that fails, it must not leave.
    pub fn sending(&mut self, key: &str) -> Result<(), JournalError> {
        if self.jobs.get(key).is_some_and(|kept| !kept.on_disk) {
            return Ok(());
        }
        self.write(&Entry::Sending { key: key.to_owned() })?;
        self.sync()
    }

    pub fn end(&mut self, key: &str, outcome: Outcome) {
        let entry = Entry::Ended { key: key.to_owned(), at_ms: now_ms(), outcome, reported: false };
        self.write_if_possible(&entry);
    }

    /// Whoever had to know of the job's end knows of it.
    pub fn reported(&mut self, key: &str) {
        self.write_if_possible(&Entry::Reported { key: key.to_owned() });
    }

    /// Another roll was put in.
    pub fn change_roll(&mut self, ran_out: bool) {
        self.write_if_possible(&Entry::RollChanged { ran_out });
    }

    /// Jobs that have ended and of whose end nobody was told, oldest first.
    pub fn unreported(&self) -> Vec<Ended> {
        self.ended().filter(|(_, kept, _)| !kept.reported).map(Ended::of).collect()
    }

    /// The last jobs that have ended, newest first.
    pub fn latest(&self, count: usize) -> Vec<Ended> {
        let mut ended: Vec<Ended> = self.ended().map(Ended::of).collect();
        ended.reverse();
        ended.truncate(count);
        ended
    }

    /// Of the last `count` jobs sent, how many there were and how many stayed unconfirmed.
    pub fn unconfirmed_of_last(&self, count: usize) -> (u32, u32) {
        let sent = self.ended().filter(|(_, _, outcome)| takes_paper(*outcome));
        let last: Vec<Outcome> = sent.map(|(_, _, outcome)| outcome).collect();
        let last = &last[last.len().saturating_sub(count)..];
        let unconfirmed = last.iter().filter(|outcome| **outcome == Outcome::Unconfirmed).count();
        (last.len() as u32, unconfirmed as u32)
    }

    /// The roll in the printer.
    pub fn roll(&self) -> &Roll {
        &self.roll
    }

    fn ended(&self) -> impl Iterator<Item = (&String, &Kept, Outcome)> {
        self.order.iter().filter_map(|key| {
            let kept = self.jobs.get(key)?;
            match kept.state {
                State::Ended(outcome) => Some((key, kept, outcome)),
                State::Queued(_) | State::Sending => None,
            }
        })
    }

    /// What has happened has happened, whether or not the disk takes it.
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let written = self.file.as_mut().map_or(Ok(()), |file| file.append(entry));
        self.apply(entry.clone());
        written
    }

    fn write_if_possible(&mut self, entry: &Entry) {
        let written = self.write(entry).and_then(|()| self.sync());
        let is_long = self.file.as_ref().is_some_and(File::is_long);
        if let Err(error) = written.and_then(|()| if is_long { self.compact() } else { Ok(()) }) {
            tracing::error!(%error, "the print journal lags behind: is the disk full?");
        }
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        self.file.as_mut().map_or(Ok(()), File::sync)
    }

    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Queued { key, at_ms, longest_command, paper_dots, bytes } => {
                let (state, reported, on_disk) = (State::Queued(bytes), false, true);
                self.keep(key, Kept { at_ms, longest_command, paper_dots, state, reported, on_disk });
            }
            Entry::Sending { key } => {
                if let Some(kept) = self.jobs.get_mut(&key) {
                    kept.state = State::Sending;
                }
            }
            Entry::Ended { key, at_ms, outcome, reported } => {
                if !self.jobs.contains_key(&key) {
                    let (state, on_disk) = (State::Sending, true);
                    self.keep(
                        key.clone(),
                        Kept { at_ms, longest_command: 0, paper_dots: 0, state, reported, on_disk },
                    );
                }
                if let Some(kept) = self.jobs.get_mut(&key) {
                    (kept.at_ms, kept.state, kept.reported) = (at_ms, State::Ended(outcome), reported);
                    // Of one remembered by its end alone the roll knows already.
                    if kept.paper_dots > 0 && takes_paper(outcome) {
                        self.roll.print(kept.paper_dots, at_ms);
                    }
                }
            }
            Entry::Reported { key } => {
                if let Some(kept) = self.jobs.get_mut(&key) {
                    kept.reported = true;
                }
            }
            Entry::RollChanged { ran_out } => self.roll.change(ran_out),
            Entry::Roll { roll } => self.roll = roll,
        }
    }

    fn keep(&mut self, key: String, kept: Kept) {
        if self.order.len() == JOBS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.jobs.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.jobs.insert(key, kept);
    }

    /// Writes the file anew with what is remembered.
    fn compact(&mut self) -> Result<(), JournalError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let kept = self.order.iter().filter_map(|key| Some((key, self.jobs.get(key)?)));
        let jobs = kept.flat_map(|(key, kept)| Entry::of_kept(key, kept));
        let roll = Entry::Roll { roll: self.roll.clone() };
        file.replace(jobs.chain([roll]))
    }
}

impl Ended {
    fn of((key, kept, outcome): (&String, &Kept, Outcome)) -> Self {
        Self { key: key.clone(), at_ms: kept.at_ms, outcome }
    }
}

fn takes_paper(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::FailedClean(_))
}

pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
