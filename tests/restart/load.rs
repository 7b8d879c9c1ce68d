//! Customers who do not give up: what was not answered is sent again, with the same key, to the next
//! server. Each keeps a record of what they were promised.

use crate::process::token;
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Between two polls, and before something is sent again.
const PAUSE: Duration = Duration::from_millis(40);
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// A customer hangs up right after sending now and then, and sends again.
const HANGS_UP_EVERY: usize = 8;
/// How long somebody who hangs up has waited.
const PATIENCE: Duration = Duration::from_millis(6);
/// Seats in the hall.
pub const SEATS: u32 = 1_000;

/// What all customers share.
pub struct Shop {
    /// Where the server is, while there is one.
    pub address: watch::Receiver<Option<SocketAddr>>,
    pub concert: String,
    pub schedule: String,
    /// Set when everybody should come to an end.
    pub closing: AtomicBool,
}

/// A request with a key, and what it was answered in the end.
#[derive(Debug, Clone)]
pub struct Act {
    pub path: String,
    pub body: Value,
    pub queue_token: Option<String>,
    pub key: String,
    /// How often it was sent without an answer.
    pub unanswered: u32,
    pub replayed: bool,
    pub status: u16,
    pub answer: Value,
}

/// An answer.
pub struct Told {
    pub status: u16,
    pub replayed: bool,
    pub body: Value,
}

/// A customer.
pub struct Customer {
    shop: Arc<Shop>,
    http: reqwest::Client,
    pub user_id: Uuid,
    bearer: String,
    queue_token: Option<String>,
    /// Everything that was asked for with a key, in order.
    pub acts: Vec<Act>,
    /// Reservations that were given back, and acknowledged to be.
    pub withdrawn: Vec<String>,
    turn: u32,
}

impl Customer {
    /// A customer who begins with the seat of this number.
    pub fn new(shop: &Arc<Shop>, first_seat: u32) -> Self {
        let user_id = Uuid::now_v7();
        let http = reqwest::Client::builder().timeout(ANSWER_TIMEOUT).build();
        Self {
            shop: Arc::clone(shop),
            http: http.expect("a client can be made"),
            user_id,
            bearer: token(user_id, "user"),
            queue_token: None,
            acts: Vec::new(),
            withdrawn: Vec::new(),
            turn: first_seat,
        }
    }

