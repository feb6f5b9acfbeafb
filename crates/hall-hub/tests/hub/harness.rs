//! A hub on a port of its own, and a client that says what came back.

use std::path::Path;
use std::time::Duration;

use hall_core::{Plan, Timestamp};
use hall_hub::{Config, Hub, HubError};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Nothing in these tests may take longer.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub fn plan() -> Plan {
    Plan::from_toml(include_str!("plan.toml")).unwrap()
}

/// Half past nine on a working day.
pub fn morning() -> Timestamp {
    "2026-11-23T09:30:00+08:00".parse().unwrap()
}

pub fn config(data: &Path) -> Config {
    Config { plan: plan(), data: data.to_owned(), open_access: true, now: Some(morning()) }
}

pub struct TestHub {
    pub url: String,
    pub data: TempDir,
    pub client: reqwest::Client,
    token: Option<String>,
    shutdown: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), HubError>>,
}

/// A status and a body.
#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    /// The code of a problem; empty for anything else.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl TestHub {
    /// A new hall in the morning, open to all.
    pub async fn start() -> Self {
        Self::start_in(TempDir::new().unwrap()).await
    }

    pub async fn start_in(data: TempDir) -> Self {
        let config = config(data.path());
        Self::start_with(data, config).await.unwrap()
    }

    pub async fn start_with(data: TempDir, config: Config) -> Result<Self, HubError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown, stop) = oneshot::channel();
        let hub = Hub::start(config)?;
        let serving = tokio::spawn(hub.serve(listener, async { _ = stop.await }));
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Ok(Self { url, data, client, token: None, shutdown, serving })
    }

    /// The same hub, asked with a token.
    pub fn with_token(self, token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..self }
    }

    pub async fn stop(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
        self.data
    }

    pub async fn restart(self) -> Self {
        Self::start_in(self.stop().await).await
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        reply(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// A command without a body.
    pub async fn post(&self, path: &str) -> Reply {
        reply(self.request(Method::POST, path).send().await.unwrap()).await
    }

    pub async fn post_json(&self, path: &str, key: Option<&str>, body: Value) -> Reply {
        let request = self.request(Method::POST, path).json(&body);
        let request = match key {
            Some(key) => request.header("Idempotency-Key", key),
            None => request,
        };
        reply(request.send().await.unwrap()).await
    }

    pub async fn issue(&self, key: &str, service: &str) -> Reply {
        self.post_json("/v1/tickets", Some(key), json!({ "service": service })).await
    }

    /// Commands that must succeed, in order; gives the last reply.
    pub async fn all(&self, paths: &[&str]) -> Reply {
        let mut last = None;
        for path in paths {
            let reply = self.post(path).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            last = Some(reply);
        }
        last.unwrap()
    }

    /// The state, without the time.
    pub async fn state(&self) -> Value {
        let mut body = self.get("/v1/snapshot").await.body;
        body["now"] = Value::Null;
        body
    }
}

pub async fn reply(response: Response) -> Reply {
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let kind = kind.unwrap_or_default();
    if status >= 400 {
        assert_eq!(kind, "application/problem+json");
    }
    let text = response.text().await.unwrap();
    let body = if kind.contains("json") { serde_json::from_str(&text).unwrap() } else { json!(text) };
    if status >= 400 {
        assert_eq!(body["status"], status);
        assert!(!body["title_zh"].as_str().unwrap().is_ascii(), "{body}");
    }
    Reply { status, body }
}
