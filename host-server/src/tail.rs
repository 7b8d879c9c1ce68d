//! The journal's tail: what replicas that share a database tell each other. One follower for each replica
//! pulls what was stored since its last pull and tells it to whatever is kept in memory; after commits it
//! calls the others, so that they pull soon. A call can get lost, and then the next pull is a second away.
//!
//! Nothing that is kept is trusted longer than the tail is heard: when a pull fails all is forgotten, and
//! read from the database again once somebody asks.

use crate::execute::CommitObserver;
use crate::store::{Store, StoreError, TailEntry, Wakeups, Watermark};
use async_trait::async_trait;
use frontrow_core::{Event, State};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tracing::{info, warn};

/// How long a call is waited for, and so how far a replica can lag behind the others.
const CALL_WAIT_MAX: Duration = Duration::from_millis(800);
/// Shortest pause between two pulls, and between two calls.
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// Something kept in memory that follows from what is stored.
#[async_trait]
pub trait Projection: Send + Sync {
    /// Takes what was stored by this replica or another one. Some of it may have been told before.
    async fn take(&self, entries: &[TailEntry]) -> Result<(), StoreError>;

    /// Something may have been missed: what is kept can't be trusted any more.
    fn forget(&self);
}

/// Follows the tail for one replica.
pub struct Follower {
    store: Arc<dyn Store>,
    projections: Vec<Arc<dyn Projection>>,
    /// Where to go on; `None` while the projections may have missed something.
    watermark: Mutex<Option<Watermark>>,
    /// Told of every commit of this replica.
    news: Notify,
}

impl Follower {
    /// A follower that has told nothing yet.
    pub fn new(store: Arc<dyn Store>, projections: Vec<Arc<dyn Projection>>) -> Self {
        Self { store, projections, watermark: Mutex::new(None), news: Notify::new() }
    }

    /// Pulls, and calls the others, until `stop` ends.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = stop => {}
            () = self.follow() => {}
            () = self.call() => {}
        }
    }

    /// Tells the projections what was stored since the last pull.
    pub async fn pull(&self) -> Result<(), StoreError> {
        let mut watermark = self.watermark.lock().await;
        let pulled = self.pull_from(*watermark).await;
        if pulled.is_err() {
            self.forget();
        }
        *watermark = pulled.as_ref().ok().copied();
        pulled.map(|_| ())
    }

    async fn pull_from(&self, watermark: Option<Watermark>) -> Result<Watermark, StoreError> {
        let from = if let Some(from) = watermark {
            from
        } else {
            // Whatever is loaded after this is as new as the tail's beginning.
            let start = self.store.tail_start().await?;
            self.forget();
            start
        };
        let tail = self.store.tail(from).await?;
        if tail.missed {
            self.forget();
        } else if !tail.entries.is_empty() {
            for projection in &self.projections {
                projection.take(&tail.entries).await?;
            }
        }
        Ok(tail.watermark)
    }

    fn forget(&self) {
        for projection in &self.projections {
            projection.forget();
        }
    }

    async fn follow(&self) {
        let mut wakeups: Option<Box<dyn Wakeups>> = None;
        let mut is_heard = true;
        loop {
            match self.pull().await {
                Ok(()) if !is_heard => info!("the journal's tail is heard again"),
                Err(error) if is_heard => warn!(%error, "the journal's tail can't be heard"),
                Ok(()) | Err(_) => {}
            }
            is_heard = self.watermark.lock().await.is_some();
            if is_heard && wakeups.is_none() {
                wakeups = self.store.wakeups().await.ok();
            }
            tokio::time::sleep(PAUSE_MIN).await;
            let woken = async {
                match &mut wakeups {
                    Some(wakeups) => wakeups.next().await,
                    None => std::future::pending().await,
                }
            };
            if let Ok(Err(_)) = tokio::time::timeout(CALL_WAIT_MAX, woken).await {
                wakeups = None;
            }
        }
    }

    /// Calls the others after commits, not for each of them.
    async fn call(&self) {
        loop {
            self.news.notified().await;
            if let Err(error) = self.store.wake_others().await {
                warn!(%error, "the other replicas can't be called");
            }
            tokio::time::sleep(PAUSE_MIN).await;
        }
    }
}

#[async_trait]
impl CommitObserver for Follower {
    async fn committed(&self, _state: &State, _events: &[Event]) {
        self.news.notify_one();
    }

    async fn unclear(&self, _state: &State, _events: &[Event]) {
        self.news.notify_one();
    }
}
