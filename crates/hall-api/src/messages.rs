//! Bodies of commands and their replies.

use hall_core::{CallReason, ClassId, CounterNumber, Place, ServiceId, TicketId, TicketNumber, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /v1/tickets`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueTicket {
    /// A service of the plan.
    #[schema(value_type = String, example = "property-registration")]
    pub service: ServiceId,
    /// A class of the plan; `ordinary` when left out.
    #[serde(default = "ClassId::ordinary")]
    #[schema(value_type = String, example = "ordinary")]
    pub class: ClassId,
}

/// Reply to [`IssueTicket`], 201.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IssueReply {
    pub ticket: IssuedTicket,
    /// Sequence number of the event: durable before the reply is sent.
    pub seq: u64,
}

/// A ticket just taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IssuedTicket {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String)]
    pub service: ServiceId,
    #[schema(value_type = String)]
    pub class: ClassId,
    /// How many of the same service were to be called before it when it was taken.
    pub ahead: u32,
    /// RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// Hard to guess; follows the ticket at `GET /v1/follow/{code}`.
    #[schema(example = "1-5F3A9C0B12D4")]
    pub follow_code: String,
}

/// `POST /v1/counters/{number}/pause`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseCounter {
    /// Shown over the counter, 1 to 20 characters.
    #[schema(example = "系统维护")]
    pub reason: String,
}

/// `POST /v1/counters/{number}/transfer`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferTicket {
    /// The service to wait for next.
    #[schema(value_type = String)]
    pub service: ServiceId,
}

/// Reply to `call-next` and `recall`, 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallReply {
    #[schema(value_type = u16)]
    pub counter: CounterNumber,
    /// Absent when nobody waits for this counter.
    pub ticket: Option<CalledTicket>,
    /// Sequence number of the event, or of the last one when nobody waits.
    pub seq: u64,
}

/// A ticket asked to a counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CalledTicket {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// How often it has been called, this call included.
    pub calls: u32,
    /// Why this ticket; absent on a recall.
    #[schema(value_type = Option<Object>)]
    pub reason: Option<CallReason>,
}

/// Reply to the other commands of a counter, 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CounterReply {
    #[schema(value_type = u16)]
    pub counter: CounterNumber,
    /// Sequence number of the event, or of the last one when nothing had to change.
    pub seq: u64,
}

/// `GET /v1/follow/{code}`: what the citizen with the slip may know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FollowReply {
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// `waiting`, `{"at_counter": 3}`, `finished`, `no_show` or `expired`.
    #[schema(value_type = Object)]
    pub place: Place,
    /// How many of the same service are called before it; 0 when it does not wait.
    pub ahead: u32,
}
