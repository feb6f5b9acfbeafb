//! The serial port with a deadline on every wait. Never drains (`tcdrain` has no deadline) and never lets closing wait
//! for a printer that takes no data.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, FlowControl, SerialPort, TTYPort};

use crate::profile::{Flow, Parity, Serial};

/// Small enough that a write after POLLOUT does not block: kernels report room from 256 free bytes on.
const WRITE_MAX: usize = 64;

pub struct Port {
    tty: TTYPort,
}

/// Why bytes did not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortError {
    Lost,
    TimedOut,
}

impl Port {
    pub fn open(path: &Path, serial: &Serial) -> Result<Self, serialport::Error> {
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
            .dtr_on_open(true)
            .open_native()?;
        tty.clear(ClearBuffer::All)?;
        Ok(Self { tty })
    }

    /// Hands all of `bytes` to the port before `deadline`; on failure says how many went.
    pub fn write(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), (usize, PortError)> {
        let mut sent = 0;
        while sent < bytes.len() {
            let end = bytes.len().min(sent + WRITE_MAX);
            self.set_timeout(deadline).map_err(|error| (sent, error))?;
            match self.tty.write(&bytes[sent..end]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err((sent, port_error(&error))),
            }
        }
        Ok(())
    }

    /// One byte, or `None` when none came before `deadline`.
    pub fn read(&mut self, deadline: Instant) -> Result<Option<u8>, PortError> {
        let mut byte = [0];
        loop {
            self.set_timeout(deadline)?;
            match self.tty.read(&mut byte) {
                Ok(1) => return Ok(Some(byte[0])),
                Ok(_) => return Err(PortError::Lost),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => match port_error(&error) {
                    PortError::TimedOut => return Ok(None),
                    PortError::Lost => return Err(PortError::Lost),
                },
            }
        }
    }

    /// Drops what was written and has not yet left this machine.
    pub fn discard_output(&mut self) {
        if let Err(error) = self.tty.clear(ClearBuffer::Output) {
            tracing::debug!(%error, "output of a lost port not cleared");
        }
    }

    fn set_timeout(&mut self, deadline: Instant) -> Result<(), PortError> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.tty.set_timeout(left.max(Duration::from_micros(1))).map_err(|_| PortError::Lost)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.discard_output();
    }
}

fn port_error(error: &std::io::Error) -> PortError {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => PortError::TimedOut,
        _ => PortError::Lost,
    }
}
