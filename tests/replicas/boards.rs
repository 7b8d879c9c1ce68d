//! The line as each server tells it: whoever is asked, everybody has the same place.

use crate::stage::{Stage, until};
use frontrow_server::server::TimerMode;
use frontrow_tests::Client;
use frontrow_tests::server::Setup;
use serde_json::{Value, json};

/// Three in each batch.
fn slowly() -> Value {
    json!({ "interval_seconds": 10, "batch_size": 3, "active_seconds": 60, "lapse_seconds": 0 })
}

/// What a person is told at each server.
async fn everywhere(stage: &Stage, person: &Client) -> Vec<Value> {
    let mut told = Vec::new();
    for server in 0..stage.servers.addresses().len() {
        told.push(stage.at(person, server).poll().await.expect(200).body);
    }
    told
}

#[tokio::test]
async fn a_place_is_told_at_once_by_a_server_that_did_not_issue_the_token() {
    let stage = Stage::open_with([Setup::default(), Setup::default()], 4, &slowly()).await;
    let first = stage.person_at(0).joined(&stage.concert).await;
    // The other one has its board in memory from now on.
    assert_eq!(stage.at(&first, 1).poll().await.expect(200).body["position"], 1);
    let second = stage.person_at(0).joined(&stage.concert).await;
    assert_eq!(stage.at(&second, 1).poll().await.expect(200).body["position"], 2);
}

#[tokio::test]
async fn three_servers_tell_the_same_of_everybody() {
    let setups = (0..3).map(|_| Setup::default());
    let stage = Stage::open_with(setups, 4, &slowly()).await;
    let mut people = Vec::new();
    for number in 0..24 {
        people.push(stage.person_at(number % 3).joined(&stage.concert).await);
        everywhere(&stage, &people[number]).await;
    }
    for round in 0..4 {
        // Somebody leaves, somebody who was let in holds a seat and gives it back, and a tick comes.
        stage.at(&people[20 - round], round % 3).delete("/v1/queue-tokens/current").await;
        stage.servers.advance_seconds(10).await;
        let buyer = stage.at(&people[round * 3], (round + 1) % 3);
        let held = buyer.hold(&stage.schedule, &[1]).await.expect(201).id();
        stage.servers.pull().await;
        let held_until = everywhere(&stage, &buyer).await;
        assert!(held_until.iter().all(|told| told["expires_in_seconds"] == 300), "{held_until:?}");
        buyer.delete(&format!("/v1/reservations/{held}")).await.expect(204);
        stage.servers.pull().await;
        for person in &people {
            let told = everywhere(&stage, person).await;
            assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
        }
    }
    stage.servers.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_run_by_themselves_agree_and_go_on_when_one_is_gone() {
    let setup = || Setup { timers: TimerMode::Running, ..Setup::default() };
    let mut stage = Stage::open_with([setup(), setup(), setup()], 4, &slowly()).await;
    // Past the first tick, and then the clock stands still.
    stage.servers.clock.advance_millis(1);
    let people = [
        stage.person_at(0).joined(&stage.concert).await,
        stage.person_at(1).joined(&stage.concert).await,
        stage.person_at(2).joined(&stage.concert).await,
    ];
    until(async || {
        let told = everywhere(&stage, &people[2]).await;
        told.iter().all(|one| one["position"] == 3)
    })
    .await;
    stage.servers.stop_one(2).await;
    stage.at(&people[0], 0).delete("/v1/queue-tokens/current").await.expect(204);
    let moved = async || stage.at(&people[2], 1).poll().await.body["position"] == 2;
    println!("told after {:?}", until(moved).await);
}

#[tokio::test]
async fn every_server_tells_the_same_of_a_draw() {
    let stage = Stage::open(2, 4).await;
    let admin = stage.servers.admin();
    let body = json!({
        "title": "Drawn", "admission": slowly(), "sale_opens_at": "2026-11-22T11:01:00Z",
        "prequeue": { "opens_at": "2026-11-22T11:00:00Z", "draw": "random" },
    });
    let drawn = Stage { concert: admin.concert(&body).await, ..stage };
    let mut people = Vec::new();
    for number in 0..12 {
        people.push(drawn.person_at(number % 2).joined(&drawn.concert).await);
        everywhere(&drawn, &people[number]).await;
    }
    drawn.at(&people[3], 1).delete("/v1/queue-tokens/current").await.expect(204);
    for (seconds, expected) in [(60, 3), (10, 6), (10, 9)] {
        drawn.servers.advance_seconds(seconds).await;
        let mut active = 0;
        for person in &people {
            let told = everywhere(&drawn, person).await;
            assert_eq!(told[0], told[1]);
            active += usize::from(told[0]["state"] == "active");
        }
        assert_eq!(active, expected);
    }
    drawn.servers.assert_sound().await;
}
