//! When there are no numbers: the kiosk says why and when there will be, and takes none.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use hall_api::Problem;
use hall_client::{ClientError, Update};
use hall_core::plan::{LateHours, Quota, Weekday};
use hall_core::{Calendar, Command, Plan};
use hall_kiosk::{Face, Msg, Notice, ServiceTile, Touch, Words};
use hall_print::Status;
use support::kiosk::{Kiosk, open_department};
use support::{CITY, TOWNSHIP, TestHall, VILLAGE};

const NEXT_DAY: &str = "请于 11月24日（周二）08:30 起取号";

/// What a tile says.
#[track_caller]
fn check(tile: &ServiceTile, open: bool, status: &str, detail: &str) {
    let said = (tile.open, tile.status.zh.as_str(), tile.detail.zh.as_str());
    assert_eq!(said, (open, status, detail), "{}", tile.id);
}

/// A touch that is explained, and orders nothing.
#[track_caller]
fn check_touch(kiosk: &mut Kiosk, service: &str, what: &str, todo: &str) {
    assert!(kiosk.touch(Touch::TakeNumber(service.into())).is_empty());
    check_message(kiosk, what, todo);
}

#[track_caller]
fn check_message(kiosk: &mut Kiosk, what: &str, todo: &str) {
    let message = kiosk.message().unwrap();
    assert_eq!((message.what.zh.as_str(), message.todo.zh.as_str()), (what, todo));
    kiosk.touch(Touch::Back);
    assert_eq!(kiosk.message(), None);
}

fn with_quotas(quotas: &'static [(&str, u32)]) -> impl FnOnce(&mut Plan) {
    |plan| {
        let quota =
            |(hours, tickets): &(&str, u32)| Quota { hours: hours.parse().unwrap(), tickets: *tickets };
        plan.services.iter_mut().find(|service| service.id.as_str() == "household").unwrap().quotas =
            quotas.iter().map(quota).collect();
    }
}

#[test]
fn what_is_closed_says_when_it_is_open() {
    let mut kiosk = Kiosk::new(CITY, "12:30", None);
    let Face::Departments(tiles) = kiosk.face() else { panic!() };
    let tax = tiles.iter().find(|tile| tile.id.as_str() == "housing-fund").unwrap();
    assert_eq!((tax.open, tax.status.zh.as_str()), (false, "不在办理时间"));
    kiosk.touch(open_department("housing-fund"));
    let Face::Services { tiles, .. } = kiosk.face() else { panic!() };
    assert!(tiles.iter().all(|tile| !tile.open && tile.detail.zh == "09:00-12:00, 13:30-17:00"), "{tiles:?}");
}

#[test]
fn the_day_has_a_beginning_and_an_end() {
    let check = |clock: &str, expect: (&str, &str)| {
        let Face::Closed { reason, when } = Kiosk::new(VILLAGE, clock, None).face() else {
            panic!("open at {clock}")
        };
        assert_eq!((reason.zh.as_str(), when.zh.as_str()), expect);
    };
    check("06:00", ("今日尚未开始营业", "取号时间 08:30-12:00, 14:00-17:30"));
    check("20:00", ("今日营业已结束", "请于 11月24日（周二）08:30 起取号"));
}

#[test]
fn yesterdays_close_says_nothing_of_today() {
    let mut kiosk = Kiosk::new(VILLAGE, "09:00", None);
    kiosk.hall.now = kiosk.hall.now.plus_ms(11 * 3_600_000);
    let close = kiosk.hall.keep_time();
    kiosk.hear(close);
    let closed = |kiosk: &Kiosk| match kiosk.face() {
        Face::Closed { reason, .. } => reason.zh,
        other => panic!("{other:?}"),
    };
    assert_eq!(closed(&kiosk), "今日营业已结束");
    kiosk.hear([Msg::Hub(Update::Away("connection refused".into()))]);
    kiosk.at += Duration::from_secs(13 * 3600);
    assert_eq!(kiosk.model.shown(kiosk.at).time, "09:00");
    assert_eq!(closed(&kiosk), "今日尚未开始营业");
}

#[test]
fn between_the_hours_the_kiosk_says_so() {
    let check = |clock: &str, expect: Option<Notice>| {
        let kiosk = Kiosk::new(VILLAGE, clock, None);
        assert_eq!(kiosk.model.shown(kiosk.at).notice, expect, "{clock}");
    };
    check("09:00", None);
    check("13:00", Some(Notice::NoNumbers(Words::new("现在不在取号时间", "Closed right now"))));
}

#[test]
fn a_number_that_cannot_be_had_is_explained() {
    let refused =
        ClientError::Refused(Box::new(Problem::new(409, "service_closed", "closed", "该业务不在办理时间内")));
    for (error, expect) in [
        (refused, "该业务不在办理时间内"),
        (ClientError::Away("no answer".into()), "暂时无法取号，请稍候再试"),
        (ClientError::Unreadable("HTML".into()), "暂时无法取号，请稍候再试"),
    ] {
        let mut kiosk = Kiosk::new(TOWNSHIP, "09:00", Some(Status::Ready));
        kiosk.touch(open_department("police"));
        kiosk.order("household");
        kiosk.hear([Msg::Issued(Box::new(Err(error)))]);
        assert_eq!(kiosk.message().unwrap().what.zh, expect);
        assert!(kiosk.touch(Touch::TakeNumber("household".into())).is_empty(), "the message comes first");
        kiosk.touch(Touch::Back);
        assert!(matches!(kiosk.face(), Face::Services { .. }), "back to where the citizen was");
        kiosk.take("household");
    }
}

