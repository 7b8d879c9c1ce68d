//! `/v1/schedules/{id}/reservations` and `/v1/reservations/{id}`: holding seats, looking at holds,
//! giving them back.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, assert_made_here, concert, with};
use frontrow_tests::{Answer, Client};
use serde_json::{Value, json};

async fn best(sale: &Sale, user: &Client, best: &Value) -> Answer {
    user.post(&sale.reservations_path(), &json!({ "best": best })).await
}

fn numbers(reservation: &Answer) -> Vec<u64> {
    let seats = reservation.body["seats"].as_array().expect("it has seats").iter();
    seats.map(|seat| seat["number"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn a_hold_answers_its_seats_price_and_end() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let held = user.hold(&sale.schedule_id, &[3, 2]).await.expect(201);
    let seat = |number: u32| json!({ "number": number, "label": format!("R-1-{number}"), "section": "R", "price": 1_000 });
    let expected = json!({
        "id": held.body["id"], "concert_id": sale.concert_id, "schedule_id": sale.schedule_id,
        "user_id": user.user_id, "state": "held", "seats": [seat(2), seat(3)],
        "amount": 2_000, "currency": "KRW", "held_at": "2026-11-22T11:00:10Z",
        "expires_at": "2026-11-22T11:05:10Z", "expires_in_seconds": 300,
    });
    assert_eq!(held.body, expected);
    assert_made_here(&held.id());
    sale.server.advance_millis(60_001).await;
    let read = user.get(&format!("/v1/reservations/{}", held.id())).await.expect(200);
    assert_eq!(read.body, with(expected, &json!({ "expires_in_seconds": 240 })));
}

#[tokio::test]
async fn the_best_seats_are_in_the_middle_and_side_by_side() {
    let sale = Sale::start().await;
    let (first, second) = (sale.waiting().await, sale.active().await);
    let held = best(&sale, &first, &json!({ "count": 2 })).await.expect(201);
    assert_eq!(numbers(&held), [5, 6]);
    let held = best(&sale, &second, &json!({ "count": 2, "section": "R" })).await.expect(201);
    assert_eq!(numbers(&held), [3, 4]);
}

#[tokio::test]
async fn the_best_seats_of_a_null_section_are_those_of_all() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    best(&sale, &user, &json!({ "count": 1, "section": null })).await.expect(201);
}

#[tokio::test]
async fn there_may_be_no_best_seats() {
    let sale = Sale::of(&concert(), 2).await;
    let (first, second) = (sale.waiting().await, sale.active().await);
    best(&sale, &first, &json!({ "count": 1 })).await.expect(201);
    let events = sale.server.journal_len().await;
    let none = best(&sale, &second, &json!({ "count": 2 })).await;
    none.expect_problem(409, "no_seats_available");
    let unknown = best(&sale, &second, &json!({ "count": 1, "section": "Balcony" })).await;
    unknown.expect_problem(404, "seat_not_found");
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn all_seats_are_held_or_none() {
    let sale = Sale::start().await;
    let (first, second) = (sale.waiting().await, sale.active().await);
    first.hold(&sale.schedule_id, &[2, 3]).await.expect(201);
    let taken = second.hold(&sale.schedule_id, &[4, 3, 1, 2]).await;
    taken.expect_problem(409, "seat_taken");
    assert_eq!(taken.body["seats"], json!([2, 3]));
    let map = sale.seats(&second).await;
    assert_eq!(map[..4], ["available", "held", "held", "available"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn one_token_has_one_live_hold() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    let second = user.hold(&sale.schedule_id, &[2]).await;
    second.expect_problem(409, "hold_exists");
    assert_eq!(second.text("reservation_id"), reservation_id);
    user.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    user.hold(&sale.schedule_id, &[2]).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_person_has_at_most_so_many_seats_over_all_purchases() {
    let sale = Sale::start().await;
    let (owner, _) = sale.owner(&[1, 2, 3]).await;
    let again = owner.joined(&sale.concert_id).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let too_many = again.hold(&sale.schedule_id, &[4, 5]).await;
    too_many.expect_problem(409, "seat_limit_exceeded");
    assert_eq!(too_many.body["limit"], 4);
    again.hold(&sale.schedule_id, &[4]).await.expect(201);
}

#[tokio::test]
async fn a_released_hold_is_free_at_once_and_releasing_twice_changes_nothing() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let path = format!("/v1/reservations/{}", user.hold(&sale.schedule_id, &[1]).await.id());
    assert!(user.delete(&path).await.expect(204).body.is_null());
    let events = sale.server.journal_len().await;
    user.delete(&path).await.expect(204);
    assert_eq!(sale.server.journal_len().await, events);
    let released = user.get(&path).await.expect(200);
    assert_eq!(released.text("state"), "released");
    assert_eq!(released.body["expires_in_seconds"], 0);
    other.hold(&sale.schedule_id, &[1]).await.expect(201);
}

#[tokio::test]
async fn a_lapsed_hold_is_free_for_everyone() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    user.charge(PRICE).await.expect(201);
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    sale.server.clock.advance_millis(299_999);
    other.hold(&sale.schedule_id, &[1]).await.expect_problem(409, "seat_taken");
    // No timer has run: the seat is free by time alone.
    sale.server.clock.advance_millis(1);
    let path = format!("/v1/reservations/{reservation_id}");
    assert_eq!(user.get(&path).await.expect(200).text("state"), "expired");
    let theirs = other.hold(&sale.schedule_id, &[1]).await.expect(201);
    user.pay(&reservation_id, PRICE).await.expect_problem(410, "hold_expired");
    user.delete(&path).await.expect_problem(410, "hold_expired");
    sale.server.pass().await;
    let still = other.get(&format!("/v1/reservations/{}", theirs.id())).await.expect(200);
    assert_eq!(still.text("state"), "held");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_reservation_is_its_persons_and_the_operators() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let path = format!("/v1/reservations/{}", user.hold(&sale.schedule_id, &[1]).await.id());
    let events = sale.server.journal_len().await;
    for answer in [
        other.get(&path).await,
        other.delete(&path).await,
        user.get(&format!("/v1/reservations/{}", uuid::Uuid::now_v7())).await,
        user.delete(&format!("/v1/reservations/{}", uuid::Uuid::now_v7())).await,
    ] {
        answer.expect_problem(404, "reservation_not_found");
    }
    for answer in [sale.server.nobody().get(&path).await, sale.server.nobody().delete(&path).await]
    {
        answer.expect_problem(401, "unauthenticated");
    }
    assert_eq!(sale.server.journal_len().await, events);
    sale.admin.get(&path).await.expect(200);
    sale.admin.delete(&path).await.expect(204);
    assert_eq!(user.get(&path).await.text("state"), "released");
}

#[tokio::test]
async fn a_bearer_that_grants_nothing_gives_nothing_back() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let path = format!("/v1/reservations/{}", user.hold(&sale.schedule_id, &[1]).await.id());
    let powerless = sale.server.client(user.user_id, "");
    powerless.delete(&path).await.expect_problem(403, "forbidden");
    assert_eq!(user.get(&path).await.text("state"), "held");
}

#[tokio::test]
async fn a_person_sees_their_own_reservations_newest_first() {
    let sale = Sale::start().await;
    let (owner, bought) = sale.owner(&[1]).await;
    let again = owner.joined(&sale.concert_id).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let held = again.hold(&sale.schedule_id, &[2]).await.expect(201);
    let path = format!("/v1/users/{}/reservations", again.user_id);
    let list = again.get(&path).await.expect(200);
    assert_eq!(list.body["data"][0], held.body);
    let states: Vec<_> =
        list.body["data"].as_array().into_iter().flatten().map(|row| &row["state"]).collect();
    assert_eq!(states, ["held", "confirmed"]);
    assert_eq!(list.body["data"][1]["id"], *bought);
    assert_eq!(list.body["next_cursor"], Value::Null);
    assert_eq!(sale.admin.get(&path).await.expect(200).body, list.body);
    sale.server.user().get(&path).await.expect_problem(403, "forbidden");
    sale.server.nobody().get(&path).await.expect_problem(401, "unauthenticated");
}
