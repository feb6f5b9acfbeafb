//! Plans and business days.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Decision;
use crate::{
    BusinessDay, CounterState, Day, Event, Hall, Place, Plan, PlanConflict, Rejection, ServiceId, Ticket,
    Timestamp,
};

impl Hall {
    pub(super) fn adopt_plan(&self, plan: &Arc<Plan>, now: Timestamp) -> Decision {
        let faults = plan.check();
        if !faults.is_empty() {
            return Err(Rejection::PlanFaulty(faults));
        }
        let conflicts = self.conflicts_with(plan, now);
        if !conflicts.is_empty() {
            return Err(Rejection::PlanConflict(conflicts));
        }
        // Left behind by an earlier day: where the counter goes, nobody could settle them any more.
        let mut events = self
            .expire(|place| matches!(place, Place::AtCounter(counter) if plan.counter(counter).is_none()));
        events.push(Event::PlanAdopted { plan: plan.clone() });
        Ok(events)
    }

    /// What stands against a new plan: appointments, and today. Whatever else an earlier day left behind, the next one
    /// begins without.
    fn conflicts_with(&self, plan: &Plan, now: Timestamp) -> Vec<PlanConflict> {
        let mut booked = BTreeMap::<&ServiceId, usize>::new();
        for service in self.bookings.booked_from(now) {
            *booked.entry(service).or_default() += 1;
        }
        let missing = booked.into_iter().filter(|(service, _)| plan.service(service).is_none());
        let mut conflicts: Vec<_> = missing
            .map(|(service, appointments)| PlanConflict::ServiceBooked {
                service: service.clone(),
                appointments,
            })
            .collect();
        let plans = self.plan().map(Arc::as_ref).into_iter().chain([plan]);
        if !self.day.is_some_and(|day| plans.map(|plan| plan.date(now)).any(|today| day.date >= today)) {
            return conflicts;
        }
        let mut open_tickets = BTreeMap::<&ServiceId, usize>::new();
        for ticket in self.tickets.values().filter(|ticket| ticket.place.is_open()) {
            for service in ticket.onward.iter().map(|leg| &leg.service).chain([&ticket.service]) {
                *open_tickets.entry(service).or_default() += 1;
            }
        }
        for (service, tickets) in open_tickets {
            if plan.service(service).is_none() {
                conflicts.push(PlanConflict::ServiceInUse { service: service.clone(), tickets });
            }
        }
        for (number, counter) in &self.counters {
            if counter.state != CounterState::Closed && plan.counter(*number).is_none() {
                conflicts.push(PlanConflict::CounterInUse(*number));
            }
        }
        let open = self.day.is_some_and(|day| day.open);
        if open && self.plan().is_some_and(|old| old.hall.utc_offset != plan.hall.utc_offset) {
            conflicts.push(PlanConflict::OffsetChanged);
        }
        let waiting = self.lines.waiting;
        if waiting > 0 && self.day.is_some_and(|day| day.open && plan.day_ends(day.date) <= now) {
            conflicts.push(PlanConflict::DayWouldEnd { waiting });
        }
        conflicts
    }

    pub(super) fn begin_day(&self, day: BusinessDay) -> Decision {
        let plan = self.plan_in_force()?;
        if self.day.is_some_and(|last| last.date >= day) {
            return Err(Rejection::DayNotLater(day));
        }
        let mut events = self.expire(Place::is_open);
        if let Some(Day { date, open: true }) = self.day {
            events.extend(self.missed_appointments(date));
            events.push(Event::DayClosed { day: date });
        }
        let carried = Box::new(self.bookings.carried_to(day, plan));
        events.push(Event::DayOpened { day, next_ticket: self.next_ticket, carried });
        Ok(events)
    }

    pub(super) fn close_day(&self) -> Decision {
        let Some(Day { date, open: true }) = self.day else { return Err(Rejection::DayClosed) };
        let mut events = self.expire(|place| matches!(place, Place::Waiting | Place::Parked { .. }));
        events.extend(self.missed_appointments(date));
        events.push(Event::DayClosed { day: date });
        Ok(events)
    }

    fn missed_appointments(&self, day: BusinessDay) -> impl Iterator<Item = Event> {
        let missed = self.plan.iter().flat_map(move |plan| self.bookings.missed_at_close(day, plan));
        missed.map(|appointment| Event::AppointmentMissed { appointment })
    }

    fn expire(&self, left: impl Fn(Place) -> bool) -> Vec<Event> {
        let mut left: Vec<&Ticket> = self.tickets.values().filter(|ticket| left(ticket.place)).collect();
        left.sort_by_key(|ticket| ticket.id);
        left.into_iter()
            .map(|ticket| Event::TicketExpired { ticket: ticket.id, number: ticket.number.clone() })
            .collect()
    }
}
