//! The reading side of queues in memory, so that a poll touches no database: a board for each concert that
//! somebody asks about, loaded once and then kept by every commit of this replica, before it answers, and by
//! the journal's tail, which tells what the others stored.
//!
//! When the tail can't be heard, a board goes on answering with what it has for ten seconds; then
//! polls are refused until it could be loaded anew. Nothing here decides; what it lacks is in the database.

mod marks;
mod places;
mod queue_board;
#[cfg(test)]
mod tests;
mod told;

pub use marks::WINDOW;
pub use queue_board::Seen;

use crate::auth::QueueToken;
use crate::store::{Store, StoreError};
use arc_swap::ArcSwap;
use frontrow_core::{ConcertId, TicketId, Timestamp};
use places::Known;
use queue_board::QueueBoard;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::Mutex as AsyncMutex;
use told::Told;
use tracing::warn;

/// By how much it may be wrong when somebody asked last.
const ASKED_MILLIS: i64 = 1_000;
/// How long a board answers after the tail was heard last.
const STALE_SECONDS_MAX: u32 = 10;

/// Between two attempts to load a board whose old one answers.
const LOAD_PAUSE: Duration = Duration::from_millis(500);
/// How long a poll waits for a board that is loaded anew although the old one could answer.
const LOAD_PATIENCE: Duration = Duration::from_secs(1);
/// After so long without anybody who asked, a board is dropped. Longer than whoever is in line waits between two polls.
const IDLE_SECONDS: u32 = 900;
/// Tickets read at once: few enough that the memory for them is little beside the board, on whichever threads they are read.
const TICKETS_PAGE: u32 = 4_000;

/// The board of one concert.
#[derive(Debug)]
struct Board {
    kept: RwLock<Kept>,
    /// When somebody asked last, in milliseconds, to within a second.
    asked_at: AtomicI64,
    /// Held by who loads it.
    loading: Arc<AsyncMutex<()>>,
}

#[derive(Debug, Default)]
struct Kept {
    board: Option<QueueBoard>,
    /// When it was last known to lack nothing, if something may have been missed since.
    stale_since: Option<Timestamp>,
    /// Whether nobody knows how a commit ended: it is loaded anew before it answers again, if it can be.
    is_unsure: bool,
    /// What was told while it is loaded; `None` while it is not.
    told: Option<Vec<Told>>,
    /// Whether something may have been missed while it is loaded.
    missed: bool,
    /// How often loading it failed.
    failures: u64,
}

impl Board {
    /// A board that is to be loaded, for who asks at `now`.
    fn new(now: Timestamp) -> Self {
        let asked_at = AtomicI64::new(now.as_millis());
        Self { kept: RwLock::default(), asked_at, loading: Arc::default() }
    }

    /// Somebody asks. Few of the many polls write, since they would wait for each other.
    fn asked(&self, now: Timestamp) {
        let now = now.as_millis();
        if now - self.asked_at.load(Ordering::Relaxed) >= ASKED_MILLIS {
            self.asked_at.store(now, Ordering::Relaxed);
        }
    }

    /// Whether nobody asked for so long that nobody in line counts as present any more.
    fn is_idle(&self, now: Timestamp) -> bool {
        let lapse_seconds = self.read().board.as_ref().map_or(0, QueueBoard::lapse_seconds);
        let asked_at = Timestamp::from_millis(self.asked_at.load(Ordering::Relaxed));
        asked_at.plus_seconds(IDLE_SECONDS.max(lapse_seconds)) <= now
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn tell(&mut self, told: &Told, now: Timestamp) {
        if let Some(board) = &mut self.board
            && !told.put_on(board)
        {
            self.doubt(now);
        }
        if let Some(later) = &mut self.told {
            later.push(told.clone());
        }
    }

    /// Something may have been missed.
    fn doubt(&mut self, now: Timestamp) {
        self.missed = true;
        if self.board.is_some() {
            self.stale_since.get_or_insert(now);
        }
    }

    /// Whether it is known to lack nothing.
    fn is_current(&self) -> bool {
        self.board.is_some() && self.stale_since.is_none()
    }

    /// The place behind a token, whose holder was seen, if it may still answer at `now` and knows it.
    fn look(&self, token: &QueueToken, now: Timestamp) -> Option<Seen> {
        let until = self.stale_since.map(|since| since.plus_seconds(STALE_SECONDS_MAX));
        let board = self.board.as_ref().filter(|_| until.is_none_or(|until| now < until))?;
        board.look(token, now)
    }
}

/// The boards of this replica.
pub struct Boards {
    store: Arc<dyn Store>,
    /// Read by every poll, and another one where a board comes or goes. Whoever asks for a concert has a token that we
    /// signed, so that nobody can choose keys that collide.
    boards: ArcSwap<FxHashMap<ConcertId, Arc<Board>>>,
}

impl Boards {
    /// No board yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, boards: ArcSwap::default() }
    }

