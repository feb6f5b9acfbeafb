//! Clicks and pictures without a display: the real view, the real software renderer, mock time.
//!
//! The platform belongs to the thread, so ordinary `#[test]` functions, each on its own thread, run side by
//! side. There is no event loop: `spawn_backend`, `spawn_local` and `invoke_from_event_loop` are for a real
//! screen; timers and animations move only with [`advance`].

use std::collections::BTreeMap;
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
/// Side of the squares that are compared: in a whole picture a digit that changes would count for nothing.
const TILE_PX: u32 = 16;
/// So many pixels of a square may differ; of the smallest digits, at least five do.
const TILE_TOLERANCE: usize = 4;

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
    let mut tiles = BTreeMap::<(u32, u32), usize>::new();
    for ((x, y, a), b) in stored.enumerate_pixels().zip(new.pixels()) {
        if differs((a, b)) {
            *tiles.entry((y / TILE_PX, x / TILE_PX)).or_default() += 1;
        }
    }
    let ((row, column), pixels) = tiles.into_iter().max_by_key(|(_, pixels)| *pixels)?;
    let (x, y) = (column * TILE_PX, row * TILE_PX);
    (pixels > TILE_TOLERANCE).then(|| format!("{pixels} pixels differ in the square at {x}, {y}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    mod view {
        #![allow(clippy::todo, clippy::unwrap_used)]
        slint::slint! {
            export component Line inherits Window {
                in property <string> text;
                in property <length> size;
                in property <length> at;
                background: white;
                Text { x: root.at; y: root.at; text: root.text; color: #333; font-size: root.size; }
            }
        }
    }

    #[test]
    fn a_changed_digit_is_a_difference() {
        init();
        let line = view::Line::new().unwrap();
        open(&line, 200, 60);
        // The smallest type there is, in the middle of a square and across several.
        for (size, at) in [(12.0, 0.0), (12.0, 5.0), (12.0, 10.0), (12.0, 15.0), (27.0, 5.0)] {
            line.set_size(size);
            line.set_at(at);
            let pictures: Vec<RgbaImage> = (0..10)
                .map(|digit| {
                    line.set_text(slint::format!("等候 1{digit}2 人"));
                    picture(&line)
                })
                .collect();
            for (a, b) in (0..10).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let difference = difference(&pictures[a], &pictures[b]);
                assert!(difference.is_some(), "{a} for {b}, {size} px large, at {at}");
            }
        }
    }

    #[test]
    fn pictures_differ_by_size_and_by_what_differs_in_one_place() {
        let white = RgbaImage::from_pixel(320, 20, image::Rgba([255; 4]));
        let check = |row: &[u32], shade: u8, differs: bool| {
            let mut picture = white.clone();
            row.iter().for_each(|x| picture.put_pixel(*x, 0, image::Rgba([shade, shade, shade, 255])));
            assert_eq!(difference(&white, &picture).is_some(), differs, "{row:?} of {shade}");
        };
        check(&[], 0, false);
        check(&Vec::from_iter(0..320), 220, false);
        check(&Vec::from_iter(16..16 + TILE_TOLERANCE as u32), 0, false);
        check(&Vec::from_iter(16..17 + TILE_TOLERANCE as u32), 0, true);
        check(&Vec::from_iter((0..320).step_by(4)), 0, false);
        assert!(difference(&white, &RgbaImage::new(20, 320)).is_some());
    }
}
