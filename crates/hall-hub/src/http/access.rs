//! Who may use which routes: devices show a token, the token has a role.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use hall_api::Audience;

use super::App;
use super::refusal::Refused;
use crate::tokens::Role;

/// A guard before routes.
#[derive(Clone)]
pub(crate) struct Gate {
    pub app: App,
    /// Which roles may pass.
    pub may: fn(Role) -> bool,
}

/// Lets a request pass when its token has a role that may, and leaves on it who listens; always with open access, as staff.
pub(crate) async fn require_role(
    State(gate): State<Gate>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let mut audience = Audience::Staff;
    if let Some(tokens) = &gate.app.tokens {
        let token = bearer(request.headers()).ok_or_else(Refused::token_missing)?;
        let role = tokens.role(token).map_err(|error| {
            tracing::error!(%error, "the tokens cannot be read");
            Refused::internal()
        })?;
        let role = role.ok_or_else(Refused::token_unknown)?;
        if !(gate.may)(role) {
            return Err(Refused::role_forbidden());
        }
        audience = role.audience();
    }
    request.extensions_mut().insert(audience);
    Ok(next.run(request).await)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