    /// The place behind a token, whose signature was verified, at `now`; its holder was seen. `None` if there is
    /// no such ticket.
    pub async fn look(
        self: &Arc<Self>,
        token: &QueueToken,
        now: Timestamp,
    ) -> Result<Option<Seen>, StoreError> {
        let board = self.board(token.concert_id, now);
        if board.read().is_unsure {
            let loading = self.load(token.concert_id, &board);
            if !matches!(tokio::time::timeout(LOAD_PATIENCE, loading).await, Ok(Ok(_))) {
                board.write().is_unsure = false;
            }
        }
        let (seen, is_current) = {
            let kept = board.read();
            (kept.look(token, now), kept.is_current())
        };
        if seen.is_some() {
            if !is_current {
                self.load_later(token.concert_id, &board);
            }
            return Ok(seen);
        }
        if !is_current {
            if !self.load(token.concert_id, &board).await? {
                return Ok(None);
            }
            let seen = board.read().look(token, now);
            if seen.is_some() {
                return Ok(seen);
            }
        }
        // Another replica issued it a moment ago.
        let found = self.store.tickets(&[token.ticket_id]).await?;
        self.tell(found.into_iter().map(Told::Ticket));
        let seen = board.read().look(token, now);
        Ok(seen)
    }

    /// The same, where nothing has to be waited for: from a board that is known to lack nothing and knows the
    /// ticket.
    pub fn look_at_once(&self, token: &QueueToken, now: Timestamp) -> Option<Seen> {
        let boards = self.boards.load();
        let board = boards.get(&token.concert_id)?;
        board.asked(now);
        let kept = board.read();
        let is_sure = kept.is_current() && !kept.is_unsure;
        if is_sure { kept.look(token, now) } else { None }
    }

    /// Writes who was seen and is near their turn, where ticks will read it.
    pub async fn write_marks(&self) -> Result<(), StoreError> {
        let now = self.store.now();
        let boards: Vec<Arc<Board>> = self.boards.load().values().cloned().collect();
        let mut all = Vec::new();
        for board in boards {
            let marks = board.read().board.as_ref().map(|known| known.marks_to_write(now));
            all.push((board, marks.unwrap_or_default()));
        }
        let marks: Vec<(TicketId, Timestamp)> =
            all.iter().flat_map(|(_, marks)| marks).map(|(_, id, at)| (*id, *at)).collect();
        if marks.is_empty() {
            return Ok(());
        }
        self.store.mark_seen(&marks).await?;
        for (board, marks) in all {
            if let Some(known) = &mut board.write().board {
                known.written(&marks);
            }
        }
        Ok(())
    }

    /// Drops the boards for which nobody asks any more; who does after all has one loaded anew.
    pub fn drop_idle(&self) {
        let now = self.store.now();
        for (concert_id, board) in self.boards.load().iter() {
            if board.is_idle(now) {
                self.drop_board(*concert_id);
            }
        }
    }

    fn drop_board(&self, concert_id: ConcertId) {
        self.boards.rcu(|boards| {
            let mut boards = FxHashMap::clone(boards);
            boards.remove(&concert_id);
            boards
        });
    }

