//! A virtual printer as a program: runs until it is stopped, writes each slip into a folder, takes faults by hand.

use std::fs;
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use super::fault::Fault;
use super::ink::InkError;
use super::paper::Piece;
use super::virtual_printer::VirtualPrinter;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("虚拟打印机无法使用 / the virtual printer cannot work with {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("号票 {number} 无法绘制 / slip {number} cannot be drawn: {source}")]
    Ink { number: u32, source: InkError },
    #[error("号票 {number} 的图片无法写入 / the picture of slip {number} was not written: {source}")]
    Picture { number: u32, source: image::ImageError },
}

/// Writes what the printer puts out. Each slip leaves `slip-0001.bin` (its bytes), `slip-0001.png` (its paper) and, last,
/// `slip-0001.json`: `number` (its largest line), `text`, `qr`, `first_byte_unix_ms`, `rubbish`: whether this
/// printer lacked a character, and `problem`: why another might not print it as meant, or null. Lines on standard input are faults, such as `paper-out@200`.
pub fn run(printer: VirtualPrinter, out_dir: &Path) -> Result<(), ServeError> {
    fs::create_dir_all(out_dir).map_err(|source| ServeError::Io { path: out_dir.to_owned(), source })?;
    println!("虚拟打印机 virtual printer: {}", printer.path().display());
    let printer = Arc::new(printer);
    let by_hand = Arc::clone(&printer);
    let listening = thread::Builder::new().name("faults-by-hand".into()).spawn(move || take_faults(&by_hand));
    listening.map_err(|source| ServeError::Io { path: "stdin".into(), source })?;
    let mut number = 0;
    loop {
        if let Some(piece) = printer.take_slip(Duration::from_secs(3600)) {
            number += 1;
            write_slip(&piece, number, out_dir)?;
        }
    }
}

fn take_faults(printer: &VirtualPrinter) {
    for line in io::stdin().lock().lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
        match line.parse::<Fault>() {
            Ok(fault) => printer.happen(fault),
            Err(error) => eprintln!("{error}"),
        }
    }
}

fn write_slip(piece: &Piece, number: u32, out_dir: &Path) -> Result<(), ServeError> {
    let file = |extension: &str| out_dir.join(format!("slip-{number:04}.{extension}"));
    write(&file("bin"), &piece.bytes)?;
    let paper = piece.bitmap().map_err(|source| ServeError::Ink { number, source })?;
    paper.to_image().save(file("png")).map_err(|source| ServeError::Picture { number, source })?;
    let first_byte = piece.first_byte_wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    let problem = piece.decode().err().map(|problem| problem.to_string());
    if let Some(problem) = &problem {
        tracing::warn!(number, problem, "not every printer prints this slip as meant");
    }
    let facts = serde_json::json!({
        "number": piece.largest_line(),
        "text": piece.text(),
        "qr": piece.qr(),
        "first_byte_unix_ms": first_byte.as_secs_f64() * 1000.0,
        "rubbish": piece.has_rubbish(),
        "problem": problem,
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
    use super::super::model::Model;
    use super::super::virtual_printer::print_on;
    use super::*;

    fn facts(bytes: &[u8]) -> serde_json::Value {
        let folder = tempfile::tempdir().unwrap();
        write_slip(&print_on(&Model::default(), bytes)[0], 7, folder.path()).unwrap();
        let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
        assert_eq!(read("slip-0007.bin"), bytes);
        assert!(read("slip-0007.png").starts_with(b"\x89PNG"));
        serde_json::from_slice(&read("slip-0007.json")).unwrap()
    }

    #[test]
    fn a_slip_leaves_its_bytes_its_picture_and_what_it_says() {
        let facts = facts(b"\x1B@A012\n\x1DVB\0");
        assert_eq!((&facts["number"], &facts["qr"]), (&"A012".into(), &serde_json::Value::Null));
        assert_eq!(facts["problem"], serde_json::Value::Null);
    }

    #[test]
    fn a_slip_that_another_printer_might_spoil_is_kept_and_says_why() {
        let facts = facts(b"\x1B@A012\n\x1B!\0B\n\x1DVB\0");
        assert_eq!(facts["text"], "A012\nB");
        assert!(facts["problem"].as_str().unwrap().contains("unknown command"), "{facts}");
    }
}
