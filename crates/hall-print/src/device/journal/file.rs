//! The journal's file: lines appended, and replaced as a whole once it is long.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::JournalError;
use super::entry::Entry;

const NAME: &str = "slips.jsonl";
/// A file longer than this is written anew.
const LONG_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Debug)]
pub struct File {
    path: PathBuf,
    file: fs::File,
    len_bytes: u64,
    /// The last line was not written to its end.
    broken: bool,
    /// Held for as long as the journal is open.
    _lock: fs::File,
}

impl File {
    /// Opens the file in `folder` for this program alone, with what is in it.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Entry>), JournalError> {
        let path = folder.join(NAME);
        let io = |source| JournalError::Io { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(io)?;
        let lock = fs::File::create(path.with_extension("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(JournalError::InUse(path)),
            Err(fs::TryLockError::Error(source)) => return Err(io(source)),
        }
        let entries = read(&path).map_err(io)?;
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(io)?;
        let len_bytes = file.metadata().map_err(io)?.len();
        // What a power failure left half written ends here.
        Ok((Self { path, file, len_bytes, broken: true, _lock: lock }, entries))
    }

    pub fn append(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let mut line = if self.broken { vec![b'\n'] } else { Vec::new() };
        write_line(&mut line, entry).map_err(|source| self.error(source))?;
        self.broken = true;
        self.file.write_all(&line).map_err(|source| self.error(source))?;
        self.broken = false;
        self.len_bytes += line.len() as u64;
        Ok(())
    }

    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.file.sync_data().map_err(|source| self.error(source))
    }

    pub fn is_long(&self) -> bool {
        self.len_bytes > LONG_BYTES
    }

    /// Puts `entries` in the place of everything, in one step.
    pub fn replace(&mut self, entries: impl Iterator<Item = Entry>) -> Result<(), JournalError> {
        let mut lines = Vec::new();
        for entry in entries {
            write_line(&mut lines, &entry).map_err(|source| self.error(source))?;
        }
        self.file = swap_in(&self.path, &lines).map_err(|source| self.error(source))?;
        (self.len_bytes, self.broken) = (lines.len() as u64, false);
        Ok(())
    }

    fn error(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), source }
    }
}

fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let entries = lines.filter_map(|line| match serde_json::from_slice(line) {
        Ok(entry) => Some(entry),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "passed over a line that cannot be read");
            None
        }
    });
    Ok(entries.collect())
}

fn write_line(lines: &mut Vec<u8>, entry: &Entry) -> io::Result<()> {
    serde_json::to_writer(&mut *lines, entry)?;
    lines.push(b'\n');
    Ok(())
}

fn swap_in(path: &Path, lines: &[u8]) -> io::Result<fs::File> {
    let fresh = path.with_extension("new");
    let mut file = fs::File::create(&fresh)?;
    file.write_all(lines)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    OpenOptions::new().append(true).open(path)
}
