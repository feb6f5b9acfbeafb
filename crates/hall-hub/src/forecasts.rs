//! How long people will probably wait, computed in the background on a hall of its own that follows the committed records,
//! and the closing promise that comes of it. Nobody waits for a forecast.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use hall_api::{ForecastReply, WaitForecast};
use hall_core::{Command, Event, Hall, Plan, Record, ServiceId, TicketId, Timestamp};
use hall_forecast::{Estimate, Forecast, History, Newcomer, Runs, Score, Tally, forecast};

use crate::clock::Clock;
use crate::hall_thread::Refusal;
use crate::http::{App, AppState};
use crate::journal::{Entry, Journal, JournalError};

/// How often a forecast is made.
const EVERY: Duration = Duration::from_secs(5);
/// How often the hall is run forward for one.
const SAMPLES: u32 = 29;
/// Events of earlier days that a new start learns from: a city's last days.
const LEARNT_EVENTS_MAX: u64 = 100_000;
/// A full service gives numbers again only when its forecast is so far from the close: it must not go to and fro.
const REOPENS_BEFORE_MS: i64 = 5 * 60_000;

/// The latest forecast of a running hub.
#[derive(Default)]
pub(crate) struct Forecasts {
    latest: RwLock<Arc<ForecastReply>>,
    score: RwLock<Tally>,
    took_us: AtomicU64,
}

/// What the thread that computes forecasts begins with.
pub(crate) struct Beginning {
    /// The hall as it stands, and the last record in it.
    pub hall: Hall,
    pub seq: u64,
    /// What is committed from now on.
    pub observed: Receiver<Vec<Record>>,
    pub clock: Arc<Clock>,
}

/// Starts the thread that computes the forecasts of `app`. It ends with the hall thread, and does not keep it alive.
pub(crate) fn spawn(beginning: Beginning, app: &App, journal: &Path) -> std::io::Result<()> {
    let (app, journal) = (Arc::downgrade(app), journal.to_owned());
    std::thread::Builder::new().name("forecast".into()).spawn(move || {
        let Beginning { hall, seq, observed, clock } = beginning;
        let history = learnt(&journal, seq).unwrap_or_else(|error| {
            tracing::warn!(%error, "无法读取以往的办理时长，按方案估计 / past service times cannot be read, the plan's count");
            History::default()
        });
        Forecaster { hall, history, score: Score::default(), latest: None, app, clock }.run(&observed);
    })?;
    Ok(())
}

impl Forecasts {
    /// The whole of it.
    pub fn latest(&self) -> Arc<ForecastReply> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For whoever takes a number of the service now.
    pub fn of_newcomer(&self, service: &ServiceId) -> Option<WaitForecast> {
        self.latest().services.get(service).copied()
    }

    /// For a ticket that waits.
    pub fn of_ticket(&self, ticket: TicketId) -> Option<WaitForecast> {
        self.latest().tickets.get(&ticket).copied()
    }

