//! For those who run the hub: is it well, what has it done, what does it speak.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use hall_core::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use crate::metrics::Gauges;

/// How the hub is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// Number of the last event.
    seq: u64,
    /// Hall time, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    uptime_s: u64,
}

/// Whether the hub is well. Needs no token.
#[utoipa::path(
    get,
    path = "/health",
    tag = "operation",
    security(()),
    responses((status = 200, description = "The hub serves", body = Health))
)]
pub(crate) async fn health(State(app): State<App>) -> Json<Health> {
    let uptime_s = app.started.elapsed().as_secs();
    Json(Health { status: "ok", seq: app.feed.seq(), now: app.clock.now(), uptime_s })
}

/// Counts in the text format of Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operation",
    responses((status = 200, description = "Prometheus text format", content_type = "text/plain", body = String))
)]
pub(crate) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let gauges = Gauges {
        view: app.feed.view(),
        uptime: app.started.elapsed(),
        forecast: app.forecasts.score(),
        forecast_took: app.forecasts.took(),
    };
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.text(&gauges))
}
