//! Random input: whatever comes down the line, the printer neither stops nor grows, and the next good slip is itself.
//! `HALL_PRINTER_SEED` and `HALL_PRINTER_RUNS` choose the runs.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use rand::rngs::{StdRng, SysRng};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng, TryRng};

use super::device::Device;
use super::fault::{AckFault, Condition, Fault, When};
use super::model::Model;
use super::rom::Rom;
use super::virtual_printer::VirtualPrinter;

const RUNS: u64 = 2_000;
const LINE_RUNS: u64 = 200;
const WAIT: Duration = Duration::from_secs(10);
/// Drawing takes longer than printing.
const DRAWN_EVERY: u64 = 16;
const GOOD: &[u8] = b"\x1B@\x1C&\x1Ba\x01\x1D!\x77B001\n\x1D!\x00\xC7\xEB\xB5\xC8\xBA\xF2\n\n\x1DVB\0";
/// What a careful program sends after a slip went wrong.
const END_OF_WRONG: &[u8] = b"\n\x1DVB\0\x1B@\x1C&";
/// The longest command, `GS v 0` of the largest picture.
const COMMAND_MAX: usize = 128 * 4095 + 8;

fn real_slips() -> Vec<Vec<u8>> {
    let text = b"\x1B@\x1C&\x1Ba\x01\xB1\xF5\xBD\xAD\xD0\xC2\xC7\xF8\n\x1D!\x77A012\n\x1D!\x00\x1B3\x1E\
        \xC7\xEB\xB5\xC8\xBA\xF2\n\x1D(k\x04\0\x31\x41\x32\0\x1D(k\x03\0\x31\x43\x06\x1D(k\x03\0\x31\x45\x31\
        \x1D(k\x0D\0\x31\x50\x30http://a/b\x1D(k\x03\0\x31\x51\x30\x1Dh\x50\x1Dw\x02\x1DkI\x06{BA012\n\
        \x1BJ\x20\x1DVB\0\x1Dr\x01"
        .to_vec();
    let mut picture = b"\x1B@\x1Da\x0E".to_vec();
    for strip in 0..4_u8 {
        picture.extend(b"\x1Dv0\0\x48\0\x18\0");
        picture.extend((0..72 * 24).map(|dot| (dot as u8).wrapping_mul(strip + 3)));
    }
    picture.extend(b"\n\x1DVB\0\x1D(H\x06\x00\x30\x300042");
    vec![text, picture]
}

struct Chance(StdRng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    fn bytes(&mut self) -> Vec<u8> {
        // Control bytes often: random bytes alone are mostly text.
        const OFTEN: [u8; 16] =
            [0x10, 0x1B, 0x1C, 0x1D, b'(', b'k', b'v', b'0', b'V', b'@', 4, 5, 0x14, 0, 1, b'&'];
        let any = |chance: &mut Self| chance.0.random::<u8>();
        let len = self.below(400);
        (0..len)
            .map(|_| if self.below(3) == 0 { any(self) } else { *OFTEN.choose(&mut self.0).unwrap() })
            .collect()
    }

    /// A slip cut, spliced and with bits flipped.
    fn mutated(&mut self, slips: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = slips.choose(&mut self.0).unwrap().clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes.truncate(at),
                1 => _ = bytes.drain(..at),
                2 => {
                    let other = slips.choose(&mut self.0).unwrap();
                    let from = self.below(other.len());
                    bytes.splice(at..at, other[from..].iter().copied());
                }
                _ if bytes.is_empty() => {}
                _ => bytes[at] ^= 1 << self.below(8),
            }
        }
        bytes
    }

    fn model(&mut self) -> Model {
        let (_, mut model) = Model::families().choose(&mut self.0).unwrap().clone();
        model.forgets_when_paper_ends = self.below(4) == 0;
        model
    }

    fn fault(&mut self) -> Fault {
        use Condition::*;
        let what = *[
            PaperNearEnd,
            PaperOut,
            CoverOpen,
            CutterJammed,
            PaperJammed,
            Unplugged,
            LineDropped,
            PoweredOff,
            Silent,
            Stopped,
            Acks(AckFault::Twice),
            Acks(AckFault::LateMs(50)),
            StatusSent,
            Noise(0x3F),
        ]
        .choose(&mut self.0)
        .unwrap();
        let when = match self.below(4) {
            0 => When::Now,
            1 => When::AtCut,
            _ => When::AfterBytes(self.below(400)),
        };
        Fault { what, when }
    }
}

/// Sends as a line does: in chunks; what a busy printer does not take is lost.
fn send(device: &mut Device, bytes: &[u8], chance: &mut Chance) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at((1 + chance.below(64)).min(rest.len()));
        assert!(device.receive(chunk, Instant::now()) <= chunk.len());
        rest = after;
    }
}

