//! Slips and printers: what kiosks report, slips printed again, and what such a slip says.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hall_api::{
    IssuedTicket, OrderReprint, PrintersReply, ReportPrinter, ReportReply, ReportSlip, ReprintReply,
    SlipFacts,
};
use hall_core::{Command, Event, Rejection};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::command::{found, ticket_id};
use super::extract::{JsonBody, OptionalKey, PathPrinter, PathTicket, RequiredKey};
use super::refusal::Refused;

/// Routes for whoever prints slips.
pub(crate) fn routes_of_reports() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report_slip)).routes(routes!(report_printer))
}

/// Routes for whoever orders a slip again, or prints it.
pub(crate) fn routes_of_reprints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(order_reprint)).routes(routes!(show_slip))
}

/// What became of a copy of a ticket's slip; the last word on a copy counts.
#[utoipa::path(
    post,
    path = "/v1/tickets/{ticket}/slip",
    tag = "slips",
    params(PathTicket, OptionalKey),
    request_body = ReportSlip,
    responses((status = 200, description = "On the disk", body = ReportReply), Refused)
)]
async fn report_slip(
    State(app): State<App>,
    PathTicket(ticket): PathTicket,
    OptionalKey(key): OptionalKey,
    JsonBody(ReportSlip { printer, copy, outcome }): JsonBody<ReportSlip>,
) -> Result<Json<ReportReply>, Refused> {
    let ticket = ticket_id(&app, ticket).await?;
    let command = Command::ReportSlip { ticket, printer, copy, outcome };
    Ok(Json(ReportReply { seq: app.hall.carry_out(command, key).await?.seq }))
}

/// Orders a slip to be printed again, marked 补打. The kiosk hears of it on the stream, prints and reports.
#[utoipa::path(
    post,
    path = "/v1/tickets/{ticket}/reprint",
    tag = "slips",
    params(PathTicket, RequiredKey),
    request_body = OrderReprint,
    responses((status = 201, description = "Ordered, on the disk", body = ReprintReply), Refused)
)]
async fn order_reprint(
    State(app): State<App>,
    PathTicket(ticket): PathTicket,
    RequiredKey(key): RequiredKey,
    JsonBody(OrderReprint { printer, counter }): JsonBody<OrderReprint>,
) -> Result<(StatusCode, Json<ReprintReply>), Refused> {
    let ticket = ticket_id(&app, ticket).await?;
    let outcome = app.hall.carry_out(Command::Reprint { ticket, printer, counter }, Some(key)).await?;
    let ordered = outcome.records.into_iter().find_map(|record| match record.event {
        Event::ReprintOrdered { ticket: id, number, printer, copy, .. } => {
            Some(ReprintReply { id, number, printer, copy, seq: record.seq })
        }
        _ => None,
    });
    Ok((StatusCode::CREATED, Json(ordered.ok_or_else(Refused::internal)?)))
}

/// What the slip of a ticket says now.
#[utoipa::path(
    get,
    path = "/v1/tickets/{ticket}/slip",
    tag = "slips",
    params(PathTicket),
    responses((status = 200, description = "What to print", body = SlipFacts), Refused)
)]
async fn show_slip(
    State(app): State<App>,
    PathTicket(ticket): PathTicket,
) -> Result<Json<SlipFacts>, Refused> {
    let found = app.hall.look(move |hall, _| {
        let ticket = found(hall, &ticket?)?;
        Some((ticket.clone(), hall.ahead(ticket)))
    });
    let (ticket, ahead) = found.await?.ok_or(Rejection::UnknownTicket)?;
    let (follow_code, wait) = (app.follow_codes.code(ticket.id.0), app.forecasts.of_ticket(ticket.id));
    let reprints = ticket.slip.reprints();
    let ticket = IssuedTicket {
        id: ticket.id,
        number: ticket.number,
        service: ticket.service,
        class: ticket.class,
        ahead,
        issued_at: ticket.issued_at,
        follow_code,
        wait,
    };
    Ok(Json(SlipFacts { ticket, reprints }))
}

/// How a printer is. Reported when its condition changes and now and then besides; anew when a day opens.
#[utoipa::path(
    put,
    path = "/v1/printers/{printer}",
    tag = "slips",
    params(PathPrinter, OptionalKey),
    request_body = ReportPrinter,
    responses((status = 200, description = "On the disk", body = ReportReply), Refused)
)]
async fn report_printer(
    State(app): State<App>,
    PathPrinter(printer): PathPrinter,
    OptionalKey(key): OptionalKey,
    JsonBody(report): JsonBody<ReportPrinter>,
) -> Result<Json<ReportReply>, Refused> {
    let command = Command::ReportPrinter { printer, report: report.into() };
    Ok(Json(ReportReply { seq: app.hall.carry_out(command, key).await?.seq }))
}

/// Every printer that has reported today.
#[utoipa::path(
    get,
    path = "/v1/printers",
    tag = "slips",
    responses((status = 200, description = "How each printer is", body = PrintersReply), Refused)
)]
pub(crate) async fn show_printers(State(app): State<App>) -> Json<PrintersReply> {
    Json(PrintersReply { printers: app.feed.view().printers.clone() })
}
