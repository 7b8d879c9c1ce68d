//! What every answer carries: a request id, a language, and the right headers for a HEAD.

use crate::stage::{Sale, concert};
use frontrow_tests::TestServer;
use frontrow_tests::server::Setup;
use http::{HeaderValue, Method};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn the_callers_request_id_comes_back() {
    let server = TestServer::start().await;
    let longest = "i".repeat(128);
    for id in ["abc-123", "with spaces ~!", &longest] {
        let client = server.nobody().with("x-request-id", id);
        assert_eq!(client.get("/healthz").await.header("x-request-id"), id);
        let missing = client.get("/v1/nothing").await;
        missing.expect_problem(404, "not_found");
        assert_eq!(missing.header("x-request-id"), id);
        assert_eq!(missing.text("request_id"), id);
    }
}

#[tokio::test]
async fn a_request_without_a_fit_id_gets_a_new_one() {
    let server = TestServer::start().await;
    let too_long = "i".repeat(129);
    for id in ["", "요청", &too_long] {
        let missing = server.nobody().with("x-request-id", id).get("/v1/nothing").await;
        let given = missing.header("x-request-id").to_owned();
        assert!(given.parse::<Uuid>().is_ok(), "{id:?} became {given:?}");
        assert_eq!(missing.text("request_id"), given);
    }
    let (first, second) =
        (server.nobody().get("/healthz").await, server.nobody().get("/healthz").await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn a_problem_is_in_the_language_that_was_asked_for() {
    let server = TestServer::start().await;
    for (asked, language, detail) in [
        ("ko", "ko", "요청하신 주소를 찾을 수 없습니다."),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko", "요청하신 주소를 찾을 수 없습니다."),
        ("fr, en;q=0.5, ko;q=0.6", "ko", "요청하신 주소를 찾을 수 없습니다."),
        ("en-GB, ko;q=0.5", "en", "There is nothing at this address."),
        ("fr", "en", "There is nothing at this address."),
        ("\u{0}", "en", "There is nothing at this address."),
    ] {
        let client = server.nobody();
        let client = if asked == "\u{0}" { client } else { client.with("accept-language", asked) };
        let answer = client.get("/v1/nothing").await;
        assert_eq!(answer.text("detail"), detail, "{asked}");
        assert_eq!(answer.header("content-language"), language, "{asked}");
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    for (path, status) in [
        ("/healthz", 200),
        ("/v1/concerts", 200),
        ("/v1/queue-tokens/current", 200),
        ("/v1/nothing", 404),
        ("/v1/payments", 405),
    ] {
        let got = user.get(path).await.expect(status);
        let head = user.send(Method::HEAD, path, None).await.expect(status);
        assert_eq!(head.body, Value::Null);
        assert_eq!(head.header("content-type"), got.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), got.header("content-length"), "{path}");
        assert!(!head.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn a_page_of_the_allowed_origin_may_call_and_others_may_not() {
    let origin = HeaderValue::from_static("https://tickets.example");
    let server =
        TestServer::start_with(Setup { cors_origin: Some(origin), ..Setup::default() }).await;
    let theirs = server.nobody().with("origin", "https://tickets.example");
    let answer = theirs.get("/v1/nothing").await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://tickets.example");
    let exposed = answer.header("access-control-expose-headers").to_lowercase();
    for name in ["etag", "retry-after", "ratelimit", "idempotency-replayed", "x-request-id"] {
        assert!(exposed.split(',').any(|exposed| exposed.trim() == name), "{name}: {exposed}");
    }
    let preflight = theirs
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "x-queue-token,idempotency-key");
    let answer = preflight.send(Method::OPTIONS, "/v1/payments", None).await.expect(200);
    let allowed = answer.header("access-control-allow-headers").to_lowercase();
    assert!(allowed.contains("x-queue-token") && allowed.contains("idempotency-key"), "{allowed}");
}

#[tokio::test]
async fn cors_is_off_unless_it_is_asked_for() {
    let server = TestServer::start().await;
    let page = server.nobody().with("origin", "https://tickets.example");
    let answer = page.get("/healthz").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn an_answer_says_what_it_is() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let concert_id = admin.concert(&concert()).await;
    let path = format!("/v1/concerts/{concert_id}");
    assert_eq!(admin.get(&path).await.header("content-type"), "application/json");
    let problem = admin.patch(&path, &json!({ "closed": 1 })).await.expect(400);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.header("cache-control"), "no-store");
    let nobody = server.nobody().get("/v1/audit").await.expect(401);
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let nobody = server.nobody().poll().await.expect(401);
    assert_eq!(nobody.header("www-authenticate"), "QueueToken");
}
