//! Numbers that are no seats, no counts and no amounts.

use super::{assert_refused, assert_untouched};
use crate::stage::{Sale, concert};
use serde_json::json;

#[tokio::test]
async fn seats_that_are_none_are_told() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    for (seats, status, code) in [
        ("[]", 400, "malformed_request"),
        ("[1, 1]", 400, "malformed_request"),
        ("[3, 2, 1, 3]", 400, "malformed_request"),
        ("[-1]", 400, "malformed_request"),
        ("[1.5]", 400, "malformed_request"),
        ("[1.0]", 400, "malformed_request"),
        ("[4294967296]", 400, "malformed_request"),
        ("[1e1]", 400, "malformed_request"),
        ("[\"1\"]", 400, "malformed_request"),
        ("[null]", 400, "malformed_request"),
        ("[[1]]", 400, "malformed_request"),
        ("{\"0\": 1}", 400, "malformed_request"),
        ("1", 400, "malformed_request"),
        ("null", 400, "malformed_request"),
        ("[0]", 404, "seat_not_found"),
        ("[11]", 404, "seat_not_found"),
        ("[4294967295]", 404, "seat_not_found"),
        ("[1, 4294967295]", 404, "seat_not_found"),
    ] {
        let body = format!("{{\"seats\": {seats}}}").into_bytes();
        let client = user.clone().with("idempotency-key", "k");
        let body = Some(("application/json", body));
        let answer = client.send(http::Method::POST, &sale.reservations_path(), body).await;
        answer.expect_problem(status, code);
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_thousand_seats_may_be_named_and_not_one_more() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let seats: Vec<u32> = (1..=1_000).collect();
    user.hold(&sale.schedule_id, &seats).await.expect_problem(404, "seat_not_found");
    let seats: Vec<u32> = (1..=1_001).collect();
    let answer = user.hold(&sale.schedule_id, &seats).await;
    answer.expect_problem(400, "malformed_request");
    assert_eq!(answer.body["errors"][0]["reason"], "must name 1 to 1000 seats");
}

#[tokio::test]
async fn wishes_for_the_best_seats_are_read_strictly() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    for body in [
        json!({ "best": {} }),
        json!({ "best": null }),
        json!({ "best": { "count": 0 } }),
        json!({ "best": { "count": -1 } }),
        json!({ "best": { "count": 1.5 } }),
        json!({ "best": { "count": u32::MAX } }),
        json!({ "best": { "count": 1_u64 << 32 } }),
        json!({ "best": { "count": "2" } }),
        json!({ "best": { "count": 2, "section": 7 } }),
        json!({ "best": { "count": 2, "row": 1 } }),
        json!({ "best": { "count": 2 }, "seats": [1, 2] }),
        json!({ "best": 2 }),
    ] {
        let answer = user.post(&sale.reservations_path(), &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    }
    let huge = user.post(&sale.reservations_path(), &json!({ "best": { "count": 1_000 } })).await;
    huge.expect_problem(409, "seat_limit_exceeded");
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn numbers_of_a_concert_are_read_strictly() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    for number in
        ["-1", "1.5", "1e2", "4294967296", "1e400", "\"10\"", "[10]", "null", "true", "{}"]
    {
        for field in ["interval_seconds", "batch_size", "active_seconds", "lapse_seconds"] {
            let mut body = concert();
            body["admission"][field] = json!("HERE");
            let body = body.to_string().replace("\"HERE\"", number).into_bytes();
            let body = Some(("application/json", body));
            let answer = sale.admin.send(http::Method::POST, "/v1/concerts", body).await;
            answer.expect_problem(400, "malformed_request");
            assert_refused(&answer, &format!("{field} = {number}"));
        }
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn times_are_read_strictly() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    for time in [
        json!("2026-11-22"),
        json!("2026-11-22T11:00:00"),
        json!("2026-13-22T11:00:00Z"),
        json!("2026-11-22T25:00:00Z"),
        json!("22 Nov 2026 11:00:00 GMT"),
        json!("tomorrow"),
        json!(""),
        json!(1_795_345_200),
        json!("99999-01-01T00:00:00Z"),
        json!("-0001-01-01T00:00:00Z"),
    ] {
        let mut body = concert();
        body["sale_opens_at"] = time.clone();
        let answer = sale.admin.post("/v1/concerts", &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], "sale_opens_at", "{time}");
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn the_ends_of_the_calendar_do_no_harm() {
    let sale = Sale::start().await;
    for time in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T14:00:00-09:00"] {
        let mut body = concert();
        body["sale_opens_at"] = json!(time);
        let created = sale.admin.post("/v1/concerts", &body).await.expect(201);
        let user = sale.server.user().joined(&created.id()).await;
        user.poll().await.expect(200);
        sale.server.advance_seconds(10).await;
        user.poll().await.expect(200);
    }
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn times_beyond_the_ends_of_the_calendar_are_refused() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    for time in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59-14:00"] {
        let mut body = concert();
        body["sale_opens_at"] = json!(time);
        let answer = sale.admin.post("/v1/concerts", &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], "sale_opens_at");
        let hall = json!({ "starts_at": time, "venue": "Club",
            "sections": [{ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }] });
        let answer = sale.admin.post(&sale.schedules_path(), &hall).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], "starts_at");
    }
    assert_untouched(&sale.server, events).await;
}
