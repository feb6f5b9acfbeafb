//! Between the model and the window: with its part below, the only place that touches generated code.

mod show;
mod slips;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use hall_core::PAUSE_REASON_CHARS_MAX;
use slint::{ComponentHandle as _, Global as _, Timer, TimerMode};

use crate::action::{Action, Order};
use crate::dialog::Answer;
use crate::list::{RowAction, Step, Tab};
use crate::model::{Effect, Model, Msg};
use crate::screen::{DialogShown, ListLine, PAUSE_REASONS, Screen};
use crate::transfer::To;
use show::Lists;
use slips::Printers;

mod view {
    #![allow(clippy::all, clippy::todo, clippy::unwrap_used)] // Generated code.
    slint::include_modules!();
}
pub use view::CounterWindow;
use view::{CounterModel, SlipModel};

/// Often enough for a clock with seconds to look even.
const CLOCK_PERIOD: Duration = Duration::from_millis(250);

/// A window and its model. Cheap to clone; the window itself does not keep it alive.
#[derive(Clone)]
pub struct Binding(Rc<RefCell<Bound>>);

struct Bound {
    window: slint::Weak<CounterWindow>,
    model: Model,
    shown: Option<Screen>,
    lists: Lists,
    printers: Printers,
    send: Box<dyn Fn(Order)>,
    now: Box<dyn Fn() -> Instant>,
    _clock: Timer,
}

/// Connects `window` with `model`; orders go to `send`, and `now` tells the time of every message.
pub fn bind(
    window: &CounterWindow,
    model: Model,
    send: impl Fn(Order) + 'static,
    now: impl Fn() -> Instant + 'static,
) -> Binding {
    let global = CounterModel::get(window);
    let lists = Lists::default();
    lists.give_to(&global);
    let printers = Printers::default();
    printers.give_to(&SlipModel::get(window));
    global.set_reason_chars_max(PAUSE_REASON_CHARS_MAX as i32);
    global.set_pause_reasons(show::pause_reasons(model.lang));
    let clock = Timer::default();
    let bound = Bound {
        window: window.as_weak(),
        model,
        shown: None,
        lists,
        printers,
        send: Box::new(send),
        now: Box::new(now),
        _clock: Timer::default(),
    };
    let binding = Binding(Rc::new(RefCell::new(bound)));
    let tick = binding.sender();
    clock.start(TimerMode::Repeated, CLOCK_PERIOD, move || tick(Msg::Clock));
    binding.0.borrow_mut()._clock = clock;
    binding.listen(&global);
    binding.listen_to_lists(&global);
    binding.listen_to_dialogs(&global);
    binding.listen_to_printers(&SlipModel::get(window));
    binding.handle(Msg::Clock);
    binding
}

impl Binding {
    /// Gives the model a message and shows what it makes of it.
    pub fn handle(&self, message: Msg) {
        let mut bound = self.0.borrow_mut();
        let now = (bound.now)();
        let effects = bound.model.update(message, now);
        bound.show();
        for Effect::Ask(order) in effects {
            (bound.send)(order);
        }
    }

    fn listen(&self, global: &CounterModel) {
        let send = self.sender();
        global.on_press(move |action| send(Msg::Press(model_of(&ACTIONS, action))));
        let send = self.sender();
        global.on_press_usual(move || send(Msg::PressUsual));
        let send = self.sender();
        global.on_enter(move || send(Msg::Enter));
        let send = self.sender();
        global.on_open_menu(move || send(Msg::OpenMenu));
    }

    fn listen_to_lists(&self, global: &CounterModel) {
        let step = || {
            let send = self.sender();
            move |step| send(Msg::List(step))
        };
        let send = step();
        global.on_turn_tab(move |tab| send(Step::Turn(model_of(&TABS, tab))));
        let send = step();
        global.on_turn_tab_by(move |by| send(Step::TurnBy(by)));
        let send = step();
        let ticket = self.of_screen(|screen, row: i32| {
            usize::try_from(row).ok().and_then(|row| screen.rows.get(row)).map(|row| row.id)
        });
        global.on_choose_row(move |row| {
            ticket(row).into_iter().for_each(|ticket| send(Step::Choose(ticket)));
        });
        let send = step();
        global.on_move_row(move |by| send(Step::Move(by)));
        let send = step();
        global.on_type(move |text| match text.chars().next().filter(char::is_ascii_alphanumeric) {
            Some(c) => {
                send(Step::Type(c));
                true
            }
            None => false,
        });
        let send = step();
        global.on_erase(move || send(Step::Erase));
        let send = step();
        global.on_press_row(move |action| send(Step::Press(model_of(&ROW_ACTIONS, action))));
        let send = step();
        global.on_leave_row(move || send(Step::Leave));
    }

