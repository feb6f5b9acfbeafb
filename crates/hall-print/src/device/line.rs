//! The bytes' way to a printer and back, with a deadline on every wait. Never drains (`tcdrain` has no deadline) and never
//! lets closing wait for a printer that takes no data.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, FlowControl, SerialPort, TTYPort};

use super::address::Address;
use crate::profile::{Flow, Parity, Serial};

const CONNECT_MAX: Duration = Duration::from_secs(2);
/// How long the reading side looks for bytes before it asks whether it is still needed.
const READ_MAX: Duration = Duration::from_millis(25);

/// The writing side of an open line.
pub enum Line {
    Serial(TTYPort),
    Network(TcpStream),
}

/// The reading side.
pub enum Ear {
    Serial(TTYPort),
    Network(TcpStream),
}

/// What the reading side has heard.
pub enum Heard {
    Bytes(usize),
    /// Nothing for some milliseconds.
    Silence,
    /// The line is gone.
    Lost,
}

/// Why bytes did not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    Lost,
    TimedOut,
}

impl Line {
    /// Opens the line; both sides must be dropped before it is opened anew.
    pub fn open(address: &Address, serial: &Serial) -> io::Result<(Self, Ear)> {
        match address {
            Address::Serial(path) => open_serial(path, serial),
            Address::Network(host) => open_network(host),
        }
    }

    /// Hands all of `bytes` to the line before `deadline`, at most `chunk` at once; on failure says how many went.
    pub fn write(&mut self, bytes: &[u8], chunk: usize, deadline: Instant) -> Result<(), (usize, LineError)> {
        let mut sent = 0;
        while sent < bytes.len() {
            let end = bytes.len().min(sent + chunk);
            match self.write_some(&bytes[sent..end], deadline) {
                Ok(0) => return Err((sent, LineError::Lost)),
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err((sent, line_error(&error))),
            }
        }
        Ok(())
    }

    fn write_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_micros(1));
        match self {
            Self::Serial(tty) => {
                tty.set_timeout(left)?;
                tty.write(bytes)
            }
            Self::Network(stream) => {
                stream.set_write_timeout(Some(left))?;
                stream.write(bytes)
            }
        }
    }

    /// Whether bytes leave at the speed of a serial line, so that what was written ahead can be held small.
    pub fn is_paced(&self) -> bool {
        matches!(self, Self::Serial(_))
    }

    /// Drops what was written and has not yet left this machine. On the network only closing does that.
    pub fn discard_output(&mut self) {
        if let Self::Serial(tty) = self
            && let Err(error) = tty.clear(ClearBuffer::Output)
        {
            tracing::debug!(%error, "output of a lost port not cleared");
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.discard_output();
    }
}

impl Ear {
    /// Waits some milliseconds for bytes.
    pub fn hear(&mut self, buffer: &mut [u8]) -> Heard {
        let read = match self {
            Self::Serial(tty) => tty.read(buffer),
            Self::Network(stream) => stream.read(buffer),
        };
        match read {
            Ok(0) => Heard::Lost,
            Ok(count) => Heard::Bytes(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => Heard::Silence,
            Err(error) => match line_error(&error) {
                LineError::TimedOut => Heard::Silence,
                LineError::Lost => Heard::Lost,
            },
        }
    }
}

fn open_serial(path: &Path, serial: &Serial) -> io::Result<(Line, Ear)> {
    let tty = serialport::new(path.to_string_lossy(), serial.baud)
        .parity(match serial.parity {
            Parity::None => serialport::Parity::None,
            Parity::Odd => serialport::Parity::Odd,
            Parity::Even => serialport::Parity::Even,
        })
        .flow_control(match serial.flow {
            Flow::None => FlowControl::None,
            Flow::Hardware => FlowControl::Hardware,
            Flow::Software => FlowControl::Software,
        })
        .timeout(READ_MAX)
        .dtr_on_open(true)
        .open_native()?;
    tty.clear(ClearBuffer::All)?;
    let ear = tty.try_clone_native()?;
    Ok((Line::Serial(tty), Ear::Serial(ear)))
}

fn open_network(host: &str) -> io::Result<(Line, Ear)> {
    let mut last = io::Error::new(ErrorKind::NotFound, format!("{host} has no address"));
    for address in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_MAX) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(READ_MAX))?;
                let ear = stream.try_clone()?;
                return Ok((Line::Network(stream), Ear::Network(ear)));
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn line_error(error: &io::Error) -> LineError {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => LineError::TimedOut,
        _ => LineError::Lost,
    }
}
