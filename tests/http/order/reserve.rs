//! `POST /v1/schedules/{id}/reservations`: what is told first.

use crate::stage::{INTERVAL_SECONDS, Sale, concert, with};
use frontrow_tests::Client;
use serde_json::{Value, json};
use uuid::Uuid;

async fn reserve(user: &Client, schedule_id: &str, body: &Value) -> frontrow_tests::Answer {
    user.post(&format!("/v1/schedules/{schedule_id}/reservations"), body).await
}

/// A request that can't be read.
fn malformed() -> Value {
    json!({ "seats": [] })
}

#[tokio::test]
async fn who_calls_comes_first() {
    let sale = Sale::start().await;
    let nobody = sale.server.nobody();
    reserve(&nobody, &sale.schedule_id, &malformed()).await.expect_problem(401, "unauthenticated");
    reserve(&sale.admin, &sale.schedule_id, &malformed()).await.expect_problem(403, "forbidden");
    let content = Some(("application/json", malformed().to_string().into_bytes()));
    let user = sale.server.user();
    let keyless = user.send(http::Method::POST, &sale.reservations_path(), content).await;
    keyless.expect_problem(400, "idempotency_key_missing");
}

#[tokio::test]
async fn a_malformed_request_comes_before_the_token() {
    let sale = Sale::start().await;
    let user = sale.server.user();
    let forged = user.clone().with_queue_token("forged");
    for body in [
        malformed(),
        json!({ "seats": [1, 2, 1] }),
        json!({}),
        json!({ "seats": [1], "best": { "count": 1 } }),
        json!({ "best": { "count": 0 } }),
        json!({ "best": { "count": 1_001 } }),
    ] {
        for client in [&user, &forged] {
            let answer = reserve(client, &sale.schedule_id, &body).await;
            answer.expect_problem(400, "malformed_request");
            assert!(answer.body["errors"].is_array(), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_missing_or_bad_token_comes_before_an_unknown_schedule() {
    let sale = Sale::start().await;
    let nowhere = Uuid::now_v7().to_string();
    let user = sale.server.user();
    user.hold(&nowhere, &[1]).await.expect_problem(401, "queue_token_missing");
    let forged = user.clone().with_queue_token("forged");
    forged.hold(&nowhere, &[1]).await.expect_problem(401, "queue_token_invalid");
    let other = sale.waiting().await;
    let token = other.headers["x-queue-token"].to_str().expect("tokens are text");
    let swapped = user.with_queue_token(token);
    swapped.hold(&nowhere, &[1]).await.expect_problem(401, "queue_token_invalid");
}

#[tokio::test]
async fn an_unknown_schedule_comes_before_the_tokens_state() {
    let sale = Sale::start().await;
    let waiting = sale.waiting().await;
    let nowhere = Uuid::now_v7().to_string();
    waiting.hold(&nowhere, &[1]).await.expect_problem(404, "schedule_not_found");
}

#[tokio::test]
async fn the_wrong_concert_comes_before_the_tokens_state() {
    let sale = Sale::start().await;
    let other = sale.admin.concert(&concert()).await;
    let waiting = sale.server.user().joined(&other).await;
    let answer = waiting.hold(&sale.schedule_id, &[1]).await;
    answer.expect_problem(403, "queue_token_wrong_concert");
}

#[tokio::test]
async fn the_tokens_state_comes_before_a_performance_that_has_begun() {
    let sale = Sale::start().await;
    let begun = sale.schedule_in(5).await;
    let left = sale.active().await;
    let waiting = sale.waiting().await;
    left.delete("/v1/queue-tokens/current").await.expect(204);
    let answer = waiting.hold(&begun, &[1]).await;
    answer.expect_problem(403, "queue_token_waiting");
    assert_eq!((&answer.body["position"], &answer.body["eta_seconds"]), (&1.into(), &10.into()));
    assert_eq!(answer.header("retry-after"), "2");
    left.hold(&begun, &[1]).await.expect_problem(403, "queue_token_expired");
}

#[tokio::test]
async fn a_performance_that_has_begun_comes_before_a_closed_sale() {
    let sale = Sale::start().await;
    let begun = sale.schedule_in(5).await;
    let user = sale.active().await;
    sale.change(&json!({ "closed": true })).await;
    user.hold(&begun, &[1]).await.expect_problem(409, "schedule_started");
}

#[tokio::test]
async fn a_closed_sale_comes_before_a_hold_that_exists() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.change(&json!({ "closed": true })).await;
    user.hold(&sale.schedule_id, &[2]).await.expect_problem(409, "sale_closed");
}

#[tokio::test]
async fn a_hold_that_exists_comes_before_a_seat_that_does_not() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    user.hold(&sale.schedule_id, &[11]).await.expect_problem(409, "hold_exists");
}

#[tokio::test]
async fn a_seat_that_does_not_exist_comes_before_the_limit() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let answer = user.hold(&sale.schedule_id, &[1, 2, 3, 4, 11]).await;
    answer.expect_problem(404, "seat_not_found");
    let best = json!({ "best": { "count": 5, "section": "Balcony" } });
    let answer = reserve(&user, &sale.schedule_id, &best).await;
    answer.expect_problem(404, "seat_not_found");
}

#[tokio::test]
async fn the_limit_comes_before_a_seat_that_is_taken() {
    let one_each = with(concert(), &json!({ "holds": { "max_seats_per_user": 1 } }));
    let sale = Sale::of(&one_each, 2).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    let answer = user.hold(&sale.schedule_id, &[1, 2]).await;
    answer.expect_problem(409, "seat_limit_exceeded");
    assert_eq!(answer.body["limit"], 1);
    let best = json!({ "best": { "count": 2 } });
    let answer = reserve(&user, &sale.schedule_id, &best).await;
    answer.expect_problem(409, "seat_limit_exceeded");
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    user.hold(&sale.schedule_id, &[1]).await.expect_problem(409, "seat_taken");
}
