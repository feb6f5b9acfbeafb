//! What terminals read when they start: the plan and the state.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use hall_api::Audience;

use super::App;

/// The plan in force.
#[utoipa::path(
    get,
    path = "/v1/hall",
    tag = "hall",
    responses((status = 200, body = Object, description = "The plan: hall, classes, zones, departments, services, counters"))
)]
pub(crate) async fn show_hall(State(app): State<App>) -> impl IntoResponse {
    json(app.plan_json.clone())
}

/// The whole state as of the last event; kiosks and boards are not told of needs.
#[utoipa::path(
    get,
    path = "/v1/snapshot",
    tag = "hall",
    responses((status = 200, body = Object, description = "seq, now, day, tickets, counters, full, printers, calls"))
)]
pub(crate) async fn show_snapshot(
    State(app): State<App>,
    Extension(audience): Extension<Audience>,
) -> impl IntoResponse {
    json(app.feed.snapshot_json(audience, app.clock.now()))
}

fn json(bytes: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], bytes)
}
