//! The maintenance page in plain Rust: who gets in, what it shows and does, when it closes.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use hall_api::{Problem, ReprintReply};
use hall_client::ClientError;
use hall_core::{Command, CounterNumber, TicketId, Timestamp};
use hall_kiosk::maintenance::{Action, Handling, Page};
use hall_kiosk::station::SlipKey;
use hall_kiosk::{Config, Effect, Errand, Face, Model, Msg, Touch};
use hall_print::{Ended, Failure, Health, Outcome, RollForecast, Status};
use support::kiosk::{Kiosk, open_department};
use support::{CODE, TOWNSHIP, TestHall, config, health};

fn kiosk() -> Kiosk {
    Kiosk::new(TOWNSHIP, "09:00", Some(Status::Ready))
}

fn opened() -> Kiosk {
    let mut kiosk = kiosk();
    kiosk.maintain(Handling::Open);
    kiosk.enter(CODE);
    kiosk
}

#[track_caller]
fn page(kiosk: &Kiosk) -> Page {
    match kiosk.face() {
        Face::Maintenance(page) => page,
        other => panic!("{other:?}"),
    }
}

/// What the pad shows: the digits typed, and its note.
#[track_caller]
fn pad(kiosk: &Kiosk) -> (usize, Option<String>) {
    match kiosk.face() {
        Face::CodePad(pad) => (pad.typed, pad.note.map(|note| note.zh)),
        other => panic!("{other:?}"),
    }
}

fn is_open(kiosk: &Kiosk) -> bool {
    matches!(kiosk.face(), Face::CodePad(_) | Face::Maintenance(_))
}

#[track_caller]
fn value(page: &Page, label: &str) -> String {
    let row = page.rows.iter().find(|row| row.label.zh == label);
    row.unwrap_or_else(|| panic!("no {label} in {page:#?}")).value.zh.clone()
}

fn errands(effects: Vec<Effect>) -> Vec<Errand> {
    let errand = |effect| match effect {
        Effect::Send(errand) => Some(errand),
        _ => None,
    };
    effects.into_iter().filter_map(errand).collect()
}

#[test]
fn the_page_is_behind_its_code() {
    let mut kiosk = kiosk();
    kiosk.maintain(Handling::Open);
    for digit in [2, 0, 9] {
        kiosk.maintain(Handling::Digit(digit));
    }
    kiosk.maintain(Handling::Erase);
    assert_eq!(pad(&kiosk), (2, None));
    kiosk.enter("0000");
    assert_eq!(pad(&kiosk), (0, Some("维护码不对".into())));
    kiosk.enter(CODE);
    page(&kiosk);
    kiosk.touch(Touch::Back);
    assert!(matches!(kiosk.face(), Face::Departments(_)));
}

#[test]
fn without_a_code_there_is_no_page() {
    let mut kiosk = kiosk();
    kiosk.model = Model::new(Config { maintenance_code: None, ..config(true) });
    kiosk.hear(kiosk.hall.greeting());
    kiosk.maintain(Handling::Open);
    kiosk.enter(CODE);
    assert!(!is_open(&kiosk));
}

#[test]
fn five_wrong_codes_lock_it_for_a_minute() {
    let mut kiosk = kiosk();
    kiosk.maintain(Handling::Open);
    for _ in 0..4 {
        kiosk.enter("0000");
    }
    // Leaving does not let anybody try more often.
    kiosk.touch(Touch::Back);
    kiosk.maintain(Handling::Open);
    kiosk.enter("0000");
    let locked = (0, Some("错误次数过多，请一分钟后再试".into()));
    assert_eq!(pad(&kiosk), locked);
    kiosk.enter(CODE);
    assert_eq!(pad(&kiosk), locked);
    kiosk.at += Duration::from_secs(59);
    kiosk.enter(CODE);
    assert_eq!(pad(&kiosk), locked);
    kiosk.at += Duration::from_secs(1);
    kiosk.enter(CODE);
    page(&kiosk);
}

#[test]
fn it_closes_untouched_and_takes_no_number_from_anybody() {
    let mut kiosk = opened();
    kiosk.pass_s(59);
    kiosk.maintain(Handling::Act(Action::RollChanged));
    kiosk.pass_s(59);
    assert!(is_open(&kiosk));
    kiosk.pass_s(1);
    assert!(matches!(kiosk.face(), Face::Departments(_)));

    kiosk.touch(open_department("police"));
    let order = kiosk.order("household");
    kiosk.maintain(Handling::Open);
    assert!(!is_open(&kiosk), "while a number is taken");
    let answer = kiosk.hall.answer(&order.service);
    kiosk.hear(answer);
    kiosk.maintain(Handling::Open);
    assert!(!is_open(&kiosk), "while a number is shown");
}

#[test]
fn it_can_be_opened_before_the_hub_is_heard_of() {
    let mut kiosk = kiosk();
    kiosk.model = Model::new(config(true));
    kiosk.maintain(Handling::Open);
    kiosk.enter(CODE);
    assert_eq!(value(&page(&kiosk), "打印机状态"), "打印机未连接");
    kiosk.touch(Touch::Back);
    assert_eq!(kiosk.face(), Face::Connecting);
}

