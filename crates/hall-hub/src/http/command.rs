//! Commands that need nothing but a counter or a ticket and perhaps a body: carried out and described alike.

use axum::Json;
use axum::extract::{FromRequest, State};
use axum::handler::Handler;
use axum::routing::MethodRouter;
use hall_api::{TicketRef, TicketReply};
use hall_core::{Command, CounterNumber, Event, Hall, Rejection, Ticket, TicketId, TicketNumber};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, ToSchema};
use utoipa_axum::PathItemExt;
use utoipa_axum::router::UtoipaMethodRouter;

use super::App;
use super::extract::{Counter, JsonBody, NoBody, OptionalBody, OptionalKey, PathTicket};
use super::refusal::Refused;
use crate::hall_thread::Outcome;

/// A reply put together from what a command of a counter made happen.
pub(crate) trait CounterOutcome: Serialize + ToSchema + Send + 'static {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self;
}

/// A body of a command, as it is read and as it is described.
pub(crate) trait CommandBody: FromRequest<App, Rejection = Refused> + Send + 'static {
    /// None where there is no body.
    fn described(schemas: &mut Schemas) -> Option<RequestBody>;
}

type Schemas = Vec<(String, RefOr<Schema>)>;

/// A command of a counter, at `/v1/counters/{number}/{action}`.
pub(crate) fn at_counter<B: CommandBody, R: CounterOutcome>(
    method: HttpMethod,
    action: &str,
    summary: &str,
    command: fn(CounterNumber, B) -> Command,
) -> UtoipaMethodRouter<App> {
    let handler = move |State(app): State<App>,
                        Counter(counter): Counter,
                        OptionalKey(key): OptionalKey,
                        body: B| async move {
        let outcome = app.hall.carry_out(command(counter, body), key).await?;
        Ok::<_, Refused>(Json(R::of(counter, outcome)))
    };
    let verb = match method {
        HttpMethod::Put => "set",
        HttpMethod::Delete => "reset",
        _ => "counter",
    };
    let (operation, mut schemas) = operation::<Counter, R>("counters", verb, action, summary);
    let operation = operation.request_body(B::described(&mut schemas));
    routed(method, format!("/v1/counters/{{number}}/{action}"), operation, schemas, handler)
}

/// A command on a ticket, at `POST /v1/tickets/{ticket}/{action}`.
pub(crate) fn on_ticket(
    action: &str,
    summary: &str,
    command: fn(TicketId) -> Command,
) -> UtoipaMethodRouter<App> {
    let handler = move |State(app): State<App>,
                        PathTicket(ticket): PathTicket,
                        OptionalKey(key): OptionalKey,
                        _: NoBody| async move {
        let id = ticket_id(&app, ticket).await?;
        let outcome = app.hall.carry_out(command(id), key).await?;
        let settled = outcome.records.iter().find_map(|record| number_and_ahead(&record.event));
        let (number, ahead) = settled.ok_or_else(Refused::internal)?;
        Ok::<_, Refused>(Json(TicketReply { id, number, ahead, seq: outcome.seq }))
    };
    let (operation, schemas) = operation::<PathTicket, TicketReply>("tickets", "ticket", action, summary);
    routed(HttpMethod::Post, format!("/v1/tickets/{{ticket}}/{action}"), operation, schemas, handler)
}

/// The ticket of today that is meant.
pub(crate) async fn ticket_id(app: &App, ticket: Option<TicketRef>) -> Result<TicketId, Refused> {
    match ticket {
        Some(TicketRef::Id(id)) => Ok(id),
        Some(TicketRef::Number(number)) => {
            let found = app.hall.look(move |hall, _| numbered(hall, &number).map(|ticket| ticket.id)).await?;
            found.ok_or_else(|| Rejection::UnknownTicket.into())
        }
        None => Err(Rejection::UnknownTicket.into()),
    }
}

/// The ticket of today that is meant, where it stands in the hall.
pub(crate) fn found<'a>(hall: &'a Hall, ticket: &TicketRef) -> Option<&'a Ticket> {
    match ticket {
        TicketRef::Id(id) => hall.ticket(*id),
        TicketRef::Number(number) => numbered(hall, number),
    }
}

/// The ticket of today with a number, in capital or small letters.
fn numbered<'a>(hall: &'a Hall, number: &TicketNumber) -> Option<&'a Ticket> {
    hall.tickets().find(|ticket| ticket.number.as_str().eq_ignore_ascii_case(number.as_str()))
}

fn number_and_ahead(event: &Event) -> Option<(TicketNumber, u32)> {
    match event {
        Event::TicketCancelled { number, .. } | Event::TicketAbandoned { number, .. } => {
            Some((number.clone(), 0))
        }
        Event::TicketReinstated { number, ahead, .. } | Event::TicketResumed { number, ahead, .. } => {
            Some((number.clone(), *ahead))
        }
        _ => None,
    }
}

fn operation<P: IntoParams, R: ToSchema>(
    tag: &str,
    verb: &str,
    action: &str,
    summary: &str,
) -> (OperationBuilder, Schemas) {
    let parameters = [P::into_params, OptionalKey::into_params].map(|of| of(|| None::<ParameterIn>));
    let content = Content::new(Some(Ref::from_schema_name(R::name())));
    let done =
        ResponseBuilder::new().description("Done, on the disk").content("application/json", content).build();
    let responses = [("200".to_owned(), RefOr::T(done))].into_iter().chain(Refused::responses());
    let operation = OperationBuilder::new()
        .tag(tag)
        .operation_id(Some(format!("{verb}_{}", action.replace('-', "_"))))
        .summary(Some(summary))
        .parameters(Some(parameters.into_iter().flatten()))
        .responses(responses.collect::<utoipa::openapi::Responses>());
    let mut schemas = vec![(R::name().into_owned(), R::schema())];
    R::schemas(&mut schemas);
    (operation, schemas)
}

fn routed<T: 'static>(
    method: HttpMethod,
    path: String,
    operation: OperationBuilder,
    schemas: Schemas,
    handler: impl Handler<T, App>,
) -> UtoipaMethodRouter<App> {
    let router = MethodRouter::new().on(method.to_method_filter(), handler);
    let mut paths = Paths::new();
    paths.add_path_operation(path, vec![method], operation);
    (schemas, paths, router)
}

impl CommandBody for NoBody {
    fn described(_: &mut Schemas) -> Option<RequestBody> {
        None
    }
}

impl<T: DeserializeOwned + ToSchema + Send + 'static> CommandBody for JsonBody<T> {
    fn described(schemas: &mut Schemas) -> Option<RequestBody> {
        Some(json_body::<T>(Required::True, schemas))
    }
}

impl<T: DeserializeOwned + Default + ToSchema + Send + 'static> CommandBody for OptionalBody<T> {
    fn described(schemas: &mut Schemas) -> Option<RequestBody> {
        Some(json_body::<T>(Required::False, schemas))
    }
}

fn json_body<T: ToSchema>(required: Required, schemas: &mut Schemas) -> RequestBody {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
    let content = Content::new(Some(Ref::from_schema_name(T::name())));
    RequestBodyBuilder::new().content("application/json", content).required(Some(required)).build()
}
