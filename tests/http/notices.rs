//! `notice`: what the operator says to the people in line, and what goes before it.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, concert};
use frontrow_tests::Client;
use serde_json::{Value, json};

fn late() -> Value {
    json!({ "notice": { "ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late." } })
}

/// What a poll tells in Korean and in English.
async fn told(user: &Client) -> [Value; 2] {
    let mut notices = [Value::Null, Value::Null];
    for (notice, language) in notices.iter_mut().zip(["ko", "en"]) {
        let poll = user.clone().with("accept-language", language).poll().await.expect(200);
        *notice = poll.body["notice"].clone();
    }
    notices
}

#[tokio::test]
async fn the_people_in_line_are_told_the_operators_notice_in_their_language() {
    // Given somebody who was let in, somebody who waits, and somebody who has left
    let sale = Sale::start().await;
    let active = sale.active().await;
    let gone = sale.waiting().await;
    gone.delete("/v1/queue-tokens/current").await.expect(204);
    let waiting = sale.waiting().await;

    // When the operator says something
    let changed = sale.change(&late()).await;
    assert_eq!(changed.body["notice"], late()["notice"]);

    // Then those in line are told, and who joins is
    let texts = [json!("10분 늦게 시작합니다."), json!("We start ten minutes late.")];
    assert_eq!(told(&waiting).await, texts);
    assert_eq!(told(&active).await, texts);
    assert_eq!(told(&gone).await, [Value::Null, Value::Null]);
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let joined = sale.server.user().post(&path, &Value::Null).await.expect(201);
    assert_eq!(joined.body["notice"], texts[1]);

    // When it is taken away, nobody is told anything
    assert_eq!(sale.change(&json!({ "notice": null })).await.body["notice"], Value::Null);
    assert_eq!(told(&waiting).await, [Value::Null, Value::Null]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn who_joins_twice_is_told_so_first_and_by_polls_what_the_operator_says() {
    let sale = Sale::start().await;
    let user = sale.waiting().await;
    sale.change(&late()).await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let again = user.post(&path, &Value::Null).await.expect(200);
    assert_eq!(again.text("notice"), "You are already in the queue.");
    assert_eq!(user.poll().await.text("notice"), "We start ten minutes late.");
}

#[tokio::test]
async fn that_waiting_is_hopeless_goes_before_all_else() {
    // Given somebody who waits behind who buys the last seat, and a notice
    let sale = Sale::of(&concert(), 1).await;
    let owner = sale.buyer(PRICE).await;
    let user = sale.waiting().await;
    sale.change(&late()).await;
    let reservation_id = owner.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    owner.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;

    // Then they are told that, also when they join again, and that the sale is closed when it is
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    assert_eq!(user.poll().await.text("notice"), "Every seat is sold.");
    let again = user.post(&path, &Value::Null).await.expect(200);
    assert_eq!(again.body["already_queued"], true);
    assert_eq!(again.text("notice"), "Every seat is sold.");
    sale.change(&json!({ "closed": true })).await;
    assert_eq!(user.poll().await.text("notice"), "The sale is closed.");
}

#[tokio::test]
async fn a_notice_outlives_other_changes_and_a_restart() {
    let sale = Sale::start().await;
    sale.change(&late()).await;
    sale.change(&json!({ "paused": true, "draining": true })).await;
    let path = format!("/v1/concerts/{}", sale.concert_id);
    let before = sale.admin.get(&path).await.expect(200).body;
    let server = sale.server.restart().await;
    let after = server.nobody().get(&path).await.expect(200).body;
    assert_eq!(after, before);
    assert_eq!(after["notice"], late()["notice"]);
    assert_eq!(
        (&after["draining"], &after["state"], &after["admission"]["batch_size"]),
        (&json!(true), &json!("paused"), &json!(100))
    );
    server.assert_sound().await;
}
