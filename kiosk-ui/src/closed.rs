//! Why a service gives no numbers now, when it will again, and how a citizen is told.

use hall_api::Problem;
use hall_core::plan::{Quota, Service};
use hall_core::{BusinessDay, Plan, Rejection, Timestamp};

use crate::model::{Model, Order};
use crate::openings::{Opening, next_opening, service_bands};
use crate::words::{self, Message, Words};

/// The end of a day's clock.
const DAY_END_MIN: u16 = 24 * 60;

/// A service that gives no numbers now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub why: Why,
    today: BusinessDay,
    again: Option<Opening>,
}

/// Why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    DayOff,
    /// Who took a number now would probably not be served before the close.
    Full,
    /// The quota is reached, in the hub's words.
    UsedUp(Words),
    OutsideHours,
}

/// A quota the hub has said is reached. Only the hub counts; but a count never goes down within its band.
#[derive(Clone, Debug)]
pub(crate) struct UsedUp {
    day: BusinessDay,
    until_min: u16,
    words: Words,
}

impl Model {
    /// Why a service gives no numbers at `now`; none while it does.
    pub(crate) fn closed(&self, plan: &Plan, service: &Service, now: Timestamp) -> Option<Closed> {
        let (today, minute) = (plan.date(now), now.minute_of_day(plan.hall.utc_offset));
        let used_up = self.used_up.get(&service.id);
        let used_up = used_up.filter(|used_up| used_up.day == today && minute < used_up.until_min);
        let (why, from_min) = if !plan.is_working_day(today) {
            (Why::DayOff, DAY_END_MIN)
        } else if self.mirror.view().full.contains(&service.id) {
            (Why::Full, DAY_END_MIN)
        } else if let Some(used_up) = used_up {
            (Why::UsedUp(used_up.words.clone()), used_up.until_min)
        } else if !plan.is_open(service, now) {
            (Why::OutsideHours, minute)
        } else {
            return None;
        };
        Some(Closed { why, today, again: again(plan, service, today, from_min) })
    }

    /// What to say of a refusal that came at `now`. A quota that is reached is remembered.
    pub(crate) fn refused(&mut self, order: &Order, problem: &Problem, now: Option<Timestamp>) -> Message {
        let plan = &order.plan;
        let (Some(service), Some(now)) = (plan.service(&order.service), now) else {
            return Message { what: words::refused(problem), todo: words::ask_staff() };
        };
        let (today, minute) = (plan.date(now), now.minute_of_day(plan.hall.utc_offset));
        let when = |from_min| words::again(again(plan, service, today, from_min), today);
        let todo = match problem.code.as_str() {
            "quota_reached" => match reached(service, problem) {
                None => words::ask_staff(),
                Some(quota) => {
                    let (what, until_min) = (words::quota_reached(problem, quota.hours), quota.hours.to_min);
                    let used_up = UsedUp { day: today, until_min, words: what.clone() };
                    self.used_up.insert(service.id.clone(), used_up);
                    return Message { what, todo: when(until_min) };
                }
            },
            "service_full" | "day_off" => when(DAY_END_MIN),
            "service_closed" | "day_closed" => when(minute),
            "person_required" => words::bring_document(),
            _ => words::ask_staff(),
        };
        Message { what: words::refused(problem), todo }
    }
}

impl Closed {
    /// In short, for a tile.
    pub fn status(&self) -> Words {
        match self.why {
            Why::DayOff => words::day_off_short(),
            Why::UsedUp(_) if self.again.is_some_and(|again| again.day == self.today) => {
                words::full_for_now()
            }
            Why::Full | Why::UsedUp(_) => words::full_today(),
            Why::OutsideHours => words::closed_now(),
        }
    }

    /// When there will be numbers again.
    pub fn again(&self) -> Words {
        words::again(self.again, self.today)
    }

    /// For whoever touches it all the same.
    pub fn message(&self) -> Message {
        let what = match &self.why {
            Why::DayOff => words::day_off(),
            Why::Full => words::service_full(),
            Why::UsedUp(words) => words.clone(),
            Why::OutsideHours => words::service_closed(),
        };
        Message { what, todo: self.again() }
    }
}

fn again(plan: &Plan, service: &Service, today: BusinessDay, from_min: u16) -> Option<Opening> {
    next_opening(today, from_min, |day| service_bands(plan, service, day))
}

/// The quota of a refusal: the one it is worded for, since several may run at the same time.
fn reached<'a>(service: &'a Service, problem: &Problem) -> Option<&'a Quota> {
    service.quotas.iter().find(|quota| {
        let (service, hours, tickets) = (service.id.clone(), quota.hours, quota.tickets);
        Rejection::QuotaReached { service, hours, tickets }.zh() == problem.title_zh
    })
}
