//! Schedules and seats: token missing or invalid, nothing there, wrong concert, the token's state.

use crate::stage::{Sale, concert};
use uuid::Uuid;

/// Both paths, with ids that name nothing.
fn nowhere() -> [(String, &'static str); 2] {
    let id = Uuid::now_v7();
    [
        (format!("/v1/concerts/{id}/schedules"), "concert_not_found"),
        (format!("/v1/schedules/{id}/seats"), "schedule_not_found"),
    ]
}

#[tokio::test]
async fn a_missing_or_bad_token_comes_before_what_is_not_there() {
    let sale = Sale::start().await;
    for (path, _) in nowhere() {
        sale.server.user().get(&path).await.expect_problem(401, "queue_token_missing");
        let forged = sale.server.user().with_queue_token("forged");
        forged.get(&path).await.expect_problem(401, "queue_token_invalid");
    }
}

#[tokio::test]
async fn what_is_not_there_comes_before_the_tokens_state() {
    let sale = Sale::start().await;
    let user = sale.waiting().await;
    for (path, code) in nowhere() {
        user.get(&path).await.expect_problem(404, code);
    }
    user.delete("/v1/queue-tokens/current").await.expect(204);
    for (path, code) in nowhere() {
        user.get(&path).await.expect_problem(404, code);
    }
}

#[tokio::test]
async fn the_wrong_concert_comes_before_the_tokens_state() {
    let sale = Sale::start().await;
    let other = sale.admin.concert(&concert()).await;
    let user = sale.server.user().joined(&other).await;
    for path in [sale.schedules_path(), sale.seats_path()] {
        user.get(&path).await.expect_problem(403, "queue_token_wrong_concert");
    }
    sale.server.advance_seconds(10).await;
    for path in [sale.schedules_path(), sale.seats_path()] {
        user.get(&path).await.expect_problem(403, "queue_token_wrong_concert");
    }
}

#[tokio::test]
async fn the_tokens_state_comes_before_the_query() {
    let sale = Sale::start().await;
    let user = sale.waiting().await;
    let path = format!("{}?status=nonsense", sale.seats_path());
    user.get(&path).await.expect_problem(403, "queue_token_waiting");
}

#[tokio::test]
async fn each_state_of_a_token_but_active_closes_the_doors() {
    let sale = Sale::start().await;
    let (left, waiting) = (sale.waiting().await, sale.waiting().await);
    left.delete("/v1/queue-tokens/current").await.expect(204);
    for path in [sale.schedules_path(), sale.seats_path()] {
        let answer = waiting.get(&path).await;
        answer.expect_problem(403, "queue_token_waiting");
        assert_eq!(
            (&answer.body["position"], &answer.body["eta_seconds"]),
            (&1.into(), &10.into())
        );
        assert_eq!(answer.header("retry-after"), "1");
        left.get(&path).await.expect_problem(403, "queue_token_expired");
    }
    let (owner, _) = sale.owner(&[1]).await;
    sale.server.advance_seconds(600).await;
    for path in [sale.schedules_path(), sale.seats_path()] {
        owner.get(&path).await.expect_problem(403, "queue_token_expired");
        waiting.get(&path).await.expect_problem(403, "queue_token_expired");
    }
}
