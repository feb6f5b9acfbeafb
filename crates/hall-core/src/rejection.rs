//! Why a command was refused: closed, with stable codes. A refusal changes nothing.

use std::fmt;

use thiserror::Error;

use crate::plan::Fault;
use crate::{BusinessDay, ClassId, CounterNumber, ServiceId};

/// A refusal. `Display` says in English what is wrong; [`zh`](Rejection::zh) says it to people in the hall.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Rejection {
    #[error("no plan has been adopted yet")]
    NoPlan,
    #[error("the plan has {} fault(s): {}", .0.len(), Listed(.0))]
    PlanFaulty(Vec<Fault>),
    #[error("the running day cannot accept this plan, settle what is named or wait for the next day: {}", Listed(.0))]
    PlanConflict(Vec<PlanConflict>),
    #[error("business day {0} is not after the last one")]
    DayNotLater(BusinessDay),
    #[error("no business day is open")]
    DayClosed,
    #[error("there is no service {0}")]
    UnknownService(ServiceId),
    #[error("there is no class {0}")]
    UnknownClass(ClassId),
    #[error("there is no counter {0}")]
    UnknownCounter(CounterNumber),
    #[error("service {0} is outside its hours")]
    ServiceClosed(ServiceId),
    #[error("counter {0} is closed: open it first")]
    CounterClosed(CounterNumber),
    #[error("counter {0} is paused: open it again first")]
    CounterPaused(CounterNumber),
    #[error("counter {0} has a ticket: finish it, transfer it or mark it a no-show first")]
    CounterBusy(CounterNumber),
    #[error("counter {0} has not called a ticket")]
    NothingCalled(CounterNumber),
    #[error("counter {0} is not serving a ticket")]
    NothingServing(CounterNumber),
    #[error("the ticket at counter {counter} has been called {limit} times, the limit: start or no-show")]
    RecallLimit { counter: CounterNumber, limit: u32 },
    #[error("the ticket at counter {0} already is for that service")]
    SameService(CounterNumber),
    #[error("a pause needs a reason of 1 to {limit} visible characters")]
    PauseReason { limit: usize },
}

impl Rejection {
    /// A stable name for programs; texts may change, codes do not.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPlan => "no_plan",
            Self::PlanFaulty(_) => "plan_faulty",
            Self::PlanConflict(_) => "plan_conflict",
            Self::DayNotLater(_) => "day_not_later",
            Self::DayClosed => "day_closed",
            Self::UnknownService(_) => "unknown_service",
            Self::UnknownClass(_) => "unknown_class",
            Self::UnknownCounter(_) => "unknown_counter",
            Self::ServiceClosed(_) => "service_closed",
            Self::CounterClosed(_) => "counter_closed",
            Self::CounterPaused(_) => "counter_paused",
            Self::CounterBusy(_) => "counter_busy",
            Self::NothingCalled(_) => "nothing_called",
            Self::NothingServing(_) => "nothing_serving",
            Self::RecallLimit { .. } => "recall_limit",
            Self::SameService(_) => "same_service",
            Self::PauseReason { .. } => "pause_reason",
        }
    }

    /// What to tell people in the hall, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NoPlan => "大厅方案尚未载入".into(),
            Self::PlanFaulty(faults) => format!("方案有 {} 处错误", faults.len()),
            Self::PlanConflict(_) => "当前营业日不能接受此方案，请先处理冲突，或次日再启用".into(),
            Self::DayNotLater(day) => format!("营业日 {day} 不晚于上一营业日"),
            Self::DayClosed => "现在不在营业时间".into(),
            Self::UnknownService(service) => format!("没有业务 {service}"),
            Self::UnknownClass(class) => format!("没有类别 {class}"),
            Self::UnknownCounter(counter) => format!("没有 {counter} 号窗口"),
            Self::ServiceClosed(_) => "该业务不在办理时间内".into(),
            Self::CounterClosed(counter) => format!("{counter} 号窗口未开放，请先开窗"),
            Self::CounterPaused(counter) => format!("{counter} 号窗口暂停服务，请先恢复"),
            Self::CounterBusy(counter) => format!("{counter} 号窗口有未办结的号，请先办结、转移或过号"),
            Self::NothingCalled(counter) => format!("{counter} 号窗口没有已叫的号"),
            Self::NothingServing(counter) => format!("{counter} 号窗口没有正在办理的号"),
            Self::RecallLimit { limit, .. } => format!("已叫 {limit} 次，达到上限，请开始办理或过号"),
            Self::SameService(_) => "该号已在此业务中".into(),
            Self::PauseReason { limit } => format!("请填写暂停原因（1 至 {limit} 字）"),
        }
    }
}

/// What of the running day stands against a new plan.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanConflict {
    #[error("service {service} has {tickets} open ticket(s) and is missing from the plan: serve them first")]
    ServiceInUse { service: ServiceId, tickets: usize },
    #[error("counter {0} is not closed and is missing from the plan: close it first")]
    CounterInUse(CounterNumber),
    #[error("by this plan the day is over, but {waiting} ticket(s) still wait")]
    DayWouldEnd { waiting: usize },
    #[error("the UTC offset differs while a business day is open: wait for the next day")]
    OffsetChanged,
}

struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}
