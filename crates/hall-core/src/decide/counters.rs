//! Counters: opened, paused, closed, and what they call for today.

use std::collections::HashSet;

use super::{Decision, is_showable};
use crate::plan::{Help, HelpWhen, Profile};
use crate::{Awaits, CounterNumber, CounterState, Event, Hall, Rejection, ServiceId, StaffId};

/// Longest reason for a pause, in characters: it must fit on the strip over the counter.
pub const PAUSE_REASON_CHARS_MAX: usize = 20;
/// Longest number of a member of staff, in characters.
const STAFF_CHARS_MAX: usize = 20;

impl Hall {
    pub(super) fn open_counter(&self, number: CounterNumber, staff: Option<&StaffId>) -> Decision {
        let state = self.state_of(number)?;
        let present = self.counters.get(&number).and_then(|counter| counter.staff.as_ref());
        let staff = staff.or(present);
        if let Some(staff) = staff {
            if !is_showable(staff.as_str(), STAFF_CHARS_MAX) || staff.as_str().trim() != staff.as_str() {
                return Err(Rejection::StaffNumber(staff.clone()));
            }
            if let Some(counter) = self.counter_of(staff).filter(|counter| *counter != number) {
                return Err(Rejection::StaffElsewhere { staff: staff.clone(), counter });
            }
        }
        let changes_hands = staff != present;
        match state {
            CounterState::Closed | CounterState::Paused { .. } => {}
            CounterState::Idle if changes_hands => {}
            CounterState::Calling { .. } | CounterState::Serving { .. } if changes_hands => {
                return Err(Rejection::CounterBusy(number));
            }
            _ => return Ok(Vec::new()),
        }
        let mut events = match present.filter(|_| changes_hands) {
            Some(gone) => self.release(|awaits| *awaits == Awaits::Staff(gone.clone())),
            None => Vec::new(),
        };
        events.push(Event::CounterOpened { counter: number, staff: staff.cloned() });
        Ok(events)
    }

    pub(super) fn pause_counter(&self, counter: CounterNumber, reason: &str) -> Decision {
        match self.state_of(counter)? {
            CounterState::Closed => return Err(Rejection::CounterClosed(counter)),
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                return Err(Rejection::CounterBusy(counter));
            }
            CounterState::Idle | CounterState::Paused { .. } => {}
        }
        let reason = reason.trim();
        if !is_showable(reason, PAUSE_REASON_CHARS_MAX) {
            return Err(Rejection::PauseReason { limit: PAUSE_REASON_CHARS_MAX });
        }
        Ok(vec![Event::CounterPaused { counter, reason: reason.to_owned() }])
    }

    pub(super) fn close_counter(&self, counter: CounterNumber) -> Decision {
        match self.state_of(counter)? {
            CounterState::Closed => Ok(Vec::new()),
            CounterState::Idle | CounterState::Paused { .. } => {
                let staff = self.counters.get(&counter).and_then(|counter| counter.staff.clone());
                let staff = staff.map(Awaits::Staff);
                let mut events = self
                    .release(|awaits| *awaits == Awaits::Counter(counter) || Some(awaits) == staff.as_ref());
                events.push(Event::CounterClosed { counter });
                Ok(events)
            }
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                Err(Rejection::CounterBusy(counter))
            }
        }
    }

    /// Those who were sent to somebody who goes wait for their service, lest nobody ever calls them.
    fn release(&self, sent_there: impl Fn(&Awaits) -> bool) -> Vec<Event> {
        let lines = self.lines.counters.iter().map(|(counter, line)| (Awaits::Counter(*counter), line));
        let lines =
            lines.chain(self.lines.staff.iter().map(|(staff, line)| (Awaits::Staff(staff.clone()), line)));
        let mut left: Vec<_> =
            lines.filter(|(awaits, _)| sent_there(awaits)).flat_map(|(_, line)| line.iter()).collect();
        left.sort();
        left.into_iter()
            .map(|entry| self.held(entry.ticket))
            .map(|ticket| Event::TicketReleased { ticket: ticket.id, number: ticket.number.clone() })
            .collect()
    }

    /// The counter a person has opened.
    pub(super) fn counter_of(&self, staff: &StaffId) -> Option<CounterNumber> {
        let mut open = self.counters.iter().filter(|(_, counter)| counter.staff.as_ref() == Some(staff));
        open.next().map(|(number, _)| *number)
    }

    pub(super) fn set_profile(&self, counter: CounterNumber, profile: Option<&Profile>) -> Decision {
        self.state_of(counter)?;
        if let Some(profile) = profile {
            self.check_profile(profile)?;
        }
        let today = self.counters.get(&counter).and_then(|counter| counter.profile.as_ref());
        if today == profile {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ProfileSet { counter, profile: profile.cloned() }])
    }

    fn check_profile(&self, profile: &Profile) -> Result<(), Rejection> {
        let plan = self.plan_in_force()?;
        let mut seen = HashSet::new();
        for service in profile.services.iter().chain(profile.helps.iter().map(|help| &help.service)) {
            if plan.service(service).is_none() {
                return Err(Rejection::UnknownService(service.clone()));
            }
            if !seen.insert(service) {
                return Err(Rejection::ProfileFaulty);
            }
        }
        if profile.services.is_empty() { Err(Rejection::ProfileFaulty) } else { Ok(()) }
    }

    pub(super) fn help_service(
        &self,
        counter: CounterNumber,
        service: &ServiceId,
        when: HelpWhen,
    ) -> Decision {
        self.state_of(counter)?;
        let mut profile = self.profile_today(counter);
        if profile.services.contains(service) {
            return Err(Rejection::OwnService { counter, service: service.clone() });
        }
        profile.helps.retain(|help| help.service != *service);
        profile.helps.push(Help { service: service.clone(), when });
        self.set_profile(counter, self.unless_as_planned(counter, &profile))
    }

    pub(super) fn stop_helping(&self, counter: CounterNumber, service: &ServiceId) -> Decision {
        self.state_of(counter)?;
        let mut profile = self.profile_today(counter);
        let helped = profile.helps.len();
        profile.helps.retain(|help| help.service != *service);
        if profile.helps.len() == helped {
            return Err(Rejection::NotHelping { counter, service: service.clone() });
        }
        self.set_profile(counter, self.unless_as_planned(counter, &profile))
    }

    fn profile_today(&self, counter: CounterNumber) -> Profile {
        let today = self.counters.get(&counter).and_then(|counter| counter.profile.clone());
        today.unwrap_or_else(|| self.profile_planned(counter))
    }

    fn profile_planned(&self, counter: CounterNumber) -> Profile {
        let planned = self.plan.as_ref().and_then(|plan| plan.counter(counter));
        planned.map(|counter| counter.profile()).unwrap_or_default()
    }

    fn unless_as_planned<'a>(&self, counter: CounterNumber, profile: &'a Profile) -> Option<&'a Profile> {
        Some(profile).filter(|profile| **profile != self.profile_planned(counter))
    }
}
