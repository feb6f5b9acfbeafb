//! The plan of a hall: zones, departments, services, counters and rules, as a technician writes them in TOML.

mod check;
mod file;

use serde::{Deserialize, Serialize};

pub use check::{Fault, FaultKind};
pub use file::{PlanError, PlanFault};

use crate::{
    BusinessDay, ClassId, CounterNumber, DepartmentId, ServiceId, TimeBand, Timestamp, UtcOffset, ZoneId,
};

/// Everything about a hall that does not change while it runs. `GET /v1/hall` is this, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub hall: HallInfo,
    #[serde(default)]
    pub queue: QueueRules,
    pub classes: Vec<Class>,
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
    /// The address behind the code on the slip, with `{code}` where the ticket's own code goes; without it the slip
    /// carries the bare code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_url: Option<String>,
    /// Lines at the foot of every slip, such as 过号请到咨询台.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slip_notes: Vec<String>,
}

/// Rules of calling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueRules {
    /// How often a ticket may be called in all, the first call included.
    pub call_limit: u32,
}

impl Default for QueueRules {
    fn default() -> Self {
        Self { call_limit: 3 }
    }
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

/// A head start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credit {
    /// So many minutes.
    Minutes(u32),
    /// Before everyone who is not "first" too.
    First,
}

impl Default for Credit {
    fn default() -> Self {
        Self::Minutes(0)
    }
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

    pub fn counter(&self, number: CounterNumber) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.number == number)
    }

    /// The counters that call for a service.
    pub fn counters_serving(&self, id: &ServiceId) -> impl Iterator<Item = &Counter> {
        self.counters.iter().filter(move |counter| counter.services.contains(id))
    }

    /// The hours in which numbers are given for a service.
    pub fn hours<'a>(&'a self, service: &'a Service) -> &'a [TimeBand] {
        if service.hours.is_empty() { &self.hall.hours } else { &service.hours }
    }

    /// Whether numbers are given for the service at `now`.
    pub fn is_open(&self, service: &Service, now: Timestamp) -> bool {
        let time = now.civil(self.hall.utc_offset).time();
        self.hours(service).iter().any(|band| band.contains(time))
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

impl Serialize for Credit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Minutes(minutes) => serializer.serialize_u32(*minutes),
            Self::First => serializer.serialize_str("first"),
        }
    }
}

impl<'de> Deserialize<'de> for Credit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Credit;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("minutes from 0 to 600, or \"first\"")
            }

            fn visit_i64<E: serde::de::Error>(self, minutes: i64) -> Result<Credit, E> {
                u64::try_from(minutes)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(minutes), &self))
                    .and_then(|minutes| self.visit_u64(minutes))
            }

            fn visit_u64<E: serde::de::Error>(self, minutes: u64) -> Result<Credit, E> {
                match u32::try_from(minutes) {
                    Ok(minutes) if minutes <= 600 => Ok(Credit::Minutes(minutes)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(minutes), &self)),
                }
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Credit, E> {
                match text {
                    "first" => Ok(Credit::First),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