    fn listen_to_dialogs(&self, global: &CounterModel) {
        let answer = || {
            let send = self.sender();
            move |answer| send(Msg::Dialog(answer))
        };
        let send = answer();
        global.on_press_in_menu(move |action| send(Answer::Menu(model_of(&ACTIONS, action))));
        let send = answer();
        global.on_find(move |text| send(Answer::Find(text.into())));
        let send = answer();
        let pick = self.of_screen(|screen, line: i32| {
            match screen.dialog.lines().get(usize::try_from(line).ok()?)? {
                ListLine::Choice { pick, .. } => Some(pick.clone()),
                ListLine::Heading(_) => None,
            }
        });
        global.on_choose_line(move |line| pick(line).into_iter().for_each(|pick| send(Answer::Choose(pick))));
        let send = answer();
        global.on_move_line(move |by| send(Answer::Move(by)));
        let send = answer();
        global.on_turn_to(move |to| send(Answer::Turn(model_of(&KINDS, to))));
        let send = answer();
        global.on_toggle(move || send(Answer::Toggle));
        let send = answer();
        global.on_shorten(move || send(Answer::Shorten));
        let send = answer();
        global.on_set_and_back(move |and_back| send(Answer::AndBack(and_back)));
        let send = answer();
        global.on_turn_help(move |by| send(Answer::TurnHelp(by)));
        let send = answer();
        global.on_as_planned(move || send(Answer::AsPlanned));
        let send = answer();
        global.on_park_for(move |minutes| {
            send(Answer::ParkFor(u32::try_from(minutes).ok().filter(|minutes| *minutes > 0)));
        });
        let send = answer();
        let reason = self.of_screen(reason);
        global.on_pause_for(move |index| {
            reason(index).into_iter().for_each(|reason| send(Answer::PauseFor(reason)));
        });
        let send = answer();
        global.on_write_reason(move |text| send(Answer::WriteReason(text.into())));
        let send = answer();
        global.on_confirm(move || send(Answer::Confirm));
        let send = answer();
        global.on_dismiss(move || send(Answer::Dismiss));
    }

    fn listen_to_printers(&self, global: &SlipModel) {
        let send = self.sender();
        let printer = self.of_screen(|screen, row: i32| {
            let printer = screen.dialog.printers().get(usize::try_from(row).ok()?)?;
            Some(printer.id.clone())
        });
        global.on_choose_printer(move |row| {
            let printer = printer(row).into_iter();
            printer.for_each(|printer| send(Msg::Dialog(Answer::ChoosePrinter(printer))));
        });
    }

    fn sender(&self) -> impl Fn(Msg) + use<> {
        let bound: Weak<RefCell<Bound>> = Rc::downgrade(&self.0);
        move |message| {
            if let Some(bound) = bound.upgrade() {
                Self(bound).handle(message);
            }
        }
    }

    /// What a place on the screen stands for.
    fn of_screen<T>(&self, read: fn(&Screen, i32) -> Option<T>) -> impl Fn(i32) -> Option<T> + use<T> {
        let bound: Weak<RefCell<Bound>> = Rc::downgrade(&self.0);
        move |place| read(bound.upgrade()?.borrow().shown.as_ref()?, place)
    }
}

impl Bound {
    fn show(&mut self) {
        let screen = self.model.screen();
        if self.shown.as_ref() == Some(&screen) {
            return;
        }
        let Some(window) = self.window.upgrade() else { return };
        if self.shown.as_ref().map(Screen::name) != Some(screen.name()) {
            tracing::info!(screen = screen.name(), "screen shown");
        }
        self.printers.show(&SlipModel::get(&window), &screen);
        self.lists.show(&CounterModel::get(&window), &screen);
        self.shown = Some(screen);
    }
}

/// The usual reasons, and the one of the clerk's own after them.
fn reason(screen: &Screen, index: i32) -> Option<String> {
    let DialogShown::Pause { own, .. } = &screen.dialog else { return None };
    let usual = PAUSE_REASONS.iter().map(|(zh, _)| (*zh).to_owned());
    usual.chain(own.clone()).nth(usize::try_from(index).ok()?)
}

const ACTIONS: [(view::Action, Action); 17] = [
    (view::Action::Open, Action::Open),
    (view::Action::CallNext, Action::CallNext),
    (view::Action::Recall, Action::Recall),
    (view::Action::Start, Action::Start),
    (view::Action::Finish, Action::Finish),
    (view::Action::NoShow, Action::NoShow),
    (view::Action::Transfer, Action::Transfer),
    (view::Action::Pause, Action::Pause),
    (view::Action::Close, Action::Close),
    (view::Action::Park, Action::Park),
    (view::Action::SendOn, Action::SendOn),
    (view::Action::FinishHere, Action::FinishHere),
    (view::Action::ServeDirect, Action::ServeDirect),
    (view::Action::Abandon, Action::Abandon),
    (view::Action::Profile, Action::Profile),
    (view::Action::Reprint, Action::Reprint),
    (view::Action::Printers, Action::Printers),
];

const TABS: [(view::Tab, Tab); 3] =
    [(view::Tab::Waiting, Tab::Waiting), (view::Tab::Parked, Tab::Parked), (view::Tab::Missed, Tab::Missed)];

const ROW_ACTIONS: [(view::RowAction, RowAction); 5] = [
    (view::RowAction::Call, RowAction::Call),
    (view::RowAction::Resume, RowAction::Resume),
    (view::RowAction::Reinstate, RowAction::Reinstate),
    (view::RowAction::Cancel, RowAction::Cancel),
    (view::RowAction::Abandon, RowAction::Abandon),
];

const KINDS: [(view::To, To); 3] =
    [(view::To::Service, To::Service), (view::To::Counter, To::Counter), (view::To::Staff, To::Staff)];

/// What the model calls what the view calls so.
fn model_of<V: Copy + PartialEq, M: Copy>(pairs: &[(V, M)], view: V) -> M {
    let pair = pairs.iter().find(|(known, _)| *known == view);
    pair.map_or(pairs[0].1, |(_, model)| *model)
}

/// What the view calls what the model calls so.
fn view_of<V: Copy, M: Copy + PartialEq>(pairs: &[(V, M)], model: M) -> V {
    let pair = pairs.iter().find(|(_, known)| *known == model);
    pair.map_or(pairs[0].0, |(view, _)| *view)
}
