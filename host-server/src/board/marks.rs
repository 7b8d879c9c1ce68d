//! Which marks of who was seen go to the database, where ticks read them: those of people whose turn is near.
//! A million people who poll every minute would be a write for each poll; whose turn is hours away need not be
//! known to be there.

use super::places::Spot;
use frontrow_core::policy::TICK_CHUNK;
use frontrow_core::{TicketId, Timestamp};
use std::collections::HashMap;

/// At the head of the line every mark is written: twice what one decision of a tick can touch.
const HEAD: usize = 2 * TICK_CHUNK as usize;
/// Behind it a mark is written each third of the time after which people count as absent, …
const PARTS_OF_LAPSE: i64 = 3;
/// … for so many tickets in all. A tick that passes over more waits for those that other replicas have seen.
pub const WINDOW: usize = 20 * TICK_CHUNK as usize;

/// Which marks were written last, by number.
#[derive(Debug, Default)]
pub(super) struct Marks {
    written: HashMap<u64, Timestamp>,
}

impl Marks {
    /// The marks to write, of the places that wait, in their order.
    pub(super) fn to_write<'a>(
        &self,
        spots: impl Iterator<Item = (u64, Spot<'a>)>,
        lapse_seconds: u32,
        now: Timestamp,
    ) -> Vec<(u64, TicketId, Timestamp)> {
        let pause_millis = i64::from(lapse_seconds) * 1_000 / PARTS_OF_LAPSE;
        let mut marks = Vec::new();
        for (index, (number, spot)) in spots.take(WINDOW).enumerate() {
            let Some(seen_at) = spot.seen_at() else { continue };
            let written_at = self.written.get(&number).copied().unwrap_or(spot.place.issued_at);
            let is_due = index < HEAD || now.millis_since(written_at) >= pause_millis;
            if is_due && seen_at > written_at {
                marks.push((number, spot.place.ticket_id, seen_at));
            }
        }
        marks
    }

    pub(super) fn written(&mut self, number: u64, seen_at: Timestamp) {
        self.written.insert(number, seen_at);
    }

    /// A ticket waits no more.
    pub(super) fn forget(&mut self, number: u64) {
        self.written.remove(&number);
    }
}
