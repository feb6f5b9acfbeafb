//! The printer's end of a pseudo-terminal, raw, with a stable path to the other end when asked for.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, poll};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd;

pub struct Cable {
    master: PtyMaster,
    /// What a program opens: the link, or the terminal itself.
    pub path: PathBuf,
    slave: PathBuf,
    link: Option<PathBuf>,
}

/// What the line has.
pub enum Line {
    Bytes(usize),
    Quiet,
    /// The program at the other end closed the port.
    HungUp,
}

impl Cable {
    /// Makes a new pseudo-terminal; `link` is pointed to it in one step.
    pub fn plug(link: Option<&Path>) -> io::Result<Self> {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let mut termios = tcgetattr(&master)?;
        cfmakeraw(&mut termios);
        tcsetattr(&master, SetArg::TCSANOW, &termios)?;
        let slave = PathBuf::from(ptsname_r(&master)?);
        if let Some(link) = link {
            point(link, &slave)?;
        }
        let path = link.unwrap_or(&slave).to_owned();
        Ok(Self { master, path, slave, link: link.map(Path::to_owned) })
    }

    /// Waits up to `wait_ms` for bytes and reads at most `buffer`.
    pub fn read(&self, buffer: &mut [u8], wait_ms: u8) -> io::Result<Line> {
        let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, wait_ms) {
            Ok(0) | Err(nix::Error::EINTR) => return Ok(Line::Quiet),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match unistd::read(&self.master, buffer) {
            Ok(0) | Err(nix::Error::EIO) => Ok(Line::HungUp),
            Ok(count) => Ok(Line::Bytes(count)),
            Err(nix::Error::EAGAIN | nix::Error::EINTR) => Ok(Line::Quiet),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends answers. Whatever nobody reads is lost, as on a real line.
    pub fn write(&self, bytes: &[u8]) {
        if let Err(error) = unistd::write(&self.master, bytes) {
            tracing::debug!(%error, "answer lost");
        }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        if let Some(link) = &self.link
            && fs::read_link(link).is_ok_and(|slave| slave == self.slave)
            && let Err(error) = fs::remove_file(link)
        {
            tracing::warn!(%error, link = %link.display(), "link not removed");
        }
    }
}

/// Points `link` at `slave` without a moment in which it is missing. Only ever replaces a symbolic link.
fn point(link: &Path, slave: &Path) -> io::Result<()> {
    if link.exists() && !link.is_symlink() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} is not a link", link.display()),
        ));
    }
    let mut fresh = link.as_os_str().to_owned();
    fresh.push(".new");
    let fresh = PathBuf::from(fresh);
    if fresh.is_symlink() {
        fs::remove_file(&fresh)?;
    }
    symlink(slave, &fresh)?;
    fs::rename(&fresh, link)
}
