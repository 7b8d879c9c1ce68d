//! Whether a database's schema is this program's, and why it could not be made so.

use super::StoreError;
use super::rows::Columns;
use sqlx::migrate::{MigrateError, Migrator};

/// A migration that was run: its version and its checksum.
pub(super) fn applied(row: &impl Columns) -> Result<(i64, Vec<u8>), StoreError> {
    Ok((row.int("version")?, row.bytes("checksum")?))
}

/// Whether all of the program's migrations were run.
pub(super) fn is_current(program: &Migrator, applied: &[(i64, Vec<u8>)]) -> bool {
    program.iter().all(|migration| {
        applied.iter().any(|(version, checksum)| {
            *version == migration.version && *checksum == migration.checksum.as_ref()
        })
    })
}

/// What running the migrations ended in; `of_database` knows the errors of the database.
pub(super) fn store_error(
    error: MigrateError,
    of_database: fn(sqlx::Error) -> StoreError,
) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            of_database(error)
        }
        error => StoreError::Other(error.to_string()),
    }
}
