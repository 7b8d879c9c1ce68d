//! Many statements that write as parts of one, so that a batch is written in one round trip, whatever it changes.
//!
//! Each part waits for the one before it (`{after}` in its text), and touches nothing unless that one touched all of
//! its rows. So rows are written, and locked, in the order of the parts; and where a row is not as it was loaded, all
//! that follows finds nothing to do, and the statement fails as a whole.

use super::super::StoreError;
use super::int;
use super::session::Statement;
use sqlx::encode::Encode;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::{Arguments, AssertSqlSafe, Type};
use std::fmt::Write;

/// In the text of a part: the condition that the part before touched all of its rows.
const AFTER: &str = "{after}";

/// A part that must touch every row it is given.
#[derive(Clone, Copy)]
struct Checked {
    name: &'static str,
    /// The number of the argument that says how many rows these are.
    rows: usize,
}

/// A statement that is being put together.
#[derive(Default)]
pub(super) struct Writing {
    /// The parts so far: `WITH first AS (…), second AS (…)`.
    sql: String,
    arguments: PgArguments,
    /// The last part that must touch every row it is given.
    last: Option<Checked>,
    /// Arguments that can't be encoded.
    error: Option<StoreError>,
}

impl Writing {
    /// Adds a part that must touch so many rows, and returns one for each; its arguments follow. `name` says what
    /// these rows are.
    pub(super) fn part(&mut self, name: &'static str, sql: &str, rows: usize) -> &mut Self {
        self.bind(int(rows as u64));
        let rows = self.arguments.len();
        self.open(name, sql);
        self.last = Some(Checked { name, rows });
        self
    }

    /// Adds a part of which nobody minds how much it touches.
    pub(super) fn part_at_will(&mut self, name: &'static str, sql: &str) -> &mut Self {
        self.open(name, sql);
        self
    }

    /// Adds an argument of the last part.
    pub(super) fn bind<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Postgres> + Type<Postgres>,
    {
        if let Err(error) = self.arguments.add(value) {
            self.error = Some(StoreError::Other(error.to_string()));
        }
        self
    }

    /// The statement. It fails with a conflict where a row is not as it was loaded.
    pub(super) fn into_statement(self) -> Result<Statement<'static>, StoreError> {
        let Self { mut sql, arguments, last, error, .. } = self;
        if let Some(error) = error {
            return Err(error);
        }
        let Some(Checked { name, rows }) = last else {
            return Err(StoreError::Other("there is nothing to write".to_owned()));
        };
        let _ = write!(sql, "\nSELECT refuse_stale_rows() FROM {name} HAVING count(*) <> ${rows}");
        Ok(sqlx::query_with(AssertSqlSafe(sql), arguments))
    }

    fn open(&mut self, name: &str, sql: &str) {
        self.sql.push_str(if self.sql.is_empty() { "WITH " } else { ",\n" });
        let _ = write!(self.sql, "{name} AS (");
        self.push(sql);
        self.sql.push(')');
    }

    /// Adds the text of a part, with its arguments counted on from those before.
    fn push(&mut self, sql: &str) {
        let before = self.arguments.len();
        let mut rest = sql;
        while let Some(at) = rest.find(['$', '{']) {
            self.sql.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix(AFTER) {
                let _ = match self.last {
                    None => write!(self.sql, "true"),
                    Some(Checked { name, rows }) => {
                        write!(self.sql, "(SELECT count(*) FROM {name}) = ${rows}")
                    }
                };
                rest = after;
            } else {
                let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
                let number: usize = rest[1..=digits].parse().unwrap_or(0);
                let _ = write!(self.sql, "${}", before + number);
                rest = &rest[1 + digits..];
            }
        }
        self.sql.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::Writing;
    use sqlx::Execute;

    #[test]
    fn parts_wait_for_each_other_and_count_their_arguments_on() {
        let mut writing = Writing::default();
        let update = "UPDATE wallets SET balance = $1 WHERE user_id = $2 AND {after} RETURNING 1";
        writing.part("wallets", update, 7).bind(5_i64).bind("me");
        writing.part_at_will("presence", "DELETE FROM presence WHERE ticket_id = $1").bind("mine");
        let insert = "INSERT INTO batches (id) SELECT $1 WHERE {after} RETURNING 1";
        writing.part("batch", insert, 1).bind("its id");
        let statement = writing.into_statement().unwrap();
        assert_eq!(
            statement.sql().as_str(),
            "WITH wallets AS (UPDATE wallets SET balance = $2 WHERE user_id = $3 AND true RETURNING 1),\n\
             presence AS (DELETE FROM presence WHERE ticket_id = $4),\n\
             batch AS (INSERT INTO batches (id) SELECT $6 \
             WHERE (SELECT count(*) FROM wallets) = $1 RETURNING 1)\n\
             SELECT refuse_stale_rows() FROM batch HAVING count(*) <> $5"
        );
    }

    #[test]
    fn nothing_to_write_is_told() {
        assert!(Writing::default().into_statement().is_err());
    }
}
