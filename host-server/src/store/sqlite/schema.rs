//! The schema: migrations, embedded in the program, that only go forward.

use super::super::StoreError;
use super::error::{migrate_error, store_error};
use super::rows::Columns;
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Runs what is missing, as one transaction: of several programs that start at once the first one does
/// it, and the others wait and find it done.
pub(super) async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(migrate_error)?;
    transaction.commit().await.map_err(store_error)
}

/// Whether the database answers, and every migration of this program was run on it.
pub(super) async fn is_current(readers: &SqlitePool) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) AS tables FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let tables = sqlx::query(sql).fetch_one(readers).await.map_err(store_error)?;
    if Columns(&tables).int::<u32>("tables")? == 0 {
        return Ok(false);
    }
    let sql = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
    let found = sqlx::query(sql).fetch_all(readers).await.map_err(store_error)?;
    let mut applied = Vec::with_capacity(found.len());
    for row in &found {
        let row = Columns(row);
        applied.push((row.get::<i64>("version")?, row.get::<Vec<u8>>("checksum")?));
    }
    let is_applied = |(version, checksum): (i64, &[u8])| {
        applied.iter().any(|(v, c)| *v == version && c == checksum)
    };
    Ok(MIGRATIONS.iter().map(|m| (m.version, m.checksum.as_ref())).all(is_applied))
}
