//! The tickets of one queue by number, in little memory: there may be millions of them.

use frontrow_core::queue::{Phase, Ticket, TicketState};
use frontrow_core::state::Stored;
use frontrow_core::{TicketId, Timestamp};
use std::iter;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// Tickets that get memory together.
const BLOCK: usize = 512;

/// What is kept of every ticket: 32 bytes, and 4 for when its holder was [seen](Spot::seen_at).
#[derive(Debug)]
pub(super) struct Place {
    pub ticket_id: TicketId,
    pub issued_at: Timestamp,
    /// How it stands; `None` where no ticket has this number, as far as is known.
    pub phase: Option<Phase>,
}

impl Place {
    fn empty() -> Self {
        Self { ticket_id: TicketId(Uuid::nil()), issued_at: Timestamp::MIN, phase: None }
    }
}

/// Places in a row. When their holders were seen stands apart: every poll writes that, and the next one, at another
/// processor, would have to wait until what it reads came over from there.
#[derive(Debug)]
struct Block {
    places: Box<[Place]>,
    /// When each holder was seen last, in milliseconds from `issued_at`. Polls set it while others read.
    seen_after_millis: Box<[AtomicU32]>,
}

impl Block {
    fn empty() -> Self {
        Self {
            places: iter::repeat_with(Place::empty).take(BLOCK).collect(),
            seen_after_millis: iter::repeat_with(AtomicU32::default).take(BLOCK).collect(),
        }
    }
}

/// A place, and when its holder was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub place: &'a Place,
    seen_after_millis: &'a AtomicU32,
}

impl Spot<'_> {
    /// When its holder was seen last, if they were since they joined.
    pub(super) fn seen_at(self) -> Option<Timestamp> {
        let after = self.seen_after_millis.load(Ordering::Relaxed);
        (after > 0).then(|| self.place.issued_at.plus_millis(i64::from(after)))
    }

    /// Its holder was seen. Of two polls at once, the earlier may be what is kept.
    pub(super) fn mark(self, now: Timestamp) {
        // A clock that is behind the one that told when it was issued sees it issued just now.
        let after = now.millis_since(self.place.issued_at).max(0);
        // Seven weeks; who has been in line for longer counts as seen then.
        let after = u32::try_from(after).unwrap_or(u32::MAX);
        self.seen_after_millis.store(after, Ordering::Relaxed);
    }
}

/// What is told of a ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub id: TicketId,
    pub number: u64,
    pub issued_at: Timestamp,
    pub state: TicketState,
    pub version: u64,
}

impl Known {
    pub(super) fn of(stored: &Stored<Ticket>) -> Self {
        let Ticket { id, number, issued_at, state, .. } = stored.value;
        Self { id, number, issued_at, state, version: stored.version }
    }
}

/// How a stored ticket stands, whatever the time.
pub(super) const fn phase_of(state: &TicketState) -> Phase {
    match state {
        TicketState::Waiting => Phase::Waiting,
        TicketState::Active { .. } => Phase::Active,
        TicketState::Expired { .. } => Phase::Expired,
        TicketState::Consumed { .. } => Phase::Consumed,
        TicketState::Left { .. } => Phase::Left,
    }
}

/// Places by number.
#[derive(Debug, Default)]
pub(super) struct Places {
    blocks: Vec<Option<Block>>,
}

impl Places {
    /// The place of a number, if a ticket is known to have it.
    pub(super) fn get(&self, number: u64) -> Option<Spot<'_>> {
        let (block, index) = slot(number)?;
        let block = self.blocks.get(block)?.as_ref()?;
        let place = &block.places[index];
        let seen_after_millis = &block.seen_after_millis[index];
        place.phase.is_some().then_some(Spot { place, seen_after_millis })
    }

    /// Notes how a ticket stands, of a number that may have no place yet.
    pub(super) fn set(&mut self, ticket: &Known) {
        let Some((block, index)) = slot(ticket.number) else { return };
        if self.blocks.len() <= block {
            self.blocks.resize_with(block + 1, || None);
        }
        let place = &mut self.blocks[block].get_or_insert_with(Block::empty).places[index];
        (place.ticket_id, place.issued_at) = (ticket.id, ticket.issued_at);
        place.phase = Some(phase_of(&ticket.state));
    }
}

fn slot(number: u64) -> Option<(usize, usize)> {
    let number = usize::try_from(number).ok()?;
    Some((number / BLOCK, number % BLOCK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_takes_32_bytes() {
        assert_eq!(size_of::<Place>(), 32);
    }

    #[test]
    fn who_is_seen_before_they_joined_by_a_clock_that_lags_is_seen_when_they_joined() {
        let (issued_at, mut places) =
            (Timestamp::from_millis(1_800_000_000_000), Places::default());
        let (id, state) = (TicketId(Uuid::from_u128(1)), TicketState::Waiting);
        places.set(&Known { id, number: 1, issued_at, state, version: 1 });
        let seen_at = |now| {
            let spot = places.get(1).unwrap();
            spot.mark(now);
            spot.seen_at()
        };
        assert_eq!(seen_at(issued_at.plus_millis(-1)), None, "it is known when they joined");
        assert_eq!(seen_at(issued_at.plus_millis(1)), Some(issued_at.plus_millis(1)));
        let weeks_later = issued_at.plus_millis(i64::from(u32::MAX));
        assert_eq!(seen_at(weeks_later.plus_millis(1)), Some(weeks_later));
    }
}
