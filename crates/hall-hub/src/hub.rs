//! A hub from start to stop: takes the data directory, replays the journal, adopts the plan, serves, ends in order.

use std::future::{Future, IntoFuture};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::ListenerExt;
use hall_core::{Command, Plan, Record, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::HubError;
use crate::clock::Clock;
use crate::codes::Codes;
use crate::data_dir::{DataDir, journal_in};
use crate::feed::Feed;
use crate::forecasts::{self, Beginning, Forecasts};
use crate::hall_thread::{HallThread, Running};
use crate::http;
use crate::journal::{Journal, JournalError, Secret};
use crate::json;
use crate::persons::Persons;
use crate::replay::Replayed;
use crate::tokens::Tokens;

/// How long requests under way may take once the hub is asked to stop.
const GRACE: Duration = Duration::from_secs(1);

/// What a hub is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// A checked plan; adopted when it differs from the plan in force.
    pub plan: Plan,
    /// Where the journal is kept; made when missing.
    pub data: PathBuf,
    /// Nobody needs a token.
    pub open_access: bool,
    /// Where the hall's clock starts, unless the hall has got further already; the system's time without it.
    pub now: Option<Timestamp>,
}

/// A hub whose hall thread is running. Dropped without [`serve`](Hub::serve), it ends once its routers are gone.
pub struct Hub {
    app: http::App,
    running: Running,
    data: PathBuf,
}

/// Starts a hub and serves it on `listener` until `shutdown` resolves; returns when everything is on the disk.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), HubError> {
    Hub::start(config)?.serve(listener, shutdown).await
}

/// The plan in force in a data directory, whether or not a hub runs on it.
pub fn plan_in_force(data: &Path) -> Result<Arc<Plan>, HubError> {
    let plan = || Journal::open_existing(&journal_in(data))?.plan_in_force()?.ok_or(JournalError::Missing);
    plan().map_err(|reason| HubError::Journal { path: data.to_owned(), reason })
}

impl Hub {
    /// Takes the data directory, replays the journal, adopts the plan, and begins the business day if it is time.
    /// Blocks for as long as the replay takes.
    pub fn start(config: Config) -> Result<Self, HubError> {
        let data_dir = DataDir::take(&config.data)?;
        let data = data_dir.path().to_owned();
        let in_journal = |reason| HubError::Journal { path: data.clone(), reason };
        let journal = Journal::open(&data_dir.journal()).map_err(in_journal)?;
        let follow_codes = Codes::of_tickets(journal.secret(Secret::FollowCodes).map_err(in_journal)?);
        let booking_codes =
            Codes::of_appointments(journal.secret(Secret::AppointmentCodes).map_err(in_journal)?);
        let tokens = match config.open_access {
            true => None,
            false => Some(Tokens::open(&data_dir.journal()).map_err(in_journal)?),
        };
        let (observers, observed) = std::sync::mpsc::channel();
        let mut thread = restored(journal, data_dir, observers, config.now).map_err(in_journal)?;
        adopt(&mut thread, config.plan)?;
        let plan_json = thread.hall.plan().map(json::text).unwrap_or_default().into();
        let (clock, feed, metrics) = (thread.clock.clone(), thread.feed.clone(), thread.metrics.clone());
        let persons = thread.persons.clone();
        let journal = thread.data_dir.journal();
        let beginning =
            Beginning { hall: thread.hall.clone(), seq: thread.seq, observed, clock: clock.clone() };
        let (hall, running) = thread.spawn().map_err(HubError::Thread)?;
        let app = Arc::new(http::AppState {
            hall,
            feed,
            clock,
            metrics,
            persons,
            forecasts: Forecasts::default(),
            follow_codes,
            booking_codes,
            tokens,
            plan_json,
            started: Instant::now(),
        });
        forecasts::spawn(beginning, &app, &journal).map_err(HubError::Thread)?;
        Ok(Self { app, running, data })
    }

