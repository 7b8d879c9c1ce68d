//! Puts together what writes a batch: for each table one part for the rows that are new and one for those
//! that were loaded, however many there are. The rows go in as arrays, one for each column; a row that was
//! loaded is written only over the version that was loaded.

use super::super::changes::{Changes, account, subject};
use super::super::{BatchId, JournalEntry, StoreError, StoredReply};
use super::columns::{ReservationColumns, TicketColumns, column};
use super::statements as sql;
use super::writing::Writing;
use super::{int, json};
use frontrow_core::concert::{Concert, Prequeue};
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::queue::{Draw, Queue};
use frontrow_core::seating::Seat;
use frontrow_core::state::Change;
use frontrow_core::{ConcertId, ScheduleId, State, Timestamp, UserId};
use uuid::Uuid;

/// Concerts, their queues and schedules. New schedules come with their seats, which a statement of their own must
/// have made before any of them is changed.
pub(super) fn sales(writing: &mut Writing, state: &State) -> Result<(), StoreError> {
    concerts(writing, state);
    queues(writing, state);
    schedules(writing, state)
}

/// People and what they have, in the order of locks. Tickets end before new ones are issued, so that nobody stands
/// in a queue twice.
pub(super) fn bookings(writing: &mut Writing, state: &State) {
    tickets(writing, state);
    reservations(writing, state);
    seats(writing, state);
    wallets(writing, state);
}

