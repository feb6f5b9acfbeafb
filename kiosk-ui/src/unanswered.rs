//! Orders that were never answered. A number may have been given for one of them, and its citizen was told that none
//! can be taken: so it is nobody's, and whoever touches the same service next gets it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hall_client::Key;
use hall_core::ServiceId;

/// Later a number given in vain may have been called already.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// The keys of unanswered orders, one a service.
#[derive(Default)]
pub struct Unanswered(Mutex<HashMap<ServiceId, (Key, Instant)>>);

impl Unanswered {
    /// The key of the next order for this service: that of one unanswered, or a new one.
    pub fn key_for(&self, service: &ServiceId, at: Instant) -> Key {
        let kept = self.keys().remove(service);
        let fresh = kept.filter(|(_, since)| at.saturating_duration_since(*since) < KEPT_FOR);
        fresh.map_or_else(Key::random, |(key, _)| key)
    }

    /// An order with this key was not answered.
    pub fn keep(&self, service: ServiceId, key: Key, at: Instant) {
        self.keys().insert(service, (key, at));
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<ServiceId, (Key, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_used_again_for_its_service_only_once_and_not_for_long() {
        let check = |service: &str, later: Duration, again: bool| {
            let (unanswered, at, key) = (Unanswered::default(), Instant::now(), Key::random());
            unanswered.keep("household".into(), key.clone(), at);
            assert_eq!(unanswered.key_for(&service.into(), at + later) == key, again, "{service}, {later:?}");
            assert_ne!(unanswered.key_for(&service.into(), at + later), key, "{service}, {later:?}");
        };
        check("household", Duration::ZERO, true);
        check("household", KEPT_FOR - Duration::from_secs(1), true);
        check("household", KEPT_FOR, false);
        check("id-card", Duration::ZERO, false);
    }
}
