//! Reads outside transactions: each is one statement, so one snapshot.

use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reply_columns, reservation_columns,
    schedule_columns, seat_columns, ticket_columns, transfer_columns, versioned_columns,
    wallet_columns,
};
use super::super::{DueQueue, Page, StoreError, StoredReply};
use super::int;
use super::pools::Pools;
use super::session::Statement;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Event, ReservationId, ScheduleId, TicketId, Timestamp, UserId};
use sqlx::postgres::PgRow;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The one row that a statement finds, if it finds any.
async fn one<T>(
    pools: &Pools,
    query: Statement<'_>,
    value: fn(&PgRow) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    pools.reader().await?.one(query, value).await
}

/// Every row that a statement finds.
async fn all<T>(
    pools: &Pools,
    query: Statement<'_>,
    value: fn(&PgRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    pools.reader().await?.all(query, value).await
}

pub(super) async fn concerts(
    pools: &Pools,
    page: Page,
) -> Result<Vec<(Concert, Queue)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", ",
        queue_columns!(),
        "
         FROM concerts
         INNER JOIN queues ON queues.concert_id = concerts.id
         WHERE
             $1::uuid IS NULL
             OR (concerts.created_at, concerts.id) < (
                 SELECT last.created_at, last.id FROM concerts AS last WHERE last.id = $1
             )
         ORDER BY concerts.created_at DESC, concerts.id DESC
         LIMIT $2"
    );
    let query = sqlx::query(sql).bind(page.after).bind(i64::from(page.limit));
    all(pools, query, rows::concert_and_queue).await
}

pub(super) async fn schedule(
    pools: &Pools,
    id: ScheduleId,
) -> Result<Option<Schedule>, StoreError> {
    let sql = concat!("SELECT ", schedule_columns!(), " FROM schedules WHERE schedules.id = $1");
    one(pools, sqlx::query(sql).bind(id.0), rows::schedule).await
}

pub(super) async fn schedules(
    pools: &Pools,
    concert_id: ConcertId,
) -> Result<Vec<Schedule>, StoreError> {
    let sql = concat!(
        "SELECT ",
        schedule_columns!(),
        "
         FROM schedules
         WHERE schedules.concert_id = $1
         ORDER BY schedules.starts_at, schedules.id"
    );
    all(pools, sqlx::query(sql).bind(concert_id.0), rows::schedule).await
}

pub(super) async fn seat_map(
    pools: &Pools,
    id: ScheduleId,
) -> Result<Vec<(u32, Stored<Seat>)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        seat_columns!(),
        " FROM seats WHERE seats.schedule_id = $1 ORDER BY seats.number"
    );
    all(pools, sqlx::query(sql).bind(id.0), rows::numbered_seat).await
}

pub(super) async fn seats(
    pools: &Pools,
    wanted: &BTreeSet<(ScheduleId, u32)>,
) -> Result<Vec<((ScheduleId, u32), Stored<Seat>)>, StoreError> {
    let sql = concat!(
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
    let seat = |row: &PgRow| {
        let (number, seat) = rows::numbered_seat(row)?;
        Ok(((row.id("schedule_id")?, number), seat))
    };
    all(pools, sqlx::query(sql).bind(schedules).bind(numbers), seat).await
}

pub(super) async fn ticket(pools: &Pools, id: TicketId) -> Result<Option<Ticket>, StoreError> {
    let sql = concat!("SELECT ", ticket_columns!(), " FROM tickets WHERE tickets.id = $1");
    one(pools, sqlx::query(sql).bind(id.0), rows::ticket).await
}

pub(super) async fn tickets(
    pools: &Pools,
    ids: &[TicketId],
) -> Result<Vec<Stored<Ticket>>, StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM unnest($1::uuid[]) AS wanted (id)
         INNER JOIN tickets ON tickets.id = wanted.id"
    );
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    all(pools, sqlx::query(sql).bind(ids), rows::stored_ticket).await
}

/// Concerts and their queues with their versions.
pub(super) const VERSIONED_BY_ID: &str = concat!(
    "SELECT ",
    concert_columns!(),
    ", ",
    queue_columns!(),
    ", ",
    versioned_columns!(),
    "
     FROM concerts
     INNER JOIN queues ON queues.concert_id = concerts.id
     WHERE concerts.id = ANY($1)"
);

pub(super) async fn queue(
    pools: &Pools,
    id: ConcertId,
) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError> {
    one(pools, sqlx::query(VERSIONED_BY_ID).bind([id.0]), rows::versioned).await
}

pub(super) async fn queue_tickets(
    pools: &Pools,
    id: ConcertId,
    after: u64,
    limit: u32,
) -> Result<Vec<Stored<Ticket>>, StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM tickets
         WHERE tickets.concert_id = $1 AND tickets.number > $2
         ORDER BY tickets.number
         LIMIT $3"
    );
    let query = sqlx::query(sql).bind(id.0).bind(int(after)).bind(i64::from(limit));
    all(pools, query, rows::stored_ticket).await
}

pub(super) async fn counts(
    pools: &Pools,
    concert_id: ConcertId,
    number: u64,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let sql = "SELECT
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE concert_id = $1 AND state = 'waiting' AND number < $2
             ) AS ahead,
             (
                 SELECT count(*) FROM tickets WHERE concert_id = $1 AND state = 'waiting'
             ) AS waiting,
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE concert_id = $1 AND state = 'active' AND expires_at > $3
             ) AS active";
    let query = sqlx::query(sql).bind(concert_id.0).bind(int(number)).bind(now.as_millis());
    let counts = one(pools, query, rows::counts).await?.unwrap_or_default();
    Ok(Counts { ticket_number: number, ..counts })
}

