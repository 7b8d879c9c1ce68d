//! The store on Postgres 15 or later, which any number of replicas share.
//!
//! Safety rests on row locks, on writes that are conditional on the version that was loaded, and on unique
//! indexes. Transactions are READ COMMITTED, so that after a wait a statement sees what was waited for.

mod address;
mod asking;
mod checkpoints;
mod columns;
mod error;
mod load;
mod pools;
mod read;
mod replies;
mod retention;
mod rows;
mod schedules;
mod schema;
mod selects;
mod session;
mod snapshot;
mod statements;
mod tail;
mod tickets;
mod transaction;
mod write;
mod writing;

use super::changes::{int, json};
use super::time::Time;
use super::{
    BatchId, Concurrency, DueQueue, Page, Settlement, Snapshot, Store, StoreError, StoredReply,
    Swept, Tail, Transaction, Wakeups, Watermark, Writers,
};
use async_trait::async_trait;
use frontrow_core::audit::Checkpoint;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{
    Clock, ConcertId, Event, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId,
};
use pools::Pools;
use schedules::Schedules;
use snapshot::PostgresSnapshot;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use transaction::PostgresTransaction;
use uuid::Uuid;

/// How long the database may take to tell that it is ready.
const READY_SECONDS_MAX: u64 = 2;

/// A store in a database of Postgres.
pub struct PostgresStore {
    pools: Pools,
    /// Without an injected clock decisions go by the database's, and views by this machine's: where a
    /// replica's clock is off, so is what it shows, but never what is decided.
    time: Time,
    schedules: Schedules,
    /// Tells this program's calls from those of others.
    program: Uuid,
}

impl PostgresStore {
    /// Connects to `url` (`postgres://USER@HOST:PORT,…/DATABASE`). The schema is brought up to date by
    /// [`Store::migrate`]. `clock` takes the place of the database's and the system's.
    pub async fn open(url: &str, clock: Option<Arc<dyn Clock>>) -> Result<Self, StoreError> {
        let pools = Pools::open(url.parse()?).await?;
        let (time, schedules) = (Time(clock), Schedules::default());
        Ok(Self { pools, time, schedules, program: Uuid::now_v7() })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn migrate(&self) -> Result<(), StoreError> {
        schema::migrate(&self.pools).await
    }

    async fn is_ready(&self) -> Result<bool, StoreError> {
        let limit = Duration::from_secs(READY_SECONDS_MAX);
        let asked = tokio::time::timeout(limit, schema::is_current(&self.pools)).await;
        asked.unwrap_or_else(|_| Err(StoreError::Unavailable("no answer".to_owned())))
    }

    fn writers(&self) -> Writers {
        Writers::Many
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    async fn begin(
        &self,
        batch: BatchId,
        concurrency: Concurrency,
    ) -> Result<Box<dyn Transaction>, StoreError> {
        let (time, schedules) = (self.time.clone(), self.schedules.clone());
        let begun =
            PostgresTransaction::begin(&self.pools, batch, concurrency, time, schedules).await?;
        Ok(Box::new(begun))
    }

    /// Waits for the transaction that may still be under way.
    async fn settle(&self, batch: BatchId) -> Result<Settlement, StoreError> {
        let sql = "INSERT INTO batches (id, begun_at)
             VALUES ($1, $2)
             ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(sql).bind(batch.0).bind(self.time.now().as_millis());
        Ok(match self.pools.writer().await?.run(query).await? {
            0 => Settlement::Committed,
            _ => Settlement::NotCommitted,
        })
    }

    async fn concerts(&self, page: Page) -> Result<Vec<(Concert, Queue)>, StoreError> {
        read::concerts(&self.pools, page).await
    }

    async fn schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
        read::schedule(&self.pools, id).await
    }

    async fn schedules(&self, concert_id: ConcertId) -> Result<Vec<Schedule>, StoreError> {
        read::schedules(&self.pools, concert_id).await
    }

    async fn seat_map(&self, id: ScheduleId) -> Result<Vec<(u32, Stored<Seat>)>, StoreError> {
        read::seat_map(&self.pools, id).await
    }

    async fn seats(
        &self,
        wanted: &BTreeSet<(ScheduleId, u32)>,
    ) -> Result<Vec<((ScheduleId, u32), Stored<Seat>)>, StoreError> {
        read::seats(&self.pools, wanted).await
    }

    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        read::ticket(&self.pools, id).await
    }

    async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Stored<Ticket>>, StoreError> {
        read::tickets(&self.pools, ids).await
    }

    async fn queue(
        &self,
        id: ConcertId,
    ) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError> {
        read::queue(&self.pools, id).await
    }

