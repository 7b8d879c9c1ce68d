//! Servers that share a database, and a concert that they sell.

use frontrow_tests::server::Setup;
use frontrow_tests::{Client, TestServer};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Long after every pause of the tail, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

/// Price of every seat.
pub const PRICE: u64 = 1_000;

/// A concert with one schedule.
pub struct Stage {
    pub servers: TestServer,
    pub concert: String,
    pub schedule: String,
}

impl Stage {
    /// So many servers, and a concert with so many seats that lets in everybody who waits, every ten seconds.
    pub async fn open(replicas: usize, seats: u32) -> Self {
        let admission = json!({ "interval_seconds": 10, "batch_size": 1_000, "active_seconds": 600,
            "lapse_seconds": 0 });
        Self::open_with((0..replicas).map(|_| Setup::default()), seats, &admission).await
    }

    /// The same, with these servers and this policy.
    pub async fn open_with(
        setups: impl IntoIterator<Item = Setup>,
        seats: u32,
        admission: &Value,
    ) -> Self {
        let servers = TestServer::replicas(setups).await;
        let admin = servers.admin();
        let body = json!({ "title": "Everywhere", "admission": admission });
        let concert = admin.concert(&body).await;
        let schedule = admin.schedule(&concert, 1, seats).await;
        Self { servers, concert, schedule }
    }

    /// Somebody who asks the server of this number, from 0, and no other.
    pub fn person_at(&self, server: usize) -> Client {
        self.at(&self.servers.user(), server)
    }

    /// The same person at another server.
    pub fn at(&self, person: &Client, server: usize) -> Client {
        person.at(self.servers.addresses()[server])
    }

    /// Somebody who was let in and asks this server.
    pub async fn buyer_at(&self, server: usize) -> Client {
        let person = self.person_at(server).joined(&self.concert).await;
        self.servers.advance_seconds(10).await;
        assert_eq!(person.poll().await.text("state"), "active");
        person
    }

    /// What somebody is told about the first seat.
    pub async fn first_seat(&self, person: &Client) -> String {
        let path = format!("/v1/schedules/{}/seats?status=all", self.schedule);
        let map = person.get(&path).await.expect(200);
        map.body["data"][0]["status"].as_str().expect("a seat has a status").to_owned()
    }
}

/// Waits until something holds; how long that took.
pub async fn until(holds: impl AsyncFn() -> bool) -> Duration {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < PATIENCE, "it never comes");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    since.elapsed()
}
