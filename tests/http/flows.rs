//! The seven flows that the product was drawn up with, one story each.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, concert, with};
use frontrow_tests::server::Setup;
use frontrow_tests::{Fault, Faults};
use serde_json::{Value, json};

#[tokio::test]
async fn flow_1_a_person_joins_the_queue_polls_and_is_let_in() {
    // Given a concert that lets one person in every ten seconds
    let slow = with(concert(), &json!({ "admission": { "batch_size": 1 } }));
    let sale = Sale::of(&slow, 10).await;
    let first = sale.waiting().await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);

    // When somebody joins, a token is issued; when they join again, they are told that they wait
    let user = sale.server.user().with("accept-language", "ko");
    let issued = user.post(&path, &Value::Null).await.expect(201);
    assert_eq!((issued.text("state"), &issued.body["position"]), ("waiting".into(), &json!(2)));
    let again = user.post(&path, &Value::Null).await.expect(200);
    assert_eq!(again.text("token"), issued.text("token"));
    assert_eq!(again.text("notice"), "이미 대기열에 있습니다. 대기 중입니다.");

    // Then polls tell place and time left, until the tick that lets them in
    let user = user.with_queue_token(&issued.text("token"));
    sale.server.pass().await;
    assert_eq!(first.poll().await.text("state"), "active");
    let poll = user.poll().await.expect(200);
    assert_eq!((&poll.body["position"], &poll.body["eta_seconds"]), (&json!(1), &json!(10)));
    sale.server.advance_seconds(4).await;
    assert_eq!(user.poll().await.body["eta_seconds"], 6);
    sale.server.advance_seconds(6).await;
    assert_eq!(user.poll().await.text("state"), "active");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn flow_2_whoever_was_let_in_sees_the_dates_that_can_be_booked() {
    let sale = Sale::start().await;
    let user = sale.waiting().await.with("accept-language", "ko");
    user.get(&sale.schedules_path()).await.expect_problem(403, "queue_token_waiting");
    sale.server.pass().await;
    let list = user.get(&sale.schedules_path()).await.expect(200);
    assert_eq!(list.body["data"][0]["id"], *sale.schedule_id);

    // A month later the performance is over
    sale.server.advance_seconds(33 * 86_400).await;
    let late = sale.active().await.with("accept-language", "ko");
    let none = late.get(&sale.schedules_path()).await;
    none.expect_problem(404, "no_schedules_available");
    assert_eq!(none.text("detail"), "예약 가능한 스케줄이 없습니다.");
}

#[tokio::test]
async fn flow_3_whoever_was_let_in_sees_the_seats_of_a_date() {
    let sale = Sale::of(&concert(), 2).await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let map = user.get(&sale.seats_path()).await.expect(200);
    assert_eq!(map.body["data"].as_array().map(Vec::len), Some(2));
    other.hold(&sale.schedule_id, &[1, 2]).await.expect(201);
    let none = user.with("accept-language", "ko").get(&sale.seats_path()).await;
    none.expect_problem(404, "no_seats_available");
    assert_eq!(none.text("detail"), "예약 가능한 좌석이 없습니다.");
}

#[tokio::test]
async fn flow_4_a_seat_is_held_for_five_minutes_and_nobody_else_gets_it() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let held = user.hold(&sale.schedule_id, &[7]).await.expect(201);
    assert_eq!(held.body["expires_in_seconds"], 300);
    let other = other.with("accept-language", "ko");
    let taken = other.hold(&sale.schedule_id, &[7]).await;
    taken.expect_problem(409, "seat_taken");
    assert_eq!(taken.text("detail"), "이미 선택된 좌석입니다.");
    sale.server.advance_seconds(300).await;
    other.hold(&sale.schedule_id, &[7]).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn flow_5_a_balance_is_read_without_a_queue_token() {
    let sale = Sale::start().await;
    let user = sale.server.user().with("accept-language", "ko");
    let none = user.balance().await;
    none.expect_problem(404, "balance_not_found");
    assert_eq!(none.text("detail"), "잔액 정보가 없습니다.");
    user.charge(50_000).await.expect(201);
    assert_eq!(user.balance().await.expect(200).body["balance"], 50_000);
}

#[tokio::test]
async fn flow_6_a_balance_is_charged_wholly_or_not_at_all() {
    let faults = Faults::default();
    let sale = Sale::with(Setup { around: faults.around(), ..Setup::default() }).await;
    let user = sale.server.user().with("accept-language", "ko");
    assert_eq!(user.charge(50_000).await.expect(201).body["balance"], 50_000);

    // When the history can't be stored, the balance is not charged either
    faults.writes(&[Fault::Unavailable; 3]);
    let failed = user.charge(1).await;
    failed.expect_problem(503, "charge_failed");
    assert_eq!(failed.text("detail"), "충전 중 오류가 발생했습니다. 다시 시도해주세요.");
    assert_eq!(failed.body["outcome_unknown"], false);
    assert_eq!(user.balance().await.body["balance"], 50_000);

    // When it is tried again, it is
    assert_eq!(user.charge(1).await.expect(201).body["balance"], 50_001);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn flow_7_a_payment_sells_the_seats_and_uses_the_token_up() {
    // Given two people who hold seats, the first without enough money
    let sale = Sale::start().await;
    let (poor, late) = (sale.waiting().await, sale.active().await);
    let poor = poor.with("accept-language", "ko");
    let late = late.with("accept-language", "ko");
    poor.charge(PRICE - 1).await.expect(201);
    late.charge(PRICE).await.expect(201);
    let theirs = poor.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    let lapsed = late.hold(&sale.schedule_id, &[2]).await.expect(201).id();

    // A balance that is too low pays nothing
    let refused = poor.pay(&theirs, PRICE).await;
    refused.expect_problem(402, "insufficient_balance");
    assert_eq!(refused.text("detail"), "잔액이 부족합니다.");

    // Enough of it pays, and the queue token has served
    poor.charge(1).await.expect(201);
    let paid = poor.pay(&theirs, PRICE).await.expect(201);
    assert_eq!(paid.text("queue_token_state"), "consumed");
    poor.get(&sale.seats_path()).await.expect_problem(403, "queue_token_expired");

    // After five minutes it is too late, and the seat is everybody's
    sale.server.advance_seconds(300).await;
    let expired = late.pay(&lapsed, PRICE).await;
    expired.expect_problem(410, "hold_expired");
    assert_eq!(expired.text("detail"), "임시 배정 시간이 만료되었습니다.");
    assert_eq!(late.balance().await.body["balance"], PRICE);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(sale.seats(&late).await[..2], ["sold", "available"]);
    sale.server.assert_sound().await;
}
