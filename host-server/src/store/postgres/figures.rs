//! Figures that are derived from rows. They are counted when they are asked for, each in a statement
//! that begins after the locks were taken: one that locked and counted would count what was there before
//! it waited.

use super::super::StoreError;
use super::super::rows::Columns;
use super::load::concert_ids;
use super::session::Session;
use frontrow_core::state::{HeldSeats, Inventory};
use frontrow_core::{ConcertId, State, UserId};
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) async fn active_counts(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.concert_id,
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE tickets.concert_id = wanted.concert_id AND tickets.state = 'active'
             ) AS active
         FROM unnest($1::uuid[]) AS wanted (concert_id)";
    let count = |row: &PgRow| Ok((row.id("concert_id")?, row.int("active")?));
    for (concert_id, active) in
        session.all(sqlx::query(sql).bind(concert_ids(&wanted)), count).await?
    {
        state.load_active_count(concert_id, active);
    }
    Ok(())
}

pub(super) async fn active_holds(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             tickets.concert_id,
             tickets.id,
             tickets.hold_expires_at,
             tickets.hold_seats
         FROM tickets
         WHERE
             tickets.concert_id = ANY($1)
             AND tickets.state = 'active'
             AND tickets.hold_reservation_id IS NOT NULL";
    let hold = |row: &PgRow| {
        let held =
            HeldSeats { expires_at: row.time("hold_expires_at")?, seats: row.int("hold_seats")? };
        Ok((row.id("concert_id")?, (row.id("id")?, held)))
    };
    let mut holds: BTreeMap<ConcertId, Vec<_>> =
        wanted.iter().map(|id| (*id, Vec::new())).collect();
    for (concert_id, held) in session.all(sqlx::query(sql).bind(concert_ids(&wanted)), hold).await?
    {
        holds.entry(concert_id).or_default().push(held);
    }
    for (concert_id, holds) in holds {
        state.load_active_holds(concert_id, holds);
    }
    Ok(())
}

pub(super) async fn inventories(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.concert_id,
             (
                 SELECT coalesce(sum(schedules.seats_total), 0)::bigint
                 FROM schedules
                 WHERE schedules.concert_id = wanted.concert_id
             ) AS seats,
             (
                 SELECT count(*)
                 FROM seats
                 WHERE seats.concert_id = wanted.concert_id AND seats.sold
             ) AS sold
         FROM unnest($1::uuid[]) AS wanted (concert_id)";
    let inventory = |row: &PgRow| {
        let inventory = Inventory { seats: row.int("seats")?, sold: row.int("sold")? };
        Ok((row.id("concert_id")?, inventory))
    };
    for (id, inventory) in
        session.all(sqlx::query(sql).bind(concert_ids(&wanted)), inventory).await?
    {
        state.load_inventory(id, inventory);
    }
    Ok(())
}

pub(super) async fn owned_seats(
    session: &mut Session,
    state: &mut State,
    wanted: BTreeSet<(ConcertId, UserId)>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.concert_id,
             wanted.user_id,
             (
                 SELECT coalesce(sum(reservations.seat_count), 0)::bigint
                 FROM reservations
                 WHERE
                     reservations.concert_id = wanted.concert_id
                     AND reservations.user_id = wanted.user_id
                     AND reservations.state = 'confirmed'
             ) AS seats
         FROM unnest($1::uuid[], $2::uuid[]) AS wanted (concert_id, user_id)";
    let (concerts, users): (Vec<Uuid>, Vec<Uuid>) =
        wanted.into_iter().map(|(concert, user)| (concert.0, user.0)).unzip();
    let owned = |row: &PgRow| Ok((row.id("concert_id")?, row.id("user_id")?, row.int("seats")?));
    for (concert_id, user_id, seats) in
        session.all(sqlx::query(sql).bind(concerts).bind(users), owned).await?
    {
        state.load_owned_seats(concert_id, user_id, seats);
    }
    Ok(())
}
