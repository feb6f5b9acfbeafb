//! A kiosk's model in a hall, without its view.

use std::time::Instant;

use hall_kiosk::maintenance::Handling;
use hall_kiosk::{Effect, Errand, Face, Message, Model, Msg, Order, Paper, ServiceTile, Touch};
use hall_print::Status;

use super::{TestHall, config, health};

/// A model in a hall, at one moment.
pub struct Kiosk {
    pub model: Model,
    pub hall: TestHall,
    pub at: Instant,
}

impl Kiosk {
    pub fn new(plan: &str, clock: &str, printer: Option<Status>) -> Self {
        Self::of(TestHall::at(plan, clock), printer)
    }

    pub fn of(hall: TestHall, printer: Option<Status>) -> Self {
        let model = Model::new(config(printer.is_some()));
        let mut kiosk = Self { model, hall, at: Instant::now() };
        kiosk.hear(kiosk.hall.greeting());
        kiosk.hear(printer.map(|status| Msg::Printer(health(status))));
        kiosk
    }

    pub fn hear(&mut self, messages: impl IntoIterator<Item = Msg>) -> Vec<Effect> {
        let messages = messages.into_iter();
        messages.flat_map(|message| self.model.update(message, self.at)).collect()
    }

    pub fn touch(&mut self, touch: Touch) -> Vec<Effect> {
        self.hear([Msg::Touch(touch)])
    }

    pub fn maintain(&mut self, handling: Handling) -> Vec<Effect> {
        self.touch(Touch::Maintain(handling))
    }

    /// Types a code on the pad.
    pub fn enter(&mut self, code: &str) {
        for digit in code.bytes() {
            self.maintain(Handling::Digit(digit - b'0'));
        }
        self.maintain(Handling::Enter);
    }

    pub fn face(&self) -> Face {
        self.model.shown(self.at).face
    }

    pub fn pass_s(&mut self, seconds: usize) {
        self.hear((0..seconds).map(|_| Msg::Second));
    }

    /// Touches a service; the order that goes out.
    #[track_caller]
    pub fn order(&mut self, service: &str) -> Order {
        match self.touch(Touch::TakeNumber(service.into())).as_slice() {
            [Effect::Send(Errand::TakeNumber(order)), Effect::RemindAfter(_)] => order.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// From touch to number.
    #[track_caller]
    pub fn take(&mut self, service: &str) {
        let order = self.order(service);
        let answer = self.hall.answer(&order.service);
        self.hear(answer);
        assert!(matches!(self.face(), Face::Ticket(_)), "{:?}", self.face());
    }

    #[track_caller]
    pub fn paper(&self) -> Paper {
        match self.face() {
            Face::Ticket(ticket) => ticket.paper,
            other => panic!("{other:?}"),
        }
    }

    pub fn message(&self) -> Option<Message> {
        self.model.shown(self.at).message
    }

    /// The tiles of a department.
    #[track_caller]
    pub fn tiles(&mut self, department: &str) -> Vec<ServiceTile> {
        self.touch(Touch::Back);
        self.touch(open_department(department));
        match self.face() {
            Face::Services { tiles, .. } => tiles,
            other => panic!("{other:?}"),
        }
    }

    /// An order that the hub refuses.
    #[track_caller]
    pub fn is_refused(&mut self, service: &str) {
        let order = self.order(service);
        let answer = self.hall.answer(&order.service);
        self.hear(answer);
        assert!(self.message().is_some(), "{:?}", self.face());
    }
}

pub fn open_department(id: &str) -> Touch {
    Touch::OpenDepartment(id.into())
}
