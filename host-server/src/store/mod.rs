//! The store port: what `execute` and the reading side ask of a database. Adapters live in the rooms
//! below, each with its own SQL; what is the same in all of them stands beside them. No rule lives here:
//! a store loads the rows that it is asked for, and writes the rows that changed.

pub mod postgres;
pub mod sqlite;

mod changes;
mod past;
mod rows;
mod schema;
mod time;
mod wanted;

pub use past::{Page as PastPage, Past, Snapshot};

use crate::config::DatabaseUrl;
use async_trait::async_trait;
use frontrow_core::audit::Checkpoint;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Counts, Queue, Ticket};
use frontrow_core::seating::{Reservation, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{
    Clock, ConcertId, Event, Key, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;

/// Names one run of a batch, so that an unclear commit can be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BatchId(pub Uuid);

/// How a transaction makes sure that what it decides on is still so when it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concurrency {
    /// Rows are read without locks, and written only if they are still as they were read; else the commit is a
    /// conflict. For [commands that rest on what they change](frontrow_core::Command::rests_on_what_it_changes).
    Optimistic,
    /// Rows are locked when they are read.
    Pessimistic,
}

/// What went wrong in a store, by what to do about it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The transaction was undone and may be run again: a deadlock, a lock or version conflict, a busy
    /// database.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database can't be reached, or went away before the commit was sent: nothing happened.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A named constraint refused a row: the rules and the schema disagree, or an id was used twice.
    #[error("constraint {constraint} refused a row")]
    Constraint {
        /// Its name in the migrations.
        constraint: String,
    },
    /// What is stored can't be read as what it should be.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// What it means that a constraint refused a row. A reply that is there already was stored by a transaction that
    /// ran beside this one: another run finds it.
    fn refused_by(constraint: String) -> Self {
        match constraint.as_str() {
            "replies_pk" => Self::Conflict("a key was answered meanwhile".to_owned()),
            _ => Self::Constraint { constraint },
        }
    }
}

/// What a commit can end in.
#[derive(Debug, Error)]
pub enum CommitError {
    /// Nothing was committed.
    #[error(transparent)]
    Failed(#[from] StoreError),
    /// The connection was lost between sending the commit and its answer. [`Store::settle`] tells.
    #[error("the outcome of the commit is unknown: {0}")]
    Unclear(String),
}

/// How an unclear commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// The batch is stored.
    Committed,
    /// It is not, and it never will be.
    NotCommitted,
}

/// How many transactions can write at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    /// One: all lanes are merged.
    One,
    /// As many as there are lanes.
    Many,
}

/// An answer that is kept for its idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReply {
    /// Whose key it is.
    pub caller: UserId,
    /// The key: 1 to 255 printable ASCII characters.
    pub key: String,
    /// SHA-256 of the request that it answered.
    pub fingerprint: [u8; 32],
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub content_type: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

/// An event as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// What happened.
    pub event: Event,
    /// Version of the [subject](Event::subject)'s row that it left behind.
    pub version: u64,
}

/// A part of a list, in a stable order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many at most.
    pub limit: u32,
    /// Only what comes after the thing with this id; from the start if `None`.
    pub after: Option<Uuid>,
}

/// A queue that may have a tick to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueQueue {
    /// Its concert.
    pub concert: Concert,
    /// The queue.
    pub queue: Queue,
    /// When the head of the line joined; `None` if nobody waits (and a tick's rest is stored).
    pub head_issued_at: Option<Timestamp>,
}

/// Where a pull of the journal's [tail](Store::tail) ended, and the next one goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark(pub u64);

/// An event of the journal's tail. The events of one row come in the order of their positions, also from
/// one pull to the next, so that whoever keeps a row knows by its last position what is news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailEntry {
    /// Its place in the journal.
    pub position: u64,
    /// The event.
    pub entry: JournalEntry,
}

/// What programs that share the database stored since the last pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// What happened, in the order of positions. Some of it may have been told by earlier pulls, and what
    /// this program stored itself is told too.
    pub entries: Vec<TailEntry>,
    /// Whether so much was missed that it is not told: whatever is kept from the tail must be loaded anew.
    pub missed: bool,
    /// Where to go on.
    pub watermark: Watermark,
}

/// Calls of other programs that share the database.
#[async_trait]
pub trait Wakeups: Send {
    /// Ends when somebody called, or may have called unheard. After an error, listen anew.
    async fn next(&mut self) -> Result<(), StoreError>;
}

/// The calls to a program that has its database for itself: there are none.
struct NoWakeups;

