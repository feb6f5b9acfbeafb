//! The window itself, with the real rules of a hall behind it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use hall_client::Update;
use hall_core::plan::HelpWhen;
use hall_core::{Command, CounterNumber, CounterState, Destination, StaffId, Wish};
use hall_counter::action::Order;
use hall_counter::bind::{Binding, CounterWindow, bind};
use hall_counter::model::{Model, Msg};
use hall_ui::{Lang, testing};
use slint::platform::{Key, PointerEventButton, WindowEvent};
use slint::{ComponentHandle as _, LogicalPosition, SharedString};

use crate::hall::{COUNTER, TestHall};

/// The size of the window when it is not told another.
pub const USUAL: (u32, u32) = (520, 760);

pub struct Terminal {
    pub hall: TestHall,
    pub window: CounterWindow,
    pub binding: Binding,
    pub orders: Rc<RefCell<Vec<Order>>>,
    at: Rc<Cell<Instant>>,
}

impl Terminal {
    /// A window that has not heard of the hub yet.
    pub fn unconnected(counter: CounterNumber, lang: Lang, size: (u32, u32)) -> Self {
        Self::started(counter, None, lang, size)
    }

    fn started(counter: CounterNumber, staff: Option<&str>, lang: Lang, (width, height): (u32, u32)) -> Self {
        testing::init();
        let window = CounterWindow::new().unwrap();
        let (orders, at) = (Rc::<RefCell<Vec<Order>>>::default(), Rc::new(Cell::new(Instant::now())));
        let model = Model::new(counter, staff.map(StaffId::from), lang, at.get());
        let (sent, clock) = (orders.clone(), at.clone());
        let binding = bind(&window, model, move |order| sent.borrow_mut().push(order), move || clock.get());
        testing::open(&window, width, height);
        lang.select();
        Self { hall: TestHall::new(), window, binding, orders, at }
    }

    pub fn new(lang: Lang, size: (u32, u32)) -> Self {
        let terminal = Self::unconnected(COUNTER, lang, size);
        terminal.hear(terminal.hall.greeting());
        terminal
    }

