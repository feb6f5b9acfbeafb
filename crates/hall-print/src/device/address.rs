//! Where a printer is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Raw printing over TCP, by convention of the trade.
const RAW_PORT: u16 = 9100;
const NETWORK: &str = "tcp://";

/// A serial port or a printer on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A device file, best one under `/dev/serial/by-path`: it stays the same however often the printer is replugged.
    Serial(PathBuf),
    /// `host:port`, written `tcp://192.168.1.30` or `tcp://printer.hall:9100`.
    Network(String),
}

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} 不是打印机地址：串口写 /dev/serial/by-path/…，网络打印机写 tcp://192.168.1.30:9100 / not a printer's address: a serial port is /dev/serial/by-path/…, a network printer tcp://192.168.1.30:9100"
)]
pub struct BadAddress(String);

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress(text.to_owned());
        let Some(host) = text.strip_prefix(NETWORK) else {
            return if text.is_empty() || text.contains("://") {
                Err(bad())
            } else {
                Ok(Self::Serial(text.into()))
            };
        };
        let host = host.trim_end_matches('/');
        // Past the last bracket a colon begins the port: [fe80::1] has none.
        let after_brackets = host.rfind(']').map_or(0, |end| end + 1);
        match host[after_brackets..].split_once(':') {
            _ if host.is_empty() || host.contains('/') => Err(bad()),
            None => Ok(Self::Network(format!("{host}:{RAW_PORT}"))),
            Some((_, port)) if port.parse::<u16>().is_ok_and(|port| port > 0) => {
                Ok(Self::Network(host.to_owned()))
            }
            Some(_) => Err(bad()),
        }
    }
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Serial(path)
    }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::Serial(path.to_owned())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Serial(path) => path.display().fmt(f),
            Self::Network(host) => write!(f, "{NETWORK}{host}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_is_on_a_serial_port_or_on_the_network() {
        let network = |host: &str| Some(Address::Network(host.into()));
        let table = [
            ("/dev/serial/by-path/usb-0:2", Some(Address::Serial("/dev/serial/by-path/usb-0:2".into()))),
            ("tcp://192.168.1.30", network("192.168.1.30:9100")),
            ("tcp://printer.hall:9101/", network("printer.hall:9101")),
            ("tcp://[fe80::1]", network("[fe80::1]:9100")),
            ("tcp://[fe80::1]:9100", network("[fe80::1]:9100")),
            ("tcp://", None),
            ("tcp://printer:0", None),
            ("tcp://printer:usb", None),
            ("http://printer", None),
            ("", None),
        ];
        for (text, expect) in table {
            assert_eq!(text.parse().ok(), expect, "{text}");
        }
        assert_eq!("tcp://printer".parse::<Address>().unwrap().to_string(), "tcp://printer:9100");
    }
}
