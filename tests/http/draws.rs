//! A fair start: `prequeue` of a concert, `lot` of a queue token, `/v1/concerts/{id}/draw`.

use crate::stage::{INTERVAL_SECONDS, Sale, concert, with};
use frontrow_core::queue::{Commitment, DrawSeed, verify_draw};
use frontrow_tests::Client;
use serde_json::{Value, json};

/// Joining opens in a minute, the sale in two; then two people are let in every ten seconds.
fn drawn(beacon: &Value) -> Value {
    let prequeue =
        json!({ "opens_at": "2026-11-22T11:01:00Z", "draw": "random", "beacon": beacon });
    let concert = with(concert(), &json!({ "admission": { "batch_size": 2 } }));
    with(concert, &json!({ "sale_opens_at": "2026-11-22T11:02:00Z", "prequeue": prequeue }))
}

/// The concert as everybody sees it.
async fn told(sale: &Sale) -> Value {
    let path = format!("/v1/concerts/{}", sale.concert_id);
    sale.server.user().get(&path).await.expect(200).body["prequeue"].clone()
}

/// The ticket number of whom this answer tells of, checked by what the concert shows.
fn checked(prequeue: &Value, token: &Value) -> u64 {
    let text = |name: &str| prequeue[name].as_str().expect("it is published");
    let seed: DrawSeed = text("seed").parse().expect("a seed");
    let commitment: Commitment = text("commitment").parse().expect("a commitment");
    let arrivals = prequeue["arrivals"].as_u64().expect("joining has closed");
    let arrival_number = token["lot"]["arrival_number"].as_u64().expect("they were drawn");
    let beacon_value = prequeue["beacon_value"].as_str();
    let number = verify_draw(&seed, &commitment, beacon_value, arrivals, arrival_number);
    let number = number.expect("the draw was fair");
    assert_eq!(token["lot"]["ticket_number"], number);
    number
}

async fn polled(people: &[Client]) -> Vec<Value> {
    let mut told = Vec::new();
    for person in people {
        told.push(person.poll().await.expect(200).body);
    }
    told
}

#[tokio::test]
async fn who_joins_before_the_opening_is_drawn_and_can_check_it() {
    // Given a concert that has committed to a seed
    let sale = Sale::of(&drawn(&Value::Null), 10).await;
    let before = told(&sale).await;
    assert_eq!(before["commitment"].as_str().map(str::len), Some(64));
    let expected = json!({
        "opens_at": "2026-11-22T11:01:00Z", "draw": "random", "beacon": null,
        "commitment": before["commitment"], "arrivals": null, "seed": null, "beacon_value": null,
    });
    assert_eq!(before, expected);

    // When somebody comes before joining opens, they are told when it does
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let early = sale.server.user().post(&path, &Value::Null).await;
    early.expect_problem(409, "queue_not_open");
    assert_eq!(early.body["opens_at"], "2026-11-22T11:01:00Z");

    // Then eight people join, and have a number but no place
    sale.server.advance_seconds(60).await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(sale.waiting().await);
    }
    for (number, body) in (1..).zip(polled(&people).await) {
        assert_eq!((&body["position"], &body["eta_seconds"]), (&Value::Null, &Value::Null));
        assert_eq!(body["lot"], json!({ "arrival_number": number, "ticket_number": null }));
        assert_eq!(body["next_admission_in_seconds"], 60);
    }

    // When the sale opens, they are let in as the published draw says
    sale.server.advance_seconds(60).await;
    let prequeue = told(&sale).await;
    assert_eq!((&prequeue["arrivals"], &prequeue["beacon_value"]), (&8.into(), &Value::Null));
    let mut numbers = Vec::new();
    for body in polled(&people).await {
        let number = checked(&prequeue, &body);
        let expected = if number <= 2 { "active" } else { "waiting" };
        assert_eq!(body["state"], expected, "{body}");
        let place = (number > 2).then(|| number - 2);
        assert_eq!(body["position"], json!(place));
        numbers.push(number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());

    // And who comes later stands behind them, and was not drawn
    let late = sale.waiting().await.poll().await.expect(200);
    assert_eq!((&late.body["position"], late.body.get("lot")), (&7.into(), None));
    for _ in 0..3 {
        sale.server.advance_seconds(INTERVAL_SECONDS).await;
    }
    assert!(polled(&people).await.iter().all(|body| body["state"] == "active"));
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn with_a_beacon_the_draw_waits_for_its_value() {
    let sale = Sale::of(&drawn(&json!("lottery of 22 November")), 10).await;
    let path = format!("/v1/concerts/{}/draw", sale.concert_id);
    let value = json!({ "beacon_value": "4 8 15 16 23 42" });
    sale.server.user().post(&path, &value).await.expect_problem(403, "forbidden");
    sale.server.advance_seconds(60).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.admin.post(&path, &value).await.expect_problem(409, "draw_not_open");

    // The sale is open, and nobody is let in
    sale.server.advance_seconds(90).await;
    for body in polled(&people).await {
        assert_eq!((&body["state"], &body["position"]), (&"waiting".into(), &Value::Null));
        assert_eq!(body["next_admission_at"], Value::Null);
    }
    assert_eq!(told(&sale).await["seed"], Value::Null);

    // Until the operator hands in the value
    let concert = sale.admin.post(&path, &value).await.expect(200);
    assert_eq!(concert.body["prequeue"]["beacon_value"], "4 8 15 16 23 42");
    sale.admin.post(&path, &value).await.expect(200);
    let other = json!({ "beacon_value": "1 2 3" });
    sale.admin.post(&path, &other).await.expect_problem(409, "already_drawn");
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let prequeue = told(&sale).await;
    for body in polled(&people).await {
        let number = checked(&prequeue, &body);
        assert_eq!(body["state"], if number <= 2 { "active" } else { "waiting" });
    }
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn by_arrival_everybody_keeps_their_place() {
    let prequeue = json!({ "opens_at": "2026-11-22T11:00:00Z", "draw": "arrival" });
    let opens = json!({ "sale_opens_at": "2026-11-22T11:01:00Z", "prequeue": prequeue });
    let sale = Sale::of(&with(concert(), &opens), 10).await;
    let people = [sale.waiting().await, sale.waiting().await];
    for (place, body) in (1..).zip(polled(&people).await) {
        assert_eq!((&body["position"], body.get("lot")), (&json!(place), None));
    }
    assert_eq!(told(&sale).await["commitment"], Value::Null);
}

#[tokio::test]
async fn a_pre_queue_that_makes_no_sense_is_refused() {
    let server = frontrow_tests::TestServer::start().await;
    let late = json!({ "opens_at": "2026-11-22T11:02:00Z", "draw": "random" });
    let beacon = json!({ "opens_at": "2026-11-22T11:00:00Z", "draw": "arrival", "beacon": "x" });
    let unknown = json!({ "opens_at": "2026-11-22T11:00:00Z", "draw": "lottery" });
    let seed = json!({ "opens_at": "2026-11-22T11:00:00Z", "draw": "random", "seed": "00" });
    let cases = [
        (late, "prequeue.opens_at"),
        (beacon, "prequeue.draw"),
        (unknown, "prequeue.draw"),
        (seed, "prequeue.seed"),
    ];
    for (prequeue, field) in cases {
        let opens = json!({ "sale_opens_at": "2026-11-22T11:01:00Z", "prequeue": prequeue });
        let refused = server.admin().post("/v1/concerts", &with(concert(), &opens)).await;
        refused.expect_problem(400, "malformed_request");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
    }
}
