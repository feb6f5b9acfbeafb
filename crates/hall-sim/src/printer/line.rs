//! The thread between the line and the printer's inside. Here alone is time.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::device::Device;
use super::net::Socket;
use super::pty::Cable;

const READ_MAX: usize = 4096;
/// At a set baud rate bytes are taken in portions this small.
const SLOW_READ_MAX: u32 = 16;
/// How long a closed port may be opened again as it is.
const FRESH_AFTER: Duration = Duration::from_millis(300);
/// How soon a port that was opened again is noticed.
const REOPEN_TICK: Duration = Duration::from_millis(2);
/// How soon a port that was closed is noticed while nothing is read.
const BUSY_TICK: Duration = Duration::from_millis(10);
/// A line without a byte for so long has none under way.
const QUIET: Duration = Duration::from_millis(5);

/// What the thread and those outside share.
#[derive(Debug)]
pub struct Shared {
    inside: Mutex<Inside>,
    /// A slip was cut, or the line is quiet.
    pub news: Condvar,
    bell: UnixStream,
}

#[derive(Debug)]
pub struct Inside {
    pub device: Device,
    pub stopped: bool,
    /// How often somebody asked whether the line is quiet, and up to which time it was.
    pub quiet_asked: u64,
    pub quiet_seen: u64,
}

impl Shared {
    /// Its other end wakes the thread.
    pub fn new(device: Device) -> io::Result<(Arc<Self>, UnixStream)> {
        let (bell, ear) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        ear.set_nonblocking(true)?;
        let inside = Mutex::new(Inside { device, stopped: false, quiet_asked: 0, quiet_seen: 0 });
        Ok((Arc::new(Self { inside, news: Condvar::new(), bell }), ear))
    }

    pub fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the thread see what was changed. A full pipe will wake it as well.
    pub fn wake(&self) {
        _ = (&self.bell).write(&[0]);
    }
}

/// Where the printer is.
#[derive(Debug)]
pub enum Place {
    Serial { link: Option<PathBuf> },
    Network { port: u16 },
}

#[derive(Debug)]
pub enum Wire {
    Serial(Cable),
    Network(Socket),
}

impl Place {
    pub fn plug(&self) -> io::Result<Wire> {
        Ok(match self {
            Place::Serial { link } => Wire::Serial(Cable::plug(link.as_deref())?),
            Place::Network { port } => Wire::Network(Socket::listen(*port)?),
        })
    }
}

/// What the line needs to know of the device, at one moment.
#[derive(Clone, Copy)]
struct Orders {
    plugged: bool,
    powered: bool,
    drops: u32,
    baud: Option<u32>,
    room: usize,
    quiet_asked: Option<u64>,
}

/// What ended a wait.
enum Woken {
    Wire,
    Bell,
    Time,
}

/// The thread's side.
pub struct Line {
    pub shared: Arc<Shared>,
    pub ear: UnixStream,
    pub place: Place,
    pub wire: Option<Wire>,
    /// Read off the wire, for which the printer has no room yet.
    waiting: Vec<u8>,
    late: VecDeque<(Instant, Vec<u8>)>,
    hung_up: Option<Instant>,
    drops: u32,
    powered: bool,
}

impl Line {
    pub fn new(shared: Arc<Shared>, ear: UnixStream, place: Place, wire: Wire) -> Self {
        let (waiting, late) = (Vec::new(), VecDeque::new());
        Self { shared, ear, place, wire: Some(wire), waiting, late, hung_up: None, drops: 0, powered: true }
    }

    pub fn run(mut self) {
        while let Some(orders) = self.orders() {
            if let Err(error) = self.step(orders) {
                tracing::error!(%error, "the virtual printer's line failed");
                return;
            }
        }
    }

    fn orders(&self) -> Option<Orders> {
        let Inside { device, stopped, quiet_asked, quiet_seen } = &*self.shared.lock();
        (!stopped).then(|| Orders {
            plugged: device.plugged,
            powered: device.is_powered(),
            drops: device.drops,
            baud: device.baud,
            room: device.room(),
            quiet_asked: (quiet_asked > quiet_seen).then_some(*quiet_asked),
        })
    }

    fn step(&mut self, orders: Orders) -> io::Result<()> {
        self.follow(orders)?;
        if self.wire.is_none() {
            self.seen_quiet(orders);
            return self.wait(false, orders.plugged.then_some(BUSY_TICK)).map(drop);
        }
        self.send_late();
        if !self.waiting.is_empty() && orders.room > 0 {
            let waiting = std::mem::take(&mut self.waiting);
            self.hand_over(&waiting);
            return Ok(());
        }
        if orders.room == 0 {
            return self.wait_for_room(orders);
        }
        if let Some(hung_up) = self.hung_up {
            return self.wait_for_program(hung_up, orders);
        }
        let quiet = orders.quiet_asked.map(|_| QUIET);
        match self.wait(true, quiet)? {
            Woken::Wire => self.read(orders.baud)?,
            Woken::Time if self.late.is_empty() => self.seen_quiet(orders),
            Woken::Time | Woken::Bell => {}
        }
        Ok(())
    }

