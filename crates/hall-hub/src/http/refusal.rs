//! Everything a request can be refused for, as RFC 9457 problems.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hall_api::Problem;
use hall_core::Rejection;
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::fault::Fault;
use super::rejected::{advice, codes_of_rejections, status_of};
use crate::hall_thread::Refusal;
use crate::json;
use crate::persons::NoPerson;

const KIND: &str = "application/problem+json";

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

/// Every code a problem may have.
pub(crate) fn problem_codes() -> Vec<String> {
    let faults = Fault::ALL.iter().map(|fault| fault.code().to_owned());
    faults.chain(codes_of_rejections()).collect()
}

impl Refused {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: impl Into<String>,
        title_zh: impl Into<String>,
    ) -> Self {
        let problem = Box::new(Problem::new(status.as_u16(), code, title, title_zh));
        Self { status, code, problem, header: None }
    }

    /// The same, saying what to do.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// As one line of an imported file is refused.
    pub fn into_problem(self) -> Problem {
        *self.problem
    }

    /// 401: no token was sent.
    pub fn token_missing() -> Self {
        Self::from(Fault::TokenMissing)
            .detail("send Authorization: Bearer TOKEN; make a token with hall-hub token")
            .header("www-authenticate", "Bearer realm=\"hall\"")
    }

    /// 401: the token is not one of this hub's.
    pub fn token_unknown() -> Self {
        Self::from(Fault::TokenUnknown)
            .detail("make a new token with hall-hub token")
            .header("www-authenticate", "Bearer realm=\"hall\", error=\"invalid_token\"")
    }

    /// 403: the token's role does not allow it.
    pub fn role_forbidden() -> Self {
        Fault::RoleForbidden.into()
    }

    /// 500: the hub's own fault, told in the log.
    pub fn internal() -> Self {
        Self::from(Fault::Internal).detail("see the hub's log")
    }

    /// 503: as many streams are open as the hub keeps.
    pub fn too_many_streams() -> Self {
        Self::from(Fault::TooManyStreams)
            .detail("one stream serves a whole terminal: close those no longer read, then try again")
            .header("retry-after", "5")
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        let (title, title_zh) = fault.titles();
        Self::new(fault.status(), fault.code(), title, title_zh)
    }
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        let (title, title_zh) = (rejection.to_string(), rejection.zh());
        let refused = Self::new(status_of(&rejection), rejection.code(), title, title_zh);
        match advice(&rejection) {
            Some(advice) => refused.detail(advice),
            None => refused,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rejected(rejection) => rejection.into(),
            Refusal::KeyReused => Self::from(Fault::KeyReused).detail("make a new key for every new command"),
            Refusal::Busy => Self::from(Fault::Busy)
                .detail("send it again with the same idempotency key after a second")
                .header("retry-after", "1"),
            Refusal::Stopping => Self::from(Fault::Stopping).detail(
                "whether the command was written is not known: send it again later with the same idempotency key",
            ),
        }
    }
}

impl From<NoPerson> for Refused {
    fn from(no_person: NoPerson) -> Self {
        match no_person {
            NoPerson::Unreadable => Self::from(Fault::BadPerson).detail(
                "请填写 1 至 64 个字符的证件号码 / send the number of a document, 1 to 64 characters",
            ),
            NoPerson::DayClosed => Rejection::DayClosed.into(),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json::text(&self.problem);
        let mut response = (self.status, self.header.map(|header| [header]), body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(KIND));
        response.extensions_mut().insert(ProblemCode(self.code));
        response
    }
}

/// As the interface describes it, the same for every route.
impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
        let response = ResponseBuilder::new().description("Refused, nothing changed: a problem document");
        BTreeMap::from([("default".to_owned(), RefOr::T(response.content(KIND, problem).build()))])
    }
}

/// 404 for a path that leads nowhere.
pub(crate) async fn no_such_path(uri: Uri) -> Refused {
    Refused::from(Fault::NoSuchPath).detail(format!("{}: see /openapi.json", uri.path()))
}

/// 405 for a path that takes other methods.
pub(crate) async fn no_such_method(method: Method, uri: Uri) -> Refused {
    Refused::from(Fault::NoSuchMethod).detail(format!("{method} {}: see /openapi.json", uri.path()))
}
