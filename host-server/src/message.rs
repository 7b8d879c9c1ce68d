//! The words that people read about requests that never reached the rules, in Korean and English,
//! and the choice of language. The words of the rules' own refusals are in `frontrow_core`; status
//! codes are in `problem`.

pub use frontrow_core::Language;
use frontrow_core::Rejection;
pub use frontrow_core::message::Text;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

macro_rules! edge_codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $text:expr;)*) => {
        /// Every problem that the edge of the server finds by itself, without asking the rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EdgeCode {
            $($(#[$doc])* $name,)*
        }

        impl EdgeCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name of the problem, as clients see it.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What to tell a person.
            pub fn text(self) -> Text {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

const fn text(ko: &'static str, en: &'static str) -> Text {
    Text { ko, en }
}

edge_codes! {
    /// The request can't be read, or a field is out of its bounds.
    MalformedRequest "malformed_request" Rejection::MalformedRequest { errors: Vec::new() }.text();
    /// No bearer token, or a bad one.
    Unauthenticated "unauthenticated" text(
        "로그인이 필요합니다.",
        "Please sign in first.",
    );
    /// The caller may not do this.
    Forbidden "forbidden" text(
        "이 작업을 할 권한이 없습니다.",
        "You are not allowed to do this.",
    );
    /// A queue token is needed and none came.
    QueueTokenMissing "queue_token_missing" text(
        "대기열 토큰이 없습니다. 먼저 대기열에 들어가 주세요.",
        "There is no queue token. Please join the queue first.",
    );
    /// The queue token is forged, malformed or another person's.
    QueueTokenInvalid "queue_token_invalid" Rejection::QueueTokenInvalid.text();
    /// An `Idempotency-Key` is needed and none came.
    IdempotencyKeyMissing "idempotency_key_missing" text(
        "Idempotency-Key 헤더가 필요합니다.",
        "The Idempotency-Key header is needed.",
    );
    /// The key was used with another request.
    IdempotencyKeyReused "idempotency_key_reused" text(
        "이 Idempotency-Key는 이미 다른 요청에 사용되었습니다.",
        "This Idempotency-Key was already used with another request.",
    );
    /// The key's first request takes too long.
    IdempotencyInFlight "idempotency_in_flight" text(
        "같은 요청을 아직 처리하고 있습니다. 잠시 후 다시 시도해주세요.",
        "The same request is still being processed. Please try again in a moment.",
    );
    /// The body is larger than its limit.
    PayloadTooLarge "payload_too_large" text(
        "요청 본문이 너무 큽니다.",
        "The request body is too large.",
    );
    /// The body is not plain JSON.
    UnsupportedMediaType "unsupported_media_type" text(
        "요청 본문은 application/json 형식이어야 합니다.",
        "The request body must be application/json.",
    );
    /// No such path.
    NotFound "not_found" text(
        "요청하신 주소를 찾을 수 없습니다.",
        "There is nothing at this address.",
    );
    /// The path exists, the method does not.
    MethodNotAllowed "method_not_allowed" text(
        "이 주소에서 지원하지 않는 메서드입니다.",
        "This address does not support that method.",
    );
    /// The caller asks too often.
    RateLimited "rate_limited" text(
        "요청이 너무 많습니다. 잠시 후 다시 시도해주세요.",
        "Too many requests. Please try again in a moment.",
    );
    /// Too much waits already.
    Overloaded "overloaded" text(
        "지금 접속이 많습니다. 잠시 후 다시 시도해주세요.",
        "The service is very busy right now. Please try again in a moment.",
    );
    /// The database can't be reached or did not answer.
    StorageUnavailable "storage_unavailable" text(
        "일시적으로 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해주세요.",
        "The service is temporarily unavailable. Please try again in a moment.",
    );
    /// A charge failed in the database.
    ChargeFailed "charge_failed" text(
        "충전 중 오류가 발생했습니다. 다시 시도해주세요.",
        "The charge failed. Please try again.",
    );
    /// The answer took too long.
    RequestTimeout "request_timeout" text(
        "요청 처리 시간이 초과되었습니다. 다시 시도해주세요.",
        "The request took too long. Please try again.",
    );
    /// A bug.
    Internal "internal" text(
        "예상하지 못한 오류가 발생했습니다.",
        "Something went wrong on our side.",
    );
}

/// The name of `language` in `Content-Language`.
pub const fn tag(language: Language) -> &'static str {
    match language {
        Language::Ko => "ko",
        Language::En => "en",
    }
}

/// The language that the caller prefers among those we have, by `Accept-Language` (RFC 9110,
/// section 12.5.4). English where the header is absent, unreadable or wants neither.
pub fn preferred_language(headers: &HeaderMap) -> Language {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter();
    let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
    let (mut ko, mut en, mut any) = (None, None, None);
    let mut ko_first = false;
    for (language, quality) in ranges.filter_map(read_range) {
        let primary = language.split('-').next().unwrap_or_default();
        let (slot, is_ko) = match primary {
            _ if primary.eq_ignore_ascii_case("ko") => (&mut ko, true),
            _ if primary.eq_ignore_ascii_case("en") => (&mut en, false),
            "*" => (&mut any, false),
            _ => continue,
        };
        // `en-GB;q=0.4, en;q=0.8` means 0.8 for what we have.
        *slot = (*slot).max(Some(quality));
        ko_first |= is_ko && en.is_none();
    }
    let ko_listed = ko.is_some();
    let (ko, en) = (ko.or(any).unwrap_or(0), en.or(any).unwrap_or(0));
    if ko > en || (ko == en && ko > 0 && ko_listed && ko_first) {
        Language::Ko
    } else {
        Language::En
    }
}

/// One `language;q=0.5` of the list, with its quality in thousandths.
fn read_range(range: &str) -> Option<(&str, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let language = parts.next().filter(|language| !language.is_empty())?;
    for parameter in parts {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("q")
        {
            return Some((language, read_quality(value.trim())?));
        }
    }
    Some((language, 1_000))
}

/// `0`, `0.5`, `0.123`, `1`, `1.000`, in thousandths.
fn read_quality(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let whole: u16 = whole.parse().ok()?;
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    Some(whole * 1_000 + thousandths).filter(|_| whole <= 1).filter(|quality| *quality <= 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use std::collections::HashSet;

    fn chosen(value: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap());
        preferred_language(&headers)
    }

    #[test]
    fn the_language_with_the_higher_quality_is_chosen() {
        assert_eq!(chosen("ko"), Language::Ko);
        assert_eq!(chosen("KO-kr"), Language::Ko);
        assert_eq!(chosen("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), Language::Ko);
        assert_eq!(chosen("en-US,en;q=0.9,ko;q=0.8"), Language::En);
        assert_eq!(chosen("en;q=0.3, fr, ko;q=0.301"), Language::Ko);
        assert_eq!(chosen("en ; q = 0.5 , ko ; q = 0.6"), Language::Ko);
    }

    #[test]
    fn of_equal_languages_the_first_is_chosen() {
        assert_eq!(chosen("ko, en"), Language::Ko);
        assert_eq!(chosen("en, ko"), Language::En);
    }

    #[test]
    fn a_wildcard_stands_for_what_is_not_listed() {
        assert_eq!(chosen("*"), Language::En);
        assert_eq!(chosen("ko, *;q=0.1"), Language::Ko);
        assert_eq!(chosen("en;q=0, *"), Language::Ko);
        assert_eq!(chosen("ko, *"), Language::Ko);
    }

    #[test]
    fn english_is_the_default() {
        assert_eq!(preferred_language(&HeaderMap::new()), Language::En);
        for value in ["", "fr", "ko;q=0", "ko;q=2", "ko;q=x", "korean", "ko;q=0.5555", ",,;"] {
            assert_eq!(chosen(value), Language::En, "{value:?}");
        }
    }

    #[test]
    fn what_the_rules_can_say_too_has_their_name() {
        let malformed = Rejection::MalformedRequest { errors: Vec::new() };
        assert_eq!(EdgeCode::MalformedRequest.code(), malformed.code());
        assert_eq!(EdgeCode::QueueTokenInvalid.code(), Rejection::QueueTokenInvalid.code());
    }

    #[test]
    fn every_code_is_listed_once_and_has_both_texts() {
        let codes: HashSet<_> = EdgeCode::ALL.iter().map(|edge| edge.code()).collect();
        assert_eq!(codes.len(), EdgeCode::ALL.len());
        for edge in EdgeCode::ALL {
            let text = edge.text();
            assert!(text.en.is_ascii() && text.en.ends_with('.'), "{edge:?}");
            assert!(!text.ko.is_ascii() && text.ko.ends_with('.'), "{edge:?}");
        }
    }
}
