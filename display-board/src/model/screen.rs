//! What is to be seen: the board's knowledge put into words.

use hall_client::{DayStage, Link};
use hall_core::plan::{Counter, Zone};
use hall_core::{CounterNumber, CounterState, Plan, Timestamp};

use super::Board;
use super::calls::RecentCall;

/// Everything on the board at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    pub stage: Stage,
    pub hall: Bilingual,
    /// Zone and floor; empty on a board of the whole hall.
    pub zone: Bilingual,
    /// `09:30`, empty while unknown.
    pub time: String,
    /// `2026年11月23日`
    pub date: String,
    pub weekday: Bilingual,
    /// The hub does not answer: what is shown is what was last known.
    pub away: bool,
    pub lead: Lead,
    /// Calls before the one in the lead, newest first.
    pub calls: Vec<CallLine>,
    /// One page of the counters that are not closed, by number.
    pub counters: Vec<CounterCell>,
    /// All that are not closed.
    pub counter_count: usize,
    /// Counted from 1.
    pub page: usize,
    pub page_count: usize,
    /// How many wait for a service of these counters.
    pub waiting: usize,
    pub notice: String,
    /// When numbers are given.
    pub hours: String,
    /// What could be asked for, when the zone asked for is unknown.
    pub zones: Vec<String>,
}

/// How far the board has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// The hub has not been heard of yet.
    #[default]
    Connecting,
    /// There is no zone with this id.
    UnknownZone(String),
    Running,
}

impl Stage {
    /// For the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::UnknownZone(_) => "unknown zone",
            Self::Running => "hall",
        }
    }
}

/// What is largest.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Lead {
    Call(CallLine),
    /// Nobody has been called yet.
    #[default]
    Wait,
    /// The day has not begun.
    NotOpenYet,
    /// The day is over.
    Closed,
}

/// Chinese, and English beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

/// A ticket asked to a counter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallLine {
    pub ticket: String,
    pub counter: u16,
    /// Where the counter is and what for.
    pub place: Bilingual,
    /// The zone's name alone, on a board of several zones.
    pub zone: String,
    /// 1 for the first call.
    pub times: u32,
    pub fresh: bool,
}

/// A counter that is not closed.
#[derive(Clone, Debug, PartialEq)]
pub struct CounterCell {
    pub number: u16,
    pub doing: Doing,
    /// The ticket called or served, empty without one.
    pub ticket: String,
    /// Its business, or why it is paused.
    pub note: String,
}

/// What the counter is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Idle,
    Paused,
    Calling,
    Serving,
}

impl Board {
    /// The board as it should look now.
    pub fn screen(&self) -> Screen {
        let (Some(plan), true) = (self.mirror.plan(), self.mirror.link() != Link::Connecting) else {
            return Screen::default();
        };
        let hall = bilingual(&plan.hall.name, &plan.hall.name_en);
        let away = self.mirror.link() == Link::Away;
        let (time, date, weekday) = self.hall_now().map(|now| wall_clock(plan, now)).unwrap_or_default();
        let zone = match &self.zone {
            None => Bilingual::default(),
            Some(id) => match plan.zone(id) {
                Some(zone) => bilingual(&format!("{} {}", zone.name, zone.floor), &zone.name_en),
                None => {
                    let stage = Stage::UnknownZone(id.to_string());
                    let zones = plan.zones.iter().map(zone_line).collect();
                    return Screen { stage, hall, time, date, weekday, away, zones, ..Screen::default() };
                }
            },
        };
        let lead = self.lead(plan);
        let taken = usize::from(matches!(lead, Lead::Call(_)));
        let page_count = self.page_count();
        let page = self.pages.current(page_count);
        let counters = self.open_counters(plan).skip(page * self.room.counters).take(self.room.counters);
        Screen {
            stage: Stage::Running,
            hall,
            zone,
            time,
            date,
            weekday,
            away,
            calls: self.visible_calls().skip(taken).map(|recent| self.call_line(plan, recent)).collect(),
            lead,
            counters: counters.map(|(counter, state)| self.cell(plan, counter, state)).collect(),
            counter_count: self.open_counters(plan).count(),
            page: page + 1,
            page_count,
            waiting: self.waiting(plan),
            notice: plan.hall.slip_notes.join("　"),
            hours: hours(plan),
            zones: Vec::new(),
        }
    }

    pub(super) fn page_count(&self) -> usize {
        let counters = self.mirror.plan().map_or(0, |plan| self.open_counters(plan).count());
        counters.div_ceil(self.room.counters.max(1)).max(1)
    }

