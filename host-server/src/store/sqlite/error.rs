//! What an error of SQLite means to the port. SQLite tells the name of a CHECK that failed, but of a
//! unique index only its columns: their names are found here.

use super::super::StoreError;
use sqlx::error::DatabaseError;

// Primary result codes: <https://www.sqlite.org/rescode.html>.
const PERM: u32 = 3;
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const NOMEM: u32 = 7;
const READONLY: u32 = 8;
const IOERR: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const PROTOCOL: u32 = 15;
const CONSTRAINT: u32 = 19;
const NOTADB: u32 = 26;

/// The columns by which SQLite names a unique index or a primary key, and what the migrations call it.
const UNIQUE: [(&str, &str); 16] = [
    ("batches.id", "batches_pk"),
    ("journal.position", "journal_pk"),
    ("replies.caller, replies.key", "replies_pk"),
    ("concerts.id", "concerts_pk"),
    ("queues.concert_id", "queues_pk"),
    ("tickets.id", "tickets_pk"),
    ("tickets.concert_id, tickets.user_id", "tickets_one_live_per_user"),
    ("tickets.concert_id, tickets.number", "tickets_one_per_number"),
    ("presence.ticket_id", "presence_pk"),
    ("schedules.id", "schedules_pk"),
    ("seats.schedule_id, seats.number", "seats_pk"),
    ("reservations.id", "reservations_pk"),
    ("wallets.user_id", "wallets_pk"),
    ("transfers.position", "transfers_pk"),
    ("transfers.id", "transfers_one_per_id"),
    ("transfers.reservation_id, transfers.kind", "transfers_once_per_reservation"),
];

/// Says what went wrong, by what to do about it.
pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => database_error(error.as_ref()),
        sqlx::Error::PoolTimedOut => {
            StoreError::Conflict("the database was busy for too long".to_owned())
        }
        sqlx::Error::Io(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => StoreError::Unavailable(error.to_string()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Corrupt(error.to_string())
        }
        error => StoreError::Other(error.to_string()),
    }
}

/// Whether SQLite found the file not to be a database.
pub(super) fn is_not_a_database(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| primary_code(error) == Some(NOTADB))
}

/// Whether another connection stood in the way.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(primary_code);
    matches!(code, Some(BUSY | LOCKED))
}

fn primary_code(error: &dyn DatabaseError) -> Option<u32> {
    let extended: u32 = error.code()?.parse().ok()?;
    Some(extended & 0xff)
}

fn database_error(error: &dyn DatabaseError) -> StoreError {
    let message = error.message().to_owned();
    match primary_code(error) {
        Some(BUSY | LOCKED) => StoreError::Conflict(message),
        Some(CONSTRAINT) => StoreError::refused_by(constraint_name(&message)),
        Some(PERM | NOMEM | READONLY | IOERR | FULL | CANTOPEN | PROTOCOL) => {
            StoreError::Unavailable(message)
        }
        Some(CORRUPT | NOTADB) => StoreError::Corrupt(message),
        _ => StoreError::Other(message),
    }
}

/// The constraint's name in the migrations, from a message such as `CHECK constraint failed: NAME`,
/// `UNIQUE constraint failed: TABLE.COLUMN, …`, or what a trigger raises (its name alone).
fn constraint_name(message: &str) -> String {
    let Some((kind, detail)) = message.split_once(" constraint failed") else {
        return message.to_owned();
    };
    let detail = detail.trim_start_matches(": ");
    match kind {
        "UNIQUE" => {
            let named = UNIQUE.iter().find(|(columns, _)| *columns == detail);
            named.map_or(detail, |(_, name)| *name).to_owned()
        }
        "FOREIGN KEY" => "foreign_key".to_owned(),
        _ => detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::constraint_name;

    #[test]
    fn constraints_are_called_as_in_the_migrations() {
        let names = [
            ("CHECK constraint failed: wallets_balance_is_money", "wallets_balance_is_money"),
            (
                "UNIQUE constraint failed: tickets.concert_id, tickets.user_id",
                "tickets_one_live_per_user",
            ),
            ("UNIQUE constraint failed: unknown.column", "unknown.column"),
            ("NOT NULL constraint failed: tickets.state", "tickets.state"),
            ("FOREIGN KEY constraint failed", "foreign_key"),
            ("journal_is_append_only", "journal_is_append_only"),
        ];
        for (message, name) in names {
            assert_eq!(constraint_name(message), name);
        }
    }
}
