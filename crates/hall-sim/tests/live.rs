//! A drawn day on a running hub, and that day met again from the hub's journal.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use hall_client::Hub;
use hall_core::Plan;
use hall_hub::{Config, HubError};
use hall_sim::live::{Live, Played, play};
use hall_sim::replay;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// So fast that a day of eleven hours is over in a few seconds.
const SPEED: f64 = 6_000.0;

struct RunningHub {
    hub: Hub,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), HubError>>,
    data: TempDir,
}

impl RunningHub {
    async fn start(hall: &str, now: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls").join(hall);
        let plan = Plan::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
        let data = tempfile::tempdir().unwrap();
        let now = Some(now.parse().unwrap());
        let config = Config { plan, data: data.path().to_owned(), open_access: true, now };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub = Hub::new(&format!("http://{}", listener.local_addr().unwrap()), None).unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(hall_hub::serve(config, listener, async { _ = stopped.await }));
        Self { hub, stop, served, data }
    }

    async fn play(&self, visitors: usize, stop: impl Future<Output = ()>) -> anyhow::Result<Played> {
        let live = Live { visitors, seed: 5, speed: SPEED };
        play(&self.hub, live, stop, |line| println!("{line}")).await
    }

    async fn stop(self) -> TempDir {
        _ = self.stop.send(());
        self.served.await.unwrap().unwrap();
        self.data
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_a_hub_is_played_to_its_end_and_can_be_met_again() {
    let hub = RunningHub::start("township.toml", "2026-11-23T09:30:00+08:00").await;
    let played = hub.play(120, std::future::pending()).await.unwrap();
    let counts = &played.report.tickets;
    let came = played.scenario.visits.len();
    assert!(counts.issued + counts.direct > came * 9 / 10, "{counts:?} {:?}", played.report.refused);
    assert!(counts.served > counts.issued * 8 / 10, "{counts:?}");
    let view = hub.hub.snapshot().await.unwrap();
    assert!(view.counters.is_empty(), "counters were left open: {:?}", view.counters);

    let data = hub.stop().await;
    let recorded = replay::recorded(data.path(), None).unwrap();
    assert_eq!(recorded.day, played.scenario.day);
    let comparison = replay::replay(&recorded, None, &[]).unwrap();
    let [was, is] = comparison.outcomes.as_slice() else { panic!("two were asked for") };
    assert_eq!(was.report.tickets.issued, counts.issued);
    assert_eq!(is.report.tickets.issued, counts.issued);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_that_is_stopped_leaves_no_counter_open() {
    let hub = RunningHub::start("city.toml", "2026-11-23T09:30:00+08:00").await;
    let busy = async {
        let until = Instant::now() + Duration::from_secs(20);
        while hub.hub.snapshot().await.unwrap().counters.len() < 20 {
            assert!(Instant::now() < until, "the counters did not open");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    hub.play(1000, busy).await.unwrap();
    let view = hub.hub.snapshot().await.unwrap();
    assert!(view.counters.is_empty(), "counters were left open: {:?}", view.counters);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_services_are_named_before_anybody_goes_there() {
    let hub = RunningHub::start("township.toml", "2026-11-23T12:30:00+08:00").await;
    let said = Mutex::new(Vec::new());
    let live = Live { visitors: 1, seed: 1, speed: SPEED };
    let at_once = std::future::ready(());
    play(&hub.hub, live, at_once, |line| said.lock().unwrap().push(line)).await.unwrap();
    let said = said.into_inner().unwrap();
    assert!(said[0].contains("14 项业务中 13 项"), "{said:?}");
    hub.stop().await;

    let hub = RunningHub::start("township.toml", "2026-11-23T06:00:00+08:00").await;
    let refused = hub.play(1, std::future::pending()).await.unwrap_err().to_string();
    assert!(refused.contains("06:00") && refused.contains("no business day is open"), "{refused}");
    hub.stop().await;
}
