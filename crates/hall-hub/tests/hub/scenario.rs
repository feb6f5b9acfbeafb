//! Scenarios as tables. Every step is sent twice with one key and must be answered alike; a refused one must leave
//! everything as it was.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Reply, TestHub, reply};

/// A hall on which steps are taken.
pub struct Scenario {
    pub hub: TestHub,
    taken: usize,
    /// Of the appointment booked last; stands for `{code}` in steps.
    pub code: String,
}

/// Where it is sent, with a method before it unless it is `POST`; what is said; what must come back: the code of a
/// problem, or a part of the reply.
pub type Step = (&'static str, Value, Value);

/// Nothing is said, or any success will do.
pub const NOTHING: Value = Value::Null;

impl Scenario {
    pub async fn at(time: &str) -> Self {
        Self::on(TestHub::start_full(time).await)
    }

    pub fn on(hub: TestHub) -> Self {
        Self { hub, taken: 0, code: String::new() }
    }

    /// The same hall later in the day.
    pub async fn later(self, time: &str) -> Self {
        Self { hub: self.hub.at(time).await, ..self }
    }

    pub async fn run<const N: usize>(&mut self, steps: [Step; N]) {
        for (what, said, expected) in steps {
            let before = self.hub.state().await;
            let got = self.take(what, &said).await;
            let body = &got.body;
            if expected.is_string() {
                assert_eq!(got.code(), expected, "{what} {said}: {body}");
                assert_eq!(self.hub.state().await, before, "{what} {said} was refused");
            } else {
                let as_expected = expected.is_null() || holds(body, &expected);
                assert!(got.status < 300 && as_expected, "{what} {said}: {} {body}", got.status);
            }
        }
    }

    /// One step; its reply, which is the same when it is sent again.
    pub async fn take(&mut self, what: &str, said: &Value) -> Reply {
        self.taken += 1;
        let key = format!("step-{}", self.taken);
        let first = self.send(what, said, &key).await;
        assert_eq!(self.send(what, said, &key).await, first, "{what} {said}, sent again");
        if let (201, Some(code)) = (first.status, first.body["appointment"]["code"].as_str()) {
            self.code = code.to_owned();
        }
        first
    }

    pub async fn send(&self, what: &str, said: &Value, key: &str) -> Reply {
        let (method, path) = request_of(what);
        let path = path.replace("{code}", &self.code);
        let request = self.hub.request(method, &path).header("Idempotency-Key", key);
        let request = match said {
            Value::Null => request,
            _ => request
                .header("Content-Type", "application/json")
                .body(said.to_string().replace("{code}", &self.code)),
        };
        reply(request.send().await.unwrap()).await
    }

    /// Takes numbers, one after the other.
    pub async fn walk_in<const N: usize>(&mut self, numbers: [&str; N]) {
        for number in numbers {
            let service = match &number[..1] {
                "A" => "id-card",
                "B" => "passport",
                "S" => "accept",
                prefix => panic!("no service of these tests has numbers with {prefix}"),
            };
            let got = self.take("tickets", &json!({ "service": service })).await;
            assert_eq!(got.body["ticket"]["number"], number, "{}", got.body);
        }
    }

    /// Books a slot of the day and gives the code.
    pub async fn book(&mut self, service: &str, time: &str, phone: &str) -> String {
        let booking = json!({ "service": service, "slot": slot(time), "phone": phone });
        let booked = self.take("appointments", &booking).await;
        assert_eq!(booked.status, 201, "{}", booked.body);
        self.code.clone()
    }

    /// Calls to a counter whoever is next, serves them, and tells the number and why it was called.
    pub async fn serve_next(&mut self, counter: u16) -> (String, String) {
        let path = |action: &str| format!("{counter}/{action}");
        let called = self.take(&path("call-next"), &NOTHING).await;
        for action in ["start", "finish"] {
            let done = self.take(&path(action), &NOTHING).await;
            assert_eq!(done.status, 200, "{}", done.body);
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let ticket = &called.body["ticket"];
        (text(&ticket["number"]), text(&ticket["why"]["zh"]))
    }

    /// The types of the events after `seq`.
    pub fn kinds_after(&self, seq: u64) -> Vec<String> {
        let events = self.hub.events_after(seq);
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn seq(&self) -> u64 {
        self.hub.state().await["seq"].as_u64().unwrap()
    }
}

/// The method and the path of a step.
pub fn request_of(what: &str) -> (Method, String) {
    let (method, path) = what.split_once(' ').unwrap_or(("POST", what));
    let path = match path.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("/v1/counters/{path}"),
        false => format!("/v1/{path}"),
    };
    (method.parse().unwrap(), path)
}

/// A slot of the day as it is sent.
pub fn slot(time: &str) -> String {
    format!("2026-11-23T{time}:00+08:00")
}

/// Whether `body` has at least what is expected of it.
fn holds(body: &Value, expected: &Value) -> bool {
    match (body, expected) {
        (Value::Object(body), Value::Object(expected)) => {
            expected.iter().all(|(name, expected)| holds(body.get(name).unwrap_or(&Value::Null), expected))
        }
        _ => body == expected,
    }
}
