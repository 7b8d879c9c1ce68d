//! Every row there is, in one snapshot: what an audit compares with the journal.

use super::super::changes::int;
use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, transfer_columns, wallet_columns,
};
use super::super::wanted::grouped;
use super::super::{JOURNAL_PAGE, Past, StoreError};
use super::error::store_error;
use super::read::JOURNAL;
use frontrow_core::{Mode, State};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqlitePool};
use std::collections::BTreeSet;

/// The rows, and the last position of the journal that belongs to them.
pub(super) async fn rows(readers: &SqlitePool) -> Result<(State, u64), StoreError> {
    let mut snapshot = readers.begin().await.map_err(store_error)?;
    let state = every_row(&mut snapshot).await?;
    let sql = "SELECT coalesce(max(position), 0) AS position FROM journal";
    let position = sqlx::query(sql).fetch_one(&mut *snapshot).await.map_err(store_error)?;
    let position = position.int("position")?;
    snapshot.rollback().await.map_err(store_error)?;
    Ok((state, position))
}

/// Reads every checkpoint, and every event of the journal, in order; the rows of the same snapshot.
pub(super) async fn replay(
    readers: &SqlitePool,
    read: &mut (dyn for<'e> FnMut(Past<'e>) + Send),
) -> Result<State, StoreError> {
    let mut snapshot = readers.begin().await.map_err(store_error)?;
    let state = every_row(&mut snapshot).await?;
    checkpoints(&mut snapshot, read).await?;
    let mut after = 0;
    loop {
        let query = sqlx::query(JOURNAL).bind(int(after)).bind(JOURNAL_PAGE);
        let page = query.fetch_all(&mut *snapshot).await.map_err(store_error)?;
        for row in &page {
            let (position, event) = rows::journal_entry(row)?;
            after = position;
            read(Past::Event(&event));
        }
        if page.is_empty() {
            break;
        }
    }
    snapshot.rollback().await.map_err(store_error)?;
    Ok(state)
}

/// Part by part, since one is large.
async fn checkpoints(
    connection: &mut SqliteConnection,
    read: &mut (dyn for<'e> FnMut(Past<'e>) + Send),
) -> Result<(), StoreError> {
    let sql = "SELECT concert_id, part FROM checkpoint_parts ORDER BY concert_id, part";
    for part in find(connection, sql).await? {
        let sql =
            "SELECT concert_id, rows FROM checkpoint_parts WHERE concert_id = ?1 AND part = ?2";
        let query = sqlx::query(sql).bind(part.text("concert_id")?).bind(part.int::<i64>("part")?);
        let found = query.fetch_one(&mut *connection).await.map_err(store_error)?;
        let (concert_id, rows) = rows::checkpoint_part(&found)?;
        for row in rows {
            read(Past::Checkpoint(concert_id, row));
        }
    }
    Ok(())
}

async fn every_row(connection: &mut SqliteConnection) -> Result<State, StoreError> {
    let mut state = State::partial();
    concerts_and_queues(connection, &mut state).await?;
    schedules_and_seats(connection, &mut state).await?;
    people(connection, &mut state).await?;
    Ok(state)
}

/// Every row that a statement finds.
async fn find(
    connection: &mut SqliteConnection,
    sql: &'static str,
) -> Result<Vec<SqliteRow>, StoreError> {
    sqlx::query(sql).fetch_all(connection).await.map_err(store_error)
}

async fn concerts_and_queues(
    connection: &mut SqliteConnection,
    state: &mut State,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", concerts.version, concerts.changed_at FROM concerts"
    );
    for row in &find(connection, sql).await? {
        state.load_concert(row.id("id")?, Some(row.stored(rows::concert)?), Mode::Write);
    }
    let sql =
        concat!("SELECT ", queue_columns!(), ", queues.version, queues.changed_at FROM queues");
    for row in &find(connection, sql).await? {
        state.load_queue(row.id("concert_id")?, Some(row.stored(rows::queue)?));
    }
    Ok(())
}

async fn schedules_and_seats(
    connection: &mut SqliteConnection,
    state: &mut State,
) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", schedule_columns!(), " FROM schedules");
    for row in &find(connection, sql).await? {
        state.load_schedule(row.id("id")?, Some(row.stored(rows::schedule)?));
    }
    let sql = concat!("SELECT ", seat_columns!(), ", seats.schedule_id FROM seats");
    let seats = find(connection, sql).await?;
    for (id, seats) in grouped(&seats, BTreeSet::new(), rows::seat_of_map)? {
        state.load_seat_map(id, seats);
    }
    Ok(())
}

async fn people(connection: &mut SqliteConnection, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", ticket_columns!(), " FROM tickets");
    for row in &find(connection, sql).await? {
        state.load_ticket(row.id("id")?, Some(row.stored(rows::ticket)?));
    }
    let sql = concat!("SELECT ", reservation_columns!(), " FROM reservations");
    for row in &find(connection, sql).await? {
        state.load_reservation(row.id("id")?, Some(row.stored(rows::reservation)?), Mode::Write);
    }
    let sql = concat!("SELECT ", wallet_columns!(), " FROM wallets");
    for row in &find(connection, sql).await? {
        state.load_wallet(row.id("user_id")?, Some(row.stored(rows::wallet)?));
    }
    let sql =
        concat!("SELECT ", transfer_columns!(), " FROM transfers ORDER BY transfers.position");
    for row in &find(connection, sql).await? {
        state.load_transfer(rows::transfer(row)?);
    }
    Ok(())
}
