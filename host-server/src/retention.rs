//! What is kept for a while only, and then deleted: the answers to idempotency keys, and the ids of batches. A slow timer
//! of each replica deletes a few rows at a time, on no request's way; those of several replicas do no harm to each other.
//! The journal, the ledger and what they tell of are kept.

use crate::store::{Store, StoreError};
use frontrow_core::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tracing::{debug, warn};

/// Rows of each kind that one pass deletes at most. On SQLite whoever writes waits for each deletion.
pub const ROWS_MAX: u32 = 250;

/// How long the id of a batch is kept. How its commit ended is asked within seconds; the rest is for programs that stood
/// still in between, and for clocks that disagree.
const BATCH_KEPT: Duration = Duration::from_hours(24);

/// Pause between two passes.
const PASS_PAUSE: Duration = Duration::from_mins(1);
/// Pause after a pass that may have left something, so that a sale's rows are deleted as fast as they came.
const BACKLOG_PAUSE: Duration = Duration::from_millis(500);

/// What is left after a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing that is too old.
    Nothing,
    /// Perhaps more: as many rows as one pass may were deleted.
    PerhapsMore,
}

/// Deletes what was kept long enough.
pub struct Retention {
    store: Arc<dyn Store>,
    /// How long the answer to an idempotency key is kept.
    key_kept: Duration,
}

impl Retention {
    /// Keeps answers to idempotency keys for `key_kept`.
    pub fn new(store: Arc<dyn Store>, key_kept: Duration) -> Self {
        Self { store, key_kept }
    }

    /// Passes again and again, until `stop` ends.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let pause = match self.pass().await {
                Ok(Left::PerhapsMore) => BACKLOG_PAUSE,
                Ok(Left::Nothing) => PASS_PAUSE,
                Err(error) => {
                    warn!(%error, "old rows can't be deleted");
                    PASS_PAUSE
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Deletes what is too old by now, oldest first, at most [`ROWS_MAX`] rows of each kind.
    pub async fn pass(&self) -> Result<Left, StoreError> {
        let now = self.store.now();
        let replies = self.store.prune_replies(before(now, self.key_kept), ROWS_MAX).await?;
        let batches = self.store.prune_batches(before(now, BATCH_KEPT), ROWS_MAX).await?;
        let most = replies.max(batches);
        if most > 0 {
            debug!(replies, batches, "old rows were deleted");
        }
        Ok(if most < u64::from(ROWS_MAX) { Left::Nothing } else { Left::PerhapsMore })
    }
}

/// Until when something was stored that is kept no longer.
fn before(now: Timestamp, kept: Duration) -> Timestamp {
    let millis = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
    now.plus_millis(-millis)
}
