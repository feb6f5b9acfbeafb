//! `detect` finds what answers and leaves the rest alone.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hall_print::{Address, Probe, Profile};
use hall_sim::printer::{Answers, Condition, Model, VirtualPrinter};
use serialport::{SerialPort as _, TTYPort};

use super::run;

#[test]
fn a_printer_is_found_and_nothing_is_printed() {
    let printer = VirtualPrinter::open(None).unwrap();
    let port = printer.path().display().to_string();
    let found = run(&["detect", &port]);
    assert_eq!(found.code, 0, "{}", found.out);
    assert!(found.out.starts_with(&format!("{port}: 打印机 printer，115200 ")), "{}", found.out);
    let line = format!("hall-kiosk --hub http://HUB:7900 --printer {port} --profile generic-80mm\n");
    assert!(found.out.ends_with(&line), "{}", found.out);
    assert!(printer.settle(Duration::from_secs(5)));
    assert!(printer.take_paper().is_empty());
}

#[test]
fn a_printer_that_is_not_ready_is_found_too() {
    let printer = VirtualPrinter::open(None).unwrap();
    printer.set(Condition::CoverOpen);
    let found = run(&["detect", &printer.path().display().to_string()]);
    assert!(found.code == 0 && found.out.contains("the cover is open"), "{}", found.out);
}

#[test]
fn a_network_printer_is_found() {
    let printer = VirtualPrinter::listen(Model::default(), 0).unwrap();
    let host = printer.addr().unwrap().to_string();
    let found = run(&["detect", "--tcp", &host]);
    assert_eq!(found.code, 0, "{}", found.out);
    assert!(found.out.contains(&format!("--printer tcp://{host} --profile")), "{}", found.out);
}

#[test]
fn what_cannot_be_proved_is_said() {
    let answers = Answers { transmit_status: false, ..Answers::ALL };
    let printer = VirtualPrinter::plug(Model { answers, ..Model::default() }, None).unwrap();
    let found = run(&["detect", &printer.path().display().to_string()]);
    assert!(
        found.out.contains("does not answer GS r") && found.out.contains("ack = \"none\""),
        "{}",
        found.out
    );
    own_profile_is_sound(&found.out);
}

#[test]
fn the_rate_is_found_at_which_it_answers() {
    let printer = AtOneRate::open(9600);
    let found = run(&["detect", &printer.path]);
    assert_eq!(found.code, 0, "{}", found.out);
    assert!(found.out.contains("9600 波特 baud") && found.out.contains("baud = 9600"), "{}", found.out);
    assert!(found.out.ends_with("--profile my-printer.toml\n"), "{}", found.out);
    own_profile_is_sound(&found.out);
    let found = run(&["detect", &printer.path, "--profile", "docs/samples/my-printer.toml"]);
    assert!(found.out.ends_with("--profile docs/samples/my-printer.toml\n"), "{}", found.out);
}

#[test]
fn a_port_that_is_silent_missing_or_in_use_is_said_so() {
    let silent = VirtualPrinter::plug(Model::poor(), None).unwrap();
    let busy = VirtualPrinter::open(None).unwrap();
    let _kiosk = Probe::open(&Address::from(busy.path()), &Profile::generic()).unwrap();
    let port = |printer: &VirtualPrinter| printer.path().display().to_string();
    let found = run(&["detect", &port(&silent), &port(&busy), "/dev/no-such-port"]);
    assert_eq!(found.code, 1, "{}", found.out);
    for (port, part) in [
        (port(&silent), "no answer"),
        (port(&busy), &*format!("(pid {})", std::process::id())),
        ("/dev/no-such-port".into(), "no such port"),
    ] {
        let line = found.out.lines().find(|line| line.starts_with(&format!("{port}: "))).unwrap();
        assert!(line.contains(part), "{line}");
    }
}

/// The lines a technician is told to save are a profile.
fn own_profile_is_sound(out: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-printer.toml");
    let lines: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix("        ")).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let checked = run(&["check", &path.display().to_string()]);
    assert_eq!(checked.code, 0, "{}{}", lines.join("\n"), checked.out);
}

/// Answers `DLE EOT` and `GS r` only at its own rate, as the terminal is set.
struct AtOneRate {
    path: String,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl AtOneRate {
    fn open(rate: u32) -> Self {
        let (mut printer, port) = TTYPort::pair().unwrap();
        printer.set_timeout(Duration::from_millis(10)).unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        let serve = move || {
            let mut came = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let mut byte = [0];
                // Nothing came, or nobody has the port open.
                if printer.read_exact(&mut byte).is_err() {
                    thread::yield_now();
                    continue;
                }
                came.push(byte[0]);
                let answer = match came[..] {
                    [.., 0x10, 4, 1] => 0x16,
                    [.., 0x10, 4, _] => 0x12,
                    [.., 0x1D, b'r', 1] => 0x00,
                    _ => continue,
                };
                came.clear();
                if printer.baud_rate().unwrap() == rate {
                    printer.write_all(&[answer]).unwrap();
                }
            }
        };
        Self { path: port.name().unwrap(), stopped, thread: Some(thread::spawn(serve)) }
    }
}

impl Drop for AtOneRate {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}
