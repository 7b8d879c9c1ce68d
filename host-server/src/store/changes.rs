//! What changed in a table of a state, as an adapter writes it, and how values are written: JSON and
//! counters, and what accounts and subjects are called in the ledger and the journal.

use super::StoreError;
use frontrow_core::Key;
use frontrow_core::ledger::Account;
use frontrow_core::state::{Change, Table};
use serde::Serialize;
use std::hash::Hash;

/// Changed rows of one table, sorted by key.
pub(super) struct Changes<'a, K, T> {
    /// Rows that were not there.
    pub new: Vec<Change<'a, K, T>>,
    /// Rows that were loaded.
    pub loaded: Vec<Change<'a, K, T>>,
}

impl<'a, K: Copy + Eq + Hash + Ord, T> Changes<'a, K, T> {
    pub(super) fn of(table: &'a Table<K, T>) -> Self {
        let mut changes: Vec<Change<'a, K, T>> = table.changes().collect();
        changes.sort_unstable_by_key(|change| change.key);
        let (new, loaded) = changes.into_iter().partition(|change| change.loaded_version == 0);
        Self { new, loaded }
    }
}

/// A statement that writes must touch every row it is given, or somebody else was there first.
pub(super) fn expect_touched(touched: u64, rows: usize) -> Result<(), StoreError> {
    let rows = rows as u64;
    if touched == rows {
        return Ok(());
    }
    let missed = rows.saturating_sub(touched);
    Err(StoreError::Conflict(format!("{missed} rows are not as they were loaded")))
}

/// What goes to the database as JSON.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(error.to_string()))
}

/// A counter as the databases' signed integer; none that is real is out of its range.
pub(super) fn int(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}

/// An account's name in the ledger.
pub(super) fn account(account: Account) -> String {
    match account {
        Account::Charges => "charges".to_owned(),
        Account::Wallet(id) => format!("wallet:{id}"),
        Account::Revenue(id) => format!("revenue:{id}"),
    }
}

/// The row that an event is about, for people and for searching the journal.
pub(super) fn subject(key: &Key) -> String {
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
