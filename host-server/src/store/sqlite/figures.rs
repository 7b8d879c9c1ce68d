//! Figures that are derived from rows. They are counted when they are asked for: no counter row exists
//! that all bookings of a concert would have to update.

use super::super::StoreError;
use super::super::rows;
use super::super::wanted::grouped;
use super::load::find;
use frontrow_core::{ConcertId, State, UserId};
use sqlx::SqliteConnection;
use std::collections::BTreeSet;

pub(super) async fn active_counts(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.value AS concert_id,
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE tickets.concert_id = wanted.value AND tickets.state = 'active'
             ) AS active
         FROM json_each(?1) AS wanted";
    for row in &find(connection, sql, &wanted).await? {
        let (concert_id, active) = rows::active_count(row)?;
        state.load_active_count(concert_id, active);
    }
    Ok(())
}

pub(super) async fn active_holds(
    connection: &mut SqliteConnection,
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
             tickets.concert_id IN (SELECT value FROM json_each(?1))
             AND tickets.state = 'active'
             AND tickets.hold_reservation_id IS NOT NULL";
    let found = find(connection, sql, &wanted).await?;
    for (concert_id, holds) in grouped(&found, wanted, rows::active_hold)? {
        state.load_active_holds(concert_id, holds);
    }
    Ok(())
}

pub(super) async fn inventories(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<ConcertId>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.value AS concert_id,
             (
                 SELECT coalesce(sum(schedules.seats_total), 0)
                 FROM schedules
                 WHERE schedules.concert_id = wanted.value
             ) AS seats,
             (
                 SELECT count(*)
                 FROM seats
                 WHERE seats.concert_id = wanted.value AND seats.sold = 1
             ) AS sold
         FROM json_each(?1) AS wanted";
    for row in &find(connection, sql, &wanted).await? {
        let (concert_id, inventory) = rows::inventory(row)?;
        state.load_inventory(concert_id, inventory);
    }
    Ok(())
}

pub(super) async fn owned_seats(
    connection: &mut SqliteConnection,
    state: &mut State,
    wanted: BTreeSet<(ConcertId, UserId)>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let sql = "SELECT
             wanted.value ->> 0 AS concert_id,
             wanted.value ->> 1 AS user_id,
             (
                 SELECT coalesce(sum(reservations.seat_count), 0)
                 FROM reservations
                 WHERE
                     reservations.concert_id = wanted.value ->> 0
                     AND reservations.user_id = wanted.value ->> 1
                     AND reservations.state = 'confirmed'
             ) AS seats
         FROM json_each(?1) AS wanted";
    for row in &find(connection, sql, &wanted).await? {
        let ((concert_id, user_id), seats) = rows::owned_seats(row)?;
        state.load_owned_seats(concert_id, user_id, seats);
    }
    Ok(())
}
