//! Writes what changed in a state: for each table one statement for the rows that are new and one for
//! those that were loaded, however many there are. The rows go in as arrays, one for each column; a row
//! that was loaded is written only over the version that was loaded.

use super::super::changes::{Changes, account, expect_touched, subject};
use super::super::{BatchId, JournalEntry, StoreError, StoredReply};
use super::columns::{ReservationColumns, TicketColumns, column};
use super::session::{Session, Statement};
use super::statements as sql;
use super::{int, json};
use frontrow_core::concert::{Concert, Prequeue};
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::queue::{Draw, Queue};
use frontrow_core::seating::Seat;
use frontrow_core::state::Change;
use frontrow_core::{ConcertId, ScheduleId, State, Timestamp, UserId};
use std::num::TryFromIntError;

/// Writes the rows. New schedules come with their seats before any seat is changed, and tickets end
/// before new ones are issued, so that nobody stands in a queue twice.
pub(super) async fn rows(session: &mut Session, state: &State) -> Result<(), StoreError> {
    concerts(session, state).await?;
    queues(session, state).await?;
    schedules(session, state).await?;
    tickets(session, state).await?;
    reservations(session, state).await?;
    seats(session, state).await?;
    wallets(session, state).await
}

/// Runs a statement that must touch every row it is given.
async fn put(session: &mut Session, query: Statement<'_>, rows: usize) -> Result<(), StoreError> {
    expect_touched(session.run(query).await?, rows)
}