    /// Of those who were told to wait, how many were called within it.
    pub fn score(&self) -> Tally {
        *self.score.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the last one took to compute.
    pub fn took(&self) -> Duration {
        Duration::from_micros(self.took_us.load(Relaxed))
    }
}

/// How long things took on the days before, as far as the journal tells until `seq`.
fn learnt(journal: &Path, seq: u64) -> Result<History, JournalError> {
    let mut history = History::default();
    if seq > 0 {
        let from = seq.saturating_sub(LEARNT_EVENTS_MAX) + 1;
        let take = |entry: Entry| history.observe(&entry.record.event, entry.record.at);
        Journal::open_to_read(journal)?.replay(from..=seq, take)?;
    }
    Ok(history)
}

struct Forecaster {
    hall: Hall,
    history: History,
    score: Score,
    latest: Option<Forecast>,
    app: Weak<AppState>,
    clock: Arc<Clock>,
}

impl Forecaster {
    fn run(mut self, observed: &Receiver<Vec<Record>>) {
        let mut next = Instant::now();
        loop {
            match observed.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(records) => records.iter().for_each(|record| self.follow(record)),
                Err(RecvTimeoutError::Timeout) => {
                    let Some(app) = self.app.upgrade() else { return };
                    self.compute(&app);
                    next = Instant::now() + EVERY;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn follow(&mut self, record: &Record) {
        let Record { event, at, .. } = record;
        self.hall.apply(event, *at);
        self.history.observe(event, *at);
        self.score.observe(event, *at);
        let told = |issued: &hall_core::Issued| self.latest.as_ref()?.newcomer(&issued.service);
        // Whoever comes early for an appointment waits for their slot, not for their turn.
        if let Event::TicketIssued(issued) = event
            && issued.appointment.is_none()
            && let Some(newcomer) = told(issued)
        {
            self.score.tell(issued.ticket, *at, newcomer.wait);
        }
    }

    fn compute(&mut self, app: &AppState) {
        let now = self.clock.now();
        let open = self.hall.day().is_some_and(|day| day.open);
        let began = Instant::now();
        let runs = Runs { samples: SAMPLES, seed: now.as_ms() as u64 };
        let latest = open.then(|| forecast(&self.hall, &self.history, now, runs));
        app.forecasts.took_us.store(began.elapsed().as_micros() as u64, Relaxed);
        let reply = latest.as_ref().map(told_to_people).unwrap_or_default();
        *app.forecasts.latest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(reply);
        *app.forecasts.score.write().unwrap_or_else(PoisonError::into_inner) = self.score.waits();
        self.latest = latest;
        for command in self.promises(now) {
            match app.hall.carry_out_blocking(command.clone()) {
                Ok(_) => tracing::info!(
                    ?command,
                    "今日能否办完已重新估计 / what can be served today was judged anew"
                ),
                Err(Refusal::Stopping) => return,
                Err(refusal) => tracing::warn!(?command, ?refusal, "the closing promise was not kept"),
            }
        }
    }

    /// What is to be changed so that nobody takes a number who will probably not be served before the close.
    fn promises(&self, now: Timestamp) -> Vec<Command> {
        let (Some(plan), Some(day), Some(forecast)) = (self.hall.plan(), self.hall.day(), &self.latest)
        else {
            return Vec::new();
        };
        let closes_in_ms = plan.day_ends(day.date).as_ms() - now.as_ms();
        let judged = |(service, newcomer): (&ServiceId, Newcomer)| {
            let is_full = self.hall.full().contains(service);
            let ends_ms = newcomer.ends_p90_ms;
            match is_full {
                false if plan.queue.closing_promise && ends_ms > closes_in_ms => {
                    Some(Command::StopIssuing { service: service.clone() })
                }
                true if ends_ms + REOPENS_BEFORE_MS <= closes_in_ms => {
                    Some(Command::ResumeIssuing { service: service.clone() })
                }
                _ => None,
            }
        };
        let gives_numbers = |service: &ServiceId, plan: &Plan| {
            plan.service(service).is_some_and(|service| plan.is_open(service, now))
        };
        forecast.newcomers().filter(|(service, _)| gives_numbers(service, plan)).filter_map(judged).collect()
    }
}

fn told_to_people(forecast: &Forecast) -> ForecastReply {
    ForecastReply {
        at: Some(forecast.at()),
        services: forecast
            .newcomers()
            .map(|(id, newcomer)| (id.clone(), in_minutes(newcomer.wait)))
            .collect(),
        tickets: forecast.tickets().map(|(id, estimate)| (id, in_minutes(estimate))).collect(),
    }
}

fn in_minutes(estimate: Estimate) -> WaitForecast {
    let minutes = |ms: i64| ms.max(0).unsigned_abs().div_ceil(60_000).try_into().unwrap_or(u32::MAX);
    WaitForecast { p50_min: minutes(estimate.p50_ms), p90_min: minutes(estimate.p90_ms) }
}
