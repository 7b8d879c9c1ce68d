//! Paths that lead nowhere, and methods that a path does not have.

use super::{assert_refused, assert_untouched};
use crate::raw;
use crate::stage::Sale;
use http::Method;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_path_that_leads_nowhere_is_not_found() {
    let sale = Sale::start().await;
    let admin = &sale.admin;
    let (id, user_id) = (&sale.concert_id, admin.user_id);
    for path in [
        "/v1".to_owned(),
        "/v2/concerts".to_owned(),
        "/v1/Concerts".to_owned(),
        "/v1//concerts".to_owned(),
        "/v1/%63oncertz".to_owned(),
        format!("/v1/concerts/{id}/nothing"),
        format!("/v1/concerts/{id}/schedules/more"),
        "/v1/concerts/1".to_owned(),
        "/v1/concerts/null".to_owned(),
        format!("/v1/concerts/{}", &id[1..]),
        format!("/v1/concerts/{id}0"),
        format!("/v1/concerts/{id}%00"),
        "/v1/concerts/%F0%9F%8E%B8".to_owned(),
        "/v1/concerts/'%20OR%201=1".to_owned(),
        "/v1/schedules/17/seats".to_owned(),
        "/v1/reservations/me".to_owned(),
        "/v1/users/me/balance".to_owned(),
        format!("/v1/users/{user_id}"),
        format!("/{}", "x".repeat(5_000)),
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = admin.send(method.clone(), &path, None).await;
            assert_eq!(answer.header("allow"), "", "{method} {path}");
            answer.expect_problem(404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_path_has_the_methods_that_allow_names_and_no_other() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    let (id, user_id) = (Uuid::nil(), user.user_id);
    for (path, allowed) in [
        ("/v1/concerts".to_owned(), "GET, POST"),
        (format!("/v1/concerts/{id}"), "GET, PATCH"),
        (format!("/v1/concerts/{id}/schedules"), "GET, POST"),
        (format!("/v1/concerts/{id}/queue-tokens"), "POST"),
        (format!("/v1/schedules/{id}/seats"), "GET"),
        (format!("/v1/schedules/{id}/reservations"), "POST"),
        ("/v1/queue-tokens/current".to_owned(), "GET, DELETE"),
        (format!("/v1/reservations/{id}"), "GET, DELETE"),
        (format!("/v1/users/{user_id}/reservations"), "GET"),
        (format!("/v1/users/{user_id}/balance"), "GET"),
        (format!("/v1/users/{user_id}/charges"), "POST"),
        (format!("/v1/users/{user_id}/ledger"), "GET"),
        ("/v1/payments".to_owned(), "POST"),
        ("/v1/audit".to_owned(), "GET"),
        ("/healthz".to_owned(), "GET"),
        ("/readyz".to_owned(), "GET"),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            if allowed.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let method: Method = method.parse().expect("a method is a word");
            let answer = user.send(method.clone(), &path, None).await;
            assert_eq!(
                (answer.status, answer.code()),
                (405, "method_not_allowed"),
                "{method} {path}"
            );
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        }
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn an_unknown_id_is_told_by_what_it_should_name() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let id = Uuid::now_v7();
    let (concert, schedule) = (format!("/v1/concerts/{id}"), format!("/v1/schedules/{id}"));
    for (path, code) in [
        (concert.clone(), "concert_not_found"),
        (format!("{concert}/schedules"), "concert_not_found"),
        (format!("{schedule}/seats"), "schedule_not_found"),
        (format!("/v1/reservations/{id}"), "reservation_not_found"),
    ] {
        user.get(&path).await.expect_problem(404, code);
    }
    user.hold(&id.to_string(), &[1]).await.expect_problem(404, "schedule_not_found");
    user.pay(&id.to_string(), 1).await.expect_problem(404, "reservation_not_found");
    // An id of another kind of thing names nothing either.
    let path = format!("/v1/schedules/{}/seats", sale.concert_id);
    user.get(&path).await.expect_problem(404, "schedule_not_found");
    let path = format!("/v1/concerts/{}", sale.schedule_id);
    user.get(&path).await.expect_problem(404, "concert_not_found");
}

#[tokio::test]
async fn a_query_where_none_is_read_does_no_harm() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    for query in ["", "a=b", "%", "%zz", "=&&=", "\u{1f3b8}", "limit=0"] {
        user.get(&format!("/v1/queue-tokens/current?{query}")).await.expect(200);
        user.get(&format!("/v1/concerts/{}?{query}", sale.concert_id)).await.expect(200);
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_next_request_is_served() {
    let sale = Sale::start().await;
    for request in [
        "nonsense\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nbroken header\r\nconnection: close\r\n\r\n",
        "POST /v1/payments HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: -1\r\n\r\n",
        "POST /v1/payments HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
         transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nzz\r\n",
    ] {
        let answer = raw::send(sale.server.address, request.as_bytes()).await;
        assert!((400..500).contains(&answer.status), "{request:?}: {answer:?}");
    }
    sale.server.nobody().get("/healthz").await.expect(200);
}

#[tokio::test]
async fn a_body_where_none_is_read_does_no_harm() {
    let sale = Sale::start().await;
    let user = sale.server.user();
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let body = Some(("text/plain", b"anything".to_vec()));
    let joined = user.send(Method::POST, &path, body).await.expect(201);
    let user = user.with_queue_token(&joined.text("token"));
    let body = Some(("application/json", json!({ "unknown": 1 }).to_string().into_bytes()));
    user.send(Method::GET, "/v1/queue-tokens/current", body).await.expect(200);
    let missing = user.get("/v1/nothing").await;
    assert_refused(&missing, "nothing");
}
