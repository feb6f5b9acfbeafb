//! Tickets: taken at a kiosk, followed by whoever holds the slip.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hall_api::{FollowReply, IssueReply, IssueTicket, IssuedTicket, Problem};
use hall_core::{Command, Event, Record};

use super::App;
use super::extract::{JsonBody, RequiredKey};
use super::refusal::Refused;

/// Gives a citizen a number. The ticket is on the disk before the reply is sent.
#[utoipa::path(
    post,
    path = "/v1/tickets",
    tag = "tickets",
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters; the same key gives the same ticket")),
    request_body = IssueTicket,
    responses(
        (status = 201, description = "The ticket, on the disk", body = IssueReply),
        (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn issue_ticket(
    State(app): State<App>,
    RequiredKey(key): RequiredKey,
    JsonBody(IssueTicket { service, class }): JsonBody<IssueTicket>,
) -> Result<(StatusCode, Json<IssueReply>), Refused> {
    let outcome = app.hall.carry_out(Command::IssueTicket { service, class }, Some(key)).await?;
    let ticket = outcome.records.into_iter().find_map(|record| issued(&app, record));
    let ticket = ticket.ok_or_else(Refused::internal)?;
    Ok((StatusCode::CREATED, Json(IssueReply { ticket, seq: outcome.seq })))
}

/// Where a ticket is. The code on the slip is all that is needed.
#[utoipa::path(
    get,
    path = "/v1/follow/{code}",
    tag = "tickets",
    params(("code" = String, Path, description = "The code on the slip", example = "1-5F3A9C0B12D4")),
    responses(
        (status = 200, description = "Where the ticket is", body = FollowReply),
        (status = "default", description = "Refused, nothing changed: a problem document", body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn follow_ticket(
    State(app): State<App>,
    code: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<FollowReply>, Refused> {
    let ticket = code.ok().and_then(|Path(code)| app.follow_codes.ticket(&code));
    let reply = match ticket {
        Some(ticket) => app.hall.follow(ticket).await?,
        None => None,
    };
    reply.map(Json).ok_or_else(|| {
        let title = "no ticket of today has this code";
        Refused::new(StatusCode::NOT_FOUND, "unknown_code", title, "今日没有此号，请核对号票上的代码")
    })
}

fn issued(app: &App, Record { at, event, .. }: Record) -> Option<IssuedTicket> {
    let Event::TicketIssued { ticket, number, service, class, ahead, .. } = event else { return None };
    let follow_code = app.follow_codes.code(ticket);
    Some(IssuedTicket { id: ticket, number, service, class, ahead, issued_at: at, follow_code })
}
