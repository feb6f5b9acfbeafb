//! Plans and business days.

use std::sync::Arc;

use hall_core::{
    Appointment, AppointmentState, BusinessDay, Carried, Counter, CounterState, Day, Event, Place, Plan,
    ServiceId, Timestamp,
};

use super::clock::local;
use super::{Expected, Reference, appointments};

impl Reference {
    pub(super) fn adopt_plan(&mut self, plan: &Arc<Plan>, now: Timestamp) -> Expected {
        if !plan.check().is_empty() {
            return Err("plan_faulty");
        }
        if self.conflicts_with(plan, now) {
            return Err("plan_conflict");
        }
        let is_planned = |number| plan.counters.iter().any(|counter| counter.number == number);
        let mut events =
            self.expire(|place| matches!(place, Place::AtCounter(counter) if !is_planned(counter)));
        let before = std::mem::take(&mut self.counters);
        for number in plan.counters.iter().map(|counter| counter.number) {
            let kept = before.iter().find(|(other, _)| *other == number).map(|(_, counter)| counter.clone());
            self.counters.push((number, kept.unwrap_or_else(|| Counter::closed(now))));
        }
        self.counters.sort_by_key(|(number, _)| *number);
        self.plan = Some(plan.clone());
        events.push(Event::PlanAdopted { plan: plan.clone() });
        Ok(events)
    }

    /// Whether an appointment to come, or anything of today, stands against a new plan.
    fn conflicts_with(&self, plan: &Plan, now: Timestamp) -> bool {
        let is_known = |id: &ServiceId| plan.services.iter().any(|service| service.id == *id);
        let booked = |it: &&Appointment| it.state == AppointmentState::Booked && it.slot >= now;
        if self.appointments.iter().filter(booked).any(|it| !is_known(&it.service)) {
            return true;
        }
        let (Some(day), Some(old)) = (self.day, self.plan.as_deref()) else { return false };
        if day.date < local(old, now).0 && day.date < local(plan, now).0 {
            return false;
        }
        let in_use = self.tickets.iter().filter(|ticket| ticket.is_open());
        let service_in_use = in_use.clone().any(|ticket| {
            !is_known(&ticket.service) || ticket.onward.iter().any(|leg| !is_known(&leg.service))
        });
        let counter_in_use = self.counters.iter().any(|(number, counter)| {
            let is_planned = plan.counters.iter().any(|other| other.number == *number);
            counter.state != CounterState::Closed && !is_planned
        });
        let offset_changed = day.open && old.hall.utc_offset != plan.hall.utc_offset;
        let ends = Timestamp::at(day.date, plan.hall.day.to_min, plan.hall.utc_offset);
        let would_end = day.open && self.waiting().count() > 0 && ends <= now;
        service_in_use || counter_in_use || offset_changed || would_end
    }

    pub(super) fn open_day(&mut self, date: BusinessDay, now: Timestamp) -> Expected {
        let plan = self.plan()?;
        if self.day.is_some_and(|day| day.date >= date) {
            return Err("day_not_later");
        }
        let mut events =
            self.expire(|place| matches!(place, Place::Waiting | Place::AtCounter(_) | Place::Parked { .. }));
        if self.is_open() {
            events.extend(self.close_day()?);
        }
        let begins = Timestamp::at(date, 0, plan.hall.utc_offset);
        self.appointments.retain(|it| it.state == AppointmentState::Booked && it.slot >= begins);
        self.missed.retain(|(_, slot)| appointments::still_counts(&plan, *slot, date));
        self.missed.sort();
        let carried = Carried {
            next_appointment: hall_core::AppointmentId(self.appointments_ever + 1),
            appointments: self.appointments.clone(),
            missed: self.missed.clone(),
        };
        self.day = Some(Day { date, open: true });
        self.tickets.clear();
        self.full.clear();
        self.printers.clear();
        for (_, counter) in &mut self.counters {
            *counter = Counter::closed(now);
        }
        let next_ticket = hall_core::TicketId(self.tickets_ever + 1);
        events.push(Event::DayOpened { day: date, next_ticket, carried: Box::new(carried) });
        Ok(events)
    }

    pub(super) fn close_day(&mut self) -> Expected {
        self.must_be_open()?;
        let date = self.day.unwrap().date;
        let mut events = self.expire(|place| matches!(place, Place::Waiting | Place::Parked { .. }));
        events.extend(self.miss_appointments(date));
        self.day = Some(Day { date, open: false });
        events.push(Event::DayClosed { day: date });
        Ok(events)
    }

    fn expire(&mut self, left: impl Fn(Place) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        for ticket in self.tickets.iter_mut().filter(|ticket| left(ticket.place)) {
            ticket.place = Place::Expired;
            events.push(Event::TicketExpired { ticket: ticket.id, number: ticket.number.clone() });
        }
        events
    }
}
