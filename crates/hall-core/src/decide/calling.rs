//! Calls: who is asked to a counter, how often, and who came.

use super::{Decision, not_waiting};
use crate::discipline::{Choice, Offer, choose};
use crate::hall::InForce;
use crate::plan::Help;
use crate::{
    Awaits, CallReason, CounterNumber, Event, Hall, Place, Rejection, ServiceId, Ticket, TicketId, Timestamp,
};

/// What a counter calls for today.
#[derive(Clone, Copy, Debug)]
pub struct Calls<'a> {
    pub services: &'a [ServiceId],
    pub helps: &'a [Help],
    /// Whether it calls by itself as soon as it is idle.
    pub auto_call: bool,
}

impl Hall {
    /// What a counter calls for today; none for a counter that is not in the plan.
    pub fn calls_for(&self, number: CounterNumber) -> Option<Calls<'_>> {
        let plan = self.plan.as_ref()?;
        let today = self.counters.get(&number).and_then(|counter| counter.profile.as_ref());
        let (services, helps, auto_call) = match (today, plan.counter(number)?) {
            (Some(today), planned) => (&today.services, &today.helps, today.auto_call.or(planned.auto_call)),
            (None, planned) => (&planned.services, &planned.helps, planned.auto_call),
        };
        Some(Calls { services, helps, auto_call: auto_call.unwrap_or(plan.queue.auto_call) })
    }

    /// Who would be called to a counter now, if it called.
    pub fn next_for(&self, number: CounterNumber, now: Timestamp) -> Option<Choice> {
        if self.lines.waiting == 0 {
            return None;
        }
        let (plan, counter) = (self.plan.as_ref()?, self.counters.get(&number)?);
        let calls = self.calls_for(number)?;
        let offer = |service: &ServiceId| {
            let line = self.lines.services.get(service).filter(|line| !line.is_empty())?;
            let wait_limit_min = plan.service(service).and_then(|service| plan.wait_limit_min(service));
            Some(Offer { line, wait_limit_min })
        };
        let sent_here = self.lines_sent_to(number).map(|line| Offer { line, wait_limit_min: None });
        let own = calls.services.iter().filter_map(offer).chain(sent_here);
        let helps = calls.helps.iter().filter_map(|help| Some((offer(&help.service)?, help.when)));
        choose(plan.queue.rule, counter.turn, own, helps, now)
    }

    pub(super) fn call_next(&self, counter: CounterNumber, now: Timestamp) -> Decision {
        self.idle_at(counter)?;
        let plan = self.plan_in_force()?;
        let Some(Choice { ticket, ground }) = self.next_for(counter, now) else { return Ok(Vec::new()) };
        let ticket = self.held(ticket);
        Ok(vec![call(plan, ticket, counter, CallReason::on(ground, ticket, plan))])
    }

    pub(super) fn call_ticket(&self, counter: CounterNumber, ticket: TicketId) -> Decision {
        self.idle_at(counter)?;
        let (plan, ticket) = (self.plan_in_force()?, self.known(ticket)?);
        let reason = match ticket.place {
            Place::Waiting => CallReason::Chosen,
            Place::Parked { .. } => CallReason::CalledBack,
            _ => return Err(not_waiting(ticket)),
        };
        if !self.may_call(counter, ticket) {
            return Err(Rejection::NotServedHere { counter, number: ticket.number.clone() });
        }
        Ok(vec![call(plan, ticket, counter, reason)])
    }

    fn may_call(&self, number: CounterNumber, ticket: &Ticket) -> bool {
        let serves = |calls: Calls<'_>| {
            calls.services.contains(&ticket.service)
                || calls.helps.iter().any(|help| help.service == ticket.service)
        };
        match (ticket.place, &ticket.awaits) {
            (Place::Parked { counter, .. }, _) if counter == number => true,
            (_, Awaits::Counter(counter)) => *counter == number,
            (_, Awaits::Staff(staff)) => self.counter_of(staff) == Some(number),
            (_, Awaits::Service) => self.calls_for(number).is_some_and(serves),
        }
    }

    pub(super) fn recall(&self, counter: CounterNumber) -> Decision {
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

    pub(super) fn start_service(&self, counter: CounterNumber) -> Decision {
        let (ticket, _) = self.called_at(counter)?;
        Ok(vec![Event::ServiceStarted { ticket: ticket.id, number: ticket.number.clone(), counter }])
    }

    pub(super) fn no_show(&self, counter: CounterNumber, timed: bool) -> Decision {
        let (ticket, _) = self.called_at(counter)?;
        Ok(vec![Event::TicketMissed { ticket: ticket.id, number: ticket.number.clone(), counter, timed }])
    }
}

fn call(plan: &InForce, ticket: &Ticket, counter: CounterNumber, reason: CallReason) -> Event {
    Event::TicketCalled {
        ticket: ticket.id,
        number: ticket.number.clone(),
        service: ticket.service.clone(),
        counter,
        why: reason.why(counter, plan),
        reason,
    }
}
