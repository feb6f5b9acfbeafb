//! The kiosk's errands on the tokio thread: follows the hub, takes numbers, prints slips. A slip goes to the printer
//! the moment the hub has answered, without waiting for the screen.

use std::sync::Arc;
use std::time::Instant;

use hall_api::{IssueReply, IssueTicket, IssuedTicket};
use hall_client::{ClientError, Hub, Update, follow};
use hall_core::{ClassId, ServiceId, TicketId};
use hall_print::{Error, Failure, Outcome};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::model::{Errand, Msg, Order};
use crate::station::{self, Ear, Printing, SlipKey, Station};
use crate::unanswered::Unanswered;

/// Updates from the hub on their way to screen and station.
const UPDATES_MAX: usize = 64;

/// What an errand needs. Cheap to clone.
#[derive(Clone)]
struct Backend {
    hub: Hub,
    /// Absent where the kiosk has no printer.
    station: Option<Arc<Station>>,
    unanswered: Arc<Unanswered>,
    messages: mpsc::Sender<Msg>,
}

/// Runs until the kiosk ends.
pub async fn run(
    hub: Hub,
    station: Option<Station>,
    mut errands: mpsc::Receiver<Errand>,
    messages: mpsc::Sender<Msg>,
) {
    let station = station.map(Arc::new);
    let mut tasks = JoinSet::new();
    let ear = station.as_ref().map(|station| station::run(station, &hub, &messages, &mut tasks));
    let (updates, updates_rx) = mpsc::channel(UPDATES_MAX);
    tasks.spawn(follow(hub.clone(), updates, |update| update));
    tasks.spawn(listen(updates_rx, ear, messages.clone()));
    let backend = Backend { hub, station, unanswered: Arc::default(), messages };
    loop {
        tokio::select! {
            errand = errands.recv() => match errand {
                Some(errand) => _ = tasks.spawn(backend.clone().run(errand)),
                None => return,
            },
            // Ended ones are let go of.
            Some(_) = tasks.join_next() => {}
        }
    }
}

/// Hands on what the hub says.
async fn listen(mut updates: mpsc::Receiver<Update>, mut ear: Option<Ear>, messages: mpsc::Sender<Msg>) {
    while let Some(update) = updates.recv().await {
        if let Some(ear) = &mut ear {
            ear.hear(&update, Instant::now());
        }
        if messages.send(Msg::Hub(update)).await.is_err() {
            return;
        }
    }
}

impl Backend {
    async fn run(self, errand: Errand) {
        match errand {
            Errand::TakeNumber(order) => {
                let reply = self.take_number(&order.service).await;
                self.hand_out(reply, &order).await;
            }
            Errand::Reprint(ticket) => self.order_reprint(ticket).await,
            Errand::PrintTestPage { printed_at } => self.print_test_page(printed_at).await,
            Errand::RollChanged => self.station.iter().for_each(|station| station.roll_changed()),
        }
    }

    async fn take_number(&self, service: &ServiceId) -> Result<IssueReply, ClientError> {
        let wish = IssueTicket::new(service.clone(), ClassId::ordinary());
        let key = self.unanswered.key_for(service, Instant::now());
        let reply = self.hub.issue_once(&wish, &key).await;
        if let Err(error) = &reply {
            tracing::warn!(%error, %service, "no number");
            if error.leaves_open() {
                self.unanswered.keep(service.clone(), key, Instant::now());
            }
        }
        reply
    }

    /// Prints the number, if there is one, and shows how both went.
    async fn hand_out(&self, reply: Result<IssueReply, ClientError>, order: &Order) {
        let ticket = reply.as_ref().ok().map(|reply| reply.ticket.clone());
        let printing = ticket.zip(self.station.as_ref()).map(|(ticket, station)| {
            let printing = station.print_slip(&ticket, &order.plan, 0);
            (station, ticket, printing)
        });
        self.tell(Msg::Issued(Box::new(reply))).await;
        let Some((station, ticket, printing)) = printing else { return };
        let outcome = match printing {
            Ok(printing) => printing.ended().await,
            Err(error) => self.not_written(station, &ticket, &error).await,
        };
        tracing::info!(number = %ticket.number, ?outcome, "slip");
        // What keeps it from printing is known before that it did not print.
        self.tell(Msg::Printer(station.health())).await;
        self.tell(Msg::Slip { ticket: ticket.id, outcome }).await;
    }

    async fn not_written(&self, station: &Station, ticket: &IssuedTicket, error: &Error) -> Outcome {
        tracing::error!(%error, number = %ticket.number, "the slip could not be written");
        let key = SlipKey::new(ticket.id, &ticket.number, ticket.issued_at, 0);
        station::report_unprinted(&self.hub, &station.facts().name, &key).await;
        Outcome::FailedClean(Failure::Stopped)
    }

    /// The order comes back on the stream, like that of a counter.
    async fn order_reprint(&self, ticket: TicketId) {
        let Some(station) = &self.station else { return };
        let reply = self.hub.order_reprint(ticket, &station.facts().name, None).await;
        self.tell(Msg::ReprintOrdered(Box::new(reply))).await;
    }

    async fn print_test_page(&self, printed_at: String) {
        let Some(station) = &self.station else { return };
        let outcome = match station.print_test_page(printed_at).map(Printing::ended) {
            Ok(ended) => ended.await,
            Err(error) => {
                tracing::error!(%error, "the test page could not be written");
                Outcome::FailedClean(Failure::Stopped)
            }
        };
        self.tell(Msg::TestPage(outcome)).await;
    }

    async fn tell(&self, message: Msg) {
        // Only a screen that is gone does not take it.
        let _ = self.messages.send(message).await;
    }
}
