//! Everything there is, in one snapshot: what an audit reads.

use super::super::StoreError;
use super::super::past::{self, PEOPLE_ROWS, Page, Reading, Snapshot};
use super::super::rows::Columns;
use super::error::store_error;
use async_trait::async_trait;
use frontrow_core::State;
use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqlitePool, Transaction};
use tokio::sync::mpsc::Sender;

/// One view of the whole database.
pub(super) struct SqliteSnapshot(Transaction<'static, Sqlite>);

impl SqliteSnapshot {
    pub(super) async fn begin(readers: &SqlitePool) -> Result<Self, StoreError> {
        Ok(Self(readers.begin().await.map_err(store_error)?))
    }

    /// The rows, and the last position of the journal that belongs to them.
    pub(super) async fn rows(&mut self) -> Result<(State, u64), StoreError> {
        let mut state = State::partial();
        for Reading { sql, tell, .. } in past::every_row::<SqliteRow>() {
            let found = sqlx::query(sql).fetch_all(&mut *self.0).await.map_err(store_error)?;
            for row in &found {
                tell(row, &mut |past| past::load(&mut state, past))?;
            }
        }
        let sql = "SELECT coalesce(max(position), 0) AS position FROM journal";
        let last = sqlx::query(sql).fetch_one(&mut *self.0).await.map_err(store_error)?;
        Ok((state, last.int("position")?))
    }

    pub(super) async fn end(self) -> Result<(), StoreError> {
        self.0.rollback().await.map_err(store_error)
    }
}

#[async_trait]
impl Snapshot for SqliteSnapshot {
    async fn people_rows(&mut self) -> Result<u64, StoreError> {
        let found = sqlx::query(PEOPLE_ROWS).fetch_one(&mut *self.0).await.map_err(store_error)?;
        found.int("people_rows")
    }

    async fn read(&mut self, pages: Sender<Page>) -> Result<(), StoreError> {
        for Reading { sql, page_rows, tell } in past::history().into_iter().chain(past::every_row())
        {
            let mut found = sqlx::query(sql).fetch(&mut *self.0).try_chunks(page_rows);
            while let Some(rows) = found.try_next().await.map_err(|error| store_error(error.1))? {
                if pages.send(past::page(rows, tell)).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn end(self: Box<Self>) -> Result<(), StoreError> {
        (*self).end().await
    }
}
