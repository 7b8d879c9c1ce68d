//! `/v1/schedules/{id}/seats`: seat maps, and when a map has not changed.

use crate::stage::{Sale, concert};
use flate2::read::GzDecoder;
use frontrow_tests::Client;
use serde_json::{Value, json};

#[tokio::test]
async fn a_map_shows_the_free_seats_by_number() {
    let sale = Sale::of(&concert(), 3).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[2]).await.expect(201);
    let map = user.get(&sale.seats_path()).await.expect(200);
    let seat = |number: u32, status: &str| {
        json!({ "number": number, "label": format!("R-1-{number}"), "section": "R",
            "price": 1_000, "status": status })
    };
    let expected = json!({
        "schedule_id": sale.schedule_id, "as_of": "2026-11-22T11:00:10Z",
        "data": [seat(1, "available"), seat(3, "available")],
    });
    assert_eq!(map.body, expected);
    let named = user.get(&format!("{}?status=available", sale.seats_path())).await.expect(200);
    assert_eq!(named.body, expected);
    assert_eq!(named.header("etag"), map.header("etag"));
}

#[tokio::test]
async fn a_whole_map_tells_held_and_sold_seats_apart() {
    let sale = Sale::of(&concert(), 3).await;
    let (_owner, _) = sale.owner(&[1]).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[2]).await.expect(201);
    assert_eq!(sale.seats(&user).await, ["sold", "held", "available"]);
}

#[tokio::test]
async fn seats_are_numbered_through_all_sections() {
    let sale = Sale::start().await;
    let section = |name: &str, price: u32| json!({ "name": name, "rows": 2, "seats_per_row": 2, "price": price });
    let body = json!({ "starts_at": "2026-12-24T10:00:00Z", "venue": "Olympic Hall",
        "sections": [section("R", 2_000), section("S", 1_000)] });
    let hall = sale.admin.post(&sale.schedules_path(), &body).await.expect(201).id();
    let user = sale.active().await;
    let map = user.get(&format!("/v1/schedules/{hall}/seats")).await.expect(200);
    let labels: Vec<_> =
        map.body["data"].as_array().into_iter().flatten().map(|s| &s["label"]).collect();
    let expected = ["R-1-1", "R-1-2", "R-2-1", "R-2-2", "S-1-1", "S-1-2", "S-2-1", "S-2-2"];
    assert_eq!(labels, expected);
    let last = json!({ "number": 8, "label": "S-2-2", "section": "S", "price": 1_000,
        "status": "available" });
    assert_eq!(map.body["data"][7], last);
}

#[tokio::test]
async fn a_map_that_has_not_changed_is_not_sent_again() {
    let sale = Sale::start().await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    let first = user.get(&sale.seats_path()).await.expect(200);
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with("W/\"") && etag.ends_with('"'), "{etag}");
    let again = user.clone().with("if-none-match", &etag);
    let unchanged = again.get(&sale.seats_path()).await.expect(304);
    assert!(unchanged.body.is_null());
    assert_eq!(unchanged.header("etag"), etag);
    for tags in [format!("\"other\", {etag}"), etag.trim_start_matches("W/").to_owned()] {
        let again = user.clone().with("if-none-match", &tags);
        again.get(&sale.seats_path()).await.expect(304);
    }
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    let changed = again.get(&sale.seats_path()).await.expect(200);
    assert_ne!(changed.header("etag"), etag);
}

async fn unzipped(client: &Client, path: &str) -> Value {
    let answer = client.clone().with("accept-encoding", "gzip").open(path).await;
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert_eq!(answer.headers()["vary"], "accept-encoding");
    let bytes = answer.bytes().await.expect("the map arrives whole");
    serde_json::from_reader(GzDecoder::new(&bytes[..])).expect("a map is JSON")
}

#[tokio::test]
async fn a_map_is_the_same_for_who_takes_it_compressed() {
    let sale = Sale::of(&concert(), 1_000).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    let path = format!("{}?status=all", sale.seats_path());
    assert_eq!(unzipped(&user, &path).await, user.get(&path).await.expect(200).body);
    holder.hold(&sale.schedule_id, &[300, 301, 900]).await.expect(201);
    let map = unzipped(&user, &path).await;
    assert_eq!(map["data"][899]["status"], "held");
    assert_eq!(map, user.get(&path).await.expect(200).body);
}

#[tokio::test]
async fn only_get_is_allowed_and_an_id_that_is_none_is_not_found() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let refused = user.post(&sale.seats_path(), &json!({})).await;
    refused.expect_problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET");
    user.get("/v1/schedules/7/seats").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_hold_that_runs_out_changes_the_map() {
    let sale = Sale::start().await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    let held = user.get(&sale.seats_path()).await.expect(200);
    let again = user.with("if-none-match", held.header("etag"));
    sale.server.clock.advance_millis(299_999);
    again.get(&sale.seats_path()).await.expect(304);
    sale.server.clock.advance_millis(1);
    let free = again.get(&sale.seats_path()).await.expect(200);
    assert_eq!(free.body["data"][0]["number"], 1);
}

#[tokio::test]
async fn the_whole_map_and_the_free_seats_are_two_things() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let free = user.get(&sale.seats_path()).await.expect(200);
    let all = user.with("if-none-match", free.header("etag"));
    all.get(&format!("{}?status=all", sale.seats_path())).await.expect(200);
}

#[tokio::test]
async fn a_map_never_lags_the_write_that_this_server_answered() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    assert_eq!(sale.seats(&user).await[0], "available");
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    assert_eq!(sale.seats(&user).await[0], "held");
    user.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    assert_eq!(sale.seats(&user).await[0], "available");
    let watcher = sale.active().await;
    let (owner, reservation_id) = sale.owner(&[1]).await;
    assert_eq!(sale.seats(&watcher).await[0], "sold");
    owner.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    assert_eq!(sale.seats(&watcher).await[0], "available");
}

#[tokio::test]
async fn a_map_of_free_seats_without_any_is_a_problem_and_a_whole_one_is_not() {
    let sale = Sale::of(&concert(), 1).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    user.get(&sale.seats_path()).await.expect_problem(404, "no_seats_available");
    assert_eq!(sale.seats(&user).await, ["held"]);
}

#[tokio::test]
async fn another_status_than_the_two_is_refused() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    for query in ["status=sold", "status=", "status=ALL", "state=all", "status=all&status=all"] {
        let answer = user.get(&format!("{}?{query}", sale.seats_path())).await;
        answer.expect_problem(400, "malformed_request");
        let field = query.split('=').next();
        assert_eq!(answer.body["errors"][0]["field"].as_str(), field, "{query}");
    }
}
