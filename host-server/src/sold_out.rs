//! Which concerts may have sold their last seat, or got one back: they are looked at by the timers.

use crate::execute::CommitObserver;
use crate::store::{StoreError, TailEntry};
use crate::tail::Projection;
use async_trait::async_trait;
use frontrow_core::{ConcertId, Event, EventKind, State};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Concerts in which seats were sold, returned or added since they were last looked at.
pub struct SoldOutWatch {
    touched: Mutex<Touched>,
}

/// What is to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Every concert, since something may have been missed.
    pub all: bool,
    /// These concerts.
    pub concerts: BTreeSet<ConcertId>,
}

impl Default for SoldOutWatch {
    /// After a start, what happened before it may not have been looked at.
    fn default() -> Self {
        Self { touched: Mutex::new(Touched { all: true, concerts: BTreeSet::new() }) }
    }
}

impl SoldOutWatch {
    /// Looks at a concert (again).
    pub fn touch(&self, concert_id: ConcertId) {
        self.touched().concerts.insert(concert_id);
    }

    /// Looks at every concert (again).
    pub fn touch_all(&self) {
        self.touched().all = true;
    }

    /// What is to be looked at, from which all is taken.
    pub fn take_touched(&self) -> Touched {
        std::mem::take(&mut *self.touched())
    }

    fn note<'e>(&self, events: impl IntoIterator<Item = &'e Event>) {
        for event in events {
            match &event.kind {
                EventKind::ReservationConfirmed { concert_id, .. }
                | EventKind::ReservationCancelled { concert_id, .. } => self.touch(*concert_id),
                EventKind::ScheduleAdded { schedule } => self.touch(schedule.concert_id),
                _ => {}
            }
        }
    }

    fn touched(&self) -> MutexGuard<'_, Touched> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CommitObserver for SoldOutWatch {
    async fn committed(&self, _state: &State, events: &[Event]) {
        self.note(events);
    }

    /// To look once too often does no harm.
    async fn unclear(&self, _state: &State, events: &[Event]) {
        self.note(events);
    }
}

/// Another replica may end between a payment and its look at the concert.
#[async_trait]
impl Projection for SoldOutWatch {
    async fn take(&self, entries: &[TailEntry]) -> Result<(), StoreError> {
        self.note(entries.iter().map(|told| &told.entry.event));
        Ok(())
    }

    fn forget(&self) {
        self.touch_all();
    }
}
