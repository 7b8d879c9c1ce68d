//! A client that speaks the contract: one person, with their bearer token and, once they joined, their
//! queue token.

use crate::contract;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null if there is none.
    pub body: Value,
}

impl Answer {
    /// The code of a problem; empty if it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id in the body.
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// A text in the body.
    pub fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("no {field} in {self:?}")).to_owned()
    }

    /// This answer, if it has `status`.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use, reason = "often only the status is of interest")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Checks that it is this problem.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
    }
}

/// One person's client.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Of the servers, which take turns.
    addresses: Arc<[SocketAddr]>,
    turn: Arc<AtomicUsize>,
    /// Who it is.
    pub user_id: Uuid,
    /// Sent with every request.
    pub headers: HeaderMap,
}

impl Client {
    /// A client of nobody.
    pub fn new(address: SocketAddr) -> Self {
        Self::of_any([address])
    }

    /// A client of nobody that sends each request to the next of these servers.
    pub fn of_any(addresses: impl Into<Arc<[SocketAddr]>>) -> Self {
        let http = reqwest::Client::new();
        let (addresses, turn) = (addresses.into(), Arc::default());
        Self { http, addresses, turn, user_id: Uuid::nil(), headers: HeaderMap::new() }
    }

    /// The same client with a bearer token.
    #[must_use]
    pub fn of(self, user_id: Uuid, token: impl Into<String>) -> Self {
        let bearer = format!("Bearer {}", token.into());
        Self { user_id, ..self }.with("authorization", &bearer)
    }

    /// The same client of another server.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { addresses: [address].into(), ..self.clone() }
    }

    /// The same client with another header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("tests send valid headers");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// The same client with a queue token.
    #[must_use]
    pub fn with_queue_token(self, token: &str) -> Self {
        self.with("x-queue-token", token)
    }

    /// The same client without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sends a request with a body of bytes and a media type.
    pub async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let url = format!("http://{}{path}", self.addresses[turn % self.addresses.len()]);
        let mut request = self.http.request(method.clone(), url).headers(self.headers.clone());
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body);
        }
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("the answer arrives whole");
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).expect("every body is JSON")
        };
        let answer = Answer { status, headers, body };
        contract::check(&method, path, &answer);
        answer
    }

    /// Opens `GET path` and leaves its body to be read as it comes.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        let url = format!("http://{}{path}", self.addresses[0]);
        let request = self.http.get(url).headers(self.headers.clone());
        request.send().await.expect("the server answers")
    }

    /// `GET path`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// `DELETE path`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// `POST path`, with a new idempotency key unless the client has one.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let client = if self.headers.contains_key("idempotency-key") {
            self.clone()
        } else {
            self.clone().with("idempotency-key", &Uuid::now_v7().to_string())
        };
        client.send(Method::POST, path, Some(("application/json", body.to_string().into()))).await
    }

    /// `PATCH path`
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        let body = Some(("application/json", body.to_string().into()));
        self.send(Method::PATCH, path, body).await
    }

    /// Creates a concert; its id.
    pub async fn concert(&self, body: &Value) -> String {
        self.post("/v1/concerts", body).await.expect(201).id()
    }

    /// Adds a schedule with one section `R` of `rows` × `seats_per_row` seats, `starts_in_seconds` after
    /// `now`; its id.
    pub async fn schedule(&self, concert_id: &str, rows: u32, seats_per_row: u32) -> String {
        let section =
            json!({ "name": "R", "rows": rows, "seats_per_row": seats_per_row, "price": 1_000 });
        let body = json!({ "starts_at": "2026-12-24T10:00:00Z", "venue": "Olympic Hall",
            "sections": [section] });
        self.post(&format!("/v1/concerts/{concert_id}/schedules"), &body).await.expect(201).id()
    }

    /// Joins a queue; the client with its queue token.
    pub async fn joined(self, concert_id: &str) -> Self {
        let path = format!("/v1/concerts/{concert_id}/queue-tokens");
        let answer = self.post(&path, &Value::Null).await;
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        let token = answer.text("token");
        self.with_queue_token(&token)
    }

    /// `GET /v1/queue-tokens/current`
    pub async fn poll(&self) -> Answer {
        self.get("/v1/queue-tokens/current").await
    }

    /// Tries to hold seats.
    pub async fn hold(&self, schedule_id: &str, seats: &[u32]) -> Answer {
        let path = format!("/v1/schedules/{schedule_id}/reservations");
        self.post(&path, &json!({ "seats": seats })).await
    }

    /// Charges the client's own balance.
    pub async fn charge(&self, amount: u64) -> Answer {
        let path = format!("/v1/users/{}/charges", self.user_id);
        self.post(&path, &json!({ "amount": amount })).await
    }

    /// Tries to pay.
    pub async fn pay(&self, reservation_id: &str, amount: u64) -> Answer {
        let body = json!({ "reservation_id": reservation_id, "amount": amount });
        self.post("/v1/payments", &body).await
    }

    /// `GET` of the client's own balance.
    pub async fn balance(&self) -> Answer {
        self.get(&format!("/v1/users/{}/balance", self.user_id)).await
    }
}
