//! Reads outside transactions: each is one statement, so one snapshot.

use super::super::changes::{int, json};
use super::super::rows::{
    self, Columns, concert_columns, queue_columns, reply_columns, reservation_columns,
    schedule_columns, seat_columns, ticket_columns, transfer_columns, versioned_columns,
    wallet_columns,
};
use super::super::{DueQueue, Page, StoreError, StoredReply};
use super::error::store_error;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Event, ReservationId, ScheduleId, TicketId, Timestamp, UserId};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Sqlite, SqlitePool};

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// The one row that a statement finds, if it finds any.
async fn one<T>(
    readers: &SqlitePool,
    query: Statement<'_>,
    value: fn(&SqliteRow) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let row = query.fetch_optional(readers).await.map_err(store_error)?;
    row.as_ref().map(value).transpose()
}

/// Every row that a statement finds.
async fn all<T>(
    readers: &SqlitePool,
    query: Statement<'_>,
    value: fn(&SqliteRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let found = query.fetch_all(readers).await.map_err(store_error)?;
    found.iter().map(value).collect()
}

pub(super) async fn concerts(
    readers: &SqlitePool,
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
             ?1 IS NULL
             OR (concerts.created_at, concerts.id) < (
                 SELECT last.created_at, last.id FROM concerts AS last WHERE last.id = ?1
             )
         ORDER BY concerts.created_at DESC, concerts.id DESC
         LIMIT ?2"
    );
    let after = page.after.map(|id| id.to_string());
    all(readers, sqlx::query(sql).bind(after).bind(page.limit), rows::concert_and_queue).await
}

pub(super) async fn schedule(
    readers: &SqlitePool,
    id: ScheduleId,
) -> Result<Option<Schedule>, StoreError> {
    let sql = concat!("SELECT ", schedule_columns!(), " FROM schedules WHERE schedules.id = ?1");
    one(readers, sqlx::query(sql).bind(id.to_string()), rows::schedule).await
}

pub(super) async fn schedules(
    readers: &SqlitePool,
    concert_id: ConcertId,
) -> Result<Vec<Schedule>, StoreError> {
    let sql = concat!(
        "SELECT ",
        schedule_columns!(),
        "
         FROM schedules
         WHERE schedules.concert_id = ?1
         ORDER BY schedules.starts_at, schedules.id"
    );
    all(readers, sqlx::query(sql).bind(concert_id.to_string()), rows::schedule).await
}

pub(super) async fn seat_map(
    readers: &SqlitePool,
    id: ScheduleId,
) -> Result<Vec<(u32, Stored<Seat>)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        seat_columns!(),
        " FROM seats WHERE seats.schedule_id = ?1 ORDER BY seats.number"
    );
    all(readers, sqlx::query(sql).bind(id.to_string()), rows::numbered_seat).await
}

pub(super) async fn ticket(
    readers: &SqlitePool,
    id: TicketId,
) -> Result<Option<Ticket>, StoreError> {
    let sql = concat!("SELECT ", ticket_columns!(), " FROM tickets WHERE tickets.id = ?1");
    one(readers, sqlx::query(sql).bind(id.to_string()), rows::ticket).await
}

pub(super) async fn tickets(
    readers: &SqlitePool,
    ids: &[TicketId],
) -> Result<Vec<Stored<Ticket>>, StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM json_each(?1) AS wanted
         INNER JOIN tickets ON tickets.id = wanted.value"
    );
    let ids = json(&ids)?;
    all(readers, sqlx::query(sql).bind(ids), rows::stored_ticket).await
}

pub(super) async fn queue(
    readers: &SqlitePool,
    id: ConcertId,
) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", ",
        queue_columns!(),
        ", ",
        versioned_columns!(),
        "
         FROM concerts
         INNER JOIN queues ON queues.concert_id = concerts.id
         WHERE concerts.id = ?1"
    );
    one(readers, sqlx::query(sql).bind(id.to_string()), rows::versioned).await
}

pub(super) async fn queue_tickets(
    readers: &SqlitePool,
    id: ConcertId,
    after: u64,
    limit: u32,
) -> Result<Vec<Stored<Ticket>>, StoreError> {
    let sql = concat!(
        "SELECT ",
        ticket_columns!(),
        "
         FROM tickets
         WHERE tickets.concert_id = ?1 AND tickets.number > ?2
         ORDER BY tickets.number
         LIMIT ?3"
    );
    let query = sqlx::query(sql).bind(id.to_string()).bind(int(after)).bind(i64::from(limit));
    all(readers, query, rows::stored_ticket).await
}

pub(super) async fn counts(
    readers: &SqlitePool,
    concert_id: ConcertId,
    number: u64,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let sql = "SELECT
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE concert_id = ?1 AND state = 'waiting' AND number < ?2
             ) AS ahead,
             (
                 SELECT count(*) FROM tickets WHERE concert_id = ?1 AND state = 'waiting'
             ) AS waiting,
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE concert_id = ?1 AND state = 'active' AND expires_at > ?3
             ) AS active";
    let query =
        sqlx::query(sql).bind(concert_id.to_string()).bind(int(number)).bind(now.as_millis());
    let counts = one(readers, query, rows::counts).await?.unwrap_or_default();
    Ok(Counts { ticket_number: number, ..counts })
}

