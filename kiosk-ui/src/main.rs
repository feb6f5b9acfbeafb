//! Start-up of the kiosk.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use hall_client::HubArgs;
use hall_kiosk::backend::{self, SlipPrinter};
use hall_kiosk::{Language, Model, bind};
use hall_print::{Profile, Setup};
use hall_ui::{Lang, ScreenArgs, init_logging, require_cjk_font, spawn_backend};

/// 取号机 The kiosk: touch, number, slip
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(flatten)]
    hub: HubArgs,
    /// 号票打印机串口；不给则只在屏幕显示 Serial port of the slip printer; without it numbers are shown on screen only
    #[arg(long, value_name = "PATH")]
    printer: Option<PathBuf>,
    /// 打印机型号文件，默认通用 80 毫米 The printer's profile; a generic 80 mm one by default
    #[arg(long, value_name = "FILE", requires = "printer")]
    profile: Option<PathBuf>,
    /// 无人操作多少秒后返回首页 Seconds untouched until the start screen returns
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(5..=600))]
    idle_s: u32,
    #[command(flatten)]
    screen: ScreenArgs,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    init_logging(args.screen.log_format);
    require_cjk_font()?;
    let hub = args.hub.hub()?;
    let printer = start_printer(args.printer, args.profile)?;
    let language = match args.screen.lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    };
    let model = Model::new(language, args.idle_s, printer.is_some());
    let (orders, backend) =
        spawn_backend(move |orders, messages| backend::run(hub, printer, orders, messages))?;
    let kiosk = bind::Kiosk::open(model, move |order| orders.send(order)).context("the view")?;
    args.screen.open(kiosk.window())?;
    backend.run_screen(move |msg| kiosk.handle(msg))?;
    Ok(())
}

fn start_printer(port: Option<PathBuf>, profile: Option<PathBuf>) -> anyhow::Result<Option<SlipPrinter>> {
    let Some(port) = port else { return Ok(None) };
    let profile = match profile {
        Some(path) => Profile::load(&path)?,
        None => Profile::generic(),
    };
    Ok(Some(SlipPrinter::start(Setup::new(port, profile))?))
}
