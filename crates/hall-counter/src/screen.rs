//! What is on the screen, in plain words and numbers: a pure function of the model.

use hall_client::Link;
use hall_core::{CallReason, ClassId, CounterState, ServiceId, Ticket, Timestamp};
use hall_ui::Lang;

use crate::action::Action;
use crate::model::{Dialog, Model, Notice};
use crate::transfer::Transfer;

/// How many of those who wait are listed.
const LISTED_MAX: usize = 8;

/// The usual reasons for a pause: as shown over the counter, and in English for the clerk.
pub const PAUSE_REASONS: [(&str, &str); 4] = [
    ("午休", "Lunch break"),
    ("系统维护", "System maintenance"),
    ("取材料", "Fetching documents"),
    ("临时离开", "Back soon"),
];

/// Everything shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    pub counter: u16,
    /// False when the plan has no such counter: then nothing else is shown.
    pub is_in_plan: bool,
    /// Department and zone.
    pub place: String,
    /// Hall time, `09:30`.
    pub clock: String,
    pub link: Link,
    pub state: CounterState,
    /// How long the counter has been in this state, `mm:ss`; empty for a closed one.
    pub since: String,
    pub ticket: Option<TicketShown>,
    /// The first of those who wait, next first.
    pub waiting: Vec<WaitingShown>,
    pub waiting_count: usize,
    /// What the large button does.
    pub usual: Action,
    pub allowed: Vec<Action>,
    pub notice: Option<Notice>,
    pub dialog: DialogShown,
}

impl Screen {
    /// For the log.
    pub fn name(&self) -> &'static str {
        match &self.state {
            _ if self.link == Link::Connecting => "connecting",
            _ if !self.is_in_plan => "not in plan",
            CounterState::Closed => "closed",
            CounterState::Idle => "idle",
            CounterState::Paused { .. } => "paused",
            CounterState::Calling { .. } => "calling",
            CounterState::Serving { .. } => "serving",
        }
    }
}

/// The ticket called to or served at the counter.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketShown {
    pub number: String,
    pub service: String,
    pub class: String,
    pub is_ordinary: bool,
    pub calls: u32,
    pub call_limit: u32,
    /// From issue to start, `mm:ss`; runs on while the citizen is called.
    pub waited: String,
    pub reason: ReasonShown,
}

/// Why this ticket was called.
#[derive(Clone, Debug, PartialEq)]
pub enum ReasonShown {
    Unknown,
    Arrival,
    Credit { class: String, credit_min: u32 },
    First { class: String },
}

/// One who waits.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingShown {
    pub number: String,
    pub service: String,
    /// Empty for the ordinary class.
    pub class: String,
    pub waited_min: i64,
}

/// The open dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogShown {
    None,
    Transfer { rows: Vec<TransferRow>, chosen_name: String, may_confirm: bool },
    Pause { chars: usize, may_confirm: bool, may_choose: bool },
}

/// A line of the list of services.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferRow {
    Department(String),
    Service { id: ServiceId, prefix: String, name: String, waiting: u32, is_chosen: bool },
}

impl Model {
    /// What is to be shown now.
    pub fn screen(&self) -> Screen {
        let now = self.mirror.now(self.now);
        let waiting = match self.profile() {
            Some(profile) => self.mirror.view().waiting_for(&profile.services),
            None => Vec::new(),
        };
        let offset = self.plan().map(|plan| plan.hall.utc_offset).unwrap_or_default();
        let since = self.mirror.view().counters.get(&self.counter).map(|counter| counter.since);
        Screen {
            counter: self.counter.0,
            is_in_plan: self.plan().is_none() || self.profile().is_some(),
            place: self.place(),
            clock: now.map(|now| now.clock(offset)).unwrap_or_default(),
            link: self.mirror.link(),
            state: self.state().clone(),
            since: elapsed(since, now),
            ticket: self.ticket(now),
            waiting: waiting.iter().take(LISTED_MAX).map(|ticket| self.waiting_shown(ticket, now)).collect(),
            waiting_count: waiting.len(),
            usual: Action::usual(self.state()),
            allowed: Action::ALL.into_iter().filter(|action| self.may(*action)).collect(),
            notice: self.notice().cloned(),
            dialog: self.dialog_shown(),
        }
    }

