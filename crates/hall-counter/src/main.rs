//! `hall-counter`: the staff's window for one counter.

use std::time::Instant;

use clap::Parser;
use hall_client::Hub;
use hall_core::CounterNumber;
use hall_counter::bind::{self, CounterWindow};
use hall_counter::{backend, model::Model};
use hall_ui::{ScreenArgs, init_logging, require_cjk_font, spawn_backend};

/// 窗口叫号终端 The staff's window for one counter
#[derive(Parser)]
#[command(version)]
struct Args {
    /// 大厅主机地址 Address of the hub
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7900")]
    hub: String,
    /// 终端令牌；主机开放访问时不需要 Token of this device, unless the hub runs with open access
    #[arg(long)]
    token: Option<String>,
    /// 窗口号 Number over the counter
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=999))]
    counter: u16,
    #[command(flatten)]
    screen: ScreenArgs,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let screen = args.screen.windowed_unless_sized();
    init_logging(screen.log_format);
    require_cjk_font()?;
    let hub = Hub::new(&args.hub, args.token.as_deref())?;
    let counter = CounterNumber(args.counter);
    let (orders, backend) =
        spawn_backend(move |orders, messages| backend::run(hub, counter, orders, messages))?;
    let window = CounterWindow::new()?;
    let model = Model::new(counter, screen.lang, Instant::now());
    let binding = bind::bind(&window, model, move |order| orders.send(order), Instant::now);
    screen.open(&window)?;
    backend.run_screen(move |message| binding.handle(message))?;
    Ok(())
}
