//! The directory a hub keeps everything in, held by one hub at a time.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::HubError;

/// A data directory nobody else holds; given back when dropped, also by the death of the process.
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the directory if need be and takes it.
    pub fn take(path: &Path) -> Result<Self, HubError> {
        let unusable = |reason| HubError::DataDir { path: path.to_owned(), reason };
        // The journal holds the secret behind the codes on slips: nobody else on the machine is to read it.
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let lock = File::create(path.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(HubError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(reason)) => Err(unusable(reason)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn journal(&self) -> PathBuf {
        journal_in(&self.path)
    }
}

/// Where the journal of a data directory is.
pub(crate) fn journal_in(path: &Path) -> PathBuf {
    path.join("journal.db")
}
