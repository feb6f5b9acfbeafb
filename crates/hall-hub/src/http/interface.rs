//! The interface as it describes itself: `/openapi.json`.

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa::{Modify, OpenApi};

use super::App;
use super::refusal::problem_codes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "叫号 hall-hub",
        description = "One hall: tickets, counters, appointments, and the stream of what happens.\n\n\
            Every error is an RFC 9457 problem with a stable `code`; all codes are listed at `Problem`. What a code means to \
            a citizen is in `title_zh`, what to do about it in `detail`.\n\n\
            A command with an `Idempotency-Key` may be sent again: the same key gives the first reply, on the running day \
            and the next. Keys must be sent where a number or an appointment is given, or a reprint ordered.\n\n\
            Unless the hub runs with open access, devices send `Authorization: Bearer TOKEN`. What each role may do: \
            `kiosk` takes numbers, sees slots, checks in, reports of slips and printers and orders reprints; `counter` works \
            counters and tickets and orders reprints; `booking` books, lists, imports and exports appointments and checks in; \
            `console` all of that; `board` only what every device may: the plan, the state, the stream, the forecast, the \
            printers. Kiosks and boards are not told of needs and appointments."
    ),
    tags(
        (name = "tickets", description = "取号与号的处理"),
        (name = "slips", description = "号票、补打与打印机"),
        (name = "counters", description = "窗口：叫号与办理"),
        (name = "appointments", description = "预约与签到"),
        (name = "hall", description = "大厅方案、状态与事件流"),
        (name = "operation", description = "运行与监视")
    ),
    components(schemas(hall_api::Problem)),
    modifiers(&ProblemCodes, &Tokens)
)]
pub(crate) struct Api;

/// Names every code a problem may have.
struct ProblemCodes;

impl Modify for ProblemCodes {
    fn modify(&self, document: &mut Document) {
        let problem = document.components.as_mut().and_then(|it| it.schemas.get_mut("Problem"));
        if let Some(RefOr::T(Schema::Object(problem))) = problem
            && let Some(RefOr::T(Schema::Object(code))) = problem.properties.get_mut("code")
        {
            code.enum_values = Some(problem_codes().into_iter().map(Into::into).collect());
        }
    }
}

/// Says how a device shows its token.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("token", SecurityScheme::Http(bearer));
        }
        document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

/// `GET /openapi.json`.
pub(crate) fn route(api: Document) -> Router<App> {
    Router::new().route("/openapi.json", get(|| async move { Json(api) }))
}
