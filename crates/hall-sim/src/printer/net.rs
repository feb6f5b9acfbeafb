//! The printer's end of the network: raw TCP on this computer, one connection at a time.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

#[derive(Debug)]
pub struct Socket {
    listener: TcpListener,
    connection: Option<TcpStream>,
}

impl Socket {
    /// Listens on `port` of 127.0.0.1; 0 takes any that is free.
    pub fn listen(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, connection: None })
    }

    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What to wait on: the connection, or the next one.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.as_ref().map_or(self.listener.as_fd(), AsFd::as_fd)
    }

    pub fn drop_connection(&mut self) {
        self.connection = None;
    }

    /// Reads what is there, from the next connection when there is none.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.connection.is_none() {
            self.accept()?;
        }
        let Some(connection) = &mut self.connection else { return Ok(0) };
        match connection.read(buffer) {
            Ok(count) if count > 0 => return Ok(count),
            Err(error) if is_for_later(&error) => {}
            Ok(_) => self.connection = None,
            Err(error) => {
                tracing::debug!(%error, "connection lost");
                self.connection = None;
            }
        }
        Ok(0)
    }

    fn accept(&mut self) -> io::Result<()> {
        match self.listener.accept() {
            Ok((connection, _)) => {
                connection.set_nonblocking(true)?;
                connection.set_nodelay(true)?;
                self.connection = Some(connection);
                Ok(())
            }
            Err(error) if is_for_later(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends answers. Whatever nobody reads is lost.
    pub fn write(&mut self, bytes: &[u8]) {
        if let Some(connection) = &mut self.connection
            && let Err(error) = connection.write(bytes)
        {
            tracing::debug!(%error, "answer lost");
        }
    }
}

fn is_for_later(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted
    )
}
