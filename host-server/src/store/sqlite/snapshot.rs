//! Every row there is, in one snapshot: what an audit compares with the journal.

use super::super::StoreError;
use super::error::store_error;
use super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, transfer_columns, wallet_columns,
};
use frontrow_core::{Mode, ScheduleId, State};
use sqlx::{SqliteConnection, SqlitePool};
use std::collections::BTreeMap;

/// The rows, and the last position of the journal that belongs to them.
pub(super) async fn rows(readers: &SqlitePool) -> Result<(State, u64), StoreError> {
    let mut snapshot = readers.begin().await.map_err(store_error)?;
    let mut state = State::partial();
    concerts_and_queues(&mut snapshot, &mut state).await?;
    schedules_and_seats(&mut snapshot, &mut state).await?;
    people(&mut snapshot, &mut state).await?;
    let sql = "SELECT coalesce(max(position), 0) AS position FROM journal";
    let position = sqlx::query(sql).fetch_one(&mut *snapshot).await.map_err(store_error)?;
    let position = Columns(&position).int("position")?;
    snapshot.rollback().await.map_err(store_error)?;
    Ok((state, position))
}

/// Gives every row that a statement finds to `put`.
async fn each(
    connection: &mut SqliteConnection,
    sql: &'static str,
    mut put: impl FnMut(&Columns<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let found = sqlx::query(sql).fetch_all(connection).await.map_err(store_error)?;
    found.iter().try_for_each(|row| put(&Columns(row)))
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
    each(connection, sql, |row| {
        state.load_concert(row.id("id")?, Some(row.stored(rows::concert)?), Mode::Write);
        Ok(())
    })
    .await?;
    let sql =
        concat!("SELECT ", queue_columns!(), ", queues.version, queues.changed_at FROM queues");
    each(connection, sql, |row| {
        state.load_queue(row.id("concert_id")?, Some(row.stored(rows::queue)?));
        Ok(())
    })
    .await
}

async fn schedules_and_seats(
    connection: &mut SqliteConnection,
    state: &mut State,
) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", schedule_columns!(), " FROM schedules");
    each(connection, sql, |row| {
        state.load_schedule(row.id("id")?, Some(row.stored(rows::schedule)?));
        Ok(())
    })
    .await?;
    let sql = concat!("SELECT ", seat_columns!(), ", seats.schedule_id FROM seats");
    let mut maps: BTreeMap<ScheduleId, Vec<_>> = BTreeMap::new();
    each(connection, sql, |row| {
        let seat = (row.int("number")?, row.stored(rows::seat)?);
        maps.entry(row.id("schedule_id")?).or_default().push(seat);
        Ok(())
    })
    .await?;
    for (id, seats) in maps {
        state.load_seat_map(id, seats);
    }
    Ok(())
}

async fn people(connection: &mut SqliteConnection, state: &mut State) -> Result<(), StoreError> {
    let sql = concat!("SELECT ", ticket_columns!(), " FROM tickets");
    each(connection, sql, |row| {
        state.load_ticket(row.id("id")?, Some(row.stored(rows::ticket)?));
        Ok(())
    })
    .await?;
    let sql = concat!("SELECT ", reservation_columns!(), " FROM reservations");
    each(connection, sql, |row| {
        let stored = row.stored(rows::reservation)?;
        state.load_reservation(row.id("id")?, Some(stored), Mode::Write);
        Ok(())
    })
    .await?;
    let sql = concat!("SELECT ", wallet_columns!(), " FROM wallets");
    each(connection, sql, |row| {
        state.load_wallet(row.id("user_id")?, Some(row.stored(rows::wallet)?));
        Ok(())
    })
    .await?;
    let sql =
        concat!("SELECT ", transfer_columns!(), " FROM transfers ORDER BY transfers.position");
    each(connection, sql, |row| {
        state.load_transfer(rows::transfer(row)?);
        Ok(())
    })
    .await
}
