//! Loads what keys name into a state: one statement for each kind of key, however many there are, in
//! the order of [`Class`](frontrow_core::Class). The transaction is the only one that writes, so that
//! reading a row is locking it.

use super::super::StoreError;
use super::super::changes::{int, json};
use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, wallet_columns,
};
use super::super::wanted::{Wanted, grouped, hand_out};
use super::error::store_error;
use super::figures::{active_counts, active_holds, inventories, owned_seats};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Key, Mode, ReservationId, ScheduleId, State, TicketId, UserId};
use serde::Serialize;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn load(
    connection: &mut SqliteConnection,
    state: &mut State,
    keys: &[Key],
) -> Result<(), StoreError> {
    let wanted = Wanted::sorted(keys);
    queues(connection, state, wanted.queues).await?;
    concerts(connection, state, wanted.concerts).await?;
    schedules(connection, state, wanted.schedules).await?;
    reservations(connection, state, wanted.reservation_facts, Mode::Fact).await?;
    seat_maps(connection, state, wanted.seat_maps).await?;
    tickets(connection, state, wanted.tickets).await?;
    live_tickets(connection, state, wanted.live_tickets).await?;
    for (concert_id, limit) in wanted.expiring_tickets {
        expiring_tickets(connection, state, concert_id, limit).await?;
    }
    for ((concert_id, after), limit) in wanted.waiting_tickets {
        waiting_tickets(connection, state, concert_id, after, limit).await?;
    }
    numbered_tickets(connection, state, wanted.numbered_tickets).await?;
    reservations(connection, state, wanted.reservations, Mode::Write).await?;
    seats(connection, state, wanted.seats).await?;
    wallets(connection, state, wanted.wallets).await?;
    active_counts(connection, state, wanted.active_counts).await?;
    active_holds(connection, state, wanted.active_holds).await?;
    inventories(connection, state, wanted.inventories).await?;
    owned_seats(connection, state, wanted.owned_seats).await
}

/// The rows that a statement finds for the keys in its one argument, a JSON array.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    sql: &'static str,
    wanted: &impl Serialize,
) -> Result<Vec<SqliteRow>, StoreError> {
    let wanted = json(wanted)?;
    sqlx::query(sql).bind(wanted).fetch_all(connection).await.map_err(store_error)
}

/// Gives every wanted row to `put`, those that are not there as `None`.
async fn each<K: Ord + Serialize, T>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    wanted: BTreeSet<K>,
    key: fn(&SqliteRow) -> Result<K, StoreError>,
    value: fn(&SqliteRow) -> Result<T, StoreError>,
    put: impl FnMut(K, Option<Stored<T>>),
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    hand_out(&find(connection, sql, &wanted).await?, wanted, key, value, put)
}

async fn queues(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        queue_columns!(),
        ", queues.version, queues.changed_at
         FROM queues
         WHERE queues.concert_id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| state.load_queue(id, row);
    each(connection, sql, wanted, |row| row.id("concert_id"), rows::queue, put).await
}

async fn concerts(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeMap<ConcertId, Mode>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", concerts.version, concerts.changed_at
         FROM concerts
         WHERE concerts.id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| {
        let mode = wanted.get(&id).copied().unwrap_or(Mode::Fact);
        state.load_concert(id, row, mode);
    };
    let ids = wanted.keys().copied().collect();
    each(connection, sql, ids, |row| row.id("id"), rows::concert, put).await
}

async fn schedules(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ScheduleId>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        schedule_columns!(),
        "
         FROM schedules
         WHERE schedules.id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| state.load_schedule(id, row);
    each(connection, sql, wanted, |row| row.id("id"), rows::schedule, put).await
}

async fn reservations(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ReservationId>,
    mode: Mode,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        reservation_columns!(),
        "
         FROM reservations
         WHERE reservations.id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| state.load_reservation(id, row, mode);
    each(connection, sql, wanted, |row| row.id("id"), rows::reservation, put).await
}

async fn seat_maps(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ScheduleId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = concat!(
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id
         FROM seats
         WHERE seats.schedule_id IN (SELECT value FROM json_each(?1))"
    );
    let found = find(connection, sql, &wanted).await?;
    for (id, seats) in grouped(&found, wanted, rows::seat_of_map)? {
        state.load_seat_map(id, seats);
    }
    Ok(())
}