    async fn queue_tickets(
        &self,
        id: ConcertId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Stored<Ticket>>, StoreError> {
        read::queue_tickets(&self.pools, id, after, limit).await
    }

    async fn counts(
        &self,
        concert_id: ConcertId,
        number: u64,
        now: Timestamp,
    ) -> Result<Counts, StoreError> {
        read::counts(&self.pools, concert_id, number, now).await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, StoreError> {
        read::reservation(&self.pools, id).await
    }

    async fn reservations(&self, user: UserId, page: Page) -> Result<Vec<Reservation>, StoreError> {
        read::reservations(&self.pools, user, page).await
    }

    async fn wallet(&self, user: UserId) -> Result<Option<Wallet>, StoreError> {
        read::wallet(&self.pools, user).await
    }

    async fn transfers(&self, user: UserId, page: Page) -> Result<Vec<Transfer>, StoreError> {
        read::transfers(&self.pools, user, page).await
    }

    async fn reply(&self, caller: UserId, key: &str) -> Result<Option<StoredReply>, StoreError> {
        read::reply(&self.pools, caller, key).await
    }

    /// In the order of tickets, since several replicas mark, and batches delete, at the same time.
    async fn mark_seen(&self, marks: &[(TicketId, Timestamp)]) -> Result<(), StoreError> {
        if marks.is_empty() {
            return Ok(());
        }
        // Who does not wait need not be seen. Of two marks for one ticket in a call the later wins too. A join
        // instead of the subquery would be made the wrong way round while the tickets were never analysed.
        let sql = "INSERT INTO presence (ticket_id, seen_at)
             SELECT mark.ticket_id, max(mark.seen_at)
             FROM unnest($1::uuid[], $2::bigint[]) AS mark (ticket_id, seen_at)
             WHERE
                 (SELECT tickets.state FROM tickets WHERE tickets.id = mark.ticket_id) = 'waiting'
             GROUP BY mark.ticket_id
             ORDER BY mark.ticket_id
             ON CONFLICT (ticket_id) DO UPDATE
             SET seen_at = excluded.seen_at
             WHERE presence.seen_at < excluded.seen_at";
        let (tickets, times): (Vec<Uuid>, Vec<i64>) =
            marks.iter().map(|(ticket, seen_at)| (ticket.0, seen_at.as_millis())).unzip();
        self.pools.writer().await?.run(sqlx::query(sql).bind(tickets).bind(times)).await?;
        Ok(())
    }

    async fn due_queues(&self, now: Timestamp) -> Result<Vec<DueQueue>, StoreError> {
        read::due_queues(&self.pools, now).await
    }

    async fn due_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<TicketId>, StoreError> {
        read::due_tickets(&self.pools, now, limit).await
    }

    async fn due_reservations(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReservationId>, StoreError> {
        read::due_reservations(&self.pools, now, limit).await
    }

    async fn prune_replies(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        retention::prune_replies(&self.pools, before, limit).await
    }

    async fn prune_batches(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        retention::prune_batches(&self.pools, before, limit).await
    }

    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        checkpoints::put(&self.pools, checkpoint, self.time.now()).await
    }

    async fn checkpointed(&self) -> Result<Vec<ConcertId>, StoreError> {
        checkpoints::concerts(&self.pools).await
    }

    async fn sweep_journal(&self, after: u64, limit: u32) -> Result<Option<Swept>, StoreError> {
        checkpoints::sweep_journal(&self.pools, after, limit).await
    }

    async fn prune_tickets(&self, concert_id: ConcertId, limit: u32) -> Result<u64, StoreError> {
        checkpoints::prune_tickets(&self.pools, concert_id, limit).await
    }

    async fn journal(&self, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        read::journal(&self.pools, after, limit).await
    }

    async fn rows(&self) -> Result<(State, u64), StoreError> {
        let mut snapshot = PostgresSnapshot::begin(&self.pools).await?;
        let rows = snapshot.rows().await?;
        snapshot.end().await?;
        Ok(rows)
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(PostgresSnapshot::begin(&self.pools).await?))
    }

    async fn tail_start(&self) -> Result<Watermark, StoreError> {
        tail::start(&self.pools).await
    }

    async fn tail(&self, from: Watermark) -> Result<Tail, StoreError> {
        tail::pull(&self.pools, from).await
    }

    async fn wake_others(&self) -> Result<(), StoreError> {
        tail::wake(&self.pools, self.program).await
    }

    async fn wakeups(&self) -> Result<Box<dyn Wakeups>, StoreError> {
        Ok(Box::new(tail::listen(&self.pools, self.program).await?))
    }

    async fn close(&self) {
        self.pools.close().await;
    }
}
