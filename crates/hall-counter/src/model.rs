//! What one counter's window knows and does, without a screen: messages in, effects out.
//! It is not optimistic: a press sends an order, and only the event stream moves the counter.

use std::time::{Duration, Instant};

use hall_api::CallReply;
use hall_client::{ClientError, Link, Mirror, Update};
use hall_core::{CounterNumber, CounterState, Event, Plan, Record, StaffId, TicketId, Why, plan};
use hall_ui::Lang;

use crate::action::{Action, Circumstances, Order};
use crate::dialog::{Answer, Dialog};
use crate::list::{List, Step, Tab};
use crate::notice::{LastWord, Notice};
use crate::parked::Parked;
use crate::reach::Reach;
use crate::screen::PAUSE_REASONS;
use crate::slips::Slips;

/// The large button changes its meaning under the hand: the second half of a double click must not count.
const USUAL_REST: Duration = Duration::from_millis(500);

/// One counter's window.
pub struct Model {
    pub(crate) counter: CounterNumber,
    pub(crate) lang: Lang,
    pub(crate) mirror: Mirror,
    pub(crate) now: Instant,
    pub(crate) dialog: Dialog,
    pub(crate) list: List,
    pub(crate) parked: Parked,
    pub(crate) slips: Slips,
    /// Why the ticket at the counter was called; unknown when the window was opened after the call.
    pub(crate) why: Option<(TicketId, Why)>,
    /// The last reason for a pause today that is none of the usual ones.
    pub(crate) own_reason: Option<String>,
    /// Who signs in when the counter is opened.
    staff: Option<StaffId>,
    request: Request,
    pub(crate) said: LastWord,
    usual_pressed: Option<Instant>,
}

/// What happens to the window.
#[derive(Debug)]
pub enum Msg {
    /// News from the hub.
    Heard(Update),
    /// The hub's answer to the last order.
    Answered(Result<Reply, ClientError>),
    /// A moment has passed.
    Clock,
    Press(Action),
    /// The large button or Space.
    PressUsual,
    /// Enter: about the chosen ticket, or else the same.
    Enter,
    OpenMenu,
    List(Step),
    Dialog(Answer),
}

/// The hub did as it was asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// As of this event.
    Done {
        seq: u64,
    },
    Call(CallReply),
}

/// What the window wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the hub; exactly one [`Msg::Answered`] must follow.
    Ask(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    None,
    UnderWay,
    /// Carried out; the stream has not told of it yet.
    Answered {
        seq: u64,
    },
}

impl Model {
    /// The window of `counter` before anything was heard of the hub; `staff` signs in when it is opened.
    pub fn new(counter: CounterNumber, staff: Option<StaffId>, lang: Lang, now: Instant) -> Self {
        Self {
            counter,
            lang,
            mirror: Mirror::default(),
            now,
            dialog: Dialog::None,
            list: List::default(),
            parked: Parked::default(),
            slips: Slips::default(),
            why: None,
            own_reason: None,
            staff,
            request: Request::None,
            said: LastWord::default(),
            usual_pressed: None,
        }
    }

    /// Takes in what happened at `at`.
    pub fn update(&mut self, message: Msg, at: Instant) -> Vec<Effect> {
        self.now = at;
        let order = match message {
            Msg::Heard(update) => self.hear(&update),
            Msg::Answered(answer) => self.take_answer(answer),
            Msg::Clock => None,
            Msg::Press(action) => self.press(action),
            Msg::PressUsual => self.press_usual(),
            Msg::Enter if self.chosen().is_some() => self.press_chosen(),
            Msg::Enter => self.press_usual(),
            Msg::OpenMenu => self.open_menu(),
            Msg::List(step) => self.step(step),
            Msg::Dialog(answer) => self.answer(answer),
        };
        self.settle();
        order.map(Effect::Ask).into_iter().collect()
    }

    /// Whether a press of this would do something now.
    pub fn may(&self, action: Action) -> bool {
        !self.dialog.is_question() && self.may_begin(action)
    }

    /// Whether this would do something where it can be pressed. What only asks or shows need not wait for the answer to
    /// something else.
    pub(crate) fn may_begin(&self, action: Action) -> bool {
        let waits = !matches!(action, Action::Reprint | Action::Printers);
        self.is_connected() && (!waits || self.is_ready()) && self.is_allowed(action)
    }

    /// What the counter does, as last heard.
    pub fn state(&self) -> &CounterState {
        self.mirror.view().counter_state(self.counter)
    }

    /// Whether the hub can be asked: it is there, and nothing else is under way.
    pub(crate) fn is_ready(&self) -> bool {
        self.is_connected() && !self.is_asking()
    }

    /// Whether something is under way.
    pub(crate) fn is_asking(&self) -> bool {
        self.request != Request::None
    }

