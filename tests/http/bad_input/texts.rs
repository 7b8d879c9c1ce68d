//! Text of every kind: what is kept as it was sent, and what is refused.

use super::assert_untouched;
use crate::stage::{Sale, concert, with};
use http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_script_is_kept_as_it_was_sent() {
    let sale = Sale::start().await;
    let longest = "가".repeat(200);
    for title in [
        "프런트로 라이브",
        "🎸 🎤 👨‍👩‍👧‍👦",
        "مهرجان الموسيقى",
        "e\u{301}\u{323} — combining",
        "\u{202e}desrever",
        "Robert'); DROP TABLE concerts;--",
        "<script>alert(1)</script>",
        "\\u0000 is not a NUL",
        "\u{fffd}\u{10ffff}",
        "\"quoted\" \\ and % and _",
        &longest,
    ] {
        let body = with(concert(), &json!({ "title": title }));
        let created = sale.admin.post("/v1/concerts", &body).await.expect(201);
        assert_eq!(created.body["title"], title);
        let read = sale.admin.get(&format!("/v1/concerts/{}", created.id())).await.expect(200);
        assert_eq!(read.body["title"], title);
    }
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn sections_of_every_script_can_be_asked_for() {
    let sale = Sale::start().await;
    for section in ["R석", "🎸", "قسم", "e\u{301}", "A-1", "'"] {
        let hall = json!({ "starts_at": "2026-12-24T10:00:00Z", "venue": section,
            "sections": [{ "name": section, "rows": 1, "seats_per_row": 2, "price": 1 }] });
        let schedule_id = sale.admin.post(&sale.schedules_path(), &hall).await.expect(201).id();
        let user = sale.active().await;
        let path = format!("/v1/schedules/{schedule_id}/reservations");
        let best = json!({ "best": { "count": 1, "section": section } });
        let held = user.post(&path, &best).await.expect(201);
        let seat = &held.body["seats"][0];
        let label = format!("{section}-1-1");
        assert_eq!((&seat["section"], &seat["label"]), (&json!(section), &json!(label)));
    }
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn texts_that_are_none_are_named() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let too_long = "가".repeat(201);
    for (title, reason) in [
        ("", "must not be empty"),
        (" \u{3000}", "must not be empty"),
        (&too_long, "must have at most 200 characters"),
        ("two\nlines", "must not have control characters"),
        ("bell\u{7}", "must not have control characters"),
        ("a\u{85}b", "must not have control characters"),
    ] {
        let answer =
            sale.admin.post("/v1/concerts", &with(concert(), &json!({ "title": title }))).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"], json!([{ "field": "title", "reason": reason }]));
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_nul_is_refused_wherever_it_is() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let events = sale.server.journal_len().await;
    let title = with(concert(), &json!({ "title": "a\u{0}b" }));
    let hall = json!({ "starts_at": "2026-12-24T10:00:00Z", "venue": "Club",
        "sections": [{ "name": "R\u{0}", "rows": 1, "seats_per_row": 1, "price": 1 }] });
    let best = json!({ "best": { "count": 1, "section": "\u{0}" } });
    for (client, path, body, field) in [
        (&sale.admin, "/v1/concerts".to_owned(), title, "title"),
        (&sale.admin, sale.schedules_path(), hall, "sections[0].name"),
        (&user, sale.reservations_path(), best, "best.section"),
    ] {
        let answer = client.post(&path, &body).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field, "{answer:?}");
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn half_a_surrogate_pair_is_no_text() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let body = concert().to_string().replace("Frontrow Live", "\\ud83c");
    let body = Some(("application/json", body.into_bytes()));
    let answer = sale.admin.send(Method::POST, "/v1/concerts", body).await;
    answer.expect_problem(400, "malformed_request");
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_reason_repeats_only_so_much_of_what_was_sent() {
    let sale = Sale::start().await;
    let long = "x".repeat(60_000);
    let answer = sale.admin.post("/v1/concerts", &with(concert(), &json!({ &long: 1 }))).await;
    answer.expect_problem(400, "malformed_request");
    let length = answer.body.to_string().len();
    assert!(length < 2_000, "an answer of {length} bytes");
}

#[tokio::test]
async fn texts_in_a_problem_are_json() {
    let sale = Sale::start().await;
    let strange = "\"},{\"\u{202e}🎸\n";
    let answer = sale.admin.post("/v1/concerts", &with(concert(), &json!({ strange: 1 }))).await;
    answer.expect_problem(400, "malformed_request");
    assert_ne!(answer.body["errors"], Value::Null);
}
