//! The kiosk's model in plain Rust: what is touched, heard and shown.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use hall_api::WaitForecast;
use hall_client::Update;
use hall_core::plan::Profile;
use hall_core::{Command, CounterNumber, TicketId};
use hall_kiosk::{Effect, Face, Hindrance, Language, Model, Msg, Notice, Paper, Touch, Words};
use hall_print::{Failure, Fault, Health, Outcome, RollForecast, Status};
use support::kiosk::{Kiosk, open_department};
use support::{CITY, TOWNSHIP, TestHall, VILLAGE, config, health};

#[test]
fn before_the_hub_is_heard_of_there_is_nothing_to_touch() {
    let model = Model::new(config(false));
    assert_eq!(model.shown(Instant::now()).face, Face::Connecting);
}

#[test]
fn departments_stand_in_the_plans_order_with_their_queues() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    let crowd = [kiosk.hall.crowd("subsistence-aid", 2), kiosk.hall.crowd("old-age-allowance", 3)];
    kiosk.hear(crowd.into_iter().flatten());
    let Face::Departments(tiles) = kiosk.face() else { panic!() };
    let in_plan: Vec<_> = kiosk.hall.plan().departments.iter().map(|department| &department.id).collect();
    assert_eq!(tiles.iter().map(|tile| &tile.id).collect::<Vec<_>>(), in_plan);
    assert_eq!(tiles[0].status, Words::new("无人等候", "No one waiting"));
    assert_eq!(tiles[1].status, Words::new("等候 5 人", "5 waiting"));
    assert!(tiles.iter().all(|tile| tile.open));
}

#[test]
fn a_service_says_how_many_wait_and_where() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    kiosk.touch(open_department("civil-affairs"));
    let mut check = |messages: Vec<Msg>, status: &str, detail: &str| {
        kiosk.hear(messages);
        let Face::Services { tiles, .. } = kiosk.face() else { panic!() };
        assert_eq!((tiles[0].status.zh.as_str(), tiles[0].detail.zh.as_str()), (status, detail));
        assert_eq!(tiles[0].place, Words::new("A区 1楼 2号窗口", "Zone A, floor 1, counter 2"));
    };
    let mut hall = TestHall::at(TOWNSHIP, "09:00");
    let counter = CounterNumber(2);
    check(vec![], "无人等候", "暂无窗口开放");
    check(hall.open_counters([2]), "无人等候", "");
    check(hall.crowd("subsistence-aid", 3), "等候 3 人", "");
    check(hall.run(Command::CallNext { counter }), "等候 2 人", "");
    check(hall.run(Command::Park { counter, remind_after_min: None }), "等候 2 人", "");
    check(hall.run(Command::CallNext { counter }), "等候 1 人", "");
    check(hall.run(Command::NoShow { counter, timed: false }), "等候 1 人", "");
    check(hall.run(Command::Resume { ticket: TicketId(1) }), "等候 2 人", "");
}

#[test]
fn counters_count_for_what_they_call_today() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    kiosk.touch(open_department("civil-affairs"));
    let profile = Profile { services: vec!["id-card".into()], ..Profile::default() };
    let mut check = |messages: Vec<Msg>, detail: &str| {
        kiosk.hear(messages);
        let Face::Services { tiles, .. } = kiosk.face() else { panic!() };
        assert_eq!(tiles[0].detail.zh, detail);
    };
    let mut hall = TestHall::at(TOWNSHIP, "09:00");
    let counter = CounterNumber(2);
    check(hall.open_counters([2]), "");
    check(hall.run(Command::SetProfile { counter, profile: Some(profile) }), "暂无窗口开放");
    check(hall.run(Command::SetProfile { counter, profile: None }), "");
    check(hall.run(Command::PauseCounter { counter, reason: "开会".into() }), "暂无窗口开放");
}

#[test]
fn a_hall_of_one_department_begins_with_its_services() {
    let kiosk = Kiosk::new(VILLAGE, "09:00", None);
    let Face::Services { department, tiles } = kiosk.face() else { panic!() };
    assert_eq!((department, tiles.len()), (None, 4));
}

#[test]
fn one_touch_takes_one_number() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    kiosk.touch(open_department("police"));
    let order = kiosk.order("household");
    for touch in [Touch::TakeNumber("household".into()), Touch::TakeNumber("id-card".into()), Touch::Back] {
        assert!(kiosk.touch(touch).is_empty());
    }
    kiosk.pass_s(60);
    assert_eq!(
        kiosk.model.shown(kiosk.at).taking,
        Some(("household".into(), false)),
        "idling does not give it up"
    );
    kiosk.hear([Msg::TakingLong]);
    assert_eq!(kiosk.model.shown(kiosk.at).taking, Some(("household".into(), true)));

    let answer = kiosk.hall.answer(&order.service);
    let effects = kiosk.hear(answer);
    assert!(
        matches!(&effects[..], [Effect::TicketShown { number, service }]
            if number.as_str() == "H001" && service.as_str() == "household"),
        "{effects:?}"
    );
    assert!(kiosk.touch(Touch::TakeNumber("household".into())).is_empty(), "not from under a ticket");
}

