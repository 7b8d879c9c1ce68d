//! What is read from headers and query strings: idempotency keys, queue tokens, validators, pages.
//! Bearer tokens are `auth`'s. Everything is a plain function that yields a `Result`, so that an
//! endpoint decides when to look, and a bad header never turns into another route's error.

use crate::problem::Problem;
use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// The header that makes a retry safe.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Tells that an answer was given before.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The header of a queue token.
pub const X_QUEUE_TOKEN: HeaderName = HeaderName::from_static("x-queue-token");
/// The id of a request, the caller's or ours.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters in an idempotency key, at most.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;
/// Rows of a page, at most.
pub const PAGE_LIMIT_MAX: u32 = 100;
/// Rows of a page, unless told otherwise.
pub const PAGE_LIMIT_DEFAULT: u32 = 50;
/// Characters of a cursor, at most.
const CURSOR_CHARS_MAX: usize = 512;

/// The `Idempotency-Key`: 400 `idempotency_key_missing` without one, 400 `malformed_request` where
/// it is not one value of 1 to 255 printable ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let value = values.next().ok_or_else(Problem::idempotency_key_missing)?;
    let bytes = value.as_bytes();
    let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX).contains(&bytes.len())
        && bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
        && values.next().is_none();
    value.to_str().ok().filter(|_| fits).map(str::to_owned).ok_or_else(|| {
        Problem::malformed_field("Idempotency-Key", "must be 1 to 255 printable ASCII characters")
    })
}

/// The queue token, if one came: 401 `queue_token_invalid` where it can't be one.
pub fn queue_token(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(X_QUEUE_TOKEN).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Problem::queue_token_invalid()),
        (Some(_), Some(_)) => Err(Problem::queue_token_invalid()),
    }
}

/// Whether the caller has this version already (weak comparison, RFC 9110, section 13.1.2). `etag`
/// is written as it is sent, with its quotes.
pub fn none_match(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    fn opaque(tag: &[u8]) -> &[u8] {
        tag.strip_prefix(b"W/").unwrap_or(tag)
    }
    let values = headers.get_all(IF_NONE_MATCH).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || opaque(tag.as_bytes()) == opaque(etag.as_bytes()))
}

/// Whether the caller takes gzip and does not like it less than what is not encoded (RFC 9110, section 12.5.3).
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut identity, mut any_other) = (None, None, None);
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for coding in values.flat_map(|list| list.split(',')) {
        let mut words = coding.split(';').map(str::trim);
        let name = words.next().unwrap_or_default();
        let weight = words.find_map(|word| word.strip_prefix("q=")).unwrap_or("1");
        let weight: f32 = weight.parse().unwrap_or(0.0);
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => any_other = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any_other).unwrap_or(0.0);
    gzip > 0.0 && gzip >= identity.unwrap_or(0.0)
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Rows, 1 to [`PAGE_LIMIT_MAX`].
    #[serde(default = "default_limit", deserialize_with = "read_limit")]
    pub limit: u32,
    /// Where the last page ended, in words that only the list knows.
    #[serde(default, deserialize_with = "read_cursor")]
    pub cursor: Option<String>,
}

const fn default_limit() -> u32 {
    PAGE_LIMIT_DEFAULT
}

fn read_limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().ok().filter(|limit| (1..=PAGE_LIMIT_MAX).contains(limit)).ok_or_else(|| {
        serde::de::Error::custom(format_args!("must be a number from 1 to {PAGE_LIMIT_MAX}"))
    })
}

fn read_cursor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fits = (1..=CURSOR_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(Some(text)) } else { Err(bad_cursor()) }
}

fn bad_cursor<E: serde::de::Error>() -> E {
    E::custom("must be a next_cursor of an earlier answer")
}

/// The problem of a cursor that the list can't read.
pub fn cursor_problem() -> Problem {
    Problem::malformed_field("cursor", "must be a next_cursor of an earlier answer")
}

/// What a query string asks for: 400 `malformed_request` where it can't be read.
pub fn query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let parser = serde_urlencoded::Deserializer::new(form_pairs(query));
    serde_path_to_error::deserialize(parser).map_err(|error| super::body::problem_of(&error))
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn an_idempotency_key_is_one_printable_word_or_more() {
        let key = |values: &[&str]| {
            idempotency_key(&headers(&IDEMPOTENCY_KEY, values)).map_err(|problem| problem.code)
        };
        let longest = "k".repeat(255);
        assert_eq!(key(&["a key"]), Ok("a key".to_owned()));
        assert_eq!(key(&[&longest]), Ok(longest.clone()));
        assert_eq!(key(&[]), Err("idempotency_key_missing"));
        let too_long = format!("{longest}k");
        for values in [&[""][..], &[&too_long], &["열쇠"], &["a\tb"], &["a", "b"]] {
            assert_eq!(key(values), Err("malformed_request"), "{values:?}");
        }
    }

    #[test]
    fn a_queue_token_comes_once_or_not_at_all() {
        let token = |values: &[&str]| {
            let headers = headers(&X_QUEUE_TOKEN, values);
            queue_token(&headers).map(|token| token.map(str::to_owned)).map_err(|p| p.code)
        };
        assert_eq!(token(&[]), Ok(None));
        assert_eq!(token(&["a.b.c"]), Ok(Some("a.b.c".to_owned())));
        assert_eq!(token(&["토큰"]), Err("queue_token_invalid"));
        assert_eq!(token(&["a", "a"]), Err("queue_token_invalid"));
    }

    #[test]
    fn a_version_that_the_caller_has_is_recognized() {
        let has = |values: &[&str]| {
            none_match(&headers(&IF_NONE_MATCH, values), &HeaderValue::from_static("\"7\""))
        };
        assert!(has(&["\"7\""]) && has(&["\"6\", W/\"7\""]) && has(&["\"6\"", "\"7\""]));
        assert!(has(&["*"]));
        assert!(!has(&[]) && !has(&["\"8\""]) && !has(&["7"]));
    }

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        let takes = |values: &[&str]| accepts_gzip(&headers(&ACCEPT_ENCODING, values));
        for values in [
            &["gzip"][..],
            &["br, GZIP ; q=0.5"],
            &["deflate", "x-gzip"],
            &["*"],
            &["identity;q=0.5, *;q=0.7"],
        ] {
            assert!(takes(values), "{values:?}");
        }
        for values in [
            &[][..],
            &[""],
            &["br"],
            &["gzip;q=0"],
            &["*;q=0.5, gzip;q=0"],
            &["gzip;q=much"],
            &["gzip;q=0.5, identity"],
        ] {
            assert!(!takes(values), "{values:?}");
        }
    }

    #[test]
    fn a_page_has_bounds() {
        let page = |text: &str| query::<Page>(text);
        assert_eq!(page(""), Ok(Page { limit: 50, cursor: None }));
        let asked = Page { limit: 100, cursor: Some("abc=".into()) };
        assert_eq!(page("limit=100&cursor=abc%3D"), Ok(asked));
        for (text, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=ten", "limit"),
            ("limit=", "limit"),
            ("cursor=", "cursor"),
            ("cursor=%00", "cursor"),
            ("limit=1&limit=2", "limit"),
            ("offset=3", "offset"),
        ] {
            let problem = page(text).unwrap_err();
            assert_eq!(problem.code, "malformed_request");
            assert_eq!(problem.fields["errors"][0]["field"], field, "{text}");
        }
    }
}
