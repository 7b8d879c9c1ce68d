//! `/v1/payments`: one transaction that debits the balance, sells the seats and uses the token up.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, assert_made_here};
use serde_json::json;

#[tokio::test]
async fn a_payment_answers_seats_balance_and_token() {
    let sale = Sale::start().await;
    let user = sale.buyer(5_000).await;
    let held = user.hold(&sale.schedule_id, &[1, 2]).await.expect(201);
    let paid = user.pay(&held.id(), 2 * PRICE).await.expect(201);
    let expected = json!({
        "id": paid.body["id"], "reservation_id": held.id(), "concert_id": sale.concert_id,
        "user_id": user.user_id, "amount": 2_000, "balance": 3_000, "currency": "KRW",
        "seats": held.body["seats"], "paid_at": "2026-11-22T11:00:10Z",
        "queue_token_state": "consumed",
    });
    assert_eq!(paid.body, expected);
    assert_made_here(&paid.id());
    let reservation = user.get(&format!("/v1/reservations/{}", held.id())).await.expect(200);
    assert_eq!(reservation.text("state"), "confirmed");
    assert_eq!(reservation.body["expires_in_seconds"], 0);
    assert_eq!(user.poll().await.text("state"), "consumed");
    assert_eq!(user.balance().await.body["balance"], 3_000);
    let watcher = sale.active().await;
    assert_eq!(sale.seats(&watcher).await[..3], ["sold", "sold", "available"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_hold_can_be_paid_until_the_last_millisecond() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    sale.server.advance_millis(299_999).await;
    user.pay(&reservation_id, PRICE).await.expect(201);
}

#[tokio::test]
async fn paying_for_a_lapsed_hold_stores_its_end_and_nothing_else() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    sale.server.clock.advance_millis(300_000);
    let events = sale.server.journal_len().await;
    user.pay(&reservation_id, PRICE).await.expect_problem(410, "hold_expired");
    assert_eq!(sale.server.journal_len().await, events + 1);
    user.pay(&reservation_id, PRICE).await.expect_problem(410, "hold_expired");
    assert_eq!(sale.server.journal_len().await, events + 1);
    assert_eq!(user.balance().await.body["balance"], PRICE);
    assert_eq!(user.poll().await.text("state"), "active");
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_refused_payment_changes_nothing() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let events = sale.server.journal_len().await;
    user.pay(&reservation_id, PRICE).await.expect_problem(404, "balance_not_found");
    assert_eq!(sale.server.journal_len().await, events);
    user.charge(PRICE - 1).await.expect(201);
    let poor = user.pay(&reservation_id, PRICE).await;
    poor.expect_problem(402, "insufficient_balance");
    assert_eq!((&poor.body["balance"], &poor.body["required"]), (&json!(999), &json!(1_000)));
    for amount in [0, PRICE - 1, PRICE + 1, 1 << 53, u64::MAX] {
        let other = user.pay(&reservation_id, amount).await;
        other.expect_problem(422, "amount_mismatch");
        assert_eq!(other.body["expected"], PRICE);
    }
    assert_eq!(sale.server.journal_len().await, events + 1);
    user.charge(1).await.expect(201);
    user.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_hold_taken_before_the_sale_was_closed_can_still_be_paid() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    sale.change(&json!({ "closed": true })).await;
    user.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_paid_reservation_is_not_paid_again() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    owner.charge(PRICE).await.expect(201);
    owner.pay(&reservation_id, PRICE).await.expect_problem(409, "already_paid");
    assert_eq!(owner.balance().await.body["balance"], PRICE);
}

#[tokio::test]
async fn a_released_hold_can_not_be_paid() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    user.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    user.pay(&reservation_id, PRICE).await.expect_problem(409, "reservation_not_held");
}

#[tokio::test]
async fn nobody_pays_with_or_for_somebody_else() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    other.charge(PRICE).await.expect(201);
    user.charge(PRICE).await.expect(201);
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let events = sale.server.journal_len().await;
    let theirs = other.pay(&reservation_id, PRICE).await;
    theirs.expect_problem(404, "reservation_not_found");
    let token = other.headers["x-queue-token"].to_str().expect("tokens are text").to_owned();
    let swapped = user.clone().with_queue_token(&token);
    swapped.pay(&reservation_id, PRICE).await.expect_problem(401, "queue_token_invalid");
    sale.admin.pay(&reservation_id, PRICE).await.expect_problem(403, "forbidden");
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn a_payment_is_read_strictly() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let events = sale.server.journal_len().await;
    for (body, field) in [
        (json!({ "amount": 1 }), "reservation_id"),
        (json!({ "reservation_id": reservation_id }), "amount"),
        (json!({ "reservation_id": "17", "amount": 1 }), "reservation_id"),
        (json!({ "reservation_id": reservation_id, "amount": -1 }), "amount"),
        (json!({ "reservation_id": reservation_id, "amount": 1.5 }), "amount"),
        (json!({ "reservation_id": reservation_id, "amount": "1000" }), "amount"),
        (json!({ "reservation_id": reservation_id, "amount": 1, "tip": 1 }), "tip"),
    ] {
        let answer = user.post("/v1/payments", &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn who_bought_may_queue_for_more() {
    let sale = Sale::start().await;
    let (owner, _) = sale.owner(&[1]).await;
    let again = owner.joined(&sale.concert_id).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    again.charge(PRICE).await.expect(201);
    let reservation_id = again.hold(&sale.schedule_id, &[2]).await.expect(201).id();
    again.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.assert_sound().await;
}