#[async_trait]
impl Wakeups for NoWakeups {
    async fn next(&mut self) -> Result<(), StoreError> {
        std::future::pending().await
    }
}

/// What a [sweep](Store::sweep_journal) did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// The last position that it looked at.
    pub through: u64,
    /// How many entries it deleted.
    pub deleted: u64,
}

/// Rows of a checkpoint that are stored together.
const CHECKPOINT_ROWS_MAX: usize = 1_000;

/// Opens the database at `url`. `clock` is for tests; without it time is the database's own.
pub async fn open(
    url: &DatabaseUrl,
    clock: Option<Arc<dyn Clock>>,
) -> Result<Arc<dyn Store>, StoreError> {
    if url.is_postgres() {
        return Ok(Arc::new(postgres::PostgresStore::open(url.as_str(), clock).await?));
    }
    Ok(Arc::new(sqlite::SqliteStore::open(url.as_str(), clock).await?))
}

/// As [`open`], for who only reads: where there is no database, none is made.
pub async fn open_existing(url: &DatabaseUrl) -> Result<Arc<dyn Store>, StoreError> {
    if url.is_postgres() {
        return open(url, None).await;
    }
    Ok(Arc::new(sqlite::SqliteStore::open_existing(url.as_str()).await?))
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Brings the schema up to date. Several may do so at once.
    async fn migrate(&self) -> Result<(), StoreError>;

    /// Whether the database answers and its schema is this program's.
    async fn is_ready(&self) -> Result<bool, StoreError>;

    /// How many transactions can write at once.
    fn writers(&self) -> Writers;

    /// The time by which decisions are made and views are drawn.
    fn now(&self) -> Timestamp;

    /// Begins a transaction that may write; what it writes is stored under the batch's id.
    async fn begin(
        &self,
        batch: BatchId,
        concurrency: Concurrency,
    ) -> Result<Box<dyn Transaction>, StoreError>;

    /// Tells how an unclear commit ended, by storing the batch's id again: a conflict means committed.
    async fn settle(&self, batch: BatchId) -> Result<Settlement, StoreError>;

    /// A concert and its queue.
    async fn concert(&self, id: ConcertId) -> Result<Option<(Concert, Queue)>, StoreError> {
        let found = self.queue(id).await?;
        Ok(found.map(|(concert, queue)| (concert.value, queue.value)))
    }

    /// Concerts and their queues, newest first.
    async fn concerts(&self, page: Page) -> Result<Vec<(Concert, Queue)>, StoreError>;

    /// A schedule.
    async fn schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError>;

    /// A concert's schedules, soonest first.
    async fn schedules(&self, concert_id: ConcertId) -> Result<Vec<Schedule>, StoreError>;

    /// Every seat of a schedule, by number, in one snapshot.
    async fn seat_map(&self, id: ScheduleId) -> Result<Vec<(u32, Stored<Seat>)>, StoreError>;

    /// Some seats; those that are not there are left out.
    ///
    /// By itself this reads whole maps, which will do where no [tail](Self::tail) tells of single seats.
    async fn seats(
        &self,
        wanted: &BTreeSet<(ScheduleId, u32)>,
    ) -> Result<Vec<((ScheduleId, u32), Stored<Seat>)>, StoreError> {
        let mut found = Vec::new();
        for id in wanted.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>() {
            let map = self.seat_map(id).await?;
            let seats = map.into_iter().map(|(number, seat)| ((id, number), seat));
            found.extend(seats.filter(|(key, _)| wanted.contains(key)));
        }
        Ok(found)
    }

    /// A ticket.
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError>;

    /// Some tickets; those that are not there are left out.
    async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Stored<Ticket>>, StoreError>;

    /// A concert and its queue, with their versions.
    async fn queue(
        &self,
        id: ConcertId,
    ) -> Result<Option<(Stored<Concert>, Stored<Queue>)>, StoreError>;

    /// At most `limit` tickets of a queue with numbers above `after`, by number.
    async fn queue_tickets(
        &self,
        id: ConcertId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Stored<Ticket>>, StoreError>;

    /// What the standing of ticket `number` is derived from.
    async fn counts(
        &self,
        concert_id: ConcertId,
        number: u64,
        now: Timestamp,
    ) -> Result<Counts, StoreError>;

    /// A reservation.
    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, StoreError>;

    /// A person's reservations, newest first.
    async fn reservations(&self, user: UserId, page: Page) -> Result<Vec<Reservation>, StoreError>;

    /// A person's wallet.
    async fn wallet(&self, user: UserId) -> Result<Option<Wallet>, StoreError>;

    /// A person's transfers, newest first.
    async fn transfers(&self, user: UserId, page: Page) -> Result<Vec<Transfer>, StoreError>;

    /// The answer kept for a key.
    async fn reply(&self, caller: UserId, key: &str) -> Result<Option<StoredReply>, StoreError>;

    /// Notes when the holders of waiting tickets were seen, in bulk; later marks win.
    async fn mark_seen(&self, marks: &[(TicketId, Timestamp)]) -> Result<(), StoreError>;

    /// Queues whose stored tick is at or before `now` (or that have the rest of one), that are not
    /// paused, closed or sold out, and in which somebody waits (or a rest is stored).
    async fn due_queues(&self, now: Timestamp) -> Result<Vec<DueQueue>, StoreError>;

    /// At most `limit` tickets stored active whose time has run out at `now`.
    async fn due_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<TicketId>, StoreError>;

    /// At most `limit` reservations stored held that have run out at `now`.
    async fn due_reservations(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReservationId>, StoreError>;

    /// Deletes at most `limit` of the answers that were kept for keys before `before`, oldest first: their keys act anew.
    /// How many it deleted.
    async fn prune_replies(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Deletes at most `limit` of the ids of batches that were begun before `before`, oldest first; how many it deleted.
    /// What the batches stored stays, but how their commits ended [can't be told](Self::settle) any more.
    async fn prune_batches(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Stores the checkpoint of a concert that has none.
    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), StoreError>;

    /// The concerts that have a checkpoint.
    async fn checkpointed(&self) -> Result<Vec<ConcertId>, StoreError>;

    /// Looks at no more than `limit` entries of the journal after position `after`, and deletes those that checkpoints tell;
    /// `None` at the journal's end.
    async fn sweep_journal(&self, after: u64, limit: u32) -> Result<Option<Swept>, StoreError>;

    /// Deletes at most `limit` tickets of a concert that has a checkpoint; how many it deleted.
    async fn prune_tickets(&self, concert_id: ConcertId, limit: u32) -> Result<u64, StoreError>;

    /// At most `limit` events of the journal after position `after` (0: from the start), in order, each
    /// with its position.
    async fn journal(&self, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, StoreError>;

    /// Every row there is and the whole ledger, together with the last position of the journal that
    /// belongs to them, in one snapshot.
    async fn rows(&self) -> Result<(State, u64), StoreError>;

    /// Everything there is, to be read as it is now, as often as needed.
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError>;

    /// Where the journal's tail begins for who loads rows from now on.
    async fn tail_start(&self) -> Result<Watermark, StoreError> {
        Ok(Watermark(0))
    }

    /// What programs that share the database stored since `from`: nothing, if none can.
    async fn tail(&self, from: Watermark) -> Result<Tail, StoreError> {
        Ok(Tail { entries: Vec::new(), missed: false, watermark: from })
    }

    /// Calls the other programs that share the database: there is news in the tail. Outside of every
    /// transaction; at most a few times a second, since all calls of all programs queue behind each other.
    async fn wake_others(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Listens for [calls](Self::wake_others), from now on. They only shorten the wait for the next pull:
    /// a call can get lost.
    async fn wakeups(&self) -> Result<Box<dyn Wakeups>, StoreError> {
        Ok(Box::new(NoWakeups))
    }

    /// Ends every connection.
    async fn close(&self);
}

/// A transaction that may write. Dropped without a commit, it never happened.
#[async_trait]
pub trait Transaction: Send {
    /// Loads those rows that never change and are remembered from before, without asking the database.
    fn recall(&self, _state: &mut State, _keys: &[Key]) {}

    /// Tells for which keys [answers](Self::replies) will be asked, so that they can be read together with the first rows.
    fn announce(&mut self, _keys: &[(UserId, String)]) {}

    /// The answers kept for these keys, in their order. Asked for after the rows were loaded: whoever sees what an
    /// equal request did elsewhere then sees its answer too. Two that answer one key without seeing each other can't
    /// both store an answer: the later one is a conflict.
    async fn replies(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError>;

    /// Loads what `keys` name into `state`, class by class in lock order, sorted within each, derived
    /// figures last. Rows that are not there are loaded as not there.
    async fn load(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError>;

    /// The time, read after the locks.
    async fn now(&mut self) -> Result<Timestamp, StoreError>;

    /// Writes every row that changed in `state`, each only over the version that was loaded, appends the
    /// transfers that `state` made, the journal and the replies. A new schedule comes with its seats. It
    /// takes the same few statements whatever the number of rows.
    async fn write(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError>;

    /// Commits.
    async fn commit(self: Box<Self>) -> Result<(), CommitError>;
}
