//! What a day was like, measured from its records: the same for a simulated day, a recorded one and a running hub.

mod measure;
mod overtakes;
mod staffing;
mod table;
mod waits;

use std::collections::BTreeMap;

use hall_core::{ClassId, Plan, Record, ServiceId};
use serde::Serialize;

pub use measure::Measure;
pub use overtakes::{Overtakes, Overtaking};
pub use staffing::{Hour, Staffing};
pub use table::{Column, table};
pub use waits::Waits;

/// A day in figures. Minutes are simulated or recorded ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub tickets: Tickets,
    /// What was asked for and not given, by the code of the refusal; unknown of a recorded day.
    pub refused: BTreeMap<String, usize>,
    /// Until the first call, from taking the number or from the slot, whichever is later; of everybody called.
    pub waits: Waits,
    /// The same, with the waits for every later leg, after being set aside or after a missed call added.
    pub waits_all_legs: Waits,
    /// Until the first call, by class.
    pub by_class: Vec<Part<ClassId>>,
    /// Until the first call, by the service the number was taken for; services nobody was called for are absent.
    pub by_service: Vec<Part<ServiceId>>,
    pub overtakes: Overtakes,
    pub staffing: Staffing,
    /// How well waits were foretold; absent when nothing was.
    pub forecast: Option<Coverage>,
}

/// What became of tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tickets {
    pub issued: usize,
    /// Served without a number.
    pub direct: usize,
    pub served: usize,
    /// Missed the call and never came back.
    pub no_show: usize,
    pub cancelled: usize,
    pub abandoned: usize,
    pub expired: usize,
    /// Neither of these when the records end.
    pub open: usize,
    pub calls: usize,
    pub recalls: usize,
    /// Calls nobody followed.
    pub missed_calls: usize,
    pub reinstated: usize,
    pub transferred: usize,
    /// To a further leg.
    pub sent_on: usize,
    pub parked: usize,
    /// Appointments booked for the day, and what became of them.
    pub booked: usize,
    pub checked_in: usize,
    pub appointments_missed: usize,
}

/// The waits of a class or of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part<Id> {
    pub id: Id,
    pub name: String,
    pub name_en: String,
    #[serde(flatten)]
    pub waits: Waits,
}

/// Shares of the tickets told how long they would wait that were called within it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coverage {
    pub told: usize,
    /// Should be near 0.5.
    pub p50: f64,
    /// Should be near 0.9.
    pub p90: f64,
}

impl Report {
    /// The report on a day's records.
    pub fn of(records: &[Record], plan: &Plan) -> Self {
        let mut measure = Measure::new(plan);
        records.iter().for_each(|record| measure.take(record));
        measure.report()
    }

    /// The waits of a class; none when nobody of it was called.
    pub fn class(&self, id: &str) -> Option<&Waits> {
        self.by_class.iter().find(|part| part.id.as_str() == id).map(|part| &part.waits)
    }
}
