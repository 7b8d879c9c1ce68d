//! Bearer tokens: who calls, and the keys that prove it. What a caller may do is asked by the
//! endpoints.

use crate::problem::Problem;
use frontrow_core::{Timestamp, UserId};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::path::Path;
use thiserror::Error;
use uuid::Uuid;

/// The person who calls, as their bearer token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Their id, claim `sub`.
    pub user_id: UserId,
    user: bool,
    admin: bool,
}

impl Caller {
    /// Whether scope `user` was granted.
    pub const fn is_user(&self) -> bool {
        self.user
    }

    /// Whether scope `admin` was granted.
    pub const fn is_admin(&self) -> bool {
        self.admin
    }

    /// 403 `forbidden` without scope `user`.
    pub fn require_user(&self) -> Result<(), Problem> {
        if self.user { Ok(()) } else { Err(Problem::forbidden()) }
    }

    /// 403 `forbidden` without scope `admin`.
    pub fn require_admin(&self) -> Result<(), Problem> {
        if self.admin { Ok(()) } else { Err(Problem::forbidden()) }
    }

    /// 403 `forbidden` unless the caller is that user, or an admin.
    pub fn require_self_or_admin(&self, user_id: UserId) -> Result<(), Problem> {
        let is_self = self.user && self.user_id == user_id;
        if is_self || self.admin { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// Why a key file can't be used.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It can't be read.
    #[error("the key file {path} can't be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why not.
        reason: std::io::Error,
    },
    /// It holds a private key, which has no business on this server.
    #[error("the key file holds a private key: give the public one")]
    Private,
    /// It is neither a public key in PEM nor a JWKS document.
    #[error("the key file is neither a public key in PEM (RSA, P-256, P-384, Ed25519) nor a JWKS")]
    Unknown,
    /// A JWKS document in which no key can check a signature.
    #[error("the key file has no public key for RS, PS, ES or EdDSA signatures")]
    Empty,
}

/// One key and the only algorithm that it is used with.
#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    decoding: DecodingKey,
    algorithm: Algorithm,
}

/// The keys that bearer tokens are checked with.
///
/// The algorithm always comes from the key, never from the token, so neither `alg: none` nor a
/// public key taken for a shared secret gets through.
#[derive(Debug, Clone)]
pub struct BearerKeys {
    keys: Vec<Key>,
}

/// What is read from a bearer token; other claims are ignored.
#[derive(Deserialize)]
struct Claims {
    sub: Uuid,
    exp: serde_json::Number,
    nbf: Option<serde_json::Number>,
    #[serde(default)]
    scope: String,
}

impl BearerKeys {
    /// HS256 with a shared secret.
    pub fn from_secret(secret: &[u8]) -> Self {
        let decoding = DecodingKey::from_secret(secret);
        Self { keys: vec![Key { id: None, decoding, algorithm: Algorithm::HS256 }] }
    }

    /// A public key in PEM, or a JWKS document.
    pub fn from_file(path: &Path) -> Result<Self, KeyFileError> {
        let text = std::fs::read_to_string(path).map_err(|reason| KeyFileError::Unreadable {
            path: path.display().to_string(),
            reason,
        })?;
        Self::from_text(&text)
    }

    /// What a key file says.
    pub fn from_text(text: &str) -> Result<Self, KeyFileError> {
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyFileError::Private);
        }
        if text.contains("PUBLIC KEY-----") {
            return Ok(Self { keys: vec![key_from_pem(text.as_bytes())?] });
        }
        let set: JwkSet = serde_json::from_str(text).map_err(|_| KeyFileError::Unknown)?;
        let keys: Vec<Key> = set.keys.iter().filter_map(key_from_jwk).collect();
        if keys.is_empty() { Err(KeyFileError::Empty) } else { Ok(Self { keys }) }
    }

    /// Who sent these headers; 401 `unauthenticated` without a good bearer token.
    pub fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(Problem::unauthenticated());
        };
        let token = value.to_str().ok().and_then(|value| value.split_once(' '));
        token
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .and_then(|(_, token)| self.verify(token.trim(), now))
            .ok_or_else(Problem::unauthenticated)
    }

    /// Who signed in with this token, if it is good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Caller> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.crit.is_some() {
            return None;
        }
        let fits = |key: &&Key| match (&key.id, &header.kid) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        let claims = self.keys.iter().filter(fits).find_map(|key| signed_claims(token, key))?;
        is_current(&claims, now).then(|| {
            let has = |wanted| claims.scope.split_ascii_whitespace().any(|scope| scope == wanted);
            Caller { user_id: UserId(claims.sub), user: has("user"), admin: has("admin") }
        })
    }
}

