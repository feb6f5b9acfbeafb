//! Why a ticket was called: for programs, and in one line for people.

use serde::{Deserialize, Serialize};

use crate::discipline::Ground;
use crate::plan::{CallRule, Credit, HelpWhen, Ratio};
use crate::{Awaits, ClassId, CounterNumber, Plan, Punctuality, ServiceId, Ticket, Timestamp};

/// Why this ticket and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CallReason {
    /// The longest standing among those the counter serves, by arrival alone.
    Arrival,
    /// The same, with the minutes credited to its class.
    ClassCredit { class: ClassId, credit_min: u32 },
    /// Its class is always first in this hall.
    ClassFirst { class: ClassId },
    /// The same, by its appointment.
    Appointment { slot: Timestamp, punctuality: Punctuality },
    /// Its appointment, or the time a missed call set it back to, has not come yet, but the counter had nobody else.
    NotDue { slot: Option<Timestamp> },
    /// It has waited longer than its service allows.
    WaitLimit { limit_min: u32, waited_min: u32 },
    /// The counter helps its service.
    Help { service: ServiceId, when: HelpWhen },
    /// It was the turn of its kind.
    Ratio { priority: bool, rule: Ratio, turn: u32 },
    /// It was sent to this counter, or to the person there.
    SentHere,
    /// It missed an earlier call and came back.
    Reinstated,
    /// Staff chose it.
    Chosen,
    /// It was set aside, and staff called it back.
    CalledBack,
}

/// A reason in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub zh: String,
    pub en: String,
}

impl CallReason {
    /// The reason a ticket is called on this ground.
    pub(crate) fn on(ground: Ground, ticket: &Ticket, plan: &Plan) -> Self {
        match ground {
            Ground::Standing => Self::by_standing(ticket, plan),
            Ground::Ratio { priority, rule, turn } => Self::Ratio { priority, rule, turn },
            Ground::WaitLimit { limit_min, waited_min } => Self::WaitLimit { limit_min, waited_min },
            Ground::Help { when } => Self::Help { service: ticket.service.clone(), when },
            Ground::NotDue => Self::NotDue { slot: ticket.appointment.map(|checked_in| checked_in.slot) },
        }
    }

    fn by_standing(ticket: &Ticket, plan: &Plan) -> Self {
        if ticket.awaits != Awaits::Service {
            return Self::SentHere;
        }
        if ticket.reinstated {
            return Self::Reinstated;
        }
        if let Some(checked_in) = ticket.appointment.filter(|it| it.punctuality != Punctuality::TooLate) {
            return Self::Appointment { slot: checked_in.slot, punctuality: checked_in.punctuality };
        }
        let class = plan.class(&ticket.class).filter(|_| plan.queue.rule == CallRule::Standing);
        match class.map(|class| class.credit_min) {
            None | Some(Credit::Minutes(0)) => Self::Arrival,
            Some(Credit::Minutes(credit_min)) => {
                Self::ClassCredit { class: ticket.class.clone(), credit_min }
            }
            Some(Credit::First) => Self::ClassFirst { class: ticket.class.clone() },
        }
    }

    /// The reason in words, for a call to `counter`.
    pub fn why(&self, counter: CounterNumber, plan: &Plan) -> Why {
        let clock = |moment: &Timestamp| moment.clock(plan.hall.utc_offset);
        let (zh, en) = match self {
            Self::Arrival => ("按到达先后".into(), "by arrival".into()),
            Self::ClassCredit { class, credit_min } => {
                let (zh, en) = class_name(class, plan);
                (
                    format!("{zh}, 视同提前 {credit_min} 分钟到达"),
                    format!("{en}, counted as {credit_min} min earlier"),
                )
            }
            Self::ClassFirst { class } => {
                let (zh, en) = class_name(class, plan);
                (format!("{zh}, 始终优先"), format!("{en}, always first"))
            }
            Self::Appointment { slot, punctuality } => {
                let slot = clock(slot);
                let (zh, en) = match punctuality {
                    Punctuality::Early => ("提前签到", "checked in early"),
                    Punctuality::Late => ("宽限内签到", "checked in within the grace"),
                    Punctuality::TooLate => ("迟到, 按现场取号", "too late, as a walk-in"),
                };
                (format!("约号 {slot}, {zh}"), format!("appointment {slot}, {en}"))
            }
            Self::NotDue { slot: Some(slot) } => {
                let slot = clock(slot);
                (
                    format!("约号 {slot}, 时间未到, 窗口无人等候"),
                    format!("appointment {slot}, not due yet, nobody else for this counter"),
                )
            }
            Self::NotDue { slot: None } => (
                "过号恢复, 时间未到, 窗口无人等候".into(),
                "came back before its time, nobody else for this counter".into(),
            ),
            Self::WaitLimit { limit_min, waited_min } => (
                format!("等候 {waited_min} 分钟, 已超 {limit_min} 分钟时限"),
                format!("has waited {waited_min} min, over the limit of {limit_min}"),
            ),
            Self::Help { service, when } => help_in_words(service, *when, counter, plan),
            Self::Ratio { priority, rule: Ratio { priority: of, ordinary }, .. } => {
                let (zh, en) = if *priority { ("优先", "priority") } else { ("普通", "ordinary") };
                (
                    format!("优先与普通 {of}:{ordinary}, 轮到{zh}"),
                    format!("priority to ordinary {of}:{ordinary}, the turn of {en}"),
                )
            }
            Self::SentHere => (format!("转至 {counter} 号窗口"), format!("was sent to counter {counter}")),
            Self::Reinstated => ("过号恢复".into(), "came back after a missed call".into()),
            Self::Chosen => ("窗口人员选定".into(), "chosen by staff".into()),
            Self::CalledBack => ("挂起后回呼".into(), "called back after being set aside".into()),
        };
        Why { zh, en }
    }
}

fn class_name<'a>(class: &'a ClassId, plan: &'a Plan) -> (&'a str, &'a str) {
    plan.class(class).map_or((class.as_str(), class.as_str()), |class| (&class.name, &class.name_en))
}

fn help_in_words(
    service: &ServiceId,
    when: HelpWhen,
    counter: CounterNumber,
    plan: &Plan,
) -> (String, String) {
    let (zh, en) =
        plan.service(service).map_or((service.as_str(), service.as_str()), |it| (&it.name, &it.name_en));
    let (because_zh, because_en) = match when {
        HelpWhen::OwnEmpty => ("本窗口业务无人等候".into(), "nobody waits for its own services".into()),
        HelpWhen::WaitedOverMin(minutes) => {
            (format!("等候已超 {minutes} 分钟"), format!("who has waited over {minutes} min"))
        }
    };
    (format!("窗口 {counter} 支援{zh}, {because_zh}"), format!("counter {counter} helps {en}, {because_en}"))
}
