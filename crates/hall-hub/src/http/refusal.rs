//! Everything a request can be refused for, as RFC 9457 problems.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hall_api::Problem;
use hall_core::Rejection;

use crate::hall_thread::Refusal;
use crate::json;

/// A refused request.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    problem: Box<Problem>,
    header: Option<(&'static str, &'static str)>,
}

/// Left on the response for the metrics.
#[derive(Clone, Copy)]
pub(crate) struct ProblemCode(pub &'static str);

impl Refused {
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: impl Into<String>,
        title_zh: impl Into<String>,
    ) -> Self {
        let problem = Box::new(Problem::new(status.as_u16(), code, title, title_zh));
        Self { status, code, problem, header: None }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// 401: no token was sent.
    pub fn token_missing() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token_missing",
            "this hub asks for a token",
            "此主机需要设备令牌",
        )
        .detail("send Authorization: Bearer TOKEN; make a token with hall-hub token")
        .header("www-authenticate", "Bearer realm=\"hall\"")
    }

    /// 401: the token is not one of this hub's.
    pub fn token_unknown() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token_unknown",
            "this hub does not know the token",
            "设备令牌无效",
        )
        .detail("make a new token with hall-hub token")
        .header("www-authenticate", "Bearer realm=\"hall\", error=\"invalid_token\"")
    }

    /// 403: the token's role does not allow it.
    pub fn role_forbidden() -> Self {
        let title = "the token's role does not allow this";
        Self::new(StatusCode::FORBIDDEN, "role_forbidden", title, "此设备无权进行该操作")
    }

    /// 500: the hub's own fault, told in the log.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the hub failed", "主机内部错误")
            .detail("see the hub's log")
    }

    /// 503: as many streams are open as the hub keeps.
    pub fn too_many_streams() -> Self {
        let title = "too many event streams are open";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", title, "连接的终端过多，请稍候再试")
            .detail("one stream serves a whole terminal: close those no longer read, then try again")
            .header("retry-after", "5")
    }

    fn busy() -> Self {
        let title = "too many commands are waiting";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "hub_busy", title, "系统繁忙，请稍候再试")
            .detail("send it again with the same idempotency key after a second")
            .header("retry-after", "1")
    }

    fn stopping() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "hub_stopping", "the hub is stopping", "主机正在停止")
            .detail("whether the command was written is not known: send it again later with the same idempotency key")
    }

    fn key_reused() -> Self {
        let title = "the idempotency key was used for another command before";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", title, "幂等键已用于另一操作")
            .detail("make a new key for every new command")
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rejected(rejection) => {
                Self::new(status_of(&rejection), rejection.code(), rejection.to_string(), rejection.zh())
            }
            Refusal::KeyReused => Self::key_reused(),
            Refusal::Busy => Self::busy(),
            Refusal::Stopping => Self::stopping(),
        }
    }
}

fn status_of(rejection: &Rejection) -> StatusCode {
    match rejection {
        Rejection::UnknownCounter(_) => StatusCode::NOT_FOUND,
        Rejection::UnknownService(_)
        | Rejection::UnknownClass(_)
        | Rejection::PauseReason { .. }
        | Rejection::PlanFaulty(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::NoPlan
        | Rejection::PlanConflict(_)
        | Rejection::DayNotLater(_)
        | Rejection::DayClosed
        | Rejection::ServiceClosed(_)
        | Rejection::CounterClosed(_)
        | Rejection::CounterPaused(_)
        | Rejection::CounterBusy(_)
        | Rejection::NothingCalled(_)
        | Rejection::NothingServing(_)
        | Rejection::RecallLimit { .. }
        | Rejection::SameService(_) => StatusCode::CONFLICT,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json::text(&self.problem);
        let mut response = (self.status, self.header.map(|header| [header]), body).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.extensions_mut().insert(ProblemCode(self.code));
        response
    }
}

/// 404 for a path that leads nowhere.
pub(crate) async fn no_such_path(uri: Uri) -> Refused {
    Refused::new(StatusCode::NOT_FOUND, "no_such_path", "there is nothing at this path", "没有这个地址")
        .detail(format!("{}: see /openapi.json", uri.path()))
}

/// 405 for a path that takes other methods.
pub(crate) async fn no_such_method(method: Method, uri: Uri) -> Refused {
    let title = "the path does not take this method";
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "no_such_method", title, "该地址不支持此请求方法")
        .detail(format!("{method} {}: see /openapi.json", uri.path()))
}
