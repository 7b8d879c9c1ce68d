//! A transaction that writes. There is one at a time: it has the only connection that can.

use super::super::changes::json;
use super::super::rows::{self, reply_columns};
use super::super::time::Time;
use super::super::wanted::in_order_of;
use super::super::{
    BatchId, CommitError, JournalEntry, StoreError, StoredReply, Transaction as StoreTransaction,
};
use super::error::store_error;
use super::{load, write};
use async_trait::async_trait;
use frontrow_core::{Key, State, Timestamp, UserId};
use sqlx::{Sqlite, SqlitePool, Transaction};

pub(super) struct SqliteTransaction {
    inner: Transaction<'static, Sqlite>,
    batch: BatchId,
    time: Time,
    /// Whether a statement failed: SQLite may then have ended the transaction by itself, so that what
    /// follows would stand alone.
    failed: bool,
}

impl SqliteTransaction {
    pub async fn begin(
        writer: &SqlitePool,
        batch: BatchId,
        time: Time,
    ) -> Result<Self, StoreError> {
        let inner = writer.begin_with("BEGIN IMMEDIATE").await.map_err(store_error)?;
        Ok(Self { inner, batch, time, failed: false })
    }

    /// Keeps in mind that something failed.
    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }

    fn expect_sound(&self) -> Result<(), StoreError> {
        if self.failed {
            let reason = "a statement of the transaction failed before";
            return Err(StoreError::Other(reason.to_owned()));
        }
        Ok(())
    }

    async fn replies_for(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        let sql = concat!(
            "SELECT ",
            reply_columns!(),
            "
             FROM json_each(?1) AS wanted
             CROSS JOIN replies
                 ON replies.caller = wanted.value ->> 0
                 AND replies.key = wanted.value ->> 1"
        );
        let query = sqlx::query(sql).bind(json(&keys)?);
        let found = query.fetch_all(&mut *self.inner).await.map_err(store_error)?;
        let found: Result<Vec<_>, _> = found.iter().map(rows::reply).collect();
        Ok(in_order_of(keys, found?))
    }

    async fn write_all(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        write::batch(&mut self.inner, self.batch, self.time.now()).await?;
        write::rows(&mut self.inner, state).await?;
        write::transfers(&mut self.inner, &state.take_transfers()).await?;
        write::journal(&mut self.inner, self.batch, journal).await?;
        write::replies(&mut self.inner, replies, self.time.now()).await
    }
}

#[async_trait]
impl StoreTransaction for SqliteTransaction {
    async fn replies(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        let kept = self.replies_for(keys).await;
        self.note(kept)
    }

    async fn load(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError> {
        let loaded = load::load(&mut self.inner, state, keys).await;
        self.note(loaded)
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        Ok(self.time.now())
    }

    async fn write(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        self.expect_sound()?;
        let written = self.write_all(state, journal, replies).await;
        self.note(written)
    }

    async fn commit(self: Box<Self>) -> Result<(), CommitError> {
        self.expect_sound()?;
        self.inner.commit().await.map_err(|error| match store_error(error) {
            refused @ (StoreError::Conflict(_) | StoreError::Constraint { .. }) => {
                CommitError::Failed(refused)
            }
            unknown => CommitError::Unclear(unknown.to_string()),
        })
    }
}
