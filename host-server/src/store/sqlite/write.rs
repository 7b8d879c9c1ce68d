//! Writes what changed in a state: for each table one statement for the rows that are new and one for
//! those that were loaded, however many there are. The rows go in as a JSON array of what core's own
//! types serialize to; a row that was loaded is written only over the version that was loaded.

use super::super::{JournalEntry, StoreError, StoredReply};
use super::error::store_error;
use super::statements as sql;
use super::{BatchId, json};
use frontrow_core::concert::Schedule;
use frontrow_core::ledger::{Account, Transfer};
use frontrow_core::state::{Change, Table};
use frontrow_core::{Event, Key, State, Timestamp, UserId};
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

impl<'a, K, T> From<Change<'a, K, T>> for ChangedRow<K, &'a T> {
    fn from(change: Change<'a, K, T>) -> Self {
        let Change { key, value, version, loaded_version, changed_at } = change;
        Self { key, row: value, version, loaded_version, changed_at }
    }
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

/// Rows of one table that are new, and rows that were loaded.
struct Changes<'a, K, T> {
    new: Vec<ChangedRow<K, &'a T>>,
    loaded: Vec<ChangedRow<K, &'a T>>,
}

impl<'a, K: Copy + Eq + Hash + Ord, T> Changes<'a, K, T> {
    fn of(table: &'a Table<K, T>) -> Self {
        let mut changes: Vec<ChangedRow<K, &T>> = table.changes().map(ChangedRow::from).collect();
        changes.sort_unstable_by_key(|change| change.key);
        let (new, loaded) = changes.into_iter().partition(|change| change.loaded_version == 0);
        Self { new, loaded }
    }
}

/// Writes the rows. New schedules come with their seats before any seat is changed, and tickets end
/// before new ones are issued, so that nobody stands in a queue twice.
pub(super) async fn rows(
    connection: &mut SqliteConnection,
    state: &State,
) -> Result<(), StoreError> {
    let concerts = Changes::of(state.concerts());
    put(connection, sql::UPDATE_CONCERTS, &concerts.loaded).await?;
    put(connection, sql::INSERT_CONCERTS, &concerts.new).await?;
    let queues = Changes::of(state.queues());
    put(connection, sql::UPDATE_QUEUES, &queues.loaded).await?;
    put(connection, sql::INSERT_QUEUES, &queues.new).await?;
    new_schedules(connection, state).await?;
    let tickets = Changes::of(state.tickets());
    put(connection, sql::UPDATE_TICKETS, &tickets.loaded).await?;
    put(connection, sql::INSERT_TICKETS, &tickets.new).await?;
    run(connection, sql::DELETE_PRESENCE, &tickets.loaded).await?;
    let reservations = Changes::of(state.reservations());
    put(connection, sql::UPDATE_RESERVATIONS, &reservations.loaded).await?;
    put(connection, sql::INSERT_RESERVATIONS, &reservations.new).await?;
    let Changes { mut new, loaded } = Changes::of(state.seats());
    new.extend(loaded);
    put(connection, sql::UPDATE_SEATS, &new).await?;
    let wallets = Changes::of(state.wallets());
    put(connection, sql::UPDATE_WALLETS, &wallets.loaded).await?;
    put(connection, sql::INSERT_WALLETS, &wallets.new).await
}

/// Schedules never change, so all that changed are new.
async fn new_schedules(connection: &mut SqliteConnection, state: &State) -> Result<(), StoreError> {
    let new = Changes::of(state.schedules()).new;
    let schedules: Vec<_> = new.into_iter().map(ChangedRow::with_seats_total).collect();
    put(connection, sql::INSERT_SCHEDULES, &schedules).await?;
    run(connection, sql::INSERT_SEATS, &schedules).await?;
    Ok(())
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

/// Runs a statement that must touch every row it is given, or somebody else was there first.
async fn put<R: Serialize>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    rows: &[R],
) -> Result<(), StoreError> {
    let touched = run(connection, sql, rows).await?;
    if touched == rows.len() as u64 {
        return Ok(());
    }
    let missed = rows.len() as u64 - touched.min(rows.len() as u64);
    Err(StoreError::Conflict(format!("{missed} rows are not as they were loaded")))
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

fn account(account: Account) -> String {
    match account {
        Account::Charges => "charges".to_owned(),
        Account::Wallet(id) => format!("wallet:{id}"),
        Account::Revenue(id) => format!("revenue:{id}"),
    }
}

/// The row that an event is about, for people and for searching the journal.
fn subject(key: &Key) -> String {
    match key {
        Key::Queue(id) => format!("queue:{id}"),
        Key::Concert(id, _) => format!("concert:{id}"),
        Key::Schedule(id) => format!("schedule:{id}"),
        Key::Ticket(id) => format!("ticket:{id}"),
        Key::Reservation(id) | Key::ReservationFacts(id) => format!("reservation:{id}"),
        Key::Seat(schedule_id, number) => format!("seat:{schedule_id}:{number}"),
        Key::Wallet(id) => format!("wallet:{id}"),
        other => unreachable!("no event is about {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}
