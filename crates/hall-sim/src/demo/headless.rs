//! One citizen's way through the real programs, without a display: touch, slip, call, board, voice; measured.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hall_api::IssueTicket;
use hall_core::ClassId;

use super::sound::Recorder;
use super::terminals::{Board, Counter, Kiosk, PATIENCE};
use super::{Citizen, Stage, Summary};
use crate::crowd::Crowd;
use crate::printer::VirtualPrinter;

/// Longer than the pause between two readings of an announcement.
const QUIET: Duration = Duration::from_millis(1800);

/// Counters kept busy around the citizen.
const CROWD: usize = 24;

/// Citizens who come for the same service afterwards.
const LATER: usize = 5;

/// Does the way in the hall of `plan`; leaves pictures, slip, sound, logs and `summary.json` in `out`.
pub async fn headless(plan: &Path, out: &Path) -> Result<Summary> {
    std::fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
    let traces = Traces(std::path::absolute(out)?);
    let logs = traces.file("logs");
    std::fs::create_dir_all(&logs)?;
    let scratch = tempfile::tempdir()?;
    let stage = Stage::start(plan, &scratch.path().join("data"), &logs)?;
    let citizen = Citizen::of(&stage.plan)?;
    let crowd = Crowd::around(&stage.plan, &[citizen.counter], CROWD);
    crowd.fill(&stage.hub, &stage.plan, 3 * crowd.counters.len()).await?;

    let port = scratch.path().join("printer");
    let printer = VirtualPrinter::open(Some(&port)).context("opening the virtual printer")?;
    let mut kiosk = Kiosk::start(&stage, &port, &logs)?;
    let mut counter = Counter::start(&stage, citizen.counter, &logs)?;
    let recorder = Recorder::new(scratch.path(), &traces.file("call.wav"))?;
    let mut board = Board::start(&stage, &recorder, &logs)?;

    let taken = take_number(&stage, &mut kiosk, &printer, &traces)?;
    for _ in 0..LATER {
        let service = citizen.service.clone();
        stage.hub.issue(&IssueTicket::new(service, ClassId::ordinary())).await?;
    }
    let called = call(&mut counter, &mut board, &recorder, &traces)?;
    for program in [board.program, counter.program, kiosk.program] {
        program.end()?;
    }
    let summary = Summary {
        ticket_number: taken.number,
        service: taken.service,
        counter: citizen.counter.0,
        slip_number: taken.slip_number,
        board_number: called.board_number,
        voice_text: called.voice_text,
        hall: stage.plan.hall.name.clone(),
        touch_to_first_byte_ms: ms(taken.touched, taken.first_byte),
        call_to_board_ms: ms(called.pressed, called.on_board),
        call_to_voice_ms: ms(called.pressed, called.said),
        call_to_recording_ms: ms(called.pressed, called.recorded),
        voice_peak: recorder.peak()?,
    };
    std::fs::write(traces.file("summary.json"), serde_json::to_vec_pretty(&summary)?)?;
    stage.program.end()?;
    summary.check()?;
    Ok(summary)
}

/// What the way leaves in its folder.
struct Traces(PathBuf);

impl Traces {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

struct Taken {
    number: String,
    service: String,
    slip_number: String,
    touched: Instant,
    first_byte: Instant,
}

fn take_number(stage: &Stage, kiosk: &mut Kiosk, printer: &VirtualPrinter, traces: &Traces) -> Result<Taken> {
    kiosk.screen.save(&traces.file("kiosk.png"))?;
    kiosk.open_first_department(stage)?;
    let (touched, number, service) = kiosk.take_number()?;
    let slip = printer.take_slip(PATIENCE).context("no slip came to the printer")?;
    let decoded = slip.decode()?;
    std::fs::write(traces.file("slip.bin"), &slip.bytes)?;
    slip.bitmap()?.to_image().save(traces.file("slip.png"))?;
    kiosk.wait_slip()?;
    kiosk.screen.save(&traces.file("ticket.png"))?;
    let slip_number = decoded.largest_line().unwrap_or_default();
    Ok(Taken { number, service, slip_number, touched, first_byte: slip.first_byte })
}

struct Called {
    board_number: String,
    voice_text: String,
    pressed: Instant,
    on_board: Instant,
    said: Instant,
    recorded: Instant,
}

fn call(counter: &mut Counter, board: &mut Board, recorder: &Recorder, traces: &Traces) -> Result<Called> {
    counter.press_main()?;
    counter.wait_screen("idle")?;
    let before = board.screen.pixels(Board::NEWEST_CALL)?;
    let pressed = counter.press_main()?;
    let deadline = pressed + PATIENCE;
    let (on_board, recorded) = std::thread::scope(|scope| {
        let listening = scope.spawn(|| recorder.wait_sound(deadline));
        let on_board = board.screen.wait_change(Board::NEWEST_CALL, &before, deadline);
        let recorded = listening.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        anyhow::Ok((on_board?, recorded?))
    })?;
    let number = counter.program.wait_line("called", deadline, |_| true)?.text("number");
    let shown = board.program.wait_line("call shown", deadline, |line| line.text("number") == number)?;
    let said = board.program.wait_line("announcement started", deadline, |_| true)?;
    counter.wait_screen("calling")?;
    counter.screen.save(&traces.file("counter.png"))?;
    board.rest()?;
    board.screen.save(&traces.file("board.png"))?;
    recorder.wait_quiet(QUIET, Instant::now() + 3 * PATIENCE)?;
    let (board_number, voice_text) = (shown.text("number"), said.text("text"));
    Ok(Called { board_number, voice_text, pressed, on_board, said: said.at, recorded })
}

fn ms(from: Instant, to: Instant) -> f64 {
    (to.saturating_duration_since(from).as_secs_f64() * 10_000.0).round() / 10.0
}
