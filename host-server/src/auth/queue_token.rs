//! Queue tokens: which place in line. A token says who stands where and never changes; whether the
//! place is waiting, active or gone is the ticket's to say.
//!
//! A token is 89 bytes in base64url: a version, the ids of ticket, user and concert, the number of the ticket, and
//! the keyed BLAKE3 hash of those 57 bytes. They fit one block of it, so that checking a token, which every poll
//! does, takes a fraction of a microsecond, and needs no memory of tokens that were checked before.

use crate::problem::Problem;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use blake3::Hash;
use frontrow_core::{ConcertId, TicketId, UserId};
use std::fmt;
use uuid::Uuid;

/// The first byte of a token; another layout would have another one.
const VERSION: u8 = 1;
/// What the key is derived for, so that neither kind of token passes for the other where both have one secret.
const DERIVED_FOR: &str = "frontrow 2026-11-23 queue token v1";

/// Bytes of what a token says, and of all of it.
const CLAIMS_BYTES: usize = 1 + 3 * ID_BYTES + 8;
const TOKEN_BYTES: usize = CLAIMS_BYTES + blake3::OUT_LEN;
const ID_BYTES: usize = 16;

/// A place in a concert's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueToken {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Whose it is.
    pub user_id: UserId,
    /// The concert that it queues for.
    pub concert_id: ConcertId,
    /// The number of the ticket in that queue.
    pub number: u64,
}

impl QueueToken {
    fn to_bytes(self) -> [u8; CLAIMS_BYTES] {
        let Self { ticket_id, user_id, concert_id, number } = self;
        let mut claims = [VERSION; CLAIMS_BYTES];
        let (ids, last) = claims[1..].split_at_mut(3 * ID_BYTES);
        for (bytes, id) in
            ids.chunks_exact_mut(ID_BYTES).zip([ticket_id.0, user_id.0, concert_id.0])
        {
            bytes.copy_from_slice(id.as_bytes());
        }
        last.copy_from_slice(&number.to_be_bytes());
        claims
    }

    /// `None` of another version.
    fn from_bytes(claims: &[u8; CLAIMS_BYTES]) -> Option<Self> {
        let (version, claims) = claims.split_first()?;
        let (ids, number) = claims.split_at(3 * ID_BYTES);
        let mut ids = ids.chunks_exact(ID_BYTES).filter_map(|id| Uuid::from_slice(id).ok());
        let token = Self {
            ticket_id: TicketId(ids.next()?),
            user_id: UserId(ids.next()?),
            concert_id: ConcertId(ids.next()?),
            number: u64::from_be_bytes(number.try_into().ok()?),
        };
        (*version == VERSION).then_some(token)
    }
}

/// Signs and verifies queue tokens.
#[derive(Clone)]
pub struct QueueTokenKey([u8; blake3::KEY_LEN]);

impl fmt::Debug for QueueTokenKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("QueueTokenKey(***)")
    }
}

impl QueueTokenKey {
    /// With a key derived from a secret, which may be the one that signs bearer tokens.
    pub fn derived_from(secret: &[u8]) -> Self {
        Self(blake3::derive_key(DERIVED_FOR, secret))
    }

