//! Everything that is stored, as an audit reads it: checkpoints, the journal, and every row, streamed from one snapshot. What
//! is read and in which order is the same in every adapter, and stands here.

use super::StoreError;
use super::rows::{
    self, Columns, concert_columns, queue_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, transfer_columns, wallet_columns,
};
use async_trait::async_trait;
use frontrow_core::audit::{CheckpointRow, Row};
use frontrow_core::{ConcertId, Event, State};
use tokio::sync::mpsc::Sender;

/// Something that a [`Snapshot`] has.
#[derive(Debug)]
pub enum Past {
    /// A row of a concert's checkpoint.
    Checkpoint(ConcertId, CheckpointRow),
    /// An event of the journal.
    Event(Event),
    /// A row as it is stored.
    Row(Row),
}

/// A part of the past as the database gave it. Who calls it is told what it says, one by one: so to read a database and to
/// understand it can be done by different threads.
pub type Page = Box<dyn FnOnce(&mut dyn FnMut(Past)) -> Result<(), StoreError> + Send>;

/// One view of the whole database, while others go on writing.
#[async_trait]
pub trait Snapshot: Send {
    /// How many rows there are of people and of the seats that they ever held: tickets, reservations, wallets and seats.
    async fn people_rows(&mut self) -> Result<u64, StoreError>;

    /// Sends every row of every checkpoint, then every event of the journal in order, and then every row, kind after kind
    /// (see [`Row`]). It can be read again. Ends early if nobody takes pages any more.
    async fn read(&mut self, pages: Sender<Page>) -> Result<(), StoreError>;

    /// Ends it.
    async fn end(self: Box<Self>) -> Result<(), StoreError>;
}

/// Rows of a page, but for those of checkpoints, which are large.
pub(super) const PAGE_ROWS: usize = 1_000;

/// How a row of a statement's result is told.
pub(super) type Tell<R> = fn(&R, &mut dyn FnMut(Past)) -> Result<(), StoreError>;

/// A statement, and how each row that it finds is told.
pub(super) struct Reading<R> {
    pub sql: &'static str,
    pub page_rows: usize,
    pub tell: Tell<R>,
}

/// The rows that a statement found, to be told by whoever has the time.
pub(super) fn page<R: Send + 'static>(found: Vec<R>, tell: Tell<R>) -> Page {
    Box::new(move |read| found.iter().try_for_each(|row| tell(row, read)))
}

/// How many rows of people there are.
pub(super) const PEOPLE_ROWS: &str = "SELECT
     (SELECT count(*) FROM tickets)
     + (SELECT count(*) FROM reservations)
     + (SELECT count(*) FROM wallets)
     + (SELECT count(*) FROM seats WHERE seats.version > 0) AS people_rows";

/// What is read before the rows.
pub(super) fn history<R: Columns>() -> [Reading<R>; 2] {
    let checkpoints = Reading {
        sql: "SELECT concert_id, rows FROM checkpoint_parts ORDER BY concert_id, part",
        page_rows: 1,
        tell: |row: &R, read| {
            let (concert_id, rows) = rows::checkpoint_part(row)?;
            for row in rows {
                read(Past::Checkpoint(concert_id, row));
            }
            Ok(())
        },
    };
    let journal = Reading {
        sql: "SELECT event FROM journal ORDER BY position",
        page_rows: PAGE_ROWS,
        tell: |row: &R, read| {
            read(Past::Event(row.json("event")?));
            Ok(())
        },
    };
    [checkpoints, journal]
}

/// A table, all of whose rows are read.
macro_rules! table {
    ($columns:expr, $from:literal, |$row:ident| $value:expr) => {
        Reading {
            sql: concat!("SELECT ", $columns, " ", $from),
            page_rows: PAGE_ROWS,
            tell: |$row: &R, read| {
                read(Past::Row($value));
                Ok(())
            },
        }
    };
}

/// Every row, kind after kind, as an audit wants them.
pub(super) fn every_row<R: Columns>() -> [Reading<R>; 8] {
    [
        table!(
            concat!(concert_columns!(), ", concerts.version, concerts.changed_at"),
            "FROM concerts",
            |row| Row::Concert(row.stored(rows::concert)?)
        ),
        table!(
            concat!(queue_columns!(), ", queues.version, queues.changed_at"),
            "FROM queues",
            |row| Row::Queue(row.stored(rows::queue)?)
        ),
        table!(schedule_columns!(), "FROM schedules", |row| Row::Schedule(
            row.stored(rows::schedule)?
        )),
        table!(wallet_columns!(), "FROM wallets", |row| Row::Wallet(row.stored(rows::wallet)?)),
        table!(transfer_columns!(), "FROM transfers ORDER BY transfers.position", |row| {
            Row::Transfer(rows::transfer(row)?)
        }),
        table!(reservation_columns!(), "FROM reservations", |row| Row::Reservation(
            row.stored(rows::reservation)?
        )),
        table!(ticket_columns!(), "FROM tickets", |row| Row::Ticket(rows::stored_ticket(row)?)),
        table!(concat!(seat_columns!(), ", seats.schedule_id"), "FROM seats", |row| {
            let (schedule_id, (number, stored)) = rows::seat_of_map(row)?;
            Row::Seat { schedule_id, number, stored }
        }),
    ]
}

/// Loads a row into a state.
pub(super) fn load(state: &mut State, past: Past) {
    if let Past::Row(row) = past {
        state.load_row(row);
    }
}
