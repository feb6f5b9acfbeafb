//! The limits of docs/SPEED.md, measured in one run: `cargo bench -p hall-hub`. Figures are ratios where the machine
//! would otherwise decide; nothing here fails.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::Json;
use axum::routing::{get, post};
use hall_api::{IssueReply, IssueTicket, IssuedTicket};
use hall_client::{Hub, Update, follow};
use hall_core::plan::Plan;
use hall_core::{ClassId, CounterNumber, Event};
use hall_hub::Config;
use hall_sim::{day, load};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

const CONNECTIONS: usize = 64;
const NUMBERS: usize = 60_000;
const SUBSCRIBERS: usize = 500;
const CALLS: usize = 200;

fn main() -> Result<()> {
    // `cargo bench` passes --bench; `cargo test --benches` would not, and has nothing to measure.
    if !std::env::args().any(|arg| arg == "--bench") {
        return Ok(());
    }
    let plan = city()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        throughput(&plan).await?;
        latency(&plan).await?;
        fan_out(&plan).await
    })?;
    simulated_day(plan)
}

fn city() -> Result<Arc<Plan>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls/city.toml");
    Ok(Arc::new(Plan::from_toml(&std::fs::read_to_string(path)?)?))
}

/// Durable numbers a second against a handler that does nothing, by the same clients.
async fn throughput(plan: &Arc<Plan>) -> Result<()> {
    let empty = empty_handler(plan.clone()).await?;
    let running = RunningHub::start(plan).await?;
    let mut rates = Vec::new();
    for hub in [&empty, &running.hub, &empty, &running.hub, &empty, &running.hub] {
        let began = Instant::now();
        let far = began + Duration::from_secs(60);
        let outcome = load::issue(hub, plan.clone(), CONNECTIONS, NUMBERS, far).await;
        anyhow::ensure!(outcome.failed.is_empty(), "{} requests failed", outcome.failed.len());
        rates.push(NUMBERS as f64 / began.elapsed().as_secs_f64());
    }
    for pair in rates.chunks(2) {
        let [empty, hub] = pair else { continue };
        println!(
            "durable numbers, {CONNECTIONS} connections: {hub:.0}/s, empty handler {empty:.0}/s: {:.2}",
            hub / empty
        );
    }
    running.stop().await
}

/// Taking a number and calling, on 16 connections at the pace they allow.
async fn latency(plan: &Arc<Plan>) -> Result<()> {
    let running = RunningHub::start(plan).await?;
    let far = Instant::now() + Duration::from_secs(60);
    let issued = load::issue(&running.hub, plan.clone(), 16, 20_000, far).await;
    print_latency("issue, 16 connections", &issued.latencies);
    let mut staff = tokio::task::JoinSet::new();
    for first in 0..16u16 {
        staff.spawn(call_and_finish(running.hub.clone(), first));
    }
    let mut latencies: Vec<Duration> =
        staff.join_all().await.into_iter().collect::<Result<Vec<_>>>()?.concat();
    latencies.sort_unstable();
    print_latency("call-next, 16 connections", &latencies);
    running.stop().await
}

/// One connection calling at every sixteenth counter of the city; how long each call-next took.
async fn call_and_finish(hub: Hub, first: u16) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    for number in (1 + first..=231).step_by(16).map(CounterNumber) {
        hub.open(number).await?;
        for _ in 0..20 {
            let began = Instant::now();
            let called = hub.call_next(number).await?.ticket.is_some();
            latencies.push(began.elapsed());
            if !called {
                break;
            }
            hub.start(number).await?;
            hub.finish(number).await?;
        }
    }
    Ok(latencies)
}

