//! Keyed rows that know whether they are loaded, locked and changed.

use crate::key::{Key, Need};
use crate::time::Timestamp;
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// A row as a store keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored<T> {
    /// The row.
    pub value: T,
    /// How often it was changed; 0 for a seat that nobody ever held.
    pub version: u64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone)]
struct Row<T> {
    /// `None`: looked for, and not there.
    value: Option<T>,
    version: u64,
    loaded_version: u64,
    changed_at: Timestamp,
    locked: bool,
    /// Whether an audit has found that a store has a row of this key.
    found: bool,
}

/// A row that events have changed since it was loaded.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a, K, T> {
    /// Its key.
    pub key: K,
    /// The row as it is now.
    pub value: &'a T,
    /// Its version now.
    pub version: u64,
    /// The version that was loaded; 0 if the row is new. A store writes only over this one.
    pub loaded_version: u64,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// What a table knows of a key.
pub(crate) enum Slot<'a, T> {
    /// The row, or that there is none.
    Loaded(Option<&'a T>),
    /// Nobody has looked.
    NotLoaded,
}

impl<'a, T> Slot<'a, T> {
    /// The row, or the need to load it.
    pub(crate) fn or_need(self, key: Key) -> Result<Option<&'a T>, Need> {
        match self {
            Self::Loaded(row) => Ok(row),
            Self::NotLoaded => Err(key.into()),
        }
    }
}

/// Rows of one kind by key.
#[derive(Debug, Clone)]
pub struct Table<K, T> {
    /// Rows lie one after the other, in the order in which they came, and the hash table beside them is
    /// small: half the memory of a table that keeps room for rows to come.
    rows: IndexMap<K, Row<T>, FxBuildHasher>,
    /// Whether a key that is not here does not exist (and need not be asked for).
    complete: bool,
    /// What a row of version 0 holds, where stores keep rows that were never changed.
    untouched: Option<T>,
}

impl<K: Copy + Eq + Hash, T> Table<K, T> {
    pub(super) fn new(complete: bool) -> Self {
        Self { rows: IndexMap::default(), complete, untouched: None }
    }

    /// A table whose rows may be stored before their first change, as `untouched`.
    pub(super) fn with_untouched(complete: bool, untouched: T) -> Self {
        Self { rows: IndexMap::default(), complete, untouched: Some(untouched) }
    }

    /// Makes room for so many more rows.
    #[cfg(feature = "sim")]
    pub(super) fn reserve(&mut self, rows: usize) {
        self.rows.reserve_exact(rows);
    }

