//! A virtual printer to hold in a test or a demo: plugged in, it is a serial port or a network address.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::device::Device;
use super::fault::{Condition, Fault, When};
use super::line::{Inside, Line, Place, Shared, Wire};
use super::model::Model;
use super::paper::Piece;

/// A printer on a pseudo-terminal or a TCP port. Dropping it pulls the cable.
#[derive(Debug)]
pub struct VirtualPrinter {
    shared: Arc<Shared>,
    path: PathBuf,
    addr: Option<SocketAddr>,
    thread: Option<JoinHandle<()>>,
}

impl VirtualPrinter {
    /// A printer with everything, on a pseudo-terminal. With `link`, that path leads to it, also after it was unplugged
    /// and plugged in again.
    pub fn open(link: Option<&Path>) -> io::Result<Self> {
        Self::plug(Model::default(), link)
    }

    /// A printer of this model on a pseudo-terminal. Without a link it has another path after it was unplugged.
    pub fn plug(model: Model, link: Option<&Path>) -> io::Result<Self> {
        Self::start(model, Place::Serial { link: link.map(Path::to_owned) })
    }

    /// A network printer of this model on 127.0.0.1: raw bytes as on port 9100. Port 0 takes any that is free.
    pub fn listen(model: Model, port: u16) -> io::Result<Self> {
        Self::start(model, Place::Network { port })
    }

    fn start(model: Model, mut place: Place) -> io::Result<Self> {
        let wire = place.plug()?;
        let (path, addr) = match &wire {
            Wire::Serial(cable) => (cable.path.clone(), None),
            Wire::Network(socket) => {
                let addr = socket.addr()?;
                place = Place::Network { port: addr.port() };
                (PathBuf::from(addr.to_string()), Some(addr))
            }
        };
        let (shared, ear) = Shared::new(Device::new(model))?;
        let line = Line::new(Arc::clone(&shared), ear, place, wire);
        let thread = thread::Builder::new().name("virtual-printer".into()).spawn(move || line.run())?;
        Ok(Self { shared, path, addr, thread: Some(thread) })
    }

    /// The serial port to open; of a network printer its address and port, written out.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a network printer listens.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.addr
    }

    /// Lets something happen to the printer at once.
    pub fn set(&self, condition: Condition) {
        self.happen(Fault { what: condition, when: When::Now });
    }

    /// Lets it happen once `bytes` of a slip have come, of the one under way or the next.
    pub fn set_after(&self, bytes: usize, condition: Condition) {
        self.happen(Fault { what: condition, when: When::AfterBytes(bytes) });
    }

    /// Lets it happen as the next cut is due, before it is made.
    pub fn set_at_cut(&self, condition: Condition) {
        self.happen(Fault { what: condition, when: When::AtCut });
    }

    pub fn happen(&self, fault: Fault) {
        self.shared.lock().device.happen(fault);
        self.shared.news.notify_all();
        self.shared.wake();
    }

    /// Undoes whatever happened to it; nothing that was to come happens any more. What it held back is printed.
    pub fn repair(&self) {
        self.shared.lock().device.repair();
        self.shared.news.notify_all();
        self.shared.wake();
    }

    /// Takes the oldest piece of paper, waiting up to `wait` for one to be cut off.
    pub fn take_slip(&self, wait: Duration) -> Option<Piece> {
        self.wait_until(wait, |inside| inside.device.has_piece()).device.take_piece()
    }

    /// Takes all paper: every piece cut off, and last what hangs out if anything is printed on it.
    pub fn take_paper(&self) -> Vec<Piece> {
        self.shared.lock().device.take_paper()
    }

    /// Waits until nothing is under way on the line: every byte written before is printed, held back, lost or kept
    /// from a printer that takes none. `false` when that takes longer than `wait`.
    pub fn settle(&self, wait: Duration) -> bool {
        let asked = {
            let mut inside = self.shared.lock();
            inside.quiet_asked += 1;
            inside.quiet_asked
        };
        self.shared.wake();
        self.wait_until(wait, |inside| inside.quiet_seen >= asked).quiet_seen >= asked
    }

    fn wait_until(&self, wait: Duration, done: impl Fn(&Inside) -> bool) -> MutexGuard<'_, Inside> {
        let inside = self.shared.lock();
        let waited = self.shared.news.wait_timeout_while(inside, wait, |inside| !done(inside));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Drop for VirtualPrinter {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.wake();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the virtual printer's thread panicked");
        }
    }
}

/// What bytes look like on the paper of a printer in good order, without a line or a thread.
pub fn print_on(model: &Model, bytes: &[u8]) -> Vec<Piece> {
    let mut device = Device::new(model.clone());
    device.receive(bytes, Instant::now());
    device.take_paper()
}

#[cfg(test)]
mod tests;
