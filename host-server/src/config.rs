//! What the command line and the environment say, and whether it makes sense. Nothing is started
//! here; how things are configured inside is each room's own.

mod arguments;
mod guarded;
#[cfg(test)]
mod tests;

pub use arguments::{
    Cli, Command, DatabaseArgs, PruneArgs, SeedArgs, ServeArgs, SimulateArgs, TokenArgs,
};
pub use guarded::{DatabaseUrl, Secret};

use http::HeaderValue;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// Bytes of a secret, at least.
pub const SECRET_BYTES_MIN: usize = 16;

/// Hours that the answer to an idempotency key is kept, at least: so long clients are promised.
pub const KEEP_KEYS_HOURS_MIN: u32 = 24;
/// Hours that the answer to an idempotency key is kept, unless something else is configured.
pub const KEEP_KEYS_HOURS_DEFAULT: u32 = 48;
/// Hours that the answer to an idempotency key is kept, at most: a year.
pub const KEEP_KEYS_HOURS_MAX: u32 = 8_760;

/// Days that the journal of a concert is kept after its last performance, unless something else is configured: a sale can
/// be looked into once the next year's has begun.
pub const KEEP_JOURNAL_DAYS_DEFAULT: u32 = 400;

/// Configuration that makes no sense, and what to set instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// Nothing to check bearer tokens with.
    #[error(
        "nothing to check bearer tokens with: set --auth-secret (FRONTROW_AUTH_SECRET) or --auth-key-file (FRONTROW_AUTH_KEY_FILE), or try --demo"
    )]
    NoAuth,
    /// Two ways to check bearer tokens.
    #[error("--auth-secret and --auth-key-file exclude each other: set one of them")]
    TwoAuths,
    /// A public key can't sign queue tokens.
    #[error(
        "--auth-key-file holds only a public key: set --queue-token-secret (FRONTROW_QUEUE_TOKEN_SECRET) too"
    )]
    NoQueueTokenSecret,
    /// Demo sessions need a key that signs.
    #[error(
        "--demo hands out tokens, which a public key can't sign: use --auth-secret, or nothing"
    )]
    DemoWithKeyFile,
    /// Replicas would make different random secrets.
    #[error("--demo with Postgres needs --auth-secret: replicas would make up different ones")]
    DemoWithoutSecret,
    /// Everybody could reach demo mode.
    #[error(
        "--demo lets anybody in, so {0} must be a loopback address, unless --demo-public is set"
    )]
    DemoReachable(SocketAddr),
    /// A secret that can be guessed.
    #[error("{0} must be at least {SECRET_BYTES_MIN} bytes long")]
    ShortSecret(&'static str),
    /// The same secret for two purposes.
    #[error("--queue-token-secret must differ from --auth-secret")]
    SameSecret,
    /// Not a currency.
    #[error("--currency must be three capital letters, such as KRW")]
    Currency,
    /// Not an origin.
    #[error("--cors-origin must be one origin without a path, such as https://tickets.example")]
    CorsOrigin,
    /// Not a database that we know.
    #[error("the database must be sqlite://FILE or postgres://…")]
    DatabaseUrl,
    /// A scope that nothing asks for.
    #[error("--scope must be `user`, `admin` or both, separated by a space")]
    Scope,
}

/// What bearer tokens are checked with and queue tokens are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthConfig {
    /// A shared secret; queue tokens have their own or one derived from it.
    Secret {
        /// Signs bearer tokens.
        secret: Secret,
        /// Signs queue tokens.
        queue_token_secret: Option<Secret>,
    },
    /// Somebody else signs bearer tokens.
    KeyFile {
        /// Their public key.
        path: PathBuf,
        /// Signs queue tokens.
        queue_token_secret: Secret,
    },
}

/// What `serve` runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeConfig {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where the rows are.
    pub database_url: DatabaseUrl,
    /// Whether to bring the database up to date first.
    pub migrate: bool,
    /// The keys.
    pub auth: AuthConfig,
    /// Whether this is a demo.
    pub demo: bool,
    /// The one origin whose pages may call.
    pub cors_origin: Option<HeaderValue>,
    /// Requests a second that one person may make; 0 for no limit.
    pub rate_limit: u32,
    /// How long the answer to an idempotency key is kept.
    pub key_kept: Duration,
    /// ISO 4217 code.
    pub currency: String,
    /// After which a request is given up.
    pub request_timeout: Duration,
    /// After which a shutdown waits no more.
    pub drain_timeout: Duration,
}

