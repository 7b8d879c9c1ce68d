//! Figures that are derived from rows. They are counted when they are asked for, each in a statement
//! that begins after the locks were taken: one that locked and counted would count what was there before
//! it waited.

use super::super::StoreError;
use super::super::rows;
use super::super::wanted::grouped;
use super::load::concert_ids;
use super::session::Session;
use frontrow_core::{ConcertId, State, UserId};
use std::collections::BTreeSet;
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
    let query = sqlx::query(sql).bind(concert_ids(&wanted));
    for (concert_id, active) in session.all(query, rows::active_count).await? {
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
    let found = session.rows(sqlx::query(sql).bind(concert_ids(&wanted))).await?;
    for (concert_id, holds) in grouped(&found, wanted, rows::active_hold)? {
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
    let query = sqlx::query(sql).bind(concert_ids(&wanted));
    for (id, inventory) in session.all(query, rows::inventory).await? {
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
    let query = sqlx::query(sql).bind(concerts).bind(users);
    for ((concert_id, user_id), seats) in session.all(query, rows::owned_seats).await? {
        state.load_owned_seats(concert_id, user_id, seats);
    }
    Ok(())
}
