//! Opening a database file: one connection that writes, a few that read.

use super::super::StoreError;
use super::error::{is_busy, is_not_a_database, store_error};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// Connections that read.
const READERS_MAX: u32 = 4;
/// How long a statement waits for a lock that another process has.
const BUSY_SECONDS_MAX: u64 = 10;
/// How long a transaction waits for its turn at the one connection that writes, and a read for one of
/// those that read.
const ACQUIRE_SECONDS_MAX: u64 = 30;
/// How often the switch to WAL, which does not wait for locks by itself, is tried.
const OPEN_ATTEMPTS_MAX: u32 = 50;
const OPEN_RETRY_MILLIS: u64 = 20;

/// The connections to one file.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    /// The only connection that writes.
    pub writer: SqlitePool,
    /// Connections that can only read.
    pub readers: SqlitePool,
}

/// What becomes of a file that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    IsMade,
    IsRefused,
}

pub(super) async fn open(url: &str, missing: Missing) -> Result<Pools, StoreError> {
    let options = options(url)?;
    let writer = options
        .clone()
        .create_if_missing(missing == Missing::IsMade)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writer = connect_writer(writer).await.map_err(|error| {
        let file = options.get_filename();
        let reason = reason(file, missing, error);
        StoreError::Unavailable(format!(
            "the database {} can't be opened: {reason}",
            file.display()
        ))
    })?;
    let readers = pool_options(READERS_MAX).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Pools { writer, readers })
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let refuse = |reason: &str| {
        Err(StoreError::Other(format!("the database must be given as sqlite://FILE: {reason}")))
    };
    let Some(place) = url.strip_prefix("sqlite:") else {
        return refuse("not an address of SQLite");
    };
    if place.contains(":memory:") || place.contains("mode=memory") {
        return refuse("each connection would have a memory of its own");
    }
    if place.trim_start_matches('/').is_empty() {
        return refuse("no file is named");
    }
    match SqliteConnectOptions::from_str(url) {
        Ok(options) => {
            Ok(options.foreign_keys(true).busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX)))
        }
        Err(error) => refuse(&error.to_string()),
    }
}

fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

async fn connect_writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let mut attempts = 0;
    loop {
        // After an I/O error SQLite may have ended a transaction by itself, so that the rollback that
        // followed failed: such a connection is replaced.
        let pool = pool_options(1).before_acquire(|connection: &mut SqliteConnection, _| {
            let usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        });
        attempts += 1;
        match pool.connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && attempts < OPEN_ATTEMPTS_MAX => {
                tokio::time::sleep(Duration::from_millis(OPEN_RETRY_MILLIS)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Why a file can't be opened, in words where SQLite has only a code.
fn reason(file: &Path, missing: Missing, error: sqlx::Error) -> String {
    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty());
    if file.is_dir() {
        "it is a directory".to_owned()
    } else if directory.is_some_and(|directory| !directory.is_dir()) {
        "its directory does not exist".to_owned()
    } else if missing == Missing::IsRefused && !file.exists() {
        "there is no database there".to_owned()
    } else if is_not_a_database(&error) {
        "it is not a database".to_owned()
    } else {
        store_error(error).to_string().replace('\n', " ")
    }
}
