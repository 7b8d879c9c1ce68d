//! One connection on loan. Every statement goes through here: each has a limit of time on this side too,
//! since a host that vanished never answers, and a connection that failed is not lent again.

use super::super::StoreError;
use super::super::past::{self, Page, Reading};
use super::asking::{Answers, Asking};
use super::error::store_error;
use super::pools::Health;
use futures_util::TryStreamExt;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Either, Executor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long a statement may take as seen from here: more than the database itself allows it.
const ANSWER_SECONDS_MAX: u64 = 8;
/// How long undoing a transaction may take before its connection is closed instead.
const ROLLBACK_SECONDS_MAX: u64 = 2;

/// A statement with its arguments.
pub(super) type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// A connection on loan. One in a transaction that is dropped undoes it.
pub(super) struct Session {
    /// `None` only while it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    health: Arc<Health>,
    limit: Duration,
    in_transaction: bool,
}

/// Why a statement failed.
enum Failure {
    NoAnswer,
    Error(sqlx::Error),
}

impl Session {
    pub(super) fn new(connection: PoolConnection<Postgres>, health: Arc<Health>) -> Self {
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        Self { connection: Some(connection), health, limit, in_transaction: false }
    }

    /// Begins a transaction, with all that the statements say; `sql` is one or more statements.
    pub(super) async fn begin(&mut self, sql: &'static str) -> Result<(), StoreError> {
        // Even if this fails half-way, there may be something to undo.
        self.in_transaction = true;
        self.raw(sql).await
    }

    /// Begins a transaction, and asks for what follows the beginning.
    pub(super) async fn begin_asking(&mut self, asking: Asking) -> Result<Answers, StoreError> {
        self.in_transaction = true;
        self.ask(asking).await
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`.
    pub(super) async fn end(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.raw(sql).await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Lets statements take as long as they like.
    pub(super) fn without_limit(&mut self) {
        self.limit = Duration::MAX;
    }

    /// Asks for everything in one round trip.
    pub(super) async fn ask(&mut self, asking: Asking) -> Result<Answers, StoreError> {
        let sql = sqlx::raw_sql(AssertSqlSafe(asking.into_sql()));
        let (connection, limit) = self.lent();
        let ran = within(limit, async {
            let mut found = sql.fetch_many(connection);
            let mut answers = vec![Vec::new()];
            while let Some(next) = found.try_next().await? {
                match (next, answers.last_mut()) {
                    (Either::Right(row), Some(answer)) => answer.push(row),
                    // The statement has no more rows.
                    _ => answers.push(Vec::new()),
                }
            }
            Ok(Answers(answers))
        });
        let ran = ran.await;
        self.judge(ran)
    }

    /// Every row that a statement finds.
    pub(super) async fn rows(&mut self, query: Statement<'_>) -> Result<Vec<PgRow>, StoreError> {
        let (connection, limit) = self.lent();
        let ran = within(limit, query.fetch_all(connection)).await;
        self.judge(ran)
    }

    /// Sends every row that a statement finds, page by page, as fast as they are taken and without a limit of time; whether
    /// all were taken.
    pub(super) async fn stream(
        &mut self,
        reading: Reading<PgRow>,
        pages: &Sender<Page>,
    ) -> Result<bool, StoreError> {
        let Reading { sql, page_rows, tell } = reading;
        let (connection, _) = self.lent();
        let mut found = sqlx::query(sql).fetch(connection).try_chunks(page_rows);
        let failed = loop {
            match found.try_next().await {
                Ok(None) => return Ok(true),
                Ok(Some(rows)) => {
                    if pages.send(past::page(rows, tell)).await.is_err() {
                        return Ok(false);
                    }
                }
                Err(error) => break error.1,
            }
        };
        drop(found);
        self.judge(Err(Failure::Error(failed)))
    }

    /// Every row that a statement finds, as a value.
    pub(super) async fn all<T>(
        &mut self,
        query: Statement<'_>,
        value: impl Fn(&PgRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let found = self.rows(query).await?;
        found.iter().map(value).collect()
    }

    /// The one row that a statement finds, if it finds any.
    pub(super) async fn one<T>(
        &mut self,
        query: Statement<'_>,
        value: impl Fn(&PgRow) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let found = self.rows(query).await?;
        found.first().map(value).transpose()
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn run(&mut self, query: Statement<'_>) -> Result<u64, StoreError> {
        let (connection, limit) = self.lent();
        let ran = within(limit, query.execute(connection)).await;
        Ok(self.judge(ran)?.rows_affected())
    }

    /// Runs statements that take no arguments and are not kept prepared.
    async fn raw(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let sql = sqlx::raw_sql(sql);
        let (connection, limit) = self.lent();
        let ran = within(limit, connection.execute(sql)).await;
        self.judge(ran).map(|_| ())
    }

    /// The connection, to be closed and not lent again.
    pub(super) fn retire(&mut self) -> &mut PgConnection {
        let connection = self.connection.as_mut().expect("a session has its connection");
        connection.close_on_drop();
        connection
    }

    fn lent(&mut self) -> (&mut PgConnection, Duration) {
        let connection = self.connection.as_mut().expect("a session has its connection");
        (connection, self.limit)
    }

    /// Keeps in mind that the connection can't be used any more, if so.
    fn judge<T>(&mut self, ran: Result<T, Failure>) -> Result<T, StoreError> {
        let error = match ran {
            Ok(done) => return Ok(done),
            Err(Failure::NoAnswer) => StoreError::Unavailable("no answer".to_owned()),
            Err(Failure::Error(error)) => store_error(error),
        };
        if matches!(error, StoreError::Unavailable(_)) {
            self.in_transaction = false;
            self.health.lost();
            self.retire();
        }
        Err(error)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.in_transaction {
            return;
        }
        let Some(mut connection) = self.connection.take() else { return };
        // The locks are waited for by others, so this does not wait for the connection to be lent again.
        tokio::spawn(async move {
            let limit = Duration::from_secs(ROLLBACK_SECONDS_MAX);
            let undone = within(limit, connection.execute(sqlx::raw_sql("ROLLBACK"))).await;
            if undone.is_err() {
                connection.close_on_drop();
            }
        });
    }
}

async fn within<T>(
    limit: Duration,
    running: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(limit, running).await {
        Ok(ran) => ran.map_err(Failure::Error),
        Err(_) => Err(Failure::NoAnswer),
    }
}