#[test]
fn the_ticket_says_who_is_ahead_and_where_to_go() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    let before = [kiosk.hall.open_counters([5]), kiosk.hall.crowd("household", 2)];
    kiosk.hear(before.into_iter().flatten());
    kiosk.take("household");
    let Face::Ticket(ticket) = kiosk.face() else { panic!() };
    assert_eq!((ticket.number.as_str(), ticket.ahead), ("H003", 2));
    assert_eq!(ticket.service, Words::new("户口登记与迁移", "Household registration"));
    assert_eq!(ticket.places, [Words::new("B区 1楼 5号窗口", "Zone B, floor 1, counter 5")]);
}

#[test]
fn the_wait_is_the_hubs_forecast_or_nothing() {
    let check = |forecast: Option<(u32, u32)>, expect: Option<&str>| {
        let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
        kiosk.hall.open_counters([5]);
        kiosk.hall.crowd("household", 2);
        kiosk.hall.forecast = forecast.map(|(p50_min, p90_min)| WaitForecast { p50_min, p90_min });
        kiosk.hear(kiosk.hall.greeting());
        kiosk.take("household");
        let Face::Ticket(ticket) = kiosk.face() else { panic!() };
        assert_eq!(ticket.wait.as_ref().map(|wait| wait.zh.as_str()), expect);
    };
    check(None, None);
    check(Some((12, 25)), Some("约 12–25 分钟"));
}

#[test]
fn the_screen_says_what_to_do_about_the_slip() {
    let check = |printer: Option<Status>, outcome: Option<Outcome>, expect: Paper| {
        let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", printer);
        kiosk.take("household");
        kiosk.hear(outcome.map(|outcome| Msg::Slip { ticket: TicketId(1), outcome }));
        assert_eq!(kiosk.paper(), expect, "{printer:?}, {outcome:?}");
    };
    let failed = |why| Some(Outcome::FailedClean(why));
    check(None, None, Paper::NoPrinter);
    check(Some(Status::Ready), None, Paper::Printing);
    check(Some(Status::NearEnd), Some(Outcome::Printed), Paper::Printed);
    check(Some(Status::Ready), Some(Outcome::Unconfirmed), Paper::Unconfirmed);
    check(
        Some(Status::Ready),
        Some(Outcome::FailedPartial { sent: 9, why: Failure::Away }),
        Paper::Incomplete,
    );
    let missing = |printer, outcome, hindrance| check(Some(printer), outcome, Paper::Missing(hindrance));
    missing(Status::Ready, failed(Failure::Away), Hindrance::NotConnected);
    missing(Status::Ready, failed(Failure::Silent), Hindrance::NotConnected);
    missing(Status::Ready, failed(Failure::Busy), Hindrance::Busy);
    missing(Status::Ready, failed(Failure::QueueFull), Hindrance::TooManyWaiting);
    missing(Status::Ready, failed(Failure::TooLate), Hindrance::TooLate);
    missing(Status::Ready, failed(Failure::Journal), Hindrance::OutOfOrder);
    missing(Status::Ready, failed(Failure::NotReady), Hindrance::OutOfOrder);
    for (status, hindrance) in [
        (Status::PaperOut, Hindrance::OutOfPaper),
        (Status::CoverOpen, Hindrance::CoverOpen),
        (Status::Away, Hindrance::NotConnected),
        (Status::Fault(Fault::Silent), Hindrance::NotConnected),
        (Status::Fault(Fault::Cutter), Hindrance::Cutter),
        (Status::Fault(Fault::Jam), Hindrance::Jam),
        (Status::Fault(Fault::Busy), Hindrance::Busy),
        (Status::Fault(Fault::Overheated), Hindrance::OutOfOrder),
    ] {
        missing(status, None, hindrance);
        missing(status, failed(Failure::NotReady), hindrance);
    }
}

#[test]
fn before_a_service_is_touched_the_kiosk_says_that_there_are_no_slips() {
    let notice = |status| {
        let kiosk = Kiosk::new(TOWNSHIP, "09:00", Some(status));
        kiosk.model.shown(kiosk.at).notice
    };
    assert_eq!(notice(Status::NearEnd), None);
    for status in [Status::PaperOut, Status::Away, Status::Fault(Fault::Jam)] {
        assert!(matches!(notice(status), Some(Notice::NoSlips(_))), "{status:?}");
    }
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", Some(Status::PaperOut));
    kiosk.take("household");
    kiosk.touch(Touch::Back);
    kiosk.hear([Msg::Hub(Update::Away("refused".into()))]);
    let notice = kiosk.model.shown(kiosk.at).notice;
    assert!(matches!(notice, Some(Notice::Away(_))), "what keeps people from numbers comes first");
}

#[test]
fn a_late_slip_of_somebody_else_changes_nothing() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", Some(Status::Ready));
    kiosk.take("household");
    kiosk.touch(Touch::Back);
    kiosk.take("household");
    kiosk.hear([Msg::Slip { ticket: TicketId(1), outcome: Outcome::Unconfirmed }]);
    assert_eq!(kiosk.paper(), Paper::Printing);
}