#[test]
fn a_full_service_is_closed_until_the_next_working_day() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "15:00", None);
    kiosk.hall.crowd("household", 4);
    let stop = kiosk.hall.run(Command::StopIssuing { service: "household".into() });
    kiosk.hear(kiosk.hall.greeting());
    kiosk.hear(stop);
    let tiles = kiosk.tiles("police");
    check(&tiles[0], false, "今日已满", NEXT_DAY);
    assert_eq!(tiles[0].status.en, "Full today");
    assert_eq!(tiles[0].detail.en, "Numbers again on Tue 24 Nov from 08:30");
    check(&tiles[1], true, "无人等候", "暂无窗口开放");
    check_touch(&mut kiosk, "household", "今日已满，再取号可能办理不完", NEXT_DAY);

    let resume = kiosk.hall.run(Command::ResumeIssuing { service: "household".into() });
    kiosk.hear(resume);
    check(&kiosk.tiles("police")[0], true, "等候 4 人", "暂无窗口开放");
    kiosk.take("household");
}

#[test]
fn a_service_that_filled_up_meanwhile_is_refused_with_the_hubs_words() {
    let mut kiosk = Kiosk::new(TOWNSHIP, "15:00", None);
    kiosk.touch(open_department("police"));
    let unheard = kiosk.hall.run(Command::StopIssuing { service: "household".into() });
    kiosk.is_refused("household");
    check_message(&mut kiosk, "今日已满，请明日再来或预约", NEXT_DAY);
    kiosk.hear(unheard);
    check(&kiosk.tiles("police")[0], false, "今日已满", NEXT_DAY);
}

#[test]
fn a_quota_once_reached_closes_the_service_until_its_band_ends() {
    let plan = with_quotas(&[("08:30-12:00", 1), ("13:30-17:30", 1)]);
    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "09:00", plan), None);
    kiosk.take("household");
    kiosk.touch(Touch::Back);
    check(&kiosk.tiles("police")[0], true, "等候 1 人", "暂无窗口开放");
    kiosk.is_refused("household");
    let message = kiosk.message().unwrap();
    assert_eq!(message.what.en, "All numbers for 08:30-12:00 have been taken.");
    assert_eq!(message.todo.en, "Numbers again today from 13:30");
    let reached = "08:30-12:00 的 1 个号已取完";
    check_message(&mut kiosk, reached, "请于今日 13:30 起取号");
    check(&kiosk.tiles("police")[0], false, "本时段已满", "请于今日 13:30 起取号");
    check_touch(&mut kiosk, "household", reached, "请于今日 13:30 起取号");

    let go_on_to = |kiosk: &mut Kiosk, clock: &str| {
        kiosk.hall.now = format!("2026-11-23T{clock}:00+08:00").parse().unwrap();
        kiosk.hear([Msg::Hub(Update::Tick(kiosk.hall.now))]);
    };
    go_on_to(&mut kiosk, "12:00");
    check(&kiosk.tiles("police")[0], false, "不在办理时间", "08:30-12:00, 13:30-17:30");
    go_on_to(&mut kiosk, "13:30");
    kiosk.tiles("police");
    kiosk.take("household");
    kiosk.touch(Touch::Back);
    kiosk.touch(open_department("police"));
    kiosk.is_refused("household");
    check_message(&mut kiosk, "13:30-17:30 的 1 个号已取完", NEXT_DAY);
    check(&kiosk.tiles("police")[0], false, "今日已满", NEXT_DAY);
}

#[test]
fn of_several_quotas_the_one_that_was_reached_counts() {
    let plan = with_quotas(&[("08:30-17:30", 9), ("08:30-10:00", 1)]);
    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "09:00", plan), None);
    kiosk.touch(open_department("police"));
    kiosk.hall.crowd("household", 1);
    kiosk.hear(kiosk.hall.greeting());
    kiosk.is_refused("household");
    check_message(&mut kiosk, "08:30-10:00 的 1 个号已取完", "请于今日 10:00 起取号");
}

#[test]
fn another_plan_may_have_other_quotas() {
    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "09:00", with_quotas(&[("08:30-17:30", 1)])), None);
    kiosk.take("household");
    kiosk.touch(Touch::Back);
    kiosk.tiles("police");
    kiosk.is_refused("household");
    assert!(!kiosk.tiles("police")[0].open);
    kiosk.hear([Msg::Hub(Update::Plan(kiosk.hall.plan().clone()))]);
    assert!(kiosk.tiles("police")[0].open, "until the hub refuses again");
}