fn versions<K, T>(rows: &[Change<'_, K, T>]) -> (Vec<i64>, Vec<i64>) {
    rows.iter().map(|row| (int(row.version), row.changed_at.as_millis())).unzip()
}

fn loaded_versions<K, T>(rows: &[Change<'_, K, T>]) -> Vec<i64> {
    column(rows, |row| int(row.loaded_version))
}

fn concerts(writing: &mut Writing, state: &State) {
    let Changes { new, loaded } = Changes::of(state.concerts());
    if !loaded.is_empty() {
        let part = writing.part("changed_concerts", sql::UPDATE_CONCERTS, loaded.len());
        bind_concerts(part, &loaded).bind(loaded_versions(&loaded));
    }
    if !new.is_empty() {
        bind_concerts(writing.part("new_concerts", sql::INSERT_CONCERTS, new.len()), &new);
    }
}

fn bind_concerts<'w>(
    part: &'w mut Writing,
    rows: &[Change<'_, ConcertId, Concert>],
) -> &'w mut Writing {
    let (versions, changed_at) = versions(rows);
    part.bind(column(rows, |row| row.key.0))
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

fn queues(writing: &mut Writing, state: &State) {
    let Changes { new, loaded } = Changes::of(state.queues());
    if !loaded.is_empty() {
        let part = writing.part("changed_queues", sql::UPDATE_QUEUES, loaded.len());
        bind_queues(part, &loaded).bind(loaded_versions(&loaded));
    }
    if !new.is_empty() {
        bind_queues(writing.part("new_queues", sql::INSERT_QUEUES, new.len()), &new);
    }
}

fn bind_queues<'w>(
    part: &'w mut Writing,
    rows: &[Change<'_, ConcertId, Queue>],
) -> &'w mut Writing {
    let (versions, changed_at) = versions(rows);
    part.bind(column(rows, |row| row.key.0))
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
fn schedules(writing: &mut Writing, state: &State) -> Result<(), StoreError> {
    let Changes { new, .. } = Changes::of(state.schedules());
    if new.is_empty() {
        return Ok(());
    }
    let ids = column(&new, |row| row.key.0);
    let concerts = column(&new, |row| row.value.concert_id.0);
    let totals = column(&new, |row| i64::from(row.value.seats_total()));
    let sections: Result<Vec<_>, _> = new.iter().map(|row| json(&row.value.sections)).collect();
    let (versions, changed_at) = versions(&new);
    writing
        .part("new_schedules", sql::INSERT_SCHEDULES, new.len())
        .bind(&ids)
        .bind(&concerts)
        .bind(column(&new, |row| row.value.starts_at.as_millis()))
        .bind(column(&new, |row| row.value.venue.clone()))
        .bind(sections?)
        .bind(&totals)
        .bind(versions)
        .bind(&changed_at);
    let seats = new.iter().map(|row| row.value.seats_total() as usize).sum();
    writing
        .part("new_seats", sql::INSERT_SEATS, seats)
        .bind(ids)
        .bind(concerts)
        .bind(totals)
        .bind(changed_at);
    Ok(())
}

fn tickets(writing: &mut Writing, state: &State) {
    let Changes { new, loaded } = Changes::of(state.tickets());
    if !loaded.is_empty() {
        let columns = TicketColumns::of(&loaded);
        let no_longer_waiting = columns.no_longer_waiting();
        let part = writing.part("changed_tickets", sql::UPDATE_TICKETS, loaded.len());
        columns.bind(part.bind(column(&loaded, |row| row.key.0))).bind(loaded_versions(&loaded));
        if !no_longer_waiting.is_empty() {
            let part = writing.part_at_will("no_longer_seen", sql::DELETE_PRESENCE);
            part.bind(no_longer_waiting);
        }
    }
    if !new.is_empty() {
        let part = writing
            .part("new_tickets", sql::INSERT_TICKETS, new.len())
            .bind(column(&new, |row| row.key.0))
            .bind(column(&new, |row| row.value.concert_id.0))
            .bind(column(&new, |row| row.value.user_id.0))
            .bind(column(&new, |row| int(row.value.number)))
            .bind(column(&new, |row| row.value.issued_at.as_millis()));
        TicketColumns::of(&new).bind(part);
    }
}

fn reservations(writing: &mut Writing, state: &State) {
    let Changes { new, loaded } = Changes::of(state.reservations());
    if !loaded.is_empty() {
        let part = writing.part("changed_reservations", sql::UPDATE_RESERVATIONS, loaded.len());
        let part =
            ReservationColumns::of(&loaded).bind(part.bind(column(&loaded, |row| row.key.0)));
        part.bind(loaded_versions(&loaded));
    }
    if !new.is_empty() {
        let array = |seats: &[u32]| {
            let seats: Vec<String> = seats.iter().map(u32::to_string).collect();
            format!("{{{}}}", seats.join(","))
        };
        let part = writing
            .part("new_reservations", sql::INSERT_RESERVATIONS, new.len())
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
        ReservationColumns::of(&new).bind(part);
    }
}

fn seats(writing: &mut Writing, state: &State) {
    let Changes { new: mut rows, loaded } = Changes::of(state.seats());
    rows.extend(loaded);
    if rows.is_empty() {
        return;
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
    writing
        .part("changed_seats", sql::UPDATE_SEATS, rows.len())
        .bind(column(&rows, |row| row.key.0.0))
        .bind(column(&rows, |row| i64::from(row.key.1)))
        .bind(column(&rows, |row| reservation(row).map(|id| id.0)))
        .bind(column(&rows, held_until))
        .bind(column(&rows, |row| matches!(row.value, Seat::Sold { .. })))
        .bind(versions)
        .bind(changed_at)
        .bind(loaded_versions(&rows));
}

fn wallets(writing: &mut Writing, state: &State) {
    let Changes { new, loaded } = Changes::of(state.wallets());
    if !loaded.is_empty() {
        let part = writing.part("changed_wallets", sql::UPDATE_WALLETS, loaded.len());
        bind_wallets(part, &loaded).bind(loaded_versions(&loaded));
    }
    if !new.is_empty() {
        bind_wallets(writing.part("new_wallets", sql::INSERT_WALLETS, new.len()), &new);
    }
}

fn bind_wallets<'w>(part: &'w mut Writing, rows: &[Change<'_, UserId, Wallet>]) -> &'w mut Writing {
    let (versions, changed_at) = versions(rows);
    part.bind(column(rows, |row| row.key.0))
        .bind(column(rows, |row| int(row.value.balance.get())))
        .bind(column(rows, |row| row.value.updated_at.as_millis()))
        .bind(versions)
        .bind(changed_at)
}

pub(super) fn transfers(writing: &mut Writing, made: &[Transfer]) {
    if made.is_empty() {
        return;
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
    writing
        .part("new_transfers", sql::INSERT_TRANSFERS, made.len())
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
}

pub(super) fn journal(
    writing: &mut Writing,
    batch: BatchId,
    entries: &[JournalEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let events: Result<Vec<_>, _> = entries.iter().map(|entry| json(&entry.event)).collect();
    writing
        .part("new_journal", sql::INSERT_JOURNAL, entries.len())
        .bind(batch.0)
        .bind(column(entries, |entry| entry.event.at.as_millis()))
        .bind(column(entries, |entry| entry.event.kind.name()))
        .bind(column(entries, |entry| subject(&entry.event.subject())))
        .bind(column(entries, |entry| int(entry.version)))
        .bind(events?);
    Ok(())
}

pub(super) fn replies(writing: &mut Writing, replies: &[StoredReply], now: Timestamp) {
    if replies.is_empty() {
        return;
    }
    writing
        .part("new_replies", sql::INSERT_REPLIES, replies.len())
        .bind(column(replies, |reply| reply.caller.0))
        .bind(column(replies, |reply| reply.key.clone()))
        .bind(column(replies, |reply| reply.fingerprint.to_vec()))
        .bind(column(replies, |reply| i64::from(reply.status)))
        .bind(column(replies, |reply| reply.content_type.clone()))
        .bind(column(replies, |reply| reply.body.clone()))
        .bind(now.as_millis());
}

/// The batch itself; last, so that it is stored if and only if all the rest is.
pub(super) fn batch(writing: &mut Writing, batch: BatchId, now: Timestamp) {
    writing.part("stored_batch", sql::INSERT_BATCH, 1).bind(batch.0).bind(now.as_millis());
}

/// That queues which change do so by policies that are as they were read.
pub(super) fn policies(writing: &mut Writing, state: &State) {
    let read = |change: Change<'_, ConcertId, Queue>| {
        (change.key.0, int(state.concerts().version(change.key)))
    };
    let (concerts, versions): (Vec<Uuid>, Vec<i64>) = state.queues().changes().map(read).unzip();
    if !concerts.is_empty() {
        let part = writing.part("kept_policies", sql::KEEP_POLICIES, concerts.len());
        part.bind(concerts).bind(versions);
    }
}
