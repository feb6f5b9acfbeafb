//! The boards as pictures, each compared with the stored one.

use std::time::Duration;

use hall_client::Update;
use hall_core::{Command, CounterNumber};
use hall_ui::testing;

use super::*;
use crate::rehearsal::Rehearsal;

struct Shown {
    view: View,
    binding: Rc<RefCell<Binding>>,
}

impl Shown {
    fn new(zone: Option<&str>, width: u32, height: u32) -> Self {
        testing::init();
        let view = View::new().unwrap();
        let binding = bind(&view, zone.map(ZoneId::from), None);
        testing::open(&view, width, height);
        Self { view, binding }
    }

    fn hear(&self, updates: impl IntoIterator<Item = Update>) {
        for update in updates {
            self.binding.borrow_mut().handle(Msg::Hub { update, at: Instant::now() });
        }
        testing::advance(Duration::ZERO);
    }

    fn looks_as(&self, name: &str) {
        testing::assert_snapshot(&self.view, name);
    }
}

/// The city at its busiest: two of three counters open, and a morning's calls.
fn busy_city() -> Rehearsal {
    let mut hall = Rehearsal::open("city.toml");
    let services: Vec<_> = hall.plan.services.iter().map(|service| service.id.clone()).collect();
    services.iter().enumerate().for_each(|(index, service)| hall.issue(service.as_str(), index % 5));
    // In no order, so that the latest calls are of all zones.
    for number in (1..=231).map(|step| 1 + step * 100 % 231) {
        let counter = CounterNumber(number);
        hall.run(Command::OpenCounter { counter, staff: None });
        match number % 12 {
            3 => hall.run(Command::CloseCounter { counter }),
            5 => hall.run(Command::PauseCounter { counter, reason: "系统维护".into() }),
            7 => {}
            11 => hall.run(Command::PauseCounter {
                counter, reason: "工作人员临时离开，请稍候".into()
            }),
            _ => {
                hall.call_at(number);
                if number % 2 == 0 {
                    hall.run(Command::StartService { counter });
                }
            }
        }
    }
    hall
}

/// What a board shows that has followed the hall, a recall among its latest calls.
fn follow_calls(shown: &Shown, hall: &mut Rehearsal, counters: &[u16]) {
    shown.hear(hall.snapshot());
    let seq = hall.view.seq;
    for counter in counters {
        if hall.view.ticket_at(CounterNumber(*counter)).is_some() {
            let calling = matches!(
                hall.view.counter_state(CounterNumber(*counter)),
                hall_core::CounterState::Calling { .. }
            );
            if calling {
                hall.run(Command::Recall { counter: CounterNumber(*counter) });
                continue;
            }
            hall.run(Command::FinishService { counter: CounterNumber(*counter), ends_here: false });
        }
        hall.call_at(*counter);
    }
    shown.hear(hall.records_after(seq));
}

#[test]
fn the_whole_city() {
    let mut hall = busy_city();
    for (name, width, height) in [
        ("city", 1920, 1080),
        ("city-720", 1280, 720),
        ("city-4k", 3840, 2160),
        ("city-portrait", 1080, 1920),
    ] {
        let shown = Shown::new(None, width, height);
        follow_calls(&shown, &mut hall, &[128, 210, 8]);
        shown.looks_as(name);
        hall = busy_city();
    }
}

#[test]
fn a_zone_with_a_recall() {
    let mut hall = busy_city();
    let shown = Shown::new(Some("C"), 1920, 1080);
    let own: Vec<u16> =
        hall.plan.counters.iter().filter(|c| c.zone.as_str() == "C").map(|c| c.number.0).collect();
    let calling = own.iter().copied().find(|number| number % 12 == 1).unwrap();
    follow_calls(&shown, &mut hall, &[own[1] / 2 * 2 + 2, calling]);
    shown.looks_as("zone");
    assert!(testing::labels(&shown.view).iter().any(|label| label.ends_with("第2次呼叫")));
}

#[test]
fn a_township() {
    let mut hall = Rehearsal::open("township.toml");
    (1..=4).for_each(|counter| hall.call_at(counter));
    hall.run(Command::OpenCounter { counter: CounterNumber(5), staff: None });
    hall.run(Command::PauseCounter { counter: CounterNumber(5), reason: "午间轮休".into() });
    let shown = Shown::new(None, 1920, 1080);
    shown.hear(hall.snapshot());
    shown.looks_as("township");
}

#[test]
fn a_village() {
    let mut hall = Rehearsal::open("village.toml");
    let shown = Shown::new(None, 1920, 1080);
    hall.run(Command::OpenCounter { counter: CounterNumber(1), staff: None });
    shown.hear(hall.snapshot());
    shown.looks_as("village-before-any-call");
    for _ in 0..2 {
        hall.call_at(1);
        hall.serve_at(1);
    }
    follow_calls(&shown, &mut hall, &[1]);
    shown.looks_as("village");
}

#[test]
fn the_longest_numbers_fit() {
    let mut hall = Rehearsal::open("city.toml");
    let counter = CounterNumber(231);
    hall.run(Command::OpenCounter { counter, staff: None });
    let service = hall.plan.counter(counter).unwrap().services[0].clone();
    hall.issue(service.as_str(), 1000);
    for _ in 0..999 {
        hall.run(Command::CallNext { counter });
        hall.run(Command::NoShow { counter, timed: false });
    }
    for (name, width, height) in [("longest", 1920, 1080), ("longest-portrait", 1080, 1920)] {
        let shown = Shown::new(None, width, height);
        follow_calls(&shown, &mut hall, &[231]);
        shown.looks_as(name);
    }
}

#[test]
fn while_the_hub_is_away_what_is_known_stays() {
    let mut hall = busy_city();
    let shown = Shown::new(Some("A"), 1920, 1080);
    follow_calls(&shown, &mut hall, &[2, 4]);
    shown.hear([Update::Away("cable".into())]);
    shown.looks_as("away");
    assert!(testing::find(&shown.view, "正在重新连接"));
}

#[test]
fn outside_the_day_and_before_the_hub_is_heard() {
    let shown = Shown::new(None, 1920, 1080);
    shown.looks_as("connecting");

    let mut hall = Rehearsal::new("township.toml");
    shown.hear(hall.snapshot());
    shown.looks_as("not-open-yet");

    let day = hall.plan.date(hall.now);
    hall.run(Command::OpenDay { day });
    hall.call_at(1);
    hall.serve_at(1);
    hall.run(Command::CloseDay);
    let shown = Shown::new(None, 1920, 1080);
    shown.hear(hall.snapshot());
    shown.looks_as("closed");
}

#[test]
fn an_unknown_zone_is_told_with_those_there_are() {
    let shown = Shown::new(Some("9"), 1920, 1080);
    shown.hear(Rehearsal::open("city.toml").snapshot());
    shown.looks_as("unknown-zone");
}

#[test]
fn regions_and_calls_are_labelled() {
    let mut hall = Rehearsal::open("township.toml");
    let shown = Shown::new(None, 1920, 1080);
    follow_calls(&shown, &mut hall, &[3, 2]);
    let [newest, older] = [2, 3].map(|n| hall.view.ticket_at(CounterNumber(n)).unwrap().number.to_string());
    for label in [
        format!("请 {newest} 号到 2 号窗口"),
        format!("请 {older} 号到 3 号窗口"),
        "近期叫号".into(),
        "窗口".into(),
        "等候 0 人".into(),
    ] {
        assert!(testing::find(&shown.view, &label), "{label}: {:#?}", testing::labels(&shown.view));
    }
}
