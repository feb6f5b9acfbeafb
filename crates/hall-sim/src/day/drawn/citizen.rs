//! One citizen: what for, when and how they come, and what becomes of them at counters. The shares are stated here.

use std::collections::HashMap;

use hall_core::plan::{Route, Service};
use hall_core::{
    BusinessDay, ClassId, Destination, LanguageId, NeedId, PersonHash, Plan, RouteId, ServiceId, Timestamp,
    Wish,
};

use super::SERVICE_SIGMA;
use super::chance::{Chance, Whose};
use super::demand::{Asked, Demand};
use crate::day::scenario::{Back, Coming, Ending, Miss, Patience, Stop, Visit};

/// Share of the citizens of each class; everybody else is ordinary. Classes of the plan's own have `OTHER_CLASS`.
const CLASSES: [(&str, f64); 4] =
    [("elderly", 0.10), ("disabled", 0.02), ("military", 0.03), ("pregnant", 0.03)];
const OTHER_CLASS: f64 = 0.02;
/// Of those who come for a service with slots, how many book one.
const BOOKS: f64 = 0.45;
/// How those who booked come: early, within the grace, too late; the rest never do.
const EARLY: f64 = 0.70;
const LATE: f64 = 0.14;
const TOO_LATE: f64 = 0.07;
/// Comes after the hours of the service.
const OUT_OF_HOURS: f64 = 0.01;
/// Goes straight to a counter.
const DIRECT: f64 = 0.005;
/// Takes a route of the plan that begins with their service.
const ROUTE: f64 = 0.4;
/// Knows of a second service and takes one number for both.
const SECOND: f64 = 0.01;
const ANOTHER_LANGUAGE: f64 = 0.01;
/// Has a need staff should know of, among elderly and disabled citizens and among all others.
const NEED: (f64, f64) = (0.25, 0.03);
/// At the first counter: was wrong there; has a form to fill in; is sent to another service and back.
const TRANSFERRED: f64 = 0.02;
const PARKED: f64 = 0.03;
const SENT_ON: f64 = 0.015;
/// Misses a call, and comes back for it.
const MISSES: f64 = 0.04;
const COMES_BACK: f64 = 0.6;
/// Patience in minutes: its mean, and the deviation of its logarithm.
const PATIENCE: (f64, f64) = (120.0, 0.5);
/// Of those who lose patience, how many give the number back.
const WITHDRAWS: f64 = 0.3;

pub(super) struct Citizens<'a> {
    plan: &'a Plan,
    day: BusinessDay,
    demand: &'a Demand<'a>,
    seed: u64,
    booked: HashMap<(ServiceId, Timestamp), u32>,
}

impl<'a> Citizens<'a> {
    pub fn new(plan: &'a Plan, day: BusinessDay, demand: &'a Demand<'a>, seed: u64) -> Self {
        Self { plan, day, demand, seed, booked: HashMap::new() }
    }

    /// The citizen with this index; none when nothing is open that day.
    pub fn draw(&mut self, index: usize) -> Option<Visit> {
        let mut chance = Chance::of(self.seed, Whose::Citizen(index));
        let asked = &self.demand.services[self.demand.pick(&mut chance)?];
        let mut at = asked.moment(self.plan, self.day, &mut chance)?;
        let mut coming = Coming::WalkIn;
        if chance.happens(OUT_OF_HOURS) {
            at = self.after_hours(asked, &mut chance).unwrap_or(at);
        } else if chance.happens(DIRECT) {
            let counters: Vec<_> = self.plan.counters_serving(&asked.service.id).collect();
            coming = chance.pick(&counters).map_or(coming, |counter| Coming::Direct(counter.number));
        } else if !asked.service.slots.is_empty() && chance.happens(BOOKS) {
            (at, coming) = self.book(asked.service, at, &mut chance);
        }
        let mut wish = Wish::new(asked.service.id.clone(), self.class(&mut chance));
        wish.language = self.language(&mut chance);
        wish.needs = self.needs(&wish.class, &mut chance);
        if asked.service.real_name {
            wish.person = Some(PersonHash::from(format!("simulated-{index}").as_str()));
        }
        let stops = self.way(asked, coming == Coming::WalkIn, &mut wish, &mut chance);
        Some(Visit { at, coming, wish, stops })
    }

