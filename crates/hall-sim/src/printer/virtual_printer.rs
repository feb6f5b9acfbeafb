//! The device on its line: a thread that moves bytes between the pseudo-terminal and the printer's inside.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::device::{Condition, Device, ReceivedSlip};
use super::pty::{Cable, Line};

/// How soon a condition set from outside shows on the line.
const TICK_MS: u8 = 10;
const READ_MAX: usize = 4096;
/// How long a closed port may be opened again as it is.
const FRESH_AFTER: Duration = Duration::from_millis(300);
/// At a set baud rate bytes are taken in portions this small.
const SLOW_READ_MAX: usize = 16;

/// A printer on a pseudo-terminal. Dropping it pulls the cable.
pub struct VirtualPrinter {
    shared: Arc<Shared>,
    path: PathBuf,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    inside: Mutex<Inside>,
    slip_came: Condvar,
}

#[derive(Default)]
struct Inside {
    device: Device,
    stopped: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VirtualPrinter {
    /// Plugs the printer in. With `link`, that path leads to it, also after it was unplugged and plugged in again.
    pub fn open(link: Option<&Path>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let cable = Cable::plug(link)?;
        let path = cable.path.clone();
        let line = Port {
            shared: Arc::clone(&shared),
            link: link.map(Path::to_owned),
            cable: Some(cable),
            hung_up: None,
        };
        let thread = thread::Builder::new().name("virtual-printer".into()).spawn(move || line.run())?;
        Ok(Self { shared, path, thread: Some(thread) })
    }

    /// The serial port to open.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets something happen to the printer.
    pub fn set(&self, condition: Condition) {
        self.shared.lock().device.set(condition);
    }

    /// Lets it happen once `bytes` of the next slip have come.
    pub fn set_after(&self, bytes: usize, condition: Condition) {
        self.shared.lock().device.set_after(bytes, condition);
    }

    /// Takes the oldest slip cut off, waiting up to `wait` for one.
    pub fn take_slip(&self, wait: Duration) -> Option<ReceivedSlip> {
        let inside = self.shared.lock();
        let no_slip = |inside: &mut Inside| inside.device.slips.is_empty();
        let waited = self.shared.slip_came.wait_timeout_while(inside, wait, no_slip);
        let (mut inside, _) = waited.unwrap_or_else(PoisonError::into_inner);
        inside.device.slips.pop_front()
    }
}

impl Drop for VirtualPrinter {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the virtual printer's thread panicked");
        }
    }
}

/// The thread's side.
struct Port {
    shared: Arc<Shared>,
    link: Option<PathBuf>,
    cable: Option<Cable>,
    hung_up: Option<Instant>,
}

impl Port {
    fn run(mut self) {
        loop {
            let (stopped, plugged, baud) = {
                let Inside { device, stopped } = &*self.shared.lock();
                (*stopped, device.plugged, device.baud)
            };
            if stopped {
                return;
            }
            if let Err(error) = self.step(plugged, baud) {
                tracing::error!(%error, "the virtual printer's line failed");
                return;
            }
        }
    }

    fn step(&mut self, plugged: bool, baud: Option<u32>) -> io::Result<()> {
        let tick = Duration::from_millis(TICK_MS.into());
        match (&self.cable, plugged) {
            (None, false) => thread::sleep(tick),
            (Some(_), false) => self.cable = None,
            (None, true) => self.cable = Some(Cable::plug(self.link.as_deref())?),
            (Some(cable), true) => {
                let mut buffer = [0; READ_MAX];
                let portion = if baud.is_some() { SLOW_READ_MAX } else { READ_MAX };
                let line = cable.read(&mut buffer[..portion], TICK_MS)?;
                let at = Instant::now();
                let answers = self.hand_over(&line, &buffer, at);
                if !answers.is_empty() {
                    cable.write(&answers);
                }
                if !matches!(line, Line::HungUp) {
                    self.hung_up = None;
                }
                match (line, baud) {
                    (Line::HungUp, _) => self.wait_for_program(at)?,
                    (Line::Bytes(count), Some(baud)) => thread::sleep(line_time(count, baud)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The port was closed. A program that was killed leaves the terminal locked to it, so that the link gets a fresh
    /// one when nobody comes back at once.
    fn wait_for_program(&mut self, now: Instant) -> io::Result<()> {
        let hung_up = *self.hung_up.get_or_insert(now);
        if self.link.is_some() && now.duration_since(hung_up) >= FRESH_AFTER {
            self.cable = Some(Cable::plug(self.link.as_deref())?);
            self.hung_up = None;
        } else {
            thread::sleep(Duration::from_millis(TICK_MS.into()));
        }
        Ok(())
    }

    fn hand_over(&self, line: &Line, buffer: &[u8], at: Instant) -> Vec<u8> {
        let mut inside = self.shared.lock();
        if let Line::Bytes(count) = line {
            inside.device.receive(&buffer[..*count], at);
        }
        if !inside.device.slips.is_empty() {
            self.shared.slip_came.notify_all();
        }
        std::mem::take(&mut inside.device.outbox)
    }
}

fn line_time(bytes: usize, baud: u32) -> Duration {
    Duration::from_micros(bytes as u64 * 10 * 1_000_000 / u64::from(baud.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;
    use std::io::{Read as _, Write as _};

    const WAIT: Duration = Duration::from_secs(5);

    fn print_through(path: &Path, number: &str) {
        let mut port = OpenOptions::new().read(true).write(true).open(path).unwrap();
        port.write_all(&[0x10, 4, 1]).unwrap();
        let mut answer = [0];
        port.read_exact(&mut answer).unwrap();
        assert_eq!(answer, [0x16]);
        port.write_all(format!("\x1B@{number}\n\x1DVB\0\x1Dr\x01").as_bytes()).unwrap();
        port.read_exact(&mut answer).unwrap();
    }

    #[test]
    fn programs_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("printer");
        for link in [None, Some(link.as_path())] {
            let printer = VirtualPrinter::open(link).unwrap();
            for number in ["A001", "A002", "A003"] {
                print_through(printer.path(), number);
                let slip = printer.take_slip(WAIT).unwrap();
                assert_eq!(slip.decode().unwrap().text(), number);
            }
        }
        assert!(!link.is_symlink(), "the link goes with the printer");
    }

    #[test]
    fn the_link_goes_when_unplugged_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("printer");
        let printer = VirtualPrinter::open(Some(&link)).unwrap();
        printer.set(Condition::Unplugged);
        wait_until(|| !link.is_symlink());
        printer.set(Condition::Plugged);
        wait_until(|| link.exists());
        print_through(&link, "A001");
    }

    #[test]
    fn a_port_left_closed_is_replaced_behind_the_link() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("printer");
        let _printer = VirtualPrinter::open(Some(&link)).unwrap();
        let first = std::fs::read_link(&link).unwrap();
        print_through(&link, "A001");
        wait_until(|| std::fs::read_link(&link).is_ok_and(|now| now != first));
        print_through(&link, "A002");
    }

    #[test]
    fn a_file_in_the_links_place_is_left_alone() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(VirtualPrinter::open(Some(file.path())).is_err());
        assert!(file.path().exists());
    }

    fn wait_until(condition: impl Fn() -> bool) {
        let deadline = Instant::now() + WAIT;
        while !condition() {
            assert!(Instant::now() < deadline, "waited too long");
            thread::yield_now();
        }
    }
}
