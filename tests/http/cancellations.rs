//! `DELETE /v1/reservations/{id}` of what was bought: refunds, until the performance begins.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, concert};
use serde_json::Value;

#[tokio::test]
async fn a_cancelled_reservation_is_refunded_and_its_seats_are_free() {
    let sale = Sale::start().await;
    let watcher = sale.waiting().await;
    let (owner, reservation_id) = sale.owner(&[1, 2]).await;
    let path = format!("/v1/reservations/{reservation_id}");
    owner.delete(&path).await.expect(204);
    assert_eq!(owner.get(&path).await.text("state"), "cancelled");
    assert_eq!(owner.balance().await.body["balance"], 2 * PRICE);
    assert_eq!(sale.seats(&watcher).await[..2], ["available", "available"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn cancelling_twice_refunds_once() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    let path = format!("/v1/reservations/{reservation_id}");
    owner.delete(&path).await.expect(204);
    let events = sale.server.journal_len().await;
    owner.delete(&path).await.expect(204);
    sale.admin.delete(&path).await.expect(204);
    assert_eq!(sale.server.journal_len().await, events);
    assert_eq!(owner.balance().await.body["balance"], PRICE);
}

#[tokio::test]
async fn nothing_is_cancelled_once_the_performance_begins() {
    let sale = Sale::start().await;
    let soon = sale.schedule_in(100).await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&soon, &[1]).await.expect(201).id();
    user.pay(&reservation_id, PRICE).await.expect(201);
    let path = format!("/v1/reservations/{reservation_id}");
    sale.server.advance_millis(100_000 - INTERVAL_SECONDS * 1_000).await;
    let events = sale.server.journal_len().await;
    user.delete(&path).await.expect_problem(409, "schedule_started");
    sale.admin.delete(&path).await.expect_problem(409, "schedule_started");
    assert_eq!(user.get(&path).await.text("state"), "confirmed");
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn it_can_be_cancelled_until_the_last_millisecond() {
    let sale = Sale::start().await;
    let soon = sale.schedule_in(100).await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&soon, &[1]).await.expect(201).id();
    user.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.advance_millis(100_000 - INTERVAL_SECONDS * 1_000 - 1).await;
    user.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    assert_eq!(user.balance().await.body["balance"], PRICE);
}

#[tokio::test]
async fn an_operator_cancels_for_a_person_and_the_person_is_refunded() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    sale.admin.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    assert_eq!(owner.balance().await.body["balance"], PRICE);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_cancelled_reservation_can_not_be_paid_again() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    owner.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    let again = owner.pay(&reservation_id, PRICE).await;
    again.expect_problem(409, "reservation_not_held");
}

#[tokio::test]
async fn a_sold_out_concert_opens_again_when_a_seat_comes_back() {
    // Given a concert whose only seat is sold while somebody waits
    let sale = Sale::of(&concert(), 1).await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    let late = sale.waiting().await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(sale.state().await, "sold_out");
    let poll = late.poll().await.expect(200);
    assert_eq!(
        (poll.text("state"), poll.text("concert_state")),
        ("waiting".into(), "sold_out".into())
    );
    assert_eq!(poll.text("notice"), "Every seat is sold.");
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let refused = sale.server.user().post(&path, &Value::Null).await;
    refused.expect_problem(409, "sold_out");

    // When it is cancelled
    owner.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    sale.server.pass().await;

    // Then the sale goes on, for those who waited first
    assert_eq!(sale.state().await, "open");
    sale.server.user().post(&path, &Value::Null).await.expect(201);
    late.poll().await.expect(200);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    late.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.server.assert_sound().await;
}
