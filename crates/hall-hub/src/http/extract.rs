//! What requests carry: bodies, keys and counter numbers, each refused as a problem when it cannot be read.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hall_api::IDEMPOTENCY_KEY;
use hall_core::CounterNumber;
use serde::de::DeserializeOwned;

use super::refusal::Refused;
use crate::key::Key;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub T);

/// No body, or an empty object.
pub(crate) struct NoBody;

/// The idempotency key, which must be there.
pub(crate) struct RequiredKey(pub Key);

/// The idempotency key, which may be left out.
pub(crate) struct OptionalKey(pub Option<Key>);

/// The counter in the path.
pub(crate) struct Counter(pub CounterNumber);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        if !is_json(request.headers()) {
            let title = "the body must be JSON";
            return Err(Refused::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                title,
                "请求内容须为 JSON",
            )
            .detail("send Content-Type: application/json"));
        }
        let bytes = body(request, state).await?;
        // serde would take an array for the fields in their order.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(bad_json("expected an object, found an array"));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| bad_json(error.to_string()))
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let bytes = body(request, state).await?;
        let text = bytes.trim_ascii();
        if text.is_empty() || text == b"{}" {
            Ok(Self)
        } else {
            Err(bad_json("this command takes no body, or {}"))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for RequiredKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        key(&parts.headers)?.map(Self).ok_or_else(|| {
            let title = "this command needs an idempotency key";
            Refused::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", title, "缺少幂等键")
                .detail(format!("send {IDEMPOTENCY_KEY}, and the same again when repeating the command"))
        })
    }
}

impl<S: Sync> FromRequestParts<S> for OptionalKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        key(&parts.headers).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Counter {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Path::<u16>::from_request_parts(parts, state).await {
            Ok(Path(number)) => Ok(Self(CounterNumber(number))),
            Err(error) => {
                let title = "the counter must be a number such as 12";
                Err(Refused::new(
                    StatusCode::BAD_REQUEST,
                    "bad_counter_number",
                    title,
                    "窗口号须为数字，如 12",
                )
                .detail(error.body_text()))
            }
        }
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refused> {
    Bytes::from_request(request, state).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let title = "the body is longer than 16 KB";
            Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", title, "请求内容超过 16 KB")
        }
        _ => Refused::new(
            StatusCode::BAD_REQUEST,
            "bad_body",
            "the body did not arrive whole",
            "请求内容不完整",
        )
        .detail(error.body_text()),
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn bad_json(detail: impl Into<String>) -> Refused {
    let title = "the body cannot be read";
    Refused::new(StatusCode::BAD_REQUEST, "bad_json", title, "请求内容无法识别").detail(detail)
}

fn key(headers: &HeaderMap) -> Result<Option<Key>, Refused> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| text.parse().ok());
    key.map(Some).ok_or_else(|| {
        let title = "the idempotency key cannot be used";
        Refused::new(StatusCode::BAD_REQUEST, "idempotency_key_bad", title, "幂等键格式不正确")
            .detail("1 to 64 visible ASCII characters")
    })
}
