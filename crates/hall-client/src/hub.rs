//! Commands to the hub.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use hall_api::{IDEMPOTENCY_KEY, IssueReply, IssueTicket, Problem, View};
use hall_core::{CounterNumber, Plan};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ClientError, Key};

/// How long one try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a command is tried again, with the same key, before the person is told that the hub is away.
const PATIENCE: Duration = Duration::from_secs(8);

const EVENT_STREAM: &str = "text/event-stream";

/// A hub as a terminal sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    http: Client,
    base: Url,
    token: Option<String>,
}

impl Hub {
    /// A hub at `url`, such as `http://192.168.1.10:7900`; nothing is sent yet. The token is the device's, unless
    /// the hub runs with open access.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self, ClientError> {
        let base = Url::parse(url).map_err(|_| ClientError::Address(url.to_owned()))?;
        if base.cannot_be_a_base() || base.scheme() != "http" {
            return Err(ClientError::Address(url.to_owned()));
        }
        let http = Client::builder().no_proxy().connect_timeout(TRY_TIMEOUT).tcp_nodelay(true).build()?;
        Ok(Self { http, base, token: token.map(str::to_owned) })
    }

    /// The plan in force.
    pub async fn plan(&self) -> Result<Plan, ClientError> {
        self.get("v1/hall", &[]).await
    }

    /// The whole state as of the last event.
    pub async fn snapshot(&self) -> Result<View, ClientError> {
        self.get("v1/snapshot", &[]).await
    }

    /// Takes a number.
    pub async fn issue(&self, wish: &IssueTicket) -> Result<IssueReply, ClientError> {
        self.issue_once(wish, &Key::random()).await
    }

    /// Takes a number, or gives the one that was taken for the same wish with this key.
    ///
    /// For who may have to ask again after an error that [leaves open](ClientError::leaves_open) whether a number was given.
    pub async fn issue_once(&self, wish: &IssueTicket, key: &Key) -> Result<IssueReply, ClientError> {
        self.post("v1/tickets", wish, key).await
    }

    /// Opens the event stream after `last_seq`, or from a snapshot.
    pub(crate) async fn events(&self, last_seq: Option<u64>) -> Result<Response, ClientError> {
        let mut request = self.request(Method::GET, "v1/events").header(ACCEPT, EVENT_STREAM);
        if let Some(seq) = last_seq {
            request = request.header("Last-Event-ID", seq.to_string());
        }
        let reply = request.send().await?;
        let status = reply.status();
        if !status.is_success() {
            return Err(refusal(status, &reply.bytes().await?));
        }
        let kind = reply.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with(EVENT_STREAM) {
            return Ok(reply);
        }
        Err(ClientError::Unreadable(format!("content of type {kind:?} instead of events")))
    }

    pub(crate) async fn get<R: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<R, ClientError> {
        let mut request = self.request(Method::GET, path).timeout(TRY_TIMEOUT);
        if !query.is_empty() {
            request = request.query(query);
        }
        read(request.send().await?).await
    }

    pub(crate) async fn post_counter<R: DeserializeOwned>(
        &self,
        counter: CounterNumber,
        action: &str,
        body: &impl Serialize,
    ) -> Result<R, ClientError> {
        self.post(&format!("v1/counters/{counter}/{action}"), body, &Key::random()).await
    }

    pub(crate) async fn post<R: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        key: &Key,
    ) -> Result<R, ClientError> {
        self.send(Method::POST, path, body, key).await
    }

    pub(crate) async fn send<R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
        key: &Key,
    ) -> Result<R, ClientError> {
        let attempt = || async {
            let request = self.request(method.clone(), path).header(IDEMPOTENCY_KEY, key.as_str());
            read(request.timeout(TRY_TIMEOUT).json(body).send().await?).await
        };
        let backoff = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(2))
            .without_max_times()
            .with_jitter();
        let tries = attempt
            .retry(backoff)
            .when(ClientError::is_passing)
            .notify(|error: &ClientError, wait| tracing::debug!(path, %error, ?wait, "trying again"));
        match tokio::time::timeout(PATIENCE, tries).await {
            Ok(result) => result,
            Err(_) => Err(ClientError::Away(format!("no answer to {path} within {} s", PATIENCE.as_secs()))),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{path}", self.base.path().trim_end_matches('/')));
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

/// The body of a command that needs none.
#[derive(Serialize)]
pub(crate) struct NoBody {}

async fn read<R: DeserializeOwned>(reply: Response) -> Result<R, ClientError> {
    let status = reply.status();
    // Not `Response::json`: it calls a reply cut off on the way undecodable, and such a command is to be sent again.
    let body = reply.bytes().await?;
    if !status.is_success() {
        return Err(refusal(status, &body));
    }
    serde_json::from_slice(&body).map_err(|error| ClientError::Unreadable(error.to_string()))
}

fn refusal(status: StatusCode, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => ClientError::Refused(Box::new(problem)),
        Err(_) => ClientError::Unreadable(format!("HTTP status {status} without a problem document")),
    }
}
