//! A day as it was, from the records of its journal: to be met again under other rules, or with one more counter.

mod shifts;
mod typical;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use hall_core::{
    Appointment, AppointmentState, BusinessDay, CounterNumber, Event, Plan, Record, Timestamp, Wish,
};
use thiserror::Error;

use super::scenario::{Coming, Scenario, Visit};
use shifts::Shifts;
use typical::Typical;
use ways::Ways;

/// Why records are no day to be met again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RecordedError {
    #[error("记录中没有方案 / no plan is in the records")]
    NoPlan,
    #[error("记录中没有营业日 / no business day is in the records")]
    NoDay,
    #[error("记录中没有 {0} / {0} is not in the records")]
    NotThatDay(BusinessDay),
    #[error("方案没有窗口 {0} / the plan has no counter {0}")]
    NoCounter(CounterNumber),
    #[error("没有空的窗口号 / no counter number is free")]
    NoNumber,
}

/// One business day of a journal.
#[derive(Clone, Debug)]
pub struct RecordedDay {
    pub day: BusinessDay,
    /// By which the day began.
    pub plan: Arc<Plan>,
    /// From the opening of the day on.
    pub records: Vec<Record>,
}

impl RecordedDay {
    /// The day `day`, or the last one, among `records`.
    ///
    /// # Errors
    /// When it is not there, or no plan before it.
    pub fn of(records: Vec<Record>, day: Option<BusinessDay>) -> Result<Self, RecordedError> {
        let begins = |record: &Record| match &record.event {
            Event::DayOpened { day: opened, .. } if day.is_none_or(|day| day == *opened) => Some(*opened),
            _ => None,
        };
        let mut opened = records.iter().enumerate().filter_map(|(i, record)| Some((i, begins(record)?)));
        let missing = day.map_or(RecordedError::NoDay, RecordedError::NotThatDay);
        let (first, day) = opened.next_back().ok_or(missing)?;
        let plan = records[..first].iter().rev().find_map(|record| match &record.event {
            Event::PlanAdopted { plan } => Some(plan.clone()),
            _ => None,
        });
        let next = records[first + 1..].iter().position(|it| matches!(it.event, Event::DayOpened { .. }));
        let end = next.map_or(records.len(), |after| first + 1 + after);
        let records = records.into_iter().take(end).skip(first).collect();
        Ok(Self { day, plan: plan.ok_or(RecordedError::NoPlan)?, records })
    }

    /// The plan with one more counter like `counter`, open as long and with the same breaks.
    ///
    /// # Errors
    /// When there is no such counter.
    pub fn with_another(
        scenario: &mut Scenario,
        plan: &Plan,
        counter: CounterNumber,
    ) -> Result<Plan, RecordedError> {
        let like = plan.counter(counter).ok_or(RecordedError::NoCounter(counter))?.clone();
        let last = plan.counters.iter().map(|counter| counter.number.0).max().unwrap_or(0);
        let number = CounterNumber(last + 1);
        if last >= 999 {
            return Err(RecordedError::NoNumber);
        }
        let shift = scenario.shifts.iter().find(|shift| shift.counter == counter);
        if let Some(shift) = shift.cloned() {
            scenario.shifts.push(super::scenario::Shift { counter: number, staff: None, ..shift });
        }
        let mut plan = plan.clone();
        plan.counters.push(hall_core::plan::Counter { number, ..like });
        Ok(plan)
    }
}

impl Scenario {
    /// What people brought into a recorded day: when they came, how long everything took them, when counters were
    /// open. Somebody who was never served takes as long as others for the same service.
    pub fn recorded(recorded: &RecordedDay) -> Self {
        let mut ways = Ways::default();
        let mut shifts = Shifts::default();
        let mut profiles = Vec::new();
        let mut booked = Booked::default();
        for Record { at, event, .. } in &recorded.records {
            shifts.take(event, *at, &ways, &recorded.plan);
            ways.take(event, *at);
            booked.take(event);
            if let Event::ProfileSet { counter, profile } = event {
                profiles.push((*at, *counter, profile.clone()));
            }
        }
        let ended_at = recorded.records.last().map_or(Timestamp::from_ms(0), |record| record.at);
        let typical = Typical::of(&recorded.plan, &ways);
        let mut visits = ways.visits(&typical);
        visits.extend(booked.missed(recorded, &typical));
        visits.sort_by_key(|visit| visit.at);
        Self { day: recorded.day, visits, shifts: shifts.until(ended_at), profiles }
    }
}

/// Appointments, to know who never came for theirs.
#[derive(Default)]
struct Booked(BTreeMap<hall_core::AppointmentId, Appointment>);

impl Booked {
    fn take(&mut self, event: &Event) {
        match event {
            Event::DayOpened { carried, .. } => {
                self.0.extend(carried.appointments.iter().map(|it| (it.id, it.clone())));
            }
            Event::AppointmentBooked(appointment) => {
                self.0.insert(appointment.id, appointment.clone());
            }
            Event::AppointmentChanged { appointment, slot } => {
                if let Some(appointment) = self.0.get_mut(appointment) {
                    appointment.slot = *slot;
                }
            }
            Event::AppointmentCancelled { appointment } => _ = self.0.remove(appointment),
            Event::TicketIssued(issued) => {
                if let Some(checked_in) = issued.appointment {
                    self.0.remove(&checked_in.id);
                }
            }
            _ => {}
        }
    }

    fn missed(self, recorded: &RecordedDay, typical: &Typical<'_>) -> Vec<Visit> {
        let today = |appointment: &Appointment| {
            recorded.plan.date(appointment.slot) == recorded.day
                && matches!(appointment.state, AppointmentState::Booked | AppointmentState::Missed)
        };
        let missed = self.0.into_values().filter(today);
        missed
            .map(|it| Visit {
                at: it.slot,
                coming: Coming::Booked { slot: it.slot, comes: false },
                stops: vec![typical.stop(&it.service)],
                wish: Wish { person: it.person, ..Wish::new(it.service, it.class) },
            })
            .collect()
    }
}