pub(super) async fn reservation(
    pools: &Pools,
    id: ReservationId,
) -> Result<Option<Reservation>, StoreError> {
    let sql =
        concat!("SELECT ", reservation_columns!(), " FROM reservations WHERE reservations.id = $1");
    one(pools, sqlx::query(sql).bind(id.0), rows::reservation).await
}

pub(super) async fn reservations(
    pools: &Pools,
    user: UserId,
    page: Page,
) -> Result<Vec<Reservation>, StoreError> {
    let sql = concat!(
        "SELECT ",
        reservation_columns!(),
        "
         FROM reservations
         WHERE
             reservations.user_id = $1
             AND (
                 $2::uuid IS NULL
                 OR (reservations.held_at, reservations.id) < (
                     SELECT last.held_at, last.id FROM reservations AS last WHERE last.id = $2
                 )
             )
         ORDER BY reservations.held_at DESC, reservations.id DESC
         LIMIT $3"
    );
    let query = sqlx::query(sql).bind(user.0).bind(page.after).bind(i64::from(page.limit));
    all(pools, query, rows::reservation).await
}

pub(super) async fn wallet(pools: &Pools, user: UserId) -> Result<Option<Wallet>, StoreError> {
    let sql = concat!("SELECT ", wallet_columns!(), " FROM wallets WHERE wallets.user_id = $1");
    one(pools, sqlx::query(sql).bind(user.0), rows::wallet).await
}

pub(super) async fn transfers(
    pools: &Pools,
    user: UserId,
    page: Page,
) -> Result<Vec<Transfer>, StoreError> {
    let sql = concat!(
        "SELECT ",
        transfer_columns!(),
        "
         FROM transfers
         WHERE
             transfers.user_id = $1
             AND (
                 $2::uuid IS NULL
                 OR transfers.position < (
                     SELECT last.position FROM transfers AS last WHERE last.id = $2
                 )
             )
         ORDER BY transfers.position DESC
         LIMIT $3"
    );
    let query = sqlx::query(sql).bind(user.0).bind(page.after).bind(i64::from(page.limit));
    all(pools, query, rows::transfer).await
}

pub(super) async fn reply(
    pools: &Pools,
    caller: UserId,
    key: &str,
) -> Result<Option<StoredReply>, StoreError> {
    let sql = concat!(
        "SELECT ",
        reply_columns!(),
        " FROM replies WHERE replies.caller = $1 AND replies.key = $2"
    );
    one(pools, sqlx::query(sql).bind(caller.0).bind(key.to_owned()), rows::reply).await
}

/// Passes over nothing: in a busy sale a queue is locked by somebody at nearly every moment.
pub(super) async fn due_queues(pools: &Pools, now: Timestamp) -> Result<Vec<DueQueue>, StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", ",
        queue_columns!(),
        ", head.issued_at AS head_issued_at
         FROM queues
         INNER JOIN concerts ON concerts.id = queues.concert_id
         LEFT JOIN LATERAL (
             SELECT tickets.issued_at
             FROM tickets
             WHERE tickets.concert_id = queues.concert_id AND tickets.state = 'waiting'
             ORDER BY tickets.number
             LIMIT 1
         ) AS head ON true
         WHERE
             NOT concerts.paused
             AND NOT concerts.closed
             AND NOT queues.sold_out
             AND (concerts.prequeue_beacon IS NULL OR queues.draw_seed IS NOT NULL)
             AND (
                 queues.rest_tick_at IS NOT NULL
                 OR (queues.next_tick_at <= $1 AND head.issued_at IS NOT NULL)
             )
         ORDER BY queues.next_tick_at, queues.concert_id"
    );
    all(pools, sqlx::query(sql).bind(now.as_millis()), rows::due_queue).await
}

/// Passes over those that another replica is writing, perhaps because they are due.
pub(super) async fn due_tickets(
    pools: &Pools,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<TicketId>, StoreError> {
    let sql = "SELECT id
         FROM tickets
         WHERE state = 'active' AND expires_at <= $1
         ORDER BY expires_at, id
         LIMIT $2
         FOR SHARE SKIP LOCKED";
    let query = sqlx::query(sql).bind(now.as_millis()).bind(i64::from(limit));
    all(pools, query, |row| row.id("id")).await
}

/// As [`due_tickets`].
pub(super) async fn due_reservations(
    pools: &Pools,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<ReservationId>, StoreError> {
    let sql = "SELECT id
         FROM reservations
         WHERE state = 'held' AND expires_at <= $1
         ORDER BY expires_at, id
         LIMIT $2
         FOR SHARE SKIP LOCKED";
    let query = sqlx::query(sql).bind(now.as_millis()).bind(i64::from(limit));
    all(pools, query, |row| row.id("id")).await
}

/// A page of the journal: after `$1`, at most `$2` events.
const JOURNAL: &str =
    "SELECT position, event FROM journal WHERE position > $1 ORDER BY position LIMIT $2";

pub(super) async fn journal(
    pools: &Pools,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Event)>, StoreError> {
    let query = sqlx::query(JOURNAL).bind(int(after)).bind(i64::from(limit));
    all(pools, query, rows::journal_entry).await
}
