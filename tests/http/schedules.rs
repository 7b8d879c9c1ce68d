//! `/v1/concerts/{id}/schedules`: adding performances, and which of them can be booked.

use crate::stage::{INTERVAL_SECONDS, Sale, assert_made_here, with};
use frontrow_tests::Answer;
use serde_json::{Value, json};

fn schedule() -> Value {
    json!({
        "starts_at": "2026-12-24T19:00:00+09:00",
        "venue": "Olympic Hall",
        "sections": [
            { "name": "R", "rows": 2, "seats_per_row": 3, "price": 154_000 },
            { "name": "S", "rows": 1, "seats_per_row": 4, "price": 99_000 },
        ],
    })
}

/// The ids in a list.
fn ids(list: &Answer) -> Vec<&str> {
    let rows = list.body["data"].as_array().expect("a list has data").iter();
    rows.map(|row| row["id"].as_str().expect("a row has an id")).collect()
}

#[tokio::test]
async fn a_schedule_is_answered_with_its_hall() {
    let sale = Sale::start().await;
    let added = sale.admin.post(&sale.schedules_path(), &schedule()).await.expect(201);
    let told = json!({
        "id": added.body["id"], "concert_id": sale.concert_id,
        "starts_at": "2026-12-24T10:00:00Z", "seats_total": 10, "seats_available": 10,
    });
    assert_eq!(added.body, with(schedule(), &told));
    assert_made_here(&added.id());
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_buyer_sees_schedules_with_their_free_seats() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    user.hold(&sale.schedule_id, &[1, 2]).await.expect(201);
    let list = user.get(&sale.schedules_path()).await.expect(200);
    let expected = json!({
        "data": [{
            "id": sale.schedule_id, "concert_id": sale.concert_id,
            "starts_at": "2026-12-24T10:00:00Z", "venue": "Olympic Hall",
            "seats_total": 10, "seats_available": 8,
        }],
        "next_cursor": null,
    });
    assert_eq!(list.body, expected);
}

#[tokio::test]
async fn the_soonest_schedule_comes_first() {
    let sale = Sale::start().await;
    let later = sale.schedule_in(7_200).await;
    let sooner = sale.schedule_in(3_600).await;
    let user = sale.active().await;
    let list = user.get(&sale.schedules_path()).await.expect(200);
    assert_eq!(ids(&list), [&sooner, &later, &sale.schedule_id]);
}

#[tokio::test]
async fn a_schedule_that_has_started_is_not_listed() {
    let sale = Sale::start().await;
    let soon = sale.schedule_in(60).await;
    let user = sale.active().await;
    sale.server.advance_millis(60_000 - INTERVAL_SECONDS * 1_000 - 1).await;
    assert_eq!(ids(&user.get(&sale.schedules_path()).await), [&soon, &sale.schedule_id]);
    sale.server.advance_millis(1).await;
    assert_eq!(ids(&user.get(&sale.schedules_path()).await), [&sale.schedule_id]);
}

#[tokio::test]
async fn a_schedule_without_a_free_seat_is_not_listed() {
    let sale = Sale::of(&crate::stage::concert(), 2).await;
    let (holder, other) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[1, 2]).await.expect(201);
    let nothing = other.get(&sale.schedules_path()).await;
    nothing.expect_problem(404, "no_schedules_available");
    sale.server.advance_seconds(300).await;
    assert_eq!(ids(&other.get(&sale.schedules_path()).await.expect(200)), [&sale.schedule_id]);
}

#[tokio::test]
async fn a_concert_without_schedules_has_none_to_book() {
    let sale = Sale::start().await;
    let concert_id = sale.admin.concert(&crate::stage::concert()).await;
    let user = sale.server.user().joined(&concert_id).await;
    sale.server.pass().await;
    let path = format!("/v1/concerts/{concert_id}/schedules");
    user.get(&path).await.expect_problem(404, "no_schedules_available");
}

#[tokio::test]
async fn a_hall_has_at_most_a_hundred_thousand_seats() {
    let sale = Sale::start().await;
    let hall = |rows: u32| {
        let section = json!({ "name": "R", "rows": rows, "seats_per_row": 1_000, "price": 1 });
        let one_more = json!({ "name": "S", "rows": 1, "seats_per_row": 1, "price": 1 });
        let sections = if rows > 99 { json!([section, one_more]) } else { json!([section]) };
        with(schedule(), &json!({ "sections": sections }))
    };
    let events = sale.server.journal_len().await;
    let too_large = sale.admin.post(&sale.schedules_path(), &hall(100)).await;
    too_large.expect_problem(400, "malformed_request");
    let expected =
        json!([{ "field": "sections", "reason": "must have at most 100000 seats in all" }]);
    assert_eq!(too_large.body["errors"], expected);
    assert_eq!(sale.server.journal_len().await, events);
    let large = sale.admin.post(&sale.schedules_path(), &hall(99)).await.expect(201);
    assert_eq!(large.body["seats_total"], 99_000);
}

#[tokio::test]
async fn what_is_wrong_with_a_hall_is_named() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let section = |more: &Value| {
        with(json!({ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }), more)
    };
    for (sections, field) in [
        (json!([]), "sections"),
        (json!([section(&json!({ "rows": 0 }))]), "sections[0].rows"),
        (json!([section(&json!({ "seats_per_row": 0 }))]), "sections[0].seats_per_row"),
        (json!([section(&json!({ "price": 0 }))]), "sections[0].price"),
        (json!([section(&json!({ "price": 1_000_000_000_001_u64 }))]), "sections[0].price"),
        (json!([section(&json!({ "name": "" }))]), "sections[0].name"),
        (json!([section(&json!({})), section(&json!({}))]), "sections[1].name"),
        (json!([section(&json!({ "rows": -1 }))]), "sections[0].rows"),
        (json!([section(&json!({ "rows": 4_294_967_296_u64 }))]), "sections[0].rows"),
        (json!([section(&json!({ "price": 1.5 }))]), "sections[0].price"),
        (json!([section(&json!({ "colour": "red" }))]), "sections[0].colour"),
        (json!("R"), "sections"),
    ] {
        let body = with(schedule(), &json!({ "sections": sections }));
        let answer = sale.admin.post(&sale.schedules_path(), &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{answer:?}");
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn rows_times_seats_that_overflow_are_too_many_seats() {
    let sale = Sale::start().await;
    let section = json!({ "name": "R", "rows": 100_000, "seats_per_row": 100_000, "price": 1 });
    let sections = json!([section, with(section.clone(), &json!({ "name": "S" }))]);
    let body = with(schedule(), &json!({ "sections": sections }));
    let answer = sale.admin.post(&sale.schedules_path(), &body).await;
    answer.expect_problem(400, "malformed_request");
    assert_eq!(answer.body["errors"][0]["field"], "sections");
}
