//! What became of each slip, and how the printer is, told to the hub until it has answered: at once, or when it is back,
//! or after a restart of the kiosk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hall_api::ReportSlip;
use hall_client::{ClientError, Hub};
use hall_core::{PrinterCondition, PrinterId, SlipOutcome};
use hall_print::Ended;
use tokio::sync::watch;

use super::ear::HallNow;
use super::report::{condition, outcome, report};
use super::{LOOK_EVERY, SlipKey, Station};

/// Between reports that tell no more than that slips were printed.
const SHEETS_EVERY: Duration = Duration::from_secs(15 * 60);
const BACKOFF_MIN: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// Reports of one printer.
pub struct Reports {
    hub: Hub,
    station: Arc<Station>,
    hall: watch::Receiver<HallNow>,
    told: Option<Told>,
}

/// What the hub was last told of the printer.
struct Told {
    greeting: u64,
    condition: PrinterCondition,
    sheets: u32,
    at: Instant,
}

impl Reports {
    pub fn new(hub: Hub, station: Arc<Station>, hall: watch::Receiver<HallNow>) -> Self {
        Self { hub, station, hall, told: None }
    }

    pub async fn run(mut self) {
        let mut changes = self.station.changes.subscribe();
        let mut backoff = BACKOFF_MIN;
        loop {
            let wait = match self.report_all().await {
                Ok(()) => {
                    backoff = BACKOFF_MIN;
                    LOOK_EVERY
                }
                Err(error) => {
                    if backoff == BACKOFF_MIN {
                        tracing::warn!(%error, "the hub was not told of slips and printer; later");
                    }
                    let wait = backoff;
                    backoff = (backoff * 2).min(BACKOFF_MAX);
                    wait
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = changes.changed() => {}
                heard = self.hall.changed() => if heard.is_err() { return },
            }
        }
    }

    /// Both, as far as they are due.
    async fn report_all(&mut self) -> Result<(), ClientError> {
        if self.hall.borrow_and_update().now().is_none() {
            // The hub was never heard of.
            return Ok(());
        }
        for ended in self.station.printer.unreported() {
            self.report_slip(&ended).await?;
            self.settle(ended.key).await;
        }
        self.report_printer().await
    }

    /// Nobody's number waits for the disk.
    async fn settle(&self, key: String) {
        let station = Arc::clone(&self.station);
        if tokio::task::spawn_blocking(move || station.printer.reported(&key)).await.is_err() {
            tracing::error!("a report is made again: it was not noted");
        }
    }

    /// `Ok` when there is nothing more to be told of this slip.
    async fn report_slip(&self, ended: &Ended) -> Result<(), ClientError> {
        // A test page is nobody's.
        let Ok(key) = ended.key.parse::<SlipKey>() else { return Ok(()) };
        match self.try_report_slip(&key, outcome(ended.outcome)).await {
            Err(error) if is_final(&error) => {
                tracing::warn!(%error, number = %key.number, copy = key.copy, "the hub takes no report of this slip");
                Ok(())
            }
            told => told,
        }
    }

    async fn try_report_slip(&self, key: &SlipKey, outcome: SlipOutcome) -> Result<(), ClientError> {
        // In a hub with other data than before, this may be somebody else's ticket.
        if self.hub.slip_facts(key.ticket).await?.ticket.issued_at != key.issued_at {
            tracing::warn!(number = %key.number, "the hub knows nothing of this slip any more");
            return Ok(());
        }
        let printer = self.station.facts.name.clone();
        let report = ReportSlip { printer, copy: key.copy, outcome };
        self.hub.report_slip(key.ticket, &report).await.map(drop)
    }

    async fn report_printer(&mut self) -> Result<(), ClientError> {
        let hall = self.hall.borrow().clone();
        let Some((plan, now)) = hall.plan.as_ref().zip(hall.now()) else { return Ok(()) };
        let health = self.station.health();
        let (condition, sheets) = (condition(health.status), health.sheets);
        let told = self.told.as_ref().filter(|told| told.greeting == hall.greeting);
        if told.is_some_and(|told| !told.is_due(condition, sheets, Instant::now())) {
            return Ok(());
        }
        let report = report(&health, &self.station.printer.latest(usize::MAX), plan, now);
        match self.hub.report_printer(&self.station.facts.name, report).await {
            Ok(_) => {}
            Err(error) if is_final(&error) => {
                tracing::error!(%error, "the hub takes no report of this printer")
            }
            Err(error) => return Err(error),
        }
        self.told = Some(Told { greeting: hall.greeting, condition, sheets, at: Instant::now() });
        Ok(())
    }
}

impl Told {
    fn is_due(&self, condition: PrinterCondition, sheets: u32, now: Instant) -> bool {
        let waited = now.saturating_duration_since(self.at) >= SHEETS_EVERY;
        self.condition != condition || self.sheets != sheets && waited
    }
}

/// Of a slip that never came to the printer. Nothing is kept of it: a hub that is away finds no word on it.
pub async fn report_unprinted(hub: &Hub, printer: &PrinterId, key: &SlipKey) {
    let report = ReportSlip { printer: printer.clone(), copy: key.copy, outcome: SlipOutcome::FailedClean };
    if let Err(error) = hub.report_slip(key.ticket, &report).await {
        tracing::warn!(%error, number = %key.number, copy = key.copy, "the hub was not told that a slip was not printed");
    }
}

/// Whether the hub would refuse the same again. A token that does not fit may be put right.
pub fn is_final(error: &ClientError) -> bool {
    match error {
        ClientError::Refused(problem) => {
            (400..500).contains(&problem.status) && !matches!(problem.status, 401 | 403 | 408 | 429)
        }
        ClientError::Away(_) | ClientError::Unreadable(_) | ClientError::Address(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use hall_api::Problem;

    use super::*;

    #[test]
    fn a_refusal_ends_a_report_unless_somebody_can_put_it_right() {
        let refused = |status, code| ClientError::Refused(Box::new(Problem::new(status, code, "", "")));
        assert!(is_final(&refused(404, "unknown_ticket")));
        assert!(is_final(&refused(409, "slip_not_ordered")));
        assert!(!is_final(&refused(401, "token_unknown")));
        assert!(!is_final(&refused(403, "role_forbidden")));
        assert!(!is_final(&refused(503, "busy")));
        assert!(!is_final(&ClientError::Away("refused".into())));
    }

    #[test]
    fn a_printer_is_told_of_when_its_condition_changes_and_now_and_then_besides() {
        let at = Instant::now();
        let told = Told { greeting: 1, condition: PrinterCondition::Ready, sheets: 7, at };
        let check = |later, condition, sheets, due| {
            assert_eq!(told.is_due(condition, sheets, at + later), due, "{later:?}, {condition:?}, {sheets}");
        };
        check(Duration::ZERO, PrinterCondition::Ready, 7, false);
        check(Duration::ZERO, PrinterCondition::Ready, 8, false);
        check(Duration::ZERO, PrinterCondition::PaperOut, 7, true);
        check(SHEETS_EVERY, PrinterCondition::Ready, 7, false);
        check(SHEETS_EVERY, PrinterCondition::Ready, 8, true);
    }
}
