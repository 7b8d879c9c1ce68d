//! What the command line and the environment say, and whether it makes sense. Nothing is started
//! here; how things are configured inside is each room's own.

use crate::logging::LogArgs;
use crate::simulate::Vary;
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use http::HeaderValue;
use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;
use uuid::Uuid;

/// Bytes of a secret, at least.
pub const SECRET_BYTES_MIN: usize = 16;

/// Sells seats for concerts that everybody wants at the same second.
#[derive(Debug, Parser)]
#[command(name = "frontrow", version, about)]
pub struct Cli {
    /// The log.
    #[command(flatten)]
    pub logging: LogArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the server
    Serve(Box<ServeArgs>),
    /// Brings the database up to date
    Migrate(DatabaseArgs),
    /// Prints a bearer token
    Token(TokenArgs),
    /// Creates concerts and schedules from a JSON file
    Seed(SeedArgs),
    /// Replays the journal against the rows and checks every invariant
    Verify(DatabaseArgs),
    /// Simulates a sale from a JSON scenario and prints what came of it
    Simulate(SimulateArgs),
}

/// Where the rows are.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// The database: `sqlite://FILE` or `postgres://…`
    #[arg(
        long,
        env = "FRONTROW_DATABASE_URL",
        default_value = "sqlite://frontrow.db",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: DatabaseUrl,
}

/// What `serve` takes.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, env = "FRONTROW_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// The database.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Refuse to start on a database that is not up to date, instead of migrating it
    #[arg(long, env = "FRONTROW_NO_MIGRATE", value_parser = FalseyValueParser::new())]
    pub no_migrate: bool,
    /// Secret that signs bearer tokens (HS256), at least 16 bytes
    #[arg(long, env = "FRONTROW_AUTH_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub auth_secret: Option<Secret>,
    /// Public key (PEM) or JWKS file that bearer tokens are checked with, instead of a secret
    #[arg(long, env = "FRONTROW_AUTH_KEY_FILE", value_name = "FILE")]
    pub auth_key_file: Option<PathBuf>,
    /// Secret that signs queue tokens; derived from the auth secret when left out
    #[arg(
        long,
        env = "FRONTROW_QUEUE_TOKEN_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub queue_token_secret: Option<Secret>,
    /// Demo mode: a demo concert, sessions for everybody, a random secret when none is given
    #[arg(long, env = "FRONTROW_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
    /// Let demo mode listen on an address that others can reach
    #[arg(long, env = "FRONTROW_DEMO_PUBLIC", value_parser = FalseyValueParser::new())]
    pub demo_public: bool,
    /// The one origin whose pages may call this server, such as `https://tickets.example`
    #[arg(long, env = "FRONTROW_CORS_ORIGIN", value_name = "ORIGIN")]
    pub cors_origin: Option<String>,
    /// ISO 4217 code of the currency of all amounts
    #[arg(long, env = "FRONTROW_CURRENCY", default_value = "KRW", value_name = "CODE")]
    pub currency: String,
    /// Seconds after which a request is answered with `request_timeout`
    #[arg(
        long,
        env = "FRONTROW_REQUEST_TIMEOUT_SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=3_600),
        value_name = "SECONDS"
    )]
    pub request_timeout_seconds: u32,
    /// Seconds that a shutdown waits for what was accepted
    #[arg(
        long,
        env = "FRONTROW_DRAIN_TIMEOUT_SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=3_600),
        value_name = "SECONDS"
    )]
    pub drain_timeout_seconds: u32,
}

/// What `token` takes.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// Secret that signs bearer tokens; the server must know the same one
    #[arg(long, env = "FRONTROW_AUTH_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub auth_secret: Secret,
    /// User id
    #[arg(long, value_name = "UUID")]
    pub sub: Uuid,
    /// What the user may do: `user`, `admin`, or both
    #[arg(long, default_value = "user")]
    pub scope: String,
    /// Seconds that the token lives
    #[arg(
        long,
        default_value_t = 3_600,
        value_parser = clap::value_parser!(u32).range(1..),
        value_name = "SECONDS"
    )]
    pub ttl_seconds: u32,
}

/// What `seed` takes.
#[derive(Debug, Clone, Args)]
pub struct SeedArgs {
    /// JSON file with concerts and their schedules
    pub file: PathBuf,
    /// The database.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// What `simulate` takes.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// JSON file with the scenario
    pub file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Simulate once for each value of a field, such as `admission.batch_size=50,100,200`
    #[arg(long, value_name = "PATH=a,b,c")]
    pub vary: Option<Vary>,
}

/// A word that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// A new one, of 256 random bits.
    pub fn random() -> Self {
        let (first, last): (u128, u128) = rand::random();
        Self(format!("{first:032x}{last:032x}"))
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The address of a database. It may hold a password, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a Postgres, which other replicas may share; else it is a file of its own.
    pub fn is_postgres(&self) -> bool {
        !self.0.starts_with("sqlite:")
    }
}

impl FromStr for DatabaseUrl {
    type Err = ConfigError;

    fn from_str(url: &str) -> Result<Self, ConfigError> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if known.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme)) {
            Ok(Self(url.to_owned()))
        } else {
            Err(ConfigError::DatabaseUrl)
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_postgres() {
            "DatabaseUrl(postgres…)"
        } else {
            "DatabaseUrl(sqlite…)"
        })
    }
}

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

#[cfg(test)]
mod tests;
