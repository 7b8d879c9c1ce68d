//! Lists in parts: `?limit=` and `?cursor=`.

use crate::stage::{Sale, concert, with};
use frontrow_tests::{Answer, Client, TestServer};
use serde_json::{Value, json};
use uuid::Uuid;

fn column(page: &Answer, name: &str) -> Vec<Value> {
    let rows = page.body["data"].as_array().expect("a list has data");
    rows.iter().map(|row| row[name].clone()).collect()
}

/// Follows the cursors of a list to its end; every part.
async fn walk(client: &Client, path: &str, limit: usize) -> Vec<Answer> {
    let mut pages = Vec::new();
    let mut next = format!("{path}?limit={limit}");
    loop {
        let page = client.get(&next).await.expect(200);
        let cursor = page.body["next_cursor"].as_str().map(str::to_owned);
        pages.push(page);
        let Some(cursor) = cursor else { return pages };
        next = format!("{path}?limit={limit}&cursor={cursor}");
    }
}

async fn concerts(server: &TestServer, count: usize) {
    let admin = server.admin();
    for number in 0..count {
        admin.concert(&with(concert(), &json!({ "title": format!("Concert {number}") }))).await;
        // Some are created in the same millisecond.
        server.clock.advance_millis(i64::from(number % 3 == 0));
    }
}

#[tokio::test]
async fn a_list_comes_in_parts_that_neither_repeat_nor_skip() {
    let server = TestServer::start().await;
    concerts(&server, 7).await;
    let newest_first: Vec<_> =
        (0..7).rev().map(|number| json!(format!("Concert {number}"))).collect();
    for (limit, parts) in [(1, 7), (3, 3), (6, 2), (7, 1), (100, 1)] {
        let pages = walk(&server.nobody(), "/v1/concerts", limit).await;
        assert_eq!(pages.len(), parts, "limit {limit}");
        let titles: Vec<_> = pages.iter().flat_map(|page| column(page, "title")).collect();
        assert_eq!(titles, newest_first, "limit {limit}");
    }
}

#[tokio::test]
async fn a_list_has_fifty_rows_unless_told_otherwise() {
    let server = TestServer::start().await;
    concerts(&server, 51).await;
    let first = server.nobody().get("/v1/concerts").await.expect(200);
    assert_eq!(column(&first, "id").len(), 50);
    let cursor = first.text("next_cursor");
    let second = server.nobody().get(&format!("/v1/concerts?cursor={cursor}")).await.expect(200);
    assert_eq!(column(&second, "title"), [json!("Concert 0")]);
    assert_eq!(second.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn an_empty_list_is_empty() {
    let server = TestServer::start().await;
    let list = server.nobody().get("/v1/concerts").await.expect(200);
    assert_eq!(list.body, json!({ "data": [], "next_cursor": null }));
}

#[tokio::test]
async fn what_is_added_meanwhile_does_not_shift_the_parts() {
    let server = TestServer::start().await;
    concerts(&server, 4).await;
    let first = server.nobody().get("/v1/concerts?limit=2").await.expect(200);
    server.admin().concert(&with(concert(), &json!({ "title": "Newest" }))).await;
    let cursor = first.text("next_cursor");
    let second = server.nobody().get(&format!("/v1/concerts?cursor={cursor}")).await.expect(200);
    assert_eq!(column(&second, "title"), [json!("Concert 1"), json!("Concert 0")]);
}

#[tokio::test]
async fn ledgers_and_reservations_come_in_parts_too() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    for (seat, amount) in (1..=5).zip(101..) {
        user.charge(amount).await.expect(201);
        let reservation_id = user.hold(&sale.schedule_id, &[seat]).await.expect(201).id();
        user.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    }
    let path = |what: &str| format!("/v1/users/{}/{what}", user.user_id);
    let pages = walk(&user, &path("ledger"), 2).await;
    let amounts: Vec<_> = pages.iter().flat_map(|page| column(page, "amount")).collect();
    assert_eq!(
        (pages.len(), amounts),
        (3, vec![json!(105), json!(104), json!(103), json!(102), json!(101)])
    );
    let pages = walk(&user, &path("reservations"), 2).await;
    let seats: Vec<_> = pages.iter().flat_map(|page| column(page, "seats")).collect();
    let numbers: Vec<_> = seats.iter().map(|seats| &seats[0]["number"]).collect();
    assert_eq!(
        (pages.len(), numbers),
        (3, vec![&json!(5), &json!(4), &json!(3), &json!(2), &json!(1)])
    );
}

#[tokio::test]
async fn somebody_elses_cursor_shows_nothing_of_theirs() {
    let server = TestServer::start().await;
    let (user, other) = (server.user(), server.user());
    for amount in 1..=3 {
        other.charge(amount).await.expect(201);
    }
    user.charge(7).await.expect(201);
    let theirs = other.get(&format!("/v1/users/{}/ledger?limit=1", other.user_id)).await;
    let path = format!("/v1/users/{}/ledger?cursor={}", user.user_id, theirs.text("next_cursor"));
    let page = user.get(&path).await.expect(200);
    assert!(column(&page, "amount").iter().all(|amount| *amount == 7), "{page:?}");
}

#[tokio::test]
async fn a_bad_limit_or_cursor_is_named() {
    let server = TestServer::start().await;
    let user = server.user();
    let lists = [
        "/v1/concerts".to_owned(),
        format!("/v1/users/{}/ledger", user.user_id),
        format!("/v1/users/{}/reservations", user.user_id),
    ];
    let huge = format!("cursor={}", "c".repeat(600));
    for path in lists {
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=1.5", "limit"),
            ("limit=ten", "limit"),
            ("limit=", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("limit=1&limit=2", "limit"),
            ("cursor=", "cursor"),
            ("cursor=nothing", "cursor"),
            ("cursor=%00", "cursor"),
            ("cursor=%ff%fe", "cursor"),
            ("cursor=' OR 1=1 --", "cursor"),
            (&huge, "cursor"),
            ("offset=10", "offset"),
        ] {
            let answer = user.get(&format!("{path}?{query}")).await;
            answer.expect_problem(400, "malformed_request");
            assert_eq!(answer.body["errors"][0]["field"], field, "{path}?{query}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_names_nothing_ends_the_list() {
    let server = TestServer::start().await;
    concerts(&server, 2).await;
    let path = format!("/v1/concerts?cursor={}", Uuid::nil());
    let list = server.nobody().get(&path).await.expect(200);
    assert_eq!(list.body, json!({ "data": [], "next_cursor": null }));
}
