//! The boards on the walls, and the hall's voice.

mod bind;
mod model;
#[cfg(test)]
mod rehearsal;
mod voice;

use std::time::Instant;

use clap::Parser;
use hall_client::{HubArgs, follow};
use hall_core::ZoneId;
use hall_ui::{ScreenArgs, init_logging, require_cjk_font, spawn_backend};
use tokio::sync::mpsc;

use model::Msg;
use voice::VoiceArgs;

/// 叫号综合屏 The board of a zone or of the whole hall
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(flatten)]
    hub: HubArgs,
    /// 只显示该区；不给则显示全厅 Only this zone; without it the whole hall
    #[arg(long, value_name = "ID", value_parser = |id: &str| Ok::<_, std::convert::Infallible>(ZoneId::from(id)))]
    zone: Option<ZoneId>,
    #[command(flatten)]
    voice: VoiceArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    init_logging(args.screen.log_format);
    require_cjk_font()?;
    let hub = args.hub.hub()?;
    let voice = args.voice.start()?;
    let (_, backend) = spawn_backend(|_: mpsc::Receiver<()>, messages| {
        follow(hub, messages, |update| Msg::Hub { update, at: Instant::now() })
    })?;
    let view = bind::View::new()?;
    let binding = bind::bind(&view, args.zone, voice);
    args.screen.open(&view)?;
    backend.run_screen(move |message| binding.borrow_mut().handle(message))?;
    Ok(())
}
