//! `hall-counter`: the staff's window for one counter.

use std::time::Instant;

use clap::Parser;
use hall_client::HubArgs;
use hall_core::{CounterNumber, StaffId};
use hall_counter::bind::{self, CounterWindow};
use hall_counter::{backend, model::Model};
use hall_ui::{ScreenArgs, init_logging, require_cjk_font, spawn_backend};

/// 窗口叫号终端 The staff's window for one counter
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(flatten)]
    hub: HubArgs,
    /// 窗口号 Number over the counter
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=999))]
    counter: u16,
    /// 工号，开窗时签到 Number of the member of staff who signs in when the counter is opened
    #[arg(long, env = "HALL_STAFF", value_name = "NUMBER")]
    staff: Option<String>,
    #[command(flatten)]
    screen: ScreenArgs,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let screen = args.screen.windowed_unless_sized();
    init_logging(screen.log_format);
    require_cjk_font()?;
    let hub = args.hub.hub()?;
    let counter = CounterNumber(args.counter);
    // An empty number is none, as of an empty variable.
    let staff = args.staff.as_deref().map(str::trim).filter(|staff| !staff.is_empty()).map(StaffId::from);
    let (orders, backend) =
        spawn_backend(move |orders, messages| backend::run(hub, counter, orders, messages))?;
    let window = CounterWindow::new()?;
    let model = Model::new(counter, staff, screen.lang, Instant::now());
    let binding = bind::bind(&window, model, move |order| orders.send(order), Instant::now);
    screen.open(&window)?;
    backend.run_screen(move |message| binding.handle(message))?;
    Ok(())
}
