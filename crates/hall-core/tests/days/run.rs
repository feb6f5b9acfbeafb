//! A hall with its journal, carried through random days the way a hub does it, beside the reference.

use std::collections::{BTreeMap, VecDeque};

use hall_core::{Command, Event, Hall, Plan, Record, Rejection, Timestamp, Why};

use crate::dice::Dice;
use crate::plans;
use crate::promises::{self, Numbers, Overtaking};
use crate::reference::{Expected, Reference};
use crate::stream::{Gap, Stream};

/// The clock of a hall that calls by itself is satisfied after so many rounds.
const ROUNDS_MAX: usize = 300;
/// So many commands are shown when a promise is broken.
const SHOWN: usize = 25;

/// How much is checked, and what is kept.
#[derive(Clone, Copy)]
pub struct Care {
    /// Every so many steps everything is checked.
    pub all_every: u64,
    /// Whether the journal is kept from the first day on, or from the last only.
    pub whole_journal: bool,
}

pub struct Run {
    pub hall: Hall,
    pub now: Timestamp,
    pub journal: Vec<Record>,
    /// How often each thing has happened: refusals by code, events and reasons by kind.
    pub tally: BTreeMap<String, u64>,
    pub days: u64,
    refused: BTreeMap<&'static str, u64>,
    reference: Reference,
    stream: Stream,
    numbers: Numbers,
    overtaking: Overtaking,
    seq: u64,
    steps: u64,
    care: Care,
    recent: VecDeque<(Timestamp, Command)>,
}

impl Run {
    pub fn new(seed: u64, care: Care) -> Self {
        let mut run = Self::before_any_plan("2026-11-20T07:50:00+08:00", care);
        let mut dice = Dice::new(seed);
        run.stream.draw_mood(&mut dice);
        for _ in 0..dice.below(3) {
            let command = run.stream.command(&mut dice, &run.hall, run.now);
            _ = run.carry_out(&command);
        }
        _ = run.carry_out(&Command::AdoptPlan { plan: plans::draw(&mut dice) });
        run.settle();
        run
    }

    /// A hall that goes by this plan, everything checked.
    pub fn with(plan: Plan, now: &str) -> Self {
        let mut run = Self::before_any_plan(now, Care { all_every: 1, whole_journal: true });
        run.carry_out(&Command::AdoptPlan { plan: plan.into() }).unwrap();
        run.settle();
        run
    }

    fn before_any_plan(now: &str, care: Care) -> Self {
        Self {
            hall: Hall::default(),
            now: now.parse().unwrap(),
            journal: Vec::new(),
            tally: BTreeMap::new(),
            days: 0,
            refused: BTreeMap::new(),
            reference: Reference::default(),
            stream: Stream::default(),
            numbers: Numbers::default(),
            overtaking: Overtaking::default(),
            seq: 0,
            steps: 0,
            care,
            recent: VecDeque::new(),
        }
    }

    /// Time goes by, and somebody wants something: all of it drawn from one number.
    pub fn step(&mut self, number: u64) {
        let mut dice = Dice::new(number);
        match self.stream.gap(&mut dice, &self.hall, self.now) {
            Gap::Passes(ms) => self.pass(ms),
            Gap::ToDeadline => {
                self.now = self.hall.next_deadline(self.now).unwrap_or(self.now);
                self.settle();
            }
            Gap::Leaps(ms) => {
                self.now = self.now.plus_ms(ms);
                self.settle();
            }
        }
        let command = self.stream.command(&mut dice, &self.hall, self.now);
        self.steps += 1;
        let checks_all = self.steps.is_multiple_of(self.care.all_every);
        if checks_all {
            promises::deciding_changes_nothing(&self.hall, &command, self.now);
        }
        let events = self.carry_out(&command).unwrap_or_default();
        if !events.is_empty() || checks_all {
            self.settle();
            promises::a_counter_has_at_most_one_ticket(&self.hall);
            promises::no_counter_idles_while_somebody_waits_for_it(&self.hall, self.now);
        }
        if checks_all {
            self.check_all();
        }
        if dice.one_in(300) {
            self.stream.draw_mood(&mut dice);
        }
    }

    fn check_all(&mut self) {
        promises::every_ticket_is_in_exactly_one_place(&self.hall);
        promises::a_replay_gives_the_same_hall(&self.journal, &self.hall);
        promises::nobody_starves(&self.hall, self.now);
        self.reference.must_agree_with(&self.hall);
        self.reference.must_agree_on_who_is_next(&self.hall, self.now);
    }

    /// Carries a command out as a hub does, and compares what comes of it with what should.
    pub fn carry_out(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        self.remember(command);
        let expected = self.reference.carry_out(command, self.now);
        let decision = self.hall.decide(command, self.now);
        let found = without_words(&decision);
        if found != expected {
            panic!(
                "{} at {}\n      the hall: {}\n the reference: {}",
                shown(command),
                self.now,
                shown_all(&found),
                shown_all(&expected)
            );
        }
        match &decision {
            Err(refusal) => *self.refused.entry(refusal.code()).or_default() += 1,
            Ok(events) => events.iter().for_each(|event| self.take_in(event)),
        }
        decision
    }

