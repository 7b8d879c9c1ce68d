//! What a body may look like.

use super::*;
use futures_util::stream;
use http::HeaderValue;
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    name: String,
    #[serde(default)]
    rows: u32,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hall {
    sections: Vec<Section>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    stage: Option<Section>,
}

fn raw_body(content_type: Option<&'static str>, chunks: &[&str]) -> RawBody {
    let mut headers = HeaderMap::new();
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::from((*chunk).to_owned()))).collect();
    RawBody { headers, chunks: Box::pin(stream::iter(chunks)) }
}

async fn code(content_type: Option<&'static str>, chunks: &[&str]) -> &'static str {
    match raw_body(content_type, chunks).json::<Value>().await {
        Ok(_) => "ok",
        Err(problem) => problem.code,
    }
}

/// Field and reason of the only error.
fn error_of(body: &str) -> (String, String) {
    let problem = parse::<Hall>(body.as_bytes()).unwrap_err();
    assert_eq!(problem.code, "malformed_request");
    let errors = problem.fields["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1);
    let word = |name: &str| errors[0][name].as_str().unwrap().to_owned();
    (word("field"), word("reason"))
}

#[tokio::test]
async fn only_plain_json_is_read() {
    for good in ["application/json", "Application/JSON; charset=\"UTF-8\"", "application/json;"] {
        assert_eq!(code(Some(good), &["{}"]).await, "ok", "{good}");
    }
    for bad in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/json; charset=euc-kr"),
        Some("application/jsonp"),
        Some("application/problem+json"),
    ] {
        assert_eq!(code(bad, &["{}"]).await, "unsupported_media_type", "{bad:?}");
    }
    let mut compressed = raw_body(Some("application/json"), &["{}"]);
    compressed.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let problem = compressed.json::<Value>().await.unwrap_err();
    assert_eq!(problem.code, "unsupported_media_type");
}

#[tokio::test]
async fn a_body_has_a_limit_whether_or_not_it_tells_its_length() {
    let exact = format!("\"{}\"", "a".repeat(BODY_BYTES_MAX - 2));
    let json = Some("application/json");
    assert_eq!(code(json, &[&exact]).await, "ok");
    let (first, last) = exact.split_at(1_000);
    assert_eq!(code(json, &[first, last]).await, "ok");
    assert_eq!(code(json, &[first, last, " "]).await, "payload_too_large");

    let mut announced = raw_body(json, &["{}"]);
    announced.headers.insert(CONTENT_LENGTH, HeaderValue::from(BODY_BYTES_MAX + 1));
    assert_eq!(announced.json::<Value>().await.unwrap_err().code, "payload_too_large");
}

#[test]
fn an_error_names_its_field() {
    let cases = [
        (r#"{"sections":[{"name":"R","rows":-1}]}"#, "sections[0].rows"),
        (r#"{"sections":[{"name":"R","rows":1.5}]}"#, "sections[0].rows"),
        (r#"{"sections":[{"name":"R"},{"name":7}]}"#, "sections[1].name"),
        (r#"{"sections":{}}"#, "sections"),
        (r"{}", "sections"),
        (r#"{"sections":[{"rows":1}]}"#, "sections[0].name"),
        (r#"{"sections":[],"color":"red"}"#, "color"),
        (r#"{"sections":[{"name":"R","seats":1}]}"#, "sections[0].seats"),
        (r#"{"sections":[],"sections":[]}"#, "sections"),
        (r"[", ""),
        (r"", ""),
        (r#""text""#, ""),
        (r#"{"sections":[]} x"#, ""),
    ];
    for (body, field) in cases {
        let (found, reason) = error_of(body);
        assert_eq!(found, field, "{body}: {reason}");
        assert!(!reason.contains(" at line "), "{reason}");
    }
}

#[test]
fn a_reason_does_not_repeat_a_whole_body() {
    let body = format!(r#"{{"sections":"{}"}}"#, "가".repeat(10_000));
    assert_eq!(error_of(&body).1.chars().count(), REASON_CHARS_MAX);
    let body = format!(r#"{{"sections":[],"{}":1}}"#, "가".repeat(10_000));
    let (field, reason) = error_of(&body);
    let lengths = (field.chars().count(), reason.chars().count());
    assert_eq!(lengths, (REASON_CHARS_MAX, REASON_CHARS_MAX));
}

#[test]
fn a_list_is_no_object() {
    let cases = [
        (" [[]]", ""),
        (r#"{"sections":[["R",1]]}"#, "sections[0]"),
        (r#"{"sections":[],"stage":["R",1]}"#, "stage"),
        (r#"{"sections":[],"stage":[]}"#, "stage"),
    ];
    for (body, field) in cases {
        let reason = "invalid type: sequence, expected an object";
        assert_eq!(error_of(body), (field.to_owned(), reason.to_owned()), "{body}");
    }
    let hall = parse::<Hall>(br#"{"sections":[{"name":"R"}],"stage":{"name":"S"}}"#).unwrap();
    let section = |name: &str| Section { name: name.to_owned(), rows: 0 };
    let expected = Hall { sections: vec![section("R")], note: None, stage: Some(section("S")) };
    assert_eq!(hall, expected);
}

#[test]
fn nul_is_refused_wherever_it_hides() {
    let escaped = r#"{"sections":[{"name":"a\u0000b"}]}"#;
    assert_eq!(error_of(escaped).0, "sections[0].name");
    assert_eq!(error_of(r#"{"sections":[],"note":"\\\u0000"}"#).0, "note");
    assert_eq!(error_of("{\"sections\":[],\"note\":\"\0\"}").0, "note");
    // A backslash and the word u0000, no NUL.
    let spelled = r#"{"sections":[],"note":"\\u0000"}"#;
    let hall = parse::<Hall>(spelled.as_bytes()).unwrap();
    assert_eq!(hall.note.as_deref(), Some(r"\u0000"));
}