    fn after_hours(&self, asked: &Asked<'_>, chance: &mut Chance) -> Option<Timestamp> {
        let last = self.plan.hours_on(asked.service, self.day).map(|band| band.to_min).max()?;
        Some(Timestamp::at(self.day, last, self.plan.hall.utc_offset).plus_ms(chance.seconds_ms(30, 1_200)))
    }

    /// The slot around `wanted`, and when they come for it; without a place left, a walk-in.
    fn book(&mut self, service: &Service, wanted: Timestamp, chance: &mut Chance) -> (Timestamp, Coming) {
        let Some((slot, capacity)) = slot_at(self.plan, service, self.day, wanted) else {
            return (wanted, Coming::WalkIn);
        };
        let taken = self.booked.entry((service.id.clone(), slot)).or_default();
        if *taken >= capacity {
            return (wanted, Coming::WalkIn);
        }
        *taken += 1;
        let rules = &self.plan.appointments;
        let (early_s, grace_s) = (rules.early_min * 60, rules.grace_min * 60);
        let kind = chance.weighted(&[EARLY, LATE, TOO_LATE, 1.0 - EARLY - LATE - TOO_LATE]);
        let at = match kind {
            Some(0) => slot.plus_ms(-chance.seconds_ms(0, early_s.min(25 * 60))),
            Some(1) => slot.plus_ms(chance.seconds_ms(1.min(grace_s), grace_s)),
            Some(2) => slot.plus_ms(chance.seconds_ms(grace_s + 1, grace_s + 30 * 60)),
            _ => slot,
        };
        let comes = kind != Some(3);
        (at.max(self.plan.day_begins(self.day)), Coming::Booked { slot, comes })
    }

    fn class(&self, chance: &mut Chance) -> ClassId {
        let share = |class: &ClassId| {
            let known = CLASSES.iter().find(|(id, _)| *id == class.as_str());
            if *class == ClassId::ordinary() { 0.0 } else { known.map_or(OTHER_CLASS, |(_, share)| *share) }
        };
        let mut shares: Vec<f64> = self.plan.classes.iter().map(|class| share(&class.id)).collect();
        shares.push((1.0 - shares.iter().sum::<f64>()).max(0.0));
        let drawn = chance.weighted(&shares).and_then(|i| self.plan.classes.get(i));
        drawn.map_or_else(ClassId::ordinary, |class| class.id.clone())
    }

    fn language(&self, chance: &mut Chance) -> Option<LanguageId> {
        let others = self.plan.hall.languages.get(1..).unwrap_or_default();
        chance.happens(ANOTHER_LANGUAGE).then(|| chance.pick(others).cloned()).flatten()
    }

    fn needs(&self, class: &ClassId, chance: &mut Chance) -> Vec<NeedId> {
        let share = if matches!(class.as_str(), "elderly" | "disabled") { NEED.0 } else { NEED.1 };
        let need = chance.happens(share).then(|| chance.pick(&self.plan.needs)).flatten();
        need.map(|need| need.id.clone()).into_iter().collect()
    }

    /// What happens at counters; writes what they take a number for into `wish`.
    fn way(&self, asked: &Asked<'_>, by_kiosk: bool, wish: &mut Wish, chance: &mut Chance) -> Vec<Stop> {
        let mut stops = self.first_stops(asked, chance);
        if by_kiosk {
            let (route, legs) = self.legs(asked, chance);
            stops.extend(legs.iter().filter_map(|leg| self.stop(leg, chance)));
            wish.then = if route.is_none() { legs } else { Vec::new() };
            wish.route = route;
        }
        let patience = Patience {
            ms: (chance.log_normal(PATIENCE.0, PATIENCE.1) * 60_000.0) as i64,
            withdraws: chance.happens(WITHDRAWS),
        };
        if let Some(first) = stops.first_mut() {
            first.patience = Some(patience);
        }
        stops
    }

