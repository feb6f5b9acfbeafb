//! What a hub would tell newcomers of their wait, and the closing promise that comes of it.

use hall_core::{Command, Event, Hall, Plan, Timestamp};
use hall_forecast::{Forecast, History, Runs, Score, forecast};

use super::report::Coverage;

/// Simulated time between two forecasts.
const EVERY_MS: i64 = 2 * 60_000;
/// How often the hall is run forward for one: the fewest that hold nine of ten. A hub runs it more often, and anew every
/// few seconds, so it foretells a little better.
const SAMPLES: u32 = 9;
/// A full service gives numbers again only when its forecast is so far from the close.
const REOPENS_BEFORE_MS: i64 = 5 * 60_000;

/// The forecasts of a simulated day.
pub(super) struct Foresight {
    history: History,
    score: Score,
    latest: Option<Forecast>,
    next_at: Timestamp,
}

impl Foresight {
    pub fn new(begins: Timestamp) -> Self {
        Self { history: History::default(), score: Score::default(), latest: None, next_at: begins }
    }

    /// When the next forecast is due.
    pub fn next_at(&self) -> Timestamp {
        self.next_at
    }

    pub fn observe(&mut self, event: &Event, now: Timestamp) {
        self.history.observe(event, now);
        self.score.observe(event, now);
        // Those with an appointment know when they will be called.
        if let Event::TicketIssued(issued) = event
            && issued.appointment.is_none()
            && let Some(newcomer) = self.latest.as_ref().and_then(|latest| latest.newcomer(&issued.service))
        {
            self.score.tell(issued.ticket, now, newcomer.wait);
        }
    }

    /// Makes a forecast; what is to be changed so that nobody takes a number who will probably not be served.
    pub fn look_ahead(&mut self, hall: &Hall, plan: &Plan, now: Timestamp) -> Vec<Command> {
        self.next_at = now.plus_ms(EVERY_MS);
        let Some(day) = hall.day().filter(|day| day.open) else {
            self.latest = None;
            return Vec::new();
        };
        let runs = Runs { samples: SAMPLES, seed: now.as_ms().cast_unsigned() };
        let latest = self.latest.insert(forecast(hall, &self.history, now, runs));
        let closes_in_ms = plan.day_ends(day.date).as_ms() - now.as_ms();
        let mut promises: Vec<Command> = latest
            .newcomers()
            .filter_map(|(service, newcomer)| {
                let (service, ends_ms) = (service.clone(), newcomer.ends_p90_ms);
                match hall.full().contains(&service) {
                    false if plan.queue.closing_promise && ends_ms > closes_in_ms => {
                        Some(Command::StopIssuing { service })
                    }
                    true if ends_ms + REOPENS_BEFORE_MS <= closes_in_ms => {
                        Some(Command::ResumeIssuing { service })
                    }
                    _ => None,
                }
            })
            .collect();
        promises.sort_by_key(|command| match command {
            Command::StopIssuing { service } | Command::ResumeIssuing { service } => Some(service.clone()),
            _ => None,
        });
        promises
    }

    /// How well waits were foretold; none when nobody was told to wait.
    pub fn coverage(&self) -> Option<Coverage> {
        let waits = self.score.waits();
        let (p50, p90) = (self.score.coverage_p50()?, self.score.coverage_p90()?);
        let rounded = |share: f64| (share * 1_000.0).round() / 1_000.0;
        Some(Coverage { told: waits.called as usize, p50: rounded(p50), p90: rounded(p90) })
    }
}