    /// Whether the hub is there, and knows this counter.
    pub(crate) fn is_connected(&self) -> bool {
        self.mirror.link() == Link::Connected && self.planned().is_some()
    }

    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.mirror.plan().map(|plan| plan.as_ref())
    }

    /// The counter in the plan.
    pub(crate) fn planned(&self) -> Option<&plan::Counter> {
        self.plan()?.counter(self.counter)
    }

    /// What the counter may call.
    pub(crate) fn reach(&self) -> Option<Reach<'_>> {
        Reach::of(self.counter, self.plan()?, self.mirror.view())
    }

    /// Whom call-next would call.
    pub(crate) fn next(&self) -> Option<TicketId> {
        self.reach()?.next(self.mirror.now(self.now)?)
    }

    pub(crate) fn is_day_open(&self) -> bool {
        self.mirror.view().day.is_some_and(|day| day.open)
    }

    pub(crate) fn is_allowed(&self, action: Action) -> bool {
        let ticket = self.mirror.view().ticket_at(self.counter);
        let circumstances = Circumstances {
            has_next: action == Action::CallNext && self.next().is_some(),
            goes_on: ticket.is_some_and(|ticket| !ticket.onward.is_empty()),
            call_limit: self.plan().map_or(0, |plan| plan.queue.call_limit),
            day_open: self.is_day_open(),
            has_slip: action == Action::Reprint && self.reprintable().is_some(),
        };
        action.is_allowed(self.state(), circumstances)
    }

    pub(crate) fn press(&mut self, action: Action) -> Option<Order> {
        if !self.may(action) {
            return None;
        }
        let order = match action {
            Action::Open => Order::Open(self.staff.clone()),
            Action::CallNext => Order::CallNext,
            Action::Recall => Order::Recall,
            Action::Start => Order::Start,
            Action::Finish => Order::Finish,
            Action::FinishHere => Order::FinishHere,
            Action::NoShow => Order::NoShow,
            Action::Close => Order::Close,
            Action::Transfer
            | Action::SendOn
            | Action::Park
            | Action::ServeDirect
            | Action::Abandon
            | Action::Pause
            | Action::Profile
            | Action::Reprint
            | Action::Printers => {
                self.dialog = self.question(action)?;
                self.said.take_back();
                return None;
            }
        };
        Some(self.ask(order))
    }

    /// Lets the large button rest, lest one press counts for two.
    pub(crate) fn rest_usual(&mut self) {
        self.usual_pressed = Some(self.now);
    }

    pub(crate) fn ask(&mut self, order: Order) -> Order {
        self.dialog = Dialog::None;
        self.list.leave();
        if matches!(order, Order::CallNext | Order::CallTicket(_)) {
            self.list.tab = Tab::Waiting;
        }
        self.send(order)
    }

    /// Asks, and leaves the dialog open.
    pub(crate) fn send(&mut self, order: Order) -> Order {
        self.said.take_back();
        self.request = Request::UnderWay;
        order
    }

    fn press_usual(&mut self) -> Option<Order> {
        if self.usual_pressed.is_some_and(|before| self.now.saturating_duration_since(before) < USUAL_REST) {
            return None;
        }
        let order = self.press(Action::usual(self.state()))?;
        self.rest_usual();
        Some(order)
    }

    fn hear(&mut self, update: &Update) -> Option<Order> {
        if let Update::Snapshot(view) = update {
            self.parked.take_snapshot(self.mirror.view(), view);
        }
        self.mirror.take(update, self.now);
        match update {
            Update::Snapshot(view) => {
                self.request = self.request.after_snapshot();
                let reprinted = self.slips.take_snapshot(view);
                reprinted.into_iter().for_each(|reprinted| self.say_reprinted(reprinted));
                self.remember_reason(view.counter_state(self.counter).clone());
            }
            Update::Record(record) => self.take_record(record),
            Update::Plan(_) | Update::Tick(_) | Update::Away(_) => {}
        }
        None
    }

    fn take_record(&mut self, record: &Record) {
        if self.parked.take(record, self.counter) {
            self.call_back().into_iter().for_each(|notice| self.say(notice));
        }
        let reprinted = self.slips.take(record, self.counter, self.mirror.view());
        reprinted.into_iter().for_each(|reprinted| self.say_reprinted(reprinted));
        match &record.event {
            Event::TicketCalled { ticket, counter, why, .. } if *counter == self.counter => {
                self.why = Some((*ticket, why.clone()));
            }
            Event::CounterPaused { counter, .. } if *counter == self.counter => {
                self.remember_reason(self.state().clone());
            }
            Event::DayOpened { .. } => self.own_reason = None,
            _ => {}
        }
    }

    fn remember_reason(&mut self, state: CounterState) {
        if let CounterState::Paused { reason } = state
            && PAUSE_REASONS.iter().all(|(zh, _)| *zh != reason)
        {
            self.own_reason = Some(reason);
        }
    }

    fn take_answer(&mut self, answer: Result<Reply, ClientError>) -> Option<Order> {
        self.request = Request::None;
        match answer {
            Ok(Reply::Done { seq }) => self.request = Request::Answered { seq },
            Ok(Reply::Call(call)) => {
                self.request = Request::Answered { seq: call.seq };
                if call.ticket.is_none() {
                    self.say(Notice::NobodyWaits);
                }
            }
            Err(error) => self.say_failure(error),
        }
        None
    }

    /// Puts away what the news or the time has made void.
    fn settle(&mut self) {
        if let Request::Answered { seq } = self.request
            && self.mirror.view().seq >= seq
        {
            self.request = Request::None;
        }
        self.settle_dialog();
        self.settle_list();
        self.said.settle(self.now);
    }
}

impl Request {
    /// A snapshot is the hub's last word, also for a hub that was set up anew and counts from the beginning.
    fn after_snapshot(self) -> Self {
        match self {
            Self::Answered { .. } | Self::None => Self::None,
            Self::UnderWay => Self::UnderWay,
        }
    }
}
