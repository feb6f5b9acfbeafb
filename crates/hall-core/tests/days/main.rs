//! Random days in a small hall: the rules against a naive reference model, and the promises that hold after every step.

#![allow(clippy::unwrap_used)]

mod reference;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use hall_core::plan::Credit;
use hall_core::{
    Command, CounterNumber, CounterState, Event, Hall, Place, Plan, Record, ServiceId, TicketId, Timestamp,
};
use proptest::prelude::*;
use reference::{Outcome, Reference};

const PLAN: &str = r#"
hall = { name = "试验大厅", name_en = "Test hall", day = "08:00-18:00", hours = ["09:00-12:00", "13:00-17:00"] }
queue = { call_limit = 3 }
classes = [
  { id = "ordinary", name = "普通", name_en = "Ordinary" },
  { id = "elderly", name = "老年人", name_en = "Elderly", credit_min = 15 },
  { id = "military", name = "军人", name_en = "Military", credit_min = "first" },
]
zones = [{ id = "A", name = "A区", name_en = "Zone A", floor = "1楼" }]
departments = [{ id = "d", name = "部门", name_en = "Department" }]
services = [
  { id = "property", department = "d", name = "不动产", name_en = "Property", prefix = "A", expected_min = 10 },
  { id = "tax", department = "d", name = "税务", name_en = "Tax", prefix = "B", expected_min = 5 },
  { id = "permit", department = "d", name = "许可", name_en = "Permit", prefix = "C", expected_min = 5, hours = ["09:00-10:00"] },
]
counters = [
  { number = 1, zone = "A", department = "d", services = ["property"] },
  { number = 2, zone = "A", department = "d", services = ["property", "tax"] },
  { number = 3, zone = "A", department = "d", services = ["tax", "permit"] },
]
"#;

fn plan() -> Arc<Plan> {
    Arc::new(Plan::from_toml(PLAN).unwrap())
}

#[derive(Clone, Debug)]
struct Step {
    after_ms: i64,
    command: Command,
}

fn service() -> impl Strategy<Value = ServiceId> {
    prop::sample::select(vec!["property", "tax", "permit", "unknown"]).prop_map(ServiceId::from)
}

fn counter() -> impl Strategy<Value = CounterNumber> {
    prop::sample::select(vec![1, 2, 3, 3, 2, 1, 9]).prop_map(CounterNumber)
}

