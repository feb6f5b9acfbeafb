//! What one counter's window knows and does, without a screen: messages in, effects out.
//! It is not optimistic: a press sends an order, and only the event stream moves the counter.

use std::time::{Duration, Instant};

use hall_api::CallReply;
use hall_client::{ClientError, Link, Mirror, Update};
use hall_core::{
    CallReason, CounterNumber, CounterState, Event, PAUSE_REASON_CHARS_MAX, Plan, ServiceId, TicketId, plan,
};
use hall_ui::Lang;

use crate::action::{Action, Circumstances, Order};
use crate::transfer::Transfer;

/// The large button changes its meaning under the hand: the second half of a double click must not count.
const USUAL_REST: Duration = Duration::from_millis(500);
/// How long a word of the hub stays on the screen.
const NOTICE_STAYS: Duration = Duration::from_secs(10);

/// One counter's window.
pub struct Model {
    pub(crate) counter: CounterNumber,
    pub(crate) lang: Lang,
    pub(crate) mirror: Mirror,
    pub(crate) now: Instant,
    pub(crate) dialog: Dialog,
    /// Why the ticket at the counter was called; unknown when the window was opened after the call.
    pub(crate) reason: Option<(TicketId, CallReason)>,
    request: Request,
    notice: Option<(Notice, Instant)>,
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
    /// The large button, Space or Enter.
    PressUsual,
    /// What was typed to find a service.
    FindService(String),
    ChooseService(ServiceId),
    /// Up or down in the list of services.
    MoveChoice(i32),
    ConfirmTransfer,
    /// One of the usual reasons.
    PauseFor(String),
    /// What was typed as a reason of its own.
    WriteReason(String),
    ConfirmPause,
    /// Close the dialog.
    Dismiss,
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

/// A question in front of everything else.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Dialog {
    #[default]
    None,
    Transfer(Transfer),
    Pause {
        text: String,
    },
}

