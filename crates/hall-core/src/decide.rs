//! Decisions: what a command makes of the state. Changes nothing.

use std::sync::Arc;

use crate::discipline::{Line, next_of};
use crate::{
    BusinessDay, CallReason, ClassId, Command, CounterNumber, CounterState, Day, Event, Hall, Place, Plan,
    PlanConflict, Rejection, ServiceId, Standing, Ticket, TicketId, TicketNumber, Timestamp,
};

type Decision = Result<Vec<Event>, Rejection>;

/// Longest reason for a pause, in characters: it must fit on the strip over the counter.
pub const PAUSE_REASON_CHARS_MAX: usize = 20;

impl Hall {
    /// What happens if `command` is carried out at `now`, or why it is refused.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Decision {
        match command {
            Command::AdoptPlan { plan } => self.adopt_plan(plan, now),
            Command::OpenDay { day } => self.begin_day(*day),
            Command::CloseDay => self.close_day(),
            Command::IssueTicket { service, class } => self.issue_ticket(service, class, now),
            Command::OpenCounter { counter } => self.open_counter(*counter),
            Command::PauseCounter { counter, reason } => self.pause_counter(*counter, reason),
            Command::CloseCounter { counter } => self.close_counter(*counter),
            Command::CallNext { counter } => self.call_next(*counter),
            Command::Recall { counter } => self.recall(*counter),
            Command::StartService { counter } => {
                let (ticket, _) = self.called_at(*counter)?;
                let number = ticket.number.clone();
                Ok(vec![Event::ServiceStarted { ticket: ticket.id, number, counter: *counter }])
            }
            Command::FinishService { counter } => {
                let ticket = self.served_at(*counter)?;
                let number = ticket.number.clone();
                Ok(vec![Event::ServiceFinished { ticket: ticket.id, number, counter: *counter }])
            }
            Command::NoShow { counter } => {
                let (ticket, _) = self.called_at(*counter)?;
                let number = ticket.number.clone();
                Ok(vec![Event::TicketMissed { ticket: ticket.id, number, counter: *counter }])
            }
            Command::Transfer { counter, service } => self.transfer(*counter, service),
        }
    }

    /// The next moment after `now` at which [`due`](Hall::due) may have something to do.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let plan = self.plan.as_ref()?;
        let today = plan.date(now);
        let last = match self.day {
            Some(day) if day.open => return Some(plan.day_ends(day.date)),
            Some(day) => day.date,
            None => BusinessDay::MIN,
        };
        let next = if last >= today || now >= plan.day_ends(today) {
            last.max(today).tomorrow().ok()?
        } else {
            today
        };
        Some(plan.day_begins(next))
    }

    /// What the clock demands at `now`, in order: business days end and begin.
    pub fn due(&self, now: Timestamp) -> Vec<Command> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let today = plan.date(now);
        let mut due = Vec::new();
        if self.day.is_some_and(|day| day.open && now >= plan.day_ends(day.date)) {
            due.push(Command::CloseDay);
        }
        let within_today = (plan.day_begins(today)..plan.day_ends(today)).contains(&now);
        if within_today && self.day.is_none_or(|day| day.date < today) {
            due.push(Command::OpenDay { day: today });
        }
        due
    }

    fn adopt_plan(&self, plan: &Arc<Plan>, now: Timestamp) -> Decision {
        let faults = plan.check();
        if !faults.is_empty() {
            return Err(Rejection::PlanFaulty(faults));
        }
        let conflicts = self.conflicts_with(plan, now);
        if !conflicts.is_empty() {
            return Err(Rejection::PlanConflict(conflicts));
        }
        Ok(vec![Event::PlanAdopted { plan: plan.clone() }])
    }

    /// What stands against a new plan. Only today does: whatever an earlier day left behind, the next one begins without.
    fn conflicts_with(&self, plan: &Plan, now: Timestamp) -> Vec<PlanConflict> {
        let mut conflicts = Vec::new();
        let plans = self.plan.as_deref().into_iter().chain([plan]);
        if !self.day.is_some_and(|day| plans.map(|plan| plan.date(now)).any(|today| day.date >= today)) {
            return conflicts;
        }
        let mut open_tickets = std::collections::BTreeMap::<&ServiceId, usize>::new();
        for ticket in self.tickets.values() {
            if matches!(ticket.place, Place::Waiting | Place::AtCounter(_)) {
                *open_tickets.entry(&ticket.service).or_default() += 1;
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
        if open && self.plan.as_ref().is_some_and(|old| old.hall.utc_offset != plan.hall.utc_offset) {
            conflicts.push(PlanConflict::OffsetChanged);
        }
        let waiting = self.lines.values().map(Line::len).sum();
        if waiting > 0 && self.day.is_some_and(|day| day.open && plan.day_ends(day.date) <= now) {
            conflicts.push(PlanConflict::DayWouldEnd { waiting });
        }
        conflicts
    }

    fn begin_day(&self, day: BusinessDay) -> Decision {
        self.plan_in_force()?;
        if self.day.is_some_and(|last| last.date >= day) {
            return Err(Rejection::DayNotLater(day));
        }
        let mut events = self.expire(|place| matches!(place, Place::Waiting | Place::AtCounter(_)));
        if let Some(Day { date, open: true }) = self.day {
            events.push(Event::DayClosed { day: date });
        }
        events.push(Event::DayOpened { day, next_ticket: self.next_ticket });
        Ok(events)
    }

    fn close_day(&self) -> Decision {
        let Some(Day { date, open: true }) = self.day else { return Err(Rejection::DayClosed) };
        let mut events = self.expire(|place| place == Place::Waiting);
        events.push(Event::DayClosed { day: date });
        Ok(events)
    }

    fn expire(&self, left: impl Fn(Place) -> bool) -> Vec<Event> {
        let mut left: Vec<&Ticket> = self.tickets.values().filter(|ticket| left(ticket.place)).collect();
        left.sort_by_key(|ticket| ticket.id);
        left.into_iter()
            .map(|ticket| Event::TicketExpired { ticket: ticket.id, number: ticket.number.clone() })
            .collect()
    }

    fn issue_ticket(&self, service: &ServiceId, class: &ClassId, now: Timestamp) -> Decision {
        let plan = self.plan_in_force()?;
        let service = plan.service(service).ok_or_else(|| Rejection::UnknownService(service.clone()))?;
        let class = plan.class(class).ok_or_else(|| Rejection::UnknownClass(class.clone()))?;
        if !self.day.is_some_and(|day| day.open) {
            return Err(Rejection::DayClosed);
        }
        if !plan.is_open(service, now) {
            return Err(Rejection::ServiceClosed(service.id.clone()));
        }
        let ticket = self.next_ticket;
        let standing = Standing::walk_in(now, class.credit_min);
        let count = self.issued.get(&service.prefix).copied().unwrap_or(0) + 1;
        Ok(vec![Event::TicketIssued {
            ticket,
            number: TicketNumber::new(&service.prefix, count),
            service: service.id.clone(),
            class: class.id.clone(),
            standing,
            ahead: self.ahead_in(&service.id, standing, ticket),
        }])
    }

    fn open_counter(&self, counter: CounterNumber) -> Decision {
        match self.state_of(counter)? {
            CounterState::Closed | CounterState::Paused { .. } => Ok(vec![Event::CounterOpened { counter }]),
            _ => Ok(Vec::new()),
        }
    }

    fn pause_counter(&self, counter: CounterNumber, reason: &str) -> Decision {
        match self.state_of(counter)? {
            CounterState::Closed => return Err(Rejection::CounterClosed(counter)),
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                return Err(Rejection::CounterBusy(counter));
            }
            CounterState::Idle | CounterState::Paused { .. } => {}
        }
        let reason = reason.trim();
        let fits = (1..=PAUSE_REASON_CHARS_MAX).contains(&reason.chars().count());
        if !fits || reason.chars().any(is_invisible) {
            return Err(Rejection::PauseReason { limit: PAUSE_REASON_CHARS_MAX });
        }
        Ok(vec![Event::CounterPaused { counter, reason: reason.to_owned() }])
    }

    fn close_counter(&self, counter: CounterNumber) -> Decision {
        match self.state_of(counter)? {
            CounterState::Closed => Ok(Vec::new()),
            CounterState::Idle | CounterState::Paused { .. } => Ok(vec![Event::CounterClosed { counter }]),
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                Err(Rejection::CounterBusy(counter))
            }
        }
    }

    fn call_next(&self, counter: CounterNumber) -> Decision {
        match self.state_of(counter)? {
            CounterState::Idle => {}
            CounterState::Closed => return Err(Rejection::CounterClosed(counter)),
            CounterState::Paused { .. } => return Err(Rejection::CounterPaused(counter)),
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                return Err(Rejection::CounterBusy(counter));
            }
        }
        let plan = self.plan_in_force()?;
        let profile = plan.counter(counter).ok_or(Rejection::UnknownCounter(counter))?;
        let next = next_of(&profile.services, |service| self.lines.get(service));
        Ok(next
            .and_then(|id| self.tickets.get(&id))
            .map(|ticket| self.call(plan, ticket, counter))
            .into_iter()
            .collect())
    }

    fn call(&self, plan: &Plan, ticket: &Ticket, counter: CounterNumber) -> Event {
        Event::TicketCalled {
            ticket: ticket.id,
            number: ticket.number.clone(),
            service: ticket.service.clone(),
            counter,
            reason: plan.class(&ticket.class).map_or(CallReason::Arrival, CallReason::of_standing),
        }
    }

    fn recall(&self, counter: CounterNumber) -> Decision {
        let (ticket, calls) = self.called_at(counter)?;
        let limit = self.plan_in_force()?.queue.call_limit;
        if calls >= limit {
            return Err(Rejection::RecallLimit { counter, limit });
        }
        Ok(vec![Event::TicketRecalled {
            ticket: ticket.id,
            number: ticket.number.clone(),
            service: ticket.service.clone(),
            counter,
            calls: calls + 1,
        }])
    }

    fn transfer(&self, counter: CounterNumber, to: &ServiceId) -> Decision {
        let plan = self.plan_in_force()?;
        let ticket = match self.state_of(counter)? {
            CounterState::Calling { ticket, .. } | CounterState::Serving { ticket } => self.held(*ticket),
            _ => return Err(Rejection::NothingServing(counter)),
        };
        let to = &plan.service(to).ok_or_else(|| Rejection::UnknownService(to.clone()))?.id;
        if ticket.service == *to {
            return Err(Rejection::SameService(counter));
        }
        if !self.day.is_some_and(|day| day.open) {
            return Err(Rejection::DayClosed);
        }
        Ok(vec![Event::TicketTransferred {
            ticket: ticket.id,
            number: ticket.number.clone(),
            counter,
            from: ticket.service.clone(),
            to: to.clone(),
            ahead: self.ahead_in(to, ticket.standing, ticket.id),
        }])
    }

    fn plan_in_force(&self) -> Result<&Plan, Rejection> {
        self.plan.as_deref().ok_or(Rejection::NoPlan)
    }

    fn state_of(&self, counter: CounterNumber) -> Result<&CounterState, Rejection> {
        self.plan_in_force()?;
        self.counters.get(&counter).map(|counter| &counter.state).ok_or(Rejection::UnknownCounter(counter))
    }

    fn called_at(&self, counter: CounterNumber) -> Result<(&Ticket, u32), Rejection> {
        match self.state_of(counter)? {
            CounterState::Calling { ticket, calls } => Ok((self.held(*ticket), *calls)),
            _ => Err(Rejection::NothingCalled(counter)),
        }
    }

    fn served_at(&self, counter: CounterNumber) -> Result<&Ticket, Rejection> {
        match self.state_of(counter)? {
            CounterState::Serving { ticket } => Ok(self.held(*ticket)),
            _ => Err(Rejection::NothingServing(counter)),
        }
    }

    fn held(&self, id: TicketId) -> &Ticket {
        self.tickets.get(&id).unwrap_or_else(|| panic!("a counter holds ticket {id}, which was never issued"))
    }
}

/// Control characters and those that turn the direction of text: nothing for a strip over a counter.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
