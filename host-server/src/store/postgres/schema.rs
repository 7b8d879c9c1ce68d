//! The schema: migrations, embedded in the program, that only go forward.

use super::super::rows::Columns;
use super::super::{StoreError, schema};
use super::error::store_error;
use super::pools::Pools;
use sqlx::Executor;
use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Runs what is missing: of several programs that start at once the first one does it, and the others
/// wait for its advisory lock and find it done.
pub(super) async fn migrate(pools: &Pools) -> Result<(), StoreError> {
    let mut session = pools.writer().await?;
    let connection = session.retire();
    let patience = "SET lock_timeout = 0; SET statement_timeout = 0";
    connection.execute(sqlx::raw_sql(patience)).await.map_err(store_error)?;
    MIGRATIONS
        .run_direct(None, connection, false)
        .await
        .map_err(|error| schema::store_error(error, store_error))
}

/// Whether the database answers, and every migration of this program was run on it.
pub(super) async fn is_current(pools: &Pools) -> Result<bool, StoreError> {
    let mut session = pools.reader().await?;
    let sql = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS there";
    if session.one(sqlx::query(sql), |row| row.flag("there")).await? != Some(true) {
        return Ok(false);
    }
    let sql = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
    let applied = session.all(sqlx::query(sql), schema::applied).await?;
    Ok(schema::is_current(&MIGRATIONS, &applied))
}
