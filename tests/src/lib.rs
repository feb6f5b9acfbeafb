//! What the end-to-end tests share: a hub as its own process that can be killed and started again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hall_sim::demo::program_path;
use hall_sim::program::Program;

/// A sample hall of the repository.
pub fn sample_hall(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../halls").join(name)
}

/// One hall's hub: the same data directory and address however often it is started.
pub struct HubProcess {
    plan: PathBuf,
    folder: PathBuf,
    address: String,
}

impl HubProcess {
    /// A hub for a sample hall, keeping everything in `folder`; not started yet.
    pub fn new(plan: &str, folder: &Path) -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { plan: sample_hall(plan), folder: folder.to_owned(), address: free.to_string() })
    }

    /// `http://…`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The hub's command line, for a Monday morning.
    pub fn command(&self) -> Result<Command> {
        let mut command = Command::new(program_path("hall-hub")?);
        command.arg("serve").arg("--plan").arg(&self.plan).arg("--data").arg(self.folder.join("data"));
        command.args(["--listen", &self.address, "--open-access", "--log-format", "json"]);
        command.args(["--now", "2026-11-23T09:30:00+08:00"]);
        Ok(command)
    }

    /// Starts it and waits until it serves.
    pub fn start(&self) -> Result<Program> {
        let mut program = Program::start("hub", &mut self.command()?, &self.folder)?;
        program
            .wait_line("大厅已就绪 / the hall is ready", Instant::now() + Duration::from_secs(20), |_| true)
            .context("the hub did not start")?;
        Ok(program)
    }
}
