//! Reads checkpoints, journal and rows for core's audit: for `frontrow verify`, `GET /v1/audit`, and `frontrow prune`. One
//! thread asks the database while another one audits; what waits between them is bounded, and so is what the audit keeps.

use crate::store::{Past, PastPage, Snapshot, Store, StoreError};
use frontrow_core::Timestamp;
use frontrow_core::audit::{Audit, Report};
use tokio::sync::mpsc;

/// Rows that are audited in one pass, at most, if hashes fall evenly: those of a million people who each have a ticket, a
/// reservation, a wallet and a seat, which take about a gigabyte. What has more is read once for each so many.
const PASS_ROWS_MAX: u64 = 4_000_000;

/// Pages that wait for the audit.
const PAGES_WAITING_MAX: usize = 8;

/// Replays the journal against the rows and checks every invariant, in one snapshot, so that a sale may go on meanwhile.
pub async fn run(store: &dyn Store) -> Result<Report, StoreError> {
    run_in_passes_of(store, PASS_ROWS_MAX).await
}

/// The same, with so many rows of people in each pass.
pub async fn run_in_passes_of(store: &dyn Store, rows_max: u64) -> Result<Report, StoreError> {
    let mut snapshot = store.snapshot().await?;
    let passes = snapshot.people_rows().await?.div_ceil(rows_max.max(1));
    let mut audit = Audit::in_passes(u32::try_from(passes).unwrap_or(u32::MAX));
    let now = store.now();
    loop {
        let is_over;
        (audit, is_over) = pass(snapshot.as_mut(), audit, now).await?;
        if is_over {
            break;
        }
    }
    snapshot.end().await?;
    Ok(audit.report())
}

/// An audit that has everything in memory, and what it found.
pub async fn in_one_pass(store: &dyn Store) -> Result<(Audit, Report), StoreError> {
    let mut snapshot = store.snapshot().await?;
    let (audit, _) = pass(snapshot.as_mut(), Audit::new(), store.now()).await?;
    snapshot.end().await?;
    let report = audit.report();
    Ok((audit, report))
}

/// Gives an audit everything once; it comes back, and whether that was its last pass.
async fn pass(
    snapshot: &mut dyn Snapshot,
    mut audit: Audit,
    now: Timestamp,
) -> Result<(Audit, bool), StoreError> {
    let (pages, mut sent) = mpsc::channel::<PastPage>(PAGES_WAITING_MAX);
    let auditing = tokio::task::spawn_blocking(move || {
        while let Some(page) = sent.blocking_recv() {
            page(&mut |past| match past {
                Past::Checkpoint(concert_id, row) => audit.resume(concert_id, row),
                Past::Event(event) => audit.read(&event),
                Past::Row(row) => audit.compare(row, now),
            })?;
        }
        let is_over = !audit.next_pass();
        Ok((audit, is_over))
    });
    let read = snapshot.read(pages).await;
    let audited = auditing.await.map_err(|error| StoreError::Other(error.to_string()))?;
    // What was cut short was not audited.
    read.and(audited)
}
