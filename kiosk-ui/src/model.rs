//! What the kiosk does with what it hears and with what a citizen touches. No clock, no I/O, no Slint: the moment is
//! an argument, and what has to be done comes back as effects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hall_api::{IssueReply, IssuedTicket, ReprintReply};
use hall_client::{ClientError, Link, Mirror, Update};
use hall_core::{DepartmentId, Plan, ServiceId, TicketId, TicketNumber};
use hall_print::{Ended, Health, Outcome, Status};

use crate::closed::UsedUp;
use crate::maintenance::{Code, Handling, Maintenance};
use crate::paper::Paper;
use crate::station::{self, StationFacts};
use crate::whereabouts::places;
use crate::words::{self, Language, Message, Words};

/// How long the number stays on the screen.
const TICKET_S: u32 = 12;
/// The same when there is no slip to carry away.
const TICKET_WITHOUT_SLIP_S: u32 = 20;
/// How long a message stays.
const MESSAGE_S: u32 = 10;
/// A number that takes longer than this is worth a word.
const LONG: Duration = Duration::from_millis(300);

/// Something the kiosk learns.
#[derive(Debug)]
pub enum Msg {
    /// News from the hub.
    Hub(Update),
    /// The printer's condition has changed, or what is known of its roll.
    Printer(Health),
    /// The last slips, newest first.
    Slips(Vec<Ended>),
    /// The hub's answer to an order.
    Issued(Box<Result<IssueReply, ClientError>>),
    /// What became of a ticket's slip.
    Slip { ticket: TicketId, outcome: Outcome },
    /// The hub's answer to a reprint ordered here.
    ReprintOrdered(Box<Result<ReprintReply, ClientError>>),
    /// What became of the test page.
    TestPage(Outcome),
    /// The order under way takes long enough to say so.
    TakingLong,
    /// Another second has passed.
    Second,
    /// A citizen did something, or staff.
    Touch(Touch),
}

/// What can be done at the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touch {
    OpenDepartment(DepartmentId),
    TakeNumber(ServiceId),
    /// Shows another page, counted from 0, of what is listed.
    TurnTo(usize),
    /// One step back: from a message, a ticket, or the services of a department.
    Back,
    SwitchLanguage,
    Maintain(Handling),
}

/// Something to be done outside.
#[derive(Debug)]
pub enum Effect {
    Send(Errand),
    /// Send [`Msg::TakingLong`] after this time.
    RemindAfter(Duration),
    /// The number is on the screen with the next frame.
    TicketShown {
        number: TicketNumber,
        service: ServiceId,
    },
}

/// Something for the backend.
#[derive(Clone, Debug)]
pub enum Errand {
    /// Take a number, print its slip at once if there is a printer, and tell how both went.
    TakeNumber(Order),
    /// Order the slip of a ticket to be printed again, on this printer.
    Reprint(TicketId),
    PrintTestPage {
        /// Hall time, to be printed.
        printed_at: String,
    },
    /// Another roll is in the printer.
    RollChanged,
}

/// A citizen's wish, with what the slip needs besides the hub's reply.
#[derive(Clone, Debug)]
pub struct Order {
    pub service: ServiceId,
    pub plan: Arc<Plan>,
}

/// A ticket just taken, as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub service: Words,
    pub ahead: u32,
    /// How long the wait will be, where that can be told.
    pub wait: Option<Words>,
    pub places: Vec<Words>,
    pub paper: Paper,
}

/// Which part of the way a citizen is on.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// All departments; the services at once in a hall of one department.
    Start,
    Services(DepartmentId),
    Ticket(Box<Taken>),
}

/// An order under way.
#[derive(Debug)]
pub(crate) struct Taking {
    pub order: Order,
    pub long: bool,
}

