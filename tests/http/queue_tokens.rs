//! `/v1/concerts/{id}/queue-tokens` and `/v1/queue-tokens/current`: joining, polling, leaving.

use crate::stage::{INTERVAL_SECONDS, PRICE, START, Sale, assert_made_here, concert, with};
use serde_json::{Value, json};

/// The sale opens in a minute, and then lets one person in every ten seconds.
fn one_by_one() -> Value {
    let opens =
        json!({ "sale_opens_at": "2026-11-22T11:01:00Z", "admission": { "batch_size": 1 } });
    with(concert(), &opens)
}

#[tokio::test]
async fn joining_answers_the_token_and_the_place() {
    let sale = Sale::of(&one_by_one(), 10).await;
    let user = sale.server.user();
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let joined = user.post(&path, &Value::Null).await.expect(201);
    let expected = json!({
        "token": joined.body["token"], "ticket_id": joined.body["ticket_id"],
        "concert_id": sale.concert_id, "user_id": user.user_id,
        "state": "waiting", "position": 1, "waiting": 1,
        "eta_seconds": 60, "eta_known": true,
        "next_admission_at": "2026-11-22T11:01:00Z", "next_admission_in_seconds": 60,
        "poll_after_seconds": 2, "issued_at": START,
        "expires_at": null, "expires_in_seconds": null, "already_queued": false,
        "concert_state": "scheduled", "notice": null, "server_time": START,
    });
    assert_eq!(joined.body, expected);
    assert_made_here(&joined.text("ticket_id"));
    assert_eq!(joined.text("token").len(), 119);
}

#[tokio::test]
async fn a_poll_tells_the_place_and_when_to_come_again() {
    let sale = Sale::of(&one_by_one(), 10).await;
    sale.waiting().await;
    sale.waiting().await;
    let user = sale.waiting().await;
    sale.server.advance_millis(1_500).await;
    let poll = user.poll().await.expect(200);
    let expected = json!({
        "ticket_id": poll.body["ticket_id"], "concert_id": sale.concert_id,
        "user_id": user.user_id, "state": "waiting", "position": 3, "waiting": 3,
        "eta_seconds": 79, "eta_known": true,
        "next_admission_at": "2026-11-22T11:01:00Z", "next_admission_in_seconds": 59,
        "poll_after_seconds": 8, "issued_at": START,
        "expires_at": null, "expires_in_seconds": null, "already_queued": false,
        "concert_state": "scheduled", "notice": null,
        "server_time": "2026-11-22T11:00:01.500Z",
    });
    assert_eq!(poll.body, expected);
    assert_eq!(poll.header("retry-after"), "8");
    assert_eq!(poll.header("cache-control"), "no-store");
}

#[tokio::test]
async fn who_is_let_in_is_told_until_when() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let poll = user.poll().await.expect(200);
    let expected = json!({
        "ticket_id": poll.body["ticket_id"], "concert_id": sale.concert_id,
        "user_id": user.user_id, "state": "active", "position": null, "waiting": 0,
        "eta_seconds": 0, "eta_known": true,
        "next_admission_at": "2026-11-22T11:00:20Z", "next_admission_in_seconds": 10,
        "poll_after_seconds": 1, "issued_at": START,
        "expires_at": "2026-11-22T11:10:10Z", "expires_in_seconds": 600,
        "already_queued": false, "concert_state": "open", "notice": null,
        "server_time": "2026-11-22T11:00:10Z",
    });
    assert_eq!(poll.body, expected);
    assert_eq!(poll.header("retry-after"), "1");
}

#[tokio::test]
async fn who_already_stands_in_line_keeps_token_and_place() {
    let sale = Sale::start().await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let user = sale.server.user();
    let first = user.post(&path, &Value::Null).await.expect(201);
    sale.waiting().await;
    let events = sale.server.journal_len().await;
    let english = user.post(&path, &Value::Null).await.expect(200);
    let told = json!({ "already_queued": true, "notice": "You are already in the queue.",
        "waiting": 2 });
    assert_eq!(english.body, with(first.body, &told));
    let korean = user.with("accept-language", "ko-KR").post(&path, &Value::Null).await.expect(200);
    assert_eq!(korean.text("notice"), "이미 대기열에 있습니다. 대기 중입니다.");
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn who_was_let_in_and_joins_again_stays_active() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let again = user.post(&path, &Value::Null).await.expect(200);
    assert_eq!(again.text("state"), "active");
    assert_eq!(again.body["already_queued"], true);
}

