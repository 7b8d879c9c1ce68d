//! `POST /v1/payments`: what is told first.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, concert};
use frontrow_tests::Client;
use serde_json::json;
use uuid::Uuid;

/// A reservation that does not exist.
fn nowhere() -> String {
    Uuid::now_v7().to_string()
}

/// Somebody who bought seat 1 and waits in line again.
async fn owner_in_line_again(sale: &Sale) -> (Client, String) {
    let (owner, reservation_id) = sale.owner(&[1]).await;
    (owner.joined(&sale.concert_id).await, reservation_id)
}

#[tokio::test]
async fn who_calls_and_what_comes_before_the_token() {
    let sale = Sale::start().await;
    let body = json!({ "reservation_id": 17 });
    let nobody = sale.server.nobody();
    nobody.post("/v1/payments", &body).await.expect_problem(401, "unauthenticated");
    sale.admin.post("/v1/payments", &body).await.expect_problem(403, "forbidden");
    let user = sale.server.user();
    user.post("/v1/payments", &body).await.expect_problem(400, "malformed_request");
}

#[tokio::test]
async fn a_missing_or_bad_token_comes_before_an_unknown_reservation() {
    let sale = Sale::start().await;
    let user = sale.server.user();
    user.pay(&nowhere(), 1).await.expect_problem(401, "queue_token_missing");
    let forged = user.with_queue_token("forged");
    forged.pay(&nowhere(), 1).await.expect_problem(401, "queue_token_invalid");
}

#[tokio::test]
async fn an_unknown_reservation_comes_before_the_tokens_state() {
    let sale = Sale::start().await;
    let waiting = sale.waiting().await;
    waiting.pay(&nowhere(), 1).await.expect_problem(404, "reservation_not_found");
}

#[tokio::test]
async fn the_wrong_concert_comes_before_a_token_that_waits() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let other = sale.admin.concert(&concert()).await;
    let elsewhere = user.joined(&other).await;
    let answer = elsewhere.pay(&reservation_id, PRICE).await;
    answer.expect_problem(403, "queue_token_wrong_concert");
}

#[tokio::test]
async fn a_token_that_waits_comes_before_a_reservation_that_is_paid() {
    let sale = Sale::start().await;
    let (waiting, reservation_id) = owner_in_line_again(&sale).await;
    let answer = waiting.pay(&reservation_id, PRICE).await;
    answer.expect_problem(403, "queue_token_waiting");
    assert_eq!((&answer.body["position"], &answer.body["eta_seconds"]), (&1.into(), &10.into()));
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn a_reservation_that_is_paid_comes_before_a_token_that_was_used_up() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    owner.pay(&reservation_id, 7).await.expect_problem(409, "already_paid");
}

#[tokio::test]
async fn a_hold_that_ran_out_comes_before_a_token_that_did() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    sale.server.advance_seconds(600).await;
    assert_eq!(user.poll().await.text("state"), "expired");
    user.pay(&reservation_id, 7).await.expect_problem(410, "hold_expired");
}

#[tokio::test]
async fn a_hold_that_was_released_comes_before_a_token_that_ended() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    user.delete("/v1/queue-tokens/current").await.expect(204);
    user.pay(&reservation_id, 7).await.expect_problem(409, "reservation_not_held");
}

#[tokio::test]
async fn a_token_that_ended_comes_before_a_wrong_amount() {
    let sale = Sale::start().await;
    let before = sale.active().await;
    before.delete("/v1/queue-tokens/current").await.expect(204);
    let user = before.clone().joined(&sale.concert_id).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    before.pay(&reservation_id, 7).await.expect_problem(403, "queue_token_expired");
}

#[tokio::test]
async fn a_wrong_amount_comes_before_the_balance() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    user.pay(&reservation_id, 7).await.expect_problem(422, "amount_mismatch");
    user.pay(&reservation_id, PRICE).await.expect_problem(404, "balance_not_found");
    user.charge(1).await.expect(201);
    user.pay(&reservation_id, 7).await.expect_problem(422, "amount_mismatch");
    user.pay(&reservation_id, PRICE).await.expect_problem(402, "insufficient_balance");
}
