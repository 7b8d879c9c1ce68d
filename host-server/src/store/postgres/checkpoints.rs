//! Checkpoints of concerts that are history, and what is deleted behind them.

use super::super::rows::Columns;
use super::super::{CHECKPOINT_ROWS_MAX, StoreError, Swept};
use super::pools::Pools;
use super::{int, json};
use frontrow_core::audit::Checkpoint;
use frontrow_core::{ConcertId, Timestamp};

pub(super) async fn put(
    pools: &Pools,
    checkpoint: &Checkpoint,
    now: Timestamp,
) -> Result<(), StoreError> {
    let concert_id = checkpoint.concert_id.0;
    let mut session = pools.writer().await?;
    session.begin("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    let sql = "INSERT INTO checkpoints (concert_id, queue_changed_at, made_at) VALUES ($1, $2, $3)";
    let query = sqlx::query(sql)
        .bind(concert_id)
        .bind(checkpoint.queue_changed_at.as_millis())
        .bind(now.as_millis());
    session.run(query).await?;
    for (part, rows) in (0_i64..).zip(checkpoint.rows.chunks(CHECKPOINT_ROWS_MAX)) {
        let sql = "INSERT INTO checkpoint_parts (concert_id, part, rows) VALUES ($1, $2, $3::json)";
        session.run(sqlx::query(sql).bind(concert_id).bind(part).bind(json(rows)?)).await?;
    }
    session.end("COMMIT").await
}

pub(super) async fn concerts(pools: &Pools) -> Result<Vec<ConcertId>, StoreError> {
    let sql = "SELECT concert_id FROM checkpoints ORDER BY concert_id";
    pools.reader().await?.all(sqlx::query(sql), |row| row.id("concert_id")).await
}

pub(super) async fn sweep_journal(
    pools: &Pools,
    after: u64,
    limit: u32,
) -> Result<Option<Swept>, StoreError> {
    let sql = "SELECT max(position) AS through
         FROM (
             SELECT position FROM journal WHERE position > $1 ORDER BY position LIMIT $2
         ) AS page";
    let mut session = pools.writer().await?;
    let query = sqlx::query(sql).bind(int(after)).bind(i64::from(limit));
    let through = session.one(query, |row| row.opt_int("through")).await?;
    let Some(through) = through.flatten() else { return Ok(None) };
    let sql = "DELETE FROM journal
         WHERE position = ANY (ARRAY (
             SELECT position
             FROM journal_behind_checkpoints
             WHERE position > $1 AND position <= $2
         ))";
    let deleted = session.run(sqlx::query(sql).bind(int(after)).bind(int(through))).await?;
    Ok(Some(Swept { through, deleted }))
}

/// Passes over those that somebody is writing.
pub(super) async fn prune_tickets(
    pools: &Pools,
    concert_id: ConcertId,
    limit: u32,
) -> Result<u64, StoreError> {
    let sql = "WITH gone AS (
             SELECT id
             FROM tickets
             WHERE
                 concert_id = (SELECT concert_id FROM checkpoints WHERE concert_id = $1)
                 AND state <> 'active'
             ORDER BY number
             LIMIT $2
             FOR UPDATE SKIP LOCKED
         ),
         no_longer_seen AS (
             DELETE FROM presence
             WHERE ticket_id = ANY (ARRAY (SELECT id FROM gone))
         )
         DELETE FROM tickets
         WHERE id = ANY (ARRAY (SELECT id FROM gone))";
    let query = sqlx::query(sql).bind(concert_id.0).bind(i64::from(limit));
    pools.writer().await?.run(query).await
}
