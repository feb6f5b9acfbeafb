//! Who is called, and why.

use hall_core::plan::{CallRule, Credit, HelpWhen};
use hall_core::{
    Awaits, CallReason, CounterNumber, CounterState, Event, Place, Plan, Punctuality, ServiceId, TicketId,
    Timestamp, Why,
};

use super::{Expected, Reference, Ticket};

impl Reference {
    pub(super) fn must_be_idle(&self, number: CounterNumber) -> Result<(), &'static str> {
        match self.state(number)? {
            CounterState::Idle => Ok(()),
            CounterState::Closed => Err("counter_closed"),
            CounterState::Paused { .. } => Err("counter_paused"),
            CounterState::Calling { .. } | CounterState::Serving { .. } => Err("counter_busy"),
        }
    }

    /// Who is next for a counter: whoever has waited too long, its own, those it helps, those whose time has not come.
    pub(super) fn next(&self, number: CounterNumber, now: Timestamp) -> Option<(TicketId, CallReason)> {
        let plan = self.plan.as_deref()?;
        let waiting: Vec<&Ticket> = self.waiting().collect();
        if waiting.is_empty() {
            return None;
        }
        let (profile, staff) = (self.profile(number), &self.counters[self.counter(number).ok()?].1.staff);
        let sent_here = |ticket: &&Ticket| match &ticket.awaits {
            Awaits::Service => false,
            Awaits::Counter(counter) => *counter == number,
            Awaits::Staff(person) => staff.as_ref() == Some(person),
        };
        let waits_for = |ticket: &&Ticket, service: &ServiceId| {
            ticket.awaits == Awaits::Service && ticket.service == *service
        };
        let is_own = |ticket: &&Ticket| {
            sent_here(ticket) || profile.services.iter().any(|service| waits_for(ticket, service))
        };
        let mut own: Vec<&Ticket> = waiting.iter().copied().filter(is_own).collect();
        own.sort_by_key(|ticket| ticket.rank());
        let (own_due, own_early): (Vec<&Ticket>, Vec<&Ticket>) =
            own.iter().partition(|ticket| ticket.is_due(now));

        let mut helped: Vec<(&Ticket, HelpWhen)> = Vec::new();
        for help in &profile.helps {
            let mut line = waiting.clone();
            line.retain(|ticket| waits_for(ticket, &help.service));
            line.sort_by_key(|ticket| ticket.rank());
            let helps = match help.when {
                HelpWhen::OwnEmpty => own_due.is_empty(),
                HelpWhen::WaitedOverMin(minutes) => {
                    line.first().is_some_and(|t| t.has_waited_over(minutes, now))
                }
            };
            if helps {
                helped.extend(line.into_iter().map(|ticket| (ticket, help.when)));
            }
        }
        helped.sort_by_key(|(ticket, _)| ticket.rank());

        let all = own.iter().copied().chain(helped.iter().map(|(ticket, _)| *ticket));
        let overdue = all.filter(|ticket| ticket.is_due(now)).filter_map(|ticket| {
            let limit_min = wait_limit_min(plan, ticket)?;
            ticket.has_waited_over(limit_min, now).then_some((ticket, limit_min))
        });
        if let Some((ticket, limit_min)) = overdue.min_by_key(|(ticket, _)| ticket.rank()) {
            let waited_min = ((now.as_ms() - ticket.waits_from.as_ms()) / 60_000) as u32;
            return Some((ticket.id, CallReason::WaitLimit { limit_min, waited_min }));
        }
        if let Some(next) = self.next_by_rule(plan, number, &own_due) {
            return Some(next);
        }
        let help = |(ticket, when): &(&Ticket, HelpWhen)| {
            (ticket.id, CallReason::Help { service: ticket.service.clone(), when: *when })
        };
        if let Some(next) = helped.iter().find(|(ticket, _)| ticket.is_due(now)) {
            return Some(help(next));
        }
        if let Some(next) = own_early.first() {
            return Some((next.id, CallReason::NotDue { slot: next.appointment.map(|it| it.slot) }));
        }
        helped.first().map(help)
    }

    fn next_by_rule(
        &self,
        plan: &Plan,
        number: CounterNumber,
        due: &[&Ticket],
    ) -> Option<(TicketId, CallReason)> {
        let next_of = |priority| due.iter().find(|ticket| ticket.priority == priority);
        if let (CallRule::Ratio(rule), Some(_), Some(_)) = (plan.queue.rule, next_of(true), next_of(false)) {
            let counter = &self.counters[self.counter(number).ok()?].1;
            let turn = counter.turn % (rule.priority + rule.ordinary);
            let priority = turn < rule.priority;
            let turn = (turn + 1) % (rule.priority + rule.ordinary);
            return Some((next_of(priority)?.id, CallReason::Ratio { priority, rule, turn }));
        }
        due.first().map(|ticket| (ticket.id, by_standing(plan, ticket)))
    }

    pub(super) fn call_next(&mut self, counter: CounterNumber, now: Timestamp) -> Expected {
        self.must_be_idle(counter)?;
        match self.next(counter, now) {
            Some((ticket, reason)) => Ok(vec![self.call(counter, ticket, reason, now)]),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn call_ticket(&mut self, counter: CounterNumber, id: TicketId, now: Timestamp) -> Expected {
        self.must_be_idle(counter)?;
        let ticket = &self.tickets[self.ticket(id)?];
        let reason = match ticket.place {
            Place::Waiting => CallReason::Chosen,
            Place::Parked { .. } => CallReason::CalledBack,
            _ => return Err(ticket.not_waiting()),
        };
        let parked_here = matches!(ticket.place, Place::Parked { counter: by, .. } if by == counter);
        let profile = self.profile(counter);
        let is_for = match &ticket.awaits {
            Awaits::Counter(number) => *number == counter,
            Awaits::Staff(staff) => self.counters[self.counter(counter)?].1.staff.as_ref() == Some(staff),
            Awaits::Service => {
                let helps = profile.helps.iter().map(|help| &help.service);
                profile.services.iter().chain(helps).any(|service| *service == ticket.service)
            }
        };
        if !parked_here && !is_for {
            return Err("not_served_here");
        }
        Ok(vec![self.call(counter, id, reason, now)])
    }

    fn call(&mut self, counter: CounterNumber, id: TicketId, reason: CallReason, now: Timestamp) -> Event {
        let (i, at) = (self.ticket(id).unwrap(), self.counter(counter).unwrap());
        let ticket = &mut self.tickets[i];
        ticket.place = Place::AtCounter(counter);
        let (number, service) = (ticket.number.clone(), ticket.service.clone());
        if let CallReason::Ratio { turn, .. } = reason {
            self.counters[at].1.turn = turn;
        }
        self.set_state(counter, CounterState::Calling { ticket: id, calls: 1 }, now);
        Event::TicketCalled { ticket: id, number, service, counter, reason, why: Why::default() }
    }

    fn called_at(&self, counter: CounterNumber) -> Result<(usize, u32), &'static str> {
        match self.state(counter)? {
            CounterState::Calling { ticket, calls } => Ok((self.ticket(*ticket)?, *calls)),
            _ => Err("nothing_called"),
        }
    }

    pub(super) fn recall(&mut self, counter: CounterNumber, now: Timestamp) -> Expected {
        let (i, calls) = self.called_at(counter)?;
        if calls >= self.plan()?.queue.call_limit {
            return Err("recall_limit");
        }
        let (ticket, calls) = (self.tickets[i].id, calls + 1);
        self.set_state(counter, CounterState::Calling { ticket, calls }, now);
        let (number, service) = (self.tickets[i].number.clone(), self.tickets[i].service.clone());
        Ok(vec![Event::TicketRecalled { ticket, number, service, counter, calls }])
    }

    pub(super) fn start(&mut self, counter: CounterNumber, now: Timestamp) -> Expected {
        let (i, _) = self.called_at(counter)?;
        let ticket = self.tickets[i].id;
        self.set_state(counter, CounterState::Serving { ticket }, now);
        Ok(vec![Event::ServiceStarted { ticket, number: self.tickets[i].number.clone(), counter }])
    }

    pub(super) fn no_show(&mut self, counter: CounterNumber, timed: bool, now: Timestamp) -> Expected {
        let (i, _) = self.called_at(counter)?;
        self.tickets[i].place = Place::NoShow;
        self.set_state(counter, CounterState::Idle, now);
        let (ticket, number) = (self.tickets[i].id, self.tickets[i].number.clone());
        Ok(vec![Event::TicketMissed { ticket, number, counter, timed }])
    }
}