pub(super) async fn reservation(
    readers: &SqlitePool,
    id: ReservationId,
) -> Result<Option<Reservation>, StoreError> {
    let sql =
        concat!("SELECT ", reservation_columns!(), " FROM reservations WHERE reservations.id = ?1");
    one(readers, sqlx::query(sql).bind(id.to_string()), rows::reservation).await
}

pub(super) async fn reservations(
    readers: &SqlitePool,
    user: UserId,
    page: Page,
) -> Result<Vec<Reservation>, StoreError> {
    let sql = concat!(
        "SELECT ",
        reservation_columns!(),
        "
         FROM reservations
         WHERE
             reservations.user_id = ?1
             AND (
                 ?2 IS NULL
                 OR (reservations.held_at, reservations.id) < (
                     SELECT last.held_at, last.id FROM reservations AS last WHERE last.id = ?2
                 )
             )
         ORDER BY reservations.held_at DESC, reservations.id DESC
         LIMIT ?3"
    );
    let after = page.after.map(|id| id.to_string());
    let query = sqlx::query(sql).bind(user.to_string()).bind(after).bind(page.limit);
    all(readers, query, rows::reservation).await
}

pub(super) async fn wallet(
    readers: &SqlitePool,
    user: UserId,
) -> Result<Option<Wallet>, StoreError> {
    let sql = concat!("SELECT ", wallet_columns!(), " FROM wallets WHERE wallets.user_id = ?1");
    one(readers, sqlx::query(sql).bind(user.to_string()), rows::wallet).await
}

pub(super) async fn transfers(
    readers: &SqlitePool,
    user: UserId,
    page: Page,
) -> Result<Vec<Transfer>, StoreError> {
    let sql = concat!(
        "SELECT ",
        transfer_columns!(),
        "
         FROM transfers
         WHERE
             transfers.user_id = ?1
             AND (
                 ?2 IS NULL
                 OR transfers.position < (
                     SELECT last.position FROM transfers AS last WHERE last.id = ?2
                 )
             )
         ORDER BY transfers.position DESC
         LIMIT ?3"
    );
    let after = page.after.map(|id| id.to_string());
    let query = sqlx::query(sql).bind(user.to_string()).bind(after).bind(page.limit);
    all(readers, query, rows::transfer).await
}

pub(super) async fn reply(
    readers: &SqlitePool,
    caller: UserId,
    key: &str,
) -> Result<Option<StoredReply>, StoreError> {
    let sql = concat!(
        "SELECT ",
        reply_columns!(),
        " FROM replies WHERE replies.caller = ?1 AND replies.key = ?2"
    );
    one(readers, sqlx::query(sql).bind(caller.to_string()).bind(key.to_owned()), rows::reply).await
}

pub(super) async fn due_queues(
    readers: &SqlitePool,
    now: Timestamp,
) -> Result<Vec<DueQueue>, StoreError> {
    let sql = concat!(
        "SELECT ",
        concert_columns!(),
        ", ",
        queue_columns!(),
        ", head.issued_at AS head_issued_at
         FROM queues
         INNER JOIN concerts ON concerts.id = queues.concert_id
         LEFT JOIN tickets AS head
             ON head.concert_id = queues.concert_id
             AND head.number = (
                 SELECT min(waiting.number)
                 FROM tickets AS waiting
                 WHERE waiting.concert_id = queues.concert_id AND waiting.state = 'waiting'
             )
         WHERE
             concerts.paused = 0
             AND concerts.closed = 0
             AND queues.sold_out = 0
             AND (concerts.prequeue_beacon IS NULL OR queues.draw_seed IS NOT NULL)
             AND (
                 queues.rest_tick_at IS NOT NULL
                 OR (queues.next_tick_at <= ?1 AND head.number IS NOT NULL)
             )
         ORDER BY queues.next_tick_at, queues.concert_id"
    );
    all(readers, sqlx::query(sql).bind(now.as_millis()), rows::due_queue).await
}

pub(super) async fn due_tickets(
    readers: &SqlitePool,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<TicketId>, StoreError> {
    let sql = "SELECT id
         FROM tickets
         WHERE state = 'active' AND expires_at <= ?1
         ORDER BY expires_at, id
         LIMIT ?2";
    all(readers, sqlx::query(sql).bind(now.as_millis()).bind(limit), |row| row.id("id")).await
}

pub(super) async fn due_reservations(
    readers: &SqlitePool,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<ReservationId>, StoreError> {
    let sql = "SELECT id
         FROM reservations
         WHERE state = 'held' AND expires_at <= ?1
         ORDER BY expires_at, id
         LIMIT ?2";
    all(readers, sqlx::query(sql).bind(now.as_millis()).bind(limit), |row| row.id("id")).await
}

/// A page of the journal: after `?1`, at most `?2` events.
const JOURNAL: &str =
    "SELECT position, event FROM journal WHERE position > ?1 ORDER BY position LIMIT ?2";

pub(super) async fn journal(
    readers: &SqlitePool,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Event)>, StoreError> {
    all(readers, sqlx::query(JOURNAL).bind(int(after)).bind(limit), rows::journal_entry).await
}