    /// Plugs and pulls the cable, and loses what a printer coming on finds on its line.
    fn follow(&mut self, orders: Orders) -> io::Result<()> {
        let network = matches!(self.place, Place::Network { .. });
        let there = orders.plugged && (orders.powered || !network);
        if !there || orders.drops != self.drops {
            match &mut self.wire {
                Some(Wire::Network(socket)) if there => socket.drop_connection(),
                // The new line first: the link is never missing.
                Some(wire) if there => *wire = self.place.plug()?,
                wire => *wire = None,
            }
            self.drops = orders.drops;
            self.waiting.clear();
            self.late.clear();
            self.hung_up = None;
        }
        if there && self.wire.is_none() {
            self.wire = match self.place.plug() {
                Ok(wire) => Some(wire),
                // Somebody else has the port for now.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => None,
                Err(error) => return Err(error),
            };
        }
        if orders.powered && !self.powered {
            self.waiting.clear();
            let mut lost = [0; READ_MAX];
            while let Some(Wire::Serial(cable)) = &self.wire
                && cable.read(&mut lost)?.is_some_and(|count| count > 0)
            {}
        }
        self.powered = orders.powered;
        Ok(())
    }

    /// Waits for the bell, and with `for_bytes` for the wire.
    fn wait(&mut self, for_bytes: bool, at_most: Option<Duration>) -> io::Result<Woken> {
        let to_late = self.late.front().map(|(due, _)| due.saturating_duration_since(Instant::now()));
        let wait = [to_late, at_most].into_iter().flatten().min();
        // Rounded up: a wait of nothing would spin.
        let timeout = wait.map_or(PollTimeout::NONE, |wait| {
            PollTimeout::try_from(wait + Duration::from_micros(999)).unwrap_or(PollTimeout::MAX)
        });
        let wire = match &self.wire {
            Some(Wire::Serial(cable)) if for_bytes => Some(cable.as_fd()),
            Some(Wire::Network(socket)) if for_bytes => Some(socket.as_fd()),
            _ => None,
        };
        let bell = PollFd::new(self.ear.as_fd(), PollFlags::POLLIN);
        let mut fds: Vec<_> =
            [bell].into_iter().chain(wire.map(|wire| PollFd::new(wire, PollFlags::POLLIN))).collect();
        match poll(&mut fds, timeout) {
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(true)).collect();
        if ready[0] {
            _ = self.ear.read(&mut [0; 64]);
        }
        Ok(match *ready {
            [_, true] => Woken::Wire,
            [true, ..] => Woken::Bell,
            _ => Woken::Time,
        })
    }

    fn read(&mut self, baud: Option<u32>) -> io::Result<()> {
        let mut buffer = [0; READ_MAX];
        let portion = baud.map_or(READ_MAX, |baud| (baud / 1000).clamp(1, SLOW_READ_MAX) as usize);
        let count = match &mut self.wire {
            Some(Wire::Serial(cable)) => cable.read(&mut buffer[..portion])?,
            Some(Wire::Network(socket)) => Some(socket.read(&mut buffer[..portion])?),
            None => Some(0),
        };
        let Some(count) = count else {
            self.hung_up = Some(Instant::now());
            return Ok(());
        };
        self.hand_over(&buffer[..count]);
        if let Some(baud) = baud {
            thread::sleep(line_time(count, baud));
        }
        Ok(())
    }

    fn hand_over(&mut self, bytes: &[u8]) {
        let taken = self.shared.lock().device.receive(bytes, Instant::now());
        self.waiting.extend(&bytes[taken..]);
        self.answer();
    }

    /// Sends what the device has to say, or lays it by for later.
    fn answer(&mut self) {
        let answers = {
            let mut inside = self.shared.lock();
            if inside.device.has_piece() {
                self.shared.news.notify_all();
            }
            inside.device.take_answers()
        };
        for answer in answers {
            if answer.delay.is_zero() {
                self.send(&answer.bytes);
            } else {
                let due = Instant::now() + answer.delay;
                let place = self.late.partition_point(|(other, _)| *other <= due);
                self.late.insert(place, (due, answer.bytes));
            }
        }
    }

    /// Also what the device says by itself, when somebody changed it.
    fn send_late(&mut self) {
        self.answer();
        while let Some((due, _)) = self.late.front()
            && *due <= Instant::now()
            && let Some((_, bytes)) = self.late.pop_front()
        {
            self.send(&bytes);
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        match &mut self.wire {
            Some(Wire::Serial(cable)) => cable.write(bytes),
            Some(Wire::Network(socket)) => socket.write(bytes),
            None => {}
        }
    }

    fn wait_for_room(&mut self, orders: Orders) -> io::Result<()> {
        self.seen_quiet(orders);
        match &self.wire {
            Some(Wire::Serial(cable)) if cable.is_hung_up() => {
                let hung_up = *self.hung_up.get_or_insert_with(Instant::now);
                self.wait_for_program(hung_up, orders)
            }
            _ => self.wait(false, Some(BUSY_TICK)).map(drop),
        }
    }

    /// The port was closed. A program that was killed leaves the terminal locked to it, so that the link gets a fresh
    /// one when nobody comes back at once.
    fn wait_for_program(&mut self, hung_up: Instant, orders: Orders) -> io::Result<()> {
        self.seen_quiet(orders);
        let Some(Wire::Serial(cable)) = &self.wire else { return Ok(()) };
        let linked = matches!(self.place, Place::Serial { link: Some(_) });
        if !cable.is_hung_up() {
            self.hung_up = None;
        } else if linked && hung_up.elapsed() >= FRESH_AFTER {
            self.wire = Some(self.place.plug()?);
            self.hung_up = None;
        } else {
            self.wait(false, Some(REOPEN_TICK))?;
        }
        Ok(())
    }

    fn seen_quiet(&self, orders: Orders) {
        if let Some(asked) = orders.quiet_asked {
            self.shared.lock().quiet_seen = asked;
            self.shared.news.notify_all();
        }
    }
}

fn line_time(bytes: usize, baud: u32) -> Duration {
    Duration::from_micros(bytes as u64 * 10 * 1_000_000 / u64::from(baud.max(1)))
}
