//! Loads what keys name into a state: one statement for each kind of key, however many there are, in the
//! order of [`Class`](frontrow_core::Class), which is the order of locks. Within a class rows are locked
//! in the order of their keys, so that two batches never wait for each other in a circle.
//!
//! A pessimistic transaction locks them `FOR NO KEY UPDATE`. A statement that waited for a lock finds the row as it is then,
//! not as it was when the statement began: it is enough to look for rows by what never changes of them.

use super::super::StoreError;
use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, wallet_columns,
};
use super::super::wanted::{Wanted, grouped, hand_out};
use super::figures::{active_counts, active_holds, inventories, owned_seats};
use super::read::VERSIONED_BY_ID;
use super::session::{Session, Statement, select};
use super::tickets::tickets;
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Key, Mode, ReservationId, ScheduleId, State, UserId};
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) async fn load(
    session: &mut Session,
    state: &mut State,
    keys: &[Key],
) -> Result<(), StoreError> {
    let mut wanted = Wanted::sorted(keys);
    if !session.locks() {
        sales(session, state, &mut wanted).await?;
    }
    queues(session, state, std::mem::take(&mut wanted.queues)).await?;
    concerts(session, state, std::mem::take(&mut wanted.concerts)).await?;
    schedules(session, state, std::mem::take(&mut wanted.schedules)).await?;
    let facts = std::mem::take(&mut wanted.reservation_facts);
    reservations(session, state, facts, Mode::Fact).await?;
    seat_maps(session, state, std::mem::take(&mut wanted.seat_maps)).await?;
    tickets(session, state, &wanted).await?;
    reservations(session, state, wanted.reservations, Mode::Write).await?;
    seats(session, state, wanted.seats).await?;
    wallets(session, state, wanted.wallets).await?;
    active_counts(session, state, wanted.active_counts).await?;
    active_holds(session, state, wanted.active_holds).await?;
    inventories(session, state, wanted.inventories).await?;
    owned_seats(session, state, wanted.owned_seats).await
}

pub(super) fn concert_ids(wanted: &BTreeSet<ConcertId>) -> Vec<Uuid> {
    wanted.iter().map(|id| id.0).collect()
}

/// Gives every wanted row to `put`, those that are not there as `None`.
async fn each<K: Ord, T>(
    session: &mut Session,
    query: Statement<'_>,
    wanted: BTreeSet<K>,
    key: fn(&PgRow) -> Result<K, StoreError>,
    value: fn(&PgRow) -> Result<T, StoreError>,
    put: impl FnMut(K, Option<Stored<T>>),
) -> Result<(), StoreError> {
    hand_out(&session.rows(query).await?, wanted, key, value, put)
}

/// Queues whose concerts are wanted too, each together with its concert. (Who locks a queue must read its concert
/// after that.)
async fn sales(
    session: &mut Session,
    state: &mut State,
    wanted: &mut Wanted,
) -> Result<(), StoreError> {
    let is_fact = |id: &&ConcertId| wanted.concerts.get(*id) == Some(&Mode::Fact);
    let both: BTreeSet<ConcertId> = wanted.queues.iter().filter(is_fact).copied().collect();
    if both.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(VERSIONED_BY_ID).bind(concert_ids(&both));
    for (concert, queue) in session.all(query, rows::versioned).await? {
        let id = concert.value.id;
        state.load_concert(id, Some(concert), Mode::Fact);
        state.load_queue(id, Some(queue));
        wanted.queues.remove(&id);
        wanted.concerts.remove(&id);
    }
    Ok(())
}

async fn queues(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let select = select!(
        " ORDER BY queues.concert_id FOR NO KEY UPDATE",
        "SELECT ",
        queue_columns!(),
        ", queues.version, queues.changed_at FROM queues WHERE queues.concert_id = ANY($1)"
    );
    let query = session.query(select).bind(concert_ids(&wanted));
    let put = |id, row| state.load_queue(id, row);
    each(session, query, wanted, |row| row.id("concert_id"), rows::queue, put).await
}

