//! The reading side of queues in memory, so that a poll touches no database: a board for each concert that
//! somebody asked about, loaded once and then kept by every commit of this replica, before it answers, and by
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
use frontrow_core::{ConcertId, TicketId, Timestamp};
use places::Known;
use queue_board::QueueBoard;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::Mutex as AsyncMutex;
use told::Told;
use tracing::warn;

/// How long a board answers after the tail was heard last.
const STALE_SECONDS_MAX: u32 = 10;

/// Between two attempts to load a board whose old one answers.
const LOAD_PAUSE: Duration = Duration::from_millis(500);
/// How long a poll waits for a board that is loaded anew although the old one could answer.
const LOAD_PATIENCE: Duration = Duration::from_secs(1);
/// Tickets read at once.
const TICKETS_PAGE: u32 = 20_000;

/// The board of one concert.
#[derive(Debug, Default)]
struct Board {
    kept: RwLock<Kept>,
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
        board.mark(token, now);
        board.look(token, now)
    }
}

/// The boards of this replica.
pub struct Boards {
    store: Arc<dyn Store>,
    boards: RwLock<HashMap<ConcertId, Arc<Board>>>,
}

impl Boards {
    /// No board yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, boards: RwLock::default() }
    }

    /// The place behind a token, whose signature was verified, at `now`; its holder was seen. `None` if there is
    /// no such ticket.
    pub async fn look(
        self: &Arc<Self>,
        token: &QueueToken,
        now: Timestamp,
    ) -> Result<Option<Seen>, StoreError> {
        let board = self.board(token.concert_id);
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
        let boards = self.boards();
        let kept = boards.get(&token.concert_id)?.read();
        let is_sure = kept.is_current() && !kept.is_unsure;
        if is_sure { kept.look(token, now) } else { None }
    }

    /// Writes who was seen and is near their turn, where ticks will read it.
    pub async fn write_marks(&self) -> Result<(), StoreError> {
        let now = self.store.now();
        let boards: Vec<Arc<Board>> = self.boards().values().cloned().collect();
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

    fn boards(&self) -> RwLockReadGuard<'_, HashMap<ConcertId, Arc<Board>>> {
        self.boards.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The board of a concert, if somebody asked for it.
    fn known(&self, concert_id: ConcertId) -> Option<Arc<Board>> {
        self.boards().get(&concert_id).cloned()
    }

    fn board(&self, concert_id: ConcertId) -> Arc<Board> {
        if let Some(board) = self.known(concert_id) {
            return board;
        }
        let mut boards = self.boards.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(boards.entry(concert_id).or_default())
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
            self.boards.write().unwrap_or_else(PoisonError::into_inner).remove(&concert_id);
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
