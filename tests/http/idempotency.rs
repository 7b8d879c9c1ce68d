//! `Idempotency-Key`: a request that is sent again acts once.

use crate::stage::{PRICE, Sale};
use frontrow_server::execute::Limits;
use frontrow_tests::server::Setup;
use frontrow_tests::{Answer, Client, Faults, TestServer};
use http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// Checks that `again` is `first` once more.
#[track_caller]
fn assert_replayed(first: &Answer, again: &Answer) {
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
}

fn keyed(client: &Client, key: &str) -> Client {
    client.clone().with("idempotency-key", key)
}

#[tokio::test]
async fn a_charge_that_is_sent_again_is_charged_once() {
    let server = TestServer::start().await;
    let user = keyed(&server.user(), "k");
    let first = user.charge(500).await.expect(201);
    server.advance_seconds(60).await;
    assert_replayed(&first, &user.charge(500).await);
    assert_eq!(user.balance().await.body["balance"], 500);
    server.assert_sound().await;
}

#[tokio::test]
async fn a_hold_that_is_sent_again_is_held_once() {
    let sale = Sale::start().await;
    let user = keyed(&sale.active().await, "k");
    let first = user.hold(&sale.schedule_id, &[1]).await.expect(201);
    let events = sale.server.journal_len().await;
    sale.server.clock.advance_millis(60_000);
    assert_replayed(&first, &user.hold(&sale.schedule_id, &[1]).await);
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn a_payment_that_is_sent_again_is_paid_once_though_its_token_is_used_up() {
    let sale = Sale::start().await;
    let user = sale.buyer(2 * PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let user = keyed(&user, "k");
    let first = user.pay(&reservation_id, PRICE).await.expect(201);
    assert_replayed(&first, &user.pay(&reservation_id, PRICE).await);
    let forgetful = user.clone().without("x-queue-token");
    assert_replayed(&first, &forgetful.pay(&reservation_id, PRICE).await);
    let forged = user.clone().with_queue_token("forged");
    assert_replayed(&first, &forged.pay(&reservation_id, PRICE).await);
    assert_eq!(user.balance().await.body["balance"], PRICE);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn an_expiry_that_was_stored_is_replayed() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    sale.server.clock.advance_millis(300_000);
    let user = keyed(&user, "k").with("accept-language", "ko");
    let first = user.pay(&reservation_id, PRICE).await;
    first.expect_problem(410, "hold_expired");
    let again = user.with("accept-language", "en").pay(&reservation_id, PRICE).await;
    again.expect_problem(410, "hold_expired");
    assert_replayed(&first, &again);
}

#[tokio::test]
async fn a_refusal_is_decided_anew() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let user = keyed(&user, "k");
    user.pay(&reservation_id, PRICE).await.expect_problem(404, "balance_not_found");
    keyed(&user, "charge").charge(PRICE).await.expect(201);
    let paid = user.pay(&reservation_id, PRICE).await.expect(201);
    assert_eq!(paid.header("idempotency-replayed"), "");
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let user = keyed(&user, "k");
    user.charge(5).await.expect(201);
    let events = sale.server.journal_len().await;
    for answer in [
        user.charge(6).await,
        user.hold(&sale.schedule_id, &[1]).await,
        user.pay(&uuid::Uuid::nil().to_string(), 5).await,
        user.clone().without("x-queue-token").hold(&sale.schedule_id, &[1]).await,
    ] {
        answer.expect_problem(422, "idempotency_key_reused");
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn a_key_of_another_schedule_is_another_request() {
    let sale = Sale::start().await;
    let other = sale.schedule_in(3_600).await;
    let user = keyed(&sale.active().await, "k");
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    user.hold(&other, &[1]).await.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn the_same_request_may_be_written_in_another_way() {
    let server = TestServer::start().await;
    let user = keyed(&server.user(), "k");
    let first = user.charge(500).await.expect(201);
    let path = format!("/v1/users/{}/charges", user.user_id);
    let body = Some(("Application/JSON; charset=utf-8", b" {\n \"amount\" : 500 } ".to_vec()));
    assert_replayed(&first, &user.send(Method::POST, &path, body).await);
}

#[tokio::test]
async fn keys_are_each_callers_own() {
    let server = TestServer::start().await;
    let (user, other) = (keyed(&server.user(), "k"), keyed(&server.user(), "k"));
    user.charge(1).await.expect(201);
    let theirs = other.charge(2).await.expect(201);
    assert_eq!(theirs.header("idempotency-replayed"), "");
    // An operator who charges for the user has keys of their own as well.
    let path = format!("/v1/users/{}/charges", user.user_id);
    let operator = keyed(&server.admin(), "k");
    let charged = operator.post(&path, &json!({ "amount": 1 })).await.expect(201);
    assert_eq!((charged.header("idempotency-replayed"), &charged.body["balance"]), ("", &json!(2)));
}

#[tokio::test]
async fn what_moves_seats_or_money_needs_a_key() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    let charges = format!("/v1/users/{}/charges", user.user_id);
    for (path, body) in [
        (charges, json!({ "amount": 1 })),
        (sale.reservations_path(), json!({ "seats": [1] })),
        ("/v1/payments".to_owned(), json!({ "reservation_id": uuid::Uuid::nil(), "amount": 1 })),
    ] {
        let content = Some(("application/json", body.to_string().into_bytes()));
        let answer = user.send(Method::POST, &path, content).await;
        answer.expect_problem(400, "idempotency_key_missing");
        let (too_long, longest) = ("k".repeat(256), "k".repeat(255));
        for bad in ["", "열쇠", "tab\there", &too_long] {
            let answer = keyed(&user, bad).post(&path, &body).await;
            answer.expect_problem(400, "malformed_request");
            assert_eq!(answer.body["errors"][0]["field"], "Idempotency-Key", "{bad:?}");
        }
        let mut twice = keyed(&user, "k");
        twice.headers.append("idempotency-key", http::HeaderValue::from_static("l"));
        twice.post(&path, &body).await.expect_problem(400, "malformed_request");
        assert_eq!(sale.server.journal_len().await, events);
        assert_ne!(keyed(&user, &longest).post(&path, &json!(0)).await.body["errors"], Value::Null);
    }
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let server = TestServer::start().await;
    let user = keyed(&server.user(), "k");
    let first = user.charge(500).await.expect(201);
    server.advance_seconds(86_400).await;
    assert_replayed(&first, &user.charge(500).await);
}

#[tokio::test]
async fn equal_requests_at_the_same_time_act_once() {
    let faults = Faults::default();
    let server =
        TestServer::start_with(Setup { around: faults.around(), ..Setup::default() }).await;
    let user = keyed(&server.user(), "k");
    faults.begin_gate().shut();
    let release = async {
        faults.begin_gate().reached_by(1).await;
        faults.begin_gate().open();
    };
    let charges = futures_util::future::join_all((0..8).map(|_| user.charge(500)));
    let (answers, ()) = tokio::join!(charges, release);
    let replayed = |answer: &&Answer| answer.header("idempotency-replayed") == "true";
    assert_eq!(answers.iter().filter(replayed).count(), 7);
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
    }
    assert_eq!(user.balance().await.body["balance"], 500);
    server.assert_sound().await;
}

#[tokio::test]
async fn a_request_does_not_wait_for_its_equal_for_ever() {
    let faults = Faults::default();
    let limits = Limits { key_wait: Duration::ZERO, ..Limits::default() };
    let setup = Setup { limits, around: faults.around(), ..Setup::default() };
    let server = TestServer::start_with(setup).await;
    let user = keyed(&server.user(), "k");
    faults.begin_gate().shut();
    let impatient = async {
        faults.begin_gate().reached_by(1).await;
        let second = user.charge(500).await;
        second.expect_problem(409, "idempotency_in_flight");
        assert_eq!(second.header("retry-after"), "1");
        faults.begin_gate().open();
    };
    let (first, ()) = tokio::join!(user.charge(500), impatient);
    assert_replayed(&first.expect(201), &user.charge(500).await);
    server.assert_sound().await;
}
