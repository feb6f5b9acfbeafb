//! How long a citizen is likely to wait: those ahead, shared among the counters that serve now.

use hall_api::View;
use hall_core::plan::Service;
use hall_core::{CounterState, Plan, ServiceId};

/// Counters that call for the service at the moment, with or without a citizen.
pub fn open_counters(plan: &Plan, view: &View, service: &ServiceId) -> u32 {
    let is_open = |state: &CounterState| !matches!(state, CounterState::Closed | CounterState::Paused { .. });
    let open = plan.counters_serving(service).filter(|counter| is_open(view.counter_state(counter.number)));
    open.count() as u32
}

/// Minutes, rounded up. Unknown while no counter is open; not worth saying with nobody ahead.
pub fn wait_min(service: &Service, ahead: u32, open_counters: u32) -> Option<u32> {
    (ahead > 0 && open_counters > 0)
        .then(|| ahead.saturating_mul(service.expected_min).div_ceil(open_counters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_shared_among_open_counters_and_rounded_up() {
        let service = Service {
            id: "tax".into(),
            department: "tax".into(),
            name: "申报".into(),
            name_en: "Filing".into(),
            prefix: "A".into(),
            expected_min: 12,
            hours: Vec::new(),
        };
        for (ahead, open, expect) in
            [(3, 1, Some(36)), (3, 2, Some(18)), (1, 5, Some(3)), (3, 0, None), (0, 2, None)]
        {
            assert_eq!(wait_min(&service, ahead, open), expect, "{ahead} ahead, {open} open");
        }
    }
}
