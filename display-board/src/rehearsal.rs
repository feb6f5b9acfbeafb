//! A hall that runs by the real rules, for tests of the board: what is done in it comes out as the hub's updates.

use std::path::Path;
use std::sync::Arc;

use hall_api::{Audience, View};
use hall_client::Update;
use hall_core::{ClassId, Command, CounterNumber, Hall, Plan, Record, Timestamp, Wish};

/// A hall, its journal as boards may see it, and the view of it that a hub would keep.
pub struct Rehearsal {
    hall: Hall,
    pub plan: Arc<Plan>,
    pub view: View,
    pub now: Timestamp,
    journal: Vec<Record>,
}

impl Rehearsal {
    /// One of the sample halls on 2026-11-23 at 09:30, the day not begun.
    pub fn new(plan: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../halls").join(plan);
        let plan = Plan::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut rehearsal = Self {
            hall: Hall::default(),
            plan: Arc::new(plan),
            view: View::default(),
            now: "2026-11-23T09:30:00+08:00".parse().unwrap(),
            journal: Vec::new(),
        };
        let plan = rehearsal.plan.clone();
        rehearsal.run(Command::AdoptPlan { plan });
        rehearsal
    }

    /// The same with the day begun.
    pub fn open(plan: &str) -> Self {
        let mut rehearsal = Self::new(plan);
        let day = rehearsal.plan.date(rehearsal.now);
        rehearsal.run(Command::OpenDay { day });
        rehearsal
    }

    /// Carries out a command; what happened is in the journal.
    pub fn run(&mut self, command: Command) {
        for event in self.hall.decide(&command, self.now).unwrap() {
            self.hall.apply(&event, self.now);
            let record = Record { seq: self.view.seq + 1, at: self.now, event };
            assert!(self.view.apply(&record));
            self.journal.push(Audience::Public.record(&record).into_owned());
        }
    }

    /// So many citizens take a number.
    pub fn issue(&mut self, service: &str, count: usize) {
        for _ in 0..count {
            self.run(Command::IssueTicket(Wish::new(service, ClassId::ordinary())));
        }
    }

    /// Opens the counter unless it is open, and calls somebody who comes for its first service.
    pub fn call_at(&mut self, counter: u16) {
        let number = CounterNumber(counter);
        if !self.view.counters.contains_key(&number) {
            self.run(Command::OpenCounter { counter: number, staff: None });
        }
        let service = self.plan.counter(number).unwrap().services[0].clone();
        self.issue(service.as_str(), 1);
        self.run(Command::CallNext { counter: number });
    }

    /// Serves whoever was called to the counter to the end.
    pub fn serve_at(&mut self, counter: u16) {
        let counter = CounterNumber(counter);
        self.run(Command::StartService { counter });
        self.run(Command::FinishService { counter, ends_here: false });
    }

    /// What a new stream begins with.
    pub fn snapshot(&self) -> [Update; 2] {
        let view = View { now: Some(self.now), ..Audience::Public.view(&self.view).into_owned() };
        [Update::Plan(self.plan.clone()), Update::Snapshot(Box::new(view))]
    }

    /// The records after `seq`, as a stream goes on.
    pub fn records_after(&self, seq: u64) -> Vec<Update> {
        let missed = self.journal.iter().filter(|record| record.seq > seq);
        missed.map(|record| Update::Record(Box::new(record.clone()))).collect()
    }
}
