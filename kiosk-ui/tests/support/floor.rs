//! The real view in a hall, driven by touch and keys, with the real rules behind it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use hall_core::TicketId;
use hall_kiosk::bind::Kiosk;
use hall_kiosk::{Errand, Model, Msg};
use hall_print::{Outcome, Status};
use hall_ui::testing;

use super::{CITY, TestHall, config, health};

pub const PORTRAIT: (u32, u32) = (1080, 1920);

/// A kiosk in a hall; errands wait until they are answered.
pub struct Floor {
    pub kiosk: Kiosk,
    pub errands: Rc<RefCell<VecDeque<Errand>>>,
    pub hall: TestHall,
}

impl Floor {
    pub fn new(hall: TestHall, (width, height): (u32, u32), printer: Option<Status>) -> Self {
        testing::init();
        let errands = Rc::<RefCell<VecDeque<Errand>>>::default();
        let sent = errands.clone();
        let model = Model::new(config(printer.is_some()));
        let kiosk = Kiosk::open(model, move |errand| sent.borrow_mut().push_back(errand)).unwrap();
        testing::open(kiosk.window(), width, height);
        let floor = Self { kiosk, errands, hall };
        if let Some(status) = printer {
            floor.hear([Msg::Printer(health(status))]);
        }
        floor
    }

    pub fn connected(hall: TestHall, size: (u32, u32), printer: Option<Status>) -> Self {
        let floor = Self::new(hall, size, printer);
        floor.hear(floor.hall.greeting());
        floor
    }

    pub fn city(printer: Option<Status>) -> Self {
        Self::connected(busy_city(), PORTRAIT, printer)
    }

    pub fn hear(&self, messages: impl IntoIterator<Item = Msg>) {
        messages.into_iter().for_each(|message| self.kiosk.handle(message));
        testing::advance(Duration::ZERO);
    }

    pub fn touch(&self, label: &str) {
        testing::click(self.kiosk.window(), label);
    }

    pub fn key(&self, key: impl Into<slint::SharedString>) {
        testing::press_key(self.kiosk.window(), key);
        testing::advance(Duration::from_millis(1));
    }

    pub fn shows(&self, label: &str) -> bool {
        testing::find(self.kiosk.window(), label)
    }

    #[track_caller]
    pub fn expect(&self, label: &str) {
        assert!(self.shows(label), "no {label:?} among {:#?}", testing::labels(self.kiosk.window()));
    }

    /// The hub answers the one order that must be there; the ticket, if it gave one.
    #[track_caller]
    pub fn answer(&mut self) -> Option<TicketId> {
        let order = match self.errands.borrow_mut().pop_front() {
            Some(Errand::TakeNumber(order)) => order,
            other => panic!("{other:?} is no order"),
        };
        assert!(self.errands.borrow().is_empty(), "one touch, one order");
        let answer = self.hall.answer(&order.service);
        let ticket = answer.iter().find_map(|message| match message {
            Msg::Issued(reply) => reply.as_ref().as_ref().ok().map(|reply| reply.ticket.id),
            _ => None,
        });
        self.hear(answer);
        ticket
    }

    pub fn slip(&self, ticket: Option<TicketId>, outcome: Outcome) {
        self.hear([Msg::Slip { ticket: ticket.unwrap(), outcome }]);
    }

    pub fn picture(&self, name: &str) {
        testing::assert_snapshot(self.kiosk.window(), name);
    }
}

pub fn busy_city() -> TestHall {
    let mut hall = TestHall::at(CITY, "09:30");
    hall.open_counters((1..=231).step_by(2));
    let services: Vec<String> = hall.plan().services.iter().map(|service| service.id.to_string()).collect();
    for (index, service) in services.iter().enumerate() {
        let open = hall.plan().is_open(&hall.plan().services[index], hall.now);
        let people = [12, 0, 3, 27, 1, 8, 0, 5][index % 8];
        if open {
            hall.crowd(service, people);
        }
    }
    hall
}
