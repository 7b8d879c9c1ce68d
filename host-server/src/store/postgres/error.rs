//! What an error of Postgres means to the port.

use super::super::StoreError;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

// SQLSTATEs: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
const LOCK_NOT_AVAILABLE: &str = "55P03";
const QUERY_CANCELED: &str = "57014";
const READ_ONLY_TRANSACTION: &str = "25006";
const IDLE_IN_TRANSACTION_TIMEOUT: &str = "25P03";
/// A connection that was opened before the schema was there has nothing prepared.
const INVALID_STATEMENT_NAME: &str = "26000";
const INVALID_CATALOG: &str = "3D000";
const CLASS_CONNECTION: &str = "08";
const CLASS_INTEGRITY: &str = "23";
const CLASS_AUTHORIZATION: &str = "28";
/// Serialization failures and deadlocks.
const CLASS_ROLLBACK: &str = "40";
const CLASS_RESOURCES: &str = "53";
/// Shutdowns, crashes, a database that starts up.
const CLASS_INTERVENTION: &str = "57";
const CLASS_SYSTEM: &str = "58";
const CLASS_INTERNAL: &str = "XX";

/// Says what went wrong, by what to do about it.
pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => database_error(error.as_ref()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => StoreError::Unavailable(error.to_string()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Corrupt(error.to_string())
        }
        error => StoreError::Other(error.to_string()),
    }
}

fn database_error(error: &dyn DatabaseError) -> StoreError {
    let message = error.message().to_owned();
    let code = error.code().unwrap_or_default();
    match (code.as_ref(), code.get(..2).unwrap_or_default()) {
        (LOCK_NOT_AVAILABLE | QUERY_CANCELED, _) | (_, CLASS_ROLLBACK) => {
            StoreError::Conflict(message)
        }
        (_, CLASS_INTEGRITY) => StoreError::refused_by(constraint_name(error)),
        (
            READ_ONLY_TRANSACTION
            | IDLE_IN_TRANSACTION_TIMEOUT
            | INVALID_CATALOG
            | INVALID_STATEMENT_NAME,
            _,
        )
        | (
            _,
            CLASS_CONNECTION | CLASS_AUTHORIZATION | CLASS_RESOURCES | CLASS_INTERVENTION
            | CLASS_SYSTEM,
        ) => StoreError::Unavailable(message),
        (_, CLASS_INTERNAL) => StoreError::Corrupt(message),
        _ => StoreError::Other(message),
    }
}

/// The constraint's name in the migrations; for a NOT NULL, which has none, the column's.
fn constraint_name(error: &dyn DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let error = error.try_downcast_ref::<PgDatabaseError>();
    match error.and_then(|error| Some((error.table()?, error.column()?))) {
        Some((table, column)) => format!("{table}.{column}"),
        None => "unnamed".to_owned(),
    }
}