    /// At the counter they came for, with what may come in between.
    fn first_stops(&self, asked: &Asked<'_>, chance: &mut Chance) -> Vec<Stop> {
        let mut first = drawn_stop(asked.service, chance);
        let other = chance.pick(&asked.beside).map(|i| self.demand.services[*i].service);
        let fate = chance.weighted(&[TRANSFERRED, PARKED, SENT_ON, 1.0 - TRANSFERRED - PARKED - SENT_ON]);
        let rest = match (fate, other) {
            (Some(0), Some(other)) => {
                first.service_ms = chance.seconds_ms(30, 150);
                first.ending = Ending::Transferred(Destination::Service(other.id.clone()));
                vec![drawn_stop(other, chance)]
            }
            (Some(1), _) => {
                let begun = 0.2 + 0.3 * chance.share();
                let back = if chance.happens(0.5) { Back::Waits } else { Back::IsCalled };
                // Whole minutes, as staff set a reminder.
                let away_ms = chance.seconds_ms(4, 15) * 60;
                let whole_ms = first.service_ms;
                first.service_ms = (whole_ms as f64 * begun) as i64;
                first.ending = Ending::Parked { away_ms: away_ms / 60_000 * 60_000, back };
                vec![Stop::plain(
                    first.service.clone(),
                    chance.seconds_ms(5, 20),
                    whole_ms - first.service_ms,
                )]
            }
            (Some(2), Some(other)) => {
                first.ending = Ending::SentOn { legs: vec![other.id.clone()], and_back: true };
                let again_ms = chance.seconds_ms(60, 240);
                vec![drawn_stop(other, chance), Stop::plain(first.service.clone(), walk_ms(chance), again_ms)]
            }
            _ => Vec::new(),
        };
        std::iter::once(first).chain(rest).collect()
    }

    /// What follows by their own wish.
    fn legs(&self, asked: &Asked<'_>, chance: &mut Chance) -> (Option<RouteId>, Vec<ServiceId>) {
        let here = &asked.service.id;
        let begins_here = |route: &&Route| route.legs.first() == Some(here);
        let routes: Vec<&Route> = self.plan.routes.iter().filter(begins_here).collect();
        if let Some(route) = chance.pick(&routes).filter(|_| chance.happens(ROUTE)) {
            return (Some(route.id.clone()), route.legs[1..].to_vec());
        }
        let second = chance.happens(SECOND).then(|| chance.pick(&asked.beside)).flatten();
        (None, second.map(|i| self.demand.services[*i].service.id.clone()).into_iter().collect())
    }

    fn stop(&self, service: &ServiceId, chance: &mut Chance) -> Option<Stop> {
        Some(drawn_stop(self.demand.get(service)?.service, chance))
    }
}

/// A stop as its service usually goes, log-normal around the plan's minutes, at least half a minute.
fn drawn_stop(service: &Service, chance: &mut Chance) -> Stop {
    let mean_ms = f64::from(service.expected_min) * 60_000.0;
    let service_ms = (chance.log_normal(mean_ms, SERVICE_SIGMA) as i64).max(30_000);
    let comes_back = chance.happens(COMES_BACK).then(|| chance.seconds_ms(120, 900));
    let misses = chance.happens(MISSES).then_some(Miss { back_after_ms: comes_back }).into_iter().collect();
    Stop { misses, ..Stop::plain(service.id.clone(), walk_ms(chance), service_ms) }
}

fn walk_ms(chance: &mut Chance) -> i64 {
    chance.seconds_ms(8, 45)
}

/// The slot that runs at `wanted`, or the first after it, and how many places it has.
fn slot_at(plan: &Plan, service: &Service, day: BusinessDay, wanted: Timestamp) -> Option<(Timestamp, u32)> {
    let minute = wanted.minute_of_day(plan.hall.utc_offset);
    let slots = service.slots.iter().filter(|slots| slots.hours.to_min > minute);
    let slots = slots.min_by_key(|slots| slots.hours.from_min)?;
    let every_min = (slots.every_min.max(1)) as u16;
    let past = minute.saturating_sub(slots.hours.from_min) / every_min;
    let at = Timestamp::at(day, slots.hours.from_min + past * every_min, plan.hall.utc_offset);
    Some((at, slots.capacity))
}