    fn take_in(&mut self, event: &Event) {
        self.overtaking.nobody_is_overtaken_by_more_than_the_largest_credit(&self.hall, event, self.now);
        self.hall.apply(event, self.now);
        self.numbers.no_number_is_given_twice_in_a_day(event);
        self.overtaking.note(event, &self.hall);
        self.stream.note(event);
        self.seq += 1;
        if let Event::DayOpened { .. } = event {
            self.begin_journal_of_the_day();
        }
        self.journal.push(Record { seq: self.seq, at: self.now, event: event.clone() });
    }

    fn begin_journal_of_the_day(&mut self) {
        self.days += 1;
        if self.care.all_every == 1 || self.days.is_multiple_of(8) {
            self.read_back();
        }
        if !self.care.whole_journal {
            let is_plan = |record: &Record| matches!(record.event, Event::PlanAdopted { .. });
            let plan = self.journal.iter().rposition(is_plan).map(|i| self.journal.swap_remove(i));
            self.journal.clear();
            self.journal.extend(plan);
        }
    }

    /// Reads the journal back from JSON, and counts what is in it.
    pub fn read_back(&mut self) {
        for record in &self.journal {
            let text = promises::an_event_reads_back_as_written(record);
            for (name, mark) in [("event", "\"event\":{\"type\":\""), ("reason", "\"reason\":{\"type\":\"")] {
                let Some((_, rest)) = text.split_once(mark) else { continue };
                let kind = rest.split('"').next().unwrap_or_default();
                *self.tally.entry(format!("{name} {kind}")).or_default() += 1;
            }
        }
        for (code, times) in std::mem::take(&mut self.refused) {
            *self.tally.entry(format!("refusal {code}")).or_default() += times;
        }
    }

    /// Does what the clock demands until it demands nothing more.
    pub fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let due = self.hall.due(self.now);
            assert_eq!(
                due,
                self.reference.due(self.now),
                "(left: the hall, right: the reference) at {}",
                self.now
            );
            if due.is_empty() {
                return;
            }
            for command in due {
                self.carry_out(&command)
                    .unwrap_or_else(|refusal| panic!("the clock's {command:?}: {refusal}"));
            }
        }
        panic!("the clock is never satisfied at {}", self.now);
    }

    /// Lets time pass, doing what falls due on the way at the moment it is due.
    pub fn pass(&mut self, ms: i64) {
        let until = self.now.plus_ms(ms);
        let checks = self.care.all_every == 1 || self.steps.is_multiple_of(50);
        loop {
            let deadline = self.hall.next_deadline(self.now);
            if checks {
                assert_eq!(
                    deadline,
                    self.reference.next_deadline(self.now),
                    "(left: the hall, right: the reference) next deadline at {}",
                    self.now
                );
            }
            let Some(deadline) = deadline.filter(|deadline| *deadline <= until) else { break };
            assert!(deadline >= self.now, "the deadline {deadline} is past at {}", self.now);
            self.now = deadline;
            assert!(!self.hall.due(self.now).is_empty(), "a deadline at {} with nothing due", self.now);
            self.settle();
        }
        self.now = until;
        if checks {
            assert_eq!(self.hall.due(self.now), [], "due before the next deadline, at {}", self.now);
        }
    }

    fn remember(&mut self, command: &Command) {
        if self.recent.len() == SHOWN {
            self.recent.pop_front();
        }
        self.recent.push_back((self.now, command.clone()));
    }
}

/// The decision as the reference foretells it: without the reason in words.
fn without_words(decision: &Result<Vec<Event>, Rejection>) -> Expected {
    let mut events = decision.clone().map_err(|refusal| refusal.code())?;
    for event in &mut events {
        if let Event::TicketCalled { why, .. } = event {
            assert!(!why.zh.is_empty() && !why.en.is_empty(), "a call without a reason in words");
            *why = Why::default();
        }
    }
    Ok(events)
}

fn shown(command: &Command) -> String {
    match command {
        Command::AdoptPlan { plan } => format!("AdoptPlan {}", shown_plan(plan)),
        other => format!("{other:?}"),
    }
}

fn shown_all(events: &Expected) -> String {
    let shown = |event: &Event| match event {
        Event::PlanAdopted { plan } => format!("PlanAdopted {}", shown_plan(plan)),
        other => format!("{other:?}"),
    };
    match events {
        Err(code) => (*code).to_owned(),
        Ok(events) => events.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

/// What of a plan matters most often.
fn shown_plan(plan: &Plan) -> String {
    let counters = plan.counters.iter().map(|counter| format!("{}: {:?}", counter.number, counter.profile()));
    let services = plan.services.iter().map(|service| service.id.as_str());
    let (services, counters) = (services.collect::<Vec<_>>(), counters.collect::<Vec<_>>());
    format!("{:?} {services:?} {counters:?}", plan.queue)
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("after {} steps, the last commands were:", self.steps);
            for (at, command) in &self.recent {
                eprintln!("  {at} {}", shown(command));
            }
        }
    }
}
