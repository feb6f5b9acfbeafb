//! A township hall at half past nine, open to all.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use hall_api::{IssueReply, IssueTicket, View};
use hall_client::Hub;
use hall_core::{ClassId, CounterNumber, Plan};
use hall_hub::{Config, HubError};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Nothing in these tests may take longer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The counter that serves `id-card`.
pub const COUNTER: CounterNumber = CounterNumber(5);

pub fn wish(service: &str) -> IssueTicket {
    IssueTicket::new(service, ClassId::ordinary())
}

pub struct Hall {
    pub addr: SocketAddr,
    /// A terminal on a line that never fails.
    pub hub: Hub,
    data: TempDir,
    shutdown: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), HubError>>,
}

impl Hall {
    pub async fn start() -> Self {
        Self::start_in(TempDir::new().unwrap(), "2026-11-23T09:30:00+08:00").await
    }

    pub async fn start_in(data: TempDir, now: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls/township.toml");
        let plan = Plan::from_toml(&std::fs::read_to_string(file).unwrap()).unwrap();
        let now = Some(now.parse().unwrap());
        let config = Config { plan, data: data.path().to_owned(), open_access: true, now };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (shutdown, stop) = oneshot::channel();
        let serving = tokio::spawn(hall_hub::serve(config, listener, async { _ = stop.await }));
        let hub = Hub::new(&format!("http://{addr}"), None).unwrap();
        Self { addr, hub, data, shutdown, serving }
    }

    pub async fn stop(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
        self.data
    }

    /// What the hub itself knows.
    pub async fn view(&self) -> View {
        let reply = reqwest::get(format!("http://{}/v1/snapshot", self.addr)).await.unwrap();
        reply.json().await.unwrap()
    }

    /// Gives so many numbers, many at a time.
    pub async fn issue(&self, service: &str, tickets: usize) {
        let wish = wish(service);
        let issue = |_| async { self.hub.issue(&wish).await.unwrap() };
        let replies: Vec<IssueReply> =
            stream::iter(0..tickets).map(issue).buffer_unordered(64).collect().await;
        assert_eq!(replies.len(), tickets);
    }
}

/// A view but for the time, which the hub alone keeps current.
pub fn timeless(view: &View) -> View {
    View { now: None, ..view.clone() }
}
