//! Tickets and forecasts: bodies of commands and their replies.

use hall_core::{
    ClassId, LanguageId, NeedId, Place, RouteId, ServiceId, Ticket, TicketId, TicketNumber, Timestamp,
};
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
    /// A language of the plan to be called in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "en")]
    pub language: Option<LanguageId>,
    /// Needs of the plan, seen by staff only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub needs: Vec<NeedId>,
    /// Number of the person's document, where the hall limits numbers a person. Kept by nobody: the hub makes a hash of
    /// it with a key that is destroyed when the day ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A route of the plan that begins with `service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub route: Option<RouteId>,
    /// Services that follow on the same ticket; not together with `route`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub then: Vec<ServiceId>,
}

impl IssueTicket {
    /// A number for one service and nothing more.
    pub fn new(service: impl Into<ServiceId>, class: impl Into<ClassId>) -> Self {
        let (service, class) = (service.into(), class.into());
        Self {
            service,
            class,
            language: None,
            needs: Vec::new(),
            person: None,
            route: None,
            then: Vec::new(),
        }
    }
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
    /// How long the citizen will probably wait; absent while nothing can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitForecast>,
}

/// How long somebody will probably wait until they are called, in whole minutes, rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitForecast {
    /// One in two is called within so many minutes.
    pub p50_min: u32,
    /// Nine in ten are called within so many minutes.
    pub p90_min: u32,
}

/// `GET /v1/forecast`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ForecastReply {
    /// When it was made; absent before the first. RFC 3339.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// For whoever takes a number now, by service; a service of which nothing can be told is absent.
    #[schema(value_type = Object)]
    pub services: std::collections::BTreeMap<ServiceId, WaitForecast>,
    /// For everybody who waits, by ticket.
    #[schema(value_type = Object)]
    pub tickets: std::collections::BTreeMap<TicketId, WaitForecast>,
}

/// `POST /v1/tickets/{ticket}/cancel`, `abandon`, `reinstate`, `resume`: reply, 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketReply {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    /// How many are called before it; 0 when it does not wait.
    pub ahead: u32,
    /// Sequence number of the event.
    pub seq: u64,
}

/// `GET /v1/tickets/{ticket}`: a ticket of today as staff may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketStatus {
    /// `id`, `number`, `service`, `class`, `standing`, `issued_at`, `waits_from`, `place` and, where there are any,
    /// `awaits`, `priority`, `reinstated`, `language`, `needs`, `appointment`, `onward`, `slip`.
    #[schema(value_type = Object)]
    pub ticket: Ticket,
    /// How many are called before it; 0 when it does not wait.
    pub ahead: u32,
    /// The code on its slip.
    #[schema(example = "1-5F3A9C0B12D4")]
    pub follow_code: String,
    /// How long it will probably wait yet; absent when it does not wait, or nothing can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitForecast>,
}

/// A ticket by its id or by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum TicketRef {
    #[schema(value_type = u64)]
    Id(TicketId),
    #[schema(value_type = String, example = "A012")]
    Number(TicketNumber),
}

/// `GET /v1/follow/{code}`: what the citizen with the slip may know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FollowReply {
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// `waiting`, `{"at_counter": 3}`, `{"parked": {"counter": 3}}`, `finished`, `no_show`, `cancelled`, `abandoned` or
    /// `expired`.
    #[schema(value_type = Object)]
    pub place: Place,
    /// How many of the same service are called before it; 0 when it does not wait.
    pub ahead: u32,
    /// How long it will probably wait yet; absent when it does not wait, or nothing can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitForecast>,
}
