//! The real view driven by touch and keys, with the real rules behind it; pictures of the main screens.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use hall_api::WaitForecast;
use hall_client::Update;
use hall_core::plan::Quota;
use hall_core::{Calendar, Command};
use hall_kiosk::Msg;
use hall_print::{Outcome, Status};
use hall_ui::testing;
use slint::platform::Key;
use support::floor::{Floor, PORTRAIT, busy_city};
use support::{CITY, TOWNSHIP, TestHall, VILLAGE};

#[test]
fn a_citizen_finds_the_way_from_department_to_number() {
    let mut floor = Floor::city(Some(Status::Ready));
    floor.hall.forecast = Some(WaitForecast { p50_min: 12, p90_min: 25 });
    floor.picture("start");
    floor.touch("不动产登记中心");
    floor.picture("services");
    floor.touch("二手房转移登记");
    let ticket = floor.answer();
    floor.expect("A013");
    floor.expect("A区 1楼 1-7、13-16号窗口");
    floor.expect("正在打印，请稍候取票");
    floor.slip(ticket, Outcome::Printed);
    floor.expect("请取走号票");
    floor.expect("约 12–25 分钟");
    floor.picture("ticket");
    floor.touch("English");
    floor.expect("about 12–25 min");
    floor.picture("ticket-english");
    floor.touch("Done");
    floor.expect("请选择部门");
}

#[test]
fn a_second_touch_takes_no_second_number() {
    let mut floor = Floor::city(None);
    floor.touch("税务局");
    floor.touch("涉税综合业务");
    floor.touch("涉税综合业务");
    floor.key(Key::Escape);
    assert!(!floor.shows("正在取号…"));
    testing::advance(Duration::from_millis(300));
    floor.expect("正在取号…");
    floor.picture("taking");
    floor.answer();
    assert!(!floor.shows("正在取号…"));
    floor.expect("请记住您的号码");
}

#[test]
fn before_the_first_connection_the_kiosk_asks_for_patience() {
    let floor = Floor::new(busy_city(), PORTRAIT, Some(Status::Ready));
    floor.expect("正在连接…");
    floor.picture("connecting");
    floor.hear(floor.hall.greeting());
    floor.expect("请选择部门");
}

#[test]
fn while_the_hub_is_away_the_tiles_stay_and_a_touch_is_answered_calmly() {
    let floor = Floor::city(Some(Status::NearEnd));
    floor.hear([Msg::Hub(Update::Away("connection refused".into()))]);
    floor.expect("连接中断，正在恢复");
    floor.picture("hub-away");
    floor.touch("税务局");
    floor.touch("涉税综合业务");
    floor.expect("暂时无法取号，请稍候再试");
    floor.picture("hub-away-message");
    floor.touch("知道了");
    floor.hear([Msg::Hub(Update::Tick(floor.hall.now))]);
    assert!(!floor.shows("连接中断，正在恢复"));
    assert!(floor.errands.borrow().is_empty());
}

#[test]
fn a_closed_service_says_when_it_is_open_and_takes_no_number() {
    let floor = Floor::connected(TestHall::at(CITY, "12:30"), PORTRAIT, None);
    floor.touch("不动产登记中心");
    floor.picture("services-closed");
    floor.touch("二手房转移登记");
    assert!(floor.errands.borrow().is_empty());
    floor.expect("该业务不在办理时间内");
    floor.expect("请于今日 13:30 起取号");
    floor.touch("知道了");
    floor.touch("不动产查询与证明");
    assert_eq!(floor.errands.borrow().len(), 1, "has hours of its own");
}

#[test]
fn a_full_service_offers_the_next_day() {
    let mut hall = TestHall::with(CITY, "15:30", |plan| {
        let quota = |hours: &str, tickets| Quota { hours: hours.parse().unwrap(), tickets };
        plan.services[3].quotas = vec![quota("08:30-12:00", 9), quota("12:00-17:30", 9)];
    });
    hall.open_counters(1..=18);
    let services: Vec<String> =
        hall.plan().services[..6].iter().map(|service| service.id.to_string()).collect();
    for (index, people) in [17, 8, 3, 9, 0, 2].into_iter().enumerate() {
        hall.crowd(&services[index], people);
    }
    for full in [0, 2] {
        hall.run(Command::StopIssuing { service: services[full].as_str().into() });
    }
    let mut floor = Floor::connected(hall, PORTRAIT, None);
    floor.touch("不动产登记中心");
    floor.touch("不动产查询与证明");
    assert_eq!(floor.answer(), None);
    floor.expect("12:00-17:30 的 9 个号已取完");
    floor.picture("quota-reached");
    floor.touch("知道了");
    floor.picture("services-full");
    floor.touch("二手房转移登记");
    floor.picture("full-message");
    floor.touch("知道了");
    floor.touch("English");
    floor.picture("services-full-english");
    floor.touch("Resale home title transfer");
    floor.expect("Numbers again on Tue 24 Nov from 09:00");
    floor.picture("full-message-english");
    assert!(floor.errands.borrow().is_empty());
}

