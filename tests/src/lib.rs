//! What the end-to-end tests share.

use std::path::{Path, PathBuf};

/// A sample hall of the repository.
pub fn sample_hall(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../halls").join(name)
}
