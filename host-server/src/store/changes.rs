//! What changed in a table of a state, as an adapter writes it, and how accounts and subjects are called
//! in the ledger and the journal.

use frontrow_core::Key;
use frontrow_core::ledger::Account;
use frontrow_core::state::{Change, Table};
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
