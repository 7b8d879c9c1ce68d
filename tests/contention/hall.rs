//! A concert with one schedule, people who share a pool of connections, and what must hold at the end.

use frontrow_core::seating::{ReservationState, Seat};
use frontrow_core::{ReservationId, ScheduleId};
use frontrow_tests::{Answer, Client, TestServer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Price of every seat.
pub const PRICE: u64 = 1_000;
/// Requests on their way at once, and so connections.
const IN_FLIGHT_MAX: usize = 128;
/// Seconds from tick to tick, unless a test says otherwise.
const INTERVAL_SECONDS: i64 = 10;

/// A server that sells one concert.
pub struct Hall {
    pub server: TestServer,
    pub concert: String,
    pub schedule: String,
    /// Shared by everybody, so that connections are.
    base: Client,
}

impl Hall {
    /// A concert that lets in everybody who waits, at each tick.
    pub async fn open(rows: u32, seats_per_row: u32) -> Self {
        let admission = json!({ "interval_seconds": INTERVAL_SECONDS, "batch_size": 1_000,
            "active_seconds": 600, "lapse_seconds": 0 });
        Self::open_with(rows, seats_per_row, admission).await
    }

    /// A concert that lets people in by this policy.
    pub async fn open_with(rows: u32, seats_per_row: u32, admission: Value) -> Self {
        let server = TestServer::start().await;
        let admin = server.admin();
        let body = json!({ "title": "Crowded", "admission": admission });
        let concert = admin.concert(&body).await;
        let schedule = admin.schedule(&concert, rows, seats_per_row).await;
        let base = server.nobody();
        Self { server, concert, schedule, base }
    }

    /// Somebody who has done nothing yet.
    pub fn person(&self) -> Client {
        let user_id = Uuid::now_v7();
        let token = self.server.app.auth.mint(user_id.into(), "user", self.server.now(), 86_400);
        self.base.clone().of(user_id, token.expect("tests sign tokens"))
    }

    /// Several of them.
    pub fn people(&self, count: usize) -> Vec<Client> {
        (0..count).map(|_| self.person()).collect()
    }

    /// People who stand in line.
    pub async fn waiting(&self, count: usize) -> Vec<Client> {
        let joins = self.people(count).into_iter().map(|person| {
            let concert = self.concert.clone();
            async move { person.joined(&concert).await }
        });
        at_once(joins).await
    }

    /// People who have been let in.
    pub async fn buyers(&self, count: usize) -> Vec<Client> {
        let people = self.waiting(count).await;
        self.server.advance_seconds(INTERVAL_SECONDS).await;
        if let Some(last) = people.last() {
            assert_eq!(last.poll().await.text("state"), "active");
        }
        people
    }

    /// People who have been let in, each with money for so many seats.
    pub async fn rich_buyers(&self, count: usize, seats: u64) -> Vec<Client> {
        let people = self.buyers(count).await;
        let charges = people.iter().cloned().map(|person| async move {
            assert_eq!(person.charge(seats * PRICE).await.status, 201);
        });
        at_once(charges).await;
        people
    }

    /// Buyers who each hold the seat of their number, from 1; with the ids of their reservations.
    pub async fn holders(&self, count: u32) -> Vec<(Client, String)> {
        let people = self.rich_buyers(count as usize, 1).await;
        let holds = people.into_iter().zip(1..).map(|(person, seat)| {
            let schedule = self.schedule.clone();
            async move {
                let id = person.hold(&schedule, &[seat]).await.expect(201).id();
                (person, id)
            }
        });
        at_once(holds).await
    }

    /// The state that a reservation is told to be in.
    pub async fn state_of(&self, person: &Client, reservation: &str) -> String {
        person.get(&format!("/v1/reservations/{reservation}")).await.expect(200).text("state")
    }

    /// What somebody's balance is told to be.
    pub async fn balance_of(&self, person: &Client) -> u64 {
        let answer = person.balance().await.expect(200);
        answer.body["balance"].as_u64().expect("a balance is a whole number")
    }

    /// Ends a test: the audit finds nothing, `charged` is what all wallets and sold seats are worth
    /// together, and every seat has at most one owner, the one that its row names.
    pub async fn assert_sound(&self, charged: u64) {
        self.server.assert_sound().await;
        let (rows, _) = self.server.app.store.rows().await.expect("the rows can be read");
        let now = self.server.now();
        let mut owners: HashMap<(ScheduleId, u32), ReservationId> = HashMap::new();
        let mut worth = 0;
        for (id, reservation) in rows.reservations().iter() {
            let sold = matches!(reservation.state, ReservationState::Confirmed { .. });
            let held = reservation.state == ReservationState::Held && now < reservation.expires_at;
            if sold {
                worth += reservation.amount.get();
            }
            for number in reservation.seats.iter().filter(|_| sold || held) {
                let seat = (reservation.schedule_id, *number);
                assert_eq!(owners.insert(seat, id), None, "seat {number} has two owners");
                match rows.seats().get(seat) {
                    Some(Seat::Held { reservation_id, .. }) if held => {
                        assert_eq!(*reservation_id, id);
                    }
                    Some(Seat::Sold { reservation_id }) if sold => assert_eq!(*reservation_id, id),
                    other => panic!("seat {number} of reservation {id} is {other:?}"),
                }
            }
        }
        let balances: u64 = rows.wallets().iter().map(|(_, wallet)| wallet.balance.get()).sum();
        assert_eq!(balances + worth, charged, "{balances} in wallets, {worth} in sold seats");
    }

    /// How many seats are told to be available, held and sold.
    pub async fn tally(&self, person: &Client) -> BTreeMap<String, usize> {
        self.server.pull().await;
        let path = format!("/v1/schedules/{}/seats?status=all", self.schedule);
        let answer = person.get(&path).await.expect(200);
        let seats = answer.body["data"].as_array().expect("a seat map is a list").clone();
        let mut tally = BTreeMap::new();
        for seat in seats {
            let status = seat["status"].as_str().expect("a seat has a status").to_owned();
            *tally.entry(status).or_default() += 1;
        }
        tally
    }
}

/// Does all of this at once; what came of each, in order.
pub async fn at_once<T, F>(requests: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let gate = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let send = |request: F| {
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            let _permit = gate.acquire_owned().await.expect("the gate is never closed");
            request.await
        })
    };
    let tasks: Vec<_> = requests.into_iter().map(send).collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await.expect("a request ends well"));
    }
    results
}

/// How often each status and code was answered. None of them may be the server's fault.
#[track_caller]
pub fn count(answers: &[Answer]) -> BTreeMap<(u16, &str), usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        assert!(answer.status < 500, "{answer:?}");
        *counts.entry((answer.status, answer.code())).or_default() += 1;
    }
    counts
}

/// What two people who race each other are answered, told in a fixed order whoever set out first.
pub async fn race<A, B>(first_sets_out: bool, first: A, second: B) -> (Answer, Answer)
where
    A: Future<Output = Answer> + Send + 'static,
    B: Future<Output = Answer> + Send + 'static,
{
    let (first, second) = if first_sets_out {
        let first = tokio::spawn(first);
        (first, tokio::spawn(second))
    } else {
        let second = tokio::spawn(second);
        (tokio::spawn(first), second)
    };
    let first = first.await.expect("a request ends well");
    let second = second.await.expect("a request ends well");
    assert!(first.status < 500 && second.status < 500, "{first:?} and {second:?}");
    (first, second)
}