#[test]
fn it_shows_the_printer_and_its_roll() {
    let mut kiosk = opened();
    let roll = RollForecast { left_sheets: Some(480), ends_in: Some(Duration::from_secs(6 * 3600 + 400)) };
    let known = Health { sheets: 320, roll, jobs: 200, unconfirmed: 3, ..health(Status::NearEnd) };
    kiosk.hear([Msg::Printer(known)]);
    let page = page(&kiosk);
    let check = |label: &str, expect: &str| assert_eq!(value(&page, label), expect);
    check("打印机状态", "打印纸将尽");
    check("纸卷", "已用 320 张，约剩 480 张，约 15:10 用完");
    check("未确认", "最近 200 张中 3 张（1.5%）");
    check("名称、型号、接口", "kiosk-1, epson-eu-m30, /dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0");
    check("程序版本", env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_last_slips_can_be_printed_again_while_their_citizens_are_here() {
    let mut kiosk = opened();
    let counter = CounterNumber(5);
    let opened = kiosk.hall.open_counters([5]);
    let taken = kiosk.hall.crowd("household", 2);
    let done = [
        kiosk.hall.run(Command::CallNext { counter }),
        kiosk.hall.run(Command::StartService { counter }),
        kiosk.hall.run(Command::FinishService { counter, ends_here: true }),
    ];
    kiosk.hear([opened, taken].into_iter().chain(done).flatten());
    let ended = |id, number: &str, issued_at: Timestamp, copy, outcome| Ended {
        key: SlipKey::new(TicketId(id), &number.into(), issued_at, copy).to_string(),
        at_ms: 0,
        outcome,
    };
    let now = kiosk.hall.now;
    kiosk.hear([Msg::Slips(vec![
        ended(2, "H002", now, 1, Outcome::Printed),
        Ended { key: "test-page 1".into(), at_ms: 0, outcome: Outcome::Printed },
        ended(2, "H002", now, 0, Outcome::FailedClean(Failure::NotReady)),
        ended(1, "H001", now, 0, Outcome::Unconfirmed),
        ended(2, "D002", now.plus_ms(-86_400_000), 0, Outcome::Printed),
    ])]);
    let again = Some(Action::Reprint(TicketId(2)));
    let rows: Vec<_> = page(&kiosk)
        .slips
        .into_iter()
        .map(|row| (row.label.zh, row.value.zh, row.action.map(|(_, action)| action)))
        .collect();
    let expect = [
        ("H002  09:00", "补打1：已打印", again),
        ("H002  09:00", "未打印：未就绪", again),
        ("H001  09:00", "未确认", None),
        ("D002  11-22 09:00", "已打印", None),
    ];
    let expect = expect.map(|(label, value, action)| (label.to_owned(), value.to_owned(), action));
    assert_eq!(rows, expect);
}

#[test]
fn one_touch_orders_one_reprint_and_the_answer_is_told() {
    let mut kiosk = opened();
    let again = Handling::Act(Action::Reprint(TicketId(1)));
    let note = |kiosk: &Kiosk| page(kiosk).note.map(|note| note.zh);
    assert!(matches!(errands(kiosk.maintain(again.clone()))[..], [Errand::Reprint(TicketId(1))]));
    assert!(page(&kiosk).busy);
    assert!(kiosk.maintain(again.clone()).is_empty());
    let (number, printer) = ("H001".into(), "kiosk-1".into());
    let reply = ReprintReply { id: TicketId(1), number, printer, copy: 2, seq: 9 };
    kiosk.hear([Msg::ReprintOrdered(Box::new(Ok(reply)))]);
    assert_eq!(note(&kiosk).as_deref(), Some("已安排补打 H001（第 2 次）"));

    assert_eq!(errands(kiosk.maintain(again)).len(), 1);
    let problem = Problem::new(409, "reprint_limit", "5 reprints are enough", "H001 已补打 5 次");
    kiosk.hear([Msg::ReprintOrdered(Box::new(Err(ClientError::Refused(Box::new(problem)))))]);
    assert_eq!(note(&kiosk).as_deref(), Some("H001 已补打 5 次"));
}

#[test]
fn the_other_buttons_do_what_they_say() {
    let mut kiosk = opened();
    let test_page = errands(kiosk.maintain(Handling::Act(Action::PrintTestPage)));
    assert!(
        matches!(&test_page[..], [Errand::PrintTestPage { printed_at }] if printed_at == "2026-11-23 09:00:00"),
        "{test_page:?}"
    );
    kiosk.hear([Msg::TestPage(Outcome::FailedClean(Failure::Away))]);
    assert_eq!(page(&kiosk).note.unwrap().zh, "测试页：未打印：未连接");
    let changed = errands(kiosk.maintain(Handling::Act(Action::RollChanged)));
    assert!(matches!(changed[..], [Errand::RollChanged]), "{changed:?}");
    assert_eq!(page(&kiosk).note.unwrap().zh, "已记下更换纸卷");
}

#[test]
fn nothing_is_done_from_behind_a_closed_page() {
    let mut kiosk = Kiosk::of(TestHall::at(TOWNSHIP, "09:00"), Some(Status::Ready));
    for action in [Action::Reprint(TicketId(1)), Action::PrintTestPage, Action::RollChanged] {
        assert!(kiosk.maintain(Handling::Act(action)).is_empty());
        assert_eq!(action.to_string().parse(), Ok(action));
    }
    assert_eq!("reprint-x".parse::<Action>(), Err(()));
}