fn check(seed: u64, slips: &[Vec<u8>]) {
    let mut chance = Chance(StdRng::seed_from_u64(seed));
    let model = chance.model();
    let mut device = Device::new(model.clone());
    for _ in 0..chance.below(4) {
        let fault = chance.fault();
        device.happen(fault);
    }
    for _ in 0..=chance.below(3) {
        let bytes = if chance.below(3) == 0 { chance.bytes() } else { chance.mutated(slips) };
        send(&mut device, &bytes, &mut chance);
    }
    assert!(device.bytes_in_memory() <= model.buffer_bytes + COMMAND_MAX, "it holds more than it can");
    device.repair();
    // A command that was cut off: its header first, then the data it announces.
    for _ in 0..3 {
        device.receive(&vec![0; device.open_lacks().max(16)], Instant::now());
    }
    device.receive(END_OF_WRONG, Instant::now());
    for piece in device.take_paper() {
        assert!(piece.text().len() < 1 << 20);
        _ = piece.decode();
        if seed.is_multiple_of(DRAWN_EVERY) {
            assert_eq!(piece.bitmap().unwrap().width(), model.paper_dots);
            _ = piece.qr();
        }
    }
    device.receive(GOOD, Instant::now());
    let pieces = device.take_paper();
    assert_eq!(pieces.len(), 1, "the good slip is one piece");
    assert!(pieces[0].is_whole());
    assert_eq!(pieces[0].bytes, GOOD);
    assert_eq!(pieces[0].largest_line().as_deref(), Some("B001"));
    if model.rom != Rom::None {
        assert_eq!(pieces[0].text(), "B001\n请等候");
    }
}

#[test]
fn whatever_comes_the_next_good_slip_is_itself() {
    let slips = real_slips();
    for_each_seed(RUNS, |seed| check(seed, &slips));
}

/// The line of either kind, opened as a program does that does not wait.
trait Way: Read + Write {}
impl<T: Read + Write> Way for T {}

fn open(printer: &VirtualPrinter) -> std::io::Result<Box<dyn Way>> {
    Ok(match printer.addr() {
        Some(addr) => {
            let connection = TcpStream::connect(addr)?;
            connection.set_nonblocking(true)?;
            Box::new(connection)
        }
        None => {
            let flags = (OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits();
            Box::new(OpenOptions::new().read(true).write(true).custom_flags(flags).open(printer.path())?)
        }
    })
}

fn check_line(seed: u64, link: &Path, slips: &[Vec<u8>]) {
    let mut chance = Chance(StdRng::seed_from_u64(seed));
    let model = chance.model();
    let (network, answers) = (chance.below(2) == 0, model.answers.real_time[0]);
    let printer =
        if network { VirtualPrinter::listen(model, 0) } else { VirtualPrinter::plug(model, Some(link)) };
    let printer = printer.unwrap();
    for _ in 0..=chance.below(3) {
        let mut line = open(&printer).ok();
        printer.happen(chance.fault());
        if let Some(line) = &mut line {
            _ = line.write(slips.choose(&mut chance.0).unwrap());
        }
        if chance.below(2) == 0 {
            assert!(printer.settle(WAIT), "the line is never quiet");
        }
    }
    printer.repair();
    assert!(printer.settle(WAIT), "the line is never quiet");
    let mut line = open(&printer).unwrap();
    let bytes = [&[0; 4096], END_OF_WRONG, GOOD, &[0x10, 4, 1]].concat();
    write_all(&mut line, &bytes);
    let last = wait_for(|| printer.take_slip(Duration::ZERO).filter(|piece| piece.bytes == GOOD));
    assert_eq!(last.largest_line().as_deref(), Some("B001"));
    assert!(printer.take_paper().is_empty(), "the good slip is the last");
    if answers {
        wait_for(|| (line.read(&mut [0; 64]).ok()? > 0).then_some(()));
    }
}

fn write_all(line: &mut Box<dyn Way>, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let written = wait_for(|| line.write(bytes).ok());
        bytes = &bytes[written..];
    }
}

fn wait_for<T>(mut what: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + WAIT;
    loop {
        if let Some(found) = what() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited too long");
        thread::yield_now();
    }
}

#[test]
fn whatever_happens_on_the_line_the_next_good_slip_is_itself() {
    let folder = tempfile::tempdir().unwrap();
    let slips = real_slips();
    for_each_seed(LINE_RUNS, |seed| check_line(seed, &folder.path().join("printer"), &slips));
}

/// Each run says how it is done again.
fn for_each_seed(runs: u64, check: impl Fn(u64)) {
    let from_env = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = from_env("HALL_PRINTER_SEED").unwrap_or_else(|| SysRng.try_next_u64().unwrap());
    let runs = from_env("HALL_PRINTER_RUNS").unwrap_or(runs);
    println!("HALL_PRINTER_SEED={first} HALL_PRINTER_RUNS={runs}");
    for seed in (0..runs).map(|run| first.wrapping_add(run)) {
        let run = catch_unwind(AssertUnwindSafe(|| check(seed)));
        assert!(run.is_ok(), "HALL_PRINTER_SEED={seed} HALL_PRINTER_RUNS=1 does it again");
    }
}
