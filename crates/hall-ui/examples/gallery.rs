//! The gallery on a real screen, started and ended exactly as a terminal is.

use std::error::Error;
use std::time::Duration;

use clap::Parser;
use hall_ui::{ScreenArgs, init_logging, require_cjk_font, spawn_backend};
use slint::ComponentHandle as _;

mod view {
    #![allow(clippy::todo, clippy::unwrap_used)]
    slint::include_modules!();
}

#[derive(Parser)]
struct Args {
    #[command(flatten)]
    screen: ScreenArgs,
    /// The dark palette and the wide layout of a board
    #[arg(long)]
    board: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    init_logging(args.screen.log_format);
    require_cjk_font()?;
    let (_commands, backend) =
        spawn_backend(|mut commands: tokio::sync::mpsc::Receiver<()>, messages| async move {
            let mut seconds = tokio::time::interval(Duration::from_secs(1));
            loop {
                tokio::select! {
                    _ = seconds.tick() => if messages.send("tick").await.is_err() { break },
                    _ = commands.recv() => break,
                }
            }
        })?;
    let gallery = view::Gallery::new()?;
    gallery.set_board(args.board);
    gallery.set_portrait(!args.board);
    args.screen.open(&gallery)?;
    let shown = gallery.as_weak();
    let mut last_size = None;
    backend.run_screen(move |_tick| {
        let Some(gallery) = shown.upgrade() else { return };
        let size = gallery.window().size();
        if last_size.replace(size) != Some(size) {
            tracing::info!(width = size.width, height = size.height, "shown");
        }
    })?;
    Ok(())
}
