//! Customers who do not give up: what was not answered is sent again, with the same key, to whatever
//! server there is. Each keeps a record of what they were promised; `promises` compares it with what
//! there is in the end.

use crate::process::token;
use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
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

/// What all customers share.
pub struct Shop {
    /// Where the servers are that there are; requests go to one after the other.
    pub servers: watch::Receiver<Vec<SocketAddr>>,
    /// What is sold.
    pub concert: String,
    /// When.
    pub schedule: String,
    /// Seats in the hall.
    pub seats: u32,
    /// How long a customer rests after each thing done.
    pub rest: Duration,
    /// Whether the database goes away now and then, so that customers are told to come back later.
    pub has_outages: bool,
    /// How often they were told so.
    pub told_unavailable: AtomicU32,
    /// Set when everybody should come to an end.
    pub closing: AtomicBool,
}

impl Shop {
    /// One whose database stays, and whose customers don't rest.
    pub fn new(
        servers: watch::Receiver<Vec<SocketAddr>>,
        (concert, schedule): (String, String),
        seats: u32,
    ) -> Self {
        Self {
            servers,
            concert,
            schedule,
            seats,
            rest: Duration::ZERO,
            has_outages: false,
            told_unavailable: AtomicU32::new(0),
            closing: AtomicBool::new(false),
        }
    }

    /// Checks that an answer of the 5xx is what an outage is answered with; whether the request may have
    /// been carried out all the same.
    fn note_unavailable(&self, asked: &str, told: &Told, retry_after: Option<u32>) -> bool {
        let Told { status, body, .. } = told;
        assert!(self.has_outages, "{asked}: {status} {body}");
        let code = body["code"].as_str().unwrap_or_default();
        let is_known = match code {
            "charge_failed" => asked.ends_with("/charges"),
            code => code == "storage_unavailable",
        };
        assert!(*status == 503 && is_known, "{asked}: {status} {body}");
        assert!(retry_after.is_some_and(|seconds| seconds > 0), "{asked}: when to come back?");
        self.told_unavailable.fetch_add(1, Ordering::Relaxed);
        let unknown = body["outcome_unknown"].as_bool();
        let unknown = unknown.unwrap_or_else(|| panic!("{asked}: did it happen? {body}"));
        assert!(!(unknown && asked.starts_with("GET ")), "{asked} changes nothing: {body}");
        unknown
    }
}

/// A request with a key, and what it was answered in the end.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where it was sent.
    pub path: String,
    /// What was sent.
    pub body: Value,
    /// Whose place in line.
    pub queue_token: Option<String>,
    /// Its idempotency key.
    pub key: String,
    /// How often it was sent without an answer that settles it.
    pub unanswered: u32,
    /// Whether an earlier try had been carried out.
    pub replayed: bool,
    /// The answer's status.
    pub status: u16,
    /// The answer.
    pub answer: Value,
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    /// Its status.
    pub status: u16,
    /// Whether it is that of an earlier request with the same key.
    pub replayed: bool,
    /// Its body; null if there is none.
    pub body: Value,
}

/// No answer that settles anything.
#[derive(Debug, Clone, Copy)]
pub struct Unsettled {
    /// Whether the request may have been carried out.
    pub outcome_unknown: bool,
}

/// A connection that failed: nobody knows what happened behind it.
impl From<reqwest::Error> for Unsettled {
    fn from(_: reqwest::Error) -> Self {
        Self { outcome_unknown: true }
    }
}

/// A customer.
pub struct Customer {
    shop: Arc<Shop>,
    servers: watch::Receiver<Vec<SocketAddr>>,
    sent: AtomicUsize,
    http: reqwest::Client,
    /// Who it is.
    pub user_id: Uuid,
    bearer: String,
    queue_token: Option<String>,
    /// Everything that was asked for with a key, in order.
    pub acts: Vec<Act>,
    /// Reservations that were given back, and acknowledged to be.
    pub withdrawn: Vec<String>,
    /// What was promised and then not found, as it was told.
    pub missed: Vec<String>,
    turn: u32,
}

impl Customer {
    /// A customer who begins with the seat of this number.
    pub fn new(shop: &Arc<Shop>, first_seat: u32) -> Self {
        let user_id = Uuid::now_v7();
        let http = reqwest::Client::builder().timeout(ANSWER_TIMEOUT).build();
        Self {
            shop: Arc::clone(shop),
            servers: shop.servers.clone(),
            sent: AtomicUsize::new(0),
            http: http.expect("a client can be made"),
            user_id,
            bearer: token(user_id, "user"),
            queue_token: None,
            acts: Vec::new(),
            withdrawn: Vec::new(),
            missed: Vec::new(),
            turn: first_seat,
        }
    }

