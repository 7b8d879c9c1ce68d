//! The tickets of one queue by number, in little memory: there may be millions of them.

use frontrow_core::queue::{Phase, Ticket, TicketState};
use frontrow_core::state::Stored;
use frontrow_core::{TicketId, Timestamp};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// Tickets that get memory together.
const BLOCK: usize = 512;

/// What is kept of every ticket: 32 bytes.
#[derive(Debug)]
pub(super) struct Place {
    pub ticket_id: TicketId,
    pub issued_at: Timestamp,
    /// How it stands; `None` where no ticket has this number, as far as is known.
    pub phase: Option<Phase>,
    /// When its holder was seen last, in milliseconds from `issued_at`. Polls set it while others read.
    seen_after_millis: AtomicU32,
}

impl Place {
    fn empty() -> Self {
        Self {
            ticket_id: TicketId(Uuid::nil()),
            issued_at: Timestamp::MIN,
            phase: None,
            seen_after_millis: AtomicU32::new(0),
        }
    }

    /// When its holder was seen last, if they were since they joined.
    pub(super) fn seen_at(&self) -> Option<Timestamp> {
        let after = self.seen_after_millis.load(Ordering::Relaxed);
        (after > 0).then(|| self.issued_at.plus_millis(i64::from(after)))
    }

    /// Its holder was seen.
    pub(super) fn mark(&self, now: Timestamp) {
        let after = now.millis_since(self.issued_at);
        // Seven weeks; who has been in line for longer counts as seen then.
        let after = u32::try_from(after).unwrap_or(u32::MAX);
        // No exchange, for which the processor would wait: of two polls at once, the earlier may be what is kept.
        if self.seen_after_millis.load(Ordering::Relaxed) < after {
            self.seen_after_millis.store(after, Ordering::Relaxed);
        }
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
    blocks: Vec<Option<Box<[Place]>>>,
}

impl Places {
    /// The place of a number, if a ticket is known to have it.
    pub(super) fn get(&self, number: u64) -> Option<&Place> {
        let (block, index) = slot(number)?;
        let place = &self.blocks.get(block)?.as_ref()?[index];
        place.phase.is_some().then_some(place)
    }

    /// Notes how a ticket stands, of a number that may have no place yet.
    pub(super) fn set(&mut self, ticket: &Known) {
        let Some((block, index)) = slot(ticket.number) else { return };
        if self.blocks.len() <= block {
            self.blocks.resize_with(block + 1, || None);
        }
        let places = self.blocks[block]
            .get_or_insert_with(|| std::iter::repeat_with(Place::empty).take(BLOCK).collect());
        let place = &mut places[index];
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
}
