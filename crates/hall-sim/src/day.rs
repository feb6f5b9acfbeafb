//! A whole business day of citizens and staff, carried out on the rules themselves, without a hub and without a clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use hall_core::plan::Service;
use hall_core::{
    BusinessDay, ClassId, Command, CounterNumber, CounterState, Event, Hall, Plan, Record, Rejection,
    ServiceId, TicketId, Timestamp,
};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// What came of a simulated day.
#[derive(Debug)]
pub struct DayOutcome {
    /// Everything that happened.
    pub journal: Vec<Record>,
    /// From taking the number to the first call, one a called ticket, sorted.
    pub waits_ms: Vec<i64>,
    /// Numbers given.
    pub issued: usize,
    /// Citizens who left served.
    pub finished: usize,
    /// Citizens who did not come when called.
    pub missed: usize,
    /// Citizens turned away because the service was closed.
    pub turned_away: usize,
}

/// Simulates `visitors` citizens of one business day; the same seed gives the same day.
pub fn simulate(
    plan: Arc<Plan>,
    day: BusinessDay,
    visitors: usize,
    seed: u64,
) -> Result<DayOutcome, Rejection> {
    let mut simulation = Simulation::new(plan, day, seed)?;
    simulation.plan_arrivals(visitors);
    simulation.open_counters()?;
    while let Some(Reverse((at, _, happening))) = simulation.agenda.pop() {
        simulation.pass_until(at)?;
        simulation.happen(happening)?;
    }
    simulation.pass_until(simulation.plan.day_ends(day))?;
    simulation.outcome.waits_ms.sort_unstable();
    Ok(simulation.outcome)
}

fn demand(plan: &Plan) -> Result<WeightedIndex<f64>, Rejection> {
    let weight = |service: &Service| {
        plan.counters_serving(&service.id).count() as f64 / f64::from(service.expected_min)
    };
    // A plan without a served service is faulty, and adopting it says so better than this could.
    WeightedIndex::new(plan.services.iter().map(weight)).map_err(|_| Rejection::PlanFaulty(plan.check()))
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Arrives,
    Looks(CounterNumber),
    Comes(CounterNumber, TicketId),
    Leaves(CounterNumber, TicketId),
}

struct Simulation {
    plan: Arc<Plan>,
    hall: Hall,
    now: Timestamp,
    day: BusinessDay,
    random: StdRng,
    /// Over the services of the plan: as much as the hall is staffed for.
    demand: WeightedIndex<f64>,
    agenda: BinaryHeap<Reverse<(Timestamp, u64, Happening)>>,
    planned: u64,
    outcome: DayOutcome,
}

impl Simulation {
    fn new(plan: Arc<Plan>, day: BusinessDay, seed: u64) -> Result<Self, Rejection> {
        let outcome = DayOutcome {
            journal: Vec::new(),
            waits_ms: Vec::new(),
            issued: 0,
            finished: 0,
            missed: 0,
            turned_away: 0,
        };
        let mut simulation = Self {
            hall: Hall::default(),
            now: plan.day_begins(day),
            day,
            random: StdRng::seed_from_u64(seed),
            demand: demand(&plan)?,
            agenda: BinaryHeap::new(),
            planned: 0,
            plan: plan.clone(),
            outcome,
        };
        simulation.carry_out(&Command::AdoptPlan { plan })?;
        simulation.carry_out(&Command::OpenDay { day })?;
        Ok(simulation)
    }

    /// Two peaks, at ten and at three: each citizen's moment is the mean of three random ones in a half of the day.
    fn plan_arrivals(&mut self, visitors: usize) {
        for _ in 0..visitors {
            let half = self.plan.hall.hours.choose(&mut self.random).copied().unwrap_or(self.plan.hall.day);
            let minutes = f64::from(half.to_min - half.from_min);
            let share = (0..3).map(|_| self.random.random::<f64>()).sum::<f64>() / 3.0;
            let start = Timestamp::at(self.day, half.from_min, self.plan.hall.utc_offset);
            self.later(start.plus_ms((minutes * 60_000.0 * share) as i64), Happening::Arrives);
        }
    }

    fn open_counters(&mut self) -> Result<(), Rejection> {
        let plan = self.plan.clone();
        for counter in plan.counters.iter().map(|counter| counter.number) {
            self.carry_out(&Command::OpenCounter { counter })?;
            self.later(self.now, Happening::Looks(counter));
        }
        Ok(())
    }