    /// The same customer, who goes to this server only.
    #[must_use]
    pub fn of_one_server(self, address: SocketAddr) -> Self {
        Self { servers: watch::channel(vec![address]).1, ..self }
    }

    /// Sends a request to one of the servers that there are, and the next one to the next.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Told, Unsettled> {
        let mut servers = self.servers.clone();
        let address = {
            let there = servers.wait_for(|there| !there.is_empty()).await;
            let there = there.expect("the test is not over");
            there[self.sent.fetch_add(1, Ordering::Relaxed) % there.len()]
        };
        let asked = format!("{method} {path}");
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
        let response = request.send().await?;
        let status = response.status().as_u16();
        let replayed = response.headers().contains_key("idempotency-replayed");
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        let bytes = response.bytes().await?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).expect("every body is JSON")
        };
        let told = Told { status, replayed, body };
        if status < 500 {
            return Ok(told);
        }
        let outcome_unknown = self.shop.note_unavailable(&asked, &told, retry_after);
        Err(Unsettled { outcome_unknown })
    }

    /// Asks until there is an answer; for what may be asked twice.
    pub async fn ask(&self, method: Method, path: &str) -> Told {
        loop {
            if let Ok(told) = self.send(method.clone(), path, None, None).await {
                return told;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Does something once, however often it must be sent.
    async fn act(&mut self, path: String, body: Value) -> Act {
        let key = Uuid::now_v7().to_string();
        let mut unanswered = 0;
        let mut may_have_happened = false;
        if self.acts.len() % HANGS_UP_EVERY == HANGS_UP_EVERY - 1 {
            let sent = self.send(Method::POST, &path, Some(&body), Some(&key));
            // Whether it was done by then is not known to somebody who hangs up.
            let _ = tokio::time::timeout(PATIENCE, sent).await;
            unanswered += 1;
            may_have_happened = true;
        }
        let told = loop {
            match self.send(Method::POST, &path, Some(&body), Some(&key)).await {
                // An earlier try is still under way, perhaps at another server.
                Ok(told) if told.body["code"] == "idempotency_in_flight" => {}
                Ok(told) => break told,
                Err(Unsettled { outcome_unknown }) => may_have_happened |= outcome_unknown,
            }
            unanswered += 1;
            tokio::time::sleep(PAUSE).await;
        };
        let Told { status, replayed, body: answer } = told;
        assert!(!replayed || may_have_happened, "{path}: it had happened, against what was told");
        let queue_token = self.queue_token.clone();
        let act = Act { path, body, queue_token, key, unanswered, replayed, status, answer };
        self.acts.push(act.clone());
        if !self.shop.rest.is_zero() {
            tokio::time::sleep(self.shop.rest).await;
        }
        act
    }

    fn is_closing(&self) -> bool {
        self.shop.closing.load(Ordering::Relaxed)
    }

    /// Charges their own balance.
    pub async fn charge(&mut self, amount: u64) {
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
            if self.misses(&paid.path, &paid.answer) {
                continue;
            }
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
    async fn wait_until_active(&mut self) -> bool {
        let path = "/v1/queue-tokens/current";
        loop {
            let told = self.ask(Method::GET, path).await;
            if self.misses(path, &told.body) {
                return false;
            }
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
                json!({ "seats": [self.turn.wrapping_mul(37) % self.shop.seats + 1] })
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
                _ if self.misses(&path, &held.answer) => return None,
                _ => panic!("{held:?}"),
            }
        }
        None
    }

    async fn withdraw(&mut self, reservation: String) {
        let path = format!("/v1/reservations/{reservation}");
        let told = self.ask(Method::DELETE, &path).await;
        if self.misses(&path, &told.body) {
            return;
        }
        assert_eq!(told.status, 204, "{}", told.body);
        self.withdrawn.push(reservation);
    }

    /// Whether what was promised is not there. The customer goes on, so that it is told in the end what
    /// all was lost.
    fn misses(&mut self, path: &str, answer: &Value) -> bool {
        let gone = ["reservation_not_found", "queue_token_invalid"];
        let misses = gone.iter().any(|code| answer["code"] == *code);
        if misses {
            self.missed.push(format!("{path}: {answer}"));
        }
        misses
    }

    /// Sends an act again, exactly as it was.
    pub async fn repeat(&mut self, act: &Act) -> Told {
        self.queue_token.clone_from(&act.queue_token);
        let told = self.send(Method::POST, &act.path, Some(&act.body), Some(&act.key)).await;
        told.expect("a server that is left alone answers")
    }
}