    /// The row of `key`, or that it is not there, or that nobody has looked.
    pub(crate) fn read(&self, key: K) -> Slot<'_, T> {
        match self.rows.get(&key) {
            Some(row) => Slot::Loaded(row.value.as_ref()),
            None if self.complete => Slot::Loaded(None),
            None => Slot::NotLoaded,
        }
    }

    pub(super) fn is_loaded(&self, key: K) -> bool {
        self.complete || self.rows.contains_key(&key)
    }

    pub(super) fn is_locked(&self, key: K) -> bool {
        self.complete || self.rows.get(&key).is_some_and(|row| row.locked)
    }

    /// Takes a row as it was loaded. What was changed here stays; a row that was loaded as a fact is
    /// replaced by the locked one.
    pub(super) fn load(&mut self, key: K, stored: Option<Stored<T>>, locked: bool) {
        if let Some(row) = self.rows.get(&key)
            && (row.locked || !locked)
        {
            return;
        }
        let (value, version, changed_at) = match stored {
            Some(stored) => (Some(stored.value), stored.version, stored.changed_at),
            None => (None, 0, Timestamp::MIN),
        };
        let row = Row { value, version, loaded_version: version, changed_at, locked, found: false };
        self.rows.insert(key, row);
    }

    /// Puts a row back as it was stored, whatever is here.
    pub(crate) fn restore(&mut self, key: K, stored: Stored<T>) {
        let Stored { value, version, changed_at } = stored;
        let (value, loaded_version, locked, found) = (Some(value), version, true, false);
        self.rows.insert(key, Row { value, version, loaded_version, changed_at, locked, found });
    }

    /// A new row, or a new value of one.
    pub(crate) fn insert(&mut self, key: K, value: T, at: Timestamp) {
        let value = Some(value);
        match self.rows.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Row {
                    value,
                    version: 1,
                    loaded_version: 0,
                    changed_at: at,
                    locked: true,
                    found: false,
                });
            }
            Entry::Occupied(mut entry) => {
                let row = entry.get_mut();
                row.value = value;
                row.version += 1;
                row.changed_at = at;
                // Ours from now on, also where it was looked for before, without a lock, in vain.
                row.locked = true;
            }
        }
    }

    /// Changes a row that is there; one that is not loaded is left alone.
    pub(crate) fn change(&mut self, key: K, at: Timestamp, change: impl FnOnce(&mut T)) {
        self.change_if(key, at, |value| {
            change(value);
            Some(())
        });
    }

    /// Changes a row that is there and tells what `change` does, unless that is `None`: then it has changed nothing.
    pub(crate) fn change_if<R>(
        &mut self,
        key: K,
        at: Timestamp,
        change: impl FnOnce(&mut T) -> Option<R>,
    ) -> Option<R> {
        let row = self.rows.get_mut(&key)?;
        let told = change(row.value.as_mut()?)?;
        row.version += 1;
        row.changed_at = at;
        Some(told)
    }

    /// Sets a row that is loaded; in a complete table, one that was never touched too. Whether it did.
    pub(crate) fn set(&mut self, key: K, value: T, at: Timestamp) -> bool {
        let is_loaded = self.is_loaded(key);
        if is_loaded {
            self.insert(key, value, at);
        }
        is_loaded
    }

    /// The rows that are there, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.rows.iter().filter_map(|(key, row)| Some((*key, row.value.as_ref()?)))
    }

    /// The row of `key` with its version, if it is loaded and there.
    pub(crate) fn stored(&self, key: K) -> Option<Stored<&T>> {
        self.rows.get(&key)?.stored()
    }

    /// The rows that are there with their versions, in the order in which they came.
    pub(crate) fn iter_stored(&self) -> impl Iterator<Item = (K, Stored<&T>)> {
        self.rows.iter().filter_map(|(key, row)| Some((*key, row.stored()?)))
    }

    /// Notes that a store has a row of this key, if there is one here.
    pub(crate) fn note_found(&mut self, key: K) {
        if let Some(row) = self.rows.get_mut(&key) {
            row.found = true;
        }
    }

    /// Drops a row, if it is here. The last one takes its place in the order.
    pub(crate) fn forget(&mut self, key: K) {
        self.rows.swap_remove(&key);
    }

    /// Whether a row is here that a store has too, as an audit has noted.
    pub(crate) fn is_found(&self, key: K) -> bool {
        self.rows.get(&key).is_some_and(|row| row.found)
    }

    /// The row of `key`, if it is loaded and there.
    pub fn get(&self, key: K) -> Option<&T> {
        self.rows.get(&key)?.value.as_ref()
    }

    /// The version of `key`'s row; 0 if it is not loaded or not there.
    pub fn version(&self, key: K) -> u64 {
        self.rows.get(&key).map_or(0, |row| row.version)
    }

    /// The rows that changed since they were loaded, in the order in which they came.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_, K, T>> {
        self.rows.iter().filter(|(_, row)| row.version != row.loaded_version).filter_map(
            |(key, row)| {
                Some(Change {
                    key: *key,
                    value: row.value.as_ref()?,
                    version: row.version,
                    loaded_version: row.loaded_version,
                    changed_at: row.changed_at,
                })
            },
        )
    }

    /// How many rows are there.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether no row is there.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl<K: Copy + Eq + Hash, T: PartialEq> Table<K, T> {
    /// Keys whose rows differ, in value, version or time of change, from those of `other`. Rows that
    /// were never changed (version 0) count as not there, if they hold what such rows must.
    pub fn differences(&self, other: &Self) -> Vec<K> {
        let differs = |a: &Self, key: &K, row: &Row<T>| match row.stored() {
            Some(stored) => !a.is_as(*key, stored),
            None => a.get(*key).is_some(),
        };
        let mut keys: Vec<K> = Vec::new();
        keys.extend(self.rows.iter().filter(|(k, row)| differs(other, k, row)).map(|(k, _)| *k));
        let missing = other
            .rows
            .iter()
            .filter(|(k, row)| !self.rows.contains_key(*k) && differs(self, k, row));
        keys.extend(missing.map(|(k, _)| *k));
        keys
    }

    /// Whether the row of `key` is as one that is stored elsewhere: in value, version and time of change. A row that was
    /// never changed may be missing here.
    pub(crate) fn is_as(&self, key: K, stored: Stored<&T>) -> bool {
        let Stored { value, version, changed_at } = stored;
        match self.rows.get(&key) {
            Some(row) => {
                row.value.as_ref() == Some(value)
                    && row.version == version
                    && (version == 0 || row.changed_at == changed_at)
            }
            None => self.may_lack(stored),
        }
    }

    /// Compares as [`is_as`](Self::is_as), and puts the stored row in the place of the one here, as found.
    pub(crate) fn compare(&mut self, key: K, stored: Stored<T>) -> bool {
        let Stored { ref value, version, changed_at } = stored;
        let is_as = self.is_as(key, Stored { value, version, changed_at });
        if !is_as {
            self.restore(key, stored);
        }
        self.note_found(key);
        is_as
    }

    /// The rows here that no store was found to have, and must.
    pub(crate) fn never_found(&self) -> impl Iterator<Item = K> {
        let rows = self.rows.iter().filter(|(_, row)| !row.found);
        rows.filter(|(_, row)| row.stored().is_some_and(|stored| !self.may_lack(stored)))
            .map(|(key, _)| *key)
    }

    /// Whether a table may be without this row: it was never changed, and holds what such rows must.
    fn may_lack(&self, Stored { value, version, .. }: Stored<&T>) -> bool {
        version == 0 && self.untouched.as_ref() == Some(value)
    }
}

