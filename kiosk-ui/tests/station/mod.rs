//! A hub, a kiosk's backend at the end of a line that can be broken, and its printer. Each can end and begin again.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hall_api::{IssueReply, View};
use hall_client::{ClientError, Hub};
use hall_core::{Plan, TicketId};
use hall_hub::{Config, HubError};
use hall_kiosk::station::Station;
use hall_kiosk::{Errand, Msg, Order, backend};
use hall_print::{Outcome, Profile, Setup, Status, Template};
use hall_sim::printer::VirtualPrinter;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::proxy::{Line, Proxy};
use crate::support::TOWNSHIP;

pub const PATIENCE: Duration = Duration::from_secs(60);
pub const MORNING: &str = "2026-11-23T09:30:00+08:00";
pub const NAME: &str = "kiosk-1";

/// A township hall, open to all.
pub struct TestHub {
    pub addr: SocketAddr,
    data: TempDir,
    shutdown: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), HubError>>,
}

impl TestHub {
    async fn start(data: TempDir, now: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let config = Config {
            plan: Plan::from_toml(TOWNSHIP).unwrap(),
            data: data.path().to_owned(),
            open_access: true,
            now: Some(now.parse().unwrap()),
        };
        let (shutdown, stop) = oneshot::channel();
        let serving = tokio::spawn(hall_hub::serve(config, listener, async { _ = stop.await }));
        Self { addr, data, shutdown, serving }
    }

    async fn stop(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
        self.data
    }
}

/// A kiosk without its screen, in a runtime of its own.
pub struct Kiosk {
    errands: mpsc::Sender<Errand>,
    messages: mpsc::Receiver<Msg>,
    runtime: Option<Runtime>,
}

impl Kiosk {
    fn start(hub: Hub, printer: &VirtualPrinter, folder: &Path) -> Self {
        let setup = Setup::new(printer.path(), Profile::generic()).journal_in(folder).unwrap();
        let station = Station::start(NAME.into(), setup, Template::default()).unwrap();
        let (errands, errands_rx) = mpsc::channel(8);
        let (messages_tx, messages) = mpsc::channel(256);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(backend::run(hub, Some(station), errands_rx, messages_tx));
        Self { errands, messages, runtime: Some(runtime) }
    }
}

impl Drop for Kiosk {
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

/// All of it.
pub struct Errands {
    pub kiosk: Kiosk,
    pub printer: VirtualPrinter,
    /// Of the print journal.
    pub folder: TempDir,
    /// Another terminal, on a line that never fails.
    pub elsewhere: Hub,
    pub line: Proxy,
    pub hub: Option<TestHub>,
    plan: Arc<Plan>,
}

fn hub_at(url: &str) -> Hub {
    Hub::new(url, None).unwrap()
}

impl Errands {
    pub async fn start() -> Self {
        let hub = TestHub::start(tempfile::tempdir().unwrap(), MORNING).await;
        let line = Proxy::to(hub.addr).await;
        let printer = VirtualPrinter::open(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kiosk = Kiosk::start(hub_at(&line.url()), &printer, folder.path());
        let elsewhere = hub_at(&format!("http://{}", hub.addr));
        let plan = Arc::new(Plan::from_toml(TOWNSHIP).unwrap());
        Self { kiosk, printer, folder, elsewhere, line, hub: Some(hub), plan }
    }

    /// Nothing more is heard of the kiosk; its disk is as it is now, its printer is another one.
    pub fn kill_and_start_again(&mut self) {
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(self.journal_file(), copy.path().join("slips.jsonl")).unwrap();
        self.folder = copy;
        self.printer = VirtualPrinter::open(None).unwrap();
        self.kiosk = Kiosk::start(hub_at(&self.line.url()), &self.printer, self.folder.path());
    }

    pub fn journal_file(&self) -> PathBuf {
        self.folder.path().join("slips.jsonl")
    }

    /// The hub goes away and comes back at another time, with its data or as a new one.
    pub async fn restart_hub(&mut self, now: &str, keep_data: bool) {
        self.line.set(Line::Refusing);
        self.line.cut();
        let data = self.hub.take().unwrap().stop().await;
        let data = if keep_data { data } else { tempfile::tempdir().unwrap() };
        let hub = TestHub::start(data, now).await;
        self.line.lead_to(hub.addr);
        self.elsewhere = hub_at(&format!("http://{}", hub.addr));
        self.hub = Some(hub);
        self.line.set(Line::Passing);
    }

    pub async fn send(&self, errand: Errand) {
        self.kiosk.errands.send(errand).await.unwrap();
    }

    pub async fn order(&self) {
        let order = Order { service: "household".into(), plan: self.plan.clone() };
        self.send(Errand::TakeNumber(order)).await;
    }

    /// From touch to paper; the ticket.
    pub async fn take(&mut self, number: &str) -> TicketId {
        self.order().await;
        let ticket = self.reply().await.unwrap().ticket;
        assert_eq!(ticket.number.as_str(), number);
        assert_eq!(self.outcome().await, Outcome::Printed);
        self.expect_paper(number, false);
        ticket.id
    }

    /// The next piece of paper.
    #[track_caller]
    pub fn expect_paper(&self, number: &str, reprint: bool) {
        let piece = loop {
            let piece = self.printer.take_slip(PATIENCE).expect("a piece of paper");
            // A blank one is what was torn off after a slip that was broken off.
            if !piece.is_blank() {
                break piece;
            }
        };
        let shown = (piece.largest_line(), piece.is_marked_reprint(), piece.is_whole());
        assert_eq!(shown, (Some(number.to_owned()), reprint, true), "{}", piece.text());
    }

    /// The first message that is wanted.
    pub async fn wait<T>(&mut self, what: &str, wanted: impl Fn(Msg) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let message = self.kiosk.messages.recv().await.expect("the backend runs");
                if let Some(found) = wanted(message) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("no {what}"))
    }

    pub async fn printer_is(&mut self, expect: Status) {
        let is = |message| matches!(message, Msg::Printer(health) if health.status == expect).then_some(());
        self.wait("such status", is).await;
    }

    pub async fn reply(&mut self) -> Result<IssueReply, ClientError> {
        let reply = |message| match message {
            Msg::Issued(reply) => Some(*reply),
            _ => None,
        };
        self.wait("reply", reply).await
    }

    pub async fn number(&mut self) -> String {
        self.reply().await.unwrap().ticket.number.to_string()
    }

    pub async fn outcome(&mut self) -> Outcome {
        let outcome = |message| match message {
            Msg::Slip { outcome, .. } => Some(outcome),
            _ => None,
        };
        self.wait("outcome", outcome).await
    }

    /// Waits until the hub knows what is wanted.
    pub async fn hub_knows<T>(&self, what: &str, wanted: impl Fn(&View) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let view = self.elsewhere.snapshot().await.unwrap();
            if let Some(found) = wanted(&view) {
                return found;
            }
            assert!(Instant::now() < deadline, "the hub does not know {what}: {view:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
