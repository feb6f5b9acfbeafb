//! Who calls for what, found quickly, and how many are still to come to each service.

use std::collections::HashMap;

use hall_core::plan::{HelpWhen, Profile};
use hall_core::{Awaits, CounterNumber, Plan, ServiceId};

use crate::day::scenario::{Scenario, Stop};

pub(super) struct Guide<'a> {
    plan: &'a Plan,
    services: HashMap<&'a ServiceId, usize>,
    /// Desks by service, own and helped.
    callers: Vec<Vec<usize>>,
    /// The services of each desk that it stays for.
    own: Vec<Vec<usize>>,
    /// Desks that begin to help after a while.
    looks_again: Vec<bool>,
    /// Stops not yet called, by service.
    expected: Vec<u32>,
}

impl<'a> Guide<'a> {
    pub fn new(plan: &'a Plan, scenario: &Scenario) -> Self {
        let services = plan.services.iter().enumerate().map(|(i, service)| (&service.id, i)).collect();
        let mut guide = Self {
            plan,
            services,
            callers: vec![Vec::new(); plan.services.len()],
            own: vec![Vec::new(); scenario.shifts.len()],
            looks_again: vec![false; scenario.shifts.len()],
            expected: vec![0; plan.services.len()],
        };
        let planned: HashMap<_, _> = plan.counters.iter().map(|counter| (counter.number, counter)).collect();
        for (desk, shift) in scenario.shifts.iter().enumerate() {
            if let Some(counter) = planned.get(&shift.counter) {
                guide.set(desk, &counter.profile());
            }
        }
        guide
    }

    /// What a desk calls for from now; none: what the plan says.
    pub fn change(&mut self, desk: usize, counter: CounterNumber, profile: Option<&Profile>) {
        let planned = || self.plan.counter(counter).map(|counter| counter.profile());
        if let Some(profile) = profile.cloned().or_else(planned) {
            self.set(desk, &profile);
        }
    }

    fn set(&mut self, desk: usize, profile: &Profile) {
        for callers in &mut self.callers {
            callers.retain(|caller| *caller != desk);
        }
        let index = |id: &ServiceId| self.services.get(id).copied();
        self.own[desk] = profile.services.iter().filter_map(index).collect();
        let helped = profile.helps.iter().filter_map(|help| index(&help.service));
        for service in self.own[desk].iter().copied().chain(helped) {
            self.callers[service].push(desk);
        }
        self.looks_again[desk] =
            profile.helps.iter().any(|help| matches!(help.when, HelpWhen::WaitedOverMin(_)));
    }

    /// The desks that may call somebody who waits for `service`, or for whom they were sent to.
    pub fn who_calls(
        &self,
        awaits: Option<&Awaits>,
        service: Option<&ServiceId>,
        desk_of: &HashMap<CounterNumber, usize>,
        scenario: &Scenario,
    ) -> Vec<usize> {
        match awaits {
            None | Some(Awaits::Service) => {
                let service = service.and_then(|service| self.services.get(service));
                service.map(|service| self.callers[*service].clone()).unwrap_or_default()
            }
            Some(Awaits::Counter(counter)) => desk_of.get(counter).copied().into_iter().collect(),
            Some(Awaits::Staff(staff)) => {
                let shifts = scenario.shifts.iter().enumerate();
                shifts
                    .filter(|(_, shift)| shift.staff.as_ref() == Some(staff))
                    .map(|(desk, _)| desk)
                    .collect()
            }
        }
    }

    /// Whether an idle desk should look again after a while, although nobody new has come.
    pub fn looks_again(&self, desk: usize) -> bool {
        self.looks_again[desk]
    }

    /// Whether somebody is still to come to a desk's own services.
    pub fn has_yet_to_serve(&self, desk: usize) -> bool {
        self.own[desk].iter().any(|service| self.expected[*service] > 0)
    }

    pub fn expect(&mut self, stops: &[Stop]) {
        for stop in stops {
            if let Some(service) = self.services.get(&stop.service) {
                self.expected[*service] += 1;
            }
        }
    }

    pub fn expect_no_longer(&mut self, stops: &[Stop]) {
        for stop in stops {
            if let Some(service) = self.services.get(&stop.service) {
                self.expected[*service] = self.expected[*service].saturating_sub(1);
            }
        }
    }
}
