//! The store in a file of SQLite: the embedded default. One connection writes, in WAL mode with every
//! commit synced to disk; a few read, and wait for nobody.

mod checkpoints;
mod error;
mod figures;
mod load;
mod open;
mod read;
mod retention;
mod rows;
mod schema;
mod snapshot;
mod statements;
mod transaction;
mod write;

use super::changes::json;
use super::time::Time;
use super::{
    BatchId, Concurrency, DueQueue, Page, Settlement, Snapshot, Store, StoreError, StoredReply,
    Swept, Transaction, Writers,
};
use async_trait::async_trait;
use error::store_error;
use frontrow_core::audit::Checkpoint;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{
    Clock, ConcertId, Event, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId,
};
use open::{Missing, Pools};
use snapshot::SqliteSnapshot;
use std::sync::Arc;
use transaction::SqliteTransaction;

/// A store in one file.
pub struct SqliteStore {
    pools: Pools,
    time: Time,
}

impl SqliteStore {
    /// Opens `url` (`sqlite://FILE`), and makes the file if there is none; its directory must exist. The
    /// schema is brought up to date by [`Store::migrate`]. `clock` takes the place of the system's.
    pub async fn open(url: &str, clock: Option<Arc<dyn Clock>>) -> Result<Self, StoreError> {
        Ok(Self { pools: open::open(url, Missing::IsMade).await?, time: Time(clock) })
    }

    /// As [`SqliteStore::open`], by the system's clock, but refuses where there is no file.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        Ok(Self { pools: open::open(url, Missing::IsRefused).await?, time: Time(None) })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn migrate(&self) -> Result<(), StoreError> {
        schema::migrate(&self.pools.writer).await
    }

    async fn is_ready(&self) -> Result<bool, StoreError> {
        schema::is_current(&self.pools.readers).await
    }

    fn writers(&self) -> Writers {
        Writers::One
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// There is one transaction that writes at a time, so that reading a row is locking it.
    async fn begin(
        &self,
        batch: BatchId,
        _concurrency: Concurrency,
    ) -> Result<Box<dyn Transaction>, StoreError> {
        let begun = SqliteTransaction::begin(&self.pools.writer, batch, self.time.clone()).await?;
        Ok(Box::new(begun))
    }

    async fn settle(&self, batch: BatchId) -> Result<Settlement, StoreError> {
        let sql = "INSERT INTO batches (id, begun_at)
             VALUES (?1, ?2)
             ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(sql).bind(batch.0.to_string()).bind(self.time.now().as_millis());
        let inserted = query.execute(&self.pools.writer).await.map_err(store_error)?;
        Ok(match inserted.rows_affected() {
            0 => Settlement::Committed,
            _ => Settlement::NotCommitted,
        })
    }

    async fn concerts(&self, page: Page) -> Result<Vec<(Concert, Queue)>, StoreError> {
        read::concerts(&self.pools.readers, page).await
    }

    async fn schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
        read::schedule(&self.pools.readers, id).await
    }

    async fn schedules(&self, concert_id: ConcertId) -> Result<Vec<Schedule>, StoreError> {
        read::schedules(&self.pools.readers, concert_id).await
    }

    async fn seat_map(&self, id: ScheduleId) -> Result<Vec<(u32, Stored<Seat>)>, StoreError> {
        read::seat_map(&self.pools.readers, id).await
    }

    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        read::ticket(&self.pools.readers, id).await
    }

    async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Stored<Ticket>>, StoreError> {
        read::tickets(&self.pools.readers, ids).await
    }

    async fn queue(
        &self,
        id: ConcertId,
    ) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError> {
        read::queue(&self.pools.readers, id).await
    }

    async fn queue_tickets(
        &self,
        id: ConcertId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Stored<Ticket>>, StoreError> {
        read::queue_tickets(&self.pools.readers, id, after, limit).await
    }

    async fn counts(
        &self,
        concert_id: ConcertId,
        number: u64,
        now: Timestamp,
    ) -> Result<Counts, StoreError> {
        read::counts(&self.pools.readers, concert_id, number, now).await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, StoreError> {
        read::reservation(&self.pools.readers, id).await
    }

    async fn reservations(&self, user: UserId, page: Page) -> Result<Vec<Reservation>, StoreError> {
        read::reservations(&self.pools.readers, user, page).await
    }

    async fn wallet(&self, user: UserId) -> Result<Option<Wallet>, StoreError> {
        read::wallet(&self.pools.readers, user).await
    }

    async fn transfers(&self, user: UserId, page: Page) -> Result<Vec<Transfer>, StoreError> {
        read::transfers(&self.pools.readers, user, page).await
    }

    async fn reply(&self, caller: UserId, key: &str) -> Result<Option<StoredReply>, StoreError> {
        read::reply(&self.pools.readers, caller, key).await
    }

    async fn mark_seen(&self, marks: &[(TicketId, Timestamp)]) -> Result<(), StoreError> {
        if marks.is_empty() {
            return Ok(());
        }
        // Who does not wait need not be seen. Of two marks for one ticket in a call the later wins too.
        let sql = "INSERT INTO presence (ticket_id, seen_at)
             SELECT tickets.id, max(mark.value ->> 1)
             FROM json_each(?1) AS mark
             CROSS JOIN tickets ON tickets.id = mark.value ->> 0
             WHERE tickets.state = 'waiting'
             GROUP BY tickets.id
             ON CONFLICT (ticket_id) DO UPDATE
             SET seen_at = max(presence.seen_at, excluded.seen_at)";
        let query = sqlx::query(sql).bind(json(&marks)?);
        query.execute(&self.pools.writer).await.map_err(store_error)?;
        Ok(())
    }

    async fn due_queues(&self, now: Timestamp) -> Result<Vec<DueQueue>, StoreError> {
        read::due_queues(&self.pools.readers, now).await
    }

    async fn due_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<TicketId>, StoreError> {
        read::due_tickets(&self.pools.readers, now, limit).await
    }

    async fn due_reservations(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReservationId>, StoreError> {
        read::due_reservations(&self.pools.readers, now, limit).await
    }

    async fn prune_replies(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        retention::prune_replies(&self.pools.writer, before, limit).await
    }

    async fn prune_batches(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        retention::prune_batches(&self.pools.writer, before, limit).await
    }

    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        checkpoints::put(&self.pools.writer, checkpoint, self.time.now()).await
    }

    async fn checkpointed(&self) -> Result<Vec<ConcertId>, StoreError> {
        checkpoints::concerts(&self.pools.readers).await
    }

    async fn sweep_journal(&self, after: u64, limit: u32) -> Result<Option<Swept>, StoreError> {
        checkpoints::sweep_journal(&self.pools.writer, after, limit).await
    }

    async fn prune_tickets(&self, concert_id: ConcertId, limit: u32) -> Result<u64, StoreError> {
        checkpoints::prune_tickets(&self.pools.writer, concert_id, limit).await
    }

    async fn journal(&self, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        read::journal(&self.pools.readers, after, limit).await
    }

    async fn rows(&self) -> Result<(State, u64), StoreError> {
        let mut snapshot = SqliteSnapshot::begin(&self.pools.readers).await?;
        let rows = snapshot.rows().await?;
        snapshot.end().await?;
        Ok(rows)
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(SqliteSnapshot::begin(&self.pools.readers).await?))
    }

    async fn close(&self) {
        self.pools.readers.close().await;
        self.pools.writer.close().await;
    }
}