fn versions<K, T>(rows: &[Change<'_, K, T>]) -> (Vec<i64>, Vec<i64>) {
    rows.iter().map(|row| (int(row.version), row.changed_at.as_millis())).unzip()
}

fn loaded_versions<K, T>(rows: &[Change<'_, K, T>]) -> Vec<i64> {
    column(rows, |row| int(row.loaded_version))
}

async fn concerts(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.concerts());
    if !loaded.is_empty() {
        let query = bind_concerts(sql::UPDATE_CONCERTS, &loaded).bind(loaded_versions(&loaded));
        put(session, query, loaded.len()).await?;
    }
    if !new.is_empty() {
        put(session, bind_concerts(sql::INSERT_CONCERTS, &new), new.len()).await?;
    }
    Ok(())
}

fn bind_concerts<'q>(sql: &'static str, rows: &[Change<'_, ConcertId, Concert>]) -> Statement<'q> {
    let (versions, changed_at) = versions(rows);
    sqlx::query(sql)
        .bind(column(rows, |row| row.key.0))
        .bind(column(rows, |row| row.value.title.clone()))
        .bind(column(rows, |row| row.value.sale_opens_at.as_millis()))
        .bind(column(rows, |row| i64::from(row.value.admission.interval_seconds)))
        .bind(column(rows, |row| i64::from(row.value.admission.batch_size)))
        .bind(column(rows, |row| i64::from(row.value.admission.active_seconds)))
        .bind(column(rows, |row| row.value.admission.max_active.map(i64::from)))
        .bind(column(rows, |row| i64::from(row.value.admission.lapse_seconds)))
        .bind(column(rows, |row| row.value.admission.inventory_aware))
        .bind(column(rows, |row| i64::from(row.value.holds.hold_seconds)))
        .bind(column(rows, |row| i64::from(row.value.holds.max_seats_per_user)))
        .bind(column(rows, |row| row.value.paused))
        .bind(column(rows, |row| row.value.closed))
        .bind(column(rows, |row| row.value.draining))
        .bind(column(rows, |row| row.value.notice.as_ref().map(|notice| notice.ko.clone())))
        .bind(column(rows, |row| row.value.notice.as_ref().map(|notice| notice.en.clone())))
        .bind(prequeue(rows, |prequeue| Some(prequeue.opens_at.as_millis())))
        .bind(prequeue(rows, |prequeue| Some(prequeue.draw.name())))
        .bind(prequeue(rows, |prequeue| prequeue.beacon.clone()))
        .bind(prequeue(rows, |prequeue| prequeue.seed.map(String::from)))
        .bind(column(rows, |row| row.value.created_at.as_millis()))
        .bind(versions)
        .bind(changed_at)
}

/// A column of the pre-queues of those concerts that have one.
fn prequeue<T>(
    rows: &[Change<'_, ConcertId, Concert>],
    value: impl Fn(&Prequeue) -> Option<T>,
) -> Vec<Option<T>> {
    column(rows, |row| row.value.prequeue.as_ref().and_then(&value))
}

async fn queues(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.queues());
    if !loaded.is_empty() {
        let query = bind_queues(sql::UPDATE_QUEUES, &loaded).bind(loaded_versions(&loaded));
        put(session, query, loaded.len()).await?;
    }
    if !new.is_empty() {
        put(session, bind_queues(sql::INSERT_QUEUES, &new), new.len()).await?;
    }
    Ok(())
}

fn bind_queues<'q>(sql: &'static str, rows: &[Change<'_, ConcertId, Queue>]) -> Statement<'q> {
    let (versions, changed_at) = versions(rows);
    sqlx::query(sql)
        .bind(column(rows, |row| row.key.0))
        .bind(column(rows, |row| int(row.value.next_number)))
        .bind(column(rows, |row| row.value.next_tick_at.as_millis()))
        .bind(column(rows, |row| row.value.rest.map(|rest| rest.tick_at.as_millis())))
        .bind(column(rows, |row| row.value.rest.map(|rest| i64::from(rest.remaining))))
        .bind(column(rows, |row| row.value.sold_out))
        .bind(draw(rows, |draw| Some(int(draw.arrivals))))
        .bind(draw(rows, |draw| Some(String::from(draw.reveal.as_ref()?.seed))))
        .bind(draw(rows, |draw| draw.reveal.as_ref()?.beacon_value.clone()))
        .bind(draw(rows, |draw| Some(int(draw.passed_through))))
        .bind(versions)
        .bind(changed_at)
}

/// A column of the draws of those queues that have one.
fn draw<T>(
    rows: &[Change<'_, ConcertId, Queue>],
    value: impl Fn(&Draw) -> Option<T>,
) -> Vec<Option<T>> {
    column(rows, |row| row.value.draw.as_ref().and_then(&value))
}

/// Schedules never change, so all that changed are new.
async fn schedules(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, .. } = Changes::of(state.schedules());
    if new.is_empty() {
        return Ok(());
    }
    let ids = column(&new, |row| row.key.0);
    let concerts = column(&new, |row| row.value.concert_id.0);
    let totals = column(&new, |row| i64::from(row.value.seats_total()));
    let sections: Result<Vec<_>, _> = new.iter().map(|row| json(&row.value.sections)).collect();
    let (versions, changed_at) = versions(&new);
    let query = sqlx::query(sql::INSERT_SCHEDULES)
        .bind(&ids)
        .bind(&concerts)
        .bind(column(&new, |row| row.value.starts_at.as_millis()))
        .bind(column(&new, |row| row.value.venue.clone()))
        .bind(sections?)
        .bind(&totals)
        .bind(versions)
        .bind(&changed_at);
    put(session, query, new.len()).await?;
    let seats = totals.iter().map(|total| usize::try_from(*total)).sum::<Result<_, _>>();
    let seats = seats.map_err(|error: TryFromIntError| StoreError::Other(error.to_string()))?;
    let query =
        sqlx::query(sql::INSERT_SEATS).bind(ids).bind(concerts).bind(totals).bind(changed_at);
    put(session, query, seats).await
}

async fn tickets(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.tickets());
    if !loaded.is_empty() {
        let columns = TicketColumns::of(&loaded);
        let no_longer_waiting = columns.no_longer_waiting();
        let query = sqlx::query(sql::UPDATE_TICKETS).bind(column(&loaded, |row| row.key.0));
        let query = columns.bind(query).bind(loaded_versions(&loaded));
        put(session, query, loaded.len()).await?;
        if !no_longer_waiting.is_empty() {
            session.run(sqlx::query(sql::DELETE_PRESENCE).bind(no_longer_waiting)).await?;
        }
    }
    if !new.is_empty() {
        let query = sqlx::query(sql::INSERT_TICKETS)
            .bind(column(&new, |row| row.key.0))
            .bind(column(&new, |row| row.value.concert_id.0))
            .bind(column(&new, |row| row.value.user_id.0))
            .bind(column(&new, |row| int(row.value.number)))
            .bind(column(&new, |row| row.value.issued_at.as_millis()));
        put(session, TicketColumns::of(&new).bind(query), new.len()).await?;
    }
    Ok(())
}

async fn reservations(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.reservations());
    if !loaded.is_empty() {
        let query = sqlx::query(sql::UPDATE_RESERVATIONS).bind(column(&loaded, |row| row.key.0));
        let query = ReservationColumns::of(&loaded).bind(query).bind(loaded_versions(&loaded));
        put(session, query, loaded.len()).await?;
    }
    if !new.is_empty() {
        let array = |seats: &[u32]| {
            let seats: Vec<String> = seats.iter().map(u32::to_string).collect();
            format!("{{{}}}", seats.join(","))
        };
        let query = sqlx::query(sql::INSERT_RESERVATIONS)
            .bind(column(&new, |row| row.key.0))
            .bind(column(&new, |row| row.value.concert_id.0))
            .bind(column(&new, |row| row.value.schedule_id.0))
            .bind(column(&new, |row| row.value.user_id.0))
            .bind(column(&new, |row| row.value.ticket_id.0))
            .bind(column(&new, |row| array(&row.value.seats)))
            .bind(column(&new, |row| i64::from(row.value.seat_count())))
            .bind(column(&new, |row| int(row.value.amount.get())))
            .bind(column(&new, |row| row.value.held_at.as_millis()))
            .bind(column(&new, |row| row.value.expires_at.as_millis()));
        put(session, ReservationColumns::of(&new).bind(query), new.len()).await?;
    }
    Ok(())
}

async fn seats(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new: mut rows, loaded } = Changes::of(state.seats());
    rows.extend(loaded);
    if rows.is_empty() {
        return Ok(());
    }
    let reservation = |row: &Change<'_, (ScheduleId, u32), Seat>| match row.value {
        Seat::Free => None,
        Seat::Held { reservation_id, .. } | Seat::Sold { reservation_id } => Some(*reservation_id),
    };
    let held_until = |row: &Change<'_, (ScheduleId, u32), Seat>| match row.value {
        Seat::Held { held_until, .. } => Some(held_until.as_millis()),
        Seat::Free | Seat::Sold { .. } => None,
    };
    let (versions, changed_at) = versions(&rows);
    let query = sqlx::query(sql::UPDATE_SEATS)
        .bind(column(&rows, |row| row.key.0.0))
        .bind(column(&rows, |row| i64::from(row.key.1)))
        .bind(column(&rows, |row| reservation(row).map(|id| id.0)))
        .bind(column(&rows, held_until))
        .bind(column(&rows, |row| matches!(row.value, Seat::Sold { .. })))
        .bind(versions)
        .bind(changed_at)
        .bind(loaded_versions(&rows));
    put(session, query, rows.len()).await
}

