//! Start-up of the kiosk.

use anyhow::Context;
use clap::Parser;
use hall_client::HubArgs;
use hall_kiosk::maintenance::{BadCode, Code};
use hall_kiosk::station::{PrinterArgs, Station};
use hall_kiosk::{Config, Language, Model, backend, bind};
use hall_ui::{Lang, ScreenArgs, init_logging, require_cjk_font, spawn_backend};

/// 取号机 The kiosk: touch, number, slip
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(flatten)]
    hub: HubArgs,
    #[command(flatten)]
    printer: PrinterArgs,
    /// 维护页的密码，4–12 位数字；不给则没有维护页 Code of the maintenance page, 4 to 12 digits; without it there is none
    #[arg(long, value_name = "DIGITS", env = "HALL_MAINTENANCE_CODE", hide_env_values = true)]
    maintenance_code: Option<String>,
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
    let maintenance_code = maintenance_code(args.maintenance_code.as_deref())?;
    let station = args.printer.station()?;
    let language = match args.screen.lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    };
    let facts = station.as_ref().map(Station::facts).cloned();
    let model = Model::new(Config { language, idle_s: args.idle_s, station: facts, maintenance_code });
    let (errands, backend) =
        spawn_backend(move |errands, messages| backend::run(hub, station, errands, messages))?;
    let kiosk = bind::Kiosk::open(model, move |errand| errands.send(errand)).context("the view")?;
    args.screen.open(kiosk.window())?;
    backend.run_screen(move |msg| kiosk.handle(msg))?;
    Ok(())
}

/// Read here and not by clap, which would repeat a wrong one. An empty one is none.
fn maintenance_code(text: Option<&str>) -> Result<Option<Code>, BadCode> {
    text.filter(|text| !text.is_empty()).map(str::parse).transpose()
}
