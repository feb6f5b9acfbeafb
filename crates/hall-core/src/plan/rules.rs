//! The rules a hall chooses: who is called next, who may take a number, appointments, routes.

use serde::{Deserialize, Serialize};

use crate::{BusinessDay, NeedId, RouteId, ServiceId, TimeBand};

/// Rules of calling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueRules {
    /// How often a ticket may be called in all, the first call included.
    pub call_limit: u32,
    /// Who is called next.
    pub rule: CallRule,
    /// A called ticket becomes a no-show so many seconds after its last call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_show_after_s: Option<u32>,
    /// Serving begins by itself so many seconds after the last call, 0 for at once; not together with
    /// `no_show_after_s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_after_s: Option<u32>,
    /// Counters call by themselves as soon as they are idle.
    pub auto_call: bool,
    /// How far a reinstated no-show is set back.
    pub reinstate: SetBack,
    /// Minutes of waiting after which a ticket goes before everybody within them; a service may have its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_limit_min: Option<u32>,
    /// No more numbers for a service once nine of ten forecasts for the next one pass the close of the day.
    pub closing_promise: bool,
}

impl Default for QueueRules {
    fn default() -> Self {
        Self {
            call_limit: 3,
            rule: CallRule::Standing,
            no_show_after_s: None,
            start_after_s: None,
            auto_call: false,
            reinstate: SetBack::Minutes(5),
            wait_limit_min: None,
            closing_promise: false,
        }
    }
}

/// Who is called next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallRule {
    /// Whoever has the smallest standing.
    #[default]
    Standing,
    /// So many priority tickets to so many ordinary ones, each kind by arrival; credits count for nothing.
    Ratio(Ratio),
}

/// Of `priority + ordinary` calls at a counter where both kinds wait, the first `priority` go to priority tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    pub priority: u32,
    pub ordinary: u32,
}

/// How far a reinstated no-show is set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBack {
    /// Their standing becomes so many minutes later.
    Minutes(u32),
    /// They come after so many of those now waiting for the same.
    Places(u32),
}

/// What a counter calls for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The services it serves.
    pub services: Vec<ServiceId>,
    /// The services it helps, once nobody waits for its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helps: Vec<Help>,
    /// Whether it calls by itself as soon as it is idle; absent: as the hall does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_call: Option<bool>,
}

/// A service that a counter helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Help {
    pub service: ServiceId,
    pub when: HelpWhen,
}

/// When a counter with nobody of its own helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpWhen {
    /// Always.
    OwnEmpty,
    /// Once whoever is next there has waited more than so many minutes.
    WaitedOverMin(u32),
}

/// Numbers a service gives within a band of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub hours: TimeBand,
    pub tickets: u32,
}

/// Hours on certain days of the week, beside the usual ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateHours {
    pub days: Vec<Weekday>,
    pub hours: TimeBand,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// The day of the week of a date.
    pub fn of(day: BusinessDay) -> Self {
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun]
            [day.weekday().to_monday_zero_offset() as usize]
    }
}

/// How many numbers one person may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonLimits {
    /// Numbers a person and day, over all services; absent: as many as they like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickets_per_day: Option<u32>,
}

/// A need of a citizen that staff should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub id: NeedId,
    pub name: String,
    pub name_en: String,
}

/// Several services on one ticket, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub id: RouteId,
    pub name: String,
    pub name_en: String,
    pub legs: Vec<ServiceId>,
}

/// Rules of appointments. A service takes appointments when it has `slots`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppointmentRules {
    /// By how much earlier than their slot they count as having arrived.
    pub credit_min: u32,
    /// How long before the slot a citizen may check in.
    pub early_min: u32,
    /// How long after the beginning of the slot an appointment still counts.
    pub grace_min: u32,
    /// How many days ahead a slot may be booked; 0: only today.
    pub book_days_max: u32,
    /// Until how long before the slot it may be booked, changed or cancelled.
    pub until_min: u32,
    /// Who has missed so many within `missed_days` cannot book; absent: everybody can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_max: Option<u32>,
    pub missed_days: u32,
}

impl Default for AppointmentRules {
    fn default() -> Self {
        Self {
            credit_min: 10,
            early_min: 30,
            grace_min: 15,
            book_days_max: 14,
            until_min: 60,
            missed_max: None,
            missed_days: 30,
        }
    }
}

/// The slots of a service: one beginning every so many minutes, each for so many citizens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    pub hours: TimeBand,
    pub every_min: u32,
    pub capacity: u32,
}
