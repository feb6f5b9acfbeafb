//! A hall without a network: the real rules answer what the kiosk asks.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod floor;
pub mod kiosk;

use std::sync::Arc;

use hall_api::{Audience, IssueReply, IssuedTicket, Problem, View, WaitForecast};
use hall_client::{ClientError, Update};
use hall_core::{ClassId, Command, CounterNumber, Event, Hall, Plan, Record, ServiceId, Timestamp, Wish};
use hall_kiosk::station::StationFacts;
use hall_kiosk::{Config, Language, Msg};
use hall_print::{Health, RollForecast, Status};

pub const CITY: &str = include_str!("../../../halls/city.toml");
pub const TOWNSHIP: &str = include_str!("../../../halls/township.toml");
pub const VILLAGE: &str = include_str!("../../../halls/village.toml");

/// Of the kiosks of these tests.
pub const CODE: &str = "204813";

/// A kiosk in Chinese, with a maintenance page.
pub fn config(has_printer: bool) -> Config {
    let station = || StationFacts {
        name: "kiosk-1".into(),
        profile: "epson-eu-m30".into(),
        address: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0".into(),
    };
    Config {
        language: Language::Zh,
        idle_s: 30,
        station: has_printer.then(station),
        maintenance_code: Some(CODE.parse().unwrap()),
    }
}

/// A printer in this condition, of which nothing else is known.
pub fn health(status: Status) -> Health {
    let roll = RollForecast { left_sheets: None, ends_in: None };
    Health { status, sheets: 0, roll, jobs: 0, unconfirmed: 0 }
}

/// One hall at one moment.
pub struct TestHall {
    hall: Hall,
    view: View,
    pub now: Timestamp,
    /// What tickets are told of their wait.
    pub forecast: Option<WaitForecast>,
}

impl TestHall {
    /// A hall whose wall clock shows `clock` on Monday 2026-11-23, with its day begun if it is time.
    pub fn at(plan: &str, clock: &str) -> Self {
        Self::with(plan, clock, |_| {})
    }

    /// The same after a change of the plan.
    pub fn with(plan: &str, clock: &str, change: impl FnOnce(&mut Plan)) -> Self {
        let mut plan = Plan::from_toml(plan).unwrap();
        change(&mut plan);
        let now = format!("2026-11-23T{clock}:00+08:00").parse().unwrap();
        let mut hall = Self { hall: Hall::default(), view: View::default(), now, forecast: None };
        hall.run(Command::AdoptPlan { plan: Arc::new(plan) });
        hall.keep_time();
        hall
    }

    /// Carries out what the clock demands.
    pub fn keep_time(&mut self) -> Vec<Msg> {
        let due = self.hall.due(self.now);
        due.into_iter().flat_map(|command| self.run(command)).collect()
    }

    /// Carries out a command that cannot be refused.
    pub fn run(&mut self, command: Command) -> Vec<Msg> {
        self.carry_out(&command).unwrap()
    }

    pub fn plan(&self) -> &Arc<Plan> {
        self.hall.plan().unwrap()
    }

    /// What a kiosk hears when it connects.
    pub fn greeting(&self) -> Vec<Msg> {
        let view = View { now: Some(self.now), ..Audience::Public.view(&self.view).into_owned() };
        vec![Msg::Hub(Update::Plan(self.plan().clone())), Msg::Hub(Update::Snapshot(Box::new(view)))]
    }

    /// So many citizens take a number each at other kiosks.
    pub fn crowd(&mut self, service: &str, people: u32) -> Vec<Msg> {
        (0..people).flat_map(|_| self.run(issue(service))).collect()
    }

    pub fn open_counters(&mut self, counters: impl IntoIterator<Item = u16>) -> Vec<Msg> {
        let open = |counter| Command::OpenCounter { counter: CounterNumber(counter), staff: None };
        counters.into_iter().flat_map(|counter| self.run(open(counter))).collect()
    }

    /// Answers an order as the hub does: the event goes down the stream, the reply to the kiosk.
    pub fn answer(&mut self, service: &ServiceId) -> Vec<Msg> {
        let issue = issue(service.as_str());
        match self.carry_out(&issue) {
            Ok(mut messages) => {
                let reply = match &messages[..] {
                    [Msg::Hub(Update::Record(record))] => reply(record, self.forecast),
                    other => panic!("issuing a ticket is one event, not {other:?}"),
                };
                messages.push(Msg::Issued(Box::new(Ok(reply))));
                messages
            }
            Err(problem) => vec![Msg::Issued(Box::new(Err(ClientError::Refused(problem))))],
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<Vec<Msg>, Box<Problem>> {
        let events = self
            .hall
            .decide(command, self.now)
            .map_err(|refusal| Problem::new(409, refusal.code(), refusal.to_string(), refusal.zh()))
            .map_err(Box::new)?;
        Ok(events.into_iter().map(|event| Msg::Hub(Update::Record(Box::new(self.record(event))))).collect())
    }

    fn record(&mut self, event: Event) -> Record {
        self.hall.apply(&event, self.now);
        let record = Record { seq: self.view.seq + 1, at: self.now, event };
        assert!(self.view.apply(&record));
        Audience::Public.record(&record).into_owned()
    }
}

fn issue(service: &str) -> Command {
    Command::IssueTicket(Wish::new(service, ClassId::ordinary()))
}

fn reply(record: &Record, wait: Option<WaitForecast>) -> IssueReply {
    let Event::TicketIssued(issued) = &record.event else { panic!("{record:?} is no ticket") };
    let ticket = IssuedTicket {
        id: issued.ticket,
        number: issued.number.clone(),
        service: issued.service.clone(),
        class: issued.class.clone(),
        ahead: issued.ahead,
        issued_at: record.at,
        follow_code: format!("{}-5F3A9C0B12D4", issued.ticket),
        wait,
    };
    IssueReply { ticket, seq: record.seq }
}
