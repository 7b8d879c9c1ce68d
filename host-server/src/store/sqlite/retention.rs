//! Deletes what is kept for a while only. Each call is one short statement by the only connection that writes, so that a
//! batch waits for no more than that.

use super::super::StoreError;
use super::error::store_error;
use frontrow_core::Timestamp;
use sqlx::SqlitePool;

const DELETE_REPLIES: &str = "
    DELETE FROM replies
    WHERE (caller, key) IN (
        SELECT caller, key
        FROM replies
        WHERE created_at < ?1
        ORDER BY created_at
        LIMIT ?2
    )";

const DELETE_BATCHES: &str = "
    DELETE FROM batches
    WHERE id IN (
        SELECT id
        FROM batches
        WHERE begun_at < ?1
        ORDER BY begun_at
        LIMIT ?2
    )";

pub(super) async fn prune_replies(
    writer: &SqlitePool,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    prune(writer, DELETE_REPLIES, before, limit).await
}

pub(super) async fn prune_batches(
    writer: &SqlitePool,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    prune(writer, DELETE_BATCHES, before, limit).await
}

async fn prune(
    writer: &SqlitePool,
    sql: &'static str,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let query = sqlx::query(sql).bind(before.as_millis()).bind(limit);
    Ok(query.execute(writer).await.map_err(store_error)?.rows_affected())
}
