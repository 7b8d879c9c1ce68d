//! A tiny database: tables of rows as JSON text, each with a version, and two logs. It knows no rule of
//! the sale; what it knows is that a row may only be written over the version that was read.

use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::Wallet;
use frontrow_core::queue::{Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::{Stored, Table};
use frontrow_core::{
    ConcertId, Event, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::marker::PhantomData;

/// Somebody else has written a row that this change was decided on.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict;

struct Row {
    json: String,
    version: u64,
    changed_at: Timestamp,
}

/// One table.
pub struct Rows<K, T> {
    rows: BTreeMap<K, Row>,
    kind: PhantomData<T>,
}

impl<K, T> Default for Rows<K, T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), kind: PhantomData }
    }
}

impl<K: Copy + Ord + Hash, T: Serialize + DeserializeOwned> Rows<K, T> {
    /// The row of `key`.
    pub fn get(&self, key: K) -> Option<Stored<T>> {
        self.rows.get(&key).map(parsed)
    }

    /// Every row, by key.
    pub fn all(&self) -> impl Iterator<Item = (K, Stored<T>)> {
        self.rows.iter().map(|(key, row)| (*key, parsed(row)))
    }

    /// Whether all that `table` changed is here in the version that it was loaded in.
    fn accepts(&self, table: &Table<K, T>) -> bool {
        let stored_version = |key| self.rows.get(&key).map_or(0, |row| row.version);
        table.changes().all(|change| stored_version(change.key) == change.loaded_version)
    }

    fn write(&mut self, table: &Table<K, T>) {
        for change in table.changes() {
            let json = serde_json::to_string(change.value).expect("rows are plain data");
            let row = Row { json, version: change.version, changed_at: change.changed_at };
            self.rows.insert(change.key, row);
        }
    }
}

fn parsed<T: DeserializeOwned>(row: &Row) -> Stored<T> {
    let value = serde_json::from_str(&row.json).expect("the table wrote it");
    Stored { value, version: row.version, changed_at: row.changed_at }
}

/// All tables.
#[derive(Default)]
pub struct Database {
    pub concerts: Rows<ConcertId, Concert>,
    pub queues: Rows<ConcertId, Queue>,
    pub tickets: Rows<TicketId, Ticket>,
    pub schedules: Rows<ScheduleId, Schedule>,
    pub seats: Rows<(ScheduleId, u32), Seat>,
    pub reservations: Rows<ReservationId, Reservation>,
    pub wallets: Rows<UserId, Wallet>,
    /// The ledger: transfers as JSON, only ever added to.
    pub transfers: Vec<String>,
    /// The journal: events as JSON, each with the version of the row that it left behind.
    pub journal: Vec<(u64, String)>,
    /// When people in line were seen last.
    pub seen: BTreeMap<TicketId, Timestamp>,
}

impl Database {
    /// Stores all that changed in `state`, and the events that changed it; or nothing, if one of the
    /// rows is not as it was when it was loaded.
    pub fn commit(&mut self, mut state: State, lines: Vec<(u64, Event)>) -> Result<(), Conflict> {
        let current = self.concerts.accepts(state.concerts())
            && self.queues.accepts(state.queues())
            && self.tickets.accepts(state.tickets())
            && self.schedules.accepts(state.schedules())
            && self.seats.accepts(state.seats())
            && self.reservations.accepts(state.reservations())
            && self.wallets.accepts(state.wallets());
        if !current {
            return Err(Conflict);
        }

        self.concerts.write(state.concerts());
        self.queues.write(state.queues());
        self.tickets.write(state.tickets());
        self.schedules.write(state.schedules());
        self.seats.write(state.seats());
        self.reservations.write(state.reservations());
        self.wallets.write(state.wallets());
        for transfer in state.take_transfers() {
            self.transfers.push(serde_json::to_string(&transfer).expect("plain data"));
        }
        for (version, event) in lines {
            self.journal.push((version, serde_json::to_string(&event).expect("plain data")));
        }
        Ok(())
    }
}
