//! What the contract needs of an adapter beside the port.

use frontrow_core::ManualClock;
use frontrow_server::store::Store;
use std::sync::Arc;

/// A database of its own, migrated, whose time is a clock that the test moves.
pub trait Harness: Send + Sync {
    /// The store.
    fn store(&self) -> &Arc<dyn Store>;

    /// Its clock.
    fn clock(&self) -> &ManualClock;

    /// Another store on the same database.
    fn reopen(&self) -> impl Future<Output = Arc<dyn Store>> + Send;

    /// Runs a statement past the port, on a connection of its own; the message if it is refused. The
    /// statements are plain enough for every adapter.
    fn raw(&self, sql: String) -> impl Future<Output = Result<(), String>> + Send;
}
