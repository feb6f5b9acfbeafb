//! A drawn day played on a running hub: the same citizens and staff as in a simulated one, through the hub's own doors.
//! Only their waiting is shortened; the hub's clock runs as it does.

mod post;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use hall_api::View;
use hall_client::{ClientError, Hub, Update, follow};
use hall_core::{AppointmentId, Command, CounterState, Event, Plan, Record, Timestamp};
use hall_forecast::Score;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::day::report::{Coverage, Measure, Report};
use crate::day::{Ask, Coming, Players, Scenario, Who};
use post::{Answer, Codes, post};

/// Commands under way at once.
const ASKS_MAX: usize = 64;
const PROGRESS_EVERY: Duration = Duration::from_secs(10);
/// How long the hub may take to answer what is left at the end.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    pub visitors: usize,
    pub seed: u64,
    /// Everybody acts so many times faster than the clock goes, at least 1.
    pub speed: f64,
}

/// What came of it.
#[derive(Debug)]
pub struct Played {
    pub plan: Arc<Plan>,
    pub scenario: Scenario,
    /// Measured from the hub's events; minutes are those of the citizens, that is `speed` times the clock's.
    pub report: Report,
}

/// Plays a day on the hub until it is over or `stop` comes; progress and what stands in the way go to `say`.
///
/// # Errors
/// When the hub cannot be reached, or no service gives numbers now.
pub async fn play(
    hub: &Hub,
    live: Live,
    stop: impl Future<Output = ()>,
    say: impl Fn(String),
) -> Result<Played> {
    let plan = Arc::new(hub.plan().await?);
    let view = hub.snapshot().await?;
    let Some(now) = view.now else { bail!("主机还没有时间 / the hub has no time yet") };
    check_hours(&plan, &view, now, &say)?;
    let scenario = drawn(&plan, now, live);
    let codes = book(hub, &scenario, now, &plan).await?;
    let report = Stage::new(hub, &plan, &scenario, live, codes, &say).run(stop).await?;
    Ok(Played { plan, scenario, report })
}

fn check_hours(plan: &Plan, view: &View, now: Timestamp, say: &impl Fn(String)) -> Result<()> {
    let clock = now.clock(plan.hall.utc_offset);
    if !view.day.is_some_and(|day| day.open) {
        bail!("主机现在 {clock}，营业日未开 / it is {clock} at the hub and no business day is open");
    }
    let closed: Vec<&str> =
        plan.services.iter().filter(|it| !plan.is_open(it, now)).map(|it| it.name.as_str()).collect();
    if closed.len() == plan.services.len() {
        bail!("主机现在 {clock}，没有业务取号 / it is {clock} at the hub and no service gives numbers");
    }
    if let Some(first) = closed.first() {
        let (closed, all) = (closed.len(), plan.services.len());
        say(format!(
            "主机现在 {clock}，{all} 项业务中 {closed} 项(如{first})不取号，来办的人会被谢绝 / it is {clock} at the hub: \
             {closed} of {all} services give no numbers now, whoever comes for them is turned away"
        ));
    }
    Ok(())
}

/// The day from now on in real time; faster, the whole day from its beginning.
fn drawn(plan: &Plan, now: Timestamp, live: Live) -> Scenario {
    let mut scenario = Scenario::drawn(plan, plan.date(now), live.visitors, live.seed);
    if live.speed <= 1.0 {
        scenario.visits.retain(|visit| visit.at >= now);
    }
    scenario
}

