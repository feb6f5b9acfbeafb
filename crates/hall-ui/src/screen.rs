//! Where and how large a terminal's window is, and in which language.

use std::str::FromStr;

use slint::winit_030::{WinitWindowAccessor as _, winit};
use slint::{ComponentHandle, PhysicalPosition, PhysicalSize, PlatformError};

use crate::keyboard;
use crate::log::LogFormat;

/// What every terminal can be told on its command line; flatten it into the terminal's own arguments.
#[derive(Clone, Debug, clap::Args)]
pub struct ScreenArgs {
    /// 窗口大小（像素）；不给则占满屏幕 Window size in pixels; without it the window fills the screen
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    size: Option<ScreenSize>,
    /// 普通窗口，可移动和缩放 An ordinary window that can be moved and resized
    #[arg(long)]
    windowed: bool,
    /// 界面语言 Language on the screen
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
    /// 日志格式 Log format
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// The language a terminal starts in; the texts of the views are Chinese, English is a translation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// Width and height in physical pixels, written `1080x1920`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenSize {
    width: u32,
    height: u32,
}

/// A size that is not two positive numbers with an `x` between them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("请写成 1080x1920 / write it as 1080x1920")]
pub struct BadScreenSize;

impl FromStr for ScreenSize {
    type Err = BadScreenSize;

    fn from_str(text: &str) -> Result<Self, BadScreenSize> {
        let side = |digits: &str| digits.parse().ok().filter(|side| (1..=16_384).contains(side));
        let (width, height) = text.split_once('x').ok_or(BadScreenSize)?;
        Ok(Self { width: side(width).ok_or(BadScreenSize)?, height: side(height).ok_or(BadScreenSize)? })
    }
}

impl ScreenArgs {
    /// For a terminal that shares its screen with other programs: an ordinary window unless `--size` is given.
    pub fn windowed_unless_sized(mut self) -> Self {
        self.windowed |= self.size.is_none();
        self
    }

    /// Sets the language and shows the terminal's window as asked; run the event loop after it.
    ///
    /// With `--size` alone the window is exactly that large at the top left of the screen. With neither
    /// `--size` nor `--windowed` it is full screen, also on a bare X server without a window manager.
    pub fn open<C: ComponentHandle + 'static>(&self, terminal: &C) -> Result<(), PlatformError> {
        self.lang.select();
        let window = terminal.window();
        if let Some(ScreenSize { width, height }) = self.size {
            window.set_size(PhysicalSize::new(width, height));
        }
        if !self.windowed {
            match self.size {
                Some(_) => window.set_position(PhysicalPosition::new(0, 0)),
                None => window.set_fullscreen(true),
            }
        }
        settle(terminal, !self.windowed && self.size.is_none());
        window.show()
    }
}

impl Lang {
    /// Switches all open views; a view without translations stays as written.
    pub fn select(self) {
        let translation = match self {
            Self::Zh => "",
            Self::En => "en",
        };
        if let Err(error) = slint::select_bundled_translation(translation) {
            tracing::debug!(%error, "no translations to choose from");
        }
    }
}

/// Where no window manager answers, nobody else makes the window full screen or gives it the keyboard.
fn settle<C: ComponentHandle + 'static>(terminal: &C, fill: bool) {
    let terminal = terminal.as_weak();
    let placed = slint::spawn_local(async move {
        let Some(terminal) = terminal.upgrade() else { return };
        let Ok(window) = terminal.window().winit_window().await else { return };
        if fill && let Some(monitor) = monitor_of(&window) {
            window.set_outer_position(monitor.position());
            // The answer comes as a resize event, as after any other resize.
            let _ = window.request_inner_size(monitor.size());
        }
        keyboard::take(&window);
    });
    if let Err(error) = placed {
        tracing::warn!(%error, "the window stays where the system puts it");
    }
}

fn monitor_of(window: &winit::window::Window) -> Option<winit::monitor::MonitorHandle> {
    window
        .current_monitor()
        .or_else(|| window.primary_monitor())
        .or_else(|| window.available_monitors().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_strictly() {
        let check = |text: &str, expect| assert_eq!(text.parse(), expect, "{text:?}");
        check("1080x1920", Ok(ScreenSize { width: 1080, height: 1920 }));
        for text in ["", "1080", "1080*1920", "0x10", "-1x10", "10x", "x10", "1080x1920x2", "99999x1"] {
            check(text, Err(BadScreenSize));
        }
    }
}