/// The state of the kiosk.
#[derive(Debug)]
pub struct Model {
    pub(crate) mirror: Mirror,
    pub(crate) language: Language,
    pub(crate) stage: Stage,
    pub(crate) taking: Option<Taking>,
    pub(crate) message: Option<Message>,
    /// Absent where the kiosk has no printer.
    pub(crate) station: Option<StationFacts>,
    /// The same.
    pub(crate) printer: Option<Health>,
    pub(crate) slips: Vec<Ended>,
    pub(crate) maintenance: Maintenance,
    /// Pages counted from 0.
    pub(crate) department_page: usize,
    pub(crate) service_page: usize,
    /// Quotas the hub has said are reached.
    pub(crate) used_up: BTreeMap<ServiceId, UsedUp>,
    /// Until the kiosk returns to its start by itself.
    pub(crate) left_s: u32,
    idle_s: u32,
    home_language: Language,
}

/// What the kiosk is told at its start.
#[derive(Clone, Debug)]
pub struct Config {
    pub language: Language,
    /// Untouched for so long, it returns to its start and to its language.
    pub idle_s: u32,
    /// Absent where the kiosk has no printer.
    pub station: Option<StationFacts>,
    /// Without one there is no maintenance page.
    pub maintenance_code: Option<Code>,
}

impl Model {
    /// A kiosk that knows nothing yet.
    pub fn new(Config { language, idle_s, station, maintenance_code }: Config) -> Self {
        Self {
            mirror: Mirror::default(),
            language,
            stage: Stage::Start,
            taking: None,
            message: None,
            printer: station.as_ref().map(|_| station::unknown()),
            station,
            slips: Vec::new(),
            maintenance: Maintenance::new(maintenance_code),
            department_page: 0,
            service_page: 0,
            used_up: BTreeMap::new(),
            left_s: idle_s,
            idle_s,
            home_language: language,
        }
    }

    /// Takes in one message that arrived at `at`.
    pub fn update(&mut self, msg: Msg, at: Instant) -> Vec<Effect> {
        match msg {
            Msg::Hub(update) => self.hear(&update, at),
            Msg::Printer(health) => self.printer = Some(health),
            Msg::Slips(slips) => self.slips = slips,
            Msg::Issued(reply) => return self.issued(*reply, at),
            Msg::Slip { ticket, outcome } => self.slip_ended(ticket, outcome),
            Msg::ReprintOrdered(reply) => self.reprint_ordered(&reply),
            Msg::TestPage(outcome) => self.test_page_ended(outcome),
            Msg::TakingLong => self.taking_long(),
            Msg::Second => self.second_passed(),
            Msg::Touch(touch) => return self.touched(touch, at),
        }
        Vec::new()
    }

    fn hear(&mut self, update: &Update, at: Instant) {
        self.mirror.take(update, at);
        let Update::Plan(plan) = update else { return };
        // Its quotas may be other ones.
        self.used_up.clear();
        if let Stage::Services(department) = &self.stage
            && plan.department(department).is_none()
        {
            self.go_home();
        }
    }

    fn touched(&mut self, touch: Touch, at: Instant) -> Vec<Effect> {
        if self.taking.is_some() && touch != Touch::SwitchLanguage {
            return Vec::new();
        }
        self.maintenance.touched();
        self.left_s = match &self.stage {
            Stage::Ticket(taken) => shown_s(taken.paper),
            Stage::Start | Stage::Services(_) => self.idle_s,
        };
        match touch {
            Touch::OpenDepartment(department) => {
                self.service_page = 0;
                self.stage = Stage::Services(department);
            }
            Touch::TakeNumber(service) => return self.take_number(service, at),
            Touch::TurnTo(page) => match self.stage {
                Stage::Services(_) => self.service_page = page,
                Stage::Start => self.department_page = page,
                Stage::Ticket(_) => {}
            },
            Touch::Back if self.maintenance.is_open() => self.maintenance.close(),
            Touch::Back => self.back(),
            Touch::Maintain(handling) => return self.maintain(handling, at),
            Touch::SwitchLanguage => self.language = self.language.other(),
        }
        Vec::new()
    }

