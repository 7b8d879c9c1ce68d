//! `frontrow prune`: checkpoints concerts that are history, and deletes what the checkpoints tell, a little at a time.
//! It is a program of its own, so that no server's memory and no request has to do with it.

use crate::audit;
use crate::store::{Store, StoreError};
use frontrow_core::audit::Report;
use std::time::Duration;

/// Entries of the journal that are looked at, and tickets that are deleted, in one statement: others who write wait for
/// it on SQLite.
pub const ROWS_MAX: u32 = 250;
/// Pause between two such statements, so that the others come in between.
const PAUSE: Duration = Duration::from_millis(5);

/// What was pruned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Concerts that got a checkpoint.
    pub checkpoints: usize,
    /// Entries of the journal that were deleted.
    pub events: u64,
    /// Tickets that were deleted.
    pub tickets: u64,
}

/// Prunes concerts that are history for `keep_days`; or, if an invariant is broken, nothing, and reports that. What was
/// interrupted before is finished.
pub async fn run(store: &dyn Store, keep_days: u32) -> Result<Result<Pruned, Report>, StoreError> {
    let mut pruned = Pruned::default();
    {
        let (audit, report) = audit::in_one_pass(store).await?;
        let concerts = match audit.prunable(report, keep_days, store.now()) {
            Ok(concerts) => concerts,
            Err(report) => return Ok(Err(report)),
        };
        for checkpoint in concerts.into_iter().filter_map(|id| audit.checkpoint(id)) {
            store.put_checkpoint(&checkpoint).await?;
            pruned.checkpoints += 1;
        }
    }
    let concerts = store.checkpointed().await?;
    if concerts.is_empty() {
        return Ok(Ok(pruned));
    }
    let mut after = 0;
    while let Some(swept) = store.sweep_journal(after, ROWS_MAX).await? {
        after = swept.through;
        pruned.events += swept.deleted;
        tokio::time::sleep(PAUSE).await;
    }
    for concert_id in concerts {
        loop {
            let deleted = store.prune_tickets(concert_id, ROWS_MAX).await?;
            pruned.tickets += deleted;
            if deleted < u64::from(ROWS_MAX) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(Ok(pruned))
}
