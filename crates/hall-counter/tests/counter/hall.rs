//! A hall in the test's own process: the real rules answer the window, without a network between them.

use std::sync::Arc;
use std::time::Duration;

use hall_api::{CallReply, CalledTicket, Problem, View};
use hall_client::{ClientError, Update};
use hall_core::{
    Booking, ClassId, Command, CounterNumber, CounterState, Event, Hall, NeedId, Plan, PrinterCondition,
    PrinterReport, Record, Rejection, ServiceId, SlipOutcome, StaffId, TicketId, Timestamp, Wish,
};
use hall_counter::action::Order;
use hall_counter::model::Reply;

/// The counter of the window under test.
pub const COUNTER: CounterNumber = CounterNumber(1);

pub type Answer = Result<Reply, ClientError>;

/// The rules and the state of one hall, from 09:30 on.
pub struct TestHall {
    hall: Hall,
    view: View,
    now: Timestamp,
}

impl TestHall {
    pub fn new() -> Self {
        let now: Timestamp = "2026-11-23T09:30:00+08:00".parse().unwrap();
        let plan = Arc::new(Plan::from_toml(include_str!("hall.toml")).unwrap());
        let mut hall = Self { hall: Hall::default(), view: View::default(), now };
        hall.command(&Command::AdoptPlan { plan: plan.clone() }).unwrap();
        hall.command(&Command::OpenDay { day: plan.date(now) }).unwrap();
        hall
    }

    /// What a window is told first.
    pub fn greeting(&self) -> [Update; 3] {
        let plan = self.hall.plan().unwrap().clone();
        [Update::Plan(plan), Update::Snapshot(Box::new(self.view.clone())), self.tick()]
    }

    pub fn tick(&self) -> Update {
        Update::Tick(self.now)
    }

    /// Lets time pass, and does what is due by then.
    pub fn pass(&mut self, time: Duration) -> Vec<Update> {
        self.now = self.now.plus_ms(time.as_millis() as i64);
        let mut updates = Vec::new();
        loop {
            let due = self.hall.due(self.now);
            if due.is_empty() {
                return updates;
            }
            due.iter().for_each(|command| updates.extend(self.command(command).unwrap()));
        }
    }

    /// What the window's counter does.
    pub fn state(&self) -> CounterState {
        self.view.counter_state(COUNTER).clone()
    }

    /// The number that the window's counter would call.
    pub fn next(&self) -> Option<String> {
        let next = self.hall.next_for(COUNTER, self.now)?;
        self.hall.ticket(next.ticket).map(|ticket| ticket.number.to_string())
    }

    /// The number at the window's counter.
    pub fn number_at(&self) -> Option<String> {
        self.view.ticket_at(COUNTER).map(|ticket| ticket.number.to_string())
    }

    /// The ticket with this number.
    pub fn id_of(&self, number: &str) -> TicketId {
        self.view.ticket_numbered(&number.into()).unwrap().id
    }

    /// The numbers that wait for a service, next first.
    pub fn waiting_for(&self, service: &str) -> Vec<String> {
        self.hall.waiting(&ServiceId::from(service)).map(|ticket| ticket.number.to_string()).collect()
    }

    /// Carries out a command of anybody; the records go to the window.
    pub fn command(&mut self, command: &Command) -> Result<Vec<Update>, Rejection> {
        let events = self.hall.decide(command, self.now)?;
        Ok(events.into_iter().map(|event| self.record(event)).collect())
    }

    pub fn issue(&mut self, service: &str, class: &str) -> Vec<Update> {
        self.issue_wish(Wish::new(service, class))
    }

    pub fn issue_wish(&mut self, wish: Wish) -> Vec<Update> {
        self.command(&Command::IssueTicket(wish)).unwrap()
    }

    /// Somebody with an appointment and a need comes at once, for a slot at `clock`.
    pub fn check_in(&mut self, service: &str, clock: &str, need: &str) -> Vec<Update> {
        let booking = Booking {
            service: ServiceId::from(service),
            slot: format!("2026-11-23T{clock}:00+08:00").parse().unwrap(),
            class: ClassId::ordinary(),
            phone_digits: None,
            person: None,
        };
        let mut updates = self.command(&Command::BookAppointment(booking)).unwrap();
        let Some(Update::Record(record)) = updates.last() else { panic!("{updates:?}") };
        let Event::AppointmentBooked(appointment) = &record.event else { panic!("{record:?}") };
        let command =
            Command::CheckIn { appointment: appointment.id, language: None, needs: vec![NeedId::from(need)] };
        updates.extend(self.command(&command).unwrap());
        updates
    }

