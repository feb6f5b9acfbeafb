//! What a station hears of the hub: the time and the plan its reports go by, when to report anew, and which slips it is
//! to print again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use hall_client::{Link, Mirror, Update};
use hall_core::{Event, Plan, PrinterId, Record, Ticket, TicketId, Timestamp};
use tokio::sync::{mpsc, watch};

use super::SlipKey;

/// A slip to be printed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReprintOrder {
    pub key: SlipKey,
    /// Unknown of one found in a snapshot.
    pub ordered_at: Option<Timestamp>,
}

/// What reports and reprints go by. Whoever watches it is told whenever the hub says anything.
#[derive(Clone, Debug, Default)]
pub struct HallNow {
    pub plan: Option<Arc<Plan>>,
    /// Hall time, and when it was heard.
    clock: Option<(Timestamp, Instant)>,
    /// Another number than before: the hall may know nothing of this printer.
    pub greeting: u64,
}

/// Listens to the stream for the printer of this name.
pub struct Ear {
    name: PrinterId,
    mirror: Mirror,
    /// Of orders heard as they were made, and not reported yet.
    ordered_at: BTreeMap<(TicketId, u32), Timestamp>,
    orders: mpsc::Sender<ReprintOrder>,
    hall: watch::Sender<HallNow>,
}

impl HallNow {
    /// The hall's time, once known.
    pub fn now(&self) -> Option<Timestamp> {
        let (then, heard) = self.clock?;
        Some(then.plus_ms(i64::try_from(heard.elapsed().as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Ear {
    /// An ear, and what it learns of the hall.
    pub fn new(name: PrinterId, orders: mpsc::Sender<ReprintOrder>) -> (Self, watch::Receiver<HallNow>) {
        let (hall, watched) = watch::channel(HallNow::default());
        let (mirror, ordered_at) = (Mirror::default(), BTreeMap::new());
        (Self { name, mirror, ordered_at, orders, hall }, watched)
    }

    /// Takes in an update that arrived at `at`.
    pub fn hear(&mut self, update: &Update, at: Instant) {
        let was = self.mirror.link();
        self.mirror.take(update, at);
        let mut greeted = false;
        match update {
            Update::Snapshot(_) => greeted = true,
            Update::Record(record) => greeted = self.hear_record(record),
            Update::Plan(_) | Update::Tick(_) => {}
            Update::Away(_) => return,
        }
        self.hall.send_modify(|hall| {
            hall.plan = self.mirror.plan().cloned();
            hall.clock = self.mirror.now(at).map(|now| (now, at));
            hall.greeting += u64::from(greeted);
        });
        let returned = was != Link::Connected && self.mirror.link() == Link::Connected;
        if returned || matches!(update, Update::Snapshot(_)) {
            self.look_for_orders();
        }
    }

    /// Whether a new day has begun, of which the hall knows no printer yet.
    fn hear_record(&mut self, Record { at, event, .. }: &Record) -> bool {
        match event {
            Event::DayOpened { .. } => {
                self.ordered_at.clear();
                return true;
            }
            Event::ReprintOrdered { ticket, printer, copy, .. } if *printer == self.name => {
                self.ordered_at.insert((*ticket, *copy), *at);
                if let Some(ticket) = self.mirror.view().tickets.get(ticket) {
                    self.order(key_of(ticket, *copy), Some(*at));
                }
            }
            Event::SlipReported { ticket, copy, .. } => _ = self.ordered_at.remove(&(*ticket, *copy)),
            _ => {}
        }
        false
    }

    /// What was ordered while nobody listened, or ordered before and never reported.
    fn look_for_orders(&self) {
        for ticket in self.mirror.view().tickets.values() {
            let copies = (1..).zip(&ticket.slip.reprints);
            for (copy, _) in copies.filter(|(_, slip)| slip.printer == self.name && slip.outcome.is_none()) {
                self.order(key_of(ticket, copy), self.ordered_at.get(&(ticket.id, copy)).copied());
            }
        }
    }

    fn order(&self, key: SlipKey, ordered_at: Option<Timestamp>) {
        let number = key.number.clone();
        if self.orders.try_send(ReprintOrder { key, ordered_at }).is_err() {
            tracing::error!(%number, "too many slips to be printed again: this one is not");
        }
    }
}

fn key_of(ticket: &Ticket, copy: u32) -> SlipKey {
    SlipKey::new(ticket.id, &ticket.number, ticket.issued_at, copy)
}
