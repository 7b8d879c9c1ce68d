//! Deletes what is kept for a while only. Rows that another replica deletes at this moment are passed over, so that
//! nobody waits; and since nobody else touches rows so old, no batch waits for this either.

use super::super::StoreError;
use super::pools::Pools;
use frontrow_core::Timestamp;

/// By the places of rows: it has just locked them there, and no plan for them can be a bad one.
const DELETE_REPLIES: &str = "
    DELETE FROM replies
    WHERE ctid = ANY (ARRAY (
        SELECT ctid
        FROM replies
        WHERE created_at < $1
        ORDER BY created_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED
    ))";

/// As [`DELETE_REPLIES`].
const DELETE_BATCHES: &str = "
    DELETE FROM batches
    WHERE ctid = ANY (ARRAY (
        SELECT ctid
        FROM batches
        WHERE begun_at < $1
        ORDER BY begun_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED
    ))";

pub(super) async fn prune_replies(
    pools: &Pools,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    prune(pools, DELETE_REPLIES, before, limit).await
}

pub(super) async fn prune_batches(
    pools: &Pools,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    prune(pools, DELETE_BATCHES, before, limit).await
}

async fn prune(
    pools: &Pools,
    sql: &'static str,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let query = sqlx::query(sql).bind(before.as_millis()).bind(i64::from(limit));
    pools.writer().await?.run(query).await
}
