//! The schema: migrations, embedded in the program, that only go forward.

use super::super::rows::Columns;
use super::super::{StoreError, schema};
use super::error::store_error;
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Runs what is missing, as one transaction: of several programs that start at once the first one does
/// it, and the others wait and find it done.
pub(super) async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    MIGRATIONS
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| schema::store_error(error, store_error))?;
    transaction.commit().await.map_err(store_error)
}

/// Whether the database answers, and every migration of this program was run on it.
pub(super) async fn is_current(readers: &SqlitePool) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) AS tables FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let tables = sqlx::query(sql).fetch_one(readers).await.map_err(store_error)?;
    if tables.int::<u32>("tables")? == 0 {
        return Ok(false);
    }
    let sql = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
    let found = sqlx::query(sql).fetch_all(readers).await.map_err(store_error)?;
    let applied: Result<Vec<_>, _> = found.iter().map(schema::applied).collect();
    Ok(schema::is_current(&MIGRATIONS, &applied?))
}
