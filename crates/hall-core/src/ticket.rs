//! One citizen's place.

use serde::{Deserialize, Serialize};

use crate::{
    AppointmentId, ClassId, CounterNumber, LanguageId, NeedId, PersonHash, ServiceId, StaffId, Standing,
    TicketId, TicketNumber, TicketSlip, Timestamp,
};

/// One citizen's place in the hall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    pub number: TicketNumber,
    /// What it is for now; on a route, the running leg.
    pub service: ServiceId,
    pub class: ClassId,
    pub standing: Standing,
    pub issued_at: Timestamp,
    /// From when its wait counts against a wait limit: when it last joined a line, or when its slot begins.
    pub waits_from: Timestamp,
    pub place: Place,
    /// Who may call it.
    #[serde(default, skip_serializing_if = "Awaits::is_service")]
    pub awaits: Awaits,
    /// Whether the ratio rule counts it as a priority.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub priority: bool,
    /// Whether it missed a call and came back: its standing is no longer its arrival's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reinstated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageId>,
    /// Seen by staff only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedId>,
    /// Never leaves the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<CheckedIn>,
    /// What follows on the same ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub onward: Vec<Leg>,
    /// What is known of its slip.
    #[serde(default, skip_serializing_if = "TicketSlip::is_unknown")]
    pub slip: TicketSlip,
}

/// Where a ticket is; always in exactly one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the line of its service, or of the counter or person it was sent to.
    Waiting,
    /// Asked to a counter or served there.
    AtCounter(CounterNumber),
    /// Set aside by a counter.
    Parked {
        counter: CounterNumber,
        /// When the counter is to be reminded; absent once it was, or without a reminder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_at: Option<Timestamp>,
    },
    Finished,
    NoShow,
    Cancelled,
    Abandoned,
    Expired,
}

impl Place {
    /// Whether the citizen is still to be served.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::AtCounter(_) | Self::Parked { .. })
    }
}

/// Who may call a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaits {
    /// Every counter that serves its service.
    #[default]
    Service,
    /// This counter.
    Counter(CounterNumber),
    /// Whichever counter this person has opened.
    Staff(StaffId),
}

impl Awaits {
    fn is_service(&self) -> bool {
        *self == Self::Service
    }
}

/// One service of a route still to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub service: ServiceId,
    /// The counter to return to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterNumber>,
}

/// The appointment a ticket was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedIn {
    pub id: AppointmentId,
    /// When the slot begins.
    pub slot: Timestamp,
    pub punctuality: Punctuality,
}

/// When a citizen came for an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Punctuality {
    /// Before the slot began, or just then.
    Early,
    /// After that, within the grace.
    Late,
    /// After the grace: as a walk-in.
    TooLate,
}
