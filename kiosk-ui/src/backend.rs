//! The kiosk's errands on the tokio thread: follows the hub, takes numbers, prints slips. A slip goes to the printer
//! the moment the hub has answered, without waiting for the screen.

use std::path::PathBuf;
use std::sync::{Arc, mpsc as std_mpsc};

use hall_api::IssueTicket;
use hall_client::{Hub, follow};
use hall_core::{ClassId, TicketNumber};
use hall_print::{Error, Failure, Outcome, Printer, Profile, Renderer, Slip, Status};
use tokio::sync::{mpsc, watch};

use crate::model::{Msg, Order};
use crate::slip::slip;

/// The printer of this kiosk, and how to write for it.
pub struct SlipPrinter {
    printer: Printer,
    renderer: Renderer,
    status: watch::Receiver<Status>,
}

impl SlipPrinter {
    /// Starts the printer's thread; a port that is not there yet is no error.
    pub fn start(port_path: PathBuf, profile: Profile) -> Result<Self, Error> {
        let (changed, status) = watch::channel(Status::Away);
        let renderer = Renderer::new(&profile);
        let printer = Printer::spawn(port_path, profile, move |status| _ = changed.send_replace(status))?;
        Ok(Self { printer, renderer, status })
    }

    fn print(&self, slip: &Slip) -> Result<std_mpsc::Receiver<Outcome>, Error> {
        Ok(self.printer.print(self.renderer.render(slip)?))
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
    if let Some(printer) = &printer {
        tokio::spawn(watch_printer(printer.status.clone(), messages.clone()));
    }
    tokio::spawn(follow(hub.clone(), messages.clone(), Msg::Hub));
    while let Some(order) = orders.recv().await {
        tokio::spawn(take_number(hub.clone(), printer.clone(), order, messages.clone()));
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

async fn take_number(hub: Hub, printer: Option<Arc<SlipPrinter>>, order: Order, messages: mpsc::Sender<Msg>) {
    let wish = IssueTicket { service: order.service.clone(), class: ClassId::ordinary() };
    let reply = hub.issue(&wish).await;
    let ticket = match &reply {
        Ok(reply) => Some(reply.ticket.clone()),
        Err(error) => {
            tracing::warn!(%error, service = %order.service, "no number");
            None
        }
    };
    let printed = ticket.zip(printer).map(|(ticket, printer)| {
        let outcome = printer.print(&slip(&ticket, &order));
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