impl ServeArgs {
    /// Checks what the parser could not.
    pub fn validate(self) -> Result<ServeConfig, ConfigError> {
        let auth = self.auth()?;
        let is_local = self.listen.ip().to_canonical().is_loopback();
        if self.demo && !is_local && !self.demo_public {
            return Err(ConfigError::DemoReachable(self.listen));
        }
        let is_currency =
            self.currency.len() == 3 && self.currency.bytes().all(|c| c.is_ascii_uppercase());
        if !is_currency {
            return Err(ConfigError::Currency);
        }
        let cors_origin = self.cors_origin.filter(|origin| !origin.is_empty());
        Ok(ServeConfig {
            listen: self.listen,
            database_url: self.database.database_url,
            migrate: !self.no_migrate,
            auth,
            demo: self.demo,
            cors_origin: cors_origin.map(|origin| read_origin(&origin)).transpose()?,
            rate_limit: self.rate_limit,
            key_kept: Duration::from_hours(self.keep_keys_hours.into()),
            currency: self.currency,
            request_timeout: Duration::from_secs(self.request_timeout_seconds.into()),
            drain_timeout: Duration::from_secs(self.drain_timeout_seconds.into()),
        })
    }

    fn auth(&self) -> Result<AuthConfig, ConfigError> {
        let secret = long_enough(self.auth_secret.as_ref(), "--auth-secret")?;
        let queue_token_secret =
            long_enough(self.queue_token_secret.as_ref(), "--queue-token-secret")?;
        if secret.is_some() && secret == queue_token_secret {
            return Err(ConfigError::SameSecret);
        }
        match (secret, self.auth_key_file.clone()) {
            (Some(_), Some(_)) => Err(ConfigError::TwoAuths),
            (None, Some(_)) if self.demo => Err(ConfigError::DemoWithKeyFile),
            (None, Some(path)) => {
                let queue_token_secret =
                    queue_token_secret.ok_or(ConfigError::NoQueueTokenSecret)?;
                Ok(AuthConfig::KeyFile { path, queue_token_secret })
            }
            (Some(secret), None) => Ok(AuthConfig::Secret { secret, queue_token_secret }),
            (None, None) if !self.demo => Err(ConfigError::NoAuth),
            (None, None) if self.database.database_url.is_postgres() => {
                Err(ConfigError::DemoWithoutSecret)
            }
            (None, None) => Ok(AuthConfig::Secret { secret: Secret::random(), queue_token_secret }),
        }
    }
}

impl TokenArgs {
    /// Checks what the parser could not.
    pub fn validate(self) -> Result<Self, ConfigError> {
        if self.auth_secret.as_bytes().len() < SECRET_BYTES_MIN {
            return Err(ConfigError::ShortSecret("--auth-secret"));
        }
        let mut words = self.scope.split_ascii_whitespace().peekable();
        let is_known =
            words.peek().is_some() && words.all(|word| ["user", "admin"].contains(&word));
        if is_known { Ok(self) } else { Err(ConfigError::Scope) }
    }
}

/// The secret, if one is set. An empty one counts as none: so do scripts pass on what they lack.
fn long_enough(secret: Option<&Secret>, flag: &'static str) -> Result<Option<Secret>, ConfigError> {
    match secret.map(|secret| secret.as_bytes().len()) {
        None | Some(0) => Ok(None),
        Some(length) if length < SECRET_BYTES_MIN => Err(ConfigError::ShortSecret(flag)),
        Some(_) => Ok(secret.cloned()),
    }
}

/// `scheme://host[:port]`, as browsers send it.
fn read_origin(origin: &str) -> Result<HeaderValue, ConfigError> {
    let uri: http::Uri = origin.parse().map_err(|_| ConfigError::CorsOrigin)?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    // Browsers send it in lower case and without a slash, and it is compared letter by letter.
    let canonical = format!("{}://{authority}", uri.scheme_str().unwrap_or_default());
    if !is_web || authority.contains('@') || canonical.to_ascii_lowercase() != origin {
        return Err(ConfigError::CorsOrigin);
    }
    HeaderValue::from_str(origin).map_err(|_| ConfigError::CorsOrigin)
}
