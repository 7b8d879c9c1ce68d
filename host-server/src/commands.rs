//! What each command of the binary does.

use crate::app::App;
use crate::audit;
use crate::auth::{Auth, KeyFileError, RateLimit, bearer};
use crate::clock::SystemClock;
use crate::config::{
    Cli, Command, ConfigError, DatabaseUrl, PruneArgs, SeedArgs, ServeArgs, ServeConfig,
    SimulateArgs, TokenArgs,
};
use crate::execute::{Executor, Limits};
use crate::http::endpoints::openapi;
use crate::http::service::{Drained, ServiceConfig};
use crate::logging::{self, LoggingError};
use crate::prune::{self, Pruned};
use crate::seed::{SeedError, SeedFile, ensure_demo};
use crate::server::{TimerMode, run as run_server, runtime};
use crate::simulate::{self, SimulateError};
use crate::store::{StoreError, open, open_existing};
use frontrow_core::audit::Report;
use frontrow_core::{Clock, UserId};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use uuid::Uuid;

/// Seconds that the admin token of a demo lives.
const DEMO_ADMIN_SECONDS: u32 = 86_400;

/// Why a command failed; one line each.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The configuration makes no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The log can't be written as asked.
    #[error(transparent)]
    Logging(#[from] LoggingError),
    /// The key file is no good.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The database can't be opened or used.
    #[error("the database can't be used: {0}")]
    Store(#[from] StoreError),
    /// Its schema is not this program's.
    #[error("the database is not up to date: run `frontrow migrate`, or leave out --no-migrate")]
    NotMigrated,
    /// The address can't be listened on.
    #[error("can't listen on {address}: {reason}")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// Why not.
        reason: io::Error,
    },
    /// Seeding came to nothing, or to a part.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// Nothing was simulated.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// The system refused something else.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> Result<ExitCode, CommandError> {
    logging::start(&cli.logging)?;
    runtime()?.block_on(async {
        match cli.command {
            Command::Serve(args) => serve(*args).await,
            Command::Migrate(args) => {
                let store = open(&args.database_url, None).await?;
                store.migrate().await?;
                store.close().await;
                Ok(ExitCode::SUCCESS)
            }
            Command::Token(args) => token(args),
            Command::Seed(args) => seed(args).await,
            Command::Verify(args) => verify(&args.database_url).await,
            Command::Prune(args) => prune(&args).await,
            Command::Simulate(args) => simulate(&args),
            Command::Openapi => {
                writeln!(io::stdout(), "{}", openapi::document_text())?;
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}

async fn serve(args: ServeArgs) -> Result<ExitCode, CommandError> {
    let config = args.validate()?;
    let auth = Auth::new(&config.auth)?.limited(RateLimit::new(config.rate_limit));
    let store = open(&config.database_url, None).await?;
    if config.migrate {
        store.migrate().await?;
    } else if !store.is_ready().await? {
        return Err(CommandError::NotMigrated);
    }
    let address = config.listen;
    let listening = |reason| CommandError::Listen { address, reason };
    let listener = TcpListener::bind(address).await.map_err(listening)?;
    let address = listener.local_addr()?;
    let ServeConfig { currency, demo, key_kept, .. } = config;
    let limits = Limits { key_kept, ..Limits::default() };
    let app = Arc::new(App::new(store, auth, currency, demo, limits));
    if demo {
        ensure_demo(app.store.as_ref(), &app.executor).await?;
    }
    let service = ServiceConfig {
        request_timeout: config.request_timeout,
        drain_timeout: config.drain_timeout,
        cors_origin: config.cors_origin,
    };
    let shutdown = shutdown()?;
    announce(&app, address)?;
    match run_server(app, listener, &service, TimerMode::Running, shutdown).await {
        Drained::Completely => tracing::info!("stopped"),
        Drained::CutShort(connections) => tracing::warn!(connections, "stopped, and cut some off"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says on standard output that it serves, and where.
fn announce(app: &App, address: SocketAddr) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    if app.demo {
        let operator = UserId(Uuid::now_v7());
        let token = app.auth.mint(operator, "user admin", app.store.now(), DEMO_ADMIN_SECONDS);
        if let Some(token) = token {
            writeln!(out, "admin token: {token}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Ends at SIGTERM or Ctrl-C.
fn shutdown() -> Result<impl Future<Output = ()>, CommandError> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("finishing what was accepted");
    })
}

fn token(args: TokenArgs) -> Result<ExitCode, CommandError> {
    let args = args.validate()?;
    let now = SystemClock.now();
    let secret = args.auth_secret.as_bytes();
    let token = bearer::mint(secret, UserId(args.sub), &args.scope, now, args.ttl_seconds);
    writeln!(io::stdout(), "{token}")?;
    Ok(ExitCode::SUCCESS)
}

async fn seed(args: SeedArgs) -> Result<ExitCode, CommandError> {
    let file = SeedFile::read(&args.file)?;
    let store = open(&args.database.database_url, None).await?;
    store.migrate().await?;
    let executor = Executor::start(&store, Vec::new(), Limits::default());
    let planted = file.plant(&executor, store.now()).await;
    executor.shut_down().await;
    store.close().await;
    let (concerts, schedules) = planted?;
    writeln!(io::stdout(), "created {concerts} concerts and {schedules} schedules")?;
    Ok(ExitCode::SUCCESS)
}

fn simulate(args: &SimulateArgs) -> Result<ExitCode, CommandError> {
    let ok = simulate::run(args)?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verify(url: &DatabaseUrl) -> Result<ExitCode, CommandError> {
    let store = open_existing(url).await?;
    if !store.is_ready().await? {
        return Err(CommandError::NotMigrated);
    }
    let report = audit::run(store.as_ref()).await?;
    store.close().await;
    print(&report)
}

async fn prune(args: &PruneArgs) -> Result<ExitCode, CommandError> {
    let store = open_existing(&args.database.database_url).await?;
    if !store.is_ready().await? {
        return Err(CommandError::NotMigrated);
    }
    let pruned = prune::run(store.as_ref(), args.keep_journal_days).await?;
    store.close().await;
    match pruned {
        Ok(Pruned { checkpoints, events, tickets }) => {
            let told = format!("{checkpoints} concerts, {events} events, {tickets} tickets");
            writeln!(io::stdout(), "pruned {told}")?;
            Ok(ExitCode::SUCCESS)
        }
        // Nothing was.
        Err(report) => print(&report),
    }
}

fn print(report: &Report) -> Result<ExitCode, CommandError> {
    let mut out = io::stdout().lock();
    for check in &report.checks {
        let verdict = if check.ok { "ok" } else { "BROKEN" };
        writeln!(out, "{verdict:6} {} ({} checked)", check.invariant, check.checked)?;
        for violation in &check.violations {
            writeln!(out, "       {violation}")?;
        }
    }
    writeln!(out, "{} events in the journal", report.events)?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
