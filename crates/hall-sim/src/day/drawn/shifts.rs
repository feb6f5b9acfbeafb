//! The day of the counters: opened for the hours of their services, lunch by turns, short breaks.

use hall_core::{BusinessDay, Plan, StaffId, TimeBand, Timestamp, plan};

use super::chance::{Chance, Whose};
use super::demand::Demand;
use crate::day::scenario::{Break, Shift, Spell};

/// Reasons of short breaks, as shown over the counter.
const REASONS: [&str; 4] = ["短暂离开", "整理材料", "内部会议", "系统维护"];
const LUNCH: &str = "午餐";
/// A gap in the hall's hours longer than this is a midday gap.
const MIDDAY_GAP_MIN: u16 = 30;
const LUNCH_MIN_MAX: u16 = 60;
/// How likely a break is in each half of the shift.
const BREAK_SHARE: f64 = 0.8;

pub(super) fn drawn(plan: &Plan, day: BusinessDay, demand: &Demand<'_>, seed: u64) -> Vec<Shift> {
    let lunches = midday_gap(plan);
    let counters = plan.counters.iter().enumerate();
    counters.filter_map(|(i, counter)| drawn_for(plan, day, demand, counter, i, lunches, seed)).collect()
}

fn drawn_for(
    plan: &Plan,
    day: BusinessDay,
    demand: &Demand<'_>,
    counter: &plan::Counter,
    index: usize,
    midday: Option<TimeBand>,
    seed: u64,
) -> Option<Shift> {
    let mut chance = Chance::of(seed, Whose::Counter(index));
    let services = counter.services.iter().filter_map(|id| demand.get(id));
    let hours: Vec<TimeBand> = services.flat_map(|asked| plan.hours_on(asked.service, day)).collect();
    let from_min = hours.iter().map(|band| band.from_min).min()?;
    let to_min = hours.iter().map(|band| band.to_min).max()?;
    let at = |minute: u16| Timestamp::at(day, minute, plan.hall.utc_offset);
    let opens = at(from_min).plus_ms(-chance.seconds_ms(0, 600)).max(plan.day_begins(day));
    let middle = midday.map_or(from_min.midpoint(to_min), |gap| gap.from_min);
    let mut breaks: Vec<Break> = [(from_min, middle), (midday.map_or(middle, |gap| gap.to_min), to_min)]
        .into_iter()
        .filter_map(|(from_min, to_min)| short_break(at(from_min), at(to_min), &mut chance))
        .collect();
    breaks.extend(midday.filter(|gap| gap.from_min < to_min).map(|gap| lunch(gap, index, at)));
    breaks.sort_by_key(|it| it.at);
    Some(Shift {
        counter: counter.number,
        staff: Some(StaffId::from(format!("{:03}", counter.number.0).as_str())),
        press_ms: chance.seconds_ms(3, 9),
        spells: vec![Spell { opens, closes: at(to_min) }],
        breaks,
    })
}

/// Five to twelve minutes, not in the first or last half hour.
fn short_break(from: Timestamp, to: Timestamp, chance: &mut Chance) -> Option<Break> {
    const EDGE_MS: i64 = 30 * 60_000;
    let room_ms = to.as_ms() - from.as_ms() - 2 * EDGE_MS;
    if !chance.happens(BREAK_SHARE) || room_ms <= 0 {
        return None;
    }
    let at = from.plus_ms(EDGE_MS + (chance.share() * room_ms as f64) as i64);
    let reason = chance.pick(&REASONS).copied().unwrap_or(REASONS[0]).to_owned();
    Some(Break { at, lasts_ms: chance.seconds_ms(300, 720), reason })
}

/// Every other counter goes in the second half of the gap, so that those still waiting are served.
fn lunch(gap: TimeBand, index: usize, at: impl Fn(u16) -> Timestamp) -> Break {
    let half_min = (gap.to_min - gap.from_min) / 2;
    let turn = (index % 2) as u16;
    let lasts_ms = i64::from(half_min.min(LUNCH_MIN_MAX)) * 60_000;
    Break { at: at(gap.from_min + turn * half_min), lasts_ms, reason: LUNCH.to_owned() }
}

fn midday_gap(plan: &Plan) -> Option<TimeBand> {
    let mut hours = plan.hall.hours.clone();
    hours.sort_by_key(|band| band.from_min);
    let mut gaps =
        hours.windows(2).map(|pair| TimeBand { from_min: pair[0].to_min, to_min: pair[1].from_min });
    gaps.find(|gap| gap.to_min >= gap.from_min + MIDDAY_GAP_MIN)
}