    fn back(&mut self) {
        if self.message.take().is_some() {
            return;
        }
        match self.stage {
            Stage::Start => {}
            Stage::Services(_) => self.stage = Stage::Start,
            Stage::Ticket(_) => self.go_home(),
        }
    }

    fn take_number(&mut self, service: ServiceId, at: Instant) -> Vec<Effect> {
        let Some(plan) = self.mirror.plan().filter(|_| self.message.is_none()) else { return Vec::new() };
        if matches!(self.stage, Stage::Ticket(_)) {
            return Vec::new();
        }
        let known = plan.service(&service).zip(self.mirror.now(at));
        if let Some(closed) = known.and_then(|(service, now)| self.closed(plan, service, now)) {
            self.say(closed.message());
            return Vec::new();
        }
        if self.mirror.link() != Link::Connected {
            self.say(words::hub_away());
            return Vec::new();
        }
        let order = Order { service, plan: plan.clone() };
        self.taking = Some(Taking { order: order.clone(), long: false });
        vec![Effect::Send(Errand::TakeNumber(order)), Effect::RemindAfter(LONG)]
    }

    fn taking_long(&mut self) {
        if let Some(taking) = &mut self.taking {
            taking.long = true;
        }
    }

    fn issued(&mut self, reply: Result<IssueReply, ClientError>, at: Instant) -> Vec<Effect> {
        let Some(Taking { order, .. }) = self.taking.take() else { return Vec::new() };
        let message = match reply {
            Ok(reply) => return self.show_ticket(reply.ticket, &order.plan),
            Err(ClientError::Refused(problem)) => self.refused(&order, &problem, self.mirror.now(at)),
            Err(ClientError::Away(_) | ClientError::Unreadable(_) | ClientError::Address(_)) => {
                words::hub_away()
            }
        };
        self.say(message);
        Vec::new()
    }

    fn show_ticket(&mut self, ticket: IssuedTicket, plan: &Plan) -> Vec<Effect> {
        let service = plan.service(&ticket.service);
        let paper = self.printer.map_or(Paper::NoPrinter, |printer| Paper::begun(printer.status));
        let shown = Effect::TicketShown { number: ticket.number.clone(), service: ticket.service.clone() };
        self.left_s = shown_s(paper);
        self.stage = Stage::Ticket(Box::new(Taken {
            ticket: ticket.id,
            number: ticket.number,
            service: service.map(|service| Words::new(&service.name, &service.name_en)).unwrap_or_default(),
            ahead: ticket.ahead,
            wait: ticket.wait.map(words::wait),
            places: places(plan, &ticket.service),
            paper,
        }));
        vec![shown]
    }

    fn slip_ended(&mut self, ticket: TicketId, outcome: Outcome) {
        let Stage::Ticket(taken) = &mut self.stage else { return };
        if taken.ticket != ticket {
            return;
        }
        taken.paper = Paper::ended(outcome, self.printer.map_or(Status::Away, |printer| printer.status));
        self.left_s = shown_s(taken.paper);
    }

    fn second_passed(&mut self) {
        if self.taking.is_some() {
            return;
        }
        if self.maintenance.is_open() {
            return self.maintenance.second_passed();
        }
        self.left_s = self.left_s.saturating_sub(1);
        if self.left_s > 0 {
            return;
        }
        match self.message.take() {
            Some(_) => self.left_s = self.idle_s,
            None => self.go_home(),
        }
    }

    fn say(&mut self, message: Message) {
        self.message = Some(message);
        self.left_s = MESSAGE_S;
    }

    pub(crate) fn go_home(&mut self) {
        self.stage = Stage::Start;
        self.message = None;
        self.department_page = 0;
        self.service_page = 0;
        self.language = self.home_language;
        self.left_s = self.idle_s;
    }
}

fn shown_s(paper: Paper) -> u32 {
    if paper.comes_out() { TICKET_S } else { TICKET_WITHOUT_SLIP_S }
}
