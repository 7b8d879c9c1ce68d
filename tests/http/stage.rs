//! What most stories begin with: a concert that sells a small hall, and people in line for it.

use frontrow_tests::server::Setup;
use frontrow_tests::{Answer, Client, TestServer};
use serde_json::{Value, json};
use uuid::Uuid;

/// Seconds from tick to tick in a [`Sale`].
pub const INTERVAL_SECONDS: i64 = 10;
/// Price of each seat of a [`Sale`].
pub const PRICE: u64 = 1_000;
/// When tests begin.
pub const START: &str = "2026-11-22T11:00:00Z";

/// A concert that is open from the start, with ticks that let everybody in.
pub fn concert() -> Value {
    json!({ "title": "Frontrow Live", "admission": admission() })
}

/// The admission of [`concert`].
pub fn admission() -> Value {
    json!({ "interval_seconds": INTERVAL_SECONDS, "batch_size": 100, "active_seconds": 600 })
}

/// `base` with the members of `more` put in, also in the objects that it holds.
pub fn with(mut base: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("members are put into an object") {
        let merged = match (&base[name], value) {
            (old @ Value::Object(_), Value::Object(_)) => with(old.clone(), value),
            _ => value.clone(),
        };
        base[name] = merged;
    }
    base
}

/// A server that sells one schedule of one concert.
pub struct Sale {
    pub server: TestServer,
    pub admin: Client,
    pub concert_id: String,
    pub schedule_id: String,
}

impl Sale {
    /// Ten seats in one row, on 24 December.
    pub async fn start() -> Self {
        Self::of(&concert(), 10).await
    }

    /// So many seats of a concert of its own kind.
    pub async fn of(concert: &Value, seats: u32) -> Self {
        Self::on(TestServer::start().await, concert, seats).await
    }

    /// On a server that differs.
    pub async fn with(setup: Setup) -> Self {
        Self::on(TestServer::start_with(setup).await, &concert(), 10).await
    }

    async fn on(server: TestServer, concert: &Value, seats: u32) -> Self {
        let admin = server.admin();
        let concert_id = admin.concert(concert).await;
        let schedule_id = admin.schedule(&concert_id, 1, seats).await;
        Self { server, admin, concert_id, schedule_id }
    }

    /// Somebody who waits in line.
    pub async fn waiting(&self) -> Client {
        self.server.user().joined(&self.concert_id).await
    }

    /// Somebody who was let in. The next tick comes meanwhile.
    pub async fn active(&self) -> Client {
        let user = self.waiting().await;
        self.server.advance_seconds(INTERVAL_SECONDS).await;
        assert_eq!(user.poll().await.expect(200).text("state"), "active");
        user
    }

    /// Somebody who was let in, with a balance.
    pub async fn buyer(&self, balance: u64) -> Client {
        let user = self.active().await;
        user.charge(balance).await.expect(201);
        user
    }

    /// Somebody who bought these seats, and the reservation.
    pub async fn owner(&self, seats: &[u32]) -> (Client, String) {
        let price = PRICE * seats.len() as u64;
        let user = self.buyer(price).await;
        let reservation_id = user.hold(&self.schedule_id, seats).await.expect(201).id();
        user.pay(&reservation_id, price).await.expect(201);
        (user, reservation_id)
    }

    /// Changes the concert.
    pub async fn change(&self, change: &Value) -> Answer {
        self.admin.patch(&format!("/v1/concerts/{}", self.concert_id), change).await.expect(200)
    }

    /// How the concert stands.
    pub async fn state(&self) -> String {
        let path = format!("/v1/concerts/{}", self.concert_id);
        self.server.nobody().get(&path).await.expect(200).text("state")
    }

    /// Path of the schedule's seats.
    pub fn seats_path(&self) -> String {
        format!("/v1/schedules/{}/seats", self.schedule_id)
    }

    /// Path of the schedule's reservations.
    pub fn reservations_path(&self) -> String {
        format!("/v1/schedules/{}/reservations", self.schedule_id)
    }

    /// Path of the concert's schedules.
    pub fn schedules_path(&self) -> String {
        format!("/v1/concerts/{}/schedules", self.concert_id)
    }

    /// How each seat stands, for somebody who was let in.
    pub async fn seats(&self, user: &Client) -> Vec<String> {
        let map = user.get(&format!("{}?status=all", self.seats_path())).await.expect(200);
        let seats = map.body["data"].as_array().expect("a map has seats").iter();
        seats.map(|seat| seat["status"].as_str().expect("a seat has a status").to_owned()).collect()
    }

    /// A schedule that starts so many seconds from now.
    pub async fn schedule_in(&self, seconds: u32) -> String {
        let starts_at = self.server.now().plus_seconds(seconds).to_string();
        let section = json!({ "name": "R", "rows": 1, "seats_per_row": 10, "price": PRICE });
        let body = json!({ "starts_at": starts_at, "venue": "Club", "sections": [section] });
        self.admin.post(&self.schedules_path(), &body).await.expect(201).id()
    }
}

/// Checks that an id is one that the server made.
#[track_caller]
pub fn assert_made_here(id: &str) {
    let id: Uuid = id.parse().expect("an id is a UUID");
    assert_eq!(id.get_version_num(), 7);
}
