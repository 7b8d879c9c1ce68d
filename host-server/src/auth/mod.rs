//! Who calls, with which place in line, and how often: the two kinds of token, the keys that prove them,
//! and the limit for each person.
//! Which of them an endpoint needs is the endpoint's to say.

pub mod bearer;
pub mod queue_token;
pub mod rate_limit;

pub use bearer::{BearerKeys, Caller, KeyFileError};
pub use queue_token::{QueueToken, QueueTokenKey};
pub use rate_limit::RateLimit;

use crate::config::{AuthConfig, Secret};
use crate::http::headers;
use crate::problem::Problem;
use frontrow_core::{Timestamp, UserId};
use http::HeaderMap;

/// The keys of this deployment.
#[derive(Debug)]
pub struct Auth {
    bearer: BearerKeys,
    queue: QueueTokenKey,
    minting: Option<Secret>,
    limit: RateLimit,
}

impl Auth {
    /// Reads the configured keys.
    pub fn new(config: &AuthConfig) -> Result<Self, KeyFileError> {
        let (bearer, queue, minting) = match config {
            AuthConfig::Secret { secret, queue_token_secret } => {
                let queue = queue_token_secret.as_ref().unwrap_or(secret);
                let queue = QueueTokenKey::derived_from(queue.as_bytes());
                (BearerKeys::from_secret(secret.as_bytes()), queue, Some(secret.clone()))
            }
            AuthConfig::KeyFile { path, queue_token_secret } => {
                let queue = QueueTokenKey::derived_from(queue_token_secret.as_bytes());
                (BearerKeys::from_file(path)?, queue, None)
            }
        };
        Ok(Self { bearer, queue, minting, limit: RateLimit::new(0) })
    }

    /// The same keys, with a limit for each person.
    #[must_use]
    pub fn limited(self, limit: RateLimit) -> Self {
        Self { limit, ..self }
    }

    /// The limit for each person.
    pub fn limit(&self) -> &RateLimit {
        &self.limit
    }

    /// The person behind the bearer token of a request: 401 `unauthenticated` without a good one, 429
    /// `rate_limited` if they ask too often.
    pub fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
        let caller = self.bearer.caller(headers, now)?;
        self.limit.take(caller.user_id)?;
        Ok(caller)
    }

    /// As [`queue_token`](Self::queue_token), of a request that has nothing else to tell who calls: 429
    /// `rate_limited` if they ask too often.
    pub fn holder(&self, headers: &HeaderMap) -> Result<QueueToken, Problem> {
        let token = self.queue_token(headers)?;
        self.limit.take(token.user_id)?;
        Ok(token)
    }

    /// The place in line behind the queue token of a request: 401 `queue_token_missing` or
    /// `queue_token_invalid` without a good one. Its state is not judged here.
    pub fn queue_token(&self, headers: &HeaderMap) -> Result<QueueToken, Problem> {
        let token = headers::queue_token(headers)?.ok_or_else(Problem::queue_token_missing)?;
        self.queue.verify(token)
    }

    /// Signs a queue token; the same place in line always gets the same one.
    pub fn sign_queue_token(&self, token: &QueueToken) -> String {
        self.queue.sign(token)
    }

    /// Signs a bearer token, or `None` where only a public key is known.
    pub fn mint(
        &self,
        user: UserId,
        scope: &str,
        now: Timestamp,
        ttl_seconds: u32,
    ) -> Option<String> {
        let secret = self.minting.as_ref()?;
        Some(bearer::mint(secret.as_bytes(), user, scope, now, ttl_seconds))
    }
}
