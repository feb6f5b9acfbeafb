//! The serial ports of this machine, by the names that last, and who uses one.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

const PORTS_MAX: usize = 64;

/// Every serial port once: by its place in the machine, else by its device's name, else by its number.
pub fn list() -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let named = ["/dev/serial/by-path", "/dev/serial/by-id"].map(Path::new).into_iter().flat_map(files_in);
    let numbered = files_in(Path::new("/dev")).into_iter().filter(|path| is_port(path));
    let mut ports: Vec<PathBuf> = named
        .chain(numbered)
        .filter(|path| seen.insert(fs::canonicalize(path).unwrap_or_default()))
        .collect();
    ports.truncate(PORTS_MAX);
    ports
}

/// USB printers that are no serial ports.
pub fn usb_printers() -> Vec<PathBuf> {
    files_in(Path::new("/dev/usb")).into_iter().filter(|path| name(path).starts_with("lp")).collect()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_port(path: &Path) -> bool {
    let name = name(path);
    let numbered = |start: &str| {
        name.strip_prefix(start)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    // Linux makes ttyS files also where there is no such port.
    numbered("ttyUSB") || numbered("ttyACM") || numbered("ttyS") && has_hardware(&name)
}

fn has_hardware(name: &str) -> bool {
    fs::read_to_string(format!("/sys/class/tty/{name}/type")).is_ok_and(|kind| kind.trim() != "0")
}

/// The other program that has this port open, `hall-kiosk (pid 812)`, as far as this user may see.
pub fn user_of(port: &Path) -> Option<String> {
    let device = fs::canonicalize(port).ok()?;
    let own = std::process::id().to_string();
    files_in(Path::new("/proc"))
        .into_iter()
        .filter(|process| name(process) != own && name(process).bytes().all(|b| b.is_ascii_digit()))
        .find(|process| {
            files_in(&process.join("fd")).iter().any(|fd| fs::read_link(fd).is_ok_and(|open| open == device))
        })
        .map(|process| {
            let program = fs::read_to_string(process.join("comm")).unwrap_or_default();
            format!("{} (pid {})", program.trim(), name(&process))
        })
}