    /// A kiosk reports its printer; one near its end says when that will be.
    pub fn printer(&mut self, printer: &str, condition: PrinterCondition) -> Vec<Update> {
        let is_near_end = condition == PrinterCondition::NearEnd;
        let report = PrinterReport {
            condition,
            sheets: 412,
            roll_left: is_near_end.then_some(38),
            roll_ends_at: is_near_end.then(|| self.now.plus_ms(50 * 60_000)),
            jobs: 250,
            unconfirmed: 3,
        };
        self.command(&Command::ReportPrinter { printer: printer.into(), report }).unwrap()
    }

    /// A kiosk reports a copy of a slip.
    pub fn slip(&mut self, ticket: TicketId, printer: &str, copy: u32, outcome: SlipOutcome) -> Vec<Update> {
        self.command(&Command::ReportSlip { ticket, printer: printer.into(), copy, outcome }).unwrap()
    }

    /// The copy that was ordered last is reported, where there is such a ticket.
    pub fn last_slip(&mut self, ticket: TicketId, outcome: SlipOutcome) -> Vec<Update> {
        let Some(known) = self.hall.ticket(ticket) else { return Vec::new() };
        let (copy, latest) = (known.slip.reprints(), known.slip.latest());
        let printer = latest.map_or_else(|| "kiosk-1".into(), |latest| latest.printer.clone());
        self.command(&Command::ReportSlip { ticket, printer, copy, outcome }).unwrap()
    }

    /// Another counter opens, with somebody signed in.
    pub fn open_other(&mut self, counter: u16, staff: &str) -> Vec<Update> {
        let counter = CounterNumber(counter);
        self.command(&Command::OpenCounter { counter, staff: Some(StaffId::from(staff)) }).unwrap()
    }

    /// Carries out an order of the window's counter: the answer, and what goes down the stream.
    pub fn order(&mut self, order: &Order) -> (Answer, Vec<Update>) {
        match self.command(&command_for(COUNTER, order)) {
            Ok(updates) => (Ok(self.reply(order)), updates),
            Err(rejection) => (Err(refusal(&rejection)), Vec::new()),
        }
    }

    fn record(&mut self, event: Event) -> Update {
        self.hall.apply(&event, self.now);
        let record = Record { seq: self.view.seq + 1, at: self.now, event };
        assert!(self.view.apply(&record));
        Update::Record(Box::new(record))
    }

    fn reply(&self, order: &Order) -> Reply {
        let seq = self.view.seq;
        match order {
            Order::CallNext | Order::CallTicket(_) | Order::Recall => {
                Reply::Call(CallReply { counter: COUNTER, ticket: self.called(), seq })
            }
            _ => Reply::Done { seq },
        }
    }

    fn called(&self) -> Option<CalledTicket> {
        let CounterState::Calling { calls, .. } = *self.view.counter_state(COUNTER) else { return None };
        let ticket = self.view.ticket_at(COUNTER)?;
        let (id, number, service) = (ticket.id, ticket.number.clone(), ticket.service.clone());
        Some(CalledTicket { id, number, service, calls, reason: None, why: None })
    }
}

/// What the hub says of a rejection.
pub fn refusal(rejection: &Rejection) -> ClientError {
    ClientError::Refused(Box::new(Problem::new(409, rejection.code(), rejection.to_string(), rejection.zh())))
}

pub fn command_for(counter: CounterNumber, order: &Order) -> Command {
    match order.clone() {
        Order::Open(staff) => Command::OpenCounter { counter, staff },
        Order::CallNext => Command::CallNext { counter },
        Order::CallTicket(ticket) => Command::CallTicket { counter, ticket },
        Order::Recall => Command::Recall { counter },
        Order::Start => Command::StartService { counter },
        Order::ServeDirect(service) => Command::ServeDirect { counter, service, class: ClassId::ordinary() },
        Order::Finish => Command::FinishService { counter, ends_here: false },
        Order::FinishHere => Command::FinishService { counter, ends_here: true },
        Order::NoShow => Command::NoShow { counter, timed: false },
        Order::Park { remind_after_min } => Command::Park { counter, remind_after_min },
        Order::Transfer(to) => Command::Transfer { counter, to },
        Order::SendOn { legs, and_back } => Command::SendOn { counter, legs, and_back },
        Order::Pause(reason) => Command::PauseCounter { counter, reason },
        Order::Close => Command::CloseCounter { counter },
        Order::SetProfile(profile) => Command::SetProfile { counter, profile: Some(profile) },
        Order::ResetProfile => Command::SetProfile { counter, profile: None },
        Order::Resume(ticket) => Command::Resume { ticket },
        Order::Reinstate(ticket) => Command::Reinstate { ticket },
        Order::Cancel(ticket) => Command::CancelTicket { ticket },
        Order::Abandon(ticket) => Command::AbandonTicket { ticket },
        Order::Reprint { ticket, printer } => Command::Reprint { ticket, printer, counter: Some(counter) },
    }
}