    /// Open, with a mixed line of citizens, the first of them here for 12 minutes.
    pub fn open_with_citizens(lang: Lang, size: (u32, u32)) -> Self {
        let mut terminal = Self::new(lang, size);
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
            terminal.pass(Duration::from_secs(before));
            let issued = terminal.hall.issue(service, class);
            terminal.hear(issued);
        }
        terminal.pass(Duration::from_secs(203));
        terminal.key(Key::F2);
        terminal
    }

    /// Open with 1024 signed in, and everything at once: people sent here, helped, with appointments, needs and routes;
    /// other counters open, busy and paused.
    pub fn under_way(lang: Lang, size: (u32, u32)) -> Self {
        let mut terminal = Self::started(COUNTER, Some("1024"), lang, size);
        let hall = &mut terminal.hall;
        hall.open_other(1, "1024");
        hall.open_other(3, "3003");
        for to in [Destination::Counter(COUNTER), Destination::Staff(StaffId::from("1024"))] {
            hall.issue("home-tax", "elderly");
            let counter = CounterNumber(3);
            for command in [Command::CallNext { counter }, Command::Transfer { counter, to }] {
                hall.command(&command).unwrap();
            }
        }
        hall.open_other(2, "2002");
        hall.issue("search", "ordinary");
        hall.command(&Command::CallNext { counter: CounterNumber(2) }).unwrap();
        hall.open_other(4, "4004");
        let lunch = Command::PauseCounter { counter: CounterNumber(4), reason: "午休".into() };
        hall.command(&lunch).unwrap();
        let when = HelpWhen::WaitedOverMin(10);
        let help = Command::HelpService { counter: COUNTER, service: "withdrawal".into(), when };
        hall.command(&help).unwrap();
        hall.pass(Duration::from_secs(60));
        hall.issue("withdrawal", "ordinary");
        hall.check_in("mortgage", "09:45", "low");
        let (needs, then) = (vec!["low".into(), "writes".into()], vec!["home-tax".into(), "search".into()]);
        hall.issue_wish(Wish { needs, then, ..Wish::new("inheritance", "infant") });
        hall.pass(Duration::from_secs(200));
        ["transfer", "transfer", "mortgage"]
            .into_iter()
            .for_each(|service| _ = hall.issue(service, "ordinary"));
        terminal.hear(terminal.hall.greeting());
        terminal.pass(Duration::from_secs(260));
        terminal
    }

    pub fn hear(&self, updates: impl IntoIterator<Item = Update>) {
        updates.into_iter().for_each(|update| self.binding.handle(Msg::Heard(update)));
    }

    pub fn click(&mut self, label: &str) {
        testing::click(&self.window, label);
        self.answer();
    }

    /// A finger at this place of the window.
    pub fn touch(&mut self, x: f32, y: f32) {
        let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
        self.window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
        self.window.window().dispatch_event(WindowEvent::PointerReleased { position, button });
        testing::advance(Duration::ZERO);
        self.answer();
    }

    pub fn key(&mut self, key: impl Into<SharedString>) {
        testing::press_key(&self.window, key);
        self.answer();
    }

    pub fn keys(&mut self, keys: &[Key]) {
        keys.iter().for_each(|key| self.key(*key));
    }

    pub fn write(&mut self, text: &str) {
        text.chars().for_each(|c| self.key(c));
    }

    /// The key while Ctrl is held down.
    pub fn ctrl(&mut self, key: impl Into<SharedString>) {
        let control = SharedString::from(Key::Control);
        self.window.window().dispatch_event(WindowEvent::KeyPressed { text: control.clone() });
        self.key(key);
        self.window.window().dispatch_event(WindowEvent::KeyReleased { text: control });
    }

    /// The numbers that wait for a service, next first.
    pub fn waiting_for(&self, service: &str) -> Vec<String> {
        self.hall.waiting_for(service)
    }

    /// The number at the counter.
    #[track_caller]
    pub fn number(&self) -> String {
        self.hall.number_at().unwrap_or_else(|| panic!("nobody is at the counter: {:?}", self.state()))
    }

    /// The hall carries out what was ordered and tells of it; later changes of the view follow.
    pub fn answer(&mut self) {
        for order in self.orders.take() {
            let (answer, updates) = self.hall.order(&order);
            assert!(answer.is_ok(), "{order:?}: {answer:?}");
            self.binding.handle(Msg::Answered(answer));
            self.hear(updates);
        }
        self.pass(Duration::from_secs(1));
    }

    /// The hall refuses what was ordered.
    pub fn refuse(&mut self) {
        for order in self.orders.take() {
            let (answer, _) = self.hall.order(&order);
            assert!(answer.is_err(), "{order:?}: {answer:?}");
            self.binding.handle(Msg::Answered(answer));
        }
    }

    pub fn pass(&mut self, time: Duration) {
        self.at.set(self.at.get() + time);
        let due = self.hall.pass(time);
        self.hear(due);
        self.binding.handle(Msg::Clock);
        testing::advance(Duration::ZERO);
    }

    #[track_caller]
    pub fn assert_enabled(&self, expect: &[&str]) {
        let buttons = ["开窗", "叫号", "重呼", "开始办理", "办结", "过号", "转移", "暂停", "关窗"];
        let enabled: Vec<_> =
            buttons.into_iter().filter(|label| testing::enabled(&self.window, label)).collect();
        assert_eq!(enabled, expect);
    }

    #[track_caller]
    pub fn assert_shows(&self, text: &str) {
        assert!(testing::find(&self.window, text), "no {text:?} in {:?}", testing::labels(&self.window));
    }

    pub fn state(&self) -> CounterState {
        self.hall.state()
    }
}
