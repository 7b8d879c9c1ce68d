//! `/v1/concerts`: creating, changing and reading concerts.

use crate::stage::{START, Sale, admission, assert_made_here, concert, with};
use frontrow_tests::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_concert_has_every_default() {
    let server = TestServer::start().await;
    let created = server.admin().post("/v1/concerts", &concert()).await.expect(201);
    let expected = json!({
        "id": created.body["id"],
        "title": "Frontrow Live",
        "sale_opens_at": START,
        "admission": {
            "interval_seconds": 10, "batch_size": 100, "active_seconds": 600,
            "max_active": null, "lapse_seconds": 180, "inventory_aware": false,
        },
        "holds": { "hold_seconds": 300, "max_seats_per_user": 4 },
        "state": "open",
        "draining": false,
        "notice": null, "prequeue": null,
        "created_at": START,
    });
    assert_eq!(created.body, expected);
    assert_made_here(&created.id());
    let read = server.nobody().get(&format!("/v1/concerts/{}", created.id())).await.expect(200);
    assert_eq!(read.body, expected);
}

#[tokio::test]
async fn a_concert_keeps_every_number_that_it_was_given() {
    let server = TestServer::start().await;
    let given = json!({
        "title": "Frontrow Live",
        "sale_opens_at": "2026-12-01T20:00:00.250+09:00",
        "admission": {
            "interval_seconds": 86_400, "batch_size": 1_000_000, "active_seconds": 1,
            "max_active": 1_000_000, "lapse_seconds": 0, "inventory_aware": true,
        },
        "holds": { "hold_seconds": 86_400, "max_seats_per_user": 1_000 },
    });
    let created = server.admin().post("/v1/concerts", &given).await.expect(201);
    let told = json!({
        "id": created.body["id"], "state": "scheduled", "draining": false, "notice": null, "prequeue": null,
        "created_at": START,
        "sale_opens_at": "2026-12-01T11:00:00.250Z",
    });
    assert_eq!(created.body, with(given, &told));
}

#[tokio::test]
async fn a_null_stands_for_what_is_left_out() {
    let server = TestServer::start().await;
    let body =
        with(concert(), &json!({ "sale_opens_at": null, "admission": { "max_active": null } }));
    let created = server.admin().post("/v1/concerts", &body).await.expect(201);
    assert_eq!(created.body["sale_opens_at"], START);
    assert_eq!(created.body["admission"]["max_active"], Value::Null);
}

