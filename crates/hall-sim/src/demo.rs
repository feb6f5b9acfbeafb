//! The whole hall on one computer: hub, kiosk with a virtual printer, counters and a board, as their own processes.

mod display;
mod headless;
mod sound;
mod summary;
pub mod terminals;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hall_client::Hub;
use hall_core::{CounterNumber, Plan, ServiceId};

pub use display::on_display;
pub use headless::headless;
pub use sound::Recorder;
pub use summary::Summary;

use crate::program::Program;

/// Monday morning, whatever the hour of the real day.
const HALL_TIME: &str = "2026-11-23T09:30:00+08:00";

/// How long a program may take to be ready.
const READY: Duration = Duration::from_secs(20);

/// A running hub and what it runs by.
pub struct Stage {
    pub plan: Arc<Plan>,
    pub hub: Hub,
    pub url: String,
    pub program: Program,
    address: String,
    plan_path: PathBuf,
    data: PathBuf,
}

/// The citizen the demo follows: takes the first service of the first department, is called by its first counter.
pub struct Citizen {
    pub service: ServiceId,
    pub counter: CounterNumber,
}

impl Stage {
    /// Starts a hub for `plan_path` with its journal in `data`.
    pub fn start(plan_path: &Path, data: &Path, logs: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(plan_path).with_context(|| format!("reading {}", plan_path.display()))?;
        let plan = Arc::new(Plan::from_toml(&text).with_context(|| plan_path.display().to_string())?);
        let (plan_path, data) = (plan_path.to_owned(), data.to_owned());
        let (program, address) = start_hub(&plan_path, &data, "127.0.0.1:0", logs)?;
        let url = format!("http://{address}");
        Ok(Self { plan, hub: Hub::new(&url, None)?, url, program, address, plan_path, data })
    }

    /// Kills the hub and starts it again at the same address.
    pub fn restart(&mut self, logs: &Path) -> Result<()> {
        self.program.kill()?;
        (self.program, _) = start_hub(&self.plan_path, &self.data, &self.address, logs)?;
        Ok(())
    }

    /// A terminal's command line: its program, the hub, and logs to read.
    pub fn terminal(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(program_path(name)?);
        command.args(["--hub", &self.url, "--log-format", "json"]);
        Ok(command)
    }
}

impl Citizen {
    pub fn of(plan: &Plan) -> Result<Self> {
        let department = plan.departments.first().context("the plan has no department")?;
        let service = plan.services.iter().find(|service| service.department == department.id);
        let service =
            service.with_context(|| format!("department {} has no service", department.id))?.id.clone();
        let counter =
            plan.counters_serving(&service).next().context("no counter serves the first service")?.number;
        Ok(Self { service, counter })
    }
}

/// A hub that serves, and the address it serves at.
fn start_hub(plan: &Path, data: &Path, listen: &str, logs: &Path) -> Result<(Program, String)> {
    let mut command = Command::new(program_path("hall-hub")?);
    command.arg("serve").arg("--plan").arg(plan).arg("--data").arg(data);
    command.args(["--listen", listen, "--open-access", "--now", HALL_TIME, "--log-format", "json"]);
    let mut program = Program::start("hub", &mut command, logs)?;
    let ready = program.wait_line("大厅已就绪 / the hall is ready", Instant::now() + READY, |_| true)?;
    Ok((program, ready.text("address")))
}

/// Where a program of the workspace was built: beside this one.
pub fn program_path(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.ancestors().skip(1).find(|folder| !folder.ends_with("deps")).unwrap_or(Path::new("."));
    let path = folder.join(name);
    if !path.exists() {
        bail!("{} is not built: cargo build --workspace --bins", path.display());
    }
    Ok(path)
}
