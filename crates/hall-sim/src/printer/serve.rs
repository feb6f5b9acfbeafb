//! A virtual printer as a program: runs until it is stopped and writes each slip into a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::commands::DecodeError;
use super::device::ReceivedSlip;
use super::render::{RenderError, render_png};
use super::virtual_printer::VirtualPrinter;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the virtual printer cannot work with {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("slip {number} cannot be read: {source}")]
    Decode { number: u32, source: DecodeError },
    #[error("slip {number} cannot be drawn: {source}")]
    Render { number: u32, source: RenderError },
}

/// Serves the port `link`. Each slip leaves `slip-0001.bin` (its bytes), `slip-0001.png` (its picture) and, last,
/// `slip-0001.json`: `number` (its largest line), `text`, `qr`, `first_byte_unix_ms`. A slip that cannot be read ends
/// the program with an error, after its bytes are written.
pub fn run(link: &Path, out_dir: &Path) -> Result<(), ServeError> {
    fs::create_dir_all(out_dir).map_err(|source| ServeError::Io { path: out_dir.to_owned(), source })?;
    let printer = VirtualPrinter::open(Some(link))
        .map_err(|source| ServeError::Io { path: link.to_owned(), source })?;
    println!("virtual printer at {}", link.display());
    let mut number = 0;
    loop {
        if let Some(slip) = printer.take_slip(Duration::from_secs(3600)) {
            number += 1;
            write_slip(&slip, number, out_dir)?;
        }
    }
}

fn write_slip(received: &ReceivedSlip, number: u32, out_dir: &Path) -> Result<(), ServeError> {
    let file = |extension: &str| out_dir.join(format!("slip-{number:04}.{extension}"));
    write(&file("bin"), &received.bytes)?;
    let slip = received.decode().map_err(|source| ServeError::Decode { number, source })?;
    render_png(&slip, &file("png")).map_err(|source| ServeError::Render { number, source })?;
    let first_byte = received.first_byte_wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    let facts = serde_json::json!({
        "number": slip.largest_line(),
        "text": slip.text(),
        "qr": slip.qr(),
        "first_byte_unix_ms": first_byte.as_secs_f64() * 1000.0,
    });
    let whole = file("json.new");
    write(&whole, facts.to_string().as_bytes())?;
    fs::rename(&whole, file("json")).map_err(|source| ServeError::Io { path: whole, source })?;
    tracing::info!(number, "slip");
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ServeError> {
    fs::write(path, bytes).map_err(|source| ServeError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::time::{Instant, SystemTime};

    use super::*;

    fn received(bytes: &[u8]) -> ReceivedSlip {
        ReceivedSlip { bytes: bytes.to_vec(), first_byte: Instant::now(), first_byte_wall: SystemTime::now() }
    }

    #[test]
    fn a_slip_leaves_its_bytes_its_picture_and_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = b"\x1B@A012\n\x1DVB\0";
        write_slip(&received(bytes), 7, folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join("slip-0007.bin")).unwrap(), bytes);
        assert!(fs::read(folder.path().join("slip-0007.png")).unwrap().starts_with(b"\x89PNG"));
        let facts: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.path().join("slip-0007.json")).unwrap()).unwrap();
        assert_eq!((&facts["number"], &facts["qr"]), (&"A012".into(), &serde_json::Value::Null));
    }

    #[test]
    fn bytes_that_cannot_be_read_are_kept_and_reported() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_slip(&received(b"\x1B?\n"), 1, folder.path()).unwrap_err();
        assert!(error.to_string().contains("slip 1"), "{error}");
        assert!(folder.path().join("slip-0001.bin").exists());
    }
}
