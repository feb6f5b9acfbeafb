//! Appointments as they are booked, the slots a plan offers, and what of them a new business day takes over.

use serde::{Deserialize, Serialize};

use crate::plan::Service;
use crate::{AppointmentId, BusinessDay, ClassId, PersonHash, Plan, ServiceId, Timestamp};

/// A booked slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    pub id: AppointmentId,
    pub service: ServiceId,
    /// When the slot begins.
    pub slot: Timestamp,
    pub class: ClassId,
    /// The last four digits of the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_digits: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonHash>,
    #[serde(default)]
    pub state: AppointmentState,
}

/// How far an appointment has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    #[default]
    Booked,
    CheckedIn,
    Cancelled,
    Missed,
}

/// What a new business day takes over from those before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    pub next_appointment: AppointmentId,
    /// Booked for the new day or later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// Who missed an appointment, and when its slot began: each, for as long as it counts against them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<(PersonHash, Timestamp)>,
}

impl Default for Carried {
    fn default() -> Self {
        Self { next_appointment: AppointmentId(1), appointments: Vec::new(), missed: Vec::new() }
    }
}

impl Carried {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Plan {
    /// When slots of the service begin on `day`, were it a working day, and how many places each has.
    pub(crate) fn slots_of(
        &self,
        service: &Service,
        day: BusinessDay,
    ) -> impl Iterator<Item = (Timestamp, u32)> {
        service.slots.iter().flat_map(move |slots| {
            let begins = (slots.hours.from_min..slots.hours.to_min).step_by(slots.every_min.max(1) as usize);
            begins.map(move |minute| (Timestamp::at(day, minute, self.hall.utc_offset), slots.capacity))
        })
    }

    /// Whether an appointment at `slot` may still be booked, changed or cancelled.
    pub(crate) fn is_in_time(&self, slot: Timestamp, now: Timestamp) -> bool {
        now.plus_ms(i64::from(self.appointments.until_min) * 60_000) <= slot
    }

    /// Whether having missed `slot` still counts against somebody on `day`.
    pub(crate) fn counts_as_missed(&self, slot: Timestamp, day: BusinessDay) -> bool {
        days_between(self.date(slot), day) <= i64::from(self.appointments.missed_days)
    }
}

/// How many days `to` is after `from`; negative when it is before.
pub(crate) fn days_between(from: BusinessDay, to: BusinessDay) -> i64 {
    (to - from).get_days().into()
}
