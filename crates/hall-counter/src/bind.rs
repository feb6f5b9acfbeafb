//! Between the model and the window: the only file that touches generated code.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use hall_client::Link;
use hall_core::{CounterState, PAUSE_REASON_CHARS_MAX, ServiceId};
use hall_ui::{Lang, change_rows};
use slint::{ComponentHandle as _, Global as _, ModelRc, SharedString, Timer, TimerMode, VecModel};

use crate::action::{Action, Order};
use crate::model::{Effect, Model, Msg, Notice};
use crate::screen::{
    DialogShown, PAUSE_REASONS, ReasonShown, Screen, TicketShown, TransferRow, WaitingShown,
};

mod view {
    #![allow(clippy::all, clippy::todo, clippy::unwrap_used)] // Generated code.
    slint::include_modules!();
}
use view::CounterModel;
pub use view::CounterWindow;

/// Often enough for a clock with seconds to look even.
const CLOCK_PERIOD: Duration = Duration::from_millis(250);

/// A window and its model. Cheap to clone; the window itself does not keep it alive.
#[derive(Clone)]
pub struct Binding(Rc<RefCell<Bound>>);

struct Bound {
    window: slint::Weak<CounterWindow>,
    model: Model,
    shown: Option<Screen>,
    waiting: Rc<VecModel<view::WaitingRow>>,
    services: Rc<VecModel<view::ServiceRow>>,
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
    let (waiting, services) = (Rc::new(VecModel::default()), Rc::new(VecModel::default()));
    global.set_waiting(waiting.clone().into());
    global.set_services(services.clone().into());
    global.set_reason_chars_max(PAUSE_REASON_CHARS_MAX as i32);
    global.set_pause_reasons(pause_reasons(model.lang));
    let clock = Timer::default();
    let bound = Bound {
        window: window.as_weak(),
        model,
        shown: None,
        waiting,
        services,
        send: Box::new(send),
        now: Box::new(now),
        _clock: Timer::default(),
    };
    let binding = Binding(Rc::new(RefCell::new(bound)));
    let tick = binding.sender();
    clock.start(TimerMode::Repeated, CLOCK_PERIOD, move || tick(Msg::Clock));
    binding.0.borrow_mut()._clock = clock;
    binding.listen(&global);
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
        global.on_press(move |action| send(Msg::Press(action_pressed(action))));
        let send = self.sender();
        global.on_press_usual(move || send(Msg::PressUsual));
        let send = self.sender();
        global.on_dismiss(move || send(Msg::Dismiss));
        let send = self.sender();
        global.on_find_service(move |text| send(Msg::FindService(text.into())));
        let send = self.sender();
        global.on_choose_service(move |id| send(Msg::ChooseService(ServiceId::from(id.as_str()))));
        let send = self.sender();
        global.on_move_choice(move |by| send(Msg::MoveChoice(by)));
        let send = self.sender();
        global.on_confirm_transfer(move || send(Msg::ConfirmTransfer));
        let send = self.sender();
        global.on_pause_for(move |index| {
            let reason = usize::try_from(index).ok().and_then(|index| PAUSE_REASONS.get(index));
            if let Some((zh, _)) = reason {
                send(Msg::PauseFor((*zh).to_owned()));
            }
        });
        let send = self.sender();
        global.on_write_reason(move |text| send(Msg::WriteReason(text.into())));
        let send = self.sender();
        global.on_confirm_pause(move || send(Msg::ConfirmPause));
    }

    fn sender(&self) -> impl Fn(Msg) + use<> {
        let bound: Weak<RefCell<Bound>> = Rc::downgrade(&self.0);
        move |message| {
            if let Some(bound) = bound.upgrade() {
                Self(bound).handle(message);
            }
        }
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
        let global = CounterModel::get(&window);
        show_counter(&global, &screen);
        show_ticket(&global, screen.ticket.as_ref());
        change_rows(&self.waiting, screen.waiting.iter().map(waiting_row));
        show_actions(&global, &screen);
        show_notice(&global, screen.notice.as_ref());
        self.show_dialog(&global, &screen.dialog);
        self.shown = Some(screen);
    }

    fn show_dialog(&self, global: &CounterModel, dialog: &DialogShown) {
        match dialog {
            DialogShown::None => global.set_dialog(view::Dialog::None),
            DialogShown::Transfer { rows, chosen_name, may_confirm } => {
                let chosen =
                    rows.iter().position(|row| matches!(row, TransferRow::Service { is_chosen: true, .. }));
                change_rows(&self.services, rows.iter().map(service_row));
                global.set_chosen_row(chosen.map_or(-1, |row| row as i32));
                global.set_chosen_service(chosen_name.into());
                global.set_may_confirm(*may_confirm);
                global.set_dialog(view::Dialog::Transfer);
            }
            DialogShown::Pause { chars, may_confirm, may_choose } => {
                global.set_reason_chars(*chars as i32);
                global.set_may_confirm(*may_confirm);
                global.set_may_choose(*may_choose);
                global.set_dialog(view::Dialog::Pause);
            }
        }
    }
}