    /// The call in the lead and those listed.
    pub(super) fn visible_calls(&self) -> impl Iterator<Item = &RecentCall> {
        self.calls.iter().take(1 + self.room.calls)
    }

    fn lead(&self, plan: &Plan) -> Lead {
        let newest = self.calls.iter().next();
        match self.mirror.day_stage(self.now) {
            DayStage::Open => {}
            // Who was at a counter when the day ended is served to the end, and may still be recalled.
            _ if newest.is_some_and(|newest| newest.is_fresh(self.now)) => {}
            DayStage::Ended => return Lead::Closed,
            DayStage::NotOpenYet => return Lead::NotOpenYet,
        }
        newest.map_or(Lead::Wait, |newest| Lead::Call(self.call_line(plan, newest)))
    }

    fn call_line(&self, plan: &Plan, recent: &RecentCall) -> CallLine {
        let call = &recent.call;
        let counter = plan.counter(call.counter);
        let zone = counter.and_then(|counter| self.zone_to_name(plan, counter));
        let business = counter.map(|counter| business(plan, counter)).unwrap_or_default();
        let place = match zone {
            Some(zone) => bilingual(
                &format!("{} {}　{}", zone.floor, zone.name, business.zh),
                &format!("{} · {}", zone.name_en, business.en),
            ),
            None => business,
        };
        CallLine {
            ticket: call.number.to_string(),
            counter: call.counter.0,
            place,
            zone: zone.map(|zone| zone.name.clone()).unwrap_or_default(),
            times: call.calls,
            fresh: recent.is_fresh(self.now),
        }
    }

    /// The zone, where it has to be said: on a board of several.
    fn zone_to_name<'a>(&self, plan: &'a Plan, counter: &Counter) -> Option<&'a Zone> {
        if self.zone.is_some() || plan.zones.len() < 2 { None } else { plan.zone(&counter.zone) }
    }

    fn open_counters<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (&'a Counter, &'a CounterState)> {
        let open = self.mirror.view().counters.iter();
        open.filter(|(_, counter)| counter.state != CounterState::Closed)
            .filter_map(|(number, counter)| Some((plan.counter(*number)?, &counter.state)))
            .filter(|(counter, _)| self.is_mine(counter))
    }

    fn is_mine(&self, counter: &Counter) -> bool {
        self.zone.as_ref().is_none_or(|zone| counter.zone == *zone)
    }

    fn cell(&self, plan: &Plan, counter: &Counter, state: &CounterState) -> CounterCell {
        let CounterNumber(number) = counter.number;
        let ticket = self.mirror.view().ticket_at(counter.number);
        let ticket = ticket.map(|ticket| ticket.number.to_string()).unwrap_or_default();
        let business = || business(plan, counter).zh;
        let (doing, note) = match state {
            CounterState::Paused { reason } => (Doing::Paused, reason.clone()),
            CounterState::Calling { .. } => (Doing::Calling, business()),
            CounterState::Serving { .. } => (Doing::Serving, business()),
            CounterState::Idle | CounterState::Closed => (Doing::Idle, business()),
        };
        CounterCell { number, doing, ticket, note }
    }

    fn waiting(&self, plan: &Plan) -> usize {
        let view = self.mirror.view();
        if self.zone.is_none() {
            return view.waiting().count();
        }
        let mine = |service| plan.counters_serving(service).any(|counter| self.is_mine(counter));
        let counts = view.waiting_counts().into_iter();
        counts.filter(|(service, _)| mine(service)).map(|(_, count)| count as usize).sum()
    }
}

/// The one service of the counter, or the department when it serves several.
fn business(plan: &Plan, counter: &Counter) -> Bilingual {
    if let [service] = counter.services.as_slice()
        && let Some(service) = plan.service(service)
    {
        return bilingual(&service.name, &service.name_en);
    }
    let department = plan.department(&counter.department);
    department.map(|department| bilingual(&department.name, &department.name_en)).unwrap_or_default()
}

fn wall_clock(plan: &Plan, now: Timestamp) -> (String, String, Bilingual) {
    const ZH: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let date = plan.date(now);
    let weekday = date.weekday().to_monday_zero_offset().unsigned_abs() as usize;
    let text = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    (now.clock(plan.hall.utc_offset), text, bilingual(ZH[weekday], EN[weekday]))
}

fn hours(plan: &Plan) -> String {
    plan.hall.hours.iter().map(ToString::to_string).collect::<Vec<_>>().join("  ")
}

fn zone_line(zone: &Zone) -> String {
    format!("{}　{} {}　{}", zone.id, zone.name, zone.floor, zone.name_en)
}

fn bilingual(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}
