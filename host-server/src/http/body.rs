//! JSON bodies: how they are taken in, limited and judged. A body is judged when an endpoint asks,
//! after it knows who calls; a bad one is a problem, never a rejection that another route might
//! pick up.

mod objects;

use crate::problem::Problem;
use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use objects::Objects;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::pin::Pin;

/// Bytes of a body, at most.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Characters of a reason or the name of a field, at most; some repeat what the caller sent.
const REASON_CHARS_MAX: usize = 200;

/// A body that nobody has read yet.
pub struct RawBody {
    headers: HeaderMap,
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send + Sync>>,
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawBody").finish_non_exhaustive()
    }
}

impl RawBody {
    /// The body of a request with these headers.
    pub fn new<S, B>(headers: &HeaderMap, body: S) -> Self
    where
        S: Stream<Item = Result<B, warp::Error>> + Send + Sync + 'static,
        B: Buf,
    {
        let mut kept = HeaderMap::new();
        for name in [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LENGTH] {
            if let Some(value) = headers.get(&name) {
                kept.insert(name, value.clone());
            }
        }
        let chunks =
            body.map(|chunk| chunk.map(|mut chunk| chunk.copy_to_bytes(chunk.remaining())));
        Self { headers: kept, chunks: Box::pin(chunks) }
    }

    /// Reads and judges the body. Refuses, in this order, with 415 `unsupported_media_type`,
    /// 413 `payload_too_large` or 400 `malformed_request` with `errors`.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Problem> {
        if !is_plain_json(&self.headers) {
            return Err(Problem::unsupported_media_type());
        }
        let length = self.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let announced: Option<u64> = length.and_then(|length| length.parse().ok());
        if announced.is_some_and(|length| length > BODY_BYTES_MAX as u64) {
            return Err(Problem::payload_too_large(BODY_BYTES_MAX));
        }
        parse(&read_limited(self.chunks).await?)
    }
}

/// The whole body, which may come in chunks without saying beforehand how many.
async fn read_limited(
    mut chunks: impl Stream<Item = Result<Bytes, warp::Error>> + Unpin,
) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::malformed_request())?;
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Problem::payload_too_large(BODY_BYTES_MAX));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `application/json`, perhaps with `charset=utf-8`, and not compressed.
fn is_plain_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.filter(|part| !part.is_empty()).all(|part| {
        part.split_once('=').is_none_or(|(name, value)| {
            let charset = value.trim_matches('"');
            !name.eq_ignore_ascii_case("charset") || charset.eq_ignore_ascii_case("utf-8")
        })
    });
    let encoding = headers.get(CONTENT_ENCODING);
    is_json && is_utf8 && encoding.is_none_or(|encoding| encoding == "identity")
}

/// Judges a body: 400 `malformed_request` with `errors: [{field, reason}]` unless it is a `T`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let parsed: T = serde_path_to_error::deserialize(Objects(&mut parser))
        .map_err(|error| problem_of(&error))?;
    parser.end().map_err(|error| Problem::malformed_field("", reason_of(&error.to_string())))?;
    if has_nul(body) {
        let field = serde_json::from_slice(body).ok().and_then(|value| nul_path(&value, ""));
        let field = field.unwrap_or_default();
        return Err(Problem::malformed_field(&field, "must not contain the character U+0000"));
    }
    Ok(parsed)
}

/// Whether a valid JSON text holds an escaped NUL. (An unescaped one makes it invalid.) Databases
/// differ on whether text may hold it, so it goes no further than here.
fn has_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with(b"u0000") {
            return true;
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    false
}

/// Where the NUL is, such as `sections[0].name`.
fn nul_path(value: &Value, path: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| nul_path(item, &format!("{path}[{at}]")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.contains('\0') {
                Some(path.to_owned())
            } else {
                nul_path(member, &join(path, name))
            }
        }),
        _ => None,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The problem of a request that can't be read, with the field if the parser knows it.
pub(super) fn problem_of<E: fmt::Display>(error: &serde_path_to_error::Error<E>) -> Problem {
    let words = error.inner().to_string();
    let path = match error.path().to_string() {
        root if root == "." => String::new(),
        path => path,
    };
    let field = match named_field(&words) {
        // The parser may have stopped at the name, or at the object around it.
        Some(name) if path != name && !path.ends_with(&format!(".{name}")) => join(&path, name),
        _ => path,
    };
    Problem::malformed_field(&shortened(&field), reason_of(&words))
}

/// The field that a reason such as "missing field `amount`" names.
fn named_field(reason: &str) -> Option<&str> {
    let rest = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| reason.strip_prefix(start))?;
    rest.split('`').next()
}

/// A parser's words, without the place in the text and not too many.
fn reason_of(words: &str) -> String {
    let words = words.rfind(" at line ").map_or(words, |at| &words[..at]);
    shortened(words)
}

fn shortened(words: &str) -> String {
    words.chars().take(REASON_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
