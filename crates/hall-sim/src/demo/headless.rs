//! One citizen's way through the real programs, without a display: touch, slip, call, board, voice; measured.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::sound::Recorder;
use super::{Citizen, READY, Stage, Summary};
use crate::crowd::Crowd;
use crate::printer::{VirtualPrinter, render_png};
use crate::program::Program;
use crate::screen::{Area, Screen};

/// How long anything a person waits for may take here.
const PATIENCE: Duration = Duration::from_secs(10);
/// A screen that has not changed for this long has finished drawing.
const CALM: Duration = Duration::from_millis(400);
/// Longer than the pause between two readings of an announcement.
const QUIET: Duration = Duration::from_millis(1800);

/// The kiosk's portrait screen, and where its first department and first service lie.
const KIOSK: (u16, u16) = (1080, 1920);
const FIRST_DEPARTMENT: (u16, u16) = (300, 500);
const FIRST_SERVICE: (u16, u16) = (540, 500);
/// The counter client's screen, and its main button.
const COUNTER: (u16, u16) = (520, 760);
const MAIN_BUTTON: (u16, u16) = (260, 400);
/// The board's screen, and a strip through its calls.
const BOARD: (u16, u16) = (1920, 1080);
const CALLS: Area = Area { x: 300, y: 160, width: 16, height: 400 };

/// What the way leaves in its folder.
struct Traces(PathBuf);

impl Traces {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// Does the way in the hall of `plan`, leaves its traces in `out`.
pub async fn headless(plan: &Path, out: &Path) -> Result<Summary> {
    std::fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
    let traces = Traces(std::path::absolute(out)?);
    let scratch = tempfile::tempdir()?;
    let stage = Stage::start(plan, &scratch.path().join("data"), scratch.path())?;
    let citizen = Citizen::of(&stage.plan)?;
    let crowd = Crowd::around(&stage.plan, &[citizen.counter], 24);
    crowd.fill(&stage.hub, &stage.plan, 3 * crowd.counters.len()).await?;

    let (mut kiosk, printer) = Kiosk::start(&stage, scratch.path())?;
    let mut counter = Counter::start(&stage, &citizen, scratch.path())?;
    let recorder = Recorder::new(scratch.path(), &traces.file("call.wav"))?;
    let mut board = Board::start(&stage, &recorder, scratch.path())?;

    let taken = kiosk.take_number(&stage, &printer, &traces)?;
    counter.open()?;
    let called = counter.call(&mut board, &recorder, &traces)?;

    board.program.end()?;
    counter.program.end()?;
    kiosk.program.end()?;
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
        call_to_voice_ms: ms(called.pressed, called.heard),
        voice_peak: recorder.peak()?,
    };
    std::fs::write(traces.file("summary.json"), serde_json::to_vec_pretty(&summary)?)?;
    stage.program.end()?;
    summary.check()?;
    Ok(summary)
}

struct Kiosk {
    screen: Screen,
    program: Program,
}

struct Taken {
    number: String,
    service: String,
    slip_number: String,
    touched: Instant,
    first_byte: Instant,
}

impl Kiosk {
    fn start(stage: &Stage, scratch: &Path) -> Result<(Self, VirtualPrinter)> {
        let link = scratch.join("printer");
        let printer = VirtualPrinter::open(Some(&link)).context("opening the virtual printer")?;
        let screen = Screen::start(KIOSK.0, KIOSK.1)?;
        let mut command = stage.terminal("hall-kiosk")?;
        command.arg("--printer").arg(&link).env("DISPLAY", screen.name());
        let program = Program::start("kiosk", &mut command, scratch)?;
        Ok((Self { screen, program }, printer))
    }