    /// All routes, for serving or for calling without a socket.
    pub fn router(&self) -> Router {
        http::router(self.app.clone())
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &http::App {
        &self.app
    }

    /// Number of the last event.
    pub fn seq(&self) -> u64 {
        self.app.feed.seq()
    }

    /// Serves on `listener` until `shutdown` resolves or the hall thread fails. Then ends the streams, lets requests
    /// under way finish for a moment, and returns when what was accepted is on the disk.
    pub async fn serve(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), HubError> {
        let (quit, mut quitting) = watch::channel(());
        let listener = listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its delay");
            }
        });
        let server = axum::serve(listener, self.router())
            .with_graceful_shutdown(async move { _ = quitting.changed().await });
        let mut server = tokio::spawn(server.into_future());
        tokio::select! {
            () = shutdown => tracing::info!("停止中 / stopping"),
            _ = &mut self.running.ended => {}
        }
        self.app.feed.end();
        drop(quit);
        if tokio::time::timeout(GRACE, &mut server).await.is_err() {
            server.abort();
        }
        let stopped = tokio::task::spawn_blocking(move || self.stop()).await;
        stopped.unwrap_or(Err(HubError::Panicked))
    }

    /// Answers what waits, writes everything, and ends the hall thread.
    pub fn stop(self) -> Result<(), HubError> {
        self.app.feed.end();
        self.app.hall.stop();
        match self.running.thread.join() {
            Ok(ended) => ended.map_err(|reason| HubError::Journal { path: self.data, reason }),
            Err(_panic) => Err(HubError::Panicked),
        }
    }
}

/// The hall thread as the journal left it, not running yet.
fn restored(
    journal: Journal,
    data_dir: DataDir,
    observers: Sender<Vec<Record>>,
    now: Option<Timestamp>,
) -> Result<HallThread, JournalError> {
    let clock = Clock::starting(now, journal.time_reached()?);
    if now.is_none() && clock.offset_ms() > 0 {
        let ahead_s = clock.offset_ms() / 1000;
        tracing::warn!(
            ahead_s,
            "大厅时间早已超过系统时间，从上次的时间继续 / the hall had got further than the system's clock and runs on from there"
        );
    }
    let Replayed { hall, view, seen_keys, tail } = Replayed::of(&journal)?;
    let seq = view.seq;
    let open = hall.day().is_some_and(|day| day.open);
    let person_key = match journal.person_key()? {
        Some(key) if open => Some(key),
        _ => journal.turn_person_key(open)?,
    };
    let persons = Arc::new(Persons::new(person_key, journal.secret(Secret::AppointmentPersons)?));
    let feed = Arc::new(Feed::new(view, tail));
    Ok(HallThread {
        hall,
        seen_keys,
        seq,
        journal,
        clock: Arc::new(clock),
        feed,
        metrics: Arc::default(),
        persons,
        observers,
        marked_until: Timestamp::from_ms(0),
        data_dir,
    })
}

/// Makes `plan` the plan in force and does what the clock demands, in one commit. A refused plan changes nothing.
fn adopt(thread: &mut HallThread, plan: Plan) -> Result<(), HubError> {
    let now = thread.clock.now();
    let data = thread.data_dir.path().to_owned();
    let refused = |reason| HubError::PlanRefused { data: data.clone(), reason };
    let mut commit = Vec::new();
    // Who still waited when a day ended while the hub was down does not stand against the plan.
    if thread.hall.due(now).contains(&Command::CloseDay) {
        thread.decide(&Command::CloseDay, None, now, &mut commit).map_err(refused)?;
    }
    if thread.hall.plan().is_none_or(|in_force| **in_force != plan) {
        let first = thread.hall.plan().is_none();
        let adopt = Command::AdoptPlan { plan: Arc::new(plan) };
        thread.decide(&adopt, None, now, &mut commit).map_err(refused)?;
        if !first {
            tracing::info!("采用了新的方案 / another plan was adopted");
        }
    }
    thread.decide_due(now, &mut commit);
    thread.write(&commit, now).map_err(|reason| HubError::Journal { path: data, reason })
}
