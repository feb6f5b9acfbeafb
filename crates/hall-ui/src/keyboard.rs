//! The keyboard on an X server without a window manager, as in a kiosk that runs nothing else: nobody else gives it to
//! the window.

use std::time::Duration;

use slint::Timer;
use slint::winit_030::winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use slint::winit_030::winit::window::Window;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, InputFocus};

/// A window can take the keyboard only once it is on the screen.
const TRY_EVERY: Duration = Duration::from_millis(50);
const TRIES_MAX: u32 = 100;

/// Takes the keyboard for `window` as soon as it is on the screen, unless a window manager is there to do so.
pub(crate) fn take(window: &Window) {
    let id = match window.window_handle().map(|handle| handle.as_raw()) {
        Ok(RawWindowHandle::Xlib(handle)) => handle.window as u32,
        Ok(RawWindowHandle::Xcb(handle)) => handle.window.get(),
        _ => return,
    };
    try_to_take(id, TRIES_MAX);
}

fn try_to_take(id: u32, tries_left: u32) {
    match set_focus(id) {
        Ok(()) => {}
        Err(_) if tries_left > 0 => Timer::single_shot(TRY_EVERY, move || try_to_take(id, tries_left - 1)),
        Err(error) => tracing::warn!(%error, "the window does not have the keyboard"),
    }
}

fn set_focus(id: u32) -> Result<(), Box<dyn std::error::Error>> {
    let (x, screen) = x11rb::connect(None)?;
    let root = x.setup().roots[screen].root;
    let manager = x.intern_atom(false, b"_NET_SUPPORTING_WM_CHECK")?.reply()?.atom;
    let managed = x.get_property(false, root, manager, AtomEnum::WINDOW, 0, 1)?.reply()?;
    if managed.value_len == 0 {
        x.set_input_focus(InputFocus::PARENT, id, x11rb::CURRENT_TIME)?.check()?;
    }
    Ok(())
}