    fn take_number(&mut self, stage: &Stage, printer: &VirtualPrinter, traces: &Traces) -> Result<Taken> {
        self.program
            .wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") != "loading")?;
        self.rest()?;
        self.screen.save(&traces.file("kiosk.png"))?;
        if stage.plan.departments.len() > 1 {
            self.screen.touch(FIRST_DEPARTMENT.0, FIRST_DEPARTMENT.1)?;
            self.program.wait_line("screen shown", Instant::now() + PATIENCE, |line| {
                line.text("screen") == "services"
            })?;
            self.rest()?;
        }
        let touched = self.screen.touch(FIRST_SERVICE.0, FIRST_SERVICE.1)?;
        let shown = self.program.wait_line("ticket shown", Instant::now() + PATIENCE, |_| true)?;
        let slip = printer.take_slip(PATIENCE).context("no slip came to the printer")?;
        let decoded = slip.decode()?;
        std::fs::write(traces.file("slip.bin"), &slip.bytes)?;
        render_png(&decoded, &traces.file("slip.png"))?;
        self.program.wait_line("slip", Instant::now() + PATIENCE, |_| true)?;
        self.rest()?;
        self.screen.save(&traces.file("ticket.png"))?;
        Ok(Taken {
            number: shown.text("number"),
            service: shown.text("service"),
            slip_number: decoded.largest_line().unwrap_or_default(),
            touched,
            first_byte: slip.first_byte,
        })
    }

    fn rest(&self) -> Result<()> {
        let whole = Area { x: 0, y: KIOSK.1 / 4, width: KIOSK.0, height: KIOSK.1 / 2 };
        self.screen.wait_calm(whole, CALM, Instant::now() + PATIENCE)
    }
}

struct Board {
    screen: Screen,
    program: Program,
}

impl Board {
    fn start(stage: &Stage, recorder: &Recorder, scratch: &Path) -> Result<Self> {
        let screen = Screen::start(BOARD.0, BOARD.1)?;
        let mut command = stage.terminal("hall-board")?;
        command.arg("--voice").env("DISPLAY", screen.name()).env("ALSA_CONFIG_PATH", &recorder.config);
        let mut program = Program::start("board", &mut command, scratch)?;
        program.wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") != "loading")?;
        screen.wait_calm(CALLS, CALM, Instant::now() + PATIENCE)?;
        Ok(Self { screen, program })
    }
}

struct Counter {
    screen: Screen,
    program: Program,
}

struct Called {
    board_number: String,
    voice_text: String,
    pressed: Instant,
    on_board: Instant,
    heard: Instant,
}

impl Counter {
    fn start(stage: &Stage, citizen: &Citizen, scratch: &Path) -> Result<Self> {
        let screen = Screen::start(COUNTER.0, COUNTER.1)?;
        let mut command = stage.terminal("hall-counter")?;
        command.args(["--counter", &citizen.counter.to_string()]).env("DISPLAY", screen.name());
        let program = Program::start("counter", &mut command, scratch)?;
        Ok(Self { screen, program })
    }

    fn open(&mut self) -> Result<()> {
        self.program
            .wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") == "closed")?;
        self.rest()?;
        self.screen.touch(MAIN_BUTTON.0, MAIN_BUTTON.1)?;
        self.program
            .wait_line("screen shown", Instant::now() + PATIENCE, |line| line.text("screen") == "idle")?;
        self.rest()
    }

    fn call(&mut self, board: &mut Board, recorder: &Recorder, traces: &Traces) -> Result<Called> {
        let before = board.screen.pixels(CALLS)?;
        let pressed = self.screen.touch(MAIN_BUTTON.0, MAIN_BUTTON.1)?;
        let deadline = pressed + PATIENCE;
        let on_board = board.screen.wait_change(CALLS, &before, deadline)?;
        let heard = recorder.wait_sound(deadline)?;
        let number = self.program.wait_line("called", deadline, |_| true)?.text("number");
        let shown = board.program.wait_line("call shown", deadline, |line| line.text("number") == number)?;
        let said = board.program.wait_line("announcement started", deadline, |_| true)?;
        self.rest()?;
        self.screen.save(&traces.file("counter.png"))?;
        board.screen.wait_calm(CALLS, CALM, Instant::now() + PATIENCE)?;
        board.screen.save(&traces.file("board.png"))?;
        recorder.wait_quiet(QUIET, Instant::now() + 3 * PATIENCE)?;
        Ok(Called {
            board_number: shown.text("number"),
            voice_text: said.text("text"),
            pressed,
            on_board,
            heard,
        })
    }

    fn rest(&self) -> Result<()> {
        let button = Area { x: 0, y: COUNTER.1 / 2, width: COUNTER.0, height: COUNTER.1 / 3 };
        self.screen.wait_calm(button, CALM, Instant::now() + PATIENCE)
    }
}

fn ms(from: Instant, to: Instant) -> f64 {
    (to.saturating_duration_since(from).as_secs_f64() * 10_000.0).round() / 10.0
}
