//! A hub on a port of its own, and a client that says what came back.

use std::path::Path;
use std::time::Duration;

use hall_core::{BusinessDay, Plan, Timestamp, UtcOffset};
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

/// A hall with everything a plan can say.
pub fn full_plan() -> Plan {
    Plan::from_toml(include_str!("full.toml")).unwrap()
}

/// The hall's clock on the day of these tests, a Monday.
pub fn clock(time: &str) -> Timestamp {
    let (hours, minutes) = time.split_once(':').unwrap();
    let minute = hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap();
    Timestamp::at(BusinessDay::constant(2026, 11, 23), minute, UtcOffset::default())
}

/// Half past nine on a working day.
pub fn morning() -> Timestamp {
    clock("09:30")
}

pub fn config(data: &Path) -> Config {
    Config { plan: plan(), data: data.to_owned(), open_access: true, now: Some(morning()) }
}

pub struct TestHub {
    pub url: String,
    pub data: TempDir,
    pub client: reqwest::Client,
    token: Option<String>,
    config: Config,
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
        let hub = Hub::start(config.clone())?;
        let serving = tokio::spawn(hub.serve(listener, async { _ = stop.await }));
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Ok(Self { url, data, client, token: None, config, shutdown, serving })
    }

    /// A new hall with everything, at a time of the day.
    pub async fn start_full(time: &str) -> Self {
        Self::start_planned(full_plan(), time).await
    }

    pub async fn start_planned(plan: Plan, time: &str) -> Self {
        let data = TempDir::new().unwrap();
        let config = Config { plan, now: Some(clock(time)), ..config(data.path()) };
        Self::start_with(data, config).await.unwrap()
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

    /// The same hall after a restart.
    pub async fn restart(self) -> Self {
        let config = self.config.clone();
        Self::start_with(self.stop().await, config).await.unwrap()
    }

    /// The same hall later in the day: halls cannot wait in tests, but they can be started late.
    pub async fn at(self, time: &str) -> Self {
        let config = Config { now: Some(clock(time)), ..self.config.clone() };
        Self::start_with(self.stop().await, config).await.unwrap()
    }

    /// What the disk holds at this moment, as a killed hub leaves it.
    pub fn files_now(&self) -> TempDir {
        let copy = TempDir::new().unwrap();
        for file in std::fs::read_dir(self.data.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        copy
    }

    /// A hub on the files this one would leave if it were killed now.
    pub async fn killed_copy(&self) -> Self {
        let data = self.files_now();
        let config = Config { data: data.path().to_owned(), ..self.config.clone() };
        Self::start_with(data, config).await.unwrap()
    }

    /// The events after `seq`, as the journal holds them.
    pub fn events_after(&self, seq: u64) -> Vec<Value> {
        let journal = rusqlite::Connection::open(self.data.path().join("journal.db")).unwrap();
        let mut select = journal.prepare("SELECT body FROM event WHERE seq > ?1 ORDER BY seq").unwrap();
        let bodies = select.query_map([seq], |row| row.get::<_, String>(0)).unwrap();
        bodies.map(|body| serde_json::from_str(&body.unwrap()).unwrap()).collect()
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
    let mut body = if kind.contains("json") { serde_json::from_str(&text).unwrap() } else { json!(text) };
    // A forecast is as of the moment of asking.
    for told in ["", "/ticket"] {
        if let Some(Value::Object(told)) = body.pointer_mut(told) {
            told.remove("wait");
        }
    }
    if status >= 400 {
        assert_eq!(body["status"], status);
        assert!(!body["title_zh"].as_str().unwrap().is_ascii(), "{body}");
    }
    Reply { status, body }
}
