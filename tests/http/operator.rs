//! What an operator does to a running sale: pausing, resuming, closing, and caps on who is let in.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, concert, with};
use frontrow_tests::Client;
use serde_json::json;

async fn states(people: &[Client]) -> Vec<String> {
    let mut states = Vec::new();
    for person in people {
        states.push(person.poll().await.expect(200).text("state"));
    }
    states
}

#[tokio::test]
async fn a_pause_stops_admission_and_nothing_else() {
    // Given somebody who was let in, and somebody who waits
    let sale = Sale::start().await;
    let active = sale.buyer(PRICE).await;
    let waiting = sale.waiting().await;

    // When the sale is paused
    sale.change(&json!({ "paused": true })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;

    // Then nobody is let in, and who is in goes on buying
    assert_eq!(waiting.poll().await.text("state"), "waiting");
    let reservation_id = active.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    active.pay(&reservation_id, PRICE).await.expect(201);

    // When it is resumed, the next tick lets people in
    sale.change(&json!({ "paused": false })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(waiting.poll().await.text("state"), "active");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn ticks_missed_in_a_pause_are_not_made_up_for() {
    let slow = with(concert(), &json!({ "admission": { "batch_size": 1 } }));
    let sale = Sale::of(&slow, 10).await;
    sale.change(&json!({ "paused": true })).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.server.advance_seconds(INTERVAL_SECONDS * 5).await;
    sale.change(&json!({ "paused": false })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["active", "waiting", "waiting"]);
}

#[tokio::test]
async fn a_closed_sale_takes_no_new_holds() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    sale.change(&json!({ "closed": true })).await;
    user.hold(&sale.schedule_id, &[1]).await.expect_problem(409, "sale_closed");
    let best = json!({ "best": { "count": 1 } });
    user.post(&sale.reservations_path(), &best).await.expect_problem(409, "sale_closed");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn each_tick_lets_in_its_batch_in_order() {
    let twos = with(concert(), &json!({ "admission": { "batch_size": 2 } }));
    let sale = Sale::of(&twos, 10).await;
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(sale.waiting().await);
    }
    sale.server.pass().await;
    assert_eq!(states(&people).await, ["active", "active", "waiting", "waiting", "waiting"]);
    assert_eq!(people[4].poll().await.body["position"], 3);
    sale.server.advance_millis(INTERVAL_SECONDS * 1_000 - 1).await;
    assert_eq!(states(&people).await, ["active", "active", "waiting", "waiting", "waiting"]);
    sale.server.advance_millis(1).await;
    assert_eq!(states(&people).await, ["active", "active", "active", "active", "waiting"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn no_more_are_active_than_the_cap() {
    let capped = with(concert(), &json!({ "admission": { "max_active": 1 } }));
    let sale = Sale::of(&capped, 10).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.server.pass().await;
    assert_eq!(states(&people).await, ["active", "waiting", "waiting"]);
    assert_eq!(people[1].poll().await.body["eta_known"], false);

    // When one pays, the next tick lets the next one in
    people[0].charge(PRICE).await.expect(201);
    let reservation_id = people[0].hold(&sale.schedule_id, &[1]).await.expect(201).id();
    people[0].pay(&reservation_id, PRICE).await.expect(201);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["consumed", "active", "waiting"]);

    // When one leaves, too
    people[1].delete("/v1/queue-tokens/current").await.expect(204);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["consumed", "left", "active"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_raised_cap_counts_from_the_next_tick() {
    let capped = with(concert(), &json!({ "admission": { "max_active": 1 } }));
    let sale = Sale::of(&capped, 10).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.server.pass().await;
    sale.change(&json!({ "admission": { "max_active": null } })).await;
    assert_eq!(states(&people).await, ["active", "waiting", "waiting"]);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["active", "active", "active"]);
}

#[tokio::test]
async fn no_more_are_let_in_than_there_are_seats_where_that_is_asked_for() {
    let aware = with(concert(), &json!({ "admission": { "inventory_aware": true } }));
    let sale = Sale::of(&aware, 2).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.server.pass().await;
    assert_eq!(states(&people).await, ["active", "active", "waiting"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn new_hold_seconds_count_from_the_next_hold() {
    let sale = Sale::start().await;
    let (first, second) = (sale.waiting().await, sale.active().await);
    let before = first.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.change(&json!({ "holds": { "hold_seconds": 60, "max_seats_per_user": 1 } })).await;
    assert_eq!(before.body["expires_in_seconds"], 300);
    let after = second.hold(&sale.schedule_id, &[2]).await.expect(201);
    assert_eq!(after.body["expires_in_seconds"], 60);
    sale.server.advance_seconds(60).await;
    let read = first.get(&format!("/v1/reservations/{}", before.id())).await.expect(200);
    assert_eq!(
        (read.text("state"), &read.body["expires_in_seconds"]),
        ("held".into(), &json!(240))
    );
}

#[tokio::test]
async fn an_operator_sees_how_the_sale_stands() {
    // Given a seat that is sold, one that is held, and somebody who waits
    let sale = Sale::start().await;
    sale.owner(&[1]).await;
    let holder = sale.active().await;
    holder.hold(&sale.schedule_id, &[2]).await.expect(201);
    sale.waiting().await;

    // When the operator looks
    let path = format!("/v1/concerts/{}/figures", sale.concert_id);
    let figures = sale.admin.get(&path).await.expect(200);

    // Then the figures tell it, and nobody else is told
    for (name, value) in
        [("waiting", 1), ("active", 1), ("seats_held", 1), ("seats_sold", 1), ("revenue", PRICE)]
    {
        assert_eq!(figures.body[name], value, "{name} in {:?}", figures.body);
    }
    let number = |name: &str| figures.body[name].as_u64().expect("figures are numbers");
    assert_eq!(number("seats_available") + 2, number("seats_total"));
    holder.get(&path).await.expect_problem(403, "forbidden");
    let nowhere = "/v1/concerts/00000000-0000-0000-0000-000000000000/figures";
    sale.admin.get(nowhere).await.expect_problem(404, "concert_not_found");
}

#[tokio::test]
async fn a_lowered_cap_sends_nobody_away_and_lets_nobody_in_until_there_is_room() {
    // Given three people who were let in, and two who wait
    let threes = with(concert(), &json!({ "admission": { "batch_size": 3 } }));
    let sale = Sale::of(&threes, 10).await;
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(sale.waiting().await);
    }
    sale.server.pass().await;
    assert_eq!(states(&people).await, ["active", "active", "active", "waiting", "waiting"]);

    // When the cap becomes lower than what is
    sale.change(&json!({ "admission": { "max_active": 2 } })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;

    // Then all three stay, and nobody comes in: neither then, nor when the cap is reached
    assert_eq!(states(&people).await, ["active", "active", "active", "waiting", "waiting"]);
    people[0].delete("/v1/queue-tokens/current").await.expect(204);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["left", "active", "active", "waiting", "waiting"]);

    // When there are fewer than the cap, the next tick fills it again
    people[1].delete("/v1/queue-tokens/current").await.expect(204);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(states(&people).await, ["left", "left", "active", "active", "waiting"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_draining_queue_takes_nobody_new_and_serves_those_in_it() {
    // Given somebody who was let in, and somebody who waits
    let sale = Sale::start().await;
    let active = sale.buyer(PRICE).await;
    let waiting = sale.waiting().await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);

    // When the operator drains the queue
    let drained = sale.change(&json!({ "draining": true })).await;

    // Then the concert stays open, newcomers are refused, and who is in line keeps their place
    assert_eq!((&drained.body["draining"], &drained.text("state")), (&json!(true), &"open".into()));
    sale.server.user().post(&path, &json!(null)).await.expect_problem(409, "queue_closed");
    for person in [&active, &waiting] {
        let again = person.post(&path, &json!(null)).await.expect(200);
        assert_eq!(again.body["already_queued"], true);
    }

    // And both of them buy, as ever
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(waiting.poll().await.text("state"), "active");
    waiting.charge(PRICE).await.expect(201);
    for (person, seat) in [(&active, 1), (&waiting, 2)] {
        let reservation_id = person.hold(&sale.schedule_id, &[seat]).await.expect(201).id();
        person.pay(&reservation_id, PRICE).await.expect(201);
        person.post(&path, &json!(null)).await.expect_problem(409, "queue_closed");
    }

    // When it drains no more, people join again
    sale.change(&json!({ "draining": false })).await;
    sale.server.user().post(&path, &json!(null)).await.expect(201);
    sale.server.assert_sound().await;
}
