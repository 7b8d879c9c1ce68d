//! The database stays away for a while: everybody is told to come back, nobody waits for long, and
//! nothing of what was refused happened.

use crate::dice::{DatabaseEnd, Victims};
use crate::service::Service;
use frontrow_tests::{Answer, Client};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How soon somebody has to be told that the database is away.
const TOLD_MAX: Duration = Duration::from_secs(8);
/// How soon it has to serve again, once its database is there.
const RETURN_MAX: Duration = Duration::from_secs(10);
/// Between two looks at whether it does.
const POLL: Duration = Duration::from_millis(50);

/// A refusal that tells when to come back, and that nothing happened.
fn assert_unavailable(answer: &Answer, code: &str) {
    answer.expect_problem(503, code);
    let retry_after: u32 = answer.header("retry-after").parse().expect("it says when to come back");
    assert!(retry_after > 0, "{answer:?}");
    assert_eq!(answer.body["outcome_unknown"], json!(false), "{answer:?}");
}

/// Asks for some of everything that needs the database.
async fn ask_for_everything(person: &Client, concert: &str, schedule: &str, held: &str) {
    let began_at = Instant::now();
    let user = person.user_id;
    let paths = [
        "/readyz".to_owned(),
        "/v1/concerts".to_owned(),
        format!("/v1/concerts/{concert}/schedules"),
        format!("/v1/users/{user}/balance"),
        format!("/v1/users/{user}/ledger"),
        format!("/v1/users/{user}/reservations"),
        format!("/v1/reservations/{held}"),
    ];
    let reads = join_all(paths.iter().map(|path| person.get(path)));
    let join = format!("/v1/concerts/{concert}/queue-tokens");
    let withdraw = format!("/v1/reservations/{held}");
    let body = Value::Null;
    let (charged, paid, holding, joined, withdrawn, reads) = tokio::join!(
        person.charge(700),
        person.pay(held, 1_000),
        person.hold(schedule, &[2]),
        person.post(&join, &body),
        person.delete(&withdraw),
        reads,
    );
    assert_unavailable(&charged, "charge_failed");
    for answer in [paid, holding, joined, withdrawn].iter().chain(&reads) {
        assert_unavailable(answer, "storage_unavailable");
    }
    // One's place is told from memory for a while.
    let place = person.poll().await;
    if place.status != 200 {
        assert_unavailable(&place, "storage_unavailable");
    }
    assert!(began_at.elapsed() < TOLD_MAX, "told after {:?}", began_at.elapsed());
}

/// Somebody who holds a seat, with 5 000 in their wallet; the concert, its schedule, their hold.
async fn holder(service: &mut Service) -> (Client, String, String, String) {
    let server = service.replica(0);
    let admin = server.client(Uuid::now_v7(), "admin");
    let concert = admin
        .concert(&json!({ "title": "Interrupted", "admission":
            { "interval_seconds": 1, "batch_size": 10, "active_seconds": 600 } }))
        .await;
    let schedule = admin.schedule(&concert, 2, 10).await;
    let person = server.client(Uuid::now_v7(), "user").joined(&concert).await;
    while person.poll().await.text("state") != "active" {
        tokio::time::sleep(POLL).await;
    }
    person.charge(5_000).await.expect(201);
    let held = person.hold(&schedule, &[1]).await.expect(201).id();
    (person, concert, schedule, held)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_everybody_is_told_to_come_back_and_nothing_happens() {
    let mut service = Service::start(2);
    let (person, concert, schedule, held) = holder(&mut service).await;
    let addresses = service.addresses();
    let database = Some(DatabaseEnd::ImmediateShutdown);
    let victims = Victims { replica: None, database };
    service.strike(victims);
    for address in &addresses {
        let alive = Client::new(*address).get("/healthz").await;
        alive.expect(200);
        ask_for_everything(&person.at(*address), &concert, &schedule, &held).await;
    }

    service.revive(victims);
    let back_at = Instant::now();
    for address in &addresses {
        let person = person.at(*address);
        while person.get("/readyz").await.status != 200 || person.charge(1).await.status != 201 {
            assert!(back_at.elapsed() < RETURN_MAX, "it does not return");
            tokio::time::sleep(POLL).await;
        }
    }
    println!("served {:.1?} after the database was back", back_at.elapsed());
    service.assert_sound();
    // One of the requests was a withdrawal, which did not happen either.
    let paid = person.pay(&held, 1_000).await.expect(201);
    assert_eq!(paid.body["balance"], json!(5_000 + 2 - 1_000));
}
