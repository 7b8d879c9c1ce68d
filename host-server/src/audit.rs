//! Reads the journal and the rows for core's audit: for `frontrow verify` and `GET /v1/audit`.

use crate::store::{Store, StoreError};
use frontrow_core::audit::{Audit, Report};

/// Events read at once.
const JOURNAL_PAGE: u32 = 10_000;

/// Replays the journal against the rows and checks every invariant. The rows are one snapshot, and the
/// journal is read up to it, so that a sale may go on meanwhile.
pub async fn run(store: &dyn Store) -> Result<Report, StoreError> {
    let (rows, last) = store.rows().await?;
    let mut audit = Audit::new();
    let mut position = 0;
    while position < last {
        let page = store.journal(position, JOURNAL_PAGE).await?;
        let Some((end, _)) = page.last() else { break };
        position = *end;
        for (_, event) in page.iter().filter(|(at, _)| *at <= last) {
            audit.read(event);
        }
    }
    Ok(audit.finish(&rows, store.now()))
}
