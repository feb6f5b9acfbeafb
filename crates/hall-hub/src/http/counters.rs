//! Counters: what staff do at them.

use axum::Json;
use axum::extract::State;
use hall_api::{CallReply, CalledTicket, CounterReply, PauseCounter, Problem, TransferTicket};
use hall_core::{Command, CounterNumber, Event};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::extract::{Counter, JsonBody, NoBody, OptionalKey};
use super::refusal::Refused;
use crate::hall_thread::Outcome;

/// Routes for those who work counters.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open_counter))
        .routes(routes!(pause_counter))
        .routes(routes!(close_counter))
        .routes(routes!(call_next))
        .routes(routes!(recall))
        .routes(routes!(start_service))
        .routes(routes!(finish_service))
        .routes(routes!(no_show))
        .routes(routes!(transfer))
}

/// A command that needs nothing but the counter.
macro_rules! counter_command {
    ($(#[$doc:meta])* $name:ident, $path:literal, $command:ident, $reply:ident) => {
        $(#[$doc])*
        #[utoipa::path(
            post,
            path = $path,
            tag = "counters",
            params(
                ("number" = u16, Path, description = "The counter"),
                ("Idempotency-Key" = Option<String>, Header, description = "Makes the command safe to repeat")
            ),
            responses(
                (status = 200, description = "Done, on the disk", body = $reply),
                (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
            )
        )]
        pub(crate) async fn $name(
            State(app): State<App>,
            Counter(counter): Counter,
            OptionalKey(key): OptionalKey,
            _: NoBody,
        ) -> Result<Json<$reply>, Refused> {
            let outcome = app.hall.carry_out(Command::$command { counter }, key).await?;
            Ok(Json($reply::of(counter, outcome)))
        }
    };
}

counter_command! {
    /// Begins or resumes serving.
    open_counter, "/v1/counters/{number}/open", OpenCounter, CounterReply
}
counter_command! {
    /// Stops serving.
    close_counter, "/v1/counters/{number}/close", CloseCounter, CounterReply
}
counter_command! {
    /// Calls whoever is next for this counter; `ticket` is null when nobody waits.
    call_next, "/v1/counters/{number}/call-next", CallNext, CallReply
}
counter_command! {
    /// Calls the same ticket again.
    recall, "/v1/counters/{number}/recall", Recall, CallReply
}
counter_command! {
    /// The called citizen is here.
    start_service, "/v1/counters/{number}/start", StartService, CounterReply
}
counter_command! {
    /// The citizen is served.
    finish_service, "/v1/counters/{number}/finish", FinishService, CounterReply
}
counter_command! {
    /// The called citizen did not come.
    no_show, "/v1/counters/{number}/no-show", NoShow, CounterReply
}

/// Stops serving for now.
#[utoipa::path(
    post,
    path = "/v1/counters/{number}/pause",
    tag = "counters",
    params(
        ("number" = u16, Path, description = "The counter"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the command safe to repeat")
    ),
    request_body = PauseCounter,
    responses(
        (status = 200, description = "Done, on the disk", body = CounterReply),
        (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn pause_counter(
    State(app): State<App>,
    Counter(counter): Counter,
    OptionalKey(key): OptionalKey,
    JsonBody(PauseCounter { reason }): JsonBody<PauseCounter>,
) -> Result<Json<CounterReply>, Refused> {
    let outcome = app.hall.carry_out(Command::PauseCounter { counter, reason }, key).await?;
    Ok(Json(CounterReply::of(counter, outcome)))
}

/// Sends the citizen on to another service, keeping the standing.
#[utoipa::path(
    post,
    path = "/v1/counters/{number}/transfer",
    tag = "counters",
    params(
        ("number" = u16, Path, description = "The counter"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the command safe to repeat")
    ),
    request_body = TransferTicket,
    responses(
        (status = 200, description = "Done, on the disk", body = CounterReply),
        (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn transfer(
    State(app): State<App>,
    Counter(counter): Counter,
    OptionalKey(key): OptionalKey,
    JsonBody(TransferTicket { service }): JsonBody<TransferTicket>,
) -> Result<Json<CounterReply>, Refused> {
    let outcome = app.hall.carry_out(Command::Transfer { counter, service }, key).await?;
    Ok(Json(CounterReply::of(counter, outcome)))
}

/// A reply put together from what a command made happen.
trait FromOutcome {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self;
}

impl FromOutcome for CounterReply {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self {
        Self { counter, seq: outcome.seq }
    }
}

impl FromOutcome for CallReply {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self {
        let ticket = outcome.records.into_iter().find_map(|record| called(record.event));
        Self { counter, ticket, seq: outcome.seq }
    }
}

fn called(event: Event) -> Option<CalledTicket> {
    match event {
        Event::TicketCalled { ticket, number, service, reason, .. } => {
            Some(CalledTicket { id: ticket, number, service, calls: 1, reason: Some(reason) })
        }
        Event::TicketRecalled { ticket, number, service, calls, .. } => {
            Some(CalledTicket { id: ticket, number, service, calls, reason: None })
        }
        _ => None,
    }
}
