//! Everything there is, in one snapshot: what an audit reads.
//! Positions of the journal are not given in the order of commits, so that no position says where a
//! snapshot ends in it; the journal is read in the very transaction that reads the rows.

use super::super::StoreError;
use super::super::past::{self, PEOPLE_ROWS, Page, Reading, Snapshot};
use super::super::rows::Columns;
use super::pools::Pools;
use super::session::Session;
use async_trait::async_trait;
use frontrow_core::State;
use sqlx::postgres::PgRow;
use tokio::sync::mpsc::Sender;

/// One view of the whole database.
pub(super) struct PostgresSnapshot(Session);

impl PostgresSnapshot {
    pub(super) async fn begin(pools: &Pools) -> Result<Self, StoreError> {
        let mut session = pools.apart().await?;
        session.without_limit();
        let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
             SET LOCAL statement_timeout = 0;
             SET LOCAL idle_in_transaction_session_timeout = 0";
        session.begin(sql).await?;
        Ok(Self(session))
    }

    /// The rows, and the last position of the journal.
    pub(super) async fn rows(&mut self) -> Result<(State, u64), StoreError> {
        let mut state = State::partial();
        for Reading { sql, tell, .. } in past::every_row::<PgRow>() {
            for row in &self.0.rows(sqlx::query(sql)).await? {
                tell(row, &mut |past| past::load(&mut state, past))?;
            }
        }
        let sql = "SELECT coalesce(max(position), 0) AS position FROM journal";
        let last = self.0.one(sqlx::query(sql), |row| row.int("position")).await?;
        Ok((state, last.unwrap_or(0)))
    }

    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        self.0.end("ROLLBACK").await
    }
}

#[async_trait]
impl Snapshot for PostgresSnapshot {
    async fn people_rows(&mut self) -> Result<u64, StoreError> {
        let counted = self.0.one(sqlx::query(PEOPLE_ROWS), |row| row.int("people_rows")).await?;
        Ok(counted.unwrap_or(0))
    }

    async fn read(&mut self, pages: Sender<Page>) -> Result<(), StoreError> {
        for reading in past::history().into_iter().chain(past::every_row()) {
            if !self.0.stream(reading, &pages).await? {
                break;
            }
        }
        Ok(())
    }

    async fn end(self: Box<Self>) -> Result<(), StoreError> {
        (*self).end().await
    }
}
