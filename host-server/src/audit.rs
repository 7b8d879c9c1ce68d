//! Reads the checkpoints, the journal and the rows for core's audit: for `frontrow verify`, `GET /v1/audit`, and
//! `frontrow prune`.

use crate::store::{Past, Store, StoreError};
use frontrow_core::State;
use frontrow_core::audit::{Audit, Report};

/// An audit that has read everything, and the rows to finish it with, in one snapshot, so that a sale may go on meanwhile.
pub async fn read(store: &dyn Store) -> Result<(Audit, State), StoreError> {
    let mut audit = Audit::new();
    let read = &mut |past: Past<'_>| match past {
        Past::Checkpoint(concert_id, row) => audit.resume(concert_id, row),
        Past::Event(event) => audit.read(event),
    };
    let rows = store.replay(read).await?;
    Ok((audit, rows))
}

/// Replays the journal against the rows and checks every invariant.
pub async fn run(store: &dyn Store) -> Result<Report, StoreError> {
    let (audit, rows) = read(store).await?;
    Ok(audit.finish(&rows, store.now()))
}
