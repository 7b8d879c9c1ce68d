//! `/v1/users/{user_id}/balance`, `/charges` and `/ledger`. No queue token is asked for.

use crate::stage::{INTERVAL_SECONDS, PRICE, START, Sale, assert_made_here};
use frontrow_tests::TestServer;
use serde_json::{Value, json};

/// The highest amount and balance: 2^53 − 1.
const MAX: u64 = (1 << 53) - 1;

#[tokio::test]
async fn a_charge_answers_the_new_balance() {
    let server = TestServer::start().await;
    let user = server.user();
    let charged = user.charge(50_000).await.expect(201);
    let expected = json!({ "id": charged.body["id"], "user_id": user.user_id, "amount": 50_000,
        "balance": 50_000, "currency": "KRW", "charged_at": START });
    assert_eq!(charged.body, expected);
    assert_made_here(&charged.id());
    server.advance_millis(1_250).await;
    assert_eq!(user.charge(1).await.expect(201).body["balance"], 50_001);
    let balance = user.balance().await.expect(200);
    let expected = json!({ "user_id": user.user_id, "balance": 50_001, "currency": "KRW",
        "updated_at": "2026-11-22T11:00:01.250Z" });
    assert_eq!(balance.body, expected);
    server.assert_sound().await;
}

#[tokio::test]
async fn who_never_charged_has_no_balance() {
    let server = TestServer::start().await;
    let user = server.user();
    let none = user.balance().await;
    none.expect_problem(404, "balance_not_found");
    assert_eq!(none.text("detail"), "There is no balance for this user.");
    let korean = user.with("accept-language", "ko").balance().await;
    assert_eq!(korean.text("detail"), "잔액 정보가 없습니다.");
}

#[tokio::test]
async fn an_empty_ledger_is_an_empty_list() {
    let server = TestServer::start().await;
    let user = server.user();
    let ledger = user.get(&format!("/v1/users/{}/ledger", user.user_id)).await.expect(200);
    assert_eq!(ledger.body, json!({ "data": [], "next_cursor": null }));
}

#[tokio::test]
async fn amounts_that_are_none_are_refused() {
    let server = TestServer::start().await;
    let user = server.user();
    let path = format!("/v1/users/{}/charges", user.user_id);
    for amount in [
        "0",
        "-1",
        "-0",
        "0.5",
        "1.0",
        "1e3",
        "9007199254740992",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e300",
        "-1e-300",
    ] {
        let client = user.clone().with("idempotency-key", "the same for all");
        let body = format!("{{\"amount\": {amount}}}").into_bytes();
        let body = Some(("application/json", body));
        let answer = client.send(http::Method::POST, &path, body).await;
        answer.expect_problem(400, "amount_invalid");
    }
    assert_eq!(server.journal_len().await, 0);
}

#[tokio::test]
async fn what_is_not_even_a_number_is_malformed() {
    let server = TestServer::start().await;
    let user = server.user();
    let path = format!("/v1/users/{}/charges", user.user_id);
    for (body, field) in [
        (json!({ "amount": "50000" }), "amount"),
        (json!({ "amount": null }), "amount"),
        (json!({ "amount": [1] }), "amount"),
        (json!({ "amount": true }), "amount"),
        (json!({}), "amount"),
        (json!({ "amount": 1, "currency": "USD" }), "currency"),
        (json!([]), ""),
        (json!([50_000]), ""),
        (json!(50_000), ""),
    ] {
        let answer = user.post(&path, &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{body}: {answer:?}");
    }
    assert_eq!(server.journal_len().await, 0);
}

#[tokio::test]
async fn a_balance_stops_at_its_limit() {
    let server = TestServer::start().await;
    let user = server.user();
    assert_eq!(user.charge(MAX).await.expect(201).body["balance"], MAX);
    user.charge(1).await.expect_problem(409, "balance_limit_exceeded");
    assert_eq!(user.balance().await.body["balance"], MAX);
    server.assert_sound().await;
}

#[tokio::test]
async fn a_balance_is_its_persons_and_the_operators() {
    let server = TestServer::start().await;
    let user = server.user();
    let path = |what: &str| format!("/v1/users/{}/{what}", user.user_id);
    let charge = json!({ "amount": 10 });
    for (client, status, code) in [
        (server.user(), 403, "forbidden"),
        (server.client(user.user_id, ""), 403, "forbidden"),
        (server.nobody(), 401, "unauthenticated"),
    ] {
        client.post(&path("charges"), &charge).await.expect_problem(status, code);
        client.get(&path("balance")).await.expect_problem(status, code);
        client.get(&path("ledger")).await.expect_problem(status, code);
    }
    assert_eq!(server.journal_len().await, 0);
    let charged = server.admin().post(&path("charges"), &charge).await.expect(201);
    assert_eq!(charged.body["user_id"], json!(user.user_id));
    assert_eq!(server.admin().get(&path("balance")).await.expect(200).body["balance"], 10);
}

#[tokio::test]
async fn the_ledger_tells_every_movement_newest_first() {
    let sale = Sale::start().await;
    let (owner, reservation_id) = sale.owner(&[1, 2]).await;
    sale.server.advance_seconds(5).await;
    owner.delete(&format!("/v1/reservations/{reservation_id}")).await.expect(204);
    let ledger = owner.get(&format!("/v1/users/{}/ledger", owner.user_id)).await.expect(200);
    let rows = &ledger.body["data"];
    let row = |at: usize, kind: &str, amount: i64, after: u64, created_at: &str| {
        let mut row = json!({ "id": rows[at]["id"], "kind": kind, "amount": amount,
            "balance_after": after, "created_at": created_at });
        if kind != "charge" {
            row["reservation_id"] = json!(reservation_id);
        }
        row
    };
    let price = i64::try_from(2 * PRICE).expect("prices are small");
    let expected = json!([
        row(0, "refund", price, 2 * PRICE, "2026-11-22T11:00:15Z"),
        row(1, "payment", -price, 0, "2026-11-22T11:00:10Z"),
        row(2, "charge", price, 2 * PRICE, "2026-11-22T11:00:10Z"),
    ]);
    assert_eq!(*rows, expected);
    assert_eq!(ledger.body["next_cursor"], Value::Null);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    sale.server.assert_sound().await;
}