    fn ticket(&self, now: Option<Timestamp>) -> Option<TicketShown> {
        let view = self.mirror.view();
        let ticket = view.ticket_at(self.counter)?;
        let since = view.counters.get(&self.counter)?.since;
        let until = match self.state() {
            CounterState::Serving { .. } => Some(since),
            _ => now,
        };
        let calls = view.calls.iter().find(|call| call.ticket == ticket.id).map_or(1, |call| call.calls);
        Some(TicketShown {
            number: ticket.number.to_string(),
            service: self.service_name(&ticket.service),
            class: self.class_name(&ticket.class),
            is_ordinary: ticket.class == ClassId::ordinary(),
            calls,
            call_limit: self.plan().map_or(calls, |plan| plan.queue.call_limit),
            waited: elapsed(Some(ticket.issued_at), until),
            reason: match &self.reason {
                Some((called, reason)) if *called == ticket.id => self.reason_shown(reason),
                _ => ReasonShown::Unknown,
            },
        })
    }

    fn reason_shown(&self, reason: &CallReason) -> ReasonShown {
        match reason {
            CallReason::Arrival => ReasonShown::Arrival,
            CallReason::ClassCredit { class, credit_min } => {
                ReasonShown::Credit { class: self.class_name(class), credit_min: *credit_min }
            }
            CallReason::ClassFirst { class } => ReasonShown::First { class: self.class_name(class) },
        }
    }

    fn waiting_shown(&self, ticket: &Ticket, now: Option<Timestamp>) -> WaitingShown {
        let is_ordinary = ticket.class == ClassId::ordinary();
        WaitingShown {
            number: ticket.number.to_string(),
            service: self.service_name(&ticket.service),
            class: if is_ordinary { String::new() } else { self.class_name(&ticket.class) },
            waited_min: now.map_or(0, |now| elapsed_ms(ticket.issued_at, now) / 60_000),
        }
    }

    fn dialog_shown(&self) -> DialogShown {
        match &self.dialog {
            Dialog::None => DialogShown::None,
            Dialog::Transfer(transfer) => DialogShown::Transfer {
                rows: self.transfer_rows(transfer),
                chosen_name: transfer.chosen().map(|id| self.service_name(id)).unwrap_or_default(),
                may_confirm: self.is_ready() && transfer.chosen().is_some(),
            },
            Dialog::Pause { text } => DialogShown::Pause {
                chars: text.trim().chars().count(),
                may_confirm: self.is_ready() && Self::is_reason(text),
                may_choose: self.is_ready(),
            },
        }
    }

    fn transfer_rows(&self, transfer: &Transfer) -> Vec<TransferRow> {
        let Some(plan) = self.plan() else { return Vec::new() };
        let view = self.mirror.view();
        let waiting = view.waiting_counts();
        let mut rows = Vec::new();
        for (department, services) in transfer.found(plan) {
            rows.push(TransferRow::Department(self.either(&department.name, &department.name_en)));
            rows.extend(services.into_iter().map(|service| TransferRow::Service {
                id: service.id.clone(),
                prefix: service.prefix.clone(),
                name: self.either(&service.name, &service.name_en),
                waiting: waiting.get(&service.id).copied().unwrap_or(0),
                is_chosen: transfer.chosen() == Some(&service.id),
            }));
        }
        rows
    }

    fn place(&self) -> String {
        let Some((plan, profile)) = self.plan().zip(self.profile()) else { return String::new() };
        let department = plan.department(&profile.department);
        let zone = plan.zone(&profile.zone);
        let names = [
            department.map(|department| self.either(&department.name, &department.name_en)),
            zone.map(|zone| self.either(&zone.name, &zone.name_en)),
        ];
        names.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn service_name(&self, id: &ServiceId) -> String {
        let service = self.plan().and_then(|plan| plan.service(id));
        service.map_or_else(|| id.to_string(), |service| self.either(&service.name, &service.name_en))
    }

    fn class_name(&self, id: &ClassId) -> String {
        let class = self.plan().and_then(|plan| plan.class(id));
        class.map_or_else(|| id.to_string(), |class| self.either(&class.name, &class.name_en))
    }

    fn either(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }
}

/// `mm:ss`, from an hour on `h:mm:ss`; empty when either end is unknown.
fn elapsed(from: Option<Timestamp>, to: Option<Timestamp>) -> String {
    let Some((from, to)) = from.zip(to) else { return String::new() };
    let total_s = elapsed_ms(from, to) / 1000;
    let (hours, minutes, seconds) = (total_s / 3600, total_s / 60 % 60, total_s % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Never negative: the clocks of hub and terminal differ by the way between them.
fn elapsed_ms(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_ms() - from.as_ms()).max(0)
}
