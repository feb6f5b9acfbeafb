//! Tickets: taken at a kiosk, followed by whoever holds the slip, and what staff do with those that are at no counter.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hall_api::{FollowReply, ForecastReply, IssueReply, IssueTicket, IssuedTicket, TicketStatus};
use hall_core::{Command, Event, Hall, Issued, Record, Rejection, TicketId, Wish};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::command::{found, on_ticket};
use super::extract::{Code, JsonBody, PathTicket, RequiredKey};
use super::fault::Fault;
use super::refusal::Refused;
use crate::hall_thread::Outcome;

/// Routes for staff.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_ticket))
        .routes(on_ticket("cancel", "The citizen withdraws.", |ticket| Command::CancelTicket { ticket }))
        .routes(on_ticket("abandon", "The citizen has left without a word.", |ticket| {
            Command::AbandonTicket { ticket }
        }))
        .routes(on_ticket("reinstate", "A citizen who missed the call waits again.", |ticket| {
            Command::Reinstate { ticket }
        }))
        .routes(on_ticket("resume", "A parked citizen waits again.", |ticket| Command::Resume { ticket }))
}

/// Gives a citizen a number. The ticket is on the disk before the reply is sent.
#[utoipa::path(
    post,
    path = "/v1/tickets",
    tag = "tickets",
    params(RequiredKey),
    request_body = IssueTicket,
    responses((status = 201, description = "The ticket, on the disk", body = IssueReply), Refused)
)]
pub(crate) async fn issue_ticket(
    State(app): State<App>,
    RequiredKey(key): RequiredKey,
    JsonBody(wish): JsonBody<IssueTicket>,
) -> Result<(StatusCode, Json<IssueReply>), Refused> {
    let IssueTicket { service, class, language, needs, person, route, then } = wish;
    let person = person.map(|document| app.persons.today(&document)).transpose()?;
    let wish = Wish { service, class, language, needs, person, route, then };
    given(&app, app.hall.carry_out(Command::IssueTicket(wish), Some(key)).await?)
}

/// A ticket of today as it stands.
#[utoipa::path(
    get,
    path = "/v1/tickets/{ticket}",
    tag = "tickets",
    params(PathTicket),
    responses((status = 200, description = "The ticket", body = TicketStatus), Refused)
)]
async fn show_ticket(
    State(app): State<App>,
    PathTicket(ticket): PathTicket,
) -> Result<Json<TicketStatus>, Refused> {
    let found = app.hall.look(move |hall, _| {
        let ticket = found(hall, &ticket?)?;
        Some((ticket.clone(), hall.ahead(ticket)))
    });
    let (mut ticket, ahead) = found.await?.ok_or(Rejection::UnknownTicket)?;
    ticket.person = None;
    let (follow_code, wait) = (app.follow_codes.code(ticket.id.0), app.forecasts.of_ticket(ticket.id));
    Ok(Json(TicketStatus { ticket, ahead, follow_code, wait }))
}

/// Where a ticket is. The code on the slip is all that is needed.
#[utoipa::path(
    get,
    path = "/v1/follow/{code}",
    tag = "tickets",
    security(()),
    params(("code" = String, Path, description = "The code on the slip", example = "1-5F3A9C0B12D4")),
    responses((status = 200, description = "Where the ticket is", body = FollowReply), Refused)
)]
pub(crate) async fn follow_ticket(
    State(app): State<App>,
    Code(code): Code,
) -> Result<Json<FollowReply>, Refused> {
    let id = app.follow_codes.id(&code).map(TicketId).ok_or(Fault::UnknownCode)?;
    let reply = app.hall.look(move |hall, _| followed(hall, id)).await?.ok_or(Fault::UnknownCode)?;
    Ok(Json(FollowReply { wait: app.forecasts.of_ticket(id), ..reply }))
}

/// How long people will probably wait, as of the last time it was computed.
#[utoipa::path(
    get,
    path = "/v1/forecast",
    tag = "tickets",
    responses((status = 200, description = "Half and nine tenths of the waits", body = ForecastReply), Refused)
)]
pub(crate) async fn show_forecast(State(app): State<App>) -> Json<Arc<ForecastReply>> {
    Json(app.forecasts.latest())
}

fn followed(hall: &Hall, id: TicketId) -> Option<FollowReply> {
    let ticket = hall.ticket(id)?;
    let (number, service) = (ticket.number.clone(), ticket.service.clone());
    Some(FollowReply { number, service, place: ticket.place, ahead: hall.ahead(ticket), wait: None })
}

/// The reply to a command that gave a number.
pub(super) fn given(app: &App, outcome: Outcome) -> Result<(StatusCode, Json<IssueReply>), Refused> {
    let ticket = outcome.records.into_iter().find_map(|record| issued(app, record));
    let ticket = ticket.ok_or_else(Refused::internal)?;
    Ok((StatusCode::CREATED, Json(IssueReply { ticket, seq: outcome.seq })))
}

fn issued(app: &App, Record { at, event, .. }: Record) -> Option<IssuedTicket> {
    let Event::TicketIssued(issued) = event else { return None };
    let Issued { ticket, number, service, class, ahead, appointment, .. } = *issued;
    // Who has an appointment waits for their slot: the forecast is for those who come without one.
    let wait = app.forecasts.of_newcomer(&service).filter(|_| appointment.is_none());
    let follow_code = app.follow_codes.code(ticket.0);
    Some(IssuedTicket { id: ticket, number, service, class, ahead, issued_at: at, follow_code, wait })
}
