//! Writes what changed in a state: for each table one statement for the rows that are new and one for
//! those that were loaded, however many there are. The rows go in as a JSON array of what core's own
//! types serialize to; a row that was loaded is written only over the version that was loaded.

use super::super::changes::{Changes, account, expect_touched, json, subject};
use super::super::{BatchId, JournalEntry, StoreError, StoredReply};
use super::error::store_error;
use super::statements as sql;
use frontrow_core::concert::Schedule;
use frontrow_core::ledger::Transfer;
use frontrow_core::state::{Change, Table};
use frontrow_core::{Event, State, Timestamp, UserId};
use serde::Serialize;
use sqlx::SqliteConnection;
use std::fmt::Write as _;
use std::hash::Hash;

/// A changed row, as the statements read it.
#[derive(Serialize)]
struct ChangedRow<K, T> {
    key: K,
    row: T,
    version: u64,
    loaded_version: u64,
    changed_at: Timestamp,
}

fn changed<'a, K: Copy, T>(changes: &[Change<'a, K, T>]) -> Vec<ChangedRow<K, &'a T>> {
    let row = |change: &Change<'a, K, T>| {
        let Change { key, value: row, version, loaded_version, changed_at } = *change;
        ChangedRow { key, row, version, loaded_version, changed_at }
    };
    changes.iter().map(row).collect()
}

#[derive(Serialize)]
struct ScheduleRow<'a> {
    #[serde(flatten)]
    schedule: &'a Schedule,
    seats_total: u32,
}

impl<'a, K> ChangedRow<K, &'a Schedule> {
    fn with_seats_total(self) -> ChangedRow<K, ScheduleRow<'a>> {
        let Self { key, row: schedule, version, loaded_version, changed_at } = self;
        let row = ScheduleRow { schedule, seats_total: schedule.seats_total() };
        ChangedRow { key, row, version, loaded_version, changed_at }
    }
}

#[derive(Serialize)]
struct TransferRow<'a> {
    #[serde(flatten)]
    transfer: &'a Transfer,
    debit: String,
    credit: String,
}

#[derive(Serialize)]
struct JournalRow<'a> {
    subject: String,
    version: u64,
    event: &'a Event,
}

impl<'a> From<&'a Transfer> for TransferRow<'a> {
    fn from(transfer: &'a Transfer) -> Self {
        let (debit, credit) = (account(transfer.debit()), account(transfer.credit()));
        Self { transfer, debit, credit }
    }
}

impl<'a> From<&'a JournalEntry> for JournalRow<'a> {
    fn from(entry: &'a JournalEntry) -> Self {
        let JournalEntry { event, version } = entry;
        Self { subject: subject(&event.subject()), version: *version, event }
    }
}

/// Bytes are written in hexadecimal: JSON has no bytes.
#[derive(Serialize)]
struct ReplyRow<'a> {
    caller: UserId,
    key: &'a str,
    fingerprint: String,
    status: u16,
    content_type: &'a str,
    body: String,
}

impl<'a> From<&'a StoredReply> for ReplyRow<'a> {
    fn from(reply: &'a StoredReply) -> Self {
        Self {
            caller: reply.caller,
            key: &reply.key,
            fingerprint: hex(&reply.fingerprint),
            status: reply.status,
            content_type: &reply.content_type,
            body: hex(&reply.body),
        }
    }
}

/// Writes the rows. New schedules come with their seats before any seat is changed, and tickets end
/// before new ones are issued, so that nobody stands in a queue twice.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    state: &State,
) -> Result<(), StoreError> {
    table(connection, sql::UPDATE_CONCERTS, sql::INSERT_CONCERTS, state.concerts()).await?;
    table(connection, sql::UPDATE_QUEUES, sql::INSERT_QUEUES, state.queues()).await?;
    schedules(connection, state).await?;
    tickets(connection, state).await?;
    let reservations = state.reservations();
    table(connection, sql::UPDATE_RESERVATIONS, sql::INSERT_RESERVATIONS, reservations).await?;
    let Changes { new: mut seats, loaded } = Changes::of(state.seats());
    seats.extend(loaded);
    put(connection, sql::UPDATE_SEATS, &changed(&seats)).await?;
    table(connection, sql::UPDATE_WALLETS, sql::INSERT_WALLETS, state.wallets()).await
}

/// Writes the rows of a table that were loaded, then those that are new.
async fn table<K: Copy + Eq + Hash + Ord + Serialize, T: Serialize>(
    connection: &mut SqliteConnection,
    update: &'static str,
    insert: &'static str,
    table: &Table<K, T>,
) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(table);
    put(connection, update, &changed(&loaded)).await?;
    put(connection, insert, &changed(&new)).await
}

/// Schedules never change, so all that changed are new.
async fn schedules(connection: &mut SqliteConnection, state: &State) -> Result<(), StoreError> {
    let Changes { new, .. } = Changes::of(state.schedules());
    let rows: Vec<_> = changed(&new).into_iter().map(ChangedRow::with_seats_total).collect();
    put(connection, sql::INSERT_SCHEDULES, &rows).await?;
    run(connection, sql::INSERT_SEATS, &rows).await?;
    Ok(())
}

async fn tickets(connection: &mut SqliteConnection, state: &State) -> Result<(), StoreError> {
    let Changes { new, loaded } = Changes::of(state.tickets());
    let loaded = changed(&loaded);
    put(connection, sql::UPDATE_TICKETS, &loaded).await?;
    run(connection, sql::DELETE_PRESENCE, &loaded).await?;
    put(connection, sql::INSERT_TICKETS, &changed(&new)).await
}

pub(super) async fn transfers(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> Result<(), StoreError> {
    let rows: Vec<_> = transfers.iter().map(TransferRow::from).collect();
    put(connection, sql::INSERT_TRANSFERS, &rows).await
}

pub(super) async fn journal(
    connection: &mut SqliteConnection,
    batch: BatchId,
    entries: &[JournalEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = entries.iter().map(JournalRow::from).collect();
    let query = sqlx::query(sql::INSERT_JOURNAL).bind(json(&rows)?).bind(batch.0.to_string());
    query.execute(connection).await.map_err(store_error)?;
    Ok(())
}

pub(super) async fn replies(
    connection: &mut SqliteConnection,
    replies: &[StoredReply],
    now: Timestamp,
) -> Result<(), StoreError> {
    if replies.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = replies.iter().map(ReplyRow::from).collect();
    let query = sqlx::query(sql::INSERT_REPLIES).bind(json(&rows)?).bind(now.as_millis());
    query.execute(connection).await.map_err(store_error)?;
    Ok(())
}

/// Runs a statement that must touch every row it is given.
async fn put<R: Serialize>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    rows: &[R],
) -> Result<(), StoreError> {
    expect_touched(run(connection, sql, rows).await?, rows.len())
}

/// Runs a statement over rows, unless there are none; how many it touched.
async fn run<R: Serialize>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    rows: &[R],
) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sqlx::query(sql).bind(json(&rows)?);
    Ok(query.execute(connection).await.map_err(store_error)?.rows_affected())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}

/// The batch itself.
pub(super) async fn batch(
    connection: &mut SqliteConnection,
    batch: BatchId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = sqlx::query("INSERT INTO batches (id, begun_at) VALUES (?1, ?2)")
        .bind(batch.0.to_string())
        .bind(now.as_millis());
    query.execute(connection).await.map(|_| ()).map_err(store_error)
}
