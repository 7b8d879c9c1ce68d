//! A transaction that decides and writes.
//!
//! A pessimistic one is READ COMMITTED, so that every statement sees what was committed before it, on rows that are
//! locked before they are decided on.
//!
//! An optimistic one decides on a snapshot, and then writes by one statement, on another connection, which stores
//! everything if every row that it changes is as the snapshot shows it, or else nothing. It needs half of the round
//! trips, waits for nobody while it decides, and where nothing changes it leaves nothing behind, not even a lock.

use super::super::rows::Columns;
use super::super::wanted::Wanted;
use super::super::{
    BatchId, CommitError, Concurrency, JournalEntry, StoreError, StoredReply,
    Transaction as StoreTransaction,
};
use super::asking::{Answers, Asking, Place};
use super::load::Loading;
use super::pools::Pools;
use super::schedules::Schedules;
use super::selects::CLOCK;
use super::session::{Session, Statement};
use super::tickets::tickets;
use super::writing::Writing;
use super::{Time, replies, write};
use async_trait::async_trait;
use frontrow_core::{Key, State, Timestamp, UserId};
use sqlx::postgres::PgRow;

pub(super) struct PostgresTransaction {
    session: Session,
    mode: Mode,
    batch: BatchId,
    time: Time,
    schedules: Schedules,
    /// Whether a statement failed: a COMMIT would then undo everything, and say nothing about it.
    failed: bool,
}

enum Mode {
    Pessimistic,
    Optimistic(Box<Optimistic>),
}

/// What becomes of a transaction that locks nothing.
struct Optimistic {
    pools: Pools,
    /// The keys whose answers are read together with the first rows.
    announced: Vec<(UserId, String)>,
    snapshot: Option<Snapshot>,
    /// What the commit stores.
    writing: Option<Statement<'static>>,
}

/// What the beginning of an optimistic transaction told.
struct Snapshot {
    /// When it was taken, by the database's clock.
    taken_at: Timestamp,
    /// The keys whose answers were asked for with it, and those that are kept, in their order.
    keys: Vec<(UserId, String)>,
    replies: Vec<Option<StoredReply>>,
}

/// Where the beginning's answers stand.
struct Opening {
    clock: Place,
    replies: Option<Place>,
}

impl Optimistic {
    /// Begins, if that was not done.
    fn open(&self, asking: &mut Asking) -> Option<Opening> {
        if self.snapshot.is_some() {
            return None;
        }
        asking.statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let clock = asking.select(&CLOCK, false, &[]);
        let is_asked = !self.announced.is_empty();
        let replies = is_asked.then(|| replies::ask(asking, &self.announced));
        Some(Opening { clock, replies })
    }

    fn opened(&mut self, opening: &Opening, answers: &Answers) -> Result<(), StoreError> {
        let taken_at = now_of(answers.of(opening.clock))?;
        let keys = std::mem::take(&mut self.announced);
        let found = opening.replies.map_or(&[][..], |place| answers.of(place));
        let replies = replies::found(&keys, found)?;
        self.snapshot = Some(Snapshot { taken_at, keys, replies });
        Ok(())
    }
}

impl PostgresTransaction {
    /// An optimistic one begins with the first thing that is asked of it, in the same round trip.
    pub async fn begin(
        pools: &Pools,
        batch: BatchId,
        concurrency: Concurrency,
        time: Time,
        schedules: Schedules,
    ) -> Result<Self, StoreError> {
        let (session, mode) = match concurrency {
            Concurrency::Pessimistic => {
                let mut session = pools.writer().await?;
                session.begin("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
                (session, Mode::Pessimistic)
            }
            Concurrency::Optimistic => {
                let (announced, pools) = (Vec::new(), pools.clone());
                let session = pools.reader().await?;
                let mode = Optimistic { pools, announced, snapshot: None, writing: None };
                (session, Mode::Optimistic(Box::new(mode)))
            }
        };
        Ok(Self { session, mode, batch, time, schedules, failed: false })
    }

    const fn locks(&self) -> bool {
        matches!(self.mode, Mode::Pessimistic)
    }

    /// Keeps in mind that something failed.
    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }

    /// What is to be loaded, after what begins the transaction if it has not begun.
    fn loading(&self) -> (Loading, Option<Opening>) {
        let (asking, opening) = self.opening();
        (Loading::after(asking, self.locks()), opening)
    }

    /// What begins the transaction, if it has not begun.
    fn opening(&self) -> (Asking, Option<Opening>) {
        let mut asking = Asking::default();
        let opening = match &self.mode {
            Mode::Optimistic(optimistic) => optimistic.open(&mut asking),
            Mode::Pessimistic => None,
        };
        (asking, opening)
    }

