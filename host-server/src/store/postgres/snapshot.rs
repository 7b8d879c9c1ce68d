//! Every row there is, in one snapshot, and the journal as that snapshot has it: what an audit compares.
//! Positions of the journal are not given in the order of commits, so that no position says where a
//! snapshot ends in it; the journal is read in the very transaction that reads the rows.

use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, transfer_columns, wallet_columns,
};
use super::super::wanted::grouped;
use super::super::{JOURNAL_PAGE, Past, StoreError};
use super::int;
use super::pools::Pools;
use super::read::JOURNAL;
use super::session::Session;
use frontrow_core::{ConcertId, Mode, State};
use sqlx::postgres::PgRow;
use std::collections::BTreeSet;

/// One view of the whole database.
pub(super) struct Snapshot(Session);

impl Snapshot {
    pub(super) async fn begin(pools: &Pools) -> Result<Self, StoreError> {
        let mut session = pools.reader().await?;
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
        concerts_and_queues(&mut self.0, &mut state).await?;
        schedules_and_seats(&mut self.0, &mut state).await?;
        people(&mut self.0, &mut state).await?;
        money(&mut self.0, &mut state).await?;
        let sql = "SELECT coalesce(max(position), 0) AS position FROM journal";
        let last = self.0.one(sqlx::query(sql), |row| row.int("position")).await?;
        Ok((state, last.unwrap_or(0)))
    }

    /// Reads every checkpoint, part by part, since one is large.
    pub(super) async fn checkpoints(
        &mut self,
        read: &mut (dyn for<'e> FnMut(Past<'e>) + Send),
    ) -> Result<(), StoreError> {
        let sql = "SELECT concert_id, part FROM checkpoint_parts ORDER BY concert_id, part";
        for part in find(&mut self.0, sql).await? {
            let sql =
                "SELECT concert_id, rows FROM checkpoint_parts WHERE concert_id = $1 AND part = $2";
            let concert_id: ConcertId = part.id("concert_id")?;
            let query = sqlx::query(sql).bind(concert_id.0).bind(part.int::<i64>("part")?);
            let found = self.0.one(query, rows::checkpoint_part).await?;
            for row in found.into_iter().flat_map(|(_, rows)| rows) {
                read(Past::Checkpoint(concert_id, row));
            }
        }
        Ok(())
    }

    /// Reads every event of the journal, in order.
    pub(super) async fn journal(
        &mut self,
        read: &mut (dyn for<'e> FnMut(Past<'e>) + Send),
    ) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let query = sqlx::query(JOURNAL).bind(int(after)).bind(i64::from(JOURNAL_PAGE));
            let page = self.0.all(query, rows::journal_entry).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (_, event) in &page {
                read(Past::Event(event));
            }
        }
    }

    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        self.0.end("ROLLBACK").await
    }
}

/// Every row that a statement finds.
async fn find(session: &mut Session, sql: &'static str) -> Result<Vec<PgRow>, StoreError> {
    session.rows(sqlx::query(sql)).await
}

async fn concerts_and_queues(session: &mut Session, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", concerts.version, concerts.changed_at FROM concerts"
    );
    for row in &find(session, sql).await? {
        state.load_concert(row.id("id")?, Some(row.stored(rows::concert)?), Mode::Write);
    }
    let sql =
        concat!("SELECT ", queue_columns!(), ", queues.version, queues.changed_at FROM queues");
    for row in &find(session, sql).await? {
        state.load_queue(row.id("concert_id")?, Some(row.stored(rows::queue)?));
    }
    Ok(())
}

async fn schedules_and_seats(session: &mut Session, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", schedule_columns!(), " FROM schedules");
    for row in &find(session, sql).await? {
        state.load_schedule(row.id("id")?, Some(row.stored(rows::schedule)?));
    }
    let sql = concat!("SELECT ", seat_columns!(), ", seats.schedule_id FROM seats");
    let seats = find(session, sql).await?;
    for (id, seats) in grouped(&seats, BTreeSet::new(), rows::seat_of_map)? {
        state.load_seat_map(id, seats);
    }
    Ok(())
}

async fn people(session: &mut Session, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", ticket_columns!(), " FROM tickets");
    for row in &find(session, sql).await? {
        state.load_ticket(row.id("id")?, Some(row.stored(rows::ticket)?));
    }
    let sql = concat!("SELECT ", reservation_columns!(), " FROM reservations");
    for row in &find(session, sql).await? {
        state.load_reservation(row.id("id")?, Some(row.stored(rows::reservation)?), Mode::Write);
    }
    Ok(())
}

async fn money(session: &mut Session, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", wallet_columns!(), " FROM wallets");
    for row in &find(session, sql).await? {
        state.load_wallet(row.id("user_id")?, Some(row.stored(rows::wallet)?));
    }
    let sql =
        concat!("SELECT ", transfer_columns!(), " FROM transfers ORDER BY transfers.position");
    for row in &find(session, sql).await? {
        state.load_transfer(rows::transfer(row)?);
    }
    Ok(())
}