fn show_counter(global: &CounterModel, screen: &Screen) {
    global.set_counter(i32::from(screen.counter));
    global.set_in_plan(screen.is_in_plan);
    global.set_place((&screen.place).into());
    global.set_clock((&screen.clock).into());
    global.set_contact(match screen.link {
        Link::Connecting => view::Contact::Connecting,
        Link::Connected => view::Contact::Connected,
        Link::Away => view::Contact::Away,
    });
    let (state, pause_reason) = match &screen.state {
        CounterState::Closed => (view::State::Closed, ""),
        CounterState::Idle => (view::State::Idle, ""),
        CounterState::Paused { reason } => (view::State::Paused, reason.as_str()),
        CounterState::Calling { .. } => (view::State::Calling, ""),
        CounterState::Serving { .. } => (view::State::Serving, ""),
    };
    global.set_state(state);
    global.set_pause_reason(pause_reason.into());
    global.set_since((&screen.since).into());
    global.set_waiting_count(screen.waiting_count as i32);
}

fn show_ticket(global: &CounterModel, ticket: Option<&TicketShown>) {
    global.set_has_ticket(ticket.is_some());
    let Some(ticket) = ticket else { return };
    global.set_number((&ticket.number).into());
    global.set_service((&ticket.service).into());
    global.set_class_name((&ticket.class).into());
    global.set_ordinary(ticket.is_ordinary);
    global.set_calls(ticket.calls as i32);
    global.set_call_limit(ticket.call_limit as i32);
    global.set_waited((&ticket.waited).into());
    let (reason, class, credit_min) = match &ticket.reason {
        ReasonShown::Unknown => (view::Reason::Unknown, "", 0),
        ReasonShown::Arrival => (view::Reason::Arrival, "", 0),
        ReasonShown::Credit { class, credit_min } => {
            (view::Reason::Credit, class.as_str(), *credit_min as i32)
        }
        ReasonShown::First { class } => (view::Reason::First, class.as_str(), 0),
    };
    global.set_reason(reason);
    global.set_reason_class(class.into());
    global.set_reason_credit_min(credit_min);
}

fn show_actions(global: &CounterModel, screen: &Screen) {
    let may = |action| screen.allowed.contains(&action);
    global.set_usual(action_shown(screen.usual));
    global.set_may_usual(may(screen.usual));
    global.set_may_recall(may(Action::Recall));
    global.set_may_no_show(may(Action::NoShow));
    global.set_may_transfer(may(Action::Transfer));
    global.set_may_pause(may(Action::Pause));
    global.set_may_close(may(Action::Close));
}

fn show_notice(global: &CounterModel, notice: Option<&Notice>) {
    let (kind, text) = match notice {
        None => (view::Notice::None, ""),
        Some(Notice::NobodyWaits) => (view::Notice::NobodyWaits, ""),
        Some(Notice::Refused(text)) => (view::Notice::Refused, text.as_str()),
        Some(Notice::NoAnswer) => (view::Notice::NoAnswer, ""),
    };
    global.set_notice(kind);
    global.set_notice_text(text.into());
}

fn waiting_row(waiting: &WaitingShown) -> view::WaitingRow {
    view::WaitingRow {
        number: (&waiting.number).into(),
        service: (&waiting.service).into(),
        class_name: (&waiting.class).into(),
        waited_min: i32::try_from(waiting.waited_min).unwrap_or(i32::MAX),
    }
}

fn service_row(row: &TransferRow) -> view::ServiceRow {
    match row {
        TransferRow::Department(name) => {
            view::ServiceRow { is_department: true, name: name.into(), ..Default::default() }
        }
        TransferRow::Service { id, prefix, name, waiting, is_chosen } => view::ServiceRow {
            is_department: false,
            id: id.as_str().into(),
            prefix: prefix.into(),
            name: name.into(),
            waiting: *waiting as i32,
            chosen: *is_chosen,
        },
    }
}

fn pause_reasons(lang: Lang) -> ModelRc<SharedString> {
    let label = |(zh, en): (&str, &str)| match lang {
        Lang::Zh => SharedString::from(zh),
        Lang::En => slint::format!("{en} {zh}"),
    };
    ModelRc::new(VecModel::from_iter(PAUSE_REASONS.map(label)))
}

fn action_shown(action: Action) -> view::Action {
    match action {
        Action::Open => view::Action::Open,
        Action::CallNext => view::Action::CallNext,
        Action::Recall => view::Action::Recall,
        Action::Start => view::Action::Start,
        Action::Finish => view::Action::Finish,
        Action::NoShow => view::Action::NoShow,
        Action::Transfer => view::Action::Transfer,
        Action::Pause => view::Action::Pause,
        Action::Close => view::Action::Close,
    }
}

fn action_pressed(action: view::Action) -> Action {
    match action {
        view::Action::Open => Action::Open,
        view::Action::CallNext => Action::CallNext,
        view::Action::Recall => Action::Recall,
        view::Action::Start => Action::Start,
        view::Action::Finish => Action::Finish,
        view::Action::NoShow => Action::NoShow,
        view::Action::Transfer => Action::Transfer,
        view::Action::Pause => Action::Pause,
        view::Action::Close => Action::Close,
    }
}