/// A word about the last press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Call-next found nobody.
    NobodyWaits,
    /// Why the hub refused, in the language of the screen.
    Refused(String),
    /// No answer came: the order may or may not have been carried out.
    NoAnswer,
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
    /// The window of `counter` before anything was heard of the hub.
    pub fn new(counter: CounterNumber, lang: Lang, now: Instant) -> Self {
        Self {
            counter,
            lang,
            mirror: Mirror::default(),
            now,
            dialog: Dialog::None,
            reason: None,
            request: Request::None,
            notice: None,
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
            Msg::FindService(text) => self.find_service(text),
            Msg::ChooseService(service) => self.choose_service(&service),
            Msg::MoveChoice(by) => self.move_choice(by),
            Msg::ConfirmTransfer => self.confirm_transfer(),
            Msg::PauseFor(reason) => self.pause_for(&reason),
            Msg::WriteReason(text) => self.write_reason(text),
            Msg::ConfirmPause => match &self.dialog {
                Dialog::Pause { text } => self.pause_for(&text.clone()),
                Dialog::None | Dialog::Transfer(_) => None,
            },
            Msg::Dismiss => self.dismiss(),
        };
        self.settle();
        order.map(Effect::Ask).into_iter().collect()
    }

    /// Whether a press of this would do something now.
    pub fn may(&self, action: Action) -> bool {
        self.dialog == Dialog::None && self.is_ready() && self.is_allowed(action)
    }

    /// What the counter does, as last heard.
    pub fn state(&self) -> &CounterState {
        self.mirror.view().counter_state(self.counter)
    }

    /// Whether the hub can be asked: it is there, and nothing else is under way.
    pub(crate) fn is_ready(&self) -> bool {
        self.mirror.link() == Link::Connected && self.request == Request::None && self.profile().is_some()
    }

    pub(crate) fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref().map(|(notice, _)| notice)
    }

    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.mirror.plan().map(|plan| plan.as_ref())
    }

    /// The counter in the plan.
    pub(crate) fn profile(&self) -> Option<&plan::Counter> {
        self.plan()?.counter(self.counter)
    }

    /// Whether a reason can be given to the hub.
    pub(crate) fn is_reason(text: &str) -> bool {
        (1..=PAUSE_REASON_CHARS_MAX).contains(&text.trim().chars().count())
    }

    fn is_allowed(&self, action: Action) -> bool {
        let view = self.mirror.view();
        let circumstances = Circumstances {
            waiting: self.profile().map_or(0, |profile| view.waiting_for(&profile.services).len()),
            call_limit: self.plan().map_or(0, |plan| plan.queue.call_limit),
            day_open: view.day.is_some_and(|day| day.open),
        };
        action.is_allowed(self.state(), circumstances)
    }

    fn hear(&mut self, update: &Update) -> Option<Order> {
        self.mirror.take(update, self.now);
        match update {
            Update::Snapshot(_) => self.request = self.request.after_snapshot(),
            Update::Record(record) => {
                if let Event::TicketCalled { ticket, counter, reason, .. } = &record.event
                    && *counter == self.counter
                {
                    self.reason = Some((*ticket, reason.clone()));
                }
            }
            Update::Plan(_) | Update::Tick(_) | Update::Away(_) => {}
        }
        None
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
            Err(ClientError::Refused(problem)) => {
                let text = match self.lang {
                    Lang::Zh => problem.title_zh.clone(),
                    Lang::En => problem.title.clone(),
                };
                self.say(Notice::Refused(text));
            }
            Err(ClientError::Away(_) | ClientError::Unreadable(_) | ClientError::Address(_)) => {
                self.say(Notice::NoAnswer);
            }
        }
        None
    }

    fn press(&mut self, action: Action) -> Option<Order> {
        if !self.may(action) {
            return None;
        }
        match action {
            Action::Transfer => {
                let ticket = self.mirror.view().ticket_at(self.counter)?;
                self.dialog = Dialog::Transfer(Transfer::of(ticket));
            }
            Action::Pause => self.dialog = Dialog::Pause { text: String::new() },
            _ => return action.order().map(|order| self.ask(order)),
        }
        self.notice = None;
        None
    }

    fn press_usual(&mut self) -> Option<Order> {
        if self.usual_pressed.is_some_and(|before| self.now.saturating_duration_since(before) < USUAL_REST) {
            return None;
        }
        let order = self.press(Action::usual(self.state()))?;
        self.usual_pressed = Some(self.now);
        Some(order)
    }

    fn find_service(&mut self, text: String) -> Option<Order> {
        if let (Dialog::Transfer(transfer), Some(plan)) = (&mut self.dialog, self.mirror.plan()) {
            transfer.find(text, plan);
        }
        None
    }

    fn choose_service(&mut self, service: &ServiceId) -> Option<Order> {
        if let (Dialog::Transfer(transfer), Some(plan)) = (&mut self.dialog, self.mirror.plan()) {
            transfer.choose(service, plan);
        }
        None
    }

    fn move_choice(&mut self, by: i32) -> Option<Order> {
        if let (Dialog::Transfer(transfer), Some(plan)) = (&mut self.dialog, self.mirror.plan()) {
            transfer.move_choice(by, plan);
        }
        None
    }

    fn confirm_transfer(&mut self) -> Option<Order> {
        let Dialog::Transfer(transfer) = &self.dialog else { return None };
        let service = transfer.chosen()?.clone();
        self.is_ready().then(|| self.ask(Order::Transfer(service)))
    }

    fn pause_for(&mut self, reason: &str) -> Option<Order> {
        let asked = matches!(self.dialog, Dialog::Pause { .. }) && self.is_ready() && Self::is_reason(reason);
        asked.then(|| self.ask(Order::Pause(reason.trim().to_owned())))
    }

    fn write_reason(&mut self, written: String) -> Option<Order> {
        if let Dialog::Pause { text } = &mut self.dialog {
            *text = written;
        }
        None
    }

    fn dismiss(&mut self) -> Option<Order> {
        self.dialog = Dialog::None;
        None
    }

    fn ask(&mut self, order: Order) -> Order {
        self.dialog = Dialog::None;
        self.notice = None;
        self.request = Request::UnderWay;
        order
    }

    fn say(&mut self, notice: Notice) {
        self.notice = Some((notice, self.now));
    }

    /// Puts away what the news or the time has made void.
    fn settle(&mut self) {
        if let Request::Answered { seq } = self.request
            && self.mirror.view().seq >= seq
        {
            self.request = Request::None;
        }
        let void = match &self.dialog {
            Dialog::None => false,
            Dialog::Transfer(transfer) => {
                !self.is_allowed(Action::Transfer)
                    || !transfer.is_of(self.mirror.view().ticket_at(self.counter))
            }
            Dialog::Pause { .. } => !self.is_allowed(Action::Pause),
        };
        if void {
            self.dialog = Dialog::None;
        }
        let now = self.now;
        self.notice.take_if(|(_, since)| now.saturating_duration_since(*since) >= NOTICE_STAYS);
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