#[tokio::test]
async fn people_who_join_a_paused_concert_wait() {
    let sale = Sale::start().await;
    sale.change(&json!({ "paused": true })).await;
    let user = sale.waiting().await;
    sale.server.advance_seconds(INTERVAL_SECONDS * 3).await;
    let poll = user.poll().await.expect(200);
    let told = json!({ "state": "waiting", "concert_state": "paused", "eta_seconds": null,
        "eta_known": false, "next_admission_at": null, "next_admission_in_seconds": null });
    assert_eq!(poll.body, with(poll.body.clone(), &told));
    sale.change(&json!({ "paused": false })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(user.poll().await.text("state"), "active");
}

#[tokio::test]
async fn a_closed_concert_has_no_queue_to_join_and_those_in_it_are_told() {
    let sale = Sale::start().await;
    let user = sale.waiting().await;
    sale.change(&json!({ "closed": true })).await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let late = sale.server.user().post(&path, &Value::Null).await;
    late.expect_problem(409, "queue_closed");
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let poll = user.poll().await.expect(200);
    assert_eq!(poll.text("state"), "waiting");
    assert_eq!(poll.text("notice"), "The sale is closed.");
    let poll = user.with("accept-language", "ko").poll().await.expect(200);
    assert_eq!(poll.text("notice"), "판매가 종료되었습니다.");
}

#[tokio::test]
async fn leaving_ends_the_place_and_leaving_twice_is_leaving_once() {
    let sale = Sale::start().await;
    let (user, next) = (sale.waiting().await, sale.waiting().await);
    let left = user.delete("/v1/queue-tokens/current").await.expect(204);
    assert!(left.body.is_null());
    let events = sale.server.journal_len().await;
    user.delete("/v1/queue-tokens/current").await.expect(204);
    assert_eq!(sale.server.journal_len().await, events);
    let poll = user.poll().await.expect(200);
    assert_eq!(poll.text("state"), "left");
    assert_eq!(poll.body["position"], Value::Null);
    assert_eq!(next.poll().await.body["position"], 1);
}

#[tokio::test]
async fn who_left_joins_anew_at_the_end_of_the_line() {
    let sale = Sale::start().await;
    let user = sale.waiting().await;
    let before = user.poll().await.text("ticket_id");
    sale.waiting().await;
    user.delete("/v1/queue-tokens/current").await.expect(204);
    let again = user.clone().joined(&sale.concert_id).await;
    let poll = again.poll().await.expect(200);
    assert_ne!(poll.text("ticket_id"), before);
    assert_eq!(poll.body["position"], 2);
    assert_eq!(user.poll().await.text("state"), "left");
}

#[tokio::test]
async fn leaving_releases_the_hold() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    user.delete("/v1/queue-tokens/current").await.expect(204);
    let reservation = user.get(&format!("/v1/reservations/{reservation_id}")).await.expect(200);
    assert_eq!(reservation.text("state"), "released");
    other.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_payment_uses_the_token_up() {
    let sale = Sale::start().await;
    let (owner, _) = sale.owner(&[1]).await;
    let poll = owner.poll().await.expect(200);
    assert_eq!(poll.text("state"), "consumed");
    assert_eq!(poll.body["expires_at"], Value::Null);
    owner.get(&sale.seats_path()).await.expect_problem(403, "queue_token_expired");
}

#[tokio::test]
async fn an_active_token_runs_out_on_time() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    sale.server.clock.advance_millis(599_999);
    user.get(&sale.seats_path()).await.expect(200);
    sale.server.clock.advance_millis(1);
    user.get(&sale.seats_path()).await.expect_problem(403, "queue_token_expired");
    assert_eq!(user.poll().await.text("state"), "expired");
    let again = user.joined(&sale.concert_id).await;
    assert_eq!(again.poll().await.text("state"), "waiting");
    sale.server.pass().await;
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_hold_keeps_its_token_alive_for_paying_and_not_for_new_holds() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    sale.server.clock.advance_millis(590_000);
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    sale.server.advance_seconds(60).await;
    let poll = user.poll().await.expect(200);
    assert_eq!(
        (poll.text("state"), &poll.body["expires_in_seconds"]),
        ("active".into(), &json!(240))
    );
    let more = user.hold(&sale.schedule_id, &[2]).await;
    more.expect_problem(403, "queue_token_expired");
    user.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn polls_and_leaving_need_the_queue_token_alone() {
    let sale = Sale::start().await;
    let user = sale.waiting().await.without("authorization");
    user.poll().await.expect(200);
    user.delete("/v1/queue-tokens/current").await.expect(204);
    let nobody = sale.server.nobody();
    nobody.poll().await.expect_problem(401, "queue_token_missing");
    nobody.delete("/v1/queue-tokens/current").await.expect_problem(401, "queue_token_missing");
}

#[tokio::test]
async fn joining_needs_a_user() {
    let sale = Sale::start().await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    sale.server.nobody().post(&path, &Value::Null).await.expect_problem(401, "unauthenticated");
    sale.admin.post(&path, &Value::Null).await.expect_problem(403, "forbidden");
}
