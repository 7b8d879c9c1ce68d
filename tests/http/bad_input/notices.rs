//! Changes of `notice` and `draining` that are none.

use super::assert_untouched;
use crate::stage::{Sale, concert, with};
use serde_json::{Value, json};

/// The fields that a refused change names.
async fn wrong(sale: &Sale, change: &Value) -> Vec<String> {
    let path = format!("/v1/concerts/{}", sale.concert_id);
    let answer = sale.admin.patch(&path, change).await;
    answer.expect_problem(400, "malformed_request");
    let errors = answer.body["errors"].as_array().expect("errors are a list").iter();
    errors.map(|error| error["field"].as_str().expect("a field has a name").to_owned()).collect()
}

#[tokio::test]
async fn a_notice_that_is_none_is_named() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    let longest = "가".repeat(500);
    for (ko, en, fields) in [
        ("", "a", vec!["notice.ko"]),
        ("가", " \u{3000}", vec!["notice.en"]),
        (&format!("{longest}가"), "a", vec!["notice.ko"]),
        ("가", "two\nlines", vec!["notice.en"]),
        ("bell\u{7}", "a\u{85}b", vec!["notice.ko", "notice.en"]),
        ("가", "NUL\u{0}", vec!["notice.en"]),
    ] {
        let change = json!({ "notice": { "ko": ko, "en": en } });
        assert_eq!(wrong(&sale, &change).await, fields, "{change}");
    }
    assert_untouched(&sale.server, events).await;
    let most = json!({ "notice": { "ko": longest, "en": "\u{202e}🎸 <b>\"'\\" } });
    assert_eq!(sale.change(&most).await.body["notice"], most["notice"]);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_notice_has_both_languages_and_nothing_else() {
    let sale = Sale::start().await;
    let events = sale.server.journal_len().await;
    for (change, field) in [
        (json!({ "notice": { "ko": "가" } }), "notice"),
        (json!({ "notice": { "en": "a" } }), "notice"),
        (json!({ "notice": {} }), "notice"),
        (json!({ "notice": { "ko": "가", "en": null } }), "notice.en"),
        (json!({ "notice": { "ko": 7, "en": "a" } }), "notice.ko"),
        (json!({ "notice": { "ko": "가", "en": "a", "fr": "a" } }), "notice.fr"),
        (json!({ "notice": ["가", "a"] }), "notice"),
        (json!({ "notice": "a" }), "notice"),
        (json!({ "notice": false }), "notice"),
        (json!({ "draining": 1 }), "draining"),
        (json!({ "draining": "true" }), "draining"),
        (json!({ "drain": true }), "drain"),
    ] {
        let fields = wrong(&sale, &change).await;
        assert_eq!(fields.len(), 1, "{change}");
        assert!(fields[0].starts_with(field), "{change}: {fields:?}");
    }
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_concert_begins_without_a_notice_and_does_not_drain() {
    let sale = Sale::start().await;
    let notice = json!({ "notice": { "ko": "가", "en": "a" } });
    for (more, field) in [(notice, "notice"), (json!({ "draining": true }), "draining")] {
        let answer = sale.admin.post("/v1/concerts", &with(concert(), &more)).await;
        answer.expect_problem(400, "malformed_request");
        assert_eq!(answer.body["errors"][0]["field"], field);
    }
}
