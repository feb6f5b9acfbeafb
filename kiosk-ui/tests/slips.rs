//! What the screen says of slip and printer, and the maintenance page, touched by label and by keys; pictures of each.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use hall_core::TicketId;
use hall_kiosk::station::SlipKey;
use hall_kiosk::{Errand, Msg};
use hall_print::{Ended, Failure, Fault, Health, Outcome, RollForecast, Status};
use hall_ui::testing;
use slint::ComponentHandle;
use slint::platform::{Key, PointerEventButton, WindowEvent};
use support::floor::{Floor, PORTRAIT, busy_city};
use support::{CODE, TOWNSHIP, TestHall, health};

const SMALL: (u32, u32) = (1024, 768);

/// Each state a slip can be in: its name, the printer, how the slip ended, what the screen says.
fn states() -> Vec<(&'static str, Status, Option<Outcome>, &'static str)> {
    let failed = |why| Some(Outcome::FailedClean(why));
    let partial = Some(Outcome::FailedPartial { sent: 90, why: Failure::Away });
    vec![
        ("printing", Status::Ready, None, "正在打印，请稍候取票"),
        ("printed", Status::Ready, Some(Outcome::Printed), "请取走号票"),
        (
            "unconfirmed",
            Status::Ready,
            Some(Outcome::Unconfirmed),
            "请取走号票；如未出票，可凭号码到咨询台补打",
        ),
        ("incomplete", Status::Away, partial, "号票或不完整，请记住号码，可到咨询台补打"),
        ("paper-out", Status::PaperOut, failed(Failure::NotReady), "打印机缺纸，请记住号码，可到咨询台补打"),
        (
            "cover-open",
            Status::CoverOpen,
            failed(Failure::NotReady),
            "打印机盖未合，请记住号码，可到咨询台补打",
        ),
        (
            "cutter",
            Status::Fault(Fault::Cutter),
            failed(Failure::NotReady),
            "切纸器故障，请记住号码，可到咨询台补打",
        ),
        (
            "jam",
            Status::Fault(Fault::Jam),
            failed(Failure::NotReady),
            "打印机卡纸，请记住号码，可到咨询台补打",
        ),
        ("not-connected", Status::Away, failed(Failure::Away), "打印机未连接，请记住号码，可到咨询台补打"),
        ("busy", Status::Fault(Fault::Busy), failed(Failure::Busy), "打印机忙，请记住号码，可到咨询台补打"),
        ("too-many", Status::Ready, failed(Failure::QueueFull), "打印任务太多，请记住号码，可到咨询台补打"),
        ("too-late", Status::Ready, failed(Failure::TooLate), "号票打印超时，请记住号码，可到咨询台补打"),
    ]
}

/// A citizen with a number, whose slip has come to this.
fn at_ticket(size: (u32, u32), status: Status, outcome: Option<Outcome>) -> Floor {
    let mut floor = Floor::connected(TestHall::at(TOWNSHIP, "09:00"), size, Some(Status::Ready));
    floor.touch("派出所户籍");
    floor.touch("户口登记与迁移");
    let ticket = floor.answer();
    floor.hear([Msg::Printer(health(status))]);
    if let Some(outcome) = outcome {
        floor.slip(ticket, outcome);
    }
    floor
}

#[test]
fn each_state_of_a_slip_is_one_calm_line() {
    for (name, status, outcome, says) in states() {
        let floor = at_ticket(PORTRAIT, status, outcome);
        floor.expect(says);
        floor.picture(&format!("slip-{name}"));
        floor.touch("English");
        floor.picture(&format!("slip-{name}-english"));
    }
}

#[test]
fn the_longest_lines_fit_a_small_screen() {
    for (name, status, outcome, says) in states() {
        if !["unconfirmed", "incomplete", "too-many"].contains(&name) {
            continue;
        }
        let floor = at_ticket(SMALL, status, outcome);
        floor.expect(says);
        floor.picture(&format!("slip-{name}-1024x768"));
        floor.touch("English");
        floor.picture(&format!("slip-{name}-english-1024x768"));
    }
}

#[test]
fn a_printer_that_cannot_print_is_said_quietly_at_the_start() {
    for (size, name) in [(PORTRAIT, "start-no-slips"), (SMALL, "start-no-slips-1024x768")] {
        let floor = Floor::connected(busy_city(), size, Some(Status::CoverOpen));
        floor.expect("暂不出票，凭号码办理");
        floor.picture(name);
    }
    let floor = Floor::city(Some(Status::Ready));
    let roll = RollForecast { left_sheets: Some(40), ends_in: None };
    floor.hear([Msg::Printer(Health { roll, ..health(Status::NearEnd) })]);
    floor.expect("打印纸将尽，约剩 40 张");
    floor.picture("start-near-end");
}

fn press(floor: &Floor, (x, y): (f32, f32), hold: Duration) {
    let (position, button) = (slint::LogicalPosition::new(x, y), PointerEventButton::Left);
    let window = floor.kiosk.window().window();
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    testing::advance(hold);
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    testing::advance(Duration::ZERO);
}

