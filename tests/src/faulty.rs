//! A database that fails when a test says so: a store around another one. What is not told to fail is done
//! by the store inside.

use crate::faults::{Fault, Faults};
use async_trait::async_trait;
use frontrow_core::audit::Checkpoint;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{
    ConcertId, Event, Key, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId,
};
use frontrow_server::store::{
    BatchId, CommitError, Concurrency, DueQueue, JournalEntry, Page, Settlement, Snapshot, Store,
    StoreError, StoredReply, Swept, Tail, Transaction, Wakeups, Watermark, Writers,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A store that fails on command.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    faults: Faults,
}

impl FaultyStore {
    pub(crate) fn new(inner: Arc<dyn Store>, faults: Faults) -> Self {
        Self { inner, faults }
    }
}

struct FaultyTransaction {
    inner: Box<dyn Transaction>,
    faults: Faults,
}

#[async_trait]
impl Transaction for FaultyTransaction {
    fn recall(&self, state: &mut State, keys: &[Key]) {
        self.inner.recall(state, keys);
    }

    fn announce(&mut self, keys: &[(UserId, String)]) {
        self.inner.announce(keys);
    }

    async fn replies(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        self.inner.replies(keys).await
    }

    async fn load(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError> {
        self.inner.load(state, keys).await
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.inner.now().await
    }

    async fn write(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        let fault = {
            let mut plans = self.faults.plans();
            plans.written.push(journal.len());
            let is_guilty = plans.guilty.as_ref().is_some_and(|guilty| guilty(journal));
            plans.writes.pop_front().or(is_guilty.then_some(Fault::Constraint))
        };
        match fault {
            Some(fault) => Err(fault.error()),
            None => self.inner.write(state, journal, replies).await,
        }
    }

    async fn commit(self: Box<Self>) -> Result<(), CommitError> {
        let lost = || CommitError::Unclear("a test".to_owned());
        match self.faults.next(|plans| &mut plans.commits) {
            None => self.inner.commit().await,
            Some(Fault::UnclearDone) => {
                self.inner.commit().await?;
                Err(lost())
            }
            Some(Fault::UnclearUndone) => Err(lost()),
            Some(fault) => Err(CommitError::Failed(fault.error())),
        }
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn migrate(&self) -> Result<(), StoreError> {
        self.inner.migrate().await
    }

    async fn is_ready(&self) -> Result<bool, StoreError> {
        self.faults.read().await?;
        self.inner.is_ready().await
    }

    fn writers(&self) -> Writers {
        if self.faults.plans().is_for_one_writer { Writers::One } else { self.inner.writers() }
    }

    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    async fn begin(
        &self,
        batch: BatchId,
        concurrency: Concurrency,
    ) -> Result<Box<dyn Transaction>, StoreError> {
        self.faults.begin_gate.pass().await;
        self.faults.plans().begun.push(concurrency);
        let is_read_only = self.faults.plans().is_read_only.then_some(Fault::Unavailable);
        let fault = is_read_only.or_else(|| self.faults.next(|plans| &mut plans.begins));
        if let Some(fault) = fault {
            return Err(fault.error());
        }
        let (inner, faults) = (self.inner.begin(batch, concurrency).await?, self.faults.clone());
        Ok(Box::new(FaultyTransaction { inner, faults }))
    }

    async fn settle(&self, batch: BatchId) -> Result<Settlement, StoreError> {
        match self.faults.next(|plans| &mut plans.settles) {
            Some(fault) => Err(fault.error()),
            None => self.inner.settle(batch).await,
        }
    }

    async fn concerts(&self, page: Page) -> Result<Vec<(Concert, Queue)>, StoreError> {
        self.faults.read().await?;
        self.inner.concerts(page).await
    }

    async fn schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
        self.faults.read().await?;
        self.inner.schedule(id).await
    }

    async fn schedules(&self, concert_id: ConcertId) -> Result<Vec<Schedule>, StoreError> {
        self.faults.read().await?;
        self.inner.schedules(concert_id).await
    }

    async fn seat_map(&self, id: ScheduleId) -> Result<Vec<(u32, Stored<Seat>)>, StoreError> {
        self.faults.read().await?;
        self.inner.seat_map(id).await
    }

    async fn seats(
        &self,
        wanted: &BTreeSet<(ScheduleId, u32)>,
    ) -> Result<Vec<((ScheduleId, u32), Stored<Seat>)>, StoreError> {
        self.faults.read().await?;
        self.inner.seats(wanted).await
    }

    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        self.faults.read().await?;
        self.inner.ticket(id).await
    }

