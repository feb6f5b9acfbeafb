//! Logs go to stderr; `RUST_LOG` chooses what is kept.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// winit warns of every X server without a desktop, which is what a kiosk runs on.
const DEFAULT_FILTER: &str = "info,winit=error";

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line, fields at the top level, for other programs.
    Json,
}

/// Starts logging for the whole process, at `info` unless `RUST_LOG` says otherwise. A second call does nothing.
pub fn init_logging(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
