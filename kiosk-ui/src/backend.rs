//! The kiosk's errands on the tokio thread: follows the hub, takes numbers, prints slips. A slip goes to the printer
//! the moment the hub has answered, without waiting for the screen.

use std::sync::{Arc, mpsc as std_mpsc};
use std::time::Instant;

use hall_api::{IssueReply, IssueTicket};
use hall_client::{ClientError, Hub, follow};
use hall_core::{ClassId, ServiceId, TicketNumber};
use hall_print::{Error, Failure, Outcome, Printer, Renderer, Setup, Slip, Status, Template};
use tokio::sync::{mpsc, watch};

use crate::model::{Msg, Order};
use crate::slip::slip;
use crate::unanswered::Unanswered;

/// The printer of this kiosk, and how to write for it.
pub struct SlipPrinter {
    printer: Printer,
    renderer: Renderer,
    status: watch::Receiver<Status>,
}

impl SlipPrinter {
    /// Starts the printer's thread; a port that is not there yet is no error.
    pub fn start(setup: Setup) -> Result<Self, Error> {
        let (changed, status) = watch::channel(Status::Away);
        let renderer = Renderer::new(&setup.profile, Template::default());
        let printer = Printer::spawn(setup, move |status| _ = changed.send_replace(status))?;
        Ok(Self { printer, renderer, status })
    }

    fn print(&self, key: &str, slip: &Slip) -> Result<std_mpsc::Receiver<Outcome>, Error> {
        Ok(self.printer.print(key, self.renderer.render(slip)?))
    }
}

/// Runs until the kiosk ends.
pub async fn run(
    hub: Hub,
    printer: Option<SlipPrinter>,
    mut orders: mpsc::Receiver<Order>,
    messages: mpsc::Sender<Msg>,
) {
    let printer = printer.map(Arc::new);
    let unanswered = Arc::<Unanswered>::default();
    if let Some(printer) = &printer {
        tokio::spawn(watch_printer(printer.status.clone(), messages.clone()));
    }
    tokio::spawn(follow(hub.clone(), messages.clone(), Msg::Hub));
    while let Some(order) = orders.recv().await {
        let (hub, unanswered) = (hub.clone(), unanswered.clone());
        let (printer, messages) = (printer.clone(), messages.clone());
        tokio::spawn(async move {
            let reply = take_number(&hub, &order.service, &unanswered).await;
            hand_out(reply, &order, printer, messages).await;
        });
    }
}

async fn watch_printer(mut status: watch::Receiver<Status>, messages: mpsc::Sender<Msg>) {
    while status.changed().await.is_ok() {
        let now = *status.borrow_and_update();
        if messages.send(Msg::Printer(now)).await.is_err() {
            return;
        }
    }
}

async fn take_number(
    hub: &Hub,
    service: &ServiceId,
    unanswered: &Unanswered,
) -> Result<IssueReply, ClientError> {
    let wish = IssueTicket::new(service.clone(), ClassId::ordinary());
    let key = unanswered.key_for(service, Instant::now());
    let reply = hub.issue_once(&wish, &key).await;
    if let Err(error) = &reply {
        tracing::warn!(%error, %service, "no number");
        if error.leaves_open() {
            unanswered.keep(service.clone(), key, Instant::now());
        }
    }
    reply
}

/// Prints the number, if there is one, and shows how both went.
async fn hand_out(
    reply: Result<IssueReply, ClientError>,
    order: &Order,
    printer: Option<Arc<SlipPrinter>>,
    messages: mpsc::Sender<Msg>,
) {
    let ticket = reply.as_ref().ok().map(|reply| reply.ticket.clone());
    let printed = ticket.zip(printer).map(|(ticket, printer)| {
        let outcome = printer.print(&ticket.id.to_string(), &slip(&ticket, order));
        (ticket, outcome)
    });
    if messages.send(Msg::Issued(Box::new(reply))).await.is_err() {
        return;
    }
    if let Some((ticket, outcome)) = printed {
        let outcome = wait_for(outcome, &ticket.number).await;
        // Only a screen that is gone does not take it.
        let _ = messages.send(Msg::Slip { ticket: ticket.id, outcome }).await;
    }
}

async fn wait_for(outcome: Result<std_mpsc::Receiver<Outcome>, Error>, number: &TicketNumber) -> Outcome {
    let outcome = match outcome {
        Ok(outcome) => tokio::task::spawn_blocking(move || outcome.recv()).await.ok().and_then(Result::ok),
        Err(error) => {
            tracing::error!(%error, %number, "the slip could not be written");
            None
        }
    };
    let outcome = outcome.unwrap_or(Outcome::FailedClean(Failure::Stopped));
    tracing::info!(%number, ?outcome, "slip");
    outcome
}
