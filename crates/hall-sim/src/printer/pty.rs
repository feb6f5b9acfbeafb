//! The printer's end of a pseudo-terminal, raw, with a stable path to the other end when asked for.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd;

#[derive(Debug)]
pub struct Cable {
    master: PtyMaster,
    /// What a program opens: the link, or the terminal itself.
    pub path: PathBuf,
    slave: PathBuf,
    link: Option<PathBuf>,
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

    /// Whether the program at the other end closed the port.
    pub fn is_hung_up(&self) -> bool {
        let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::empty())];
        poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
    }

    /// Reads what is there. `None`: the program closed the port.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match unistd::read(&self.master, buffer) {
            Ok(0) | Err(nix::Error::EIO) => Ok(None),
            Ok(count) => Ok(Some(count)),
            Err(nix::Error::EAGAIN | nix::Error::EINTR) => Ok(Some(0)),
            Err(error) => Err(error.into()),
        }
    }

    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.master.as_fd()
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
