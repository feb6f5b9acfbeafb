//! What a station hears of the hub: the time and the plan its reports go by, when to report anew, and which slips it is
//! to print again.

use std::sync::Arc;
use std::time::Instant;

use hall_client::{Link, Mirror, Update};
use hall_core::{Event, Plan, PrinterId, Record, Ticket, Timestamp};
use tokio::sync::{mpsc, watch};

use super::SlipKey;

/// A slip to be printed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReprintOrder {
    pub key: SlipKey,
    pub ordered_at: Timestamp,
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
        (Self { name, mirror: Mirror::default(), orders, hall }, watched)
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
    fn hear_record(&self, Record { at, event, .. }: &Record) -> bool {
        match event {
            Event::DayOpened { .. } => return true,
            Event::ReprintOrdered { ticket, printer, copy, .. } if *printer == self.name => {
                if let Some(ticket) = self.mirror.view().tickets.get(ticket) {
                    self.order(key_of(ticket, *copy), *at);
                }
            }
            _ => {}
        }
        false
    }

    /// What was ordered while nobody listened, or ordered before and never reported.
    fn look_for_orders(&self) {
        for ticket in self.mirror.view().tickets.values() {
            let copies = (1..).zip(&ticket.slip.reprints);
            for (copy, slip) in copies.filter(|(_, slip)| slip.printer == self.name && slip.outcome.is_none())
            {
                self.order(key_of(ticket, copy), slip.at);
            }
        }
    }

    fn order(&self, key: SlipKey, ordered_at: Timestamp) {
        let number = key.number.clone();
        if self.orders.try_send(ReprintOrder { key, ordered_at }).is_err() {
            tracing::error!(%number, "too many slips to be printed again: this one is not");
        }
    }
}

fn key_of(ticket: &Ticket, copy: u32) -> SlipKey {
    SlipKey::new(ticket.id, &ticket.number, ticket.issued_at, copy)
}

#[cfg(test)]
mod tests {
    use hall_api::View;
    use hall_core::{ClassId, Command, Hall, PrinterCondition, PrinterReport, SlipOutcome, TicketId, Wish};

    use super::*;

    const NAME: &str = "kiosk-1";

    /// A hall with two printers, and an ear for one of them.
    struct Listening {
        hall: Hall,
        view: View,
        now: Timestamp,
        ear: Ear,
        watched: watch::Receiver<HallNow>,
        orders: mpsc::Receiver<ReprintOrder>,
    }

    impl Listening {
        fn start() -> Self {
            let (orders_tx, orders) = mpsc::channel(8);
            let (ear, watched) = Ear::new(NAME.into(), orders_tx);
            let now = "2026-11-23T09:00:00+08:00".parse().unwrap();
            let mut here = Self { hall: Hall::default(), view: View::default(), now, ear, watched, orders };
            let plan = Arc::new(Plan::from_toml(include_str!("../../../halls/township.toml")).unwrap());
            here.happen(Command::AdoptPlan { plan: Arc::clone(&plan) });
            here.hall.due(now).into_iter().for_each(|command| _ = here.happen(command));
            let report = PrinterReport {
                condition: PrinterCondition::Ready,
                sheets: 0,
                roll_left: None,
                roll_ends_at: None,
                jobs: 0,
                unconfirmed: 0,
            };
            for printer in [NAME, "kiosk-2"] {
                here.happen(Command::ReportPrinter { printer: printer.into(), report });
            }
            here.happen(Command::IssueTicket(Wish::new("household", ClassId::ordinary())));
            here.hear(Update::Plan(plan));
            here.greet();
            here
        }

        /// Happens in the hall; what the stream says of it.
        fn happen(&mut self, command: Command) -> Vec<Update> {
            let events = self.hall.decide(&command, self.now).unwrap();
            let record = |event| {
                self.hall.apply(&event, self.now);
                let record = Record { seq: self.view.seq + 1, at: self.now, event };
                assert!(self.view.apply(&record));
                Update::Record(Box::new(record))
            };
            events.into_iter().map(record).collect()
        }

        fn hear(&mut self, update: Update) {
            self.ear.hear(&update, Instant::now());
        }

        fn greet(&mut self) {
            let view = View { now: Some(self.now), ..self.view.clone() };
            self.hear(Update::Snapshot(Box::new(view)));
        }

        fn reprint(&mut self, printer: &str) -> Vec<Update> {
            self.happen(Command::Reprint { ticket: TicketId(1), printer: printer.into(), counter: None })
        }

        /// The orders so far: which copy, and when it was ordered.
        #[track_caller]
        fn expect_orders(&mut self, expect: &[(u32, Timestamp)]) {
            let orders = std::iter::from_fn(|| self.orders.try_recv().ok());
            let orders: Vec<_> = orders.map(|order| (order.key.copy, order.ordered_at)).collect();
            assert_eq!(orders, expect);
        }
    }

    #[test]
    fn orders_for_this_printer_are_heard_with_their_age() {
        let mut here = Listening::start();
        let (now, for_another) = (here.now, here.reprint("kiosk-2"));
        for_another.into_iter().for_each(|update| here.hear(update));
        here.expect_orders(&[]);
        let for_this = here.reprint(NAME);
        for_this.into_iter().for_each(|update| here.hear(update));
        here.expect_orders(&[(2, now)]);
    }

    #[test]
    fn an_order_is_heard_again_with_each_connection_until_it_is_reported() {
        let mut here = Listening::start();
        let now = here.now;
        for update in here.reprint(NAME) {
            here.hear(update);
        }
        here.expect_orders(&[(1, now)]);
        // This one only the next snapshot tells of.
        here.now = now.plus_ms(60_000);
        let later = here.now;
        here.reprint(NAME);
        here.hear(Update::Away("refused".into()));
        here.hear(Update::Tick(now.plus_ms(1_000)));
        here.expect_orders(&[(1, now)]);
        here.greet();
        here.expect_orders(&[(1, now), (2, later)]);
        let (printer, outcome) = (NAME.into(), SlipOutcome::Printed);
        here.happen(Command::ReportSlip { ticket: TicketId(1), printer, copy: 1, outcome });
        here.greet();
        here.expect_orders(&[(2, later)]);
    }

    #[test]
    fn a_snapshot_and_a_new_day_ask_for_reports() {
        let mut here = Listening::start();
        let greeting = |here: &Listening| here.watched.borrow().greeting;
        let first = greeting(&here);
        here.hear(Update::Tick(here.now));
        assert_eq!(greeting(&here), first);
        here.greet();
        assert_eq!(greeting(&here), first + 1);
        here.now = here.now.plus_ms(24 * 3600 * 1000);
        while let Some(command) = here.hall.due(here.now).into_iter().next() {
            for update in here.happen(command) {
                here.hear(update);
            }
        }
        assert_eq!(greeting(&here), first + 2, "the day has opened");
        assert!(here.watched.borrow().now().is_some_and(|now| now >= here.now));
    }
}
