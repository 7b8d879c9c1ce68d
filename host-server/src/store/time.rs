//! The clock of a store: one that is injected, or else the machine's.

use crate::clock::SystemClock;
use frontrow_core::{Clock, Timestamp};
use std::sync::Arc;

/// The injected clock, if there is one.
#[derive(Clone)]
pub(super) struct Time(pub Option<Arc<dyn Clock>>);

impl Time {
    pub(super) fn now(&self) -> Timestamp {
        self.0.as_ref().map_or_else(|| SystemClock.now(), |clock| clock.now())
    }
}
