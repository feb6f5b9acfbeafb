//! A bounded load on a live hub: citizens taking numbers as fast as the hub gives them, over loopback.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hall_api::IssueTicket;
use hall_client::{ClientError, Hub};
use hall_core::plan::Service;
use hall_core::{ClassId, Plan};
use tokio::task::JoinSet;

/// What a load brought.
#[derive(Debug, Default)]
pub struct LoadOutcome {
    /// Numbers acknowledged, with the sequence number of their event.
    pub acknowledged: Vec<(String, u64)>,
    /// How long each took, sorted.
    pub latencies: Vec<Duration>,
    /// Requests the rules of the hall refused: a service that is full gives no numbers.
    pub refused: usize,
    /// Requests that got no answer, or one that should not be.
    pub failed: Vec<ClientError>,
}

impl LoadOutcome {
    /// The latency that a share of all requests stayed within, such as 0.99.
    pub fn latency(&self, share: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((last as f64 * share) as usize).copied().unwrap_or_default()
    }
}

/// Takes numbers on `connections` connections until `total` were asked for or `until` has come.
pub async fn issue(
    hub: &Hub,
    plan: Arc<Plan>,
    connections: usize,
    total: usize,
    until: Instant,
) -> LoadOutcome {
    let mut citizens = JoinSet::new();
    for connection in 0..connections {
        let share = total / connections + usize::from(connection < total % connections);
        citizens.spawn(take_numbers(hub.clone(), plan.clone(), connection, share, until));
    }
    let mut whole = LoadOutcome::default();
    while let Some(part) = citizens.join_next().await {
        let Ok(part) = part else { continue };
        whole.acknowledged.extend(part.acknowledged);
        whole.latencies.extend(part.latencies);
        whole.refused += part.refused;
        whole.failed.extend(part.failed);
    }
    whole.latencies.sort_unstable();
    whole
}

async fn take_numbers(hub: Hub, plan: Arc<Plan>, first: usize, share: usize, until: Instant) -> LoadOutcome {
    let mut outcome = LoadOutcome::default();
    // Nobody is known here, and nobody counts what is given.
    let free = |service: &&Service| !service.real_name && service.quotas.is_empty();
    let services: Vec<&Service> = plan.services.iter().filter(free).collect();
    if services.is_empty() {
        return outcome;
    }
    for turn in 0..share {
        let began = Instant::now();
        if began > until {
            break;
        }
        let service = services[(first + turn) % services.len()];
        let wish = IssueTicket::new(service.id.clone(), ClassId::ordinary());
        match hub.issue(&wish).await {
            Ok(reply) => outcome.acknowledged.push((reply.ticket.number.to_string(), reply.seq)),
            Err(error) if error.code() == Some("service_full") => outcome.refused += 1,
            Err(error) => outcome.failed.push(error),
        }
        outcome.latencies.push(began.elapsed());
    }
    outcome
}
