//! A program of the hall run as its own process, with its log read line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// How long a program may take to end after it was asked to.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// A running program. It is asked to end, then made to, when this is dropped.
pub struct Program {
    name: String,
    child: Child,
    lines: Receiver<LogLine>,
    /// Read, and not waited for yet.
    kept: Vec<LogLine>,
}

/// A line of a program's log, written by `--log-format json`.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// When it was read.
    pub at: Instant,
    /// Its fields.
    pub fields: Value,
}

impl LogLine {
    /// A field as text, whatever its type; empty when absent.
    pub fn text(&self, field: &str) -> String {
        match &self.fields[field] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl Program {
    /// Starts `command` under a name for messages; its log is kept in `log_dir` as `NAME.log`.
    pub fn start(name: &str, command: &mut Command, log_dir: &Path) -> Result<Self> {
        let log_path = log_dir.join(format!("{name}.log"));
        let mut log =
            std::fs::File::create(&log_path).with_context(|| format!("writing {}", log_path.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {name} as {:?}", command.get_program()))?;
        let stderr = child.stderr.take().context("a program without standard error")?;
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let at = Instant::now();
                _ = writeln!(log, "{line}");
                let fields =
                    serde_json::from_str(&line).unwrap_or_else(|_| serde_json::json!({ "message": line }));
                if sender.send(LogLine { at, fields }).is_err() {
                    return;
                }
            }
        });
        Ok(Self { name: name.to_owned(), child, lines, kept: Vec::new() })
    }

    /// Waits for a log line with this message that `wanted` accepts, and takes it; the others are kept for later.
    pub fn wait_line(
        &mut self,
        message: &str,
        deadline: Instant,
        wanted: impl Fn(&LogLine) -> bool,
    ) -> Result<LogLine> {
        let found = |line: &LogLine| line.text("message") == message && wanted(line);
        if let Some(kept) = self.kept.iter().position(found) {
            return Ok(self.kept.remove(kept));
        }
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if found(&line) => return Ok(line),
                Ok(line) => self.kept.push(line),
                Err(_) => break,
            }
        }
        let last = self.kept.last().map(|line| line.fields.to_string()).unwrap_or_default();
        match self.child.try_wait()? {
            Some(status) => {
                bail!("{} ended with {status} before saying {message:?}; last line: {last}", self.name)
            }
            None => bail!("{} did not say {message:?} in time; last line: {last}", self.name),
        }
    }

    /// Asks the program to end (SIGTERM) and waits for it.
    pub fn end(mut self) -> Result<ExitStatus> {
        self.signal(Signal::SIGTERM)?;
        self.wait_end()
    }

    /// Ends the program at once (SIGKILL), as a crash would.
    pub fn kill(&mut self) -> Result<()> {
        self.signal(Signal::SIGKILL)?;
        self.wait_end().map(drop)
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for a program that ends by itself.
    pub fn wait_end(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + END_PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                bail!("{} did not end within {} s", self.name, END_PATIENCE.as_secs());
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, signal).with_context(|| format!("sending {signal} to {}", self.name))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.is_running() {
            return;
        }
        let asked = self.signal(Signal::SIGTERM);
        if asked.is_err() || self.wait_end().is_err() {
            _ = self.child.kill();
            _ = self.child.wait();
        }
    }
}
