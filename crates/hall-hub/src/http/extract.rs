//! What requests carry: bodies, keys, and what stands in the path, each refused as a problem when it cannot be read.
//! Each says how it is described, so that routes need not.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hall_api::{IDEMPOTENCY_KEY, TicketRef};
use hall_core::{CounterNumber, PrinterId, TicketId, TicketNumber};
use serde::de::DeserializeOwned;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::{IntoParams, openapi};

use super::fault::Fault;
use super::refusal::Refused;
use crate::key::Key;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub T);

/// A JSON body that may be left out.
pub(crate) struct OptionalBody<T>(pub T);

/// No body, or an empty object.
pub(crate) struct NoBody;

/// The idempotency key, which must be there.
pub(crate) struct RequiredKey(pub Key);

/// The idempotency key, which may be left out.
pub(crate) struct OptionalKey(pub Option<Key>);

/// The counter in the path.
pub(crate) struct Counter(pub CounterNumber);

/// The ticket in the path, by its id or by its number; none for a text that can be neither.
pub(crate) struct PathTicket(pub Option<TicketRef>);

/// The printer in the path, whatever its name.
pub(crate) struct PathPrinter(pub PrinterId);

/// The code in the path, whatever it is.
pub(crate) struct Code(pub String);

/// What is asked for after the `?`; names that nobody knows are refused.
pub(crate) struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        if !is_json(request.headers()) {
            return Err(Refused::from(Fault::NotJson).detail("send Content-Type: application/json"));
        }
        parsed(&body(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let says_json = is_json(request.headers());
        let bytes = body(request, state).await?;
        if is_blank(&bytes) {
            return Ok(Self(T::default()));
        }
        if !says_json {
            return Err(Refused::from(Fault::NotJson).detail("send Content-Type: application/json"));
        }
        parsed(&bytes).map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        if is_blank(&body(request, state).await?) {
            Ok(Self)
        } else {
            Err(bad_json("this command takes no body, or {}"))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for RequiredKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let missing = || {
            let detail = format!("send {IDEMPOTENCY_KEY}, and the same again when repeating the command");
            Refused::from(Fault::KeyMissing).detail(detail)
        };
        key(&parts.headers)?.map(Self).ok_or_else(missing)
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
            Err(error) => Err(Refused::from(Fault::BadCounterNumber).detail(error.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathTicket {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Code(text) = Code::from_request_parts(parts, state).await?;
        Ok(Self(match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().ok().map(|id| TicketRef::Id(TicketId(id))),
            false => Some(TicketRef::Number(TicketNumber::from(text.as_str()))),
        }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathPrinter {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Code(text) = Code::from_request_parts(parts, state).await?;
        Ok(Self(PrinterId::from(text.as_str())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Code {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        // What is no text is no code either, and found nowhere.
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(text.map(|Path(text)| text).unwrap_or_default()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let asked = Query::from_request_parts(parts, state).await;
        asked
            .map(|Query(asked)| Self(asked))
            .map_err(|error| Refused::from(Fault::BadQuery).detail(error.body_text()))
    }
}

/// The body as it came.
pub(super) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refused> {
    Bytes::from_request(request, state).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refused::from(Fault::BodyTooLarge).detail("at most 16 KB, or 2 MB for an imported file")
        }
        _ => Refused::from(Fault::BadBody).detail(error.body_text()),
    })
}

/// The media type of the body, in lower case, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn is_blank(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii(), b"" | b"{}")
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    // serde would take an array for the fields in their order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(bad_json("expected an object, found an array"));
    }
    serde_json::from_slice(bytes).map_err(|error| bad_json(error.to_string()))
}

fn bad_json(detail: impl Into<String>) -> Refused {
    Refused::from(Fault::BadJson).detail(detail)
}

fn key(headers: &HeaderMap) -> Result<Option<Key>, Refused> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| text.parse().ok());
    key.map(Some).ok_or_else(|| Refused::from(Fault::KeyBad).detail("1 to 64 visible ASCII characters"))
}

/// Makes extractors describe themselves: name, place, whether required, type, description.
macro_rules! parameters {
    ($($extractor:ident $name:literal $place:ident $required:ident $type:ident $description:literal)*) => {
        $(impl IntoParams for $extractor {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                let schema = ObjectBuilder::new().schema_type(Type::$type);
                let parameter = ParameterBuilder::new()
                    .name($name)
                    .parameter_in(ParameterIn::$place)
                    .required(openapi::Required::$required)
                    .description(Some($description))
                    .schema(Some(schema));
                vec![parameter.build()]
            }
        })*
    };
}

parameters! {
    RequiredKey "Idempotency-Key" Header True String "1 to 64 visible ASCII characters; the same key gives the same reply"
    OptionalKey "Idempotency-Key" Header False String "Makes the command safe to repeat"
    Counter "number" Path True Integer "The counter"
    PathTicket "ticket" Path True String "Id of the ticket, or its number such as A012"
    PathPrinter "printer" Path True String "The printer's name: 1 to 64 letters, digits, - and _"
    Code "code" Path True String "The code of the appointment, such as Y7-5F3A9C0B12D4"
}