#[tokio::test]
async fn a_concert_is_scheduled_until_its_sale_opens() {
    let opens = with(concert(), &json!({ "sale_opens_at": "2026-11-22T11:01:00Z" }));
    let sale = Sale::of(&opens, 1).await;
    assert_eq!(sale.state().await, "scheduled");
    sale.server.advance_millis(59_999).await;
    assert_eq!(sale.state().await, "scheduled");
    sale.server.advance_millis(1).await;
    assert_eq!(sale.state().await, "open");
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    let sale = Sale::start().await;
    let before = sale.change(&json!({})).await.body;
    let changed = sale.change(&json!({ "admission": { "batch_size": 7, "max_active": 3 } })).await;
    let expected = json!({ "admission": { "batch_size": 7, "max_active": 3 } });
    assert_eq!(changed.body, with(before.clone(), &expected));
    let changed = sale.change(&json!({ "holds": { "hold_seconds": 60 }, "paused": true })).await;
    let expected = with(expected, &json!({ "holds": { "hold_seconds": 60 }, "state": "paused" }));
    assert_eq!(changed.body, with(before.clone(), &expected));
    let changed = sale.change(&json!({ "admission": { "max_active": null } })).await;
    let expected = with(expected, &json!({ "admission": { "max_active": null } }));
    assert_eq!(changed.body, with(before.clone(), &expected));
    let notice = json!({ "draining": true, "notice": { "ko": "잠시만요.", "en": "A moment." } });
    let changed = sale.change(&notice).await;
    let expected = with(expected, &notice);
    assert_eq!(changed.body, with(before.clone(), &expected));
    let changed = sale.change(&json!({ "paused": false, "notice": null })).await;
    let expected = with(expected, &json!({ "state": "open", "notice": null }));
    assert_eq!(changed.body, with(before, &expected));
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_change_of_nothing_changes_nothing() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    sale.change(&json!({})).await;
    sale.change(&json!({ "paused": false, "admission": admission() })).await;
    sale.change(&json!({ "draining": false, "notice": null })).await;
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn a_closed_concert_stays_closed() {
    let sale = Sale::start().await;
    let path = format!("/v1/concerts/{}", sale.concert_id);
    assert_eq!(sale.change(&json!({ "closed": true })).await.text("state"), "closed");
    let reopened = sale.admin.patch(&path, &json!({ "closed": false })).await;
    reopened.expect_problem(400, "malformed_request");
    assert_eq!(reopened.body["errors"][0]["field"], "closed");
    let resumed = sale.change(&json!({ "paused": false })).await;
    assert_eq!(resumed.text("state"), "closed");
}

#[tokio::test]
async fn only_operators_create_and_change_concerts() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let path = format!("/v1/concerts/{}", sale.concert_id);
    for (client, status, code) in [
        (sale.server.nobody(), 401, "unauthenticated"),
        (sale.server.user(), 403, "forbidden"),
        (sale.server.client(uuid::Uuid::now_v7(), "administrator"), 403, "forbidden"),
    ] {
        client.post("/v1/concerts", &concert()).await.expect_problem(status, code);
        client.patch(&path, &json!({ "closed": true })).await.expect_problem(status, code);
        client.post(&sale.schedules_path(), &json!({})).await.expect_problem(status, code);
        // Who may not do it is not told what is wrong with it.
        client.post("/v1/concerts", &json!(7)).await.expect_problem(status, code);
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn an_unknown_concert_is_told_as_such() {
    let server = TestServer::start().await;
    let path = format!("/v1/concerts/{}", uuid::Uuid::now_v7());
    let schedule = json!({ "starts_at": START, "venue": "Club",
        "sections": [{ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }] });
    let schedules = format!("{path}/schedules");
    let join = format!("{path}/queue-tokens");
    for answer in [
        server.nobody().get(&path).await,
        server.admin().patch(&path, &json!({ "paused": true })).await,
        server.admin().post(&schedules, &schedule).await,
        server.user().post(&join, &Value::Null).await,
    ] {
        answer.expect_problem(404, "concert_not_found");
    }
    assert_eq!(server.journal_len().await, 0);
}

/// Every bound of a number, one below or above it.
const BEYOND: [(&str, i64, &str); 14] = [
    ("admission.interval_seconds", 0, "must be 1 to 86400"),
    ("admission.interval_seconds", 86_401, "must be 1 to 86400"),
    ("admission.batch_size", 0, "must be 1 to 1000000"),
    ("admission.batch_size", 1_000_001, "must be 1 to 1000000"),
    ("admission.active_seconds", 0, "must be 1 to 86400"),
    ("admission.active_seconds", 86_401, "must be 1 to 86400"),
    ("admission.max_active", 0, "must be 1 to 1000000"),
    ("admission.max_active", 1_000_001, "must be 1 to 1000000"),
    ("admission.lapse_seconds", 4, "must be 5 to 86400"),
    ("admission.lapse_seconds", 86_401, "must be 5 to 86400"),
    ("holds.hold_seconds", 0, "must be 1 to 86400"),
    ("holds.hold_seconds", 86_401, "must be 1 to 86400"),
    ("holds.max_seats_per_user", 0, "must be 1 to 1000"),
    ("holds.max_seats_per_user", 1_001, "must be 1 to 1000"),
];

#[tokio::test]
async fn a_number_out_of_bounds_is_named_with_its_bounds() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let path = format!("/v1/concerts/{}", sale.concert_id);
    for (field, number, reason) in BEYOND {
        let (object, name) = field.split_once('.').expect("a field of an object");
        let change = json!({ object: { name: number } });
        let expected = json!([{ "field": field, "reason": reason }]);
        for answer in [
            sale.admin.post("/v1/concerts", &with(concert(), &change)).await,
            sale.admin.patch(&path, &change).await,
        ] {
            answer.expect_problem(400, "malformed_request");
            assert_eq!(answer.body["errors"], expected, "{field} = {number}");
        }
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let server = TestServer::start().await;
    let wrong =
        json!({ "title": " ", "admission": { "batch_size": 0 }, "holds": { "hold_seconds": 0 } });
    let answer = server.admin().post("/v1/concerts", &with(concert(), &wrong)).await;
    answer.expect_problem(400, "malformed_request");
    let errors = answer.body["errors"].as_array().expect("errors are a list").iter();
    let fields: Vec<_> = errors.map(|error| error["field"].as_str().unwrap_or_default()).collect();
    assert_eq!(fields, ["title", "admission.batch_size", "holds.hold_seconds"]);
}