/// From posting a call to the record at the last of many subscribers.
async fn fan_out(plan: &Arc<Plan>) -> Result<()> {
    let running = RunningHub::start(plan).await?;
    let service = plan.services.first().context("a plan without services")?;
    let counter = plan.counters_serving(&service.id).next().context("nobody serves")?.number;
    let (heard, mut hearing) = mpsc::channel(4 * SUBSCRIBERS);
    for _ in 0..SUBSCRIBERS {
        tokio::spawn(follow(running.hub.clone(), heard.clone(), |update| (update, Instant::now())));
    }
    heard_by_all(&mut hearing, |update| matches!(update, Update::Snapshot(_))).await?;
    running.hub.open(counter).await?;
    let mut latencies = Vec::new();
    for _ in 0..CALLS {
        let wish = IssueTicket::new(service.id.clone(), ClassId::ordinary());
        running.hub.issue(&wish).await?;
        let began = Instant::now();
        running.hub.call_next(counter).await?;
        let is_call = |update: &Update| matches!(update, Update::Record(record) if matches!(record.event, Event::TicketCalled { .. }));
        latencies.push(heard_by_all(&mut hearing, is_call).await? - began);
        running.hub.start(counter).await?;
        running.hub.finish(counter).await?;
    }
    latencies.sort_unstable();
    print_latency("call to the last of 500 subscribers", &latencies);
    running.stop().await
}

/// Waits until every subscriber has heard such an update; returns when the last did.
async fn heard_by_all(
    hearing: &mut mpsc::Receiver<(Update, Instant)>,
    wanted: impl Fn(&Update) -> bool,
) -> Result<Instant> {
    let mut last = Instant::now();
    let mut count = 0;
    while count < SUBSCRIBERS {
        let (update, at) = hearing.recv().await.context("a subscriber went away")?;
        if wanted(&update) {
            last = last.max(at);
            count += 1;
        }
    }
    Ok(last)
}

fn simulated_day(plan: Arc<Plan>) -> Result<()> {
    let began = Instant::now();
    let outcome = day::simulate(plan, "2026-11-23".parse()?, 5000, 1)?;
    println!("a simulated day of 5,000 visitors: {:.2?}, {} events", began.elapsed(), outcome.journal.len());
    Ok(())
}

fn print_latency(what: &str, sorted: &[Duration]) {
    let at = |share: f64| sorted.get((sorted.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!("{what}: p50 {:.2?}, p99 {:.2?}, {} times", at(0.5), at(0.99), sorted.len());
}

struct RunningHub {
    hub: Hub,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<Result<(), hall_hub::HubError>>,
    _data: tempfile::TempDir,
}

impl RunningHub {
    async fn start(plan: &Arc<Plan>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let now = Some("2026-11-23T09:30:00+08:00".parse()?);
        let config = Config { plan: Plan::clone(plan), data: data.path().to_owned(), open_access: true, now };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let hub = client(listener.local_addr()?)?;
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(hall_hub::serve(config, listener, async { _ = stopped.await }));
        Ok(Self { hub, stop, served, _data: data })
    }

    async fn stop(self) -> Result<()> {
        _ = self.stop.send(());
        Ok(self.served.await??)
    }
}

/// Answers as a hub would, having done nothing.
async fn empty_handler(plan: Arc<Plan>) -> Result<Hub> {
    let ticket = IssuedTicket {
        id: hall_core::TicketId(1),
        number: hall_core::TicketNumber::new("A", 1),
        service: plan.services[0].id.clone(),
        class: ClassId::ordinary(),
        ahead: 0,
        issued_at: hall_core::Timestamp::from_ms(0),
        follow_code: "1-000000000000".into(),
        wait: None,
    };
    let reply = IssueReply { ticket, seq: 1 };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = axum::Router::new()
        .route("/v1/tickets", post(move || std::future::ready(Json(reply.clone()))))
        .route("/v1/hall", get(move || std::future::ready(Json(Plan::clone(&plan)))));
    tokio::spawn(async { axum::serve(listener, router).await });
    client(address)
}

fn client(address: SocketAddr) -> Result<Hub> {
    Ok(Hub::new(&format!("http://{address}"), None)?)
}
