//! Bodies that are no JSON, not the right JSON, too large, or of another kind.

use super::assert_untouched;
use crate::raw;
use crate::stage::{Sale, concert, with};
use frontrow_tests::Client;
use http::Method;
use serde_json::{Value, json};

/// Bytes of a body, at most.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Every endpoint that reads a body, and who may call it.
fn readers(sale: &Sale, user: &Client) -> Vec<(Client, Method, String)> {
    let key = |client: &Client| client.clone().with("idempotency-key", "k");
    let admin = || sale.admin.clone();
    vec![
        (admin(), Method::POST, "/v1/concerts".to_owned()),
        (admin(), Method::PATCH, format!("/v1/concerts/{}", sale.concert_id)),
        (admin(), Method::POST, sale.schedules_path()),
        (key(user), Method::POST, sale.reservations_path()),
        (key(user), Method::POST, "/v1/payments".to_owned()),
        (key(user), Method::POST, format!("/v1/users/{}/charges", user.user_id)),
    ]
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    let deep = "[".repeat(30_000);
    for (client, method, path) in readers(&sale, &user) {
        for body in [
            &b""[..],
            b"{",
            b"nonsense",
            b"{\"amount\": 1} {}",
            b"{\"amount\": 1,}",
            b"{'amount': 1}",
            b"{\"amount\": NaN}",
            b"{\"amount\": 01}",
            b"\xff\xfe{}",
            b"{\"amount\": \"\xc3\x28\"}",
            b"\xef\xbb\xbf{}",
            b"\0",
            deep.as_bytes(),
        ] {
            let body = Some(("application/json", body.to_vec()));
            let answer = client.send(method.clone(), &path, body).await;
            answer.expect_problem(400, "malformed_request");
            assert!(answer.body["errors"].is_array(), "{path}: {answer:?}");
        }
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn json_of_the_wrong_kind_is_malformed() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    for (client, method, path) in readers(&sale, &user) {
        for body in ["null", "true", "17", "\"text\"", "[]", "[[]]", "{\"unknown\": 1}"] {
            let content = Some(("application/json", body.as_bytes().to_vec()));
            let answer = client.send(method.clone(), &path, content).await;
            answer.expect_problem(400, "malformed_request");
            assert!(answer.body["errors"].is_array(), "{path} {body}: {answer:?}");
        }
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_list_in_place_of_an_object_is_malformed() {
    let sale = Sale::start().await;
    let user = sale.active().await.with("idempotency-key", "k");
    let events = sale.server.journal_len().await;
    let concert_path = format!("/v1/concerts/{}", sale.concert_id);
    let create = |more| with(concert(), &more);
    let schedule = json!({ "starts_at": "2030-01-01T00:00:00Z", "venue": "Hall", "sections": [["A", 1, 1, 100]] });
    let post = Method::POST;
    for (client, method, path, body, field) in [
        (&user, &post, sale.reservations_path(), json!({ "best": [2] }), "best"),
        (
            &sale.admin,
            &post,
            "/v1/concerts".to_owned(),
            create(json!({ "admission": [10, 1, 600, null, 180, false] })),
            "admission",
        ),
        (
            &sale.admin,
            &post,
            "/v1/concerts".to_owned(),
            create(json!({ "holds": [300, 4] })),
            "holds",
        ),
        (
            &sale.admin,
            &Method::PATCH,
            concert_path,
            json!({ "admission": [10, 1, 600, null, 180, false] }),
            "admission",
        ),
        (&sale.admin, &post, sale.schedules_path(), schedule, "sections[0]"),
    ] {
        let content = Some(("application/json", body.to_string().into_bytes()));
        let answer = client.send(method.clone(), &path, content).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{body}: {answer:?}");
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn an_unknown_field_is_named_where_it_is() {
    let sale = Sale::start().await;
    for (more, field) in [
        (json!({ "colour": "red" }), "colour"),
        (json!({ "admission": { "colour": "red" } }), "admission.colour"),
        (json!({ "holds": { "colour": "red" } }), "holds.colour"),
        (json!({ "id": "0192" }), "id"),
        (json!({ "state": "open" }), "state"),
    ] {
        let answer = sale.admin.post("/v1/concerts", &with(concert(), &more)).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{answer:?}");
    }
}

#[tokio::test]
async fn a_field_that_comes_twice_is_malformed() {
    let sale = Sale::start().await;
    let user = sale.active().await.with("idempotency-key", "k");
    let events = sale.server.journal_len().await;
    let path = format!("/v1/users/{}/charges", user.user_id);
    let twice = Some(("application/json", b"{\"amount\": 1, \"amount\": 1000000}".to_vec()));
    let answer = user.send(Method::POST, &path, twice).await;
    answer.expect_problem(400, "malformed_request");
    assert_eq!(answer.body["errors"][0]["field"], "amount");
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    for (client, method, path) in readers(&sale, &user) {
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/jsonx",
            "",
        ] {
            let body = Some((kind, b"{}".to_vec()));
            let answer = client.send(method.clone(), &path, body).await;
            answer.expect_problem(415, "unsupported_media_type");
        }
        let nothing = client.send(method.clone(), &path, None).await;
        nothing.expect_problem(415, "unsupported_media_type");
        let zipped = client.clone().with("content-encoding", "gzip");
        let body = Some(("application/json", b"{}".to_vec()));
        let answer = zipped.send(method, &path, body).await;
        answer.expect_problem(415, "unsupported_media_type");
    }
    assert_untouched(&sale.server, events).await;
}

/// A body of exactly so many bytes.
fn padded(body: &Value, bytes: usize) -> Vec<u8> {
    let mut body = body.to_string().into_bytes();
    body.resize(bytes, b' ');
    body
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_not_a_byte_more() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    for (client, method, path) in readers(&sale, &user) {
        let body = Some(("application/json", padded(&json!({}), BODY_BYTES_MAX + 1)));
        let answer = client.send(method, &path, body).await;
        answer.expect_problem(413, "payload_too_large");
        assert_eq!(answer.body["limit_bytes"], BODY_BYTES_MAX);
    }
    assert_untouched(&sale.server, events).await;
    let body = Some(("application/json", padded(&concert(), BODY_BYTES_MAX)));
    sale.admin.send(Method::POST, "/v1/concerts", body).await.expect(201);
}

#[tokio::test]
async fn a_body_in_chunks_has_the_same_limit() {
    let sale = Sale::start().await;
    let bearer = sale.admin.headers["authorization"].to_str().expect("tokens are text");
    let headers = [("authorization", bearer)];
    let events = sale.server.journal_len().await;
    let blank = " ".repeat(1_024);
    let mut chunks = vec![blank.as_str(); 64];
    chunks.push("{");
    let request = raw::chunked("/v1/concerts", &headers, &chunks);
    let answer = raw::send(sale.server.address, &request).await;
    answer.expect_problem(413, "payload_too_large");
    assert_untouched(&sale.server, events).await;
    let whole = concert().to_string();
    let (start, end) = whole.split_at(whole.len() / 2);
    let request = raw::chunked("/v1/concerts", &headers, &[start, end]);
    raw::send(sale.server.address, &request).await.expect(201);
}

#[tokio::test]
async fn an_announced_length_is_enough_to_refuse_a_body() {
    let sale = Sale::start().await;
    let bearer = sale.admin.headers["authorization"].to_str().expect("tokens are text");
    let request = format!(
        "POST /v1/concerts HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: {bearer}\r\n\
         content-type: application/json\r\ncontent-length: 1000000000\r\n\r\n"
    );
    let answer = raw::send(sale.server.address, request.as_bytes()).await;
    answer.expect_problem(413, "payload_too_large");
}

#[tokio::test]
async fn a_caller_who_may_not_is_told_before_the_body_is_read() {
    let sale = Sale::start().await;
    let body = || Some(("text/plain", vec![b'x'; 1_000]));
    let nobody = sale.server.nobody();
    let answer = nobody.send(Method::POST, "/v1/concerts", body()).await;
    answer.expect_problem(401, "unauthenticated");
    let answer = sale.server.user().send(Method::POST, "/v1/concerts", body()).await;
    answer.expect_problem(403, "forbidden");
}
