//! Reads the journal and the rows for core's audit: for `frontrow verify` and `GET /v1/audit`.

use crate::store::{Store, StoreError};
use frontrow_core::audit::{Audit, Report};

/// Replays the journal against the rows and checks every invariant, in one snapshot, so that a sale may go
/// on meanwhile.
pub async fn run(store: &dyn Store) -> Result<Report, StoreError> {
    let mut audit = Audit::new();
    let rows = store.replay(&mut |event| audit.read(event)).await?;
    Ok(audit.finish(&rows, store.now()))
}
