//! What a queue's decisions look up beside rows: the line, the active tickets by expiry, and figures
//! derived from rows. In a complete state they are kept by `apply` from the start; in a host's partial
//! state they are loaded, each with how far it reaches, and then kept by the same `apply`.

use super::Table;
use crate::ids::{ConcertId, TicketId, UserId};
use crate::queue::{Order, Ticket};
use crate::time::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
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
    /// The order in which the line is let in.
    pub order: Order,
    /// Waiting tickets by arrival number.
    pub waiting: BTreeMap<u64, TicketId>,
    /// The arrival numbers whose waiting tickets are all there: above the first, up to the second.
    /// They are few: batches read on from where they are.
    ranges: Vec<(u64, u64)>,
    /// Single arrival numbers besides.
    numbers: FxHashSet<u64>,
    /// Active tickets by expiry. An entry counts while its ticket runs out at that very time: of tickets that end or move
    /// it stays here until then, since to find it among a million would cost a payment as much as all else that it does.
    /// What is above `active_through` is not all that there is.
    pub expiries: BTreeSet<(Timestamp, TicketId)>,
    pub active_through: Option<(Timestamp, TicketId)>,
}

impl QueueIndex {
    pub(crate) fn complete() -> Self {
        let every = (Timestamp::MAX, TicketId(uuid::Uuid::max()));
        Self { ranges: vec![(0, u64::MAX)], active_through: Some(every), ..Self::default() }
    }

    /// Takes out of the order of expiry what has come first by `now` and does not count any more.
    pub(crate) fn drop_ended(&mut self, tickets: &Table<TicketId, Ticket>, now: Timestamp) {
        while let Some(first) = self.expiries.first()
            && first.0 <= now
            && expiring(tickets, *first).is_none()
        {
            self.expiries.pop_first();
        }
    }

    /// The tickets stored active whose time has run out at `now`, by when it did, as far as they are loaded.
    pub(crate) fn lapsed<'t>(
        &self,
        tickets: &'t Table<TicketId, Ticket>,
        now: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, &'t Ticket)> {
        let due = self.expiries.iter().take_while(move |(expires_at, _)| *expires_at <= now);
        due.filter_map(|entry| Some((entry.0, expiring(tickets, *entry)?)))
    }

    /// How far all waiting tickets above the arrival number `after` are there.
    pub(crate) fn through(&self, after: u64) -> Option<u64> {
        let known = self.ranges.iter().filter(|(start, end)| *start <= after && after < *end);
        known.map(|(_, end)| *end).max()
    }

    /// Whether it is known if the ticket with this arrival number waits.
    pub(crate) fn knows(&self, number: u64) -> bool {
        self.numbers.contains(&number) || self.through(number - 1).is_some()
    }

    /// All waiting tickets above `after`, up to `through`, are there from now on.
    pub(crate) fn know_range(&mut self, after: u64, through: u64) {
        match self.ranges.iter_mut().find(|(start, end)| *start <= after && after <= *end) {
            Some((_, end)) => *end = through.max(*end),
            None => self.ranges.push((after, through)),
        }
    }

    /// It is known from now on if the ticket with this arrival number waits.
    pub(crate) fn know_number(&mut self, number: u64) {
        self.numbers.insert(number);
    }
}

/// The ticket of an entry of the order of expiry, while that counts.
fn expiring(
    tickets: &Table<TicketId, Ticket>,
    (expires_at, id): (Timestamp, TicketId),
) -> Option<&Ticket> {
    tickets.get(id).filter(|ticket| ticket.expires_at() == expires_at)
}

/// A count that a host derives from stored rows, and what events have added to it since. A host can
/// ask for it in the middle of a batch, when the rows that it counts are not written yet; so what
/// events add is kept from the first one on, loaded or not.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figure {
    stored: Option<u64>,
    added: i64,
}

impl Figure {
    /// Takes the count of the stored rows, once.
    pub(crate) fn load(&mut self, stored: u64) {
        self.stored.get_or_insert(stored);
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.stored.is_some()
    }

    /// The count as it is now. In a complete state nothing is stored elsewhere.
    pub(crate) fn value(&self) -> u64 {
        self.stored.unwrap_or(0).saturating_add_signed(self.added)
    }

    fn add(&mut self, count: impl Into<i64>) {
        self.added += count.into();
    }
}

/// The holds of a queue's active tickets: those that are stored, and over them what events have
/// changed since (`None`: the hold has ended).
#[derive(Debug, Clone, Default)]
pub(crate) struct ActiveHolds {
    stored: bool,
    by_ticket: FxHashMap<TicketId, Option<HeldSeats>>,
}

impl ActiveHolds {
    /// Takes the stored holds; what events have changed stays.
    pub(crate) fn load(&mut self, holds: Vec<(TicketId, HeldSeats)>) {
        self.stored = true;
        for (ticket_id, held) in holds {
            self.by_ticket.entry(ticket_id).or_insert(Some(held));
        }
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.stored
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HeldSeats> {
        self.by_ticket.values().flatten()
    }
}

/// Figures derived from rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// Whether nothing is stored elsewhere.
    pub complete: bool,
    pub active_count: FxHashMap<ConcertId, Figure>,
    pub active_holds: FxHashMap<ConcertId, ActiveHolds>,
    pub seats: FxHashMap<ConcertId, Figure>,
    pub sold: FxHashMap<ConcertId, Figure>,
    pub owned_seats: FxHashMap<(ConcertId, UserId), Figure>,
}

impl Figures {
    pub(crate) fn inventory(&self, concert_id: ConcertId) -> Inventory {
        let value = |figures: &FxHashMap<ConcertId, Figure>| {
            figures.get(&concert_id).map_or(0, Figure::value)
        };
        Inventory { seats: value(&self.seats), sold: value(&self.sold) }
    }

    pub(crate) fn ticket_activated(&mut self, concert_id: ConcertId) {
        self.active_count.entry(concert_id).or_default().add(1);
    }

    pub(crate) fn ticket_deactivated(&mut self, concert_id: ConcertId, ticket_id: TicketId) {
        self.active_count.entry(concert_id).or_default().add(-1);
        self.hold_ended(concert_id, ticket_id);
    }

    pub(crate) fn hold_taken(&mut self, concert_id: ConcertId, ticket: TicketId, held: HeldSeats) {
        let holds = self.active_holds.entry(concert_id).or_default();
        holds.by_ticket.insert(ticket, Some(held));
    }

    pub(crate) fn hold_ended(&mut self, concert_id: ConcertId, ticket_id: TicketId) {
        let holds = self.active_holds.entry(concert_id).or_default();
        if self.complete {
            holds.by_ticket.remove(&ticket_id);
        } else {
            holds.by_ticket.insert(ticket_id, None);
        }
    }

    pub(crate) fn seats_added(&mut self, concert_id: ConcertId, seats: u32) {
        self.seats.entry(concert_id).or_default().add(seats);
    }

    pub(crate) fn seats_sold(&mut self, concert_id: ConcertId, user_id: UserId, seats: u32) {
        self.sold.entry(concert_id).or_default().add(seats);
        self.owned_seats.entry((concert_id, user_id)).or_default().add(seats);
    }

    pub(crate) fn seats_returned(&mut self, concert_id: ConcertId, user_id: UserId, seats: u32) {
        self.sold.entry(concert_id).or_default().add(-i64::from(seats));
        let owned = self.owned_seats.entry((concert_id, user_id)).or_default();
        owned.add(-i64::from(seats));
        if self.complete && owned.value() == 0 {
            self.owned_seats.remove(&(concert_id, user_id));
        }
    }
}