#[test]
fn on_a_day_off_the_kiosk_names_the_next_working_day() {
    let hall = TestHall::with(CITY, "10:00", |plan| {
        let off = ["2026-11-23", "2026-11-24"].map(|day| day.parse().unwrap()).to_vec();
        plan.calendar = Some(Calendar { off, ..Calendar::default() });
    });
    let floor = Floor::connected(hall, PORTRAIT, None);
    floor.expect("今日休息");
    floor.expect("请于 11月25日（周三）09:00 起取号");
    floor.picture("day-off");
    floor.touch("English");
    floor.picture("day-off-english");
}

#[test]
fn a_service_closed_meanwhile_is_refused_with_words() {
    let mut floor = Floor::connected(TestHall::at(VILLAGE, "11:59"), PORTRAIT, None);
    floor.hall.now = floor.hall.now.plus_ms(60_000);
    floor.touch("开具证明");
    assert_eq!(floor.answer(), None);
    floor.expect("该业务不在办理时间内");
    floor.key(Key::Escape);
    floor.expect("请选择业务");
}

#[test]
fn after_the_day_the_kiosk_rests() {
    let floor = Floor::connected(TestHall::at(CITY, "20:00"), PORTRAIT, None);
    floor.expect("今日营业已结束");
    floor.picture("day-closed");
}

#[test]
fn the_language_changes_with_one_touch_and_back_by_itself() {
    let floor = Floor::city(None);
    floor.touch("English");
    floor.expect("Choose a department");
    floor.picture("start-english");
    floor.touch("Real Estate Registration");
    floor.touch("Back");
    for _ in 0..30 {
        testing::advance(Duration::from_secs(1));
    }
    floor.expect("English");
    assert!(testing::enabled(floor.kiosk.window(), "不动产登记中心"));
}

#[test]
fn every_department_is_on_one_of_the_pages() {
    for (size, pages) in [(PORTRAIT, 4), ((1080, 1080), 9), ((1366, 768), 5), ((800, 1280), 5)] {
        let floor = Floor::connected(busy_city(), size, None);
        let mut unseen: Vec<String> =
            floor.hall.plan().departments.iter().map(|department| department.name.clone()).collect();
        for page in 1..=pages {
            floor.expect(&format!("{page} / {pages}"));
            unseen.retain(|name| !floor.shows(name));
            floor.touch("下一页");
        }
        assert!(unseen.is_empty(), "{size:?}: {unseen:?}");
    }
}

#[test]
fn everything_can_be_done_with_keys() {
    let mut floor = Floor::connected(TestHall::at(TOWNSHIP, "09:00"), PORTRAIT, None);
    // Past the language; one row down in two columns, and right.
    for key in [Key::Tab, Key::Tab, Key::DownArrow, Key::RightArrow, Key::Return] {
        floor.key(key);
    }
    floor.expect("医保服务站");
    for key in [Key::Escape, Key::RightArrow, Key::DownArrow, Key::Return] {
        floor.key(key);
    }
    floor.expect("党组织关系接转");
    for key in [Key::Tab, Key::Tab, Key::DownArrow, Key::Return] {
        floor.key(key);
    }
    floor.answer();
    floor.expect("D001");
    floor.key(Key::Escape);
    floor.expect("请选择部门");
}

#[test]
fn every_screen_fits_every_size() {
    for (width, height) in [(1080, 1080), (1366, 768), (800, 1280)] {
        let picture = |floor: &Floor, name: &str| floor.picture(&format!("{name}-{width}x{height}"));
        let mut floor = Floor::connected(busy_city(), (width, height), Some(Status::PaperOut));
        floor.hall.forecast = Some(WaitForecast { p50_min: 115, p90_min: 205 });
        picture(&floor, "start");
        floor.touch("不动产登记中心");
        picture(&floor, "services");
        floor.touch("二手房转移登记");
        floor.answer();
        picture(&floor, "ticket");
        floor.touch("English");
        picture(&floor, "ticket-english");
    }
}
