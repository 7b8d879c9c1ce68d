//! What a refused request is answered with (`application/problem+json`, RFC 9457), and the one
//! place where status codes are decided. The words are in `message` and in the rules.

use crate::http::RequestContext;
use crate::message::{self, EdgeCode, Text};
use crate::wire::WireTime;
use frontrow_core::{FieldError, Rejection};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value};
use std::time::Duration;
use warp::reply::Response;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Seconds after which to try again when the server can't tell better.
const RETRY_AFTER_SECONDS: u32 = 1;

/// A refusal on its way to the client.
///
/// A handler returns it as its error; the service writes it out (see [`Problem::render`]), since
/// only there the request's id and language are known without asking every handler for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The stable name that clients act on.
    pub code: &'static str,
    /// The status.
    pub status: StatusCode,
    /// What to tell a person.
    pub text: Text,
    /// Further members of the body.
    pub fields: Map<String, Value>,
    /// The `Retry-After` header.
    pub retry_after_seconds: Option<u32>,
    /// The `Allow` header.
    pub allow: Option<&'static str>,
    /// The limit that the `RateLimit` headers tell.
    pub limit_per_second: Option<u32>,
}

/// The status of every code, the edge's and the rules'.
///
/// `no_seats_available` is a 409 where seats were asked for; a list that is empty says so with
/// [`Problem::with_status`]. A code that is missing here is a bug and answers 500.
pub fn status_of(code: &str) -> StatusCode {
    match code {
        "malformed_request" | "idempotency_key_missing" | "amount_invalid" => {
            StatusCode::BAD_REQUEST
        }
        "unauthenticated" | "queue_token_missing" | "queue_token_invalid" => {
            StatusCode::UNAUTHORIZED
        }
        "insufficient_balance" => StatusCode::PAYMENT_REQUIRED,
        "forbidden"
        | "queue_token_wrong_concert"
        | "queue_token_waiting"
        | "queue_token_expired" => StatusCode::FORBIDDEN,
        "not_found"
        | "concert_not_found"
        | "schedule_not_found"
        | "reservation_not_found"
        | "balance_not_found"
        | "seat_not_found"
        | "no_schedules_available" => StatusCode::NOT_FOUND,
        "method_not_allowed" => StatusCode::METHOD_NOT_ALLOWED,
        "idempotency_in_flight"
        | "id_in_use"
        | "queue_closed"
        | "queue_not_open"
        | "draw_not_open"
        | "already_drawn"
        | "sold_out"
        | "schedule_started"
        | "sale_closed"
        | "hold_exists"
        | "seat_limit_exceeded"
        | "seat_taken"
        | "no_seats_available"
        | "already_paid"
        | "reservation_not_held"
        | "balance_limit_exceeded" => StatusCode::CONFLICT,
        "hold_expired" => StatusCode::GONE,
        "payload_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "unsupported_media_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "idempotency_key_reused" | "amount_mismatch" => StatusCode::UNPROCESSABLE_ENTITY,
        "rate_limited" => StatusCode::TOO_MANY_REQUESTS,
        "overloaded" | "storage_unavailable" | "charge_failed" | "request_timeout" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Problem {
    /// A problem with its usual status and no further members.
    pub fn new(code: &'static str, text: Text) -> Self {
        Self {
            code,
            status: status_of(code),
            text,
            fields: Map::new(),
            retry_after_seconds: None,
            allow: None,
            limit_per_second: None,
        }
    }

    /// With a further member; one that can't be written as JSON is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.fields.insert(name.to_owned(), value);
        }
        self
    }

    /// With another status than its usual one.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With a `Retry-After` header.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The request can't be read.
    pub fn malformed_request() -> Self {
        EdgeCode::MalformedRequest.into()
    }

    /// One field of the request is wrong, and why, in English for developers.
    pub fn malformed_field(field: &str, reason: impl Into<String>) -> Self {
        Self::malformed_fields(&[FieldError::new(field, reason)])
    }

    /// Several fields of the request are wrong.
    pub fn malformed_fields(errors: &[FieldError]) -> Self {
        Self::malformed_request().with("errors", errors)
    }

    /// No bearer token, or a bad one.
    pub fn unauthenticated() -> Self {
        EdgeCode::Unauthenticated.into()
    }

    /// The caller may not do this.
    pub fn forbidden() -> Self {
        EdgeCode::Forbidden.into()
    }

    /// A queue token is needed and none came.
    pub fn queue_token_missing() -> Self {
        EdgeCode::QueueTokenMissing.into()
    }

    /// The queue token is forged, malformed or another person's.
    pub fn queue_token_invalid() -> Self {
        EdgeCode::QueueTokenInvalid.into()
    }

    /// An `Idempotency-Key` is needed and none came.
    pub fn idempotency_key_missing() -> Self {
        EdgeCode::IdempotencyKeyMissing.into()
    }

    /// The key was used with another request.
    pub fn idempotency_key_reused() -> Self {
        EdgeCode::IdempotencyKeyReused.into()
    }

    /// The first request with this key takes too long to wait for.
    pub fn idempotency_in_flight() -> Self {
        Self::from(EdgeCode::IdempotencyInFlight).with_retry_after(RETRY_AFTER_SECONDS)
    }

    /// The body is larger than its limit.
    pub fn payload_too_large(limit_bytes: usize) -> Self {
        Self::from(EdgeCode::PayloadTooLarge).with("limit_bytes", limit_bytes)
    }

    /// The body is not plain JSON.
    pub fn unsupported_media_type() -> Self {
        EdgeCode::UnsupportedMediaType.into()
    }

    /// No such path.
    pub fn not_found() -> Self {
        EdgeCode::NotFound.into()
    }

    /// The path exists, the method does not. The service fills in `Allow`.
    pub fn method_not_allowed() -> Self {
        EdgeCode::MethodNotAllowed.into()
    }

    /// The caller asks too often: more than so many times a second. After `wait` they may ask once more.
    pub fn rate_limited(limit_per_second: u32, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX).max(1);
        let limit = Self::from(EdgeCode::RateLimited).with_retry_after(seconds);
        Self { limit_per_second: Some(limit_per_second), ..limit }
    }

    /// Too much waits already, for so long; nothing was changed.
    pub fn overloaded(wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        Self::from(EdgeCode::Overloaded).with_retry_after(seconds.max(RETRY_AFTER_SECONDS))
    }

    /// The database failed. With `outcome_unknown` the change may have happened: the same request
    /// with the same key tells.
    pub fn storage_unavailable(outcome_unknown: bool) -> Self {
        Self::from(EdgeCode::StorageUnavailable).unknown(outcome_unknown)
    }

    /// The database failed during a charge; see [`Problem::storage_unavailable`].
    pub fn charge_failed(outcome_unknown: bool) -> Self {
        Self::from(EdgeCode::ChargeFailed).unknown(outcome_unknown)
    }

    /// The answer took too long; see [`Problem::storage_unavailable`].
    pub fn request_timeout(outcome_unknown: bool) -> Self {
        Self::from(EdgeCode::RequestTimeout).unknown(outcome_unknown)
    }

    /// A bug. What went wrong belongs in the log, not here.
    pub fn internal() -> Self {
        EdgeCode::Internal.into()
    }

    fn unknown(self, outcome_unknown: bool) -> Self {
        self.with("outcome_unknown", outcome_unknown).with_retry_after(RETRY_AFTER_SECONDS)
    }

    /// The body, as it is sent and as it is stored for replays.
    pub fn body(&self, context: &RequestContext) -> Map<String, Value> {
        let mut body = self.fields.clone();
        body.insert("type".into(), format!("/problems/{}", self.code).into());
        body.insert("title".into(), title_of(self.code).into());
        body.insert("status".into(), self.status.as_u16().into());
        body.insert("detail".into(), self.text.in_language(context.language).into());
        body.insert("code".into(), self.code.into());
        body.insert("request_id".into(), context.request_id.clone().into());
        body
    }

    /// The response, in the language of the request.
    pub fn render(&self, context: &RequestContext) -> Response {
        let mut response = Response::new(Value::Object(self.body(context)).to_string().into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let language = message::tag(context.language);
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(limit) = self.limit_per_second {
            rate_limit_headers(headers, limit, self.retry_after_seconds.unwrap_or(1));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let is_bearer = self.code == EdgeCode::Unauthenticated.code();
            let challenge = if is_bearer { "Bearer" } else { "QueueToken" };
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// The limit, and that nothing is left of it for so many seconds (draft-ietf-httpapi-ratelimit-headers).
fn rate_limit_headers(headers: &mut HeaderMap, limit: u32, reset_seconds: u32) {
    for (name, value) in [
        (RATE_LIMIT_POLICY, format!("\"caller\";q={limit};w=1")),
        (RATE_LIMIT, format!("\"caller\";r=0;t={reset_seconds}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

/// `seat_taken` → `Seat taken`.
fn title_of(code: &str) -> String {
    let mut title = code.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

impl From<EdgeCode> for Problem {
    fn from(edge: EdgeCode) -> Self {
        Self::new(edge.code(), edge.text())
    }
}

impl From<Rejection> for Problem {
    /// Members that the rejection carries are added; those that only a view knows (`position` of
    /// a waiting token) are the endpoint's to add.
    fn from(rejection: Rejection) -> Self {
        let problem = Self::new(rejection.code(), rejection.text());
        match rejection {
            Rejection::MalformedRequest { errors } => problem.with("errors", errors),
            Rejection::HoldExists { reservation_id } => {
                problem.with("reservation_id", reservation_id)
            }
            Rejection::QueueNotOpen { opens_at } => problem.with("opens_at", WireTime(opens_at)),
            Rejection::SeatLimitExceeded { limit } => problem.with("limit", limit),
            Rejection::SeatTaken { seats } => problem.with("seats", seats),
            Rejection::AmountMismatch { expected } => problem.with("expected", expected),
            Rejection::InsufficientBalance { balance, required } => {
                problem.with("balance", balance).with("required", required)
            }
            _ => problem,
        }
    }
}

impl warp::Reply for Problem {
    /// Only carries the problem to the service, which writes it out.
    fn into_response(self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Language;
    use frontrow_core::Amount;

    fn context(language: Language) -> RequestContext {
        RequestContext { request_id: "r-1".into(), language }
    }

    #[test]
    fn every_edge_code_has_a_status_of_its_own_choice() {
        for &edge in EdgeCode::ALL {
            let is_bug = status_of(edge.code()) == StatusCode::INTERNAL_SERVER_ERROR;
            assert_eq!(is_bug, edge == EdgeCode::Internal, "{edge:?}");
        }
    }

    #[test]
    fn a_problem_has_all_members_in_the_language_of_the_request() {
        let rejection = Rejection::InsufficientBalance {
            balance: Amount::ZERO,
            required: Amount::new(154_000).unwrap(),
        };
        let body = Problem::from(rejection).body(&context(Language::Ko));
        let expected = serde_json::json!({
            "type": "/problems/insufficient_balance",
            "title": "Insufficient balance",
            "status": 402,
            "detail": "잔액이 부족합니다.",
            "code": "insufficient_balance",
            "request_id": "r-1",
            "balance": 0,
            "required": 154_000,
        });
        assert_eq!(Value::Object(body), expected);
    }

    #[test]
    fn headers_tell_what_to_do_next() {
        let context = context(Language::En);
        let bearer = Problem::unauthenticated().render(&context);
        assert_eq!(bearer.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_eq!(bearer.headers()[CONTENT_TYPE], PROBLEM_JSON);
        let queue = Problem::queue_token_missing().render(&context);
        assert_eq!(queue.headers()[WWW_AUTHENTICATE], "QueueToken");
        let busy = |millis| Problem::overloaded(Duration::from_millis(millis)).render(&context);
        assert_eq!(busy(7_300).headers()[RETRY_AFTER], "7");
        let busy = busy(12);
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
