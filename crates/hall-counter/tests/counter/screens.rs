//! The window itself, pressed by its labels and keys and looked at, with the real rules of a hall behind it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use hall_client::Update;
use hall_core::{Command, CounterNumber, CounterState};
use hall_counter::action::Order;
use hall_counter::bind::{Binding, CounterWindow, bind};
use hall_counter::model::{Model, Msg};
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::hall::{COUNTER, TestHall};

/// The size of the window when it is not told another.
const USUAL: (u32, u32) = (520, 760);

struct Desk {
    hall: TestHall,
    window: CounterWindow,
    binding: Binding,
    orders: Rc<RefCell<Vec<Order>>>,
    at: Rc<Cell<Instant>>,
}

impl Desk {
    /// A window that has not heard of the hub yet.
    fn unconnected(counter: CounterNumber, lang: Lang, (width, height): (u32, u32)) -> Self {
        testing::init();
        let window = CounterWindow::new().unwrap();
        let (orders, at) = (Rc::<RefCell<Vec<Order>>>::default(), Rc::new(Cell::new(Instant::now())));
        let model = Model::new(counter, lang, at.get());
        let (sent, clock) = (orders.clone(), at.clone());
        let binding = bind(&window, model, move |order| sent.borrow_mut().push(order), move || clock.get());
        testing::open(&window, width, height);
        lang.select();
        Self { hall: TestHall::new(), window, binding, orders, at }
    }

    fn new(lang: Lang, size: (u32, u32)) -> Self {
        let desk = Self::unconnected(COUNTER, lang, size);
        desk.hear(desk.hall.greeting());
        desk
    }

    /// Open, with a mixed line of citizens, the first of them here for 12 minutes.
    fn open_with_citizens(lang: Lang, size: (u32, u32)) -> Self {
        let mut desk = Self::new(lang, size);
        for (service, class, before) in [
            ("transfer", "ordinary", 0),
            ("transfer", "elderly", 95),
            ("mortgage", "ordinary", 40),
            ("inheritance", "infant", 130),
            ("transfer", "ordinary", 12),
            ("inheritance", "ordinary", 61),
            ("mortgage", "disabled", 33),
            ("transfer", "ordinary", 27),
            ("mortgage", "elderly", 110),
            ("transfer", "ordinary", 9),
        ] {
            desk.pass(Duration::from_secs(before));
            let issued = desk.hall.issue(service, class);
            desk.hear(issued);
        }
        desk.pass(Duration::from_secs(203));
        desk.key(Key::F2);
        desk
    }

    fn hear(&self, updates: impl IntoIterator<Item = Update>) {
        updates.into_iter().for_each(|update| self.binding.handle(Msg::Heard(update)));
    }

    fn click(&mut self, label: &str) {
        testing::click(&self.window, label);
        self.answer();
    }

    fn key(&mut self, key: impl Into<slint::SharedString>) {
        testing::press_key(&self.window, key);
        self.answer();
    }

    /// The hall carries out what was ordered and tells of it; later changes of the view follow.
    fn answer(&mut self) {
        for order in self.orders.take() {
            let (answer, updates) = self.hall.order(&order);
            assert!(answer.is_ok(), "{order:?}: {answer:?}");
            self.binding.handle(Msg::Answered(answer));
            self.hear(updates);
        }
        self.pass(Duration::from_secs(1));
    }

    fn pass(&mut self, time: Duration) {
        self.at.set(self.at.get() + time);
        self.hall.pass(time);
        self.binding.handle(Msg::Clock);
        testing::advance(Duration::ZERO);
    }

    #[track_caller]
    fn assert_enabled(&self, expect: &[&str]) {
        let buttons = ["开窗", "叫号", "重呼", "开始办理", "办结", "过号", "转移", "暂停", "关窗"];
        let enabled: Vec<_> =
            buttons.into_iter().filter(|label| testing::enabled(&self.window, label)).collect();
        assert_eq!(enabled, expect);
    }

    #[track_caller]
    fn assert_shows(&self, text: &str) {
        assert!(testing::find(&self.window, text), "no {text:?} in {:?}", testing::labels(&self.window));
    }

