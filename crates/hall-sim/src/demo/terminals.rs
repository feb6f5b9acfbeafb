//! Real terminals on virtual screens, handled as people handle them: by looking and touching.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use hall_core::CounterNumber;

use super::sound::Recorder;
use super::{READY, Stage};
use crate::program::Program;
use crate::screen::{Area, Screen};

/// How long anything a person waits for may take here.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A screen that has not changed for this long has finished drawing. Longer than the half second in which the counter
/// client takes a second press for a double click.
const CALM: Duration = Duration::from_millis(600);

/// A kiosk in portrait.
pub struct Kiosk {
    pub screen: Screen,
    pub program: Program,
}

impl Kiosk {
    const SIZE: (u16, u16) = (1080, 1920);
    /// The middle of the first department's tile, and of the first service's.
    const FIRST_DEPARTMENT: (u16, u16) = (280, 380);
    const FIRST_SERVICE: (u16, u16) = (540, 380);
    /// The middle of the button below the number.
    const DONE: (u16, u16) = (540, 1763);

    /// Starts a kiosk that prints on `printer` and waits until it can be touched.
    pub fn start(stage: &Stage, printer: &Path, logs: &Path) -> Result<Self> {
        let screen = Screen::start(Self::SIZE.0, Self::SIZE.1)?;
        let mut command = stage.terminal("hall-kiosk")?;
        command.arg("--printer").arg(printer).arg("--data").arg(stage.data.with_file_name("kiosk"));
        command.env("DISPLAY", screen.name());
        let mut program = Program::start("kiosk", &mut command, logs)?;
        program.wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") != "loading")?;
        let kiosk = Self { screen, program };
        kiosk.rest()?;
        Ok(kiosk)
    }

    /// Goes to the services of the first department; with one department the kiosk is there already.
    pub fn open_first_department(&mut self, stage: &Stage) -> Result<()> {
        if stage.plan.departments.len() == 1 {
            return Ok(());
        }
        self.screen.touch(Self::FIRST_DEPARTMENT.0, Self::FIRST_DEPARTMENT.1)?;
        self.wait_screen("services")
    }

    /// Touches the first service; returns the moment of the touch, and the number and service shown.
    pub fn take_number(&mut self) -> Result<(Instant, String, String)> {
        let touched = self.screen.touch(Self::FIRST_SERVICE.0, Self::FIRST_SERVICE.1)?;
        let shown = self.program.wait_line("ticket shown", touched + PATIENCE, |_| true)?;
        Ok((touched, shown.text("number"), shown.text("service")))
    }

    /// Leaves the number for the start screen.
    pub fn done(&mut self) -> Result<()> {
        self.screen.touch(Self::DONE.0, Self::DONE.1)?;
        self.wait_screen("departments")
    }

    /// Waits until the slip has come to its end; returns how it ended.
    pub fn wait_slip(&mut self) -> Result<String> {
        let outcome = self
            .program
            .wait_line("slip", Instant::now() + PATIENCE, |line| !line.text("number").is_empty())?;
        self.rest()?;
        Ok(outcome.text("outcome"))
    }

    /// Waits until a screen of this name is shown, and drawn.
    pub fn wait_screen(&mut self, name: &str) -> Result<()> {
        self.program
            .wait_line("screen shown", Instant::now() + PATIENCE, |line| line.text("screen") == name)?;
        self.rest()
    }

    fn rest(&self) -> Result<()> {
        let below_the_clock =
            Area { x: 0, y: Self::SIZE.1 / 8, width: Self::SIZE.0, height: Self::SIZE.1 / 2 };
        self.screen.wait_calm(below_the_clock, CALM, Instant::now() + PATIENCE)
    }
}

/// A board for the whole hall, with its voice.
pub struct Board {
    pub screen: Screen,
    pub program: Program,
}

impl Board {
    const SIZE: (u16, u16) = (1920, 1080);
    /// A strip through the number that was called last.
    pub const NEWEST_CALL: Area = Area { x: 600, y: 160, width: 16, height: 260 };

    /// Starts a board speaking into `recorder` and waits until it shows the hall.
    pub fn start(stage: &Stage, recorder: &Recorder, logs: &Path) -> Result<Self> {
        let screen = Screen::start(Self::SIZE.0, Self::SIZE.1)?;
        let mut command = stage.terminal("hall-board")?;
        command.arg("--voice").env("DISPLAY", screen.name()).env("ALSA_CONFIG_PATH", &recorder.config);
        let mut program = Program::start("board", &mut command, logs)?;
        program.wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") == "hall")?;
        let board = Self { screen, program };
        board.rest()?;
        Ok(board)
    }

    /// Waits until the newest call has come to rest.
    pub fn rest(&self) -> Result<()> {
        self.screen.wait_calm(Self::NEWEST_CALL, CALM, Instant::now() + PATIENCE)
    }
}

/// A staff's counter client.
pub struct Counter {
    pub screen: Screen,
    pub program: Program,
}

impl Counter {
    const SIZE: (u16, u16) = (520, 760);
    const MAIN_BUTTON: (u16, u16) = (260, 411);
    /// F8 on an X server's standard keyboard.
    const FINISH_KEY: u8 = 74;

    /// Starts the client of a counter that is not open yet.
    pub fn start(stage: &Stage, number: CounterNumber, logs: &Path) -> Result<Self> {
        let screen = Screen::start(Self::SIZE.0, Self::SIZE.1)?;
        let mut command = stage.terminal("hall-counter")?;
        let size = format!("{}x{}", Self::SIZE.0, Self::SIZE.1);
        command.args(["--counter", &number.to_string(), "--size", &size]).env("DISPLAY", screen.name());
        let program = Program::start("counter", &mut command, logs)?;
        let mut counter = Self { screen, program };
        counter.wait_screen("closed")?;
        Ok(counter)
    }

    /// Presses the main button: open, call, start or finish, as the counter stands; returns the moment of it.
    pub fn press_main(&self) -> Result<Instant> {
        self.screen.touch(Self::MAIN_BUTTON.0, Self::MAIN_BUTTON.1)
    }

    /// Presses the key that finishes.
    pub fn press_finish_key(&self) -> Result<()> {
        self.screen.press(Self::FINISH_KEY)
    }

    /// Waits until the state of this name is shown, and drawn.
    pub fn wait_screen(&mut self, name: &str) -> Result<()> {
        self.program.wait_line("screen shown", Instant::now() + READY, |line| line.text("screen") == name)?;
        let button = Area { x: 0, y: Self::SIZE.1 / 2, width: Self::SIZE.0, height: Self::SIZE.1 / 3 };
        self.screen.wait_calm(button, CALM, Instant::now() + PATIENCE)
    }
}
