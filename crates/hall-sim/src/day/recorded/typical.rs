//! How long things usually took on the recorded day, for those of whom nothing is recorded.

use std::collections::HashMap;

use hall_core::{Plan, ServiceId};

use super::ways::Ways;
use crate::day::scenario::Stop;

const WALK_MS: i64 = 25_000;

pub(super) struct Typical<'a> {
    plan: &'a Plan,
    walk_ms: i64,
    service_ms: HashMap<ServiceId, i64>,
}

impl<'a> Typical<'a> {
    pub fn of(plan: &'a Plan, ways: &Ways) -> Self {
        let mut walks = Vec::new();
        let mut services: HashMap<ServiceId, Vec<i64>> = HashMap::new();
        for stop in ways.served() {
            walks.push(stop.walk_ms);
            services.entry(stop.service.clone()).or_default().push(stop.service_ms);
        }
        let medians = services.into_iter().filter_map(|(service, ms)| Some((service, median(ms)?)));
        Self { plan, walk_ms: median(walks).unwrap_or(WALK_MS), service_ms: medians.collect() }
    }

    /// Somebody's time for a service: the median of the day, or what the plan expects.
    pub fn stop(&self, service: &ServiceId) -> Stop {
        let planned = || self.plan.service(service).map_or(5, |service| i64::from(service.expected_min));
        let service_ms = self.service_ms.get(service).copied().unwrap_or_else(|| planned() * 60_000);
        Stop::plain(service.clone(), self.walk_ms, service_ms)
    }
}

/// The upper one of the two in the middle; none of nothing.
pub(super) fn median(mut of: Vec<i64>) -> Option<i64> {
    of.sort_unstable();
    of.get(of.len() / 2).copied()
}
