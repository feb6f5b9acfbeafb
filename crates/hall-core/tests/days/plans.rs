//! Halls drawn at random: one small hall under ever different rules.

use std::sync::{Arc, LazyLock};

use hall_core::plan::{CallRule, Credit, Help, HelpWhen, LateHours, Quota, Ratio, SetBack, Slots, Weekday};
use hall_core::{Calendar, CounterNumber, Plan, ServiceId, TimeBand};

use crate::dice::Dice;

const PLAN: &str = r#"
hall = { name = "试验大厅", name_en = "Test hall", day = "08:00-18:00", hours = ["08:30-12:00", "13:00-17:00"] }
classes = [
  { id = "ordinary", name = "普通", name_en = "Ordinary" },
  { id = "elderly", name = "老年人", name_en = "Elderly", credit_min = 15 },
  { id = "military", name = "军人", name_en = "Military", credit_min = "first" },
]
needs = [{ id = "writes", name = "笔谈", name_en = "Writes" }]
zones = [{ id = "A", name = "A区", name_en = "Zone A", floor = "1楼" }]
departments = [{ id = "d", name = "部门", name_en = "Department" }]
routes = [{ id = "move", name = "迁入", name_en = "Moving in", legs = ["property", "tax", "property"] }]
services = [
  { id = "property", department = "d", name = "不动产", name_en = "Property", prefix = "A", expected_min = 10 },
  { id = "tax", department = "d", name = "税务", name_en = "Tax", prefix = "B", expected_min = 5 },
  { id = "permit", department = "d", name = "许可", name_en = "Permit", prefix = "C", expected_min = 5, hours = ["09:00-10:30"] },
  { id = "aid", department = "d", name = "救助", name_en = "Aid", prefix = "AA", expected_min = 20 },
]
counters = [
  { number = 1, zone = "A", department = "d", services = ["property"] },
  { number = 2, zone = "A", department = "d", services = ["property", "tax"] },
  { number = 3, zone = "A", department = "d", services = ["tax", "permit"] },
  { number = 4, zone = "A", department = "d", services = ["aid"], helps = [{ service = "tax", when = "own_empty" }] },
  { number = 5, zone = "A", department = "d", services = ["permit", "aid"] },
]
"#;

/// The hall as it is written here.
pub fn usual() -> Plan {
    static USUAL: LazyLock<Plan> = LazyLock::new(|| Plan::from_toml(PLAN).unwrap());
    USUAL.clone()
}

/// The hall under rules drawn at random.
pub fn draw(dice: &mut Dice) -> Arc<Plan> {
    let mut plan = usual();
    queue(&mut plan, dice);
    classes(&mut plan, dice);
    services(&mut plan, dice);
    counters(&mut plan, dice);
    appointments(&mut plan, dice);
    times(&mut plan, dice);
    if dice.one_in(8) {
        plan = without_permit(plan);
    }
    if dice.one_in(8) {
        plan = without_counter(plan, CounterNumber(dice.pick(&[1, 3, 4])));
    }
    assert_eq!(plan.check(), [], "the tests drew a plan with faults");
    Arc::new(plan)
}

/// A plan no hall can run by.
pub fn faulty(dice: &mut Dice) -> Arc<Plan> {
    let mut plan = usual();
    match dice.below(4) {
        0 => plan.queue.call_limit = 0,
        1 => plan.counters[0].services = vec!["unknown".into()],
        2 => plan.services[1].prefix = "A".into(),
        _ => plan.queue.rule = CallRule::Ratio(Ratio { priority: 0, ordinary: 1 }),
    }
    Arc::new(plan)
}

fn queue(plan: &mut Plan, dice: &mut Dice) {
    let queue = &mut plan.queue;
    queue.call_limit = dice.between(1, 4) as u32;
    if dice.one_in(3) {
        let (priority, ordinary) = (dice.between(1, 3) as u32, dice.between(1, 3) as u32);
        queue.rule = CallRule::Ratio(Ratio { priority, ordinary });
    }
    match dice.below(4) {
        0 => queue.no_show_after_s = Some(dice.pick(&[10, 45, 120])),
        1 => queue.start_after_s = Some(dice.pick(&[0, 5, 60])),
        _ => {}
    }
    queue.auto_call = dice.one_in(2);
    queue.reinstate = match dice.below(2) {
        0 => SetBack::Minutes(dice.pick(&[0, 5, 30, 240])),
        _ => SetBack::Places(dice.pick(&[0, 1, 3, 100])),
    };
    queue.wait_limit_min = dice.pick(&[None, None, Some(1), Some(10), Some(40)]);
    plan.persons.tickets_per_day = dice.pick(&[None, None, Some(1), Some(3)]);
}