/// Books what can still be booked by the hub's clock; everybody else comes without an appointment.
async fn book(hub: &Hub, scenario: &Scenario, now: Timestamp, plan: &Plan) -> Result<Codes> {
    let mut codes = Codes::new();
    let earliest = now.plus_ms(i64::from(plan.appointments.until_min) * 60_000);
    for (visit, planned) in scenario.visits.iter().enumerate() {
        let Coming::Booked { slot, .. } = planned.coming else { continue };
        if slot < earliest {
            continue;
        }
        match post::book(hub, &planned.wish, slot).await {
            Ok(code) => _ = codes.insert(AppointmentId(visit as u64), code),
            Err(ClientError::Refused(problem)) => tracing::debug!(code = problem.code, "not booked"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(codes)
}

struct Stage<'a, S> {
    hub: &'a Hub,
    scenario: &'a Scenario,
    speed: f64,
    say: &'a S,
    players: Players<'a>,
    measure: Measure<'a>,
    score: Score,
    asks: JoinSet<(Ask, Result<Answer, ClientError>)>,
    codes: Arc<Codes>,
    refused: BTreeMap<String, usize>,
    /// The scenario's time when the play began, and when that was.
    began: (Timestamp, Instant),
    counts: HashMap<&'static str, usize>,
    /// When the scenario's day is over, whoever is still there.
    ends: Timestamp,
    ended: bool,
}

impl<'a, S: Fn(String)> Stage<'a, S> {
    fn new(
        hub: &'a Hub,
        plan: &'a Plan,
        scenario: &'a Scenario,
        live: Live,
        codes: Codes,
        say: &'a S,
    ) -> Self {
        let mut players = Players::new(scenario, plan);
        codes.keys().for_each(|id| players.booked(id.0 as usize, *id));
        let begins = players.next_at().unwrap_or(Timestamp::from_ms(0));
        let first_visit = scenario.visits.first().map(|visit| visit.at);
        let begins = if live.speed <= 1.0 { first_visit.unwrap_or(begins) } else { begins };
        Self {
            hub,
            scenario,
            speed: live.speed,
            say,
            players,
            measure: Measure::at_speed(plan, live.speed),
            score: Score::default(),
            asks: JoinSet::new(),
            codes: Arc::new(codes),
            refused: BTreeMap::new(),
            began: (begins, Instant::now()),
            counts: HashMap::new(),
            ends: plan.day_ends(scenario.day),
            ended: false,
        }
    }

    async fn run(mut self, stop: impl Future<Output = ()>) -> Result<Report> {
        let (sender, mut updates) = mpsc::channel(1024);
        let following = tokio::spawn(follow(self.hub.clone(), sender, |update| update));
        self.join(&mut updates).await?;
        self.began.1 = Instant::now();
        let mut progress = tokio::time::interval(PROGRESS_EVERY);
        progress.tick().await;
        tokio::pin!(stop);
        while !self.ended {
            self.act();
            if self.now() >= self.ends {
                break;
            }
            if self.players.next_at().is_none() && self.asks.is_empty() {
                break;
            }
            let wait = self.until_next();
            tokio::select! {
                Some(update) = updates.recv() => self.hear(update),
                Some(Ok((ask, answer))) = self.asks.join_next() => self.answered(&ask, answer),
                () = sleep(wait) => {}
                _ = progress.tick() => (self.say)(self.progress()),
                () = &mut stop => break,
            }
        }
        self.leave(&mut updates).await;
        following.abort();
        Ok(self.report())
    }

    /// Waits for the first snapshot, and knows what counters are doing.
    async fn join(&mut self, updates: &mut mpsc::Receiver<Update>) -> Result<()> {
        loop {
            match timeout(END_PATIENCE, updates.recv()).await {
                Ok(Some(Update::Snapshot(view))) => {
                    view.counters.iter().for_each(|(number, counter)| self.measure.begin(*number, counter));
                    return Ok(());
                }
                Ok(Some(Update::Away(error))) => bail!("主机断开 / the hub is away: {error}"),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => bail!("主机没有回音 / the hub says nothing"),
            }
        }
    }

    fn now(&self) -> Timestamp {
        let (begins, began) = self.began;
        begins.plus_ms((began.elapsed().as_secs_f64() * 1_000.0 * self.speed) as i64)
    }

    fn until_next(&self) -> Duration {
        let Some(next) = self.players.next_at().filter(|_| self.asks.len() < ASKS_MAX) else {
            return PROGRESS_EVERY;
        };
        let ms = (next.as_ms() - self.now().as_ms()).max(0) as f64 / self.speed;
        Duration::from_secs_f64(ms / 1_000.0).min(PROGRESS_EVERY)
    }

    fn act(&mut self) {
        while self.asks.len() < ASKS_MAX {
            let Some(ask) = self.players.act(self.now()) else { return };
            self.post(ask);
        }
    }

    fn post(&mut self, ask: Ask) {
        let (hub, codes) = (self.hub.clone(), self.codes.clone());
        self.asks.spawn(async move {
            let answer = post(&hub, &codes, &ask.command).await;
            (ask, answer)
        });
    }

    fn answered(&mut self, ask: &Ask, answer: Result<Answer, ClientError>) {
        let now = self.now();
        self.players.answered(ask);
        match answer {
            Ok(Answer::Number { ticket, issued_at, told }) => {
                if let Who::Citizen(visit) = ask.who {
                    self.players.has_number(visit, ticket, now);
                }
                if let Some(told) = told {
                    self.score.tell(ticket, issued_at, told);
                }
            }
            Ok(Answer::Done) => {}
            Err(error) => {
                let code = error.code().unwrap_or("hub_away").to_owned();
                *self.refused.entry(code).or_default() += 1;
                self.players.refused(ask, now);
            }
        }
    }

    fn hear(&mut self, update: Update) {
        match update {
            Update::Record(record) => self.take(&record),
            Update::Snapshot(_) => {
                self.ended = true;
                (self.say)("事件流有缺口，到此为止 / the stream has a gap: the play ends here".to_owned());
            }
            Update::Away(error) => (self.say)(format!("主机断开 / the hub is away: {error}")),
            Update::Plan(_) | Update::Tick(_) => {}
        }
    }

    fn take(&mut self, record: &Record) {
        let what = match &record.event {
            Event::TicketIssued(_) => "issued",
            Event::TicketCalled { .. } => "called",
            Event::ServiceFinished { .. } => "served",
            _ => "other",
        };
        *self.counts.entry(what).or_default() += 1;
        self.players.heard(&record.event, self.now());
        self.measure.take(record);
        self.score.observe(&record.event, record.at);
    }

    fn progress(&self) -> String {
        let count = |what| self.counts.get(what).copied().unwrap_or(0);
        let left = self.scenario.visits.iter().filter(|visit| visit.at > self.now()).count();
        format!(
            "取号 issued {}, 叫号 called {}, 办结 served {}, 未到 still to come {left}, 未获准 refused {}",
            count("issued"),
            count("called"),
            count("served"),
            self.refused.values().sum::<usize>()
        )
    }

    /// Waits for answers under way, and leaves no counter open behind that the players opened.
    async fn leave(&mut self, updates: &mut mpsc::Receiver<Update>) {
        let until = tokio::time::Instant::now() + END_PATIENCE;
        let done = async {
            while let Some(Ok((ask, answer))) = self.asks.join_next().await {
                self.answered(&ask, answer);
            }
            self.close_counters().await;
        };
        if tokio::time::timeout_at(until, done).await.is_err() {
            (self.say)("主机没有及时回答 / the hub did not answer in time".to_owned());
        }
        // What the last commands brought is on its way.
        while let Ok(Some(update)) = timeout(Duration::from_millis(300), updates.recv()).await {
            if let Update::Record(record) = update {
                self.take(&record);
            }
        }
    }

    async fn close_counters(&self) {
        let Ok(view) = self.hub.snapshot().await else { return };
        for counter in self.scenario.shifts.iter().map(|shift| shift.counter) {
            let settle = match view.counter_state(counter) {
                CounterState::Closed => continue,
                CounterState::Calling { .. } => Some(Command::NoShow { counter, timed: false }),
                CounterState::Serving { .. } => Some(Command::FinishService { counter, ends_here: true }),
                CounterState::Idle | CounterState::Paused { .. } => None,
            };
            for command in settle.into_iter().chain([Command::CloseCounter { counter }]) {
                if let Err(error) = post(self.hub, &self.codes, &command).await {
                    tracing::warn!(%counter, %error, "the counter is left as it is");
                }
            }
        }
    }

    fn report(self) -> Report {
        let waits = self.score.waits();
        let coverage = self.score.coverage_p50().zip(self.score.coverage_p90());
        let forecast = coverage.map(|(p50, p90)| Coverage { told: waits.called as usize, p50, p90 });
        Report { refused: self.refused, forecast, ..self.measure.report() }
    }
}