/// The claims, if `key` signed them.
fn signed_claims(token: &str, key: &Key) -> Option<Claims> {
    let mut validation = Validation::new(key.algorithm);
    // Time is judged by the given clock. The library looks at the machine's, with a minute's grace.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Some(jsonwebtoken::decode(token, &key.decoding, &validation).ok()?.claims)
}

fn is_current(claims: &Claims, now: Timestamp) -> bool {
    let lives = numeric_date(&claims.exp).is_some_and(|exp| now < exp);
    let started = match &claims.nbf {
        Some(nbf) => numeric_date(nbf).is_some_and(|nbf| nbf <= now),
        None => true,
    };
    lives && started
}

/// Seconds since 1970, perhaps with a fraction, which is dropped.
fn numeric_date(seconds: &serde_json::Number) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "a cast of floats stops at the ends")]
    let whole = seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds as i64))?;
    Some(Timestamp::from_millis(whole.saturating_mul(1_000)))
}

fn key_from_pem(pem: &[u8]) -> Result<Key, KeyFileError> {
    let rsa = || DecodingKey::from_rsa_pem(pem).map(|key| (key, Algorithm::RS256));
    let ed = || DecodingKey::from_ed_pem(pem).map(|key| (key, Algorithm::EdDSA));
    let ec = || {
        let key = DecodingKey::from_ec_pem(pem)?;
        // An uncompressed point of P-384 is 97 bytes, one of P-256 is 65.
        let is_384 = key.try_get_as_bytes()?.len() == 97;
        Ok((key, if is_384 { Algorithm::ES384 } else { Algorithm::ES256 }))
    };
    let (decoding, algorithm) = ec()
        .or_else(|_: jsonwebtoken::errors::Error| ed())
        .or_else(|_| rsa())
        .map_err(|_| KeyFileError::Unknown)?;
    let key = Key { id: None, decoding, algorithm };
    if is_usable(&key) { Ok(key) } else { Err(KeyFileError::Unknown) }
}

/// A key of a JWKS document, unless it is for something else, secret or of a kind we don't know.
fn key_from_jwk(jwk: &Jwk) -> Option<Key> {
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let by_kind = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => {
            Algorithm::ES384
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        _ => return None,
    };
    let algorithm = match jwk.common.key_algorithm {
        Some(named) => named.to_string().parse().ok()?,
        None => by_kind,
    };
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    let key = Key { id: jwk.common.key_id.clone(), decoding, algorithm };
    (algorithm.family() == by_kind.family() && is_usable(&key)).then_some(key)
}

/// Whether signatures can be checked with the key at all; a point off its curve shows only then.
fn is_usable(key: &Key) -> bool {
    jsonwebtoken::crypto::verify("", b"", &key.decoding, key.algorithm).is_ok()
}

/// Signs a bearer token that ends `ttl_seconds` after `now`.
pub fn mint(secret: &[u8], user: UserId, scope: &str, now: Timestamp, ttl_seconds: u32) -> String {
    #[derive(Serialize)]
    struct Minted<'a> {
        sub: Uuid,
        scope: &'a str,
        iat: i64,
        exp: i64,
    }
    let iat = now.as_millis().div_euclid(1_000);
    let claims = Minted { sub: user.0, scope, iat, exp: iat + i64::from(ttl_seconds) };
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(secret))
        .expect("numbers and strings can be written as JSON, and any secret can sign")
}

#[cfg(test)]
mod tests;
