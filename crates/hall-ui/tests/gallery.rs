//! Every widget on one screen, in the shapes of a kiosk, a counter's window and a board.

use hall_ui::{Lang, testing};
use slint::{Color, ComponentHandle as _};

mod view {
    #![allow(clippy::todo, clippy::unwrap_used)]
    slint::include_modules!();
}
use view::{Gallery, Theme};

fn gallery(board: bool, width: u32, height: u32) -> Gallery {
    testing::init();
    let gallery = Gallery::new().expect("the gallery opens");
    gallery.set_board(board);
    gallery.set_portrait(width < height);
    testing::open(&gallery, width, height);
    gallery
}

#[test]
fn type_and_spacing_follow_the_screen() {
    let check = |width, height, unit_px: f32| {
        let unit = gallery(false, width, height).get_fitted_unit();
        assert_eq!(unit, unit_px, "{width}x{height}");
    };
    check(1080, 1920, 9.0);
    check(1920, 1080, 9.0);
    check(480, 720, 4.0);
    check(320, 240, 3.0);
}

#[test]
fn the_kiosk_looks_as_stored() {
    testing::assert_snapshot(&gallery(false, 1080, 1920), "gallery-kiosk");
}

#[test]
fn the_counter_looks_as_stored() {
    let gallery = gallery(false, 480, 860);
    gallery.set_out_of_paper(true);
    testing::assert_snapshot(&gallery, "gallery-counter");
}

#[test]
fn the_board_looks_as_stored() {
    testing::assert_snapshot(&gallery(true, 1920, 1080), "gallery-board");
}

#[test]
fn the_language_changes_on_the_open_screen() {
    let gallery = gallery(false, 1080, 1920);
    let chinese = "前面还有 12 人，预计等候 25 分钟。请在 B 区等候，留意屏幕与语音。";
    let english = "12 ahead of you, about 25 minutes. Please wait in zone B and watch the screens.";
    for (lang, shown, hidden) in
        [(Lang::En, english, chinese), (Lang::Zh, chinese, english), (Lang::En, english, chinese)]
    {
        lang.select();
        assert!(testing::find(&gallery, shown), "{lang:?}: {:?}", testing::labels(&gallery));
        assert!(!testing::find(&gallery, hidden), "{lang:?}");
    }
}

#[test]
fn buttons_answer_finger_and_keyboard() {
    let gallery = gallery(false, 1080, 1920);
    testing::click(&gallery, "叫号");
    assert_eq!(gallery.get_presses(), 1);
    testing::press_key(&gallery, slint::platform::Key::Tab);
    testing::press_key(&gallery, " ");
    testing::press_key(&gallery, slint::platform::Key::Return);
    assert_eq!(gallery.get_presses(), 3);
}

#[test]
fn a_disabled_button_does_nothing() {
    let gallery = gallery(false, 1080, 1920);
    assert!(testing::enabled(&gallery, "叫号"));
    assert!(!testing::enabled(&gallery, "今日已停止取号"));
    testing::click(&gallery, "今日已停止取号");
    assert_eq!(gallery.get_presses(), 0);
}

#[test]
fn the_pager_stops_at_both_ends() {
    let gallery = gallery(false, 1080, 1920);
    for (button, expect) in [
        ("下一页", "3 / 3"),
        ("下一页", "3 / 3"),
        ("上一页", "2 / 3"),
        ("上一页", "1 / 3"),
        ("上一页", "1 / 3"),
    ] {
        testing::click(&gallery, button);
        assert!(testing::find(&gallery, expect), "{button}: {expect}, not {:?}", testing::labels(&gallery));
    }
}

#[test]
#[should_panic(expected = "nothing is labelled \"没有\"")]
fn a_click_on_nothing_says_so() {
    testing::click(&gallery(false, 1080, 1920), "没有");
}

/// WCAG 2.2, relative luminance and contrast ratio.
fn contrast(a: Color, b: Color) -> f64 {
    let luminance = |color: Color| {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.red()) + 0.7152 * channel(color.green()) + 0.0722 * channel(color.blue())
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_ink_is_readable_on_its_ground() {
    for dark in [false, true] {
        let gallery = gallery(dark, 480, 720);
        let theme = gallery.global::<Theme>();
        let check = |name: &str, ink: Color, ground: Color| {
            let ratio = contrast(ink, ground);
            assert!(ratio >= 4.5, "{name}, dark {dark}: {ratio:.2}");
        };
        for (name, ground) in [
            ("background", theme.get_background()),
            ("surface", theme.get_surface()),
            ("sunken", theme.get_sunken()),
        ] {
            check(&format!("text on {name}"), theme.get_text(), ground);
            check(&format!("text-soft on {name}"), theme.get_text_soft(), ground);
            check(&format!("primary on {name}"), theme.get_primary(), ground);
            check(&format!("accent on {name}"), theme.get_accent(), ground);
            check(&format!("danger on {name}"), theme.get_danger(), ground);
            check(&format!("on-primary-soft on {name}"), theme.get_on_primary_soft(), ground);
        }
        check("on-primary", theme.get_on_primary(), theme.get_primary());
        check("on-primary, pressed", theme.get_on_primary(), theme.get_primary_pressed());
        check("on-primary-soft", theme.get_on_primary_soft(), theme.get_primary_soft());
        check("on-accent", theme.get_on_accent(), theme.get_accent());
        check("accent", theme.get_accent(), theme.get_accent_soft());
        check("text on accent-soft", theme.get_text(), theme.get_accent_soft());
        check("ok", theme.get_ok(), theme.get_ok_soft());
        check("warn", theme.get_warn(), theme.get_warn_soft());
        check("danger", theme.get_danger(), theme.get_danger_soft());
        check("on-danger", theme.get_on_danger(), theme.get_danger());
        check("on-danger, pressed", theme.get_on_danger(), theme.get_danger_pressed());
    }
}
