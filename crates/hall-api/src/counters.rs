//! Counters: bodies of commands and their replies.

use hall_core::plan::{Help, HelpWhen};
use hall_core::{
    Awaits, CallReason, ClassId, CounterNumber, Destination, ServiceId, StaffId, TicketId, TicketNumber, Why,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::TicketRef;

/// `POST /v1/counters/{number}/open`; the body may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCounter {
    /// Who signs in, 1 to 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub staff: Option<StaffId>,
}

/// `POST /v1/counters/{number}/call`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallTicket {
    /// Waiting or parked.
    pub ticket: TicketRef,
}

/// `POST /v1/counters/{number}/finish`; the body may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishService {
    /// Whether the route ends here, whatever was to follow.
    #[serde(default)]
    pub ends_here: bool,
}

/// `POST /v1/counters/{number}/park`; the body may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParkTicket {
    /// After how many minutes the counter is reminded, 1 to 480.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_after_min: Option<u32>,
}

/// `POST /v1/counters/{number}/send-on`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendOn {
    /// The services to go to, in turn.
    #[schema(value_type = Vec<String>)]
    pub legs: Vec<ServiceId>,
    /// Whether the citizen then returns to this counter.
    #[serde(default)]
    pub and_back: bool,
}

/// `POST /v1/counters/{number}/serve-direct`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServeDirect {
    #[schema(value_type = String)]
    pub service: ServiceId,
    #[serde(default = "ClassId::ordinary")]
    #[schema(value_type = String, example = "ordinary")]
    pub class: ClassId,
}

/// `PUT /v1/counters/{number}/profile`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetProfile {
    /// What the counter calls for today.
    #[schema(value_type = Vec<String>)]
    pub services: Vec<ServiceId>,
    /// `[{"service": "…", "when": "own_empty"}]` or `"when": {"waited_over_min": 30}`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub helps: Vec<Help>,
    /// Whether it calls by itself when it is idle; absent: as the hall does.
    #[serde(default)]
    pub auto_call: Option<bool>,
}

/// `POST /v1/counters/{number}/help`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpService {
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// `"own_empty"` or `{"waited_over_min": 30}`.
    #[schema(value_type = Object)]
    pub when: HelpWhen,
}

/// `POST /v1/counters/{number}/stop-helping`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopHelping {
    #[schema(value_type = String)]
    pub service: ServiceId,
}

/// `POST /v1/counters/{number}/pause`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseCounter {
    /// Shown over the counter, 1 to 20 characters.
    #[schema(example = "系统维护")]
    pub reason: String,
}

/// `POST /v1/counters/{number}/transfer`: exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferTicket {
    /// The service to wait for next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub service: Option<ServiceId>,
    /// The counter to wait for, for the same service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub counter: Option<CounterNumber>,
    /// The member of staff to wait for, for the same service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub staff: Option<StaffId>,
}

impl TransferTicket {
    /// Where to; none unless exactly one of the three is said.
    pub fn destination(self) -> Option<Destination> {
        match (self.service, self.counter, self.staff) {
            (Some(service), None, None) => Some(Destination::Service(service)),
            (None, Some(counter), None) => Some(Destination::Counter(counter)),
            (None, None, Some(staff)) => Some(Destination::Staff(staff)),
            _ => None,
        }
    }
}

impl From<Destination> for TransferTicket {
    fn from(to: Destination) -> Self {
        match to {
            Destination::Service(service) => Self { service: Some(service), ..Self::default() },
            Destination::Counter(counter) => Self { counter: Some(counter), ..Self::default() },
            Destination::Staff(staff) => Self { staff: Some(staff), ..Self::default() },
        }
    }
}

/// Reply to `call-next`, `call` and `recall`, 200.
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
    /// The same in words, `zh` and `en`; absent on a recall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub why: Option<Why>,
}

/// `GET /v1/counters/{number}/next`: whom `call-next` would call now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NextReply {
    #[schema(value_type = u16)]
    pub counter: CounterNumber,
    /// Absent when nobody waits for this counter.
    pub ticket: Option<NextTicket>,
}

/// The ticket that is next for a counter, and why this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NextTicket {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String)]
    pub service: ServiceId,
    #[schema(value_type = Object)]
    pub reason: CallReason,
    /// The same in words, `zh` and `en`.
    #[schema(value_type = Object)]
    pub why: Why,
}

/// Reply to the other commands of a counter: 200, or 201 where they give a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CounterReply {
    #[schema(value_type = u16)]
    pub counter: CounterNumber,
    /// The ticket it was about; absent when it was about the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<CounterTicket>,
    /// Sequence number of the event, or of the last one when nothing had to change.
    pub seq: u64,
}

/// A ticket a counter has done something with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CounterTicket {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    /// Where it waits now, when it goes on from the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_on: Option<GoesOn>,
}

/// Where a citizen who is not done yet goes from a counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GoesOn {
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// Who may call: `"service"`, `{"counter": 3}` or `{"staff": "0231"}`.
    #[schema(value_type = Object)]
    pub awaits: Awaits,
    /// How many are called before it there.
    pub ahead: u32,
}
