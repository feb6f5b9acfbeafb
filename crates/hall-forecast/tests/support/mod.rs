//! A hall that is played: commands are carried out as the hub does, and its history learns from every event.
#![allow(dead_code)]

use std::sync::Arc;

use hall_core::{Command, CounterNumber, Event, Hall, Plan, Rejection, ServiceId, TicketId, Timestamp, Wish};
use hall_forecast::{Forecast, History, Runs, Score, forecast};

/// A working Monday, at the hall.
pub const MORNING: &str = "2026-11-23T09:00:00+08:00";

pub struct Played {
    pub hall: Hall,
    pub history: History,
    pub score: Score,
    /// All that has happened.
    pub records: Vec<(Event, Timestamp)>,
    /// Whether the history follows what happens.
    pub learns: bool,
    pub now: Timestamp,
}

impl Played {
    /// The hall at [`MORNING`], all counters closed.
    pub fn new(plan: &str) -> Self {
        let plan = Arc::new(Plan::from_toml(plan).unwrap());
        let now: Timestamp = MORNING.parse().unwrap();
        let (hall, history, score) = (Hall::default(), History::default(), Score::default());
        let mut played = Self { hall, history, score, records: Vec::new(), learns: true, now };
        played.carry_out(&Command::AdoptPlan { plan });
        played.until(0);
        played
    }

    pub fn carry_out(&mut self, command: &Command) -> Vec<Event> {
        self.try_to(command).unwrap_or_else(|rejection| panic!("{command:?}: {rejection:?}"))
    }

    pub fn try_to(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let events = self.hall.decide(command, self.now)?;
        for event in &events {
            self.records.push((event.clone(), self.now));
            self.hall.apply(event, self.now);
            if self.learns {
                self.history.observe(event, self.now);
            }
            self.score.observe(event, self.now);
        }
        Ok(events)
    }

    /// Lets so much time pass, and whatever is due happen.
    pub fn until(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        loop {
            let due = self.hall.due(self.now);
            for command in &due {
                self.carry_out(command);
            }
            if !due.is_empty() {
                continue;
            }
            match self.hall.next_deadline(self.now).filter(|at| *at <= end && *at > self.now) {
                Some(at) => self.now = at,
                None => break,
            }
        }
        self.now = end;
    }

    /// The day closes, and the next one has come as far as [`MORNING`]; all counters are closed.
    pub fn next_morning(&mut self) {
        let (morning, day_ms): (Timestamp, _) = (MORNING.parse().unwrap(), 24 * 3_600_000);
        self.until(day_ms - (self.now.as_ms() - morning.as_ms()) % day_ms);
    }

    pub fn issue(&mut self, service: &str, class: &str) -> TicketId {
        match self.carry_out(&Command::IssueTicket(Wish::new(service, class))).as_slice() {
            [Event::TicketIssued(issued)] => issued.ticket,
            events => panic!("{events:?}"),
        }
    }

    pub fn open(&mut self, counters: impl IntoIterator<Item = u16>) {
        for counter in counters {
            self.carry_out(&Command::OpenCounter { counter: CounterNumber(counter), staff: None });
        }
    }

    /// Whoever was called; none when nobody was.
    pub fn call(&mut self, counter: u16) -> Option<TicketId> {
        match self.carry_out(&Command::CallNext { counter: CounterNumber(counter) }).as_slice() {
            [Event::TicketCalled { ticket, .. }] => Some(*ticket),
            _ => None,
        }
    }

    pub fn start(&mut self, counter: u16) {
        self.carry_out(&Command::StartService { counter: CounterNumber(counter) });
    }

    pub fn finish(&mut self, counter: u16) {
        self.carry_out(&Command::FinishService { counter: CounterNumber(counter), ends_here: false });
    }

    /// One citizen served at a counter that nobody waits for, `ms` from the call.
    pub fn serve_one(&mut self, counter: u16, service: &str, ms: i64) {
        self.issue(service, "ordinary");
        self.call(counter).unwrap();
        self.start(counter);
        self.now = self.now.plus_ms(ms);
        self.finish(counter);
    }

    pub fn forecast(&self, samples: u32) -> Forecast {
        self.forecast_of(samples, 7)
    }

    pub fn forecast_of(&self, samples: u32, seed: u64) -> Forecast {
        forecast(&self.hall, &self.history, self.now, Runs { samples, seed })
    }

    /// P50 and P90 of a newcomer's wait.
    pub fn newcomer_ms(&self, service: &str) -> Option<(i64, i64)> {
        let newcomer = self.forecast(40).newcomer(&ServiceId::from(service))?;
        Some((newcomer.wait.p50_ms, newcomer.wait.p90_ms))
    }

    /// P50 and P90 of a ticket's wait.
    pub fn ticket_ms(&self, ticket: TicketId) -> Option<(i64, i64)> {
        let estimate = self.forecast(40).ticket(ticket)?;
        Some((estimate.p50_ms, estimate.p90_ms))
    }
}

/// A plan with these services, each as its line in TOML without department and names, and counters, each as its
/// services and what else is to be said of it; `rules` are further lines at the top.
pub fn plan(rules: &str, services: &[&str], counters: &[&str]) -> String {
    let service = |(i, service): (usize, &&str)| {
        let prefix = char::from(b'A' + i as u8);
        format!(
            "{{ {service}, department = \"d\", prefix = \"{prefix}\", name = \"业务\", name_en = \"Service\" }},\n"
        )
    };
    let counter = |(i, counter): (usize, &&str)| {
        format!("{{ number = {}, zone = \"A\", department = \"d\", {counter} }},\n", i + 1)
    };
    format!(
        r#"
hall.name = "大厅"
hall.name_en = "Hall"
hall.day = "07:30-19:00"
hall.hours = ["08:00-18:00"]
{rules}
classes = [
    {{ id = "ordinary", name = "普通", name_en = "Ordinary" }},
    {{ id = "elderly", credit_min = 20, name = "老年人", name_en = "Senior citizen" }},
]
zones = [{{ id = "A", name = "A区", name_en = "Zone A", floor = "1楼" }}]
departments = [{{ id = "d", name = "部门", name_en = "Department" }}]
services = [
{}]
counters = [
{}]
"#,
        services.iter().enumerate().map(service).collect::<String>(),
        counters.iter().enumerate().map(counter).collect::<String>(),
    )
}
