//! Checkpoints of concerts that are history, and what is deleted behind them.

use super::super::changes::{int, json};
use super::super::rows::Columns;
use super::super::{CHECKPOINT_ROWS_MAX, StoreError, Swept};
use super::error::store_error;
use frontrow_core::audit::Checkpoint;
use frontrow_core::{ConcertId, Timestamp};
use sqlx::SqlitePool;

pub(super) async fn put(
    writer: &SqlitePool,
    checkpoint: &Checkpoint,
    now: Timestamp,
) -> Result<(), StoreError> {
    let concert_id = checkpoint.concert_id.to_string();
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    let sql = "INSERT INTO checkpoints (concert_id, queue_changed_at, made_at) VALUES (?1, ?2, ?3)";
    let query = sqlx::query(sql)
        .bind(&concert_id)
        .bind(checkpoint.queue_changed_at.as_millis())
        .bind(now.as_millis());
    query.execute(&mut *transaction).await.map_err(store_error)?;
    for (part, rows) in (0_i64..).zip(checkpoint.rows.chunks(CHECKPOINT_ROWS_MAX)) {
        let sql = "INSERT INTO checkpoint_parts (concert_id, part, rows) VALUES (?1, ?2, ?3)";
        let query = sqlx::query(sql).bind(&concert_id).bind(part).bind(json(rows)?);
        query.execute(&mut *transaction).await.map_err(store_error)?;
    }
    transaction.commit().await.map_err(store_error)
}

pub(super) async fn concerts(readers: &SqlitePool) -> Result<Vec<ConcertId>, StoreError> {
    let sql = "SELECT concert_id FROM checkpoints ORDER BY concert_id";
    let found = sqlx::query(sql).fetch_all(readers).await.map_err(store_error)?;
    found.iter().map(|row| row.id("concert_id")).collect()
}

pub(super) async fn sweep_journal(
    writer: &SqlitePool,
    after: u64,
    limit: u32,
) -> Result<Option<Swept>, StoreError> {
    let sql = "SELECT max(position) AS through
         FROM (SELECT position FROM journal WHERE position > ?1 ORDER BY position LIMIT ?2)";
    let query = sqlx::query(sql).bind(int(after)).bind(limit);
    let found = query.fetch_one(writer).await.map_err(store_error)?;
    let Some(through) = found.opt_int("through")? else { return Ok(None) };
    let sql = "DELETE FROM journal
         WHERE position IN (
             SELECT position
             FROM journal_behind_checkpoints
             WHERE position > ?1 AND position <= ?2
         )";
    let query = sqlx::query(sql).bind(int(after)).bind(int(through));
    let deleted = query.execute(writer).await.map_err(store_error)?.rows_affected();
    Ok(Some(Swept { through, deleted }))
}

pub(super) async fn prune_tickets(
    writer: &SqlitePool,
    concert_id: ConcertId,
    limit: u32,
) -> Result<u64, StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
    let mut deleted = 0;
    for sql in [
        "DELETE FROM presence
         WHERE ticket_id IN (
             SELECT id
             FROM tickets
             WHERE
                 concert_id IN (SELECT concert_id FROM checkpoints WHERE concert_id = ?1)
                 AND state <> 'active'
             ORDER BY number
             LIMIT ?2
         )",
        "DELETE FROM tickets
         WHERE id IN (
             SELECT id
             FROM tickets
             WHERE
                 concert_id IN (SELECT concert_id FROM checkpoints WHERE concert_id = ?1)
                 AND state <> 'active'
             ORDER BY number
             LIMIT ?2
         )",
    ] {
        let query = sqlx::query(sql).bind(concert_id.to_string()).bind(limit);
        deleted = query.execute(&mut *transaction).await.map_err(store_error)?.rows_affected();
    }
    transaction.commit().await.map_err(store_error)?;
    Ok(deleted)
}