fn classes(plan: &mut Plan, dice: &mut Dice) {
    plan.classes[1].credit_min = Credit::Minutes(dice.pick(&[0, 1, 15, 60]));
    plan.classes[2].credit_min = dice.pick(&[Credit::First, Credit::Minutes(20)]);
}

fn services(plan: &mut Plan, dice: &mut Dice) {
    for service in &mut plan.services {
        service.wait_limit_min = dice.pick(&[None, None, Some(2), Some(20)]);
        service.real_name = dice.one_in(5);
        if dice.one_in(3) {
            let quota = |hours: &str, tickets| Quota { hours: band(hours), tickets };
            let (morning, late) = (dice.between(1, 30) as u32, dice.between(1, 30) as u32);
            service.quotas = vec![quota("08:30-11:15", morning), quota("11:00-17:30", late)];
        }
    }
}

fn counters(plan: &mut Plan, dice: &mut Dice) {
    let known: Vec<ServiceId> = plan.services.iter().map(|service| service.id.clone()).collect();
    for counter in &mut plan.counters {
        counter.auto_call = dice.pick(&[None, None, Some(true), Some(false)]);
        counter.helps = known.iter().filter(|service| !counter.services.contains(service)).cloned().fold(
            Vec::new(),
            |mut helps, service| {
                if dice.one_in(3) {
                    helps.push(Help { service, when: help_when(dice) });
                }
                helps
            },
        );
    }
}

pub fn help_when(dice: &mut Dice) -> HelpWhen {
    let waited = HelpWhen::WaitedOverMin(dice.pick(&[0, 1, 5, 20]));
    dice.pick(&[HelpWhen::OwnEmpty, waited])
}

fn appointments(plan: &mut Plan, dice: &mut Dice) {
    let rules = &mut plan.appointments;
    rules.credit_min = dice.pick(&[0, 10, 60]);
    rules.early_min = dice.pick(&[0, 30, 480, 480]);
    rules.grace_min = dice.pick(&[0, 15, 240]);
    rules.book_days_max = dice.pick(&[0, 1, 14]);
    rules.until_min = dice.pick(&[0, 0, 5, 60]);
    rules.missed_max = dice.pick(&[None, Some(1), Some(3)]);
    rules.missed_days = dice.pick(&[1, 7]);
    for i in [0, 1, 3] {
        let slots = |hours: &str, every_min, capacity| Slots { hours: band(hours), every_min, capacity };
        plan.services[i].slots = match dice.below(3) {
            0 => Vec::new(),
            1 => vec![slots("08:30-17:00", 30, 2)],
            _ => vec![slots("09:00-12:00", 15, 1), slots("13:30-17:15", 30, 3)],
        };
    }
}

fn times(plan: &mut Plan, dice: &mut Dice) {
    if dice.one_in(2) {
        let workdays = dice.pick(&[
            vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
            vec![Weekday::Mon, Weekday::Wed, Weekday::Sat],
        ]);
        let days = |text: &str| vec![text.parse().unwrap()];
        plan.calendar = Some(Calendar {
            workdays,
            off: days("2026-11-25"),
            work: days("2026-11-29"),
            ..Calendar::default()
        });
    }
    if dice.one_in(3) {
        let late = LateHours { days: vec![Weekday::Tue, Weekday::Sat], hours: band("17:00-17:30") };
        plan.hall.late_hours = vec![late];
    }
    if dice.one_in(5) {
        plan.hall.day = band(dice.pick(&["00:00-24:00", "08:00-18:30"]));
    }
    if dice.one_in(10) {
        plan.hall.utc_offset = dice.pick(&["+05:30", "-03:30"]).parse().unwrap();
    }
}

/// The same hall with one service fewer.
pub fn without_permit(mut plan: Plan) -> Plan {
    plan.services.retain(|service| service.id.as_str() != "permit");
    for counter in &mut plan.counters {
        counter.services.retain(|service| service.as_str() != "permit");
        counter.helps.retain(|help| help.service.as_str() != "permit");
    }
    plan
}

/// The same hall with one counter fewer.
pub fn without_counter(mut plan: Plan, number: CounterNumber) -> Plan {
    plan.counters.retain(|counter| counter.number != number);
    plan
}

fn band(text: &str) -> TimeBand {
    text.parse().unwrap()
}