    /// The token of a place in line, always the same one.
    pub fn sign(&self, token: &QueueToken) -> String {
        let claims = token.to_bytes();
        let mut bytes = [0; TOKEN_BYTES];
        bytes[..CLAIMS_BYTES].copy_from_slice(&claims);
        bytes[CLAIMS_BYTES..].copy_from_slice(self.hash(&claims).as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place in line behind a token; 401 `queue_token_invalid` unless this key signed it.
    pub fn verify(&self, token: &str) -> Result<QueueToken, Problem> {
        self.signed(token).ok_or_else(Problem::queue_token_invalid)
    }

    fn signed(&self, token: &str) -> Option<QueueToken> {
        let mut bytes = [0; TOKEN_BYTES];
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).ok()?;
        let (claims, hash) = bytes[..length].split_first_chunk()?;
        // Hashes are compared in a time that tells nothing of them.
        let is_ours = self.hash(claims) == Hash::from_slice(hash).ok()?;
        QueueToken::from_bytes(claims).filter(|_| is_ours)
    }

    fn hash(&self, claims: &[u8; CLAIMS_BYTES]) -> Hash {
        blake3::keyed_hash(&self.0, claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::bearer::{self, BearerKeys};
    use frontrow_core::Timestamp;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_signed_token_comes_back_and_is_always_the_same(
            [ticket, user, concert] in any::<[u128; 3]>(),
            number: u64,
        ) {
            let token = QueueToken {
                ticket_id: TicketId(Uuid::from_u128(ticket)),
                user_id: UserId(Uuid::from_u128(user)),
                concert_id: ConcertId(Uuid::from_u128(concert)),
                number,
            };
            let key = QueueTokenKey::derived_from(SECRET);
            let signed = key.sign(&token);
            prop_assert_eq!(key.verify(&signed), Ok(token));
            prop_assert_eq!(QueueTokenKey::derived_from(SECRET).sign(&token), signed);
        }
    }

    /// People keep their tokens while the server is updated.
    #[test]
    fn a_token_of_this_version_stays_good() {
        let signed = QueueTokenKey::derived_from(SECRET).sign(&token());
        let expected = "AQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAAAA\
                        AAAAA___________SZ22w0xfshIRGCw3rERz5a3ExXQMS3NvoqEy0ujXjrQ";
        assert_eq!(signed, expected);
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_refused() {
        let key = QueueTokenKey::derived_from(SECRET);
        let signed = key.sign(&token());
        for at in 0..signed.len() {
            for byte in [b'A', b'B', b'_', b'=', b'.', b' ', 0] {
                let mut other = signed.clone().into_bytes();
                other[at] = byte;
                let other = String::from_utf8(other).unwrap();
                if other != signed {
                    assert_eq!(code(key.verify(&other)), "queue_token_invalid", "{other:?}");
                }
            }
            assert_eq!(code(key.verify(&signed[..at])), "queue_token_invalid", "{at}");
            assert_eq!(code(key.verify(&signed[at + 1..])), "queue_token_invalid", "{at}");
        }
        for rubbish in [format!("{signed}A"), format!("{signed}="), signed.repeat(2), "토큰".into()]
        {
            assert_eq!(code(key.verify(&rubbish)), "queue_token_invalid", "{rubbish:?}");
        }
    }

    #[test]
    fn a_token_of_another_key_or_another_version_is_refused() {
        let key = QueueTokenKey::derived_from(SECRET);
        let theirs = QueueTokenKey::derived_from(b"another secret entirely").sign(&token());
        assert_eq!(code(key.verify(&theirs)), "queue_token_invalid");

        let (mine, ahead) = (key.sign(&token()), key.sign(&QueueToken { number: 1, ..token() }));
        let bytes = |token: &str| BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
        let spliced = [&bytes(&ahead)[..CLAIMS_BYTES], &bytes(&mine)[CLAIMS_BYTES..]].concat();
        let spliced = BASE64_URL_SAFE_NO_PAD.encode(spliced);
        assert_eq!(code(key.verify(&spliced)), "queue_token_invalid");

        let mut claims = token().to_bytes();
        claims[0] = VERSION + 1;
        let later = [&claims[..], key.hash(&claims).as_bytes()].concat();
        let later = BASE64_URL_SAFE_NO_PAD.encode(later);
        assert_eq!(code(key.verify(&later)), "queue_token_invalid");
    }

    #[test]
    fn a_bearer_token_is_no_queue_token_and_the_reverse() {
        let bearer = bearer::mint(SECRET, token().user_id, "user admin", NOW, 60);
        let bearer_keys = BearerKeys::from_secret(SECRET);
        assert!(bearer_keys.verify(&bearer, NOW).is_some());
        // Even where the very same secret is configured for both.
        let key = QueueTokenKey::derived_from(SECRET);
        assert_eq!(code(key.verify(&bearer)), "queue_token_invalid");
        assert_eq!(bearer_keys.verify(&key.sign(&token()), NOW), None);
    }

    #[test]
    fn a_key_is_not_told() {
        let key = QueueTokenKey::derived_from(SECRET);
        assert_eq!(format!("{key:?}"), "QueueTokenKey(***)");
    }
}