    async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Stored<Ticket>>, StoreError> {
        self.faults.read().await?;
        self.inner.tickets(ids).await
    }

    async fn queue(
        &self,
        id: ConcertId,
    ) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError> {
        self.faults.read().await?;
        self.inner.queue(id).await
    }

    async fn queue_tickets(
        &self,
        id: ConcertId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Stored<Ticket>>, StoreError> {
        self.faults.read().await?;
        self.inner.queue_tickets(id, after, limit).await
    }

    async fn counts(
        &self,
        concert_id: ConcertId,
        number: u64,
        now: Timestamp,
    ) -> Result<Counts, StoreError> {
        self.faults.read().await?;
        self.inner.counts(concert_id, number, now).await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, StoreError> {
        self.faults.read().await?;
        self.inner.reservation(id).await
    }

    async fn reservations(&self, user: UserId, page: Page) -> Result<Vec<Reservation>, StoreError> {
        self.faults.read().await?;
        self.inner.reservations(user, page).await
    }

    async fn wallet(&self, user: UserId) -> Result<Option<Wallet>, StoreError> {
        self.faults.read().await?;
        self.inner.wallet(user).await
    }

    async fn transfers(&self, user: UserId, page: Page) -> Result<Vec<Transfer>, StoreError> {
        self.faults.read().await?;
        self.inner.transfers(user, page).await
    }

    async fn reply(&self, caller: UserId, key: &str) -> Result<Option<StoredReply>, StoreError> {
        self.faults.read().await?;
        self.inner.reply(caller, key).await
    }

    async fn mark_seen(&self, marks: &[(TicketId, Timestamp)]) -> Result<(), StoreError> {
        self.faults.read().await?;
        self.inner.mark_seen(marks).await
    }

    async fn due_queues(&self, now: Timestamp) -> Result<Vec<DueQueue>, StoreError> {
        self.faults.read().await?;
        self.inner.due_queues(now).await
    }

    async fn due_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<TicketId>, StoreError> {
        self.inner.due_tickets(now, limit).await
    }

    async fn due_reservations(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReservationId>, StoreError> {
        self.inner.due_reservations(now, limit).await
    }

    async fn prune_replies(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.inner.prune_replies(before, limit).await
    }

    async fn prune_batches(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.inner.prune_batches(before, limit).await
    }

    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        self.inner.put_checkpoint(checkpoint).await
    }

    async fn checkpointed(&self) -> Result<Vec<ConcertId>, StoreError> {
        self.inner.checkpointed().await
    }

    async fn sweep_journal(&self, after: u64, limit: u32) -> Result<Option<Swept>, StoreError> {
        self.inner.sweep_journal(after, limit).await
    }

    async fn prune_tickets(&self, concert_id: ConcertId, limit: u32) -> Result<u64, StoreError> {
        self.inner.prune_tickets(concert_id, limit).await
    }

    async fn journal(&self, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        self.inner.journal(after, limit).await
    }

    async fn rows(&self) -> Result<(State, u64), StoreError> {
        self.inner.rows().await
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.inner.snapshot().await
    }

    async fn tail_start(&self) -> Result<Watermark, StoreError> {
        self.faults.tail_start_gate.pass().await;
        self.faults.pull()?;
        self.inner.tail_start().await
    }

    async fn tail(&self, from: Watermark) -> Result<Tail, StoreError> {
        self.faults.pull()?;
        let empty = self.faults.plans().empty_pulls.pop_front();
        let tail = self.inner.tail(from).await?;
        Ok(match empty {
            Some(missed) => Tail { entries: Vec::new(), missed, ..tail },
            None => tail,
        })
    }

    async fn wake_others(&self) -> Result<(), StoreError> {
        self.inner.wake_others().await
    }

    async fn wakeups(&self) -> Result<Box<dyn Wakeups>, StoreError> {
        self.inner.wakeups().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
