//! The HTTP face: routes by resource, what they need to know, and who may use them.

mod access;
mod appointment_files;
mod appointments;
mod command;
mod counters;
mod events;
mod extract;
mod fault;
mod hall;
mod interface;
mod lines;
mod ops;
mod refusal;
mod rejected;
mod slips;
mod tickets;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clock::Clock;
use crate::codes::Codes;
use crate::feed::Feed;
use crate::forecasts::Forecasts;
use crate::hall_thread::HallHandle;
use crate::metrics::Metrics;
use crate::persons::Persons;
use crate::tokens::{Role, Tokens};
use access::{Gate, require_role};
use refusal::ProblemCode;

/// Longest body of a request.
const BODY_BYTES_MAX: usize = 16 * 1024;

/// What handlers need.
pub(crate) struct AppState {
    pub hall: HallHandle,
    pub feed: Arc<Feed>,
    pub clock: Arc<Clock>,
    pub metrics: Arc<Metrics>,
    pub persons: Arc<Persons>,
    pub forecasts: Forecasts,
    /// On slips.
    pub follow_codes: Codes,
    /// Of appointments.
    pub booking_codes: Codes,
    /// Absent with open access.
    pub tokens: Option<Tokens>,
    pub plan_json: Bytes,
    pub started: Instant,
}

pub(crate) type App = Arc<AppState>;

pub(crate) fn router(app: App) -> Router {
    let gate =
        |may: fn(Role) -> bool| middleware::from_fn_with_state(Gate { app: app.clone(), may }, require_role);
    let for_staff = counters::routes().merge(tickets::routes());
    let for_bookers = appointments::routes().merge(appointment_files::routes());
    let (router, api) = OpenApiRouter::with_openapi(interface::Api::openapi())
        .merge(OpenApiRouter::new().routes(routes!(tickets::issue_ticket)).route_layer(gate(Role::may_issue)))
        .merge(appointments::routes_of_check_in().route_layer(gate(Role::may_check_in)))
        .merge(for_bookers.route_layer(gate(Role::may_book)))
        .merge(for_staff.route_layer(gate(Role::may_serve)))
        .merge(slips::routes_of_reports().route_layer(gate(Role::may_issue)))
        .merge(slips::routes_of_reprints().route_layer(gate(Role::may_reprint)))
        .merge(for_all_devices().route_layer(gate(|_| true)))
        .routes(routes!(tickets::follow_ticket))
        .routes(routes!(ops::health))
        .split_for_parts();
    router
        .merge(interface::route(api).route_layer(gate(|_| true)))
        .fallback(refusal::no_such_path)
        .method_not_allowed_fallback(refusal::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), observe))
        .with_state(app)
}

fn for_all_devices() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(hall::show_hall))
        .routes(routes!(hall::show_snapshot))
        .routes(routes!(events::follow_events))
        .routes(routes!(tickets::show_forecast))
        .routes(routes!(slips::show_printers))
        .routes(routes!(ops::metrics))
}

/// Logs every request and counts the refused ones.
async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let asked = tracing::enabled!(tracing::Level::DEBUG)
        .then(|| (request.method().clone(), request.uri().path().to_owned()));
    let response = next.run(request).await;
    let problem = response.extensions().get::<ProblemCode>().map(|code| code.0);
    if let Some(code) = problem {
        app.metrics.count_problem(code);
    }
    if let Some((method, path)) = asked {
        let (status, us) = (response.status().as_u16(), began.elapsed().as_micros() as u64);
        tracing::debug!(%method, path, status, problem, us, "request");
    }
    response
}
