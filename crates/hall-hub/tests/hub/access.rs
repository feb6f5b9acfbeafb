//! Tokens and roles.

use std::path::Path;

use hall_hub::{Config, Hub, HubError, JournalError, Role, add_token};
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::harness::{TestHub, config};

fn closed(data: &Path) -> Config {
    Config { open_access: false, ..config(data) }
}

/// A data directory in which a hub has run.
fn begun() -> TempDir {
    let data = TempDir::new().unwrap();
    Hub::start(closed(data.path())).unwrap().stop().unwrap();
    data
}

async fn status_and_code(hub: &TestHub, what: &str) -> (u16, String) {
    let reply = match what {
        "issue" => hub.post_json("/v1/tickets", Some(what), json!({ "service": "id-card" })).await,
        "open" => hub.post("/v1/counters/1/open").await,
        path => hub.get(path).await,
    };
    (reply.status, reply.code().to_owned())
}

#[tokio::test]
async fn each_role_may_do_its_own_and_nothing_more() {
    let data = begun();
    let early = add_token(data.path(), Role::Kiosk, "made while no hub runs").unwrap();
    let config = closed(data.path());
    let mut hub = TestHub::start_with(data, config).await.unwrap();
    let late = |role| add_token(hub.data.path(), role, "made while it runs").unwrap();
    let (counter, board, console) = (late(Role::Counter), late(Role::Board), late(Role::Console));
    let (missing, unknown, forbidden) =
        ((401, "token_missing"), (401, "token_unknown"), (403, "role_forbidden"));
    let (given, ok) = ((201, ""), (200, ""));
    for (token, issue, open, read) in [
        (None, missing, missing, missing),
        (Some("guess"), unknown, unknown, unknown),
        (Some(&early), given, forbidden, ok),
        (Some(&counter), forbidden, ok, ok),
        (Some(&board), forbidden, forbidden, ok),
        (Some(&console), given, ok, ok),
    ] as [(Option<&str>, _, _, _); 6]
    {
        hub = hub.with_token(token);
        let reads = ["/v1/hall", "/v1/snapshot", "/metrics", "/openapi.json"].map(|path| (path, read));
        for (what, expect) in [("issue", issue), ("open", open)].into_iter().chain(reads) {
            let (status, code) = status_and_code(&hub, what).await;
            assert_eq!((status, code.as_str()), expect, "{what} with {token:?}");
        }
        let free = [("/health", 200), ("/v1/follow/1-000000000000", 404), ("/nowhere", 404)];
        for (path, status) in free {
            assert_eq!(hub.get(path).await.status, status, "{path} with {token:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_device_is_told_how_to_ask() {
    let data = TempDir::new().unwrap();
    let config = closed(data.path());
    let hub = TestHub::start_with(data, config).await.unwrap();
    for (authorization, expect) in [
        (None, r#"Bearer realm="hall""#),
        (Some("Basic dXNlcjpwYXNz"), r#"Bearer realm="hall""#),
        (Some("bearer nobody"), r#"Bearer realm="hall", error="invalid_token""#),
    ] {
        let request = hub.request(Method::GET, "/v1/events");
        let request =
            authorization.iter().fold(request, |request, value| request.header("Authorization", *value));
        let response = request.send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["www-authenticate"]),
            (401, &expect.parse().unwrap())
        );
    }
}

#[test]
fn where_no_hub_has_run_there_is_no_token_and_nothing_is_made() {
    let data = TempDir::new().unwrap();
    let blank = TempDir::new().unwrap();
    std::fs::write(blank.path().join("journal.db"), "").unwrap();
    for path in [data.path(), &data.path().join("nowhere"), blank.path()] {
        let refused = add_token(path, Role::Kiosk, "too early").unwrap_err();
        assert!(matches!(refused, HubError::Journal { reason: JournalError::Missing, .. }), "{refused}");
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    assert_eq!(std::fs::read(blank.path().join("journal.db")).unwrap(), b"");
}

#[test]
fn a_token_is_kept_only_as_a_hash() {
    let data = begun();
    let token = add_token(data.path(), Role::Board, "大屏").unwrap();
    assert_eq!(token.len(), 64);
    assert_ne!(add_token(data.path(), Role::Board, "大屏").unwrap(), token);
    for file in std::fs::read_dir(data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
}
