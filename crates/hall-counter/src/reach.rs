//! Which tickets a counter may call, by the rules the hub goes by, and who of them is next.

use std::collections::BTreeMap;

use hall_api::View;
use hall_core::discipline::{Entry, Line, Offer, choose};
use hall_core::plan::Profile;
use hall_core::{Awaits, CounterNumber, Place, Plan, ServiceId, StaffId, Ticket, TicketId, Timestamp};

/// Why a counter may call a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It serves the service.
    Own,
    /// It helps the service.
    Helped,
    /// The ticket was sent to this counter.
    SentToCounter,
    /// The ticket was sent to who has opened it.
    SentToStaff,
}

/// What one counter may call.
pub struct Reach<'a> {
    plan: &'a Plan,
    view: &'a View,
    number: CounterNumber,
    profile: Profile,
    staff: Option<&'a StaffId>,
}

impl<'a> Reach<'a> {
    /// None for a counter that is not in the plan.
    pub fn of(number: CounterNumber, plan: &'a Plan, view: &'a View) -> Option<Self> {
        let planned = plan.counter(number)?;
        let counter = view.counters.get(&number);
        let today = counter.and_then(|counter| counter.profile.clone());
        let profile = today.unwrap_or_else(|| planned.profile());
        let staff = counter.and_then(|counter| counter.staff.as_ref());
        Some(Self { plan, view, number, profile, staff })
    }

    /// Today's profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Who waits to be called by this counter, by standing.
    pub fn waiting(&self) -> Vec<(&'a Ticket, Claim)> {
        let waiting = self.view.waiting();
        let mut waiting: Vec<_> = waiting.filter_map(|ticket| Some((ticket, self.claim(ticket)?))).collect();
        waiting.sort_by_key(|(ticket, _)| (ticket.standing, ticket.id));
        waiting
    }

    /// Who was set aside here, in the order of their reminders, and then those without one.
    pub fn parked(&self) -> Vec<&'a Ticket> {
        let mut parked: Vec<_> =
            self.view.tickets.values().filter(|ticket| self.has_parked(ticket)).collect();
        parked.sort_by_key(|ticket| match ticket.place {
            Place::Parked { remind_at, .. } => (remind_at.is_none(), remind_at, ticket.id),
            _ => (true, None, ticket.id),
        });
        parked
    }

    /// Who did not come today and would be for this counter, the last call first.
    pub fn missed(&self) -> Vec<&'a Ticket> {
        let called = |ticket: &Ticket| self.view.calls.iter().position(|call| call.ticket == ticket.id);
        let missed = self.view.tickets.values().filter(|ticket| ticket.place == Place::NoShow);
        let mut missed: Vec<_> = missed.filter(|ticket| self.claim(ticket).is_some()).collect();
        missed.sort_by_cached_key(|ticket| (called(ticket).unwrap_or(usize::MAX), ticket.id));
        missed
    }

    /// Whether the ticket was set aside here.
    pub fn has_parked(&self, ticket: &Ticket) -> bool {
        matches!(ticket.place, Place::Parked { counter, .. } if counter == self.number)
    }

    /// Why this counter may call a ticket that waits or waited; none when it may not.
    pub fn claim(&self, ticket: &Ticket) -> Option<Claim> {
        match &ticket.awaits {
            Awaits::Counter(counter) => (*counter == self.number).then_some(Claim::SentToCounter),
            Awaits::Staff(staff) => (self.staff == Some(staff)).then_some(Claim::SentToStaff),
            Awaits::Service if self.profile.services.contains(&ticket.service) => Some(Claim::Own),
            Awaits::Service => {
                let helped = self.profile.helps.iter().any(|help| help.service == ticket.service);
                helped.then_some(Claim::Helped)
            }
        }
    }

    /// Whom call-next would call.
    pub fn next(&self, now: Timestamp) -> Option<TicketId> {
        let (mut lines, mut sent_here) = (BTreeMap::<&ServiceId, Line>::new(), Line::default());
        for (ticket, claim) in self.waiting() {
            let line = match claim {
                Claim::Own | Claim::Helped => lines.entry(&ticket.service).or_default(),
                Claim::SentToCounter | Claim::SentToStaff => &mut sent_here,
            };
            line.join(Entry::of(ticket));
        }
        let offer = |service: &ServiceId| {
            let planned = self.plan.service(service);
            let wait_limit_min = planned.and_then(|service| self.plan.wait_limit_min(service));
            lines.get(service).map(|line| Offer { line, wait_limit_min })
        };
        let own = self.profile.services.iter().filter_map(offer);
        let own = own.chain(std::iter::once(Offer { line: &sent_here, wait_limit_min: None }));
        let helps = self.profile.helps.iter().filter_map(|help| Some((offer(&help.service)?, help.when)));
        let turn = self.view.counters.get(&self.number).map_or(0, |counter| counter.turn);
        choose(self.plan.queue.rule, turn, own, helps, now).map(|choice| choice.ticket)
    }
}