async fn tickets(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<TicketId>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM tickets
         WHERE tickets.id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| state.load_ticket(id, row);
    each(connection, sql, wanted, |row| row.id("id"), rows::ticket, put).await
}

async fn live_tickets(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<(ConcertId, UserId)>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM json_each(?1) AS wanted
         CROSS JOIN tickets
             ON tickets.concert_id = wanted.value ->> 0
             AND tickets.user_id = wanted.value ->> 1
         WHERE tickets.state IN ('waiting', 'active')"
    );
    let key = |row: &SqliteRow| Ok((row.id("concert_id")?, row.id("user_id")?));
    let put = |(concert, user), row| state.load_live_ticket(concert, user, row);
    each(connection, sql, wanted, key, rows::ticket, put).await
}

async fn expiring_tickets(
    connection: &mut SqliteConnection,
    state: &mut State,
    concert_id: ConcertId,
    limit: u32,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM tickets
         WHERE tickets.concert_id = ?1 AND tickets.state = 'active'
         ORDER BY tickets.expires_at, tickets.id
         LIMIT ?2"
    );
    let query = sqlx::query(sql).bind(concert_id.to_string()).bind(limit);
    let found = query.fetch_all(connection).await.map_err(store_error)?;
    let tickets: Result<_, _> = found.iter().map(|row| row.stored(rows::ticket)).collect();
    state.load_expiring_tickets(concert_id, limit, tickets?);
    Ok(())
}

async fn waiting_tickets(
    connection: &mut SqliteConnection,
    state: &mut State,
    concert_id: ConcertId,
    after: u64,
    limit: u32,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        ", presence.seen_at
         FROM tickets
         LEFT JOIN presence ON presence.ticket_id = tickets.id
         WHERE tickets.concert_id = ?1 AND tickets.state = 'waiting' AND tickets.number > ?2
         ORDER BY tickets.number
         LIMIT ?3"
    );
    let query = sqlx::query(sql).bind(concert_id.to_string()).bind(int(after)).bind(limit);
    let found = query.fetch_all(connection).await.map_err(store_error)?;
    let mut tickets = Vec::with_capacity(found.len());
    for row in &found {
        tickets.push((row.stored(rows::ticket)?, row.opt_time("seen_at")?));
    }
    state.load_waiting_tickets(concert_id, after, limit, tickets);
    Ok(())
}

/// The tickets that have these numbers; whoever has none is told too.
async fn numbered_tickets(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<(ConcertId, u64)>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        ", presence.seen_at
         FROM json_each(?1) AS wanted
         CROSS JOIN tickets
             ON tickets.concert_id = wanted.value ->> 0
             AND tickets.number = wanted.value ->> 1
         LEFT JOIN presence ON presence.ticket_id = tickets.id"
    );
    let found = sqlx::query(sql).bind(json(&wanted)?).fetch_all(connection).await;
    let mut tickets = BTreeMap::new();
    for row in &found.map_err(store_error)? {
        let ticket = row.stored(rows::ticket)?;
        let key = (ticket.value.concert_id, ticket.value.number);
        tickets.insert(key, (ticket, row.opt_time("seen_at")?));
    }
    for key in wanted {
        state.load_numbered_ticket(key.0, key.1, tickets.remove(&key));
    }
    Ok(())
}

async fn seats(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<(ScheduleId, u32)>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id
         FROM json_each(?1) AS wanted
         CROSS JOIN seats
             ON seats.schedule_id = wanted.value ->> 0
             AND seats.number = wanted.value ->> 1"
    );
    let key = |row: &SqliteRow| Ok((row.id("schedule_id")?, row.int("number")?));
    let put = |(schedule, number), row| state.load_seat(schedule, number, row);
    each(connection, sql, wanted, key, rows::seat, put).await
}

async fn wallets(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<UserId>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        wallet_columns!(),
        "
         FROM wallets
         WHERE wallets.user_id IN (SELECT value FROM json_each(?1))"
    );
    let put = |id, row| state.load_wallet(id, row);
    each(connection, sql, wanted, |row| row.id("user_id"), rows::wallet, put).await
}
