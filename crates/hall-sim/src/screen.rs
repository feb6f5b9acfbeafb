//! A screen of its own for one terminal: an X server without a display, touched and looked at like a person would.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use image::RgbImage;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, ImageFormat, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// How often a picture is compared while waiting for it to change.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A part of the screen in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// A virtual screen. Its X server ends with it.
pub struct Screen {
    server: Child,
    name: String,
    x: RustConnection,
    root: Window,
    whole: Area,
}

impl Screen {
    /// Starts an X server (`Xvfb`) of `width` × `height` pixels on the next free display.
    pub fn start(width: u16, height: u16) -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &format!("{width}x{height}x24"),
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting Xvfb (scripts/setup.sh installs it)")?;
        let name = match read_display_number(&mut server) {
            Ok(number) => format!(":{number}"),
            Err(error) => {
                _ = server.kill();
                _ = server.wait();
                return Err(error);
            }
        };
        let (x, number) = RustConnection::connect(Some(&name)).context("connecting to Xvfb")?;
        let root = x.setup().roots[number].root;
        Ok(Self { server, name, x, root, whole: Area { x: 0, y: 0, width, height } })
    }

    /// What to set `DISPLAY` to.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Touches the screen; returns the moment just before.
    pub fn touch(&self, x: u16, y: u16) -> Result<Instant> {
        let (x, y) = (x.cast_signed(), y.cast_signed());
        self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0)?.check()?;
        let before = Instant::now();
        for event in [BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT] {
            self.x.xtest_fake_input(event, 1, 0, self.root, x, y, 0)?.check()?;
        }
        Ok(before)
    }

    /// Presses and releases a key by its X key code.
    pub fn press(&self, keycode: u8) -> Result<()> {
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.x.xtest_fake_input(event, keycode, 0, self.root, 0, 0, 0)?.check()?;
        }
        Ok(())
    }

    /// What the screen shows now.
    pub fn picture(&self) -> Result<RgbImage> {
        let bytes = self.pixels(self.whole)?;
        let rgb = bytes.chunks_exact(4).flat_map(|bgrx| [bgrx[2], bgrx[1], bgrx[0]]).collect();
        RgbImage::from_raw(self.whole.width.into(), self.whole.height.into(), rgb)
            .context("a picture of odd size")
    }

    /// Writes what the screen shows now as PNG.
    pub fn save(&self, path: &Path) -> Result<()> {
        self.picture()?.save(path).with_context(|| format!("writing {}", path.display()))
    }

    /// The pixels of an area, four bytes each, to compare with.
    pub fn pixels(&self, area: Area) -> Result<Vec<u8>> {
        let Area { x, y, width, height } = area;
        let (x, y) = (x.cast_signed(), y.cast_signed());
        let image =
            self.x.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?.reply()?;
        Ok(image.data)
    }

    /// Waits until the area no longer looks like `before`; returns the moment it was seen.
    pub fn wait_change(&self, area: Area, before: &[u8], deadline: Instant) -> Result<Instant> {
        loop {
            if self.pixels(area)? != before {
                return Ok(Instant::now());
            }
            if Instant::now() > deadline {
                bail!("screen {} did not change in time", self.name);
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    /// Waits until the area has looked the same for `calm`.
    pub fn wait_calm(&self, area: Area, calm: Duration, deadline: Instant) -> Result<()> {
        let (mut last, mut since) = (self.pixels(area)?, Instant::now());
        while since.elapsed() < calm {
            if Instant::now() > deadline {
                bail!("screen {} did not come to rest in time", self.name);
            }
            std::thread::park_timeout(LOOK_EVERY);
            let now = self.pixels(area)?;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

fn read_display_number(server: &mut Child) -> Result<u32> {
    let mut line = String::new();
    let stdout = server.stdout.as_mut().context("Xvfb has no standard output")?;
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line)?;
    line.trim()
        .parse()
        .with_context(|| format!("Xvfb did not start: it said {line:?} instead of a display number"))
}
