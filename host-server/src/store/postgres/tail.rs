//! The journal's tail: what any replica stored since the last pull, and a call that wakes the others.
//!
//! Positions become visible out of order: a transaction takes its positions, and another one with later
//! positions commits first. So a pull does not go on after the last position that was read, but begins at
//! the oldest transaction that was still under way when the last pull looked (`pg_snapshot_xmin`): all
//! that were older had ended, and were seen then; any that ends later is read by the next pull, if need
//! be together with what was read already.
//!
//! A NOTIFY takes a lock that all commits which notify share, and keeps it until its own commit is on
//! disk. It is never sent in a transaction that writes rows.

use super::super::rows::Columns;
use super::super::{JournalEntry, StoreError, Tail, TailEntry, Wakeups, Watermark};
use super::error::store_error;
use super::int;
use super::pools::Pools;
use async_trait::async_trait;
use sqlx::postgres::{PgListener, PgPoolOptions, PgRow};
use std::time::Duration;
use uuid::Uuid;

/// Entries told in one pull. Who missed more is quicker to load everything anew.
const ENTRIES_MAX: usize = 50_000;
const CHANNEL: &str = "frontrow_journal";
/// How long to wait for the connection that listens.
const LISTEN_SECONDS_MAX: u64 = 3;

/// Where the tail begins for who knows every row as it is now.
pub(super) async fn start(pools: &Pools) -> Result<Watermark, StoreError> {
    let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest";
    let oldest = pools.reader().await?.one(sqlx::query(sql), |row| row.int("oldest")).await?;
    Ok(Watermark(oldest.unwrap_or(0)))
}

/// What was stored since `from`. One statement, so that the new watermark is of the snapshot that was read.
pub(super) async fn pull(pools: &Pools, from: Watermark) -> Result<Tail, StoreError> {
    let sql = "SELECT
             pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
             entry.position,
             entry.version,
             entry.event
         FROM (SELECT) AS always
         LEFT JOIN (
             SELECT position, version, event
             FROM journal
             WHERE transaction >= $1::text::xid8
             ORDER BY transaction, position
             LIMIT $2
         ) AS entry ON true
         ORDER BY entry.position";
    let limit = i64::try_from(ENTRIES_MAX + 1).unwrap_or(i64::MAX);
    let query = sqlx::query(sql).bind(int(from.0).to_string()).bind(limit);
    let found = pools.reader().await?.rows(query).await?;
    let oldest: u64 = found.first().map_or(Ok(from.0), |row| row.int("oldest"))?;
    let watermark = Watermark(oldest);
    // After a failover transactions that were seen may be gone, and their numbers be given again.
    if found.len() > ENTRIES_MAX || oldest < from.0 {
        return Ok(Tail { entries: Vec::new(), missed: true, watermark });
    }
    let entries: Result<Vec<_>, _> =
        found.iter().filter_map(|row| entry(row).transpose()).collect();
    Ok(Tail { entries: entries?, missed: false, watermark })
}

/// `None` for the row that stands for no entry.
fn entry(row: &PgRow) -> Result<Option<TailEntry>, StoreError> {
    let Some(position) = row.opt_int("position")? else { return Ok(None) };
    let entry = JournalEntry { event: row.json("event")?, version: row.int("version")? };
    Ok(Some(TailEntry { position, entry }))
}

/// Wakes whoever listens, except this program. Nothing is lost if the call is, so that it need not wait for
/// the disk.
pub(super) async fn wake(pools: &Pools, program: Uuid) -> Result<(), StoreError> {
    let sql = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)";
    let query = sqlx::query(sql).bind(CHANNEL).bind(program.to_string());
    pools.reader().await?.run(query).await?;
    Ok(())
}

/// Listens, on a connection of its own.
pub(super) async fn listen(pools: &Pools, program: Uuid) -> Result<Listener, StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(LISTEN_SECONDS_MAX))
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(pools.options().as_ref().clone());
    let mut listener = PgListener::connect_with(&pool).await.map_err(store_error)?;
    listener.listen(CHANNEL).await.map_err(store_error)?;
    Ok(Listener { listener, own: program.to_string() })
}

/// Hears the calls of others.
pub(super) struct Listener {
    listener: PgListener,
    own: String,
}

#[async_trait]
impl Wakeups for Listener {
    async fn next(&mut self) -> Result<(), StoreError> {
        loop {
            match self.listener.try_recv().await.map_err(store_error)? {
                Some(call) if call.payload() == self.own => {}
                // Without a call, the connection was lost and made anew, and calls may have been missed.
                Some(_) | None => return Ok(()),
            }
        }
    }
}
