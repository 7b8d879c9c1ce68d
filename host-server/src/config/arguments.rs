//! What may be said on the command line and in the environment. Whether it makes sense together is judged
//! in the room above.

use super::KEEP_JOURNAL_DAYS_DEFAULT;
use super::guarded::{DatabaseUrl, Secret};
use super::{KEEP_KEYS_HOURS_DEFAULT, KEEP_KEYS_HOURS_MAX, KEEP_KEYS_HOURS_MIN};
use crate::logging::LogArgs;
use crate::simulate::Vary;
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use frontrow_core::policy::{KEEP_JOURNAL_DAYS_MAX, KEEP_JOURNAL_DAYS_MIN};
use std::net::SocketAddr;
use std::path::PathBuf;
use uuid::Uuid;

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
    /// Deletes the journal and the tickets of concerts that are history, behind a checkpoint that verify goes on from
    Prune(PruneArgs),
    /// Simulates a sale from a JSON scenario and prints what came of it
    Simulate(SimulateArgs),
    /// Prints the OpenAPI document
    Openapi,
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
    /// Requests a second that one person may make, and as many at once; 0 for no limit
    #[arg(
        long,
        env = "FRONTROW_RATE_LIMIT",
        default_value_t = 50,
        value_parser = clap::value_parser!(u32).range(0..=1_000_000),
        value_name = "REQUESTS"
    )]
    pub rate_limit: u32,
    /// Hours that the answer to an `Idempotency-Key` is kept; sent again later, it acts anew
    #[arg(
        long,
        env = "FRONTROW_KEEP_KEYS_HOURS",
        default_value_t = KEEP_KEYS_HOURS_DEFAULT,
        value_parser = clap::value_parser!(u32)
            .range(i64::from(KEEP_KEYS_HOURS_MIN)..=i64::from(KEEP_KEYS_HOURS_MAX)),
        value_name = "HOURS"
    )]
    pub keep_keys_hours: u32,
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

/// What `prune` takes.
#[derive(Debug, Clone, Args)]
pub struct PruneArgs {
    /// The database.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Days that they are kept after the last performance
    #[arg(
        long,
        env = "FRONTROW_KEEP_JOURNAL_DAYS",
        default_value_t = KEEP_JOURNAL_DAYS_DEFAULT,
        value_parser = clap::value_parser!(u32)
            .range(i64::from(KEEP_JOURNAL_DAYS_MIN)..=i64::from(KEEP_JOURNAL_DAYS_MAX)),
        value_name = "DAYS"
    )]
    pub keep_journal_days: u32,
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