async fn concerts(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeMap<ConcertId, Mode>,
) -> Result<(), StoreError> {
    let select = select!(
        " ORDER BY concerts.id FOR NO KEY UPDATE",
        "SELECT ",
        concert_columns!(),
        ", concerts.version, concerts.changed_at FROM concerts WHERE concerts.id = ANY($1)"
    );
    for mode in [Mode::Write, Mode::Fact] {
        let ids: BTreeSet<ConcertId> =
            wanted.iter().filter(|(_, wanted)| **wanted == mode).map(|(id, _)| *id).collect();
        if !ids.is_empty() {
            let query = session.query_for(select, mode).bind(concert_ids(&ids));
            let put = |id, row| state.load_concert(id, row, mode);
            each(session, query, ids, |row| row.id("id"), rows::concert, put).await?;
        }
    }
    Ok(())
}

async fn schedules(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ScheduleId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql =
        concat!("SELECT ", schedule_columns!(), " FROM schedules WHERE schedules.id = ANY($1)");
    let ids: Vec<Uuid> = wanted.iter().map(|id| id.0).collect();
    let put = |id, row| state.load_schedule(id, row);
    let query = sqlx::query(sql).bind(ids);
    each(session, query, wanted, |row| row.id("id"), rows::schedule, put).await
}

async fn reservations(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ReservationId>,
    mode: Mode,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let select = select!(
        " ORDER BY reservations.id FOR NO KEY UPDATE",
        "SELECT ",
        reservation_columns!(),
        " FROM reservations WHERE reservations.id = ANY($1)"
    );
    let ids: Vec<Uuid> = wanted.iter().map(|id| id.0).collect();
    // What is read without locks anyway is read once: it is written on condition.
    let loaded = if session.locks() { mode } else { Mode::Write };
    let put = |id, row| state.load_reservation(id, row, loaded);
    let query = session.query_for(select, mode).bind(ids);
    each(session, query, wanted, |row| row.id("id"), rows::reservation, put).await
}

async fn seat_maps(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ScheduleId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = concat!(
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id FROM seats WHERE seats.schedule_id = ANY($1)"
    );
    let ids: Vec<Uuid> = wanted.iter().map(|id| id.0).collect();
    let found = session.rows(sqlx::query(sql).bind(ids)).await?;
    for (id, seats) in grouped(&found, wanted, rows::seat_of_map)? {
        state.load_seat_map(id, seats);
    }
    Ok(())
}

async fn seats(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<(ScheduleId, u32)>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let select = select!(
        " ORDER BY seats.schedule_id, seats.number FOR NO KEY UPDATE OF seats",
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id
         FROM unnest($1::uuid[], $2::bigint[]) AS wanted (schedule_id, number)
         INNER JOIN seats
             ON seats.schedule_id = wanted.schedule_id
             AND seats.number = wanted.number"
    );
    let (schedules, numbers): (Vec<Uuid>, Vec<i64>) =
        wanted.iter().map(|(schedule, number)| (schedule.0, i64::from(*number))).unzip();
    let query = session.query(select).bind(schedules).bind(numbers);
    let key = |row: &PgRow| Ok((row.id("schedule_id")?, row.int("number")?));
    let put = |(schedule, number), row| state.load_seat(schedule, number, row);
    each(session, query, wanted, key, rows::seat, put).await
}

async fn wallets(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<UserId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let select = select!(
        " ORDER BY wallets.user_id FOR NO KEY UPDATE",
        "SELECT ",
        wallet_columns!(),
        " FROM wallets WHERE wallets.user_id = ANY($1)"
    );
    let ids: Vec<Uuid> = wanted.iter().map(|id| id.0).collect();
    let put = |id, row| state.load_wallet(id, row);
    let query = session.query(select).bind(ids);
    each(session, query, wanted, |row| row.id("user_id"), rows::wallet, put).await
}