    fn state(&self) -> CounterState {
        self.hall.state()
    }
}

#[test]
fn a_day_by_mouse() {
    let mut desk = Desk::new(Lang::Zh, USUAL);
    desk.assert_enabled(&["开窗"]);
    desk.click("开窗");
    desk.assert_enabled(&["暂停", "关窗"]);
    desk.assert_shows("无人等候");
    let issued = [desk.hall.issue("transfer", "elderly"), desk.hall.issue("transfer", "ordinary")];
    desk.hear(issued.into_iter().flatten());
    desk.assert_enabled(&["叫号", "暂停", "关窗"]);

    desk.click("叫号");
    desk.assert_shows("A001");
    desk.assert_shows("叫号依据：老年人优先，按提前 20 分钟到达计");
    desk.assert_enabled(&["重呼", "开始办理", "过号", "转移"]);
    desk.click("重呼");
    desk.click("重呼");
    desk.assert_shows("已叫 3 / 3");
    desk.assert_enabled(&["开始办理", "过号", "转移"]);
    desk.click("过号");

    desk.click("叫号");
    desk.click("开始办理");
    desk.assert_enabled(&["办结", "转移"]);
    desk.click("办结");
    desk.click("暂停");
    desk.assert_enabled(&[]);
    desk.click("午休");
    desk.assert_enabled(&["开窗", "关窗"]);
    desk.click("关窗");
    desk.assert_enabled(&["开窗"]);
}

#[test]
fn a_day_by_keyboard() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    let mut check = |keys: &[Key], expect: fn(&CounterState) -> bool| {
        keys.iter().for_each(|key| desk.key(*key));
        let state = desk.state();
        assert!(expect(&state), "{keys:?} led to {state:?}");
    };
    let idle = |state: &CounterState| *state == CounterState::Idle;
    let calling = |state: &CounterState| matches!(state, CounterState::Calling { .. });
    let serving = |state: &CounterState| matches!(state, CounterState::Serving { .. });
    check(&[Key::F8, Key::F7, Key::F6], idle);
    check(&[Key::F5], calling);
    check(&[Key::F6], |state| matches!(state, CounterState::Calling { calls: 2, .. }));
    check(&[Key::F12, Key::F11, Key::F2], calling);
    check(&[Key::F7], serving);
    check(&[Key::F8], idle);
    check(&[Key::Return], calling);
    check(&[Key::Space], serving);
    check(&[Key::F10, Key::Escape], serving);
    check(&[Key::F10, Key::DownArrow, Key::Return], idle);
    check(&[Key::F5, Key::F9], idle);
    check(&[Key::F11, Key::Escape, Key::F11], idle);
    check(&[Key::F12], idle);
    desk.key("2");
    assert_eq!(desk.state(), CounterState::Paused { reason: "系统维护".into() });
    desk.key(Key::F12);
    desk.key(Key::F2);
    assert_eq!(desk.state(), CounterState::Idle);
}

#[test]
fn a_focused_button_takes_the_keyboard_and_gives_it_back() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    desk.key(Key::F5);
    desk.key(Key::Tab);
    desk.key(Key::Tab);
    desk.key(Key::Space);
    assert!(matches!(desk.state(), CounterState::Calling { calls: 2, .. }), "重呼 has the focus");
    desk.key(Key::Space);
    desk.key(Key::Space);
    assert!(
        matches!(desk.state(), CounterState::Serving { .. }),
        "重呼 is over; the large button has it again"
    );
    desk.key(Key::F8);
    assert_eq!(desk.state(), CounterState::Idle);
}

#[test]
fn typing_finds_a_service_to_transfer_to() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    desk.key(Key::F5);
    desk.click("转移");
    desk.assert_shows("税务局");
    "公积金".chars().for_each(|c| desk.key(c));
    assert!(!testing::find(&desk.window, "税务局"));
    desk.click("公积金贷款");
    testing::assert_snapshot(&desk.window, "transfer-found");
    desk.click("确认转移");
    assert_eq!(desk.state(), CounterState::Idle);
    let ticket = desk.hall.waiting_for("loan");
    assert_eq!(ticket, ["B002"]);
}