    /// The board of a concert, if somebody asked for it.
    fn known(&self, concert_id: ConcertId) -> Option<Arc<Board>> {
        self.boards.load().get(&concert_id).cloned()
    }

    /// The board of a concert, for who asks at `now`.
    fn board(&self, concert_id: ConcertId, now: Timestamp) -> Arc<Board> {
        if let Some(board) = self.known(concert_id) {
            board.asked(now);
            return board;
        }
        let fresh = Arc::new(Board::new(now));
        let before = self.boards.rcu(|boards| {
            let mut boards = FxHashMap::clone(boards);
            boards.entry(concert_id).or_insert_with(|| Arc::clone(&fresh));
            boards
        });
        before.get(&concert_id).map_or(fresh, Arc::clone)
    }

    /// Loads a board while its old one answers, unless somebody does so already.
    fn load_later(self: &Arc<Self>, concert_id: ConcertId, board: &Arc<Board>) {
        let Ok(loading) = Arc::clone(&board.loading).try_lock_owned() else { return };
        let (boards, board) = (Arc::clone(self), Arc::clone(board));
        tokio::spawn(async move {
            if let Err(error) = boards.load_locked(concert_id, &board).await {
                warn!(%error, "a board can't be loaded anew");
                tokio::time::sleep(LOAD_PAUSE).await;
            }
            drop(loading);
        });
    }

    /// Loads a board that can't answer, once for all who wait for it; whether there is such a concert. It is loaded to
    /// its end even if nobody waits any more: else a line that takes longer than a request may would never be.
    async fn load(
        self: &Arc<Self>,
        concert_id: ConcertId,
        board: &Arc<Board>,
    ) -> Result<bool, StoreError> {
        let (boards, board) = (Arc::clone(self), Arc::clone(board));
        let loading = tokio::spawn(async move { boards.load_once(concert_id, &board).await });
        loading.await.map_err(|error| StoreError::Other(error.to_string()))?
    }

    async fn load_once(&self, concert_id: ConcertId, board: &Board) -> Result<bool, StoreError> {
        let failures = board.read().failures;
        let _loading = board.loading.lock().await;
        if board.read().failures != failures {
            let reason = "the board can't be loaded".to_owned();
            return Err(StoreError::Unavailable(reason));
        }
        self.load_locked(concert_id, board).await
    }

    async fn load_locked(&self, concert_id: ConcertId, board: &Board) -> Result<bool, StoreError> {
        let now = self.store.now();
        {
            let mut kept = board.write();
            if kept.is_current() {
                return Ok(true);
            }
            kept.told = Some(Vec::new());
            kept.missed = false;
        }
        let loaded = self.read(concert_id).await;
        let mut kept = board.write();
        let told = kept.told.take().unwrap_or_default();
        kept.failures += u64::from(loaded.is_err());
        let Some(mut fresh) = loaded? else {
            drop(kept);
            self.drop_board(concert_id);
            return Ok(false);
        };
        for told in &told {
            kept.missed |= !told.put_on(&mut fresh);
        }
        if let Some(old) = &kept.board {
            fresh.take_marks(old);
        }
        kept.board = Some(fresh);
        kept.stale_since = kept.missed.then_some(now);
        kept.is_unsure = false;
        Ok(true)
    }

    async fn read(&self, concert_id: ConcertId) -> Result<Option<QueueBoard>, StoreError> {
        let Some((concert, queue)) = self.store.queue(concert_id).await? else { return Ok(None) };
        let mut board = QueueBoard::new(concert, queue);
        let mut after = 0;
        loop {
            let page = self.store.queue_tickets(concert_id, after, TICKETS_PAGE).await?;
            let Some(last) = page.last() else { return Ok(Some(board)) };
            after = last.value.number;
            for ticket in &page {
                board.load_ticket(&Known::of(ticket));
            }
        }
    }

    /// Tells the boards that there are.
    fn tell(&self, all: impl IntoIterator<Item = Told>) {
        let now = self.store.now();
        for told in all {
            if let Some(board) = self.known(told.concert_id()) {
                board.write().tell(&told, now);
            }
        }
    }
}
