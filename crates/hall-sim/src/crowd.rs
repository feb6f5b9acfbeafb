//! Citizens and staff on a live hub, at the pace of a busy hour: what a demo shows and a training hall needs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use hall_api::IssueTicket;
use hall_client::{ClientError, Hub};
use hall_core::{ClassId, CounterNumber, Plan, ServiceId};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Who takes part, and how fast.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// The counters that simulated staff keep busy.
    pub counters: Vec<CounterNumber>,
    /// The services citizens come for.
    pub services: Vec<ServiceId>,
    /// From one citizen's arrival to the next, on average.
    pub arrival_every: Duration,
    /// How long one citizen is served, on average.
    pub service_time: Duration,
    /// The same seed gives the same crowd.
    pub seed: u64,
}

impl Crowd {
    /// The services of the plan that none of `but` serves, and `count` counters spread over the hall for them: the
    /// crowd never takes a citizen away from the counters left out.
    pub fn around(plan: &Plan, but: &[CounterNumber], count: usize) -> Self {
        let kept: Vec<&ServiceId> = plan
            .counters
            .iter()
            .filter(|counter| but.contains(&counter.number))
            .flat_map(|c| &c.services)
            .collect();
        let others = |services: &[ServiceId]| services.iter().all(|service| !kept.contains(&service));
        let free: Vec<_> =
            plan.counters.iter().filter(|c| !but.contains(&c.number) && others(&c.services)).collect();
        let step = free.len().div_ceil(count.max(1)).max(1);
        let chosen: Vec<_> = free.into_iter().step_by(step).take(count).collect();
        let mut services: Vec<ServiceId> =
            chosen.iter().flat_map(|counter| counter.services.clone()).collect();
        services.sort();
        services.dedup();
        Self {
            counters: chosen.iter().map(|counter| counter.number).collect(),
            services,
            arrival_every: Duration::from_secs(2),
            service_time: Duration::from_secs(30),
            seed: 1,
        }
    }

    /// Opens the counters, gives out `tickets` numbers and has every counter call once: a hall in the middle of its day.
    pub async fn fill(&self, hub: &Hub, plan: &Plan, tickets: usize) -> Result<(), ClientError> {
        let mut random = StdRng::seed_from_u64(self.seed);
        for counter in &self.counters {
            hub.open(*counter).await?;
        }
        for _ in 0..tickets {
            self.arrive(hub, plan, &mut random).await?;
        }
        for counter in &self.counters {
            if hub.call_next(*counter).await?.ticket.is_some() && random.random_bool(0.5) {
                hub.start(*counter).await?;
            }
        }
        Ok(())
    }

    /// Goes on for ever; what the hub refuses is logged.
    pub async fn run(self, hub: Hub, plan: Arc<Plan>) {
        let mut people = JoinSet::new();
        for (i, counter) in self.counters.iter().enumerate() {
            people.spawn(serve(hub.clone(), *counter, self.service_time, self.seed + 1 + i as u64));
        }
        let mut random = StdRng::seed_from_u64(self.seed);
        loop {
            sleep(around(self.arrival_every, &mut random)).await;
            if let Err(error) = self.arrive(&hub, &plan, &mut random).await {
                tracing::info!(%error, "a simulated citizen got no number");
            }
        }
    }

    async fn arrive(&self, hub: &Hub, plan: &Plan, random: &mut StdRng) -> Result<(), ClientError> {
        let Some(service) = self.services.choose(random) else { return Ok(()) };
        let class = match plan.classes.choose(random) {
            Some(class) if random.random_bool(0.15) => class.id.clone(),
            _ => ClassId::ordinary(),
        };
        hub.issue(&IssueTicket::new(service.clone(), class)).await.map(drop)
    }
}

/// One member of staff: takes up whatever the counter is in the middle of, and goes on calling.
async fn serve(hub: Hub, counter: CounterNumber, service_time: Duration, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    loop {
        if let Err(error) = serve_one(&hub, counter, service_time, &mut random).await {
            tracing::debug!(%counter, %error, "simulated staff was refused");
            sleep(around(service_time / 5, &mut random)).await;
        }
    }
}

async fn serve_one(
    hub: &Hub,
    counter: CounterNumber,
    time: Duration,
    random: &mut StdRng,
) -> Result<(), ClientError> {
    hub.open(counter).await?;
    let called = match hub.call_next(counter).await {
        Ok(reply) => reply.ticket.is_some(),
        Err(error) if error.code() == Some("counter_busy") => true,
        Err(error) => return Err(error),
    };
    sleep(around(time / 5, random)).await;
    if !called {
        return Ok(());
    }
    match hub.start(counter).await {
        Ok(_) => {}
        Err(error) if error.code() == Some("nothing_called") => {}
        Err(error) => return Err(error),
    }
    sleep(around(time, random)).await;
    hub.finish(counter).await.map(drop)
}

fn around(mean: Duration, random: &mut StdRng) -> Duration {
    mean.mul_f64(0.3 + random.random::<f64>() * 1.4)
}
