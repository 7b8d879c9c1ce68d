//! What is kept for a while only, as its owners notice: keys that act anew, and ids of batches.

use crate::stage::Sale;
use frontrow_core::State;
use frontrow_server::execute::Limits;
use frontrow_server::prune;
use frontrow_server::retention::{Left, ROWS_MAX};
use frontrow_server::store::{BatchId, Concurrency, Settlement, StoredReply};
use frontrow_tests::TestServer;
use frontrow_tests::server::Setup;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const HOUR_MILLIS: i64 = 3_600_000;

/// Deletes what is too old, on every server.
async fn prune(server: &TestServer) -> Vec<Left> {
    let mut left = Vec::new();
    for app in server.apps() {
        left.push(app.retention.pass().await.expect("old rows can be deleted"));
    }
    left
}

#[tokio::test]
async fn a_key_replays_for_two_days_and_acts_anew_after() {
    // Given a charge
    let server = TestServer::start().await;
    let user = server.user().with("idempotency-key", "k");
    let first = user.charge(500).await.expect(201);

    // When it is sent again two days later, then it is not charged again
    server.clock.advance_millis(48 * HOUR_MILLIS);
    prune(&server).await;
    let again = user.charge(500).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));

    // When it is sent again after that, then it is
    server.clock.advance_millis(1);
    prune(&server).await;
    let anew = user.charge(500).await.expect(201);
    assert_eq!(anew.header("idempotency-replayed"), "");
    assert_ne!(anew.body["id"], first.body["id"]);
    assert_eq!(anew.body["balance"], 1_000);

    // ... once
    let again = user.charge(500).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &anew.body));
    server.assert_sound().await;
}

#[tokio::test]
async fn keys_are_kept_as_long_as_is_configured() {
    let limits = Limits { key_kept: Duration::from_hours(24), ..Limits::default() };
    let server = TestServer::start_with(Setup { limits, ..Setup::default() }).await;
    let user = server.user().with("idempotency-key", "k");
    user.charge(500).await.expect(201);
    for (millis, balance) in [(24 * HOUR_MILLIS, 500), (1, 1_000)] {
        server.clock.advance_millis(millis);
        prune(&server).await;
        user.charge(500).await.expect(201);
        assert_eq!(user.balance().await.body["balance"], balance);
    }
}

/// Stores answers for keys of nobody, as one batch.
async fn store_replies(server: &TestServer, count: u32) -> (BatchId, Vec<StoredReply>) {
    let reply = |number: u32| StoredReply {
        caller: Uuid::nil().into(),
        key: number.to_string(),
        fingerprint: [0; 32],
        status: 201,
        content_type: "application/json".to_owned(),
        body: b"{}".to_vec(),
    };
    let (batch, replies) = (BatchId(Uuid::now_v7()), (0..count).map(reply).collect::<Vec<_>>());
    let begun = server.app.store.begin(batch, Concurrency::Pessimistic).await;
    let mut transaction = begun.expect("a transaction begins");
    let written = transaction.write(&mut State::partial(), &[], &replies).await;
    written.expect("answers can be written");
    transaction.commit().await.expect("a transaction commits");
    (batch, replies)
}

async fn count_kept(server: &TestServer, replies: &[StoredReply]) -> u32 {
    let mut kept = 0;
    for reply in replies {
        let found = server.app.store.reply(reply.caller, &reply.key).await;
        kept += u32::from(found.expect("an answer can be looked for").is_some());
    }
    kept
}

#[tokio::test]
async fn a_pass_deletes_so_many_rows_at_most_and_tells_that_more_may_be_left() {
    let server = TestServer::start().await;
    let (_, replies) = store_replies(&server, 2 * ROWS_MAX + 1).await;
    server.clock.advance_millis(49 * HOUR_MILLIS);
    let retention = &server.app.retention;
    for (left, kept) in [
        (Left::PerhapsMore, ROWS_MAX + 1),
        (Left::PerhapsMore, 1),
        (Left::Nothing, 0),
        (Left::Nothing, 0),
    ] {
        assert_eq!(retention.pass().await.expect("old rows can be deleted"), left);
        assert_eq!(count_kept(&server, &replies).await, kept);
    }
}

#[tokio::test]
async fn how_a_commit_ended_can_be_asked_for_a_day() {
    let server = TestServer::start().await;
    let (batch, _) = store_replies(&server, 1).await;
    for (millis, settlement) in
        [(24 * HOUR_MILLIS, Settlement::Committed), (1, Settlement::NotCommitted)]
    {
        server.clock.advance_millis(millis);
        prune(&server).await;
        let settled = server.app.store.settle(batch).await;
        assert_eq!(settled.expect("a commit can be settled"), settlement);
    }
}

#[tokio::test]
async fn once_a_concert_is_pruned_who_bought_finds_their_seats_and_its_tokens_are_unknown() {
    // Given a concert of long ago, in which somebody bought seats and somebody waits for ever
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1, 2]).await;
    let waiting = sale.waiting().await;
    sale.change(&json!({ "closed": true })).await;
    sale.server.advance_seconds(70 * 86_400).await;

    // When it is pruned
    let pruned = prune::run(sale.server.app.store.as_ref(), 30).await;
    let pruned = pruned.expect("the database can be read").expect("no invariant is broken");
    assert_eq!((pruned.checkpoints, pruned.tickets), (1, 2));

    // Then what was bought is there
    let owner = sale.server.client(owner.user_id, "user");
    let found = owner.get(&format!("/v1/reservations/{reservation_id}")).await.expect(200);
    assert_eq!(found.text("state"), "confirmed");
    assert_eq!(owner.balance().await.expect(200).body["balance"], 0);

    // ... and nobody stands in line.
    waiting.poll().await.expect_problem(401, "queue_token_invalid");
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    owner.post(&path, &Value::Null).await.expect_problem(409, "queue_closed");
    sale.server.assert_sound().await;
}
