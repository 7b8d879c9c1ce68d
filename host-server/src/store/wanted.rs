//! Keys by kind, as an adapter loads them (one statement for each kind, sorted, none twice), and what was
//! found of what was wanted.

use super::rows::Columns;
use super::{StoreError, StoredReply};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Key, Mode, ReservationId, ScheduleId, TicketId, UserId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is to be loaded, in the order of [`Class`](frontrow_core::Class).
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub queues: BTreeSet<ConcertId>,
    pub concerts: BTreeMap<ConcertId, Mode>,
    pub schedules: BTreeSet<ScheduleId>,
    pub reservation_facts: BTreeSet<ReservationId>,
    pub seat_maps: BTreeSet<ScheduleId>,
    pub tickets: BTreeSet<TicketId>,
    pub live_tickets: BTreeSet<(ConcertId, UserId)>,
    /// How many of each queue.
    pub expiring_tickets: BTreeMap<ConcertId, u32>,
    /// How many of each queue, after which number.
    pub waiting_tickets: BTreeMap<(ConcertId, u64), u32>,
    /// By their numbers in a queue.
    pub numbered_tickets: BTreeSet<(ConcertId, u64)>,
    pub reservations: BTreeSet<ReservationId>,
    pub seats: BTreeSet<(ScheduleId, u32)>,
    pub wallets: BTreeSet<UserId>,
    pub active_counts: BTreeSet<ConcertId>,
    pub active_holds: BTreeSet<ConcertId>,
    pub inventories: BTreeSet<ConcertId>,
    pub owned_seats: BTreeSet<(ConcertId, UserId)>,
}

impl Wanted {
    pub(super) fn sorted(keys: &[Key]) -> Self {
        let mut wanted = Self::default();
        for key in keys {
            wanted.insert(*key);
        }
        wanted
    }

    /// Whether tickets are wanted that only lists tell, or, where they are locked, the live ticket of a person.
    pub(super) fn has_lists(&self, locks: bool) -> bool {
        let of_queues = self.expiring_tickets.is_empty() && self.waiting_tickets.is_empty();
        !of_queues || !self.numbered_tickets.is_empty() || (locks && !self.live_tickets.is_empty())
    }

    fn insert(&mut self, key: Key) {
        match key {
            Key::Queue(id) => _ = self.queues.insert(id),
            Key::Concert(id, mode) => {
                let wanted = self.concerts.entry(id).or_insert(mode);
                *wanted = (*wanted).max(mode);
            }
            Key::Schedule(id) => _ = self.schedules.insert(id),
            Key::ReservationFacts(id) => _ = self.reservation_facts.insert(id),
            Key::SeatMap(id) => _ = self.seat_maps.insert(id),
            Key::Ticket(id) => _ = self.tickets.insert(id),
            Key::LiveTicket(concert, user) => _ = self.live_tickets.insert((concert, user)),
            Key::ExpiringTickets { concert_id, limit } => {
                let wanted = self.expiring_tickets.entry(concert_id).or_insert(limit);
                *wanted = (*wanted).max(limit);
            }
            Key::WaitingTickets { concert_id, after, limit } => {
                let wanted = self.waiting_tickets.entry((concert_id, after)).or_insert(limit);
                *wanted = (*wanted).max(limit);
            }
            Key::NumberedTicket(concert, number) => {
                self.numbered_tickets.insert((concert, number));
            }
            Key::Reservation(id) => _ = self.reservations.insert(id),
            Key::Seat(schedule, number) => _ = self.seats.insert((schedule, number)),
            Key::Wallet(id) => _ = self.wallets.insert(id),
            Key::ActiveCount(id) => _ = self.active_counts.insert(id),
            Key::ActiveHolds(id) => _ = self.active_holds.insert(id),
            Key::Inventory(id) => _ = self.inventories.insert(id),
            Key::OwnedSeats(concert, user) => _ = self.owned_seats.insert((concert, user)),
        }
    }
}

/// Gives every row that was found to `put`, and what was wanted and not found as `None`.
pub(super) fn hand_out<R: Columns, K: Ord, T>(
    found: &[R],
    mut wanted: BTreeSet<K>,
    key: fn(&R) -> Result<K, StoreError>,
    value: fn(&R) -> Result<T, StoreError>,
    mut put: impl FnMut(K, Option<Stored<T>>),
) -> Result<(), StoreError> {
    for row in found {
        let found = key(row)?;
        let stored = row.stored(value)?;
        wanted.remove(&found);
        put(found, Some(stored));
    }
    for missing in wanted {
        put(missing, None);
    }
    Ok(())
}

/// Everything that was found for each wanted key, which may be nothing.
pub(super) fn grouped<R, K: Ord, T>(
    found: &[R],
    wanted: BTreeSet<K>,
    value: fn(&R) -> Result<(K, T), StoreError>,
) -> Result<BTreeMap<K, Vec<T>>, StoreError> {
    let mut groups: BTreeMap<K, Vec<T>> = wanted.into_iter().map(|key| (key, Vec::new())).collect();
    for row in found {
        let (key, value) = value(row)?;
        groups.entry(key).or_default().push(value);
    }
    Ok(groups)
}

/// The replies that were found, in the order of the keys.
pub(super) fn in_order_of(
    keys: &[(UserId, String)],
    found: Vec<StoredReply>,
) -> Vec<Option<StoredReply>> {
    let kept: HashMap<_, _> =
        found.into_iter().map(|reply| ((reply.caller, reply.key.clone()), reply)).collect();
    keys.iter().map(|key| kept.get(key).cloned()).collect()
}
