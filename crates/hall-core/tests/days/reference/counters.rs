//! Counters: opened, paused, closed, and what they call for today.

use hall_core::plan::{Help, HelpWhen, Profile};
use hall_core::{Awaits, CounterNumber, CounterState, Event, ServiceId, StaffId, Timestamp};

use super::{Expected, Reference};

impl Reference {
    pub(super) fn open_counter(
        &mut self,
        number: CounterNumber,
        staff: Option<&StaffId>,
        now: Timestamp,
    ) -> Expected {
        let i = self.counter(number)?;
        let before = self.counters[i].1.staff.clone();
        let staff = staff.cloned().or(before.clone());
        if let Some(staff) = &staff {
            if !is_text_of_1_to_20(staff.as_str()) || staff.as_str().trim() != staff.as_str() {
                return Err("staff_number");
            }
            if self.counter_of(staff).is_some_and(|counter| counter != number) {
                return Err("staff_elsewhere");
            }
        }
        let is_busy =
            matches!(self.counters[i].1.state, CounterState::Calling { .. } | CounterState::Serving { .. });
        if is_busy && staff != before {
            return Err("counter_busy");
        }
        if is_busy || (self.counters[i].1.state == CounterState::Idle && staff == before) {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        if let Some(gone) = before.filter(|before| Some(before) != staff.as_ref()) {
            events = self.release(&[Awaits::Staff(gone)]);
        }
        self.counters[i].1.staff = staff.clone();
        self.set_state(number, CounterState::Idle, now);
        events.push(Event::CounterOpened { counter: number, staff });
        Ok(events)
    }

    pub(super) fn pause_counter(&mut self, counter: CounterNumber, reason: &str, now: Timestamp) -> Expected {
        match self.state(counter)? {
            CounterState::Closed => return Err("counter_closed"),
            CounterState::Calling { .. } | CounterState::Serving { .. } => return Err("counter_busy"),
            CounterState::Idle | CounterState::Paused { .. } => {}
        }
        let reason = reason.trim().to_owned();
        if !is_text_of_1_to_20(&reason) {
            return Err("pause_reason");
        }
        self.set_state(counter, CounterState::Paused { reason: reason.clone() }, now);
        Ok(vec![Event::CounterPaused { counter, reason }])
    }

    pub(super) fn close_counter(&mut self, counter: CounterNumber, now: Timestamp) -> Expected {
        match self.state(counter)? {
            CounterState::Closed => return Ok(Vec::new()),
            CounterState::Calling { .. } | CounterState::Serving { .. } => return Err("counter_busy"),
            CounterState::Idle | CounterState::Paused { .. } => {}
        }
        let i = self.counter(counter)?;
        let mut gone = vec![Awaits::Counter(counter)];
        gone.extend(self.counters[i].1.staff.take().map(Awaits::Staff));
        let mut events = self.release(&gone);
        self.set_state(counter, CounterState::Closed, now);
        events.push(Event::CounterClosed { counter });
        Ok(events)
    }

    /// Who was sent to somebody who has gone waits for their service.
    fn release(&mut self, gone: &[Awaits]) -> Vec<Event> {
        let mut left: Vec<_> = self
            .waiting()
            .filter(|ticket| gone.contains(&ticket.awaits))
            .map(|ticket| ticket.rank())
            .collect();
        left.sort();
        let mut events = Vec::new();
        for (_, _, id) in left {
            let i = self.ticket(id).unwrap();
            self.tickets[i].awaits = Awaits::Service;
            events.push(Event::TicketReleased { ticket: id, number: self.tickets[i].number.clone() });
        }
        events
    }

    pub(super) fn counter_of(&self, staff: &StaffId) -> Option<CounterNumber> {
        let mut theirs = self.counters.iter().filter(|(_, counter)| counter.staff.as_ref() == Some(staff));
        theirs.next().map(|(number, _)| *number)
    }

    pub(super) fn set_profile(&mut self, counter: CounterNumber, profile: Option<Profile>) -> Expected {
        let i = self.counter(counter)?;
        if let Some(profile) = &profile {
            self.must_be_possible(profile)?;
        }
        if self.counters[i].1.profile == profile {
            return Ok(Vec::new());
        }
        self.counters[i].1.profile = profile.clone();
        Ok(vec![Event::ProfileSet { counter, profile }])
    }

    fn must_be_possible(&self, profile: &Profile) -> Result<(), &'static str> {
        let mut named: Vec<&ServiceId> = Vec::new();
        for service in profile.services.iter().chain(profile.helps.iter().map(|help| &help.service)) {
            self.known_service(service)?;
            if named.contains(&service) {
                return Err("profile_faulty");
            }
            named.push(service);
        }
        if profile.services.is_empty() { Err("profile_faulty") } else { Ok(()) }
    }

    pub(super) fn help(&mut self, counter: CounterNumber, service: &ServiceId, when: HelpWhen) -> Expected {
        self.counter(counter)?;
        let mut profile = self.profile(counter);
        if profile.services.contains(service) {
            return Err("own_service");
        }
        profile.helps.retain(|help| help.service != *service);
        profile.helps.push(Help { service: service.clone(), when });
        self.set_profile_unless_planned(counter, profile)
    }

    pub(super) fn stop_helping(&mut self, counter: CounterNumber, service: &ServiceId) -> Expected {
        self.counter(counter)?;
        let mut profile = self.profile(counter);
        if !profile.helps.iter().any(|help| help.service == *service) {
            return Err("not_helping");
        }
        profile.helps.retain(|help| help.service != *service);
        self.set_profile_unless_planned(counter, profile)
    }

    fn set_profile_unless_planned(&mut self, counter: CounterNumber, profile: Profile) -> Expected {
        let planned = self.planned_profile(counter);
        self.set_profile(counter, (profile != planned).then_some(profile))
    }
}

fn is_text_of_1_to_20(text: &str) -> bool {
    let hidden = |c: char| {
        c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{202a}'..='\u{202e}').contains(&c)
    };
    !text.is_empty() && text.chars().count() <= 20 && !text.chars().any(hidden)
}
