//! What a counter calls for today, put together by its staff.

use std::collections::BTreeSet;

use hall_core::plan::{Counter, Help, HelpWhen, Profile};
use hall_core::{Plan, ServiceId};

use crate::picker::Picker;

/// When a service may be helped; beside these, what the profile had before.
const HELP_WHEN: [HelpWhen; 4] = [
    HelpWhen::OwnEmpty,
    HelpWhen::WaitedOverMin(10),
    HelpWhen::WaitedOverMin(20),
    HelpWhen::WaitedOverMin(30),
];

/// A profile being changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileChange {
    profile: Profile,
    /// The conditions a service may be helped under.
    conditions: Vec<HelpWhen>,
    pub(crate) picker: Picker,
}

impl ProfileChange {
    /// Begins with today's profile, less what the plan does not know any more.
    pub(crate) fn of(profile: &Profile, plan: &Plan) -> Self {
        let mut profile = profile.clone();
        profile.services.retain(|service| plan.service(service).is_some());
        profile.helps.retain(|help| plan.service(&help.service).is_some());
        let mut conditions = Vec::from(HELP_WHEN);
        for help in &profile.helps {
            if !conditions.contains(&help.when) {
                conditions.push(help.when);
            }
        }
        conditions.sort_by_key(|when| minutes(*when));
        Self { profile, conditions, picker: Picker::default() }
    }

    /// The profile as it would be.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether the counter would serve the service.
    pub fn serves(&self, service: &ServiceId) -> bool {
        self.profile.services.contains(service)
    }

    /// Under which condition the counter would help the service.
    pub fn helps(&self, service: &ServiceId) -> Option<HelpWhen> {
        self.profile.helps.iter().find(|help| help.service == *service).map(|help| help.when)
    }

    /// Serves the service, or no longer.
    pub(crate) fn toggle(&mut self, service: &ServiceId) {
        if self.serves(service) {
            self.profile.services.retain(|served| served != service);
        } else {
            self.profile.helps.retain(|help| help.service != *service);
            self.profile.services.push(service.clone());
        }
    }

    /// Helps the service under the next condition or the one before; beyond the last and the first, not at all.
    pub(crate) fn turn_help(&mut self, service: &ServiceId, by: i32) {
        if self.serves(service) {
            return;
        }
        let count = self.conditions.len() as i32 + 1;
        let at = self.helps(service).and_then(|when| self.conditions.iter().position(|it| *it == when));
        let to = (at.map_or(0, |at| at as i32 + 1) + by).rem_euclid(count);
        self.profile.helps.retain(|help| help.service != *service);
        if let Some(when) = usize::try_from(to - 1).ok().and_then(|to| self.conditions.get(to)) {
            self.profile.helps.push(Help { service: service.clone(), when: *when });
        }
    }

    /// Whether this is what the plan says, in whatever order.
    pub(crate) fn is_as_planned(&self, planned: &Counter) -> bool {
        is_alike(&self.profile, &planned.profile())
    }
}

/// Whether two profiles call for the same.
pub(crate) fn is_alike(one: &Profile, other: &Profile) -> bool {
    let services = |profile: &Profile| profile.services.iter().cloned().collect::<BTreeSet<_>>();
    let helps = |profile: &Profile| {
        let helps = profile.helps.iter();
        helps.map(|help| (help.service.clone(), minutes(help.when))).collect::<BTreeSet<_>>()
    };
    services(one) == services(other) && helps(one) == helps(other) && one.auto_call == other.auto_call
}

/// None for a help that waits for nothing but an empty line of its own.
fn minutes(when: HelpWhen) -> Option<u32> {
    match when {
        HelpWhen::OwnEmpty => None,
        HelpWhen::WaitedOverMin(minutes) => Some(minutes),
    }
}
