//! Queue tokens: which place in line. A token says who stands where and never changes; whether the
//! place is waiting, active or gone is the ticket's to say.

use crate::problem::Problem;
use frontrow_core::{ConcertId, TicketId, UserId};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The `typ` of a queue token. A bearer token with it is refused, and a queue token without it.
pub const TYPE: &str = "frontrow-queue+jwt";

/// What the key is derived for; another version of the tokens would say another one.
const DERIVED_FOR: &[u8] = b"frontrow queue token v1";

/// A place in a concert's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueToken {
    /// The ticket.
    #[serde(rename = "tid")]
    pub ticket_id: TicketId,
    /// Whose it is.
    #[serde(rename = "sub")]
    pub user_id: UserId,
    /// The concert that it queues for.
    #[serde(rename = "cid")]
    pub concert_id: ConcertId,
    /// The number of the ticket in that queue.
    #[serde(rename = "num")]
    pub number: u64,
}

/// Tokens that are remembered once they were verified, at most. Each takes some 500 bytes.
const REMEMBERED_MAX: usize = 65_536;

/// Signs and verifies queue tokens.
#[derive(Debug)]
pub struct QueueTokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    header: Header,
    validation: Validation,
    /// Tokens that this key signed, whole, since they come again with every poll. What a token says never changes,
    /// and it has no end.
    verified: Cache<Box<str>, QueueToken>,
}

impl QueueTokenKey {
    /// With a secret of its own.
    pub fn new(secret: &[u8]) -> Self {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        let mut validation = Validation::new(Algorithm::HS256);
        // A queue token has no end of its own: its ticket's state decides.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            header,
            validation,
            verified: Cache::new(REMEMBERED_MAX),
        }
    }

    /// With a secret derived from the one that signs bearer tokens, so that neither kind of token
    /// passes for the other.
    pub fn derived_from(auth_secret: &[u8]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(auth_secret).expect("HMAC takes any key");
        mac.update(DERIVED_FOR);
        Self::new(&mac.finalize().into_bytes())
    }

    /// The token of a place in line, always the same one.
    pub fn sign(&self, token: &QueueToken) -> String {
        jsonwebtoken::encode(&self.header, token, &self.encoding)
            .expect("ids and a number can be written as JSON, and any secret can sign")
    }

    /// The place in line behind a token; 401 `queue_token_invalid` unless this key signed it.
    pub fn verify(&self, token: &str) -> Result<QueueToken, Problem> {
        if let Some(known) = self.verified.get(token) {
            return Ok(known);
        }
        let decoded = jsonwebtoken::decode::<QueueToken>(token, &self.decoding, &self.validation);
        match decoded {
            Ok(data) if data.header.typ.as_deref() == Some(TYPE) => {
                self.verified.insert(token.into(), data.claims);
                Ok(data.claims)
            }
            _ => Err(Problem::queue_token_invalid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::bearer::{self, BearerKeys};
    use frontrow_core::Timestamp;
    use uuid::Uuid;

    const SECRET: &[u8] = b"a secret for tests only";
    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn token() -> QueueToken {
        QueueToken {
            ticket_id: TicketId(Uuid::from_u128(1)),
            user_id: UserId(Uuid::from_u128(2)),
            concert_id: ConcertId(Uuid::from_u128(3)),
            number: u64::MAX,
        }
    }

    fn code(result: Result<QueueToken, Problem>) -> &'static str {
        result.unwrap_err().code
    }

    #[test]
    fn a_signed_token_comes_back_and_is_always_the_same() {
        let key = QueueTokenKey::derived_from(SECRET);
        let signed = key.sign(&token());
        assert_eq!(key.verify(&signed), Ok(token()));
        assert_eq!(QueueTokenKey::derived_from(SECRET).sign(&token()), signed);
    }

    #[test]
    fn a_remembered_token_answers_for_itself_alone() {
        let key = QueueTokenKey::derived_from(SECRET);
        let signed = key.sign(&token());
        for _ in 0..2 {
            assert_eq!(key.verify(&signed), Ok(token()));
            // Every other token is judged by itself: with another byte anywhere, less of them, or more.
            for at in 0..signed.len() {
                let mut other = signed.clone().into_bytes();
                other[at] = if other[at] == b'A' { b'B' } else { b'A' };
                let other = String::from_utf8(other).unwrap();
                let fresh = QueueTokenKey::derived_from(SECRET).verify(&other);
                assert_eq!(key.verify(&other), fresh, "byte {at}");
                assert_eq!(code(key.verify(&signed[..at])), "queue_token_invalid");
            }
            assert_eq!(code(key.verify(&format!("{signed}A"))), "queue_token_invalid");
        }
        // Another key remembers nothing of it.
        let other_key = QueueTokenKey::derived_from(b"another secret entirely");
        assert_eq!(code(other_key.verify(&signed)), "queue_token_invalid");
    }

    #[test]
    fn no_more_tokens_are_remembered_than_there_is_room_for() {
        let key = QueueTokenKey { verified: Cache::new(10), ..QueueTokenKey::derived_from(SECRET) };
        for number in 0..100 {
            let token = QueueToken { number, ..token() };
            assert_eq!(key.verify(&key.sign(&token)), Ok(token));
            assert_eq!(code(key.verify(&format!("{}A", key.sign(&token)))), "queue_token_invalid");
        }
        assert!(key.verified.len() <= 10);
    }

    #[test]
    fn a_forged_token_is_refused() {
        let key = QueueTokenKey::derived_from(SECRET);
        let theirs = QueueTokenKey::derived_from(b"another secret entirely").sign(&token());
        assert_eq!(code(key.verify(&theirs)), "queue_token_invalid");
        assert_eq!(
            code(key.verify(&QueueTokenKey::new(SECRET).sign(&token()))),
            "queue_token_invalid"
        );

        let ahead = QueueToken { number: 1, ..token() };
        let (mine, better) = (key.sign(&token()), key.sign(&ahead));
        let parts: Vec<_> = mine.split('.').collect();
        let claims = better.split('.').nth(1).unwrap();
        let spliced = format!("{}.{claims}.{}", parts[0], parts[2]);
        assert_eq!(code(key.verify(&spliced)), "queue_token_invalid");
        for rubbish in ["", ".", "..", "a.b.c", &mine[1..], &format!("{mine}.x")] {
            assert_eq!(code(key.verify(rubbish)), "queue_token_invalid", "{rubbish:?}");
        }
    }

    #[test]
    fn a_bearer_token_is_no_queue_token_and_the_reverse() {
        let bearer = bearer::mint(SECRET, token().user_id, "user admin", NOW, 60);
        let bearer_keys = BearerKeys::from_secret(SECRET);
        assert!(bearer_keys.verify(&bearer, NOW).is_some());
        // Even where the very same secret is configured for both.
        for key in [QueueTokenKey::derived_from(SECRET), QueueTokenKey::new(SECRET)] {
            assert_eq!(code(key.verify(&bearer)), "queue_token_invalid");
            assert_eq!(bearer_keys.verify(&key.sign(&token()), NOW), None);
        }
        let key = QueueTokenKey::new(SECRET);
        let untyped =
            jsonwebtoken::encode(&Header::default(), &token(), &EncodingKey::from_secret(SECRET));
        assert_eq!(code(key.verify(&untyped.unwrap())), "queue_token_invalid");
    }
}
