//! How the lists and the questions look, in both languages, narrow and wide.

use std::time::Duration;

use hall_core::{PrinterCondition, SlipOutcome};
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::terminal::{Terminal, USUAL};

/// The usual window in both languages, and a wide one.
const USUALLY: [(Lang, (u32, u32), &str); 3] =
    [(Lang::Zh, USUAL, ""), (Lang::En, USUAL, "-en"), (Lang::Zh, (1024, 768), "-1024x768")];
/// Windows in which there is little room.
const TIGHT: [(Lang, (u32, u32), &str); 2] =
    [(Lang::Zh, (420, 640), "-420x640"), (Lang::Zh, (1024, 768), "-1024x768")];

fn picture(terminal: &Terminal, name: &str, suffix: &str) {
    testing::assert_snapshot(&terminal.window, &format!("{name}{suffix}"));
}

/// Serving JC001: a long name, needs, and a way to go on.
fn on_route(lang: Lang, size: (u32, u32)) -> Terminal {
    let mut terminal = Terminal::under_way(lang, size);
    terminal.write("jc1");
    terminal.keys(&[Key::Return, Key::F7]);
    terminal
}

/// Opens a question of the menu by its number.
fn ask(terminal: &mut Terminal, number: &str) {
    terminal.key(Key::F3);
    terminal.key(number);
}

#[test]
fn the_lists_look_as_stored() {
    for (lang, size, suffix) in USUALLY {
        let mut terminal = Terminal::under_way(lang, size);
        picture(&terminal, "list-under-way", suffix);
        terminal.write("jc1");
        picture(&terminal, "list-chosen", suffix);
        terminal.keys(&[Key::Escape, Key::F5, Key::F4]);
        terminal.key("1");
        terminal.keys(&[Key::F5, Key::F7, Key::F4]);
        terminal.key("4");
        terminal.keys(&[Key::F5, Key::F9]);
        terminal.pass(Duration::from_secs(300));
        picture(&terminal, "list-call-back", suffix);
        terminal.keys(&[Key::RightArrow, Key::DownArrow, Key::DownArrow]);
        picture(&terminal, "list-parked", suffix);
        terminal.keys(&[Key::RightArrow, Key::DownArrow]);
        picture(&terminal, "list-missed", suffix);
    }
}

#[test]
fn empty_lists_and_unknown_numbers_look_as_stored() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    terminal.write("z9");
    testing::assert_snapshot(&terminal.window, "list-unknown");
    terminal.keys(&[Key::Escape, Key::RightArrow]);
    testing::assert_snapshot(&terminal.window, "list-nobody-parked");
    terminal.key(Key::RightArrow);
    testing::assert_snapshot(&terminal.window, "list-nobody-missed");
}

#[test]
fn the_rarer_questions_look_as_stored() {
    for (lang, suffix) in [(Lang::Zh, ""), (Lang::En, "-en")] {
        let mut terminal = on_route(lang, USUAL);
        picture(&terminal, "route", suffix);
        terminal.key(Key::F3);
        picture(&terminal, "menu", suffix);
        terminal.key("1");
        picture(&terminal, "park", suffix);
        terminal.keys(&[Key::Escape, Key::F10, Key::F10, Key::DownArrow]);
        picture(&terminal, "transfer-counter", suffix);
        terminal.keys(&[Key::F10, Key::DownArrow]);
        picture(&terminal, "transfer-staff", suffix);
        terminal.key(Key::Escape);
        ask(&mut terminal, "5");
        picture(&terminal, "abandon", suffix);
        terminal.keys(&[Key::Escape, Key::F8]);
        ask(&mut terminal, "4");
        picture(&terminal, "serve-direct", suffix);
        terminal.key(Key::Return);
        picture(&terminal, "serving-direct", suffix);
    }
}

