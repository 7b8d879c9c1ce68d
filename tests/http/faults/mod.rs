//! What callers are told when the database fails, and that whatever they then do acts exactly once.

mod batches;
mod limits;
mod outages;
mod unclear;

use crate::stage::Sale;
use frontrow_server::execute::Limits;
use frontrow_tests::Faults;
use frontrow_tests::server::Setup;
use std::time::Duration;

/// Tries of a batch on a database that can't be reached; after that the caller is told.
const OUTAGE: usize = 3;

/// A sale on a database that fails on command. Nothing waits between two tries.
async fn faulty_sale(limits: Limits) -> (Sale, Faults) {
    let faults = Faults::default();
    let limits = Limits { retry_pause: Duration::ZERO, ..limits };
    let sale = Sale::with(Setup { limits, around: faults.around(), ..Setup::default() }).await;
    (sale, faults)
}
