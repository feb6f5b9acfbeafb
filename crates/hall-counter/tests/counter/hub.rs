//! The window's way to a real hub: on a real socket, with a real journal.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use hall_api::IssueTicket;
use hall_client::{Hub, Link};
use hall_core::{ClassId, CounterState, Plan, ServiceId};
use hall_counter::action::{Action, Order};
use hall_counter::backend;
use hall_counter::model::{Effect, Model, Msg, Notice};
use hall_ui::Lang;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::hall::COUNTER;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A clerk whose presses go to the hub.
struct Clerk {
    model: Model,
    orders: mpsc::Sender<Order>,
    messages: mpsc::Receiver<Msg>,
}

impl Clerk {
    fn tell(&mut self, message: Msg) {
        for Effect::Ask(order) in self.model.update(message, Instant::now()) {
            self.orders.try_send(order).unwrap();
        }
    }

    /// Takes what the hub says until it is so.
    async fn until(&mut self, what: &str, is_so: impl Fn(&Model) -> bool) {
        let waiting = async {
            while !is_so(&self.model) {
                let message = self.messages.recv().await.unwrap();
                self.tell(message);
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    async fn press(&mut self, action: Action) {
        self.until(&format!("{action:?} allowed"), |model| model.may(action)).await;
        self.tell(Msg::Press(action));
    }
}

async fn with_clerk<F: Future<Output = ()>>(hub: Hub, act: impl FnOnce(Clerk) -> F) {
    let (orders, orders_rx) = mpsc::channel(8);
    let (messages_tx, messages) = mpsc::channel(8);
    let clerk = Clerk { model: Model::new(COUNTER, Lang::Zh, Instant::now()), orders, messages };
    tokio::select! {
        () = backend::run(hub, COUNTER, orders_rx, messages_tx) => panic!("the backend ended"),
        () = act(clerk) => {}
    }
}

/// A hub on `address` until the task is told to end.
async fn start_hub(
    data: &Path,
    address: SocketAddr,
) -> (SocketAddr, mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
    let config = hall_hub::Config {
        plan: Plan::from_toml(include_str!("hall.toml")).unwrap(),
        data: data.to_owned(),
        open_access: true,
        now: Some("2026-11-23T09:30:00+08:00".parse().unwrap()),
    };
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, mut stopped) = mpsc::channel(1);
    let serving = tokio::spawn(async move {
        let shutdown = async move { _ = stopped.recv().await };
        hall_hub::serve(config, listener, shutdown).await.unwrap();
    });
    (address, stop, serving)
}

fn client(address: SocketAddr) -> Hub {
    Hub::new(&format!("http://{address}"), None).unwrap()
}

async fn issue(hub: &Hub, service: &str) {
    let wish = IssueTicket { service: ServiceId::from(service), class: ClassId::ordinary() };
    hub.issue(&wish).await.unwrap();
}

#[tokio::test]
async fn a_citizen_is_called_served_and_sent_on_across_a_restart_of_the_hub() {
    let data = tempfile::tempdir().unwrap();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let (address, stop, serving) = start_hub(data.path(), any_port).await;
    let hub = client(address);
    with_clerk(hub.clone(), async |mut clerk| {
        clerk.press(Action::Open).await;
        issue(&hub, "transfer").await;
        clerk.press(Action::CallNext).await;
        clerk.press(Action::Recall).await;
        clerk
            .until("called twice", |model| matches!(model.state(), CounterState::Calling { calls: 2, .. }))
            .await;

        stop.send(()).await.unwrap();
        serving.await.unwrap();
        clerk.until("away", |model| model.screen().link == Link::Away).await;
        assert_eq!(clerk.model.screen().ticket.unwrap().number, "A001");
        let (_, _stop, _serving) = start_hub(data.path(), address).await;

        clerk.press(Action::Start).await;
        clerk.press(Action::Transfer).await;
        clerk.tell(Msg::FindService("K".into()));
        clerk.tell(Msg::ConfirmTransfer);
        clerk.press(Action::Pause).await;
        clerk.tell(Msg::PauseFor("午休".into()));
        clerk.press(Action::Close).await;
        clerk.until("closed", |model| *model.state() == CounterState::Closed).await;
    })
    .await;
}

#[tokio::test]
async fn the_hub_refuses_what_somebody_else_made_impossible() {
    let data = tempfile::tempdir().unwrap();
    let (address, _stop, _serving) = start_hub(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let hub = client(address);
    with_clerk(hub.clone(), async |mut clerk| {
        clerk.press(Action::Open).await;
        issue(&hub, "transfer").await;
        clerk.until("somebody waits", |model| model.may(Action::CallNext)).await;
        hub.close(COUNTER).await.unwrap();
        clerk.tell(Msg::Press(Action::CallNext));
        let refused = Notice::Refused("1 号窗口未开放，请先开窗".into());
        clerk.until("refused", |model| model.screen().notice.as_ref() == Some(&refused)).await;
        clerk.until("closed", |model| model.screen().allowed == [Action::Open]).await;
    })
    .await;
}