    /// Lets the day end on the way, should it be its time.
    fn pass_until(&mut self, at: Timestamp) -> Result<(), Rejection> {
        while let Some(deadline) = self.hall.next_deadline(self.now).filter(|deadline| *deadline <= at) {
            self.now = deadline;
            for command in self.hall.due(deadline) {
                self.carry_out(&command)?;
            }
        }
        self.now = at;
        Ok(())
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Rejection> {
        match happening {
            Happening::Arrives => self.arrive(),
            Happening::Looks(counter) => self.look(counter),
            Happening::Comes(counter, ticket) => self.come(counter, ticket),
            Happening::Leaves(counter, ticket) => self.leave(counter, ticket),
        }
    }

    fn arrive(&mut self) -> Result<(), Rejection> {
        let plan = self.plan.clone();
        let service = &plan.services[self.demand.sample(&mut self.random)];
        let class = match plan.classes.choose(&mut self.random) {
            Some(class) if self.random.random_bool(0.15) => class.id.clone(),
            _ => ClassId::ordinary(),
        };
        let command = Command::IssueTicket { service: service.id.clone(), class };
        match self.carry_out(&command) {
            Err(Rejection::ServiceClosed(_)) => self.outcome.turned_away += 1,
            other => _ = other?,
        }
        self.wake_idle(&service.id);
        Ok(())
    }

    fn look(&mut self, counter: CounterNumber) -> Result<(), Rejection> {
        if self.hall.counter(counter).is_none_or(|counter| counter.state != CounterState::Idle) {
            return Ok(());
        }
        let called = self.carry_out(&Command::CallNext { counter })?;
        if let [Event::TicketCalled { ticket, .. }] = called.as_slice() {
            let walk_ms = self.random.random_range(10_000..60_000);
            self.later(self.now.plus_ms(walk_ms), Happening::Comes(counter, *ticket));
        }
        Ok(())
    }

    fn come(&mut self, counter: CounterNumber, ticket: TicketId) -> Result<(), Rejection> {
        if self.random.random_bool(0.04) {
            self.carry_out(&Command::NoShow { counter })?;
            return self.look(counter);
        }
        self.carry_out(&Command::StartService { counter })?;
        let expected = self.hall.ticket(ticket).and_then(|ticket| self.plan.service(&ticket.service));
        let mean_ms = f64::from(expected.map_or(5, |service| service.expected_min)) * 60_000.0;
        let share = 0.3 + self.random.random::<f64>() * 1.4;
        self.later(self.now.plus_ms((mean_ms * share) as i64), Happening::Leaves(counter, ticket));
        Ok(())
    }

    fn leave(&mut self, counter: CounterNumber, ticket: TicketId) -> Result<(), Rejection> {
        match self.onward(ticket) {
            Some(service) => {
                self.carry_out(&Command::Transfer { counter, service: service.clone() })?;
                self.wake_idle(&service);
            }
            None => _ = self.carry_out(&Command::FinishService { counter })?,
        }
        self.look(counter)
    }

    /// One in thirty is sent on to another service.
    fn onward(&mut self, ticket: TicketId) -> Option<ServiceId> {
        if !self.hall.day().is_some_and(|day| day.open) || !self.random.random_bool(1.0 / 30.0) {
            return None;
        }
        let here = &self.hall.ticket(ticket)?.service;
        let others: Vec<&Service> = self.plan.services.iter().filter(|service| service.id != *here).collect();
        others.choose(&mut self.random).map(|service| service.id.clone())
    }

    fn wake_idle(&mut self, service: &ServiceId) {
        let plan = self.plan.clone();
        for counter in plan.counters_serving(service) {
            self.later(self.now, Happening::Looks(counter.number));
        }
    }

    fn later(&mut self, at: Timestamp, happening: Happening) {
        self.planned += 1;
        self.agenda.push(Reverse((at, self.planned, happening)));
    }

    fn carry_out(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let events = self.hall.decide(command, self.now)?;
        for event in &events {
            self.count(event);
            self.hall.apply(event, self.now);
            let seq = self.outcome.journal.len() as u64 + 1;
            self.outcome.journal.push(Record { seq, at: self.now, event: event.clone() });
        }
        Ok(events)
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::TicketIssued { .. } => self.outcome.issued += 1,
            Event::ServiceFinished { .. } => self.outcome.finished += 1,
            Event::TicketMissed { .. } => self.outcome.missed += 1,
            Event::TicketCalled { ticket, .. } => {
                let waited =
                    self.hall.ticket(*ticket).map(|ticket| self.now.as_ms() - ticket.issued_at.as_ms());
                self.outcome.waits_ms.extend(waited);
            }
            _ => {}
        }
    }
}
