//! A transaction that decides and writes.
//!
//! A pessimistic one is READ COMMITTED, so that every statement sees what was committed before it, on rows that are
//! locked before they are decided on.
//!
//! An optimistic one decides on a snapshot, and then writes by one statement, on another connection, which stores
//! everything if every row that it changes is as the snapshot shows it, or else nothing. It needs half of the round
//! trips, waits for nobody while it decides, and where nothing changes it leaves nothing behind, not even a lock.

use super::super::rows::Columns;
use super::super::{
    BatchId, CommitError, Concurrency, JournalEntry, StoreError, StoredReply,
    Transaction as StoreTransaction,
};
use super::pools::Pools;
use super::session::{Session, Statement};
use super::writing::Writing;
use super::{Time, load, replies, write};
use async_trait::async_trait;
use frontrow_core::{Key, State, Timestamp, UserId};
use sqlx::postgres::PgRow;

macro_rules! clock {
    () => {
        "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now"
    };
}

pub(super) struct PostgresTransaction {
    session: Session,
    mode: Mode,
    batch: BatchId,
    time: Time,
    /// Whether a statement failed: a COMMIT would then undo everything, and say nothing about it.
    failed: bool,
}

enum Mode {
    Pessimistic,
    Optimistic {
        pools: Pools,
        /// When the snapshot was taken, by the database's clock.
        read_at: Timestamp,
        /// What the commit stores.
        writing: Option<Statement<'static>>,
    },
}

impl PostgresTransaction {
    pub async fn begin(
        pools: &Pools,
        batch: BatchId,
        concurrency: Concurrency,
        time: Time,
    ) -> Result<Self, StoreError> {
        let (session, mode) = match concurrency {
            Concurrency::Pessimistic => {
                let mut session = pools.writer().await?;
                session.begin_locking("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
                (session, Mode::Pessimistic)
            }
            Concurrency::Optimistic => {
                let mut session = pools.reader().await?;
                // One round trip.
                let sql = concat!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", clock!());
                let read_at = now_of(&session.begin(sql).await?)?;
                (session, Mode::Optimistic { pools: pools.clone(), read_at, writing: None })
            }
        };
        Ok(Self { session, mode, batch, time, failed: false })
    }

    /// Keeps in mind that something failed.
    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }

    async fn clock(&mut self) -> Result<Timestamp, StoreError> {
        match (&self.time.0, &self.mode) {
            (Some(clock), _) => Ok(clock.now()),
            (None, Mode::Optimistic { read_at, .. }) => Ok(*read_at),
            (None, Mode::Pessimistic) => now_of(&self.session.rows(sqlx::query(clock!())).await?),
        }
    }

    async fn write_all(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        let mut writing = Writing::default();
        write::sales(&mut writing, state)?;
        match self.mode {
            Mode::Optimistic { .. } => write::policies(&mut writing, state),
            // What follows may change seats that come with a schedule, and must find them.
            Mode::Pessimistic if state.schedules().changes().next().is_some() => {
                self.session.run(std::mem::take(&mut writing).into_statement()?).await?;
            }
            Mode::Pessimistic => {}
        }
        write::bookings(&mut writing, state);
        write::transfers(&mut writing, &state.take_transfers());
        write::journal(&mut writing, self.batch, journal)?;
        write::replies(&mut writing, replies, self.time.now());
        write::batch(&mut writing, self.batch, self.time.now());
        let statement = writing.into_statement()?;
        match &mut self.mode {
            Mode::Optimistic { writing, .. } => *writing = Some(statement),
            Mode::Pessimistic => _ = self.session.run(statement).await?,
        }
        Ok(())
    }
}

fn now_of(rows: &[PgRow]) -> Result<Timestamp, StoreError> {
    let no_time = || StoreError::Corrupt("the database tells no time".to_owned());
    rows.first().ok_or_else(no_time)?.time("now")
}

#[async_trait]
impl StoreTransaction for PostgresTransaction {
    async fn replies(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        let kept = replies::of_keys(&mut self.session, keys).await;
        self.note(kept)
    }

    async fn load(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError> {
        let loaded = load::load(&mut self.session, state, keys).await;
        self.note(loaded)
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        let now = self.clock().await;
        self.note(now)
    }

    async fn write(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        let written = self.write_all(state, journal, replies).await;
        self.note(written)
    }

    async fn commit(mut self: Box<Self>) -> Result<(), CommitError> {
        if self.failed {
            let reason = "a statement of the transaction failed before";
            return Err(StoreError::Other(reason.to_owned()).into());
        }
        let ended = match self.mode {
            Mode::Pessimistic => self.session.end("COMMIT").await,
            Mode::Optimistic { writing: None, .. } => Ok(()),
            Mode::Optimistic { pools, writing: Some(writing), .. } => {
                drop(self.session);
                let stored = pools.writer().await?.run(writing).await;
                stored.map(|_| ()).map_err(|error| match error {
                    // Somebody else made the same row meanwhile.
                    StoreError::Constraint { constraint } => StoreError::Conflict(constraint),
                    error => error,
                })
            }
        };
        ended.map_err(|error| match error {
            // The database itself says that it was undone. One that shuts down may have committed.
            StoreError::Conflict(_) | StoreError::Constraint { .. } => CommitError::Failed(error),
            unknown => CommitError::Unclear(unknown.to_string()),
        })
    }
}
