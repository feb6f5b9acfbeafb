//! The kiosk's errands with a real hub and a printer on a pseudo-terminal.
#![allow(clippy::unwrap_used)]

#[path = "../../crates/hall-client/tests/client/proxy.rs"]
#[allow(dead_code, reason = "hall-client's tests need more of it")]
mod proxy;
mod support;

use std::sync::Arc;
use std::time::Duration;

use hall_api::{IssueReply, IssueTicket};
use hall_client::{ClientError, Hub, Update};
use hall_core::{ClassId, Plan};
use hall_hub::Config;
use hall_kiosk::backend::{self, SlipPrinter};
use hall_kiosk::{Msg, Order};
use hall_print::{Outcome, Profile, Setup, Status};
use hall_sim::printer::{Condition, VirtualPrinter};
use proxy::{Line, Proxy};
use support::TOWNSHIP;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const PATIENCE: Duration = Duration::from_secs(30);

/// A hub, a kiosk's backend at the end of a line that can be broken, and its printer.
struct Errands {
    orders: mpsc::Sender<Order>,
    messages: mpsc::Receiver<Msg>,
    printer: VirtualPrinter,
    /// Another terminal, on a line that never fails.
    elsewhere: Hub,
    line: Proxy,
    plan: Arc<Plan>,
    _data: tempfile::TempDir,
}

impl Errands {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let plan = Plan::from_toml(TOWNSHIP).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let line = Proxy::to(addr).await;
        let hub = |url: String| Hub::new(&url, None).unwrap();
        let config = Config {
            plan: plan.clone(),
            data: data.path().to_owned(),
            open_access: true,
            now: Some("2026-11-23T09:30:00+08:00".parse().unwrap()),
        };
        tokio::spawn(hall_hub::serve(config, listener, std::future::pending()));
        let printer = VirtualPrinter::open(None).unwrap();
        let slip_printer = SlipPrinter::start(Setup::new(printer.path(), Profile::generic())).unwrap();
        let (orders, orders_rx) = mpsc::channel(8);
        let (messages_tx, messages) = mpsc::channel(256);
        tokio::spawn(backend::run(hub(line.url()), Some(slip_printer), orders_rx, messages_tx));
        let elsewhere = hub(format!("http://{addr}"));
        Self { orders, messages, printer, elsewhere, line, plan: Arc::new(plan), _data: data }
    }

    async fn order(&self) {
        let order = Order { service: "household".into(), plan: self.plan.clone() };
        self.orders.send(order).await.unwrap();
    }

    /// The first message that is wanted.
    async fn wait<T>(&mut self, what: &str, wanted: impl Fn(Msg) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let message = self.messages.recv().await.expect("the backend runs");
                if let Some(found) = wanted(message) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("no {what}"))
    }

    async fn printer_is(&mut self, expect: Status) {
        let is = |message| matches!(message, Msg::Printer(status) if status == expect).then_some(());
        self.wait("such status", is).await;
    }

    async fn reply(&mut self) -> Result<IssueReply, ClientError> {
        let reply = |message| match message {
            Msg::Issued(reply) => Some(*reply),
            _ => None,
        };
        self.wait("reply", reply).await
    }

    async fn number(&mut self) -> String {
        self.reply().await.unwrap().ticket.number.to_string()
    }

    async fn outcome(&mut self) -> Outcome {
        let outcome = |message| match message {
            Msg::Slip { outcome, .. } => Some(outcome),
            _ => None,
        };
        self.wait("outcome", outcome).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_on_the_slip_is_the_hubs() {
    let mut errands = Errands::start().await;
    let snapshot = |message| matches!(message, Msg::Hub(Update::Snapshot(_))).then_some(());
    errands.wait("snapshot", snapshot).await;
    for expect in ["H001", "H002"] {
        errands.order().await;
        assert_eq!(errands.number().await, expect);
        assert_eq!(errands.outcome().await, Outcome::Printed);
        let slip = errands.printer.take_slip(PATIENCE).unwrap().decode().unwrap();
        assert_eq!(slip.largest_line().as_deref(), Some(expect));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_paper_takes_nobodys_number() {
    let mut errands = Errands::start().await;
    errands.printer_is(Status::Ready).await;
    errands.printer.set(Condition::PaperOut);
    errands.printer_is(Status::PaperOut).await;
    errands.order().await;
    assert_eq!(errands.number().await, "H001");
    assert!(matches!(errands.outcome().await, Outcome::FailedClean(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_given_without_an_answer_goes_to_who_touches_the_service_next() {
    let mut errands = Errands::start().await;
    errands.line.set(Line::Silent);
    errands.order().await;
    assert!(matches!(errands.reply().await, Err(ClientError::Away(_))));
    let wish = IssueTicket::new("household", ClassId::ordinary());
    let elsewhere = errands.elsewhere.issue(&wish).await.unwrap();
    assert_eq!(elsewhere.ticket.number.as_str(), "H002", "the first was given to the kiosk");
    errands.line.set(Line::Passing);
    for expect in ["H001", "H003"] {
        errands.order().await;
        assert_eq!(errands.number().await, expect);
        let slip = errands.printer.take_slip(PATIENCE).unwrap().decode().unwrap();
        assert_eq!(slip.largest_line().as_deref(), Some(expect));
    }
}