impl<T> Row<T> {
    /// The row as a store keeps it, if it is there.
    fn stored(&self) -> Option<Stored<&T>> {
        let (value, version, changed_at) = (self.value.as_ref()?, self.version, self.changed_at);
        Some(Stored { value, version, changed_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(u32, &'static str, u64)]) -> Table<u32, &'static str> {
        let mut table = Table::with_untouched(false, "free");
        for (key, value, version) in rows {
            let stored = Stored { value: *value, version: *version, changed_at: Timestamp::MIN };
            table.load(*key, Some(stored), true);
        }
        table
    }

    #[test]
    fn an_untouched_row_counts_as_not_there_and_a_forged_one_does_not() {
        let replayed = table(&[(1, "held", 1)]);
        let honest = table(&[(1, "held", 1), (2, "free", 0)]);
        let forged = table(&[(1, "held", 1), (2, "sold", 0)]);
        for (rows, differences) in [(honest, vec![]), (forged, vec![2])] {
            assert_eq!(replayed.differences(&rows), differences);
            assert_eq!(rows.differences(&replayed), differences);
        }
    }

    #[test]
    fn rows_differ_in_value_version_or_presence() {
        let replayed = table(&[(1, "held", 1)]);
        for rows in [&[(1, "sold", 1)][..], &[(1, "held", 2)], &[(1, "held", 0)], &[]] {
            assert_eq!(replayed.differences(&table(rows)), [1]);
        }
    }
}
