//! The kiosk as a printer station: its printer, what is printed on it, and what the hall is told of both. Nobody's number
//! waits for anything here.

mod args;
mod ear;
mod key;
mod report;
mod reports;
mod reprints;
mod slip;

use std::sync::{Arc, mpsc as std_mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hall_api::IssuedTicket;
use hall_client::Hub;
use hall_core::{Plan, PrinterId};
use hall_print::{
    Document, Ended, Error, Failure, Health, Outcome, Printer, Renderer, RollForecast, Setup, Status,
    Template, TestPage,
};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub use args::PrinterArgs;
pub use ear::Ear;
pub use key::SlipKey;
pub use report::roll_ends_at;
pub use reports::report_unprinted;

use crate::model::Msg;
use reports::Reports;
use reprints::Reprints;

/// How many of the last slips staff see.
const LATEST: usize = 6;
/// How often the journal is looked at when nothing tells of a change: of a slip of before a restart nobody hears.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Orders to print again that may wait.
const ORDERS_MAX: usize = 64;

/// Which printer this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationFacts {
    /// By which the hall knows it.
    pub name: PrinterId,
    pub profile: String,
    pub address: String,
}

/// The printer of this kiosk, and how to write for it.
pub struct Station {
    facts: StationFacts,
    printer: Printer,
    renderer: Renderer,
    /// Told at each change of the condition and each end of a slip.
    changes: watch::Sender<()>,
}

impl Station {
    /// Starts the printer's thread; a port that is not there yet is no error.
    pub fn start(name: PrinterId, setup: Setup, template: Template) -> Result<Self, Error> {
        let (address, profile) = (setup.address.to_string(), setup.profile.name.clone());
        let facts = StationFacts { name, profile, address };
        let renderer = Renderer::new(&setup.profile, template);
        let changes = watch::Sender::new(());
        let changed = changes.clone();
        let printer = Printer::spawn(setup, move |_| changed.send_replace(()))?;
        Ok(Self { facts, printer, renderer, changes })
    }

    /// Which printer this is.
    pub fn facts(&self) -> &StationFacts {
        &self.facts
    }

    /// How the printer is.
    pub fn health(&self) -> Health {
        self.printer.health()
    }

    /// Hands in the slip of a ticket; the same copy is printed once however often it is handed in.
    pub fn print_slip(&self, ticket: &IssuedTicket, plan: &Plan, copy: u32) -> Result<Printing, Error> {
        let key = SlipKey::new(ticket.id, &ticket.number, ticket.issued_at, copy);
        self.print(&key.to_string(), &slip::slip(ticket, plan, copy))
    }

    /// Prints a test page.
    pub fn print_test_page(&self, printed_at: String) -> Result<Printing, Error> {
        let page = TestPage { remark: self.facts.address.clone(), printed_at };
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Never the same as another page.
        self.print(&format!("test-page {}", since.as_millis()), &page)
    }

    /// Somebody put another roll in.
    pub fn roll_changed(&self) {
        self.printer.roll_changed();
        self.changes.send_replace(());
    }

    fn print<'a>(&self, key: &str, document: impl Into<Document<'a>>) -> Result<Printing, Error> {
        let outcome = self.printer.print(key, self.renderer.render(document)?);
        Ok(Printing { outcome, changes: self.changes.clone() })
    }

    /// Whether this copy has come to an end before.
    fn has_ended(&self, key: &SlipKey) -> bool {
        let key = key.to_string();
        self.printer.latest(usize::MAX).iter().any(|ended| ended.key == key)
    }

    /// Tells the screen how the printer is and which slips were the last.
    async fn show(self: Arc<Self>, messages: mpsc::Sender<Msg>) {
        let mut changes = self.changes.subscribe();
        let mut shown = None::<(Health, Vec<Ended>)>;
        loop {
            let now = (self.health(), self.printer.latest(LATEST));
            if shown.as_ref() != Some(&now) {
                shown = Some(now.clone());
                let (health, slips) = now;
                if messages.send(Msg::Printer(health)).await.is_err()
                    || messages.send(Msg::Slips(slips)).await.is_err()
                {
                    return;
                }
            }
            // Whoever holds `self` holds the sender: it only returns at a change, or in time.
            let _ = tokio::time::timeout(LOOK_EVERY, changes.changed()).await;
        }
    }
}

/// A job on its way.
pub struct Printing {
    outcome: std_mpsc::Receiver<Outcome>,
    changes: watch::Sender<()>,
}

impl Printing {
    /// How it ended.
    pub async fn ended(self) -> Outcome {
        let Self { outcome, changes } = self;
        let outcome = tokio::task::spawn_blocking(move || outcome.recv()).await.ok().and_then(Result::ok);
        changes.send_replace(());
        outcome.unwrap_or(Outcome::FailedClean(Failure::Stopped))
    }
}

/// Starts what goes on beside the taking of numbers; the ear wants to hear all that the hub says.
pub fn run(station: &Arc<Station>, hub: &Hub, messages: &mpsc::Sender<Msg>, tasks: &mut JoinSet<()>) -> Ear {
    let (orders, orders_rx) = mpsc::channel(ORDERS_MAX);
    let (ear, hall) = Ear::new(station.facts.name.clone(), orders);
    tasks.spawn(Arc::clone(station).show(messages.clone()));
    tasks.spawn(Reports::new(hub.clone(), Arc::clone(station), hall.clone()).run());
    tasks.spawn(Reprints { hub: hub.clone(), station: Arc::clone(station), hall }.run(orders_rx));
    ear
}

/// A printer nothing was heard of yet.
pub const fn unknown() -> Health {
    let roll = RollForecast { left_sheets: None, ends_in: None };
    Health { status: Status::Away, sheets: 0, roll, jobs: 0, unconfirmed: 0 }
}