    /// Sends a request to whatever server there is; `None` if nothing came back.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Option<Told> {
        let mut address = self.shop.address.clone();
        let address = *address.wait_for(Option::is_some).await.expect("the test is not over");
        let address = address.expect("it was waited for");
        let mut request =
            self.http.request(method, format!("http://{address}{path}")).bearer_auth(&self.bearer);
        if let Some(token) = &self.queue_token {
            request = request.header("x-queue-token", token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let replayed = response.headers().contains_key("idempotency-replayed");
        let bytes = response.bytes().await.ok()?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).expect("every body is JSON")
        };
        Some(Told { status, replayed, body })
    }

    /// Asks until there is an answer; for what may be asked twice.
    pub async fn ask(&self, method: Method, path: &str) -> Told {
        loop {
            if let Some(told) = self.send(method.clone(), path, None, None).await {
                assert!(told.status < 500, "{path}: {} {}", told.status, told.body);
                return told;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Does something once, however often it must be sent.
    async fn act(&mut self, path: String, body: Value) -> Act {
        let key = Uuid::now_v7().to_string();
        let mut unanswered = 0;
        if self.acts.len() % HANGS_UP_EVERY == HANGS_UP_EVERY - 1 {
            let sent = self.send(Method::POST, &path, Some(&body), Some(&key));
            // Whether it was done by then is not known to somebody who hangs up.
            let _ = tokio::time::timeout(PATIENCE, sent).await;
            unanswered += 1;
        }
        let told = loop {
            match self.send(Method::POST, &path, Some(&body), Some(&key)).await {
                Some(told) => break told,
                None => unanswered += 1,
            }
            tokio::time::sleep(PAUSE).await;
        };
        let Told { status, replayed, body: answer } = told;
        assert!(status < 500, "{path}: {status} {answer}");
        let queue_token = self.queue_token.clone();
        let act = Act { path, body, queue_token, key, unanswered, replayed, status, answer };
        self.acts.push(act.clone());
        act
    }

    fn is_closing(&self) -> bool {
        self.shop.closing.load(Ordering::Relaxed)
    }

    async fn charge(&mut self, amount: u64) {
        let path = format!("/v1/users/{}/charges", self.user_id);
        let charged = self.act(path, json!({ "amount": amount })).await;
        assert_eq!(charged.status, 201, "{charged:?}");
    }

    /// Charges a little again and again.
    pub async fn charge_until_closing(mut self) -> Self {
        while !self.is_closing() {
            self.turn += 1;
            self.charge(u64::from(self.turn % 97 + 1)).await;
        }
        self
    }

    /// Buys seat after seat.
    pub async fn buy_until_closing(mut self) -> Self {
        while !self.is_closing() {
            self.turn += 1;
            self.charge(1_500).await;
            self.join().await;
            if !self.wait_until_active().await {
                continue;
            }
            let Some((reservation, amount)) = self.hold().await else { continue };
            if self.turn.is_multiple_of(5) {
                self.withdraw(reservation).await;
                continue;
            }
            let body = json!({ "reservation_id": reservation, "amount": amount });
            let paid = self.act("/v1/payments".to_owned(), body).await;
            assert!([201, 402].contains(&paid.status), "{paid:?}");
            if paid.status == 201 && self.turn.is_multiple_of(4) {
                self.withdraw(reservation).await;
            }
        }
        self
    }

    async fn join(&mut self) {
        self.queue_token = None;
        let path = format!("/v1/concerts/{}/queue-tokens", self.shop.concert);
        let joined = self.ask(Method::POST, &path).await;
        assert!([200, 201].contains(&joined.status), "{}", joined.body);
        self.queue_token = joined.body["token"].as_str().map(str::to_owned);
    }

    /// Polls until the ticket is active; false if it never will be, or everybody goes home.
    async fn wait_until_active(&self) -> bool {
        loop {
            let told = self.ask(Method::GET, "/v1/queue-tokens/current").await;
            match told.body["state"].as_str() {
                Some("active") => return true,
                Some("waiting") if !self.is_closing() => {}
                _ => return false,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Holds a seat; its reservation and price.
    async fn hold(&mut self) -> Option<(String, u64)> {
        let path = format!("/v1/schedules/{}/reservations", self.shop.schedule);
        for _ in 0..20 {
            self.turn += 1;
            let body = if self.turn.is_multiple_of(7) {
                json!({ "best": { "count": 1 } })
            } else {
                json!({ "seats": [self.turn.wrapping_mul(37) % SEATS + 1] })
            };
            let held = self.act(path.clone(), body).await;
            match held.status {
                201 => {
                    let id = held.answer["id"].as_str()?.to_owned();
                    return Some((id, held.answer["amount"].as_u64()?));
                }
                409 if held.answer["code"] == "seat_taken" => {}
                // A hold of an earlier turn, which nobody paid for.
                409 if held.answer["code"] == "hold_exists" => {
                    let id = held.answer["reservation_id"].as_str()?.to_owned();
                    self.withdraw(id).await;
                }
                _ => panic!("{held:?}"),
            }
        }
        None
    }

    async fn withdraw(&mut self, reservation: String) {
        let path = format!("/v1/reservations/{reservation}");
        let told = self.ask(Method::DELETE, &path).await;
        assert_eq!(told.status, 204, "{}", told.body);
        self.withdrawn.push(reservation);
    }

    /// Sends an act again, exactly as it was.
    pub async fn repeat(&mut self, act: &Act) -> Told {
        self.queue_token.clone_from(&act.queue_token);
        let told = self.send(Method::POST, &act.path, Some(&act.body), Some(&act.key)).await;
        told.expect("a server that is not killed answers")
    }
}