/// After how long a wait a ticket goes before others; those sent to a counter or a person have no such limit.
fn wait_limit_min(plan: &Plan, ticket: &Ticket) -> Option<u32> {
    let service = plan.services.iter().find(|service| service.id == ticket.service)?;
    let limit_min = service.wait_limit_min.or(plan.queue.wait_limit_min);
    limit_min.filter(|_| ticket.awaits == Awaits::Service)
}

fn by_standing(plan: &Plan, ticket: &Ticket) -> CallReason {
    if ticket.awaits != Awaits::Service {
        return CallReason::SentHere;
    }
    if ticket.reinstated {
        return CallReason::Reinstated;
    }
    if let Some(it) = ticket.appointment.filter(|it| it.punctuality != Punctuality::TooLate) {
        return CallReason::Appointment { slot: it.slot, punctuality: it.punctuality };
    }
    let credit = plan.classes.iter().find(|class| class.id == ticket.class).map(|class| class.credit_min);
    let class = ticket.class.clone();
    match (plan.queue.rule, credit) {
        (CallRule::Standing, Some(Credit::First)) => CallReason::ClassFirst { class },
        (CallRule::Standing, Some(Credit::Minutes(credit_min))) if credit_min > 0 => {
            CallReason::ClassCredit { class, credit_min }
        }
        _ => CallReason::Arrival,
    }
}