#[test]
fn the_largest_questions_look_as_stored() {
    for (lang, size, suffix) in [USUALLY[0], USUALLY[1], TIGHT[0], TIGHT[1]] {
        let mut terminal = on_route(lang, size);
        ask(&mut terminal, "2");
        terminal.write("s");
        terminal.keys(&[Key::Return, Key::DownArrow]);
        picture(&terminal, "send-on", suffix);
        terminal.key(Key::Escape);
        ask(&mut terminal, "6");
        terminal.write("s");
        terminal.keys(&[Key::RightArrow, Key::Backspace]);
        picture(&terminal, "profile", suffix);
    }
}

#[test]
fn tight_windows_look_as_stored() {
    for (lang, size, suffix) in TIGHT {
        let mut terminal = on_route(lang, size);
        terminal.write("d1");
        picture(&terminal, "route", suffix);
        terminal.key(Key::F3);
        picture(&terminal, "menu", suffix);
        terminal.keys(&[Key::Escape, Key::F10, Key::F10, Key::DownArrow]);
        picture(&terminal, "transfer-counter", suffix);
    }
}

#[test]
fn further_questions_look_as_stored() {
    for (lang, suffix) in [(Lang::Zh, ""), (Lang::En, "-en")] {
        let mut terminal = Terminal::under_way(lang, USUAL);
        terminal.keys(&[Key::DownArrow, Key::Delete]);
        picture(&terminal, "cancel", suffix);
        terminal.keys(&[Key::Escape, Key::F11, Key::Tab, Key::Tab, Key::Tab, Key::Tab, Key::Tab]);
        terminal.write("参加一楼大厅的业务培训和考试");
        terminal.key(Key::Return);
        terminal.keys(&[Key::F2, Key::F11]);
        picture(&terminal, "pause-own", suffix);
    }
}

/// The usual window in Chinese, and the longer English where there is little room.
const BOTH: [(Lang, (u32, u32), &str); 3] =
    [(Lang::Zh, USUAL, ""), (Lang::En, (420, 640), "-en-420x640"), (Lang::En, (1024, 768), "-en-1024x768")];

/// Kiosks report their printers.
fn report(terminal: &mut Terminal, printers: &[(&str, PrinterCondition)]) {
    for (printer, condition) in printers {
        let reported = terminal.hall.printer(printer, *condition);
        terminal.hear(reported);
    }
    terminal.pass(Duration::ZERO);
}

/// A kiosk reports a slip.
fn slip(terminal: &mut Terminal, number: &str, printer: &str, copy: u32, outcome: SlipOutcome) {
    let ticket = terminal.hall.id_of(number);
    let reported = terminal.hall.slip(ticket, printer, copy, outcome);
    terminal.hear(reported);
    terminal.pass(Duration::ZERO);
}

#[test]
fn printers_that_need_somebody_look_as_stored() {
    use PrinterCondition::{Busy, CoverOpen, NearEnd, PaperOut, Ready};
    for (lang, size, suffix) in BOTH {
        let mut terminal = Terminal::under_way(lang, size);
        report(&mut terminal, &[("kiosk-1", Ready), ("kiosk-2", NearEnd)]);
        picture(&terminal, "printer-near-end", suffix);
        report(&mut terminal, &[("lobby-kiosk-north-entrance-1", PaperOut)]);
        terminal.pass(Duration::from_secs(1));
        report(&mut terminal, &[("kiosk-4", CoverOpen), ("kiosk-5", Busy)]);
        picture(&terminal, "printer-needs-somebody", suffix);
        terminal.key(Key::F3);
        terminal.key("8");
        picture(&terminal, "printers", suffix);
    }
}