fn enter(floor: &Floor, code: &str) {
    for digit in code.chars() {
        floor.touch(&digit.to_string());
    }
    floor.touch("确定");
}

/// A kiosk that has printed, with its page open.
fn at_page(size: (u32, u32)) -> Floor {
    let mut floor = Floor::connected(TestHall::at(TOWNSHIP, "09:00"), size, Some(Status::NearEnd));
    let crowd = floor.hall.crowd("household", 4);
    floor.hear(crowd);
    let roll = RollForecast { left_sheets: Some(48), ends_in: Some(Duration::from_secs(5 * 3600)) };
    let slip = |id: u64, copy, outcome| {
        let number = format!("H{id:03}").as_str().into();
        let key = SlipKey::new(TicketId(id), &number, floor.hall.now, copy).to_string();
        Ended { key, at_ms: 0, outcome }
    };
    let slips = vec![
        slip(3, 1, Outcome::Printed),
        slip(4, 0, Outcome::Printed),
        slip(3, 0, Outcome::FailedPartial { sent: 90, why: Failure::NotReady }),
        slip(2, 0, Outcome::Unconfirmed),
        slip(1, 0, Outcome::FailedClean(Failure::NotReady)),
    ];
    let health = Health { sheets: 752, roll, jobs: 200, unconfirmed: 3, ..health(Status::NearEnd) };
    floor.hear([Msg::Printer(health), Msg::Slips(slips)]);
    press(&floor, (200.0, 60.0), Duration::from_secs(3));
    enter(&floor, CODE);
    floor
}

#[test]
fn the_gesture_is_a_long_touch_of_the_halls_name() {
    let floor = Floor::city(Some(Status::Ready));
    press(&floor, (200.0, 60.0), Duration::from_millis(2900));
    assert!(!floor.shows("维护码"));
    press(&floor, (200.0, 600.0), Duration::from_secs(4));
    assert!(!floor.shows("维护码"));
    floor.touch("返回");
    press(&floor, (200.0, 60.0), Duration::from_secs(3));
    floor.expect("维护码");
    floor.picture("maintenance-code");
    enter(&floor, "0000");
    floor.expect("维护码不对");
    enter(&floor, CODE);
    floor.expect("打印机状态：打印机正常");
}

#[test]
fn before_the_first_connection_the_page_opens_too() {
    let floor = Floor::new(busy_city(), PORTRAIT, Some(Status::Ready));
    press(&floor, (200.0, 60.0), Duration::from_secs(3));
    enter(&floor, CODE);
    floor.expect("打印机状态：打印机正常");
}

#[test]
fn staff_do_everything_by_touch() {
    let floor = at_page(PORTRAIT);
    floor.picture("maintenance");
    floor.touch("补打 H002");
    assert!(matches!(floor.errands.borrow_mut().pop_front(), Some(Errand::Reprint(TicketId(2)))));
    floor.expect("正在请求补打…");
    assert!(!testing::enabled(floor.kiosk.window(), "打印测试页"), "one thing after the other");
    floor.hear([Msg::ReprintOrdered(Box::new(Err(hall_client::ClientError::Away("refused".into()))))]);
    floor.expect("主机无应答，未能补打");
    floor.touch("打印测试页");
    assert!(matches!(floor.errands.borrow_mut().pop_front(), Some(Errand::PrintTestPage { .. })));
    floor.hear([Msg::TestPage(Outcome::Printed)]);
    floor.expect("测试页：已打印");
    floor.touch("已更换纸卷");
    assert!(matches!(floor.errands.borrow_mut().pop_front(), Some(Errand::RollChanged)));
    floor.touch("返回");
    floor.expect("请选择部门");
}

#[test]
fn the_page_fits_other_screens() {
    for (width, height) in [SMALL, (1080, 1080), (800, 1280)] {
        let floor = at_page((width, height));
        floor.picture(&format!("maintenance-{width}x{height}"));
        floor.touch("补打 H001");
        floor.touch("English");
        floor.touch("Back");
        floor.expect("Choose a department");
    }
    let floor = at_page(SMALL);
    floor.touch("English");
    floor.picture("maintenance-english-1024x768");
    floor.touch("Back");
    press(&floor, (200.0, 60.0), Duration::from_secs(3));
    floor.picture("maintenance-code-1024x768");
}

#[test]
fn everything_can_be_done_with_keys() {
    let floor = Floor::city(Some(Status::Ready));
    let window = floor.kiosk.window().window();
    for key in [Key::Control, Key::Alt] {
        window.dispatch_event(WindowEvent::KeyPressed { text: key.into() });
    }
    floor.key("m");
    for key in [Key::Control, Key::Alt] {
        window.dispatch_event(WindowEvent::KeyReleased { text: key.into() });
    }
    floor.expect("维护码");
    for digit in format!("9{CODE}").chars() {
        floor.key(digit);
        if digit == '9' {
            floor.key(Key::Backspace);
        }
    }
    floor.key(Key::Return);
    floor.expect("打印机状态：打印机正常");
    floor.key(Key::Escape);
    floor.expect("请选择部门");
}
