//! Who was seen: polls mark their holders in memory, and the marks are written in bulk, before ticks
//! read them. A crash loses at most a flush of them, which passes over nobody: after it, absence is
//! counted anew.

use crate::store::{Store, StoreError};
use frontrow_core::{TicketId, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Marks that are not written yet.
pub struct Presence {
    store: Arc<dyn Store>,
    marks: Mutex<HashMap<TicketId, Timestamp>>,
}

impl Presence {
    /// No marks.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, marks: Mutex::default() }
    }

    /// Notes that the holder of a waiting ticket was seen.
    pub fn mark(&self, ticket_id: TicketId, seen_at: Timestamp) {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.entry(ticket_id).or_insert(seen_at);
        *mark = (*mark).max(seen_at);
    }

    /// Writes the marks. Those that can't be written are kept.
    pub async fn flush(&self) -> Result<(), StoreError> {
        let marks: Vec<(TicketId, Timestamp)> = {
            let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.drain().collect()
        };
        if marks.is_empty() {
            return Ok(());
        }
        let written = self.store.mark_seen(&marks).await;
        if written.is_err() {
            for (ticket_id, seen_at) in marks {
                self.mark(ticket_id, seen_at);
            }
        }
        written
    }
}
