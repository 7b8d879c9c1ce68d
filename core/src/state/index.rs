//! What a queue's decisions look up beside rows: the line, the active tickets by expiry, and figures
//! derived from rows. In a complete state they are kept by `apply` from the start; in a host's partial
//! state they are loaded, each with how far it reaches, and then kept by the same `apply`.

use crate::ids::{ConcertId, TicketId, UserId};
use crate::time::Timestamp;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Seats of a concert.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Seats in all its schedules.
    pub seats: u64,
    /// Those that are sold.
    pub sold: u64,
}

impl Inventory {
    /// Whether there are seats, and every one is sold.
    pub const fn is_sold_out(&self) -> bool {
        self.seats > 0 && self.sold >= self.seats
    }

    /// Seats that are not sold, held or not.
    pub const fn unsold(&self) -> u64 {
        self.seats.saturating_sub(self.sold)
    }
}

/// A live (or lapsed) hold of an active ticket, as admission counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldSeats {
    /// When the hold runs out.
    pub expires_at: Timestamp,
    /// Seats in it.
    pub seats: u32,
}

/// The tickets of one queue that are stored waiting or active, as far as they are loaded.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueIndex {
    /// Waiting tickets by number. What is above `waiting_through` is not all that there is.
    pub waiting: BTreeMap<u64, TicketId>,
    pub waiting_through: u64,
    /// Active tickets by expiry. What is above `active_through` is not all that there is.
    pub active: BTreeSet<(Timestamp, TicketId)>,
    pub active_through: Option<(Timestamp, TicketId)>,
}

impl QueueIndex {
    pub(crate) fn complete() -> Self {
        let every = (Timestamp::MAX, TicketId(uuid::Uuid::max()));
        Self { waiting_through: u64::MAX, active_through: Some(every), ..Self::default() }
    }
}

/// Figures derived from rows: what is not here is not loaded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// Whether a person whose figure is not here owns nothing.
    pub complete: bool,
    pub active_count: FxHashMap<ConcertId, u64>,
    pub active_holds: FxHashMap<ConcertId, FxHashMap<TicketId, HeldSeats>>,
    pub inventory: FxHashMap<ConcertId, Inventory>,
    pub owned_seats: FxHashMap<(ConcertId, UserId), u32>,
}

impl Figures {
    pub(crate) fn concert_created(&mut self, concert_id: ConcertId) {
        self.active_count.insert(concert_id, 0);
        self.active_holds.insert(concert_id, FxHashMap::default());
        self.inventory.insert(concert_id, Inventory::default());
    }

    pub(crate) fn ticket_activated(&mut self, concert_id: ConcertId) {
        if let Some(count) = self.active_count.get_mut(&concert_id) {
            *count += 1;
        }
    }

    pub(crate) fn ticket_deactivated(&mut self, concert_id: ConcertId, ticket_id: TicketId) {
        if let Some(count) = self.active_count.get_mut(&concert_id) {
            *count = count.saturating_sub(1);
        }
        self.hold_ended(concert_id, ticket_id);
    }

    pub(crate) fn hold_taken(&mut self, concert_id: ConcertId, ticket: TicketId, held: HeldSeats) {
        if let Some(holds) = self.active_holds.get_mut(&concert_id) {
            holds.insert(ticket, held);
        }
    }

    pub(crate) fn hold_ended(&mut self, concert_id: ConcertId, ticket_id: TicketId) {
        if let Some(holds) = self.active_holds.get_mut(&concert_id) {
            holds.remove(&ticket_id);
        }
    }

    pub(crate) fn seats_added(&mut self, concert_id: ConcertId, seats: u32) {
        if let Some(inventory) = self.inventory.get_mut(&concert_id) {
            inventory.seats += u64::from(seats);
        }
    }

    pub(crate) fn seats_sold(&mut self, concert_id: ConcertId, user_id: UserId, seats: u32) {
        if let Some(inventory) = self.inventory.get_mut(&concert_id) {
            inventory.sold += u64::from(seats);
        }
        if self.complete {
            *self.owned_seats.entry((concert_id, user_id)).or_insert(0) += seats;
        } else if let Some(owned) = self.owned_seats.get_mut(&(concert_id, user_id)) {
            *owned += seats;
        }
    }

    pub(crate) fn seats_returned(&mut self, concert_id: ConcertId, user_id: UserId, seats: u32) {
        if let Some(inventory) = self.inventory.get_mut(&concert_id) {
            inventory.sold = inventory.sold.saturating_sub(u64::from(seats));
        }
        if let Some(owned) = self.owned_seats.get_mut(&(concert_id, user_id)) {
            *owned = owned.saturating_sub(seats);
        }
    }
}