#[test]
fn marks_of_slips_look_as_stored() {
    use SlipOutcome::{FailedClean, FailedPartial, Printed, Unconfirmed};
    for (lang, size, suffix) in BOTH {
        let mut terminal = Terminal::under_way(lang, size);
        report(&mut terminal, &[("kiosk-1", PrinterCondition::Ready)]);
        for (number, outcome) in
            [("S001", Printed), ("S002", Unconfirmed), ("JC001", FailedClean), ("A001", FailedPartial)]
        {
            slip(&mut terminal, number, "kiosk-1", 0, outcome);
        }
        for number in ["s1", "jc1"] {
            terminal.write(number);
            terminal.keys(&[Key::F1, Key::Return, Key::Escape, Key::Escape]);
        }
        slip(&mut terminal, "S001", "kiosk-1", 1, Printed);
        slip(&mut terminal, "JC001", "kiosk-1", 1, FailedClean);
        terminal.pass(Duration::from_secs(10));
        picture(&terminal, "slip-marks", suffix);
        terminal.keys(&[Key::DownArrow, Key::DownArrow, Key::DownArrow]);
        picture(&terminal, "slip-marks-chosen", suffix);
        terminal.keys(&[Key::Return, Key::F7]);
        picture(&terminal, "slip-mark-at-counter", suffix);
    }
}

#[test]
fn a_slip_printed_again_looks_as_stored() {
    use PrinterCondition::{Jam, NearEnd, PaperOut, Ready};
    for (lang, size, suffix) in BOTH {
        let mut terminal = on_route(lang, size);
        terminal.key(Key::F1);
        picture(&terminal, "reprint-no-printer", suffix);
        terminal.key(Key::Escape);
        report(&mut terminal, &[("kiosk-1", PaperOut)]);
        slip(&mut terminal, "JC001", "kiosk-1", 0, SlipOutcome::FailedPartial);
        terminal.key(Key::F1);
        picture(&terminal, "reprint-none-usable", suffix);
        report(&mut terminal, &[("kiosk-1", Ready)]);
        terminal.keys(&[Key::Escape, Key::F1]);
        picture(&terminal, "reprint-one-printer", suffix);
        terminal.key(Key::Escape);
        let others = [("kiosk-2", NearEnd), ("lobby-kiosk-north-entrance-1", Jam), ("kiosk-4", Ready)];
        report(&mut terminal, &others);
        report(&mut terminal, &[("kiosk-5", Ready), ("kiosk-6", PrinterCondition::Away)]);
        terminal.keys(&[Key::F1, Key::DownArrow]);
        picture(&terminal, "reprint-several-printers", suffix);
        terminal.key(Key::Return);
        picture(&terminal, "reprint-ordered", suffix);
        slip(&mut terminal, "JC001", "kiosk-2", 1, SlipOutcome::FailedClean);
        picture(&terminal, "reprint-failed", suffix);
        terminal.keys(&[Key::DownArrow, Key::Return]);
        slip(&mut terminal, "JC001", "kiosk-4", 2, SlipOutcome::Printed);
        picture(&terminal, "reprint-printed", suffix);
    }
}

#[test]
fn a_refused_reprint_looks_as_stored() {
    for (lang, suffix) in [(Lang::Zh, ""), (Lang::En, "-en")] {
        let mut terminal = on_route(lang, USUAL);
        report(&mut terminal, &[("kiosk-1", PrinterCondition::Ready)]);
        terminal.key(Key::F1);
        let late = terminal.hall.printer("kiosk-1", PrinterCondition::Unrecoverable);
        testing::press_key(&terminal.window, Key::Return);
        terminal.refuse();
        terminal.hear(late);
        terminal.pass(Duration::ZERO);
        picture(&terminal, "reprint-refused", suffix);
    }
}

#[test]
fn what_came_of_a_reprint_looks_as_stored() {
    for (lang, size, suffix) in BOTH {
        let mut terminal = on_route(lang, size);
        report(&mut terminal, &[("kiosk-1", PrinterCondition::Ready)]);
        terminal.keys(&[Key::F1, Key::Return, Key::Escape]);
        slip(&mut terminal, "JC001", "kiosk-1", 1, SlipOutcome::FailedPartial);
        picture(&terminal, "reprint-notice", suffix);
    }
}