    async fn load_all(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError> {
        self.schedules.recall(state, keys);
        let mut wanted = Wanted::sorted(keys);
        wanted.schedules.retain(|id| !state.has(&Key::Schedule(*id)));
        let locks = self.locks();
        let (mut loading, mut opening) = self.loading();
        loading.sales(&mut wanted, &self.schedules);
        if wanted.has_lists(locks) {
            self.take(loading, opening, state).await?;
            tickets(&mut self.session, state, &wanted, locks).await?;
            (loading, opening) = self.loading();
        } else {
            loading.tickets(&mut wanted);
        }
        loading.bookings(&mut wanted);
        self.take(loading, opening, state).await
    }

    async fn take(
        &mut self,
        loading: Loading,
        opening: Option<Opening>,
        state: &mut State,
    ) -> Result<(), StoreError> {
        let (asking, taking) = loading.into_parts();
        if asking.is_empty() {
            return Ok(());
        }
        let answers = self.ask(asking, opening).await?;
        taking.take(state, &answers)
    }

    async fn ask(
        &mut self,
        asking: Asking,
        opening: Option<Opening>,
    ) -> Result<Answers, StoreError> {
        match (&mut self.mode, opening) {
            (Mode::Optimistic(optimistic), Some(opening)) => {
                let answers = self.session.begin_asking(asking).await?;
                optimistic.opened(&opening, &answers)?;
                Ok(answers)
            }
            _ => self.session.ask(asking).await,
        }
    }

    /// The snapshot of an optimistic transaction, which is taken now if it was not before.
    async fn snapshot(&mut self) -> Result<Option<&Snapshot>, StoreError> {
        let (asking, opening) = self.opening();
        if opening.is_some() {
            self.ask(asking, opening).await?;
        }
        Ok(match &self.mode {
            Mode::Optimistic(optimistic) => optimistic.snapshot.as_ref(),
            Mode::Pessimistic => None,
        })
    }

    async fn kept(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        if let Some(snapshot) = self.snapshot().await?
            && snapshot.keys == keys
        {
            return Ok(snapshot.replies.clone());
        }
        let mut asking = Asking::default();
        let place = replies::ask(&mut asking, keys);
        replies::found(keys, self.session.ask(asking).await?.of(place))
    }

    async fn clock(&mut self) -> Result<Timestamp, StoreError> {
        if let Some(clock) = &self.time.0 {
            return Ok(clock.now());
        }
        if let Some(snapshot) = self.snapshot().await? {
            return Ok(snapshot.taken_at);
        }
        let mut asking = Asking::default();
        let place = asking.select(&CLOCK, false, &[]);
        now_of(self.session.ask(asking).await?.of(place))
    }

    async fn write_all(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        let mut writing = Writing::default();
        write::sales(&mut writing, state)?;
        match self.mode {
            Mode::Optimistic(_) => write::policies(&mut writing, state),
            // What follows may change seats that come with a schedule, and must find them.
            Mode::Pessimistic if state.schedules().changes().next().is_some() => {
                self.session.run(std::mem::take(&mut writing).into_statement()?).await?;
            }
            Mode::Pessimistic => {}
        }
        write::bookings(&mut writing, state);
        write::transfers(&mut writing, &state.take_transfers());
        write::journal(&mut writing, self.batch, journal)?;
        write::replies(&mut writing, replies, self.time.now());
        write::batch(&mut writing, self.batch, self.time.now());
        let statement = writing.into_statement()?;
        match &mut self.mode {
            Mode::Optimistic(optimistic) => optimistic.writing = Some(statement),
            Mode::Pessimistic => _ = self.session.run(statement).await?,
        }
        Ok(())
    }
}

/// Stores what an optimistic transaction decided.
async fn store_all(pools: &Pools, writing: Statement<'static>) -> Result<(), StoreError> {
    let stored = pools.writer().await?.run(writing).await;
    stored.map(|_| ()).map_err(|error| match error {
        // Somebody else made the same row meanwhile.
        StoreError::Constraint { constraint } => StoreError::Conflict(constraint),
        error => error,
    })
}

fn now_of(rows: &[PgRow]) -> Result<Timestamp, StoreError> {
    let no_time = || StoreError::Corrupt("the database tells no time".to_owned());
    rows.first().ok_or_else(no_time)?.time("now")
}

#[async_trait]
impl StoreTransaction for PostgresTransaction {
    fn recall(&self, state: &mut State, keys: &[Key]) {
        self.schedules.recall(state, keys);
    }

    fn announce(&mut self, keys: &[(UserId, String)]) {
        if let Mode::Optimistic(optimistic) = &mut self.mode {
            optimistic.announced = keys.to_vec();
        }
    }

    async fn replies(
        &mut self,
        keys: &[(UserId, String)],
    ) -> Result<Vec<Option<StoredReply>>, StoreError> {
        let kept = self.kept(keys).await;
        self.note(kept)
    }

    async fn load(&mut self, state: &mut State, keys: &[Key]) -> Result<(), StoreError> {
        let loaded = self.load_all(state, keys).await;
        self.note(loaded)
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        let now = self.clock().await;
        self.note(now)
    }

    async fn write(
        &mut self,
        state: &mut State,
        journal: &[JournalEntry],
        replies: &[StoredReply],
    ) -> Result<(), StoreError> {
        let written = self.write_all(state, journal, replies).await;
        self.note(written)
    }

    async fn commit(mut self: Box<Self>) -> Result<(), CommitError> {
        if self.failed {
            let reason = "a statement of the transaction failed before";
            return Err(StoreError::Other(reason.to_owned()).into());
        }
        let ended = match self.mode {
            Mode::Pessimistic => self.session.end("COMMIT").await,
            Mode::Optimistic(optimistic) => {
                let Optimistic { pools, writing, .. } = *optimistic;
                drop(self.session);
                match writing {
                    None => Ok(()),
                    Some(writing) => store_all(&pools, writing).await,
                }
            }
        };
        ended.map_err(|error| match error {
            // The database itself says that it was undone. One that shuts down may have committed.
            StoreError::Conflict(_) | StoreError::Constraint { .. } => CommitError::Failed(error),
            unknown => CommitError::Unclear(unknown.to_string()),
        })
    }
}
