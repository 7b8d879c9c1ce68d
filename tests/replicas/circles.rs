//! Batches of several servers that want the same rows: whoever comes first, nobody waits in a circle.

use crate::stage::{PRICE, Stage};
use frontrow_tests::server::Setup;
use frontrow_tests::{Answer, Client};
use futures_util::future::join_all;
use serde_json::json;

/// People who hold a seat each.
const HOLDERS: u32 = 48;
const SERVERS: usize = 3;

/// Somebody who holds the seat of this number and can pay for it, and the reservation.
async fn holder(stage: &Stage, person: Client, seat: u32) -> (Client, String) {
    let held = person.hold(&stage.schedule, &[seat]).await.expect(201).id();
    person.charge(PRICE).await.expect(201);
    (person, held)
}

/// What everybody is answered who pays, withdraws, charges and leaves at once, each at another server.
async fn everything_at_once(stage: &Stage, holders: &[(Client, String)]) -> Vec<Answer> {
    let requests = holders.iter().enumerate().map(|(index, (person, held))| async move {
        let at = |step: usize| stage.at(person, (index + step) % SERVERS);
        let (paying, withdrawing, charging, leaving) = (at(0), at(1), at(2), at(1));
        let path = format!("/v1/reservations/{held}");
        let answers = tokio::join!(
            paying.pay(held, PRICE),
            withdrawing.delete(&path),
            charging.charge(1),
            leaving.delete("/v1/queue-tokens/current"),
        );
        [answers.0, answers.1, answers.2, answers.3]
    });
    join_all(requests).await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_mix_all_kinds_of_commands_never_wait_in_a_circle() {
    let admission = json!({ "interval_seconds": 10, "batch_size": 1_000, "active_seconds": 600 });
    let servers = (0..SERVERS).map(|_| Setup::default());
    let mut stage = Stage::open_with(servers, HOLDERS, &admission).await;
    for _ in 0..4 {
        let joins = (0..HOLDERS).map(|_| stage.servers.user().joined(&stage.concert));
        let people = join_all(joins).await;
        stage.servers.advance_seconds(10).await;
        let holds = people.into_iter().zip(1..).map(|(person, seat)| holder(&stage, person, seat));
        let holders: Vec<_> = join_all(holds).await;
        // What has lapsed is swept meanwhile by all servers.
        let (answers, ()) =
            tokio::join!(everything_at_once(&stage, &holders), stage.servers.pass());
        for answer in answers {
            assert!(answer.status < 500, "{answer:?}");
        }
        // Whoever could pay and keep it gives it back, so that the next ones find every seat free.
        for (person, held) in &holders {
            let _ = person.delete(&format!("/v1/reservations/{held}")).await;
        }
    }
    stage.servers.assert_sound().await;
    // The database ends a circle by undoing one of those who wait, which would then be run again.
    assert_eq!(stage.servers.stop_and_count_deadlocks().await, 0);
}
