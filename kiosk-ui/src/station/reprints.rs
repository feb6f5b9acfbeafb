//! Slips printed again (补打), one after the other. An order is carried out once, however often it is heard of; an old one
//! is not: nobody stands there any more.

use std::sync::Arc;
use std::time::Duration;

use hall_api::SlipFacts;
use hall_client::{ClientError, Hub};
use hall_core::Timestamp;
use hall_print::{Failure, Outcome};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::ear::{HallNow, ReprintOrder};
use super::reports::{is_final, report_unprinted};
use super::{SlipKey, Station};

/// Nobody waits longer for a slip.
const WAITED_FOR: Duration = Duration::from_secs(120);
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Prints what is ordered.
pub struct Reprints {
    pub hub: Hub,
    pub station: Arc<Station>,
    pub hall: watch::Receiver<HallNow>,
}

impl Reprints {
    pub async fn run(self, mut orders: mpsc::Receiver<ReprintOrder>) {
        while let Some(order) = orders.recv().await {
            let key = &order.key;
            let outcome = self.carry_out(&order).await;
            tracing::info!(number = %key.number, copy = key.copy, ?outcome, "slip again");
        }
    }

    async fn carry_out(&self, ReprintOrder { key, ordered_at }: &ReprintOrder) -> Outcome {
        // What the journal knows is reported from there.
        if self.is_old(*ordered_at) && !self.station.has_ended(key) {
            return self.give_up(key, Failure::TooLate).await;
        }
        let facts = match self.facts(key).await {
            Ok(facts) if facts.ticket.issued_at == key.issued_at => facts,
            Ok(_) | Err(_) => return self.give_up(key, Failure::Away).await,
        };
        let plan = self.hall.borrow().plan.clone();
        let Some(plan) = plan else { return self.give_up(key, Failure::Away).await };
        match self.station.print_slip(&facts.ticket, &plan, key.copy) {
            Ok(printing) => printing.ended().await,
            Err(error) => {
                tracing::error!(%error, number = %key.number, "the slip could not be written");
                self.give_up(key, Failure::Stopped).await
            }
        }
    }

    fn is_old(&self, ordered_at: Timestamp) -> bool {
        let age_ms = self.hall.borrow().now().map(|now| now.as_ms() - ordered_at.as_ms());
        age_ms.is_some_and(|age_ms| age_ms > WAITED_FOR.as_millis() as i64)
    }

    /// What the slip says now.
    async fn facts(&self, key: &SlipKey) -> Result<SlipFacts, ClientError> {
        let give_up_at = Instant::now() + WAITED_FOR;
        loop {
            match self.hub.slip_facts(key.ticket).await {
                Err(error) if !is_final(&error) && Instant::now() < give_up_at => {
                    tokio::time::sleep(ASK_AGAIN).await;
                }
                answer => return answer,
            }
        }
    }

    async fn give_up(&self, key: &SlipKey, why: Failure) -> Outcome {
        report_unprinted(&self.hub, &self.station.facts().name, key).await;
        Outcome::FailedClean(why)
    }
}