async fn wallets(session: &mut Session, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.wallets());
    if !loaded.is_empty() {
        let query = bind_wallets(sql::UPDATE_WALLETS, &loaded).bind(loaded_versions(&loaded));
        put(session, query, loaded.len()).await?;
    }
    if !new.is_empty() {
        put(session, bind_wallets(sql::INSERT_WALLETS, &new), new.len()).await?;
    }
    Ok(())
}

fn bind_wallets<'q>(sql: &'static str, rows: &[Change<'_, UserId, Wallet>]) -> Statement<'q> {
    let (versions, changed_at) = versions(rows);
    sqlx::query(sql)
        .bind(column(rows, |row| row.key.0))
        .bind(column(rows, |row| int(row.value.balance.get())))
        .bind(column(rows, |row| row.value.updated_at.as_millis()))
        .bind(versions)
        .bind(changed_at)
}

pub(super) async fn transfers(session: &mut Session, made: &[Transfer]) -> Result<(), StoreError> {
    if made.is_empty() {
        return Ok(());
    }
    let kind = |transfer: &Transfer| match transfer.kind {
        TransferKind::Charge => ("charge", None),
        TransferKind::Payment { reservation_id, concert_id } => {
            ("payment", Some((reservation_id, concert_id)))
        }
        TransferKind::Refund { reservation_id, concert_id } => {
            ("refund", Some((reservation_id, concert_id)))
        }
    };
    let query = sqlx::query(sql::INSERT_TRANSFERS)
        .bind(column(made, |transfer| transfer.id.0))
        .bind(column(made, |transfer| transfer.user_id.0))
        .bind(column(made, |transfer| kind(transfer).0))
        .bind(column(made, |transfer| kind(transfer).1.map(|about| about.0.0)))
        .bind(column(made, |transfer| kind(transfer).1.map(|about| about.1.0)))
        .bind(column(made, |transfer| account(transfer.debit())))
        .bind(column(made, |transfer| account(transfer.credit())))
        .bind(column(made, |transfer| int(transfer.amount.get())))
        .bind(column(made, |transfer| int(transfer.balance_after.get())))
        .bind(column(made, |transfer| transfer.at.as_millis()));
    put(session, query, made.len()).await
}

pub(super) async fn journal(
    session: &mut Session,
    batch: BatchId,
    entries: &[JournalEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let events: Result<Vec<_>, _> = entries.iter().map(|entry| json(&entry.event)).collect();
    let query = sqlx::query(sql::INSERT_JOURNAL)
        .bind(batch.0)
        .bind(column(entries, |entry| entry.event.at.as_millis()))
        .bind(column(entries, |entry| subject(&entry.event.subject())))
        .bind(column(entries, |entry| int(entry.version)))
        .bind(events?);
    put(session, query, entries.len()).await
}

pub(super) async fn replies(
    session: &mut Session,
    replies: &[StoredReply],
    now: Timestamp,
) -> Result<(), StoreError> {
    if replies.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(sql::INSERT_REPLIES)
        .bind(column(replies, |reply| reply.caller.0))
        .bind(column(replies, |reply| reply.key.clone()))
        .bind(column(replies, |reply| reply.fingerprint.to_vec()))
        .bind(column(replies, |reply| i64::from(reply.status)))
        .bind(column(replies, |reply| reply.content_type.clone()))
        .bind(column(replies, |reply| reply.body.clone()))
        .bind(now.as_millis());
    put(session, query, replies.len()).await
}