#[test]
fn the_kiosk_returns_to_its_start_by_itself() {
    let check = |name: &str, printer: Option<Status>, seconds: usize, go: &dyn Fn(&mut Kiosk)| {
        let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", printer);
        kiosk.touch(Touch::SwitchLanguage);
        kiosk.touch(Touch::TurnTo(1));
        go(&mut kiosk);
        kiosk.pass_s(seconds - 1);
        assert_eq!(kiosk.model.shown(kiosk.at).language, Language::En, "{name}: too early");
        kiosk.pass_s(1);
        let shown = kiosk.model.shown(kiosk.at);
        assert_eq!((shown.language, shown.page), (Language::Zh, 0), "{name}");
        assert!(matches!(shown.face, Face::Departments(_)), "{name}: {:?}", shown.face);
    };
    check("another page", None, 30, &|_| {});
    check("services", None, 30, &|kiosk| _ = kiosk.touch(open_department("police")));
    check("a ticket with its slip", Some(Status::Ready), 12, &|kiosk| kiosk.take("household"));
    check("a ticket without", None, 20, &|kiosk| kiosk.take("household"));
}

#[test]
fn back_goes_one_step_and_keeps_the_page() {
    let mut kiosk = Kiosk::new(CITY, "09:30", None);
    kiosk.touch(Touch::TurnTo(2));
    kiosk.touch(open_department("tax"));
    assert_eq!(kiosk.model.shown(kiosk.at).page, 0);
    kiosk.touch(Touch::TurnTo(1));
    assert_eq!(kiosk.model.shown(kiosk.at).page, 1);
    kiosk.touch(Touch::Back);
    assert!(matches!(kiosk.face(), Face::Departments(_)));
    assert_eq!(kiosk.model.shown(kiosk.at).page, 2);
}

#[test]
fn while_the_hub_is_away_the_tiles_stay_and_no_number_is_promised() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    kiosk.hear([Msg::Hub(Update::Away("refused".into()))]);
    assert!(matches!(kiosk.face(), Face::Departments(_)));
    assert!(matches!(kiosk.model.shown(kiosk.at).notice, Some(Notice::Away(_))));
    assert!(kiosk.touch(Touch::TakeNumber("household".into())).is_empty());
    assert_eq!(kiosk.model.shown(kiosk.at).message.unwrap().what.zh, "暂时无法取号，请稍候再试");
    kiosk.pass_s(10);
    assert_eq!(kiosk.model.shown(kiosk.at).message, None);

    kiosk.hear([Msg::Hub(Update::Tick(kiosk.hall.now))]);
    assert_eq!(kiosk.model.shown(kiosk.at).notice, None);
    kiosk.take("household");
}

#[test]
fn a_department_taken_out_of_the_plan_is_left() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", None);
    kiosk.touch(open_department("police"));
    let mut plan = (**kiosk.hall.plan()).clone();
    plan.departments.retain(|department| department.id.as_str() != "police");
    plan.services.retain(|service| service.department.as_str() != "police");
    kiosk.hear([Msg::Hub(Update::Plan(plan.into()))]);
    assert!(matches!(kiosk.face(), Face::Departments(_)));
}

#[test]
fn the_clock_runs_on_by_itself() {
    let kiosk = Kiosk::new(TOWNSHIP, "09:59", None);
    let time = |after_s| kiosk.model.shown(kiosk.at + Duration::from_secs(after_s)).time;
    assert_eq!((time(0).as_str(), time(61).as_str()), ("09:59", "10:00"));
}

#[test]
fn staff_see_what_the_printer_needs() {
    let shown = |health: Health| {
        let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", Some(Status::Ready));
        kiosk.hear([Msg::Printer(health)]);
        kiosk.model.shown(kiosk.at).printer
    };
    let check = |status, expect: Option<(&str, bool)>| {
        let shown = shown(health(status));
        assert_eq!(shown.as_ref().map(|(words, down)| (words.zh.as_str(), *down)), expect);
    };
    check(Status::Ready, None);
    check(Status::NearEnd, Some(("打印纸将尽", false)));
    check(Status::PaperOut, Some(("打印机缺纸", true)));
    check(Status::CoverOpen, Some(("打印机盖未合", true)));
    check(Status::Away, Some(("打印机未连接", true)));
    check(Status::Fault(Fault::Silent), Some(("打印机无应答", true)));
    check(Status::Fault(Fault::Cutter), Some(("打印机切刀故障", true)));
    check(Status::Fault(Fault::Jam), Some(("打印机卡纸", true)));
    check(Status::Fault(Fault::Busy), Some(("打印机忙", true)));
    let roll = RollForecast { left_sheets: Some(40), ends_in: None };
    let near_end = shown(Health { roll, ..health(Status::NearEnd) });
    assert_eq!(near_end, Some((Words::new("打印纸将尽，约剩 40 张", "Paper low, about 40 left"), false)));
}