fn command() -> impl Strategy<Value = Command> {
    let class =
        prop::sample::select(vec!["ordinary", "ordinary", "ordinary", "elderly", "military", "unknown"]);
    prop_oneof![
        8 => (service(), class).prop_map(|(service, class)| Command::IssueTicket { service, class: class.into() }),
        3 => counter().prop_map(|counter| Command::OpenCounter { counter }),
        1 => (counter(), "[ 午休]{0,3}").prop_map(|(counter, reason)| Command::PauseCounter { counter, reason }),
        1 => counter().prop_map(|counter| Command::CloseCounter { counter }),
        8 => counter().prop_map(|counter| Command::CallNext { counter }),
        2 => counter().prop_map(|counter| Command::Recall { counter }),
        5 => counter().prop_map(|counter| Command::StartService { counter }),
        5 => counter().prop_map(|counter| Command::FinishService { counter }),
        2 => counter().prop_map(|counter| Command::NoShow { counter }),
        2 => (counter(), service()).prop_map(|(counter, service)| Command::Transfer { counter, service }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pause_ms = prop_oneof![20 => 0..120_000i64, 2 => 0..3_600_000i64, 1 => 0..40_000_000i64];
    prop::collection::vec(
        (pause_ms, command()).prop_map(|(after_ms, command)| Step { after_ms, command }),
        1..250,
    )
}

/// A hall with its journal, carried through a day the way a hub does it.
struct Run {
    hall: Hall,
    journal: Vec<Record>,
    now: Timestamp,
}

impl Run {
    fn new() -> Self {
        let now = "2026-11-23T08:50:00+08:00".parse().unwrap();
        let mut run = Self { hall: Hall::default(), journal: Vec::new(), now };
        run.carry_out(&Command::AdoptPlan { plan: plan() }).unwrap();
        run
    }

    fn carry_out(&mut self, command: &Command) -> Result<Vec<Event>, hall_core::Rejection> {
        let before = self.hall.clone();
        let decision = self.hall.decide(command, self.now);
        assert_eq!(self.hall, before, "deciding changed the state");
        for event in decision.iter().flatten() {
            let seq = self.journal.len() as u64 + 1;
            self.hall.apply(event, self.now);
            self.journal.push(Record { seq, at: self.now, event: event.clone() });
        }
        decision
    }

    /// Lets time pass, doing what falls due on the way at the moment it is due.
    fn pass(&mut self, ms: i64, mut done: impl FnMut(&Command, Timestamp)) {
        let until = self.now.plus_ms(ms);
        while let Some(deadline) = self.hall.next_deadline(self.now).filter(|deadline| *deadline <= until) {
            self.now = deadline.max(self.now);
            let due = self.hall.due(self.now);
            assert!(!due.is_empty(), "a deadline at {} with nothing due", self.now);
            for command in due {
                self.carry_out(&command).unwrap();
                done(&command, self.now);
            }
        }
        self.now = until;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_agree_with_the_reference(steps in steps()) {
        let mut run = Run::new();
        let mut reference = Reference::new(plan());
        for Step { after_ms, command } in steps {
            run.pass(after_ms, |due, now| reference.due(due, now));
            let expected = reference.step(&command, run.now);
            let decision = run.carry_out(&command);
            prop_assert_eq!(Outcome::of(&decision), expected, "{:?} at {}", command, run.now);
            check_places(&run.hall);
        }
        check_numbers(&run.journal);
        check_fairness(&run.journal);
        prop_assert_eq!(replay(&run.journal), run.hall.clone(), "replay differs");
        prop_assert_eq!(replay(&from_last_day(&run.journal)), run.hall, "replay of the last day differs");
    }

    #[test]
    fn events_read_back_as_they_were_written(steps in steps()) {
        let mut run = Run::new();
        for Step { after_ms, command } in steps {
            run.pass(after_ms, |_, _| {});
            _ = run.carry_out(&command);
        }
        for record in &run.journal {
            let text = serde_json::to_string(record).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Record>(&text).unwrap(), record);
        }
    }
}

fn replay(journal: &[Record]) -> Hall {
    let mut hall = Hall::default();
    for record in journal {
        hall.apply(&record.event, record.at);
    }
    hall
}

/// The last plan before the last day, then everything from that day on: what a hub reads at its start.
fn from_last_day(journal: &[Record]) -> Vec<Record> {
    let is_day = |record: &Record| matches!(record.event, Event::DayOpened { .. });
    let is_plan = |record: &&Record| matches!(record.event, Event::PlanAdopted { .. });
    let Some(day) = journal.iter().rposition(is_day) else { return journal.to_vec() };
    journal[..day].iter().rev().find(is_plan).into_iter().chain(&journal[day..]).cloned().collect()
}

/// A ticket is in exactly one place, and a counter has at most one.
fn check_places(hall: &Hall) {
    let mut places = BTreeMap::<TicketId, Vec<Place>>::new();
    for service in &hall.plan().unwrap().services {
        for ticket in hall.waiting(&service.id) {
            places.entry(ticket.id).or_default().push(Place::Waiting);
        }
    }
    for (number, counter) in hall.counters() {
        if let CounterState::Calling { ticket, .. } | CounterState::Serving { ticket } = counter.state {
            places.entry(ticket).or_default().push(Place::AtCounter(number));
        }
    }
    for ticket in hall.tickets() {
        let found = places.remove(&ticket.id).unwrap_or_default();
        match ticket.place {
            Place::Waiting | Place::AtCounter(_) => assert_eq!(found, [ticket.place], "{}", ticket.number),
            Place::Finished | Place::NoShow | Place::Expired => assert_eq!(found, [], "{}", ticket.number),
        }
    }
    assert!(places.is_empty(), "tickets out of nowhere: {places:?}");
}

/// No number twice in a business day, no ticket id twice ever.
fn check_numbers(journal: &[Record]) {
    let (mut today, mut ever) = (HashSet::new(), HashSet::new());
    for record in journal {
        match &record.event {
            Event::DayOpened { .. } => today.clear(),
            Event::TicketIssued { ticket, number, .. } => {
                assert!(today.insert(number.clone()), "{number} was given twice");
                assert!(ever.insert(*ticket), "ticket {ticket} was made twice");
            }
            _ => {}
        }
    }
}

/// Nobody a counter serves is overtaken by someone who arrived more than the largest finite credit later.
fn check_fairness(journal: &[Record]) {
    let plan = plan();
    let finite_min = |credit| if let Credit::Minutes(minutes) = credit { minutes } else { 0 };
    let largest_ms =
        plan.classes.iter().map(|class| i64::from(finite_min(class.credit_min)) * 60_000).max().unwrap();
    let mut hall = Hall::default();
    for record in journal {
        if let Event::TicketCalled { ticket, counter, .. } = &record.event {
            let called = hall.ticket(*ticket).unwrap();
            let first = plan.class(&called.class).unwrap().credit_min == Credit::First;
            let served = &plan.counter(*counter).unwrap().services;
            for other in served.iter().flat_map(|service| hall.waiting(service)).filter(|_| !first) {
                let later_ms = called.issued_at.as_ms() - other.issued_at.as_ms();
                assert!(
                    later_ms <= largest_ms,
                    "{} overtook {} by {later_ms} ms",
                    called.number,
                    other.number
                );
            }
        }
        hall.apply(&record.event, record.at);
    }
}

#[test]
fn numbers_go_on_after_999() {
    let mut run = Run::new();
    run.pass(20 * 60_000, |_, _| {});
    let issue = Command::IssueTicket { service: "tax".into(), class: "ordinary".into() };
    let numbers: Vec<String> = (0..1001)
        .flat_map(|_| run.carry_out(&issue).unwrap())
        .map(|event| match event {
            Event::TicketIssued { number, .. } => number.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        [&numbers[0], &numbers[998], &numbers[999], &numbers[1000]],
        ["B001", "B999", "B1000", "B1001"]
    );
}

#[test]
fn a_plan_the_running_day_cannot_accept_is_refused_with_every_conflict() {
    let mut run = Run::new();
    run.pass(20 * 60_000, |_, _| {});
    run.carry_out(&Command::IssueTicket { service: "permit".into(), class: "ordinary".into() }).unwrap();
    run.carry_out(&Command::OpenCounter { counter: CounterNumber(1) }).unwrap();
    let mut smaller = smaller_plan();
    smaller.hall.utc_offset = "+07:00".parse().unwrap();
    let refusal = run.carry_out(&Command::AdoptPlan { plan: Arc::new(smaller) }).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the running day cannot accept this plan, settle what is named or wait for the next day: \
         service permit has 1 open ticket(s) and is missing from the plan: serve them first; \
         counter 1 is not closed and is missing from the plan: close it first; \
         the UTC offset differs while a business day is open: wait for the next day"
    );
}

/// The plan without the service permit and without counter 1.
fn smaller_plan() -> Plan {
    let mut smaller = Plan::clone(&plan());
    smaller.services.retain(|service| service.id.as_str() != "permit");
    smaller.counters.retain(|counter| counter.number.0 != 1);
    for counter in &mut smaller.counters {
        counter.services.retain(|service| service.as_str() != "permit");
        counter.services.push("property".into());
        counter.services.dedup();
    }
    smaller.counters[0].services = vec!["property".into(), "tax".into()];
    smaller
}

#[test]
fn what_was_left_behind_stands_against_a_plan_only_on_its_own_day() {
    let (permit, first, third) = ("permit", CounterNumber(1), CounterNumber(3));
    let issue = Command::IssueTicket { service: permit.into(), class: "ordinary".into() };
    let open = |counter| Command::OpenCounter { counter };
    let (call, start) = (Command::CallNext { counter: third }, Command::StartService { counter: third });
    let adopt = Command::AdoptPlan { plan: Arc::new(smaller_plan()) };
    let hour_ms = 3_600_000;
    for (left, after_ms, accepted) in [
        (vec![open(first)], hour_ms, false),
        (vec![open(first)], 14 * hour_ms, false),
        (vec![open(first)], 15 * hour_ms, true),
        (vec![open(third), issue.clone(), call.clone(), start.clone()], hour_ms, false),
        (vec![open(third), issue.clone(), call.clone(), start.clone()], 14 * hour_ms, false),
        (vec![open(third), issue.clone(), call, start], 15 * hour_ms, true),
        (vec![issue.clone()], hour_ms, false),
        (vec![issue], 14 * hour_ms, true),
    ] {
        let mut run = Run::new();
        run.pass(20 * 60_000, |_, _| {});
        for command in &left {
            run.carry_out(command).unwrap();
        }
        run.pass(after_ms, |_, _| {});
        assert_eq!(run.carry_out(&adopt).is_ok(), accepted, "{left:?} at {}", run.now);
        run.pass(24 * hour_ms, |_, _| {});
        check_places(&run.hall);
        assert_eq!(replay(&from_last_day(&run.journal)), run.hall, "replay of the last day differs");
    }
}

#[test]
fn a_plan_that_would_end_the_day_over_the_heads_of_those_who_wait_is_refused() {
    let mut run = Run::new();
    run.pass(20 * 60_000, |_, _| {});
    let mut short = Plan::clone(&plan());
    short.hall.day = "08:00-09:05".parse().unwrap();
    short.hall.hours = vec!["08:30-09:00".parse().unwrap()];
    short.services.iter_mut().for_each(|service| service.hours.clear());
    let adopt = Command::AdoptPlan { plan: Arc::new(short) };
    assert_eq!(run.hall.decide(&adopt, run.now).map(|events| events.len()), Ok(1), "nobody waits yet");
    run.carry_out(&Command::IssueTicket { service: "tax".into(), class: "ordinary".into() }).unwrap();
    assert_eq!(run.carry_out(&adopt).unwrap_err().code(), "plan_conflict");
}

#[test]
fn a_reason_for_a_pause_is_text_that_can_be_shown() {
    let mut run = Run::new();
    let counter = CounterNumber(1);
    run.carry_out(&Command::OpenCounter { counter }).unwrap();
    let pause = |reason: &str| Command::PauseCounter { counter, reason: reason.into() };
    for bad in ["", "  ", "午餐\n", "午\u{0}餐", "\u{202e}餐午", "一二三四五六七八九十一二三四五六七八九十一"]
    {
        let decision = run.hall.decide(&pause(bad), run.now).map_err(|refusal| refusal.code());
        // White space around the text is taken off, a line break at the end with it.
        let expect = if bad == "午餐\n" { Ok(1) } else { Err("pause_reason") };
        assert_eq!(decision.map(|events| events.len()), expect, "{bad:?}");
    }
}
