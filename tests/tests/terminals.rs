//! Terminals outlive their hub and their devices.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use hall_sim::demo::terminals::{Board, Counter, Kiosk, PATIENCE};
use hall_sim::demo::{Citizen, Recorder, Stage};
use hall_sim::printer::{Condition, VirtualPrinter};
use hall_tests::sample_hall;

fn stage(folder: &Path) -> Stage {
    Stage::start(&sample_hall("township.toml"), &folder.join("data"), folder).unwrap()
}

#[test]
fn all_come_back_by_themselves_and_show_the_same_calls() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = stage(folder.path());
    let port = folder.path().join("printer");
    let _printer = VirtualPrinter::open(Some(&port)).unwrap();
    let mut kiosk = Kiosk::start(&stage, &port, folder.path()).unwrap();
    let citizen = Citizen::of(&stage.plan).unwrap();
    let mut counter = Counter::start(&stage, citizen.counter, folder.path()).unwrap();
    let recorder = Recorder::new(folder.path(), &folder.path().join("call.wav")).unwrap();
    let mut board = Board::start(&stage, &recorder, folder.path()).unwrap();
    kiosk.open_first_department(&stage).unwrap();
    let (_, first, _) = kiosk.take_number().unwrap();
    counter.press_main().unwrap();
    counter.wait_screen("idle").unwrap();
    counter.press_main().unwrap();
    counter.wait_screen("calling").unwrap();
    board
        .program
        .wait_line("call shown", Instant::now() + PATIENCE, |line| line.text("number") == first)
        .unwrap();
    kiosk.done().unwrap();
    board.rest().unwrap();
    let shown = board.screen.pixels(Board::NEWEST_CALL).unwrap();

    stage.restart(folder.path()).unwrap();

    // Nobody touched a terminal meanwhile: each has to find the hub by itself.
    kiosk.open_first_department(&stage).unwrap();
    let (_, second, _) = kiosk.take_number().unwrap();
    assert_ne!(first, second);
    counter.press_main().unwrap();
    counter.wait_screen("serving").unwrap();
    counter.press_finish_key().unwrap();
    counter.wait_screen("idle").unwrap();
    board.rest().unwrap();
    assert!(
        board.screen.pixels(Board::NEWEST_CALL).unwrap() == shown,
        "the board shows another call than before"
    );
    for program in [board.program, counter.program, kiosk.program, stage.program] {
        assert!(program.end().unwrap().success());
    }
}

#[test]
fn a_printer_unplugged_in_the_middle_of_a_slip_does_not_stop_the_kiosk() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    let port = folder.path().join("printer");
    let printer = VirtualPrinter::open(Some(&port)).unwrap();
    let mut kiosk = Kiosk::start(&stage, &port, folder.path()).unwrap();
    printer.set_after(300, Condition::Unplugged);
    kiosk.open_first_department(&stage).unwrap();
    let (_, first, _) = kiosk.take_number().unwrap();
    let outcome = kiosk.wait_slip().unwrap();
    assert!(outcome.contains("Failed"), "{first} was cut off, yet the slip is {outcome}");

    kiosk.done().unwrap();
    kiosk.open_first_department(&stage).unwrap();
    let (touched, second, _) = kiosk.take_number().unwrap();
    assert_ne!(first, second);
    assert!(touched.elapsed() < Duration::from_secs(5), "the kiosk waited for its printer");

    assert!(printer.take_slip(Duration::ZERO).is_none(), "half a slip is no slip");
    assert!(kiosk.program.end().unwrap().success());
}
