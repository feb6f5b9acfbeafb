//! Appointments: slots, bookings, checking in.

use hall_core::{AppointmentState, ClassId, LanguageId, NeedId, ServiceId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /v1/slots?service=…&day=2026-11-23`: the slots of a day, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlotsReply {
    pub slots: Vec<FreeSlot>,
}

/// A slot that may be booked while it has places left and it is not too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FreeSlot {
    /// When it begins, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub capacity: u32,
    pub taken: u32,
}

/// `POST /v1/appointments`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookAppointment {
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// When the slot begins, RFC 3339.
    #[schema(value_type = String, format = DateTime, example = "2026-11-23T09:30:00+08:00")]
    pub slot: Timestamp,
    #[serde(default = "ClassId::ordinary")]
    #[schema(value_type = String, example = "ordinary")]
    pub class: ClassId,
    /// A phone number; the hub keeps its last four digits, for checking in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Number of the person's document; the hub keeps a keyed hash, to count missed appointments by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// `POST /v1/appointments/{code}/change`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAppointment {
    /// When the new slot begins, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub slot: Timestamp,
}

/// An appointment as its holder and the desk may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BookedAppointment {
    /// Hard to guess; checks in, changes and cancels.
    #[schema(example = "Y7-5F3A9C0B12D4")]
    pub code: String,
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// When the slot begins, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub slot: Timestamp,
    #[schema(value_type = String)]
    pub class: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_digits: Option<String>,
    /// `booked`, `checked_in`, `cancelled` or `missed`.
    #[schema(value_type = String)]
    pub state: AppointmentState,
}

/// Reply to booking, 201, changing and cancelling, 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentReply {
    pub appointment: BookedAppointment,
    /// Sequence number of the event, or of the last one when nothing had to change.
    pub seq: u64,
}

/// `GET /v1/appointments?day=2026-11-23&service=…`: by slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentsReply {
    pub appointments: Vec<BookedAppointment>,
}

/// Reply to an import, 200: what became of every line of the file, in its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportReply {
    pub booked: u32,
    pub refused: u32,
    pub lines: Vec<ImportedLine>,
}

/// One line of an imported file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportedLine {
    /// Counted from 1, the heading included.
    pub line: u32,
    /// Of the appointment that was booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why none was: a stable code, and the same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_zh: Option<String>,
}

/// `POST /v1/check-in`: with the code, or with the last four digits of the phone. Replies as taking a number does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Y7-5F3A9C0B12D4")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "5678")]
    pub phone_digits: Option<String>,
    /// Tells appointments with the same digits apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub service: Option<ServiceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<LanguageId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub needs: Vec<NeedId>,
}
