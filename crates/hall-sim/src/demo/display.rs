//! The hall on the display at hand: a kiosk, two counters and a board, with simulated people around.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use super::{Citizen, Stage};
use crate::crowd::Crowd;
use crate::printer::VirtualPrinter;
use crate::program::Program;

/// Opens everything and keeps it open until interrupted, or until all windows are closed.
pub async fn on_display(plan: &Path) -> Result<()> {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        bail!("没有显示器：请用 --headless --out DIR / there is no display: use --headless --out DIR");
    }
    let scratch = tempfile::tempdir()?;
    let stage = Stage::start(plan, &scratch.path().join("data"), scratch.path())?;
    let citizen = Citizen::of(&stage.plan)?;
    let mut serving = stage.plan.counters_serving(&citizen.service).map(|counter| counter.number);
    let counters: Vec<_> = serving.by_ref().take(2).collect();
    let crowd = Crowd::around(&stage.plan, &counters, 24);
    crowd.fill(&stage.hub, &stage.plan, 2 * crowd.counters.len()).await?;

    let link = scratch.path().join("printer");
    let printer = VirtualPrinter::open(Some(&link)).context("opening the virtual printer")?;
    let mut windows = Vec::new();
    let mut kiosk = stage.terminal("hall-kiosk")?;
    kiosk.arg("--printer").arg(&link).arg("--data").arg(scratch.path().join("kiosk"));
    kiosk.args(["--windowed", "--size", "540x960"]);
    windows.push(Program::start("kiosk", &mut kiosk, scratch.path())?);
    for number in &counters {
        let mut counter = stage.terminal("hall-counter")?;
        counter.args(["--counter", &number.to_string()]);
        windows.push(Program::start(&format!("counter-{number}"), &mut counter, scratch.path())?);
    }
    let mut board = stage.terminal("hall-board")?;
    board.args(["--windowed", "--size", "1280x720", "--voice"]);
    windows.push(Program::start("board", &mut board, scratch.path())?);

    println!("{}：{}", stage.plan.hall.name, stage.url);
    println!("取号 → 叫号 → 大屏。Ctrl-C 结束。 Take a number, call it, watch the board. Ctrl-C ends.");
    println!("日志 logs: {}", scratch.path().display());
    let people = tokio::spawn(crowd.run(stage.hub.clone(), stage.plan.clone()));
    let mut asked_to_end = signal(SignalKind::terminate())?;
    while windows.iter_mut().any(Program::is_running) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            _ = asked_to_end.recv() => break,
            // A window closed by hand says nothing: it is looked for.
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
        }
        while let Some(slip) = printer.take_slip(Duration::ZERO) {
            println!("号票 slip: {}", slip.decode()?.largest_line().unwrap_or_default());
        }
    }
    people.abort();
    Ok(())
}
