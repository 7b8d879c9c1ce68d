//! A transaction that writes: READ COMMITTED, so that every statement sees what was committed before it,
//! on rows that are locked before they are decided on.

use super::super::{
    BatchId, CommitError, JournalEntry, StoreError, StoredReply, Transaction as StoreTransaction,
};
use super::pools::Pools;
use super::session::Session;
use super::{Time, claims, load, write};
use crate::store::rows::Columns;
use async_trait::async_trait;
use frontrow_core::{Key, State, Timestamp, UserId};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgRow;

pub(super) struct PostgresTransaction {
    session: Session,
    batch: BatchId,
    time: Time,
    /// Whether a statement failed: a COMMIT would then undo everything, and say nothing about it.
    failed: bool,
}

impl PostgresTransaction {
    pub async fn begin(pools: &Pools, batch: BatchId, time: Time) -> Result<Self, StoreError> {
        let mut session = pools.writer().await?;
        let (id, begun_at) = (batch.0, time.now().as_millis());
        // One round trip; an id and a number need no quoting.
        let sql = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED;
             INSERT INTO batches (id, begun_at) VALUES ('{id}', {begun_at})"
        );
        session.begin(AssertSqlSafe(sql)).await?;
        Ok(Self { session, batch, time, failed: false })
    }

    /// Keeps in mind that something failed.
    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }

    async fn clock(&mut self) -> Result<Timestamp, StoreError> {
        if let Some(clock) = &self.time.0 {
            return Ok(clock.now());
        }
        let sql = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now";
        let now = self.session.one(sqlx::query(sql), |row: &PgRow| row.time("now")).await?;
        now.ok_or_else(|| StoreError::Corrupt("the database tells no time".to_owned()))
    }

    async fn write_all(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        write::rows(&mut self.session, state).await?;
        write::transfers(&mut self.session, &state.take_transfers()).await?;
        write::journal(&mut self.session, self.batch, journal).await?;
        write::replies(&mut self.session, replies, self.time.now()).await
    }
}

#[async_trait]
impl StoreTransaction for PostgresTransaction {
    async fn claim(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        let kept = claims::claim(&mut self.session, keys).await;
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
        self.session.end("COMMIT").await.map_err(|error| match error {
            // The database itself says that it was undone. One that shuts down may have committed.
            StoreError::Conflict(_) | StoreError::Constraint { .. } => CommitError::Failed(error),
            unknown => CommitError::Unclear(unknown.to_string()),
        })
    }
}
