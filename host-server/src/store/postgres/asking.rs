//! Several selects in one round trip. They go to the database as one simple query, which executes
//! [prepared selects](super::selects) by their names, one after the other. Their arguments are literals: arrays whose
//! items are written with digits, hexadecimal digits and dashes, so that nothing in them can be more than an item.

use super::selects::{LOCKING, Select};
use sqlx::postgres::PgRow;
use std::fmt::{Display, Write};
use uuid::Uuid;

/// An argument of a select.
pub(super) struct Array(String);

impl Array {
    pub(super) fn of_ids(ids: impl IntoIterator<Item = Uuid>) -> Self {
        Self::of(ids)
    }

    pub(super) fn of_integers(integers: impl IntoIterator<Item = i64>) -> Self {
        Self::of(integers)
    }

    /// Texts, as hexadecimal digits of their bytes.
    pub(super) fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self::of(texts.into_iter().map(|text| format!("\"{}\"", hex::encode(text))))
    }

    fn of(items: impl IntoIterator<Item = impl Display>) -> Self {
        let mut array = "'{".to_owned();
        for (place, item) in items.into_iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(array, "{comma}{item}");
        }
        array.push_str("}'");
        Self(array)
    }
}

/// What is asked for, to be sent together.
#[derive(Default)]
pub(super) struct Asking {
    sql: String,
    asked: usize,
}

/// Where an answer stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(usize);

impl Asking {
    /// Adds a statement that takes nothing.
    pub(super) fn statement(&mut self, sql: &str) -> Place {
        if self.asked > 0 {
            self.sql.push(';');
        }
        self.sql.push_str(sql);
        self.asked += 1;
        Place(self.asked - 1)
    }

    /// Adds a select. `locks` says whether rows that it may lock are locked.
    pub(super) fn select(&mut self, select: &Select, locks: bool, arguments: &[Array]) -> Place {
        let place = self.statement("EXECUTE ");
        self.sql.push_str(select.name);
        if locks && select.can_lock() {
            self.sql.push_str(LOCKING);
        }
        for (number, Array(array)) in arguments.iter().enumerate() {
            self.sql.push_str(if number == 0 { "(" } else { "," });
            self.sql.push_str(array);
        }
        if !arguments.is_empty() {
            self.sql.push(')');
        }
        place
    }

    /// Whether nothing is asked for.
    pub(super) const fn is_empty(&self) -> bool {
        self.asked == 0
    }

    pub(super) fn into_sql(self) -> String {
        self.sql
    }
}

/// The rows that each statement found, by its place.
pub(super) struct Answers(pub Vec<Vec<PgRow>>);

impl Answers {
    pub(super) fn of(&self, Place(place): Place) -> &[PgRow] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::super::selects::{CLOCK, REPLIES, SEATS};
    use super::*;

    #[test]
    fn everything_goes_in_one_text_and_arguments_are_nothing_but_items() {
        let mut asking = Asking::default();
        assert!(asking.is_empty());
        asking.statement("BEGIN");
        asking.select(&CLOCK, true, &[]);
        let ids = [Uuid::nil(), Uuid::max()];
        asking.select(&SEATS, true, &[Array::of_ids(ids), Array::of_integers([7, -1])]);
        asking.select(&REPLIES, true, &[Array::of_texts(["'); DROP", ""])]);
        assert_eq!(
            asking.into_sql(),
            "BEGIN;EXECUTE clock;EXECUTE seats_locking(\
             '{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}','{7,-1}');\
             EXECUTE replies('{\"27293b2044524f50\",\"\"}')"
        );
    }
}
