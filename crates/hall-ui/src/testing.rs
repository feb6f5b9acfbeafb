//! Clicks and pictures without a display: the real view, the real software renderer, mock time.
//!
//! The platform belongs to the thread, so ordinary `#[test]` functions, each on its own thread, run side by
//! side. There is no event loop: `spawn_backend`, `spawn_local` and `invoke_from_event_loop` are for a real
//! screen; timers and animations move only with [`advance`].

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementRoot, TestingBackend, TestingBackendOptions,
};
use image::RgbaImage;
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, PhysicalSize, SharedString};

use crate::screen::Lang;

/// A channel that differs by less is the same: hinting and blending vary a little between font versions.
const CHANNEL_TOLERANCE: u8 = 48;
/// So many pixels of a thousand may differ.
const PIXELS_TOLERANCE_PERMILLE: usize = 5;

/// Gives this thread a platform that renders into memory. Call it before making a component; more often is fine.
pub fn init() {
    thread_local! {
        static PLATFORM: () = slint::platform::set_platform(Box::new(TestingBackend::new(TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        })))
        .expect("testing::init comes before the first component of the thread");
    }
    PLATFORM.with(|()| ());
}

/// Shows `component` at `width` × `height` pixels, in Chinese whatever the machine's locale.
pub fn open(component: &impl ComponentHandle, width: u32, height: u32) {
    Lang::Zh.select();
    component.window().set_size(PhysicalSize::new(width, height));
    component.show().expect("the testing platform shows every window");
    advance(Duration::ZERO);
}

/// Lets `time` pass: timers fire, change handlers run, repeaters follow their models.
pub fn advance(time: Duration) {
    i_slint_backend_testing::mock_elapsed_time(time);
}

/// Presses what carries the accessible label `label`, where it is on the screen: a control that is covered or
/// off the screen is not reached, exactly as for a finger. Panics with the labels there are if none matches.
pub fn click(component: &(impl ComponentHandle + ElementRoot), label: &str) {
    let found = elements(component, label);
    let button = found.iter().find(|element| element.accessible_role() == Some(AccessibleRole::Button));
    let Some(target) = button.or(found.first()) else {
        panic!("nothing is labelled {label:?}; there are {:#?}", labels(component));
    };
    let (position, size, screen) = (target.absolute_position(), target.size(), component.window().size());
    let (x, y) = (position.x + size.width / 2.0, position.y + size.height / 2.0);
    assert!(
        (0.0..screen.width as f32).contains(&x) && (0.0..screen.height as f32).contains(&y),
        "{label:?} is off the screen, at {x}, {y} of {screen:?}"
    );
    target.mock_single_click(PointerEventButton::Left);
    advance(Duration::ZERO);
}

/// Whether something on the screen carries the accessible label, or is the text, `label`.
pub fn find(component: &impl ElementRoot, label: &str) -> bool {
    !elements(component, label).is_empty()
}

/// Whether a control with this label is on the screen and may be pressed.
pub fn enabled(component: &impl ElementRoot, label: &str) -> bool {
    elements(component, label).iter().any(|element| element.accessible_enabled() == Some(true))
}

/// All labels and texts on the screen, in the order of the view.
pub fn labels(component: &impl ElementRoot) -> Vec<String> {
    let labelled = component.root_element().query_descendants().match_predicate(|_| true).find_all();
    let mut labels: Vec<String> =
        labelled.iter().filter_map(|element| element.accessible_label()).map(String::from).collect();
    labels.retain(|label| !label.is_empty());
    labels.dedup();
    labels
}

/// Presses and releases one key: a character, or `slint::platform::Key::F1`.
pub fn press_key(component: &impl ComponentHandle, key: impl Into<SharedString>) {
    let text = key.into();
    component.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    component.window().dispatch_event(WindowEvent::KeyReleased { text });
    advance(Duration::ZERO);
}

/// Renders `component` into a PNG file.
pub fn snapshot(component: &impl ComponentHandle, path: impl AsRef<Path>) {
    let path = path.as_ref();
    picture(component).save(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Compares the screen with `tests/snapshots/NAME.png` of the crate under test. On a difference the new picture
/// is left beside it as `NAME.new.png`; `UPDATE_SNAPSHOTS=1` makes the new one the stored one.
pub fn assert_snapshot(component: &impl ComponentHandle, name: &str) {
    let folder =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo")).join("tests/snapshots");
    let stored_path = folder.join(format!("{name}.png"));
    let new_path = folder.join(format!("{name}.new.png"));
    let new = picture(component);
    if env::var_os("UPDATE_SNAPSHOTS").is_some_and(|update| update == "1") {
        std::fs::create_dir_all(&folder).expect("the snapshot folder can be made");
        new.save(&stored_path).expect("the snapshot can be written");
        return;
    }
    let difference = match image::open(&stored_path) {
        Ok(stored) => difference(&stored.to_rgba8(), &new),
        Err(error) => Some(error.to_string()),
    };
    if let Some(difference) = difference {
        std::fs::create_dir_all(&folder).expect("the snapshot folder can be made");
        new.save(&new_path).expect("the new snapshot can be written");
        panic!(
            "{name}: {difference}\n look at {}; if it is right, run again with UPDATE_SNAPSHOTS=1",
            new_path.display()
        );
    }
}

fn elements(component: &impl ElementRoot, label: &str) -> Vec<ElementHandle> {
    ElementHandle::find_by_accessible_label(component, label).collect()
}

fn picture(component: &impl ComponentHandle) -> RgbaImage {
    advance(Duration::ZERO);
    let pixels = component.window().take_snapshot().expect("the software renderer takes pictures");
    RgbaImage::from_raw(pixels.width(), pixels.height(), pixels.as_bytes().to_vec())
        .expect("four bytes a pixel")
}

fn difference(stored: &RgbaImage, new: &RgbaImage) -> Option<String> {
    if stored.dimensions() != new.dimensions() {
        return Some(format!("stored {:?}, now {:?}", stored.dimensions(), new.dimensions()));
    }
    let differs = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > CHANNEL_TOLERANCE)
    };
    let pixels = stored.pixels().len();
    let different = stored.pixels().zip(new.pixels()).filter(|pair| differs(*pair)).count();
    (different * 1000 > pixels * PIXELS_TOLERANCE_PERMILLE)
        .then(|| format!("{different} of {pixels} pixels differ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_differ_by_size_and_by_share_of_pixels() {
        let white = RgbaImage::from_pixel(100, 10, image::Rgba([255; 4]));
        let check = |black: u32, grey: u32, differs: bool| {
            let mut picture = white.clone();
            (0..black).for_each(|x| picture.put_pixel(x, 0, image::Rgba([0, 0, 0, 255])));
            (0..grey).for_each(|x| picture.put_pixel(x, 1, image::Rgba([220, 220, 220, 255])));
            assert_eq!(difference(&white, &picture).is_some(), differs, "{black} black, {grey} grey");
        };
        check(0, 0, false);
        check(5, 100, false);
        check(6, 0, true);
        assert!(difference(&white, &RgbaImage::new(10, 100)).is_some());
    }
}