#[test]
fn a_reason_of_ones_own_is_typed() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    desk.click("暂停");
    desk.key(Key::Tab);
    for _ in 0..3 {
        desk.key(Key::Tab);
    }
    desk.key(Key::Tab);
    "第1会议室开会".chars().for_each(|c| desk.key(c));
    desk.click("确认暂停");
    assert_eq!(desk.state(), CounterState::Paused { reason: "第1会议室开会".into() });
}

#[test]
fn away_says_so_and_locks_every_button() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    desk.key(Key::F5);
    desk.hear([Update::Away("connection refused".into())]);
    desk.pass(Duration::from_secs(42));
    desk.assert_enabled(&[]);
    desk.assert_shows("与主机的连接中断，正在重连");
    desk.assert_shows("B002");
    testing::assert_snapshot(&desk.window, "away");
    desk.hear(desk.hall.greeting());
    desk.pass(Duration::ZERO);
    desk.assert_enabled(&["重呼", "开始办理", "过号", "转移"]);
    assert!(!testing::find(&desk.window, "与主机的连接中断，正在重连"));
}

#[test]
fn a_counter_that_is_not_in_the_plan_says_so() {
    let desk = Desk::unconnected(CounterNumber(999), Lang::Zh, USUAL);
    desk.hear(desk.hall.greeting());
    testing::advance(Duration::ZERO);
    desk.assert_shows("方案中没有 999 号窗口");
    desk.assert_enabled(&[]);
    testing::assert_snapshot(&desk.window, "not-in-plan");
}

#[test]
fn a_refusal_is_shown() {
    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    let closed_elsewhere = desk.hall.command(&Command::CloseCounter { counter: COUNTER }).unwrap();
    testing::click(&desk.window, "叫号");
    let (answer, _) = desk.hall.order(&desk.orders.take()[0]);
    desk.binding.handle(Msg::Answered(answer));
    desk.hear(closed_elsewhere);
    desk.pass(Duration::ZERO);
    desk.assert_shows("1 号窗口未开放，请先开窗");
    desk.assert_enabled(&["开窗"]);
    testing::assert_snapshot(&desk.window, "refused");
}

#[test]
fn every_state_looks_as_stored() {
    let desk = Desk::unconnected(COUNTER, Lang::Zh, USUAL);
    testing::assert_snapshot(&desk.window, "connecting");
    desk.hear(desk.hall.greeting());
    testing::assert_snapshot(&desk.window, "closed");

    let mut desk = Desk::new(Lang::Zh, USUAL);
    desk.click("开窗");
    testing::assert_snapshot(&desk.window, "idle-nobody");

    let mut desk = Desk::open_with_citizens(Lang::Zh, USUAL);
    testing::assert_snapshot(&desk.window, "idle");
    desk.click("叫号");
    desk.pass(Duration::from_secs(35));
    desk.click("重呼");
    testing::assert_snapshot(&desk.window, "calling");
    desk.click("转移");
    testing::assert_snapshot(&desk.window, "transfer");
    desk.click("取消");
    desk.click("开始办理");
    desk.pass(Duration::from_secs(4 * 60 + 7));
    testing::assert_snapshot(&desk.window, "serving");
    desk.click("办结");
    desk.click("暂停");
    testing::assert_snapshot(&desk.window, "pause");
    desk.click("午休");
    desk.pass(Duration::from_secs(600));
    testing::assert_snapshot(&desk.window, "paused");
}

#[test]
fn other_sizes_and_english_look_as_stored() {
    for (lang, size, name) in [
        (Lang::Zh, (420, 640), "calling-420x640"),
        (Lang::Zh, (1024, 768), "calling-1024x768"),
        (Lang::En, USUAL, "calling-en"),
    ] {
        let mut desk = Desk::open_with_citizens(lang, size);
        desk.key(Key::F5);
        desk.key(Key::F7);
        desk.key(Key::F8);
        desk.key(Key::F5);
        testing::assert_snapshot(&desk.window, name);
        desk.key(Key::F10);
        desk.key(Key::DownArrow);
        testing::assert_snapshot(&desk.window, &format!("transfer-{}", name.trim_start_matches("calling-")));
    }
}