#[test]
fn on_a_day_off_the_hall_rests() {
    let off = |plan: &mut Plan| {
        let off = ["2026-11-23", "2026-11-24"].map(|day| day.parse().unwrap()).to_vec();
        plan.calendar = Some(Calendar { off, ..Calendar::default() });
    };
    let when = Words::new("请于 11月25日（周三）08:30 起取号", "Numbers again on Wed 25 Nov from 08:30");
    for clock in ["06:00", "10:00", "20:00"] {
        let kiosk = Kiosk::of(TestHall::with(TOWNSHIP, clock, off), None);
        let reason = Words::new("今日休息", "Closed today");
        assert_eq!(kiosk.face(), Face::Closed { reason: reason.clone(), when: when.clone() }, "{clock}");
        assert_eq!(kiosk.model.shown(kiosk.at).hours, reason, "{clock}");
    }

    // A calendar that comes when the day has begun.
    let mut kiosk = Kiosk::new(TOWNSHIP, "10:00", None);
    let mut plan = (**kiosk.hall.plan()).clone();
    off(&mut plan);
    kiosk.hear([Msg::Hub(Update::Plan(plan.into()))]);
    let Face::Departments(tiles) = kiosk.face() else { panic!("{:?}", kiosk.face()) };
    assert!(tiles.iter().all(|tile| !tile.open && tile.status.zh == "今日休息"), "{tiles:?}");
    check(&kiosk.tiles("police")[0], false, "今日休息", &when.zh);
    check_touch(&mut kiosk, "household", "大厅今日休息", &when.zh);
}

#[test]
fn late_hours_are_hours() {
    let late = |plan: &mut Plan| {
        let hours = "17:30-18:30".parse().unwrap();
        plan.services[0].late_hours = vec![LateHours { days: vec![Weekday::Mon], hours }];
        plan.hall.late_hours = vec![LateHours { days: vec![Weekday::Tue], hours }];
    };
    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "18:00", late), None);
    assert_eq!(kiosk.model.shown(kiosk.at).hours.zh, "取号时间 08:30-12:00, 13:30-17:30", "late tomorrow");
    let tiles = kiosk.tiles("party-masses");
    check(&tiles[0], true, "无人等候", "暂无窗口开放");
    check(&tiles[1], false, "不在办理时间", "08:30-12:00, 13:30-17:30");
    check_touch(&mut kiosk, "party-membership", "该业务不在办理时间内", NEXT_DAY);
    kiosk.take("general-enquiries");

    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "07:30", late), None);
    check(&kiosk.tiles("party-masses")[0], false, "不在办理时间", "08:30-18:30");
}

#[test]
fn a_department_says_what_is_true_of_all_its_services() {
    let check = |clock: &str, full: &[&str], expect: (bool, &str)| {
        let mut kiosk = Kiosk::new(TOWNSHIP, clock, None);
        for service in full {
            let stop = kiosk.hall.run(Command::StopIssuing { service: (*service).into() });
            kiosk.hear(stop);
        }
        let Face::Departments(tiles) = kiosk.face() else { panic!() };
        let police = tiles.iter().find(|tile| tile.id.as_str() == "police").unwrap();
        assert_eq!((police.open, police.status.zh.as_str()), expect, "{clock} {full:?}");
    };
    check("10:00", &["household"], (true, "无人等候"));
    check("10:00", &["household", "id-card"], (false, "今日已满"));
    check("12:30", &["household", "id-card"], (false, "今日已满"));
    check("12:30", &["household"], (false, "现在不能取号"));
    check("12:30", &[], (false, "不在办理时间"));
}

#[test]
fn a_refusal_says_what_to_do() {
    let check = |code: &str, what: &str, en: &str, todo: &str| {
        let mut kiosk = Kiosk::new(TOWNSHIP, "10:00", None);
        kiosk.touch(open_department("police"));
        kiosk.order("household");
        let problem = Box::new(Problem::new(409, code, "for technicians", what));
        kiosk.hear([Msg::Issued(Box::new(Err(ClientError::Refused(problem))))]);
        assert_eq!(kiosk.message().unwrap().what.en, en);
        check_message(&mut kiosk, what, todo);
    };
    let staff = "需要帮助，请询问工作人员";
    check(
        "person_required",
        "该业务实行实名取号，请出示证件",
        "A number for this service needs your ID.",
        "请持证件到工作人员处取号",
    );
    check("day_off", "2026-11-23 大厅不办公", "The hall is closed today.", NEXT_DAY);
    check("quota_reached", "号已取完", "All numbers for now have been taken.", staff);
    check("some_later_code", "另有原因", "for technicians", staff);
}

#[test]
fn a_real_name_service_asks_for_the_document() {
    let real_name = |plan: &mut Plan| plan.services.iter_mut().for_each(|service| service.real_name = true);
    let mut kiosk = Kiosk::of(TestHall::with(TOWNSHIP, "10:00", real_name), None);
    kiosk.touch(open_department("police"));
    kiosk.is_refused("household");
    check_message(&mut kiosk, "该业务实行实名取号，请出示证件", "请持证件到工作人员处取号");
}
