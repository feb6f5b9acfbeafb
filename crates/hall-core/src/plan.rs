//! The plan of a hall: zones, departments, services, counters and rules, as a technician writes them in TOML.

mod check;
mod credit;
mod file;
mod rules;

use serde::{Deserialize, Serialize};

pub use check::{Fault, FaultKind};
pub use credit::Credit;
pub use file::{PlanError, PlanFault};
pub use rules::{
    AppointmentRules, CallRule, Help, HelpWhen, LateHours, Need, PersonLimits, Profile, QueueRules, Quota,
    Ratio, Route, SetBack, Slots, Weekday,
};

use crate::{
    BusinessDay, Calendar, ClassId, CounterNumber, DepartmentId, LanguageId, NeedId, RouteId, ServiceId,
    TimeBand, Timestamp, UtcOffset, ZoneId,
};

/// Everything about a hall that does not change while it runs. `GET /v1/hall` is this, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub hall: HallInfo,
    #[serde(default)]
    pub queue: QueueRules,
    /// How many numbers one person may have.
    #[serde(default)]
    pub persons: PersonLimits,
    #[serde(default)]
    pub appointments: AppointmentRules,
    /// On which days the hall works; absent: every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    pub classes: Vec<Class>,
    /// Needs that staff should know of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    pub zones: Vec<Zone>,
    pub departments: Vec<Department>,
    pub services: Vec<Service>,
    pub counters: Vec<Counter>,
}

/// The hall itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HallInfo {
    pub name: String,
    pub name_en: String,
    #[serde(default)]
    pub utc_offset: UtcOffset,
    /// When the business day begins and ends: tickets still waiting at its end expire.
    pub day: TimeBand,
    /// When numbers are given, unless a service has hours of its own.
    pub hours: Vec<TimeBand>,
    /// Further hours on certain days of the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late_hours: Vec<LateHours>,
    /// Languages a citizen may be called in.
    #[serde(default = "usual_languages")]
    pub languages: Vec<LanguageId>,
    /// The address behind the code on the slip, with `{code}` where the ticket's own code goes; without it the slip
    /// carries the bare code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_url: Option<String>,
    /// Lines at the foot of every slip, such as 过号请到咨询台.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slip_notes: Vec<String>,
}

/// A class of citizens and the minutes credited to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub id: ClassId,
    pub name: String,
    pub name_en: String,
    /// By how much earlier than their arrival they count as having arrived: minutes, or `"first"`.
    #[serde(default)]
    pub credit_min: Credit,
}

/// A part of the hall with its own waiting area, boards and loudspeakers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    pub id: ZoneId,
    pub name: String,
    pub name_en: String,
    /// As people say it: 1楼.
    pub floor: String,
}

/// Who staffs counters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
    pub name_en: String,
}

/// What a ticket is taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: ServiceId,
    pub department: DepartmentId,
    pub name: String,
    pub name_en: String,
    /// One or two capital letters, unique in the hall.
    pub prefix: String,
    /// How long serving one citizen usually takes.
    pub expected_min: u32,
    /// Hours of its own; empty: the hall's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<TimeBand>,
    /// Further hours on certain days of the week, beside its own or the hall's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late_hours: Vec<LateHours>,
    /// Minutes of waiting after which a ticket goes before everybody within them; absent: the hall's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_limit_min: Option<u32>,
    /// How many numbers are given within bands of the clock; appointments do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// Whether a number is given to a known person only, one at a time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub real_name: bool,
    /// When appointments begin; empty: it takes none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Slots>,
}

/// A numbered place where staff serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    pub number: CounterNumber,
    pub zone: ZoneId,
    pub department: DepartmentId,
    /// The services it calls for.
    pub services: Vec<ServiceId>,
    /// The services it helps, once nobody waits for its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helps: Vec<Help>,
    /// Whether it calls by itself as soon as it is idle; absent: as the hall does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_call: Option<bool>,
}

fn usual_languages() -> Vec<LanguageId> {
    vec!["zh".into(), "en".into()]
}

impl Counter {
    /// What it calls for, unless something else is set for today.
    pub fn profile(&self) -> Profile {
        let (services, helps) = (self.services.clone(), self.helps.clone());
        Profile { services, helps, auto_call: self.auto_call }
    }
}

impl Plan {
    pub fn class(&self, id: &ClassId) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == *id)
    }

    pub fn zone(&self, id: &ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.id == *id)
    }

    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == *id)
    }

    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    pub fn need(&self, id: &NeedId) -> Option<&Need> {
        self.needs.iter().find(|need| need.id == *id)
    }

    pub fn route(&self, id: &RouteId) -> Option<&Route> {
        self.routes.iter().find(|route| route.id == *id)
    }

    pub fn counter(&self, number: CounterNumber) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.number == number)
    }

    /// The counters that call for a service.
    pub fn counters_serving(&self, id: &ServiceId) -> impl Iterator<Item = &Counter> {
        self.counters.iter().filter(move |counter| counter.services.contains(id))
    }

    /// The hours in which numbers are given for a service on usual days.
    pub fn hours<'a>(&'a self, service: &'a Service) -> &'a [TimeBand] {
        if service.hours.is_empty() { &self.hall.hours } else { &service.hours }
    }

    /// The hours in which numbers are given for a service on `day`, late hours included; none on a day off.
    pub fn hours_on<'a>(
        &'a self,
        service: &'a Service,
        day: BusinessDay,
    ) -> impl Iterator<Item = TimeBand> + 'a {
        let weekday = Weekday::of(day);
        let works = self.is_working_day(day);
        let late = self.hall.late_hours.iter().chain(&service.late_hours);
        let late = late.filter(move |late| late.days.contains(&weekday)).map(|late| late.hours);
        self.hours(service).iter().copied().chain(late).filter(move |_| works)
    }

    /// Whether numbers are given for the service at `now`.
    pub fn is_open(&self, service: &Service, now: Timestamp) -> bool {
        let now = now.civil(self.hall.utc_offset);
        self.hours_on(service, now.date()).any(|band| band.contains(now.time()))
    }

    /// Whether the hall works on `day`.
    pub fn is_working_day(&self, day: BusinessDay) -> bool {
        self.calendar.as_ref().is_none_or(|calendar| calendar.is_working_day(day))
    }

    /// A year within a month of `day` whose public holidays the calendar should know and does not: until somebody adds
    /// them, its days follow the week.
    pub fn year_without_holidays(&self, day: BusinessDay) -> Option<i16> {
        let soon = day.saturating_add(jiff::Span::new().days(31));
        let calendar = self.calendar.as_ref()?;
        [day.year(), soon.year()].into_iter().find(|year| !calendar.covers(*year))
    }

    /// After how long a wait a ticket of the service goes before others.
    pub fn wait_limit_min(&self, service: &Service) -> Option<u32> {
        service.wait_limit_min.or(self.queue.wait_limit_min)
    }

    /// The date on the hall's wall clock.
    pub fn date(&self, now: Timestamp) -> BusinessDay {
        now.civil(self.hall.utc_offset).date()
    }

    /// When the business day `day` begins.
    pub fn day_begins(&self, day: BusinessDay) -> Timestamp {
        Timestamp::at(day, self.hall.day.from_min, self.hall.utc_offset)
    }

    /// When the business day `day` ends.
    pub fn day_ends(&self, day: BusinessDay) -> Timestamp {
        Timestamp::at(day, self.hall.day.to_min, self.hall.utc_offset)
    }
}
