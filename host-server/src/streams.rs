//! The open event streams of this replica: how many there may be, and when they must end.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Streams open at once. Each takes some 20 KiB.
const STREAMS_MAX: usize = 20_000;

/// The streams of one server.
#[derive(Debug)]
pub struct Streams {
    permits: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Default for Streams {
    /// None is open.
    fn default() -> Self {
        let (closing, _) = watch::channel(false);
        Self { permits: Arc::new(Semaphore::new(STREAMS_MAX)), closing }
    }
}

impl Streams {
    /// One more, if there may be one; it is counted until the permit is dropped.
    pub fn open(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).try_acquire_owned().ok()
    }

    /// Ends all of them: the server stops.
    pub fn close(&self) {
        self.permits.close();
        self.closing.send_replace(true);
    }

    /// Until they are to end.
    pub async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        // The sender lives as long as this.
        let _ = closing.wait_for(|closing| *closing).await;
    }
}
