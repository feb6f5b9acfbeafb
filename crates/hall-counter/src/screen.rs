//! What is on the screen, in plain words and numbers: a pure function of the model.

mod dialogs;
mod rows;
mod slips;

use hall_client::Link;
use hall_core::{ClassId, CounterState, Leg, NeedId, ServiceId, Ticket, Timestamp};
use hall_ui::Lang;

use crate::action::Action;
use crate::list::Tab;
use crate::model::Model;
use crate::notice::Notice;
use crate::profile::is_alike;

pub use dialogs::{CounterShown, DialogShown, HeadingShown, ListLine, ListShown, NoteShown};
pub use rows::{ChosenShown, RowShown};
pub use slips::{AlertShown, CopyShown, PrinterShown, ReprintShown, SlipShown};

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
    /// Who is signed in; empty for nobody.
    pub staff: String,
    /// Whether today's services differ from the plan's.
    pub is_adjusted: bool,
    /// Hall time, `09:30`.
    pub clock: String,
    pub link: Link,
    pub state: CounterState,
    /// How long the counter has been in this state, `mm:ss`; empty for a closed one.
    pub since: String,
    pub ticket: Option<TicketShown>,
    /// The number that call-next would call.
    pub next: Option<String>,
    /// Which list is shown.
    pub tab: Tab,
    pub rows: Vec<RowShown>,
    pub chosen: Option<ChosenShown>,
    /// A number being typed.
    pub typed: String,
    /// How many are in each list, in the order of [`Tab::ALL`].
    pub counts: [usize; 3],
    /// Whether it is time to call somebody back.
    pub is_call_back_due: bool,
    /// What the large button does.
    pub usual: Action,
    pub allowed: Vec<Action>,
    pub notice: Option<Notice>,
    pub alert: Option<AlertShown>,
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
    /// Whether somebody without a ticket is served, who was never called.
    pub is_direct: bool,
    pub calls: u32,
    pub call_limit: u32,
    /// From issue to start, `mm:ss`; runs on while the citizen is called.
    pub waited: String,
    /// When the appointment was for, `09:30`; empty without one.
    pub appointment: String,
    pub needs: String,
    /// Why this ticket was called; empty when that is not known.
    pub why: String,
    /// All that follows here; empty when it ends here.
    pub onward: String,
    /// Where the ticket goes on to when it is finished; empty when it ends here.
    pub goes_on_to: String,
    pub slip: SlipShown,
}

impl Model {
    /// What is to be shown now.
    pub fn screen(&self) -> Screen {
        let now = self.mirror.now(self.now);
        let counter = self.mirror.view().counters.get(&self.counter);
        let staff = counter.and_then(|counter| counter.staff.as_ref());
        let next = self.next().and_then(|id| self.mirror.view().tickets.get(&id));
        Screen {
            counter: self.counter.0,
            is_in_plan: self.plan().is_none() || self.planned().is_some(),
            place: self.place(),
            staff: staff.map(ToString::to_string).unwrap_or_default(),
            is_adjusted: self.is_adjusted(),
            clock: now.map(|now| self.clock(now)).unwrap_or_default(),
            link: self.mirror.link(),
            state: self.state().clone(),
            since: elapsed(counter.map(|counter| counter.since), now),
            ticket: self.ticket(now),
            next: next.map(|ticket| ticket.number.to_string()),
            tab: self.list.tab,
            rows: self.rows(now),
            chosen: self.chosen_shown(),
            typed: self.list.typed().to_owned(),
            counts: Tab::ALL.map(|tab| self.listed(tab).len()),
            is_call_back_due: self.listed(Tab::Parked).iter().any(|ticket| self.parked.is_due(ticket, now)),
            usual: Action::usual(self.state()),
            allowed: Action::ALL.into_iter().filter(|action| self.may(*action)).collect(),
            notice: self.notice(),
            alert: self.alert(),
            dialog: self.dialog_shown(),
        }
    }

    fn ticket(&self, now: Option<Timestamp>) -> Option<TicketShown> {
        let view = self.mirror.view();
        let ticket = view.ticket_at(self.counter)?;
        let since = view.counters.get(&self.counter)?.since;
        let is_serving = matches!(self.state(), CounterState::Serving { .. });
        let until = if is_serving { Some(since) } else { now };
        let calls = view.calls.iter().find(|call| call.ticket == ticket.id).map_or(1, |call| call.calls);
        // Once the day is over nobody can wait for the next leg.
        let goes_on = usize::from(self.is_day_open()).min(ticket.onward.len());
        let why = self.why.as_ref().filter(|(called, _)| *called == ticket.id);
        Some(TicketShown {
            number: ticket.number.to_string(),
            service: self.service_name(&ticket.service),
            class: self.class_name(&ticket.class),
            is_ordinary: ticket.class == ClassId::ordinary(),
            is_direct: is_serving && ticket.issued_at == since,
            calls,
            call_limit: self.plan().map_or(calls, |plan| plan.queue.call_limit),
            waited: elapsed(Some(ticket.issued_at), until),
            appointment: self.appointment(ticket),
            needs: self.needs(&ticket.needs),
            why: why.map(|(_, why)| self.either(&why.zh, &why.en)).unwrap_or_default(),
            onward: self.way(&ticket.onward),
            goes_on_to: self.way(&ticket.onward[..goes_on]),
            slip: SlipShown::of(&ticket.slip),
        })
    }

    fn is_adjusted(&self) -> bool {
        let today = self.reach();
        let planned = self.planned();
        today.zip(planned).is_some_and(|(today, planned)| !is_alike(today.profile(), &planned.profile()))
    }

    fn place(&self) -> String {
        let Some((plan, counter)) = self.plan().zip(self.planned()) else { return String::new() };
        let department = plan.department(&counter.department);
        let zone = plan.zone(&counter.zone);
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

    fn needs(&self, needs: &[NeedId]) -> String {
        let name = |id: &NeedId| {
            let need = self.plan().and_then(|plan| plan.need(id));
            need.map_or_else(|| id.to_string(), |need| self.either(&need.name, &need.name_en))
        };
        needs.iter().map(name).collect::<Vec<_>>().join(&self.either("、", ", "))
    }

    /// Services in the order they are gone to, and the counter where it is a certain one.
    fn way(&self, legs: &[Leg]) -> String {
        let leg = |leg: &Leg| match leg.counter {
            Some(counter) => {
                self.either(&format!("返回 {counter} 号窗口"), &format!("back to counter {counter}"))
            }
            None => self.service_name(&leg.service),
        };
        legs.iter().map(leg).collect::<Vec<_>>().join(" → ")
    }

    /// When the appointment of a ticket was for.
    fn appointment(&self, ticket: &Ticket) -> String {
        ticket.appointment.map(|checked_in| self.clock(checked_in.slot)).unwrap_or_default()
    }

    fn clock(&self, moment: Timestamp) -> String {
        moment.clock(self.plan().map(|plan| plan.hall.utc_offset).unwrap_or_default())
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
