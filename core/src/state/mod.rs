//! The rows that decisions read and events move. The same type holds every row (a browser, a test, an
//! audit) or just those that some commands need (a server); in the second case reading a row that was
//! not loaded is a [`Need`], never a decision.
//!
//! What lives here: rows, whether they are loaded and locked, and how they are found. No rule does.

mod index;
mod load;
mod seat_bits;
mod slice;
mod table;

pub use index::{HeldSeats, Inventory};
pub use table::{Change, Stored, Table};

pub(crate) use index::{ActiveHolds, Figure, Figures, QueueIndex};
pub(crate) use slice::Slice;

use crate::concert::{Concert, Schedule};
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
use crate::key::{Key, Mode, Need};
use crate::ledger::{Transfer, Wallet};
use crate::queue::{Queue, Ticket};
use crate::seating::{Reservation, Seat};
use crate::time::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use seat_bits::SeatBits;

/// Keyed rows of every kind.
#[derive(Debug, Clone)]
pub struct State {
    complete: bool,
    /// Whose rows are kept, and nothing besides rows; `None` where all is kept.
    replayed: Option<Slice>,
    pub(crate) concerts: Table<ConcertId, Concert>,
    pub(crate) queues: Table<ConcertId, Queue>,
    pub(crate) tickets: Table<TicketId, Ticket>,
    pub(crate) schedules: Table<ScheduleId, Schedule>,
    pub(crate) seats: Table<(ScheduleId, u32), Seat>,
    pub(crate) reservations: Table<ReservationId, Reservation>,
    pub(crate) wallets: Table<UserId, Wallet>,
    pub(crate) transfers: Vec<Transfer>,
    /// The ids of every transfer; only in a complete state. A store refuses one that is used twice.
    pub(crate) transfer_ids: FxHashSet<TransferId>,
    pub(crate) live_tickets: FxHashMap<(ConcertId, UserId), Option<TicketId>>,
    pub(crate) indexes: FxHashMap<ConcertId, QueueIndex>,
    pub(crate) figures: Figures,
    pub(crate) presence: FxHashMap<TicketId, Timestamp>,
    seat_maps: FxHashSet<ScheduleId>,
    seat_bits: FxHashMap<ScheduleId, Vec<SeatBits>>,
    pub(crate) last_change: Timestamp,
}

impl State {
    /// A state that has every row there is: none yet. It never needs anything.
    pub fn complete() -> Self {
        Self::new(true)
    }

    /// A state in which nothing is loaded yet.
    pub fn partial() -> Self {
        Self::new(false)
    }

    /// What a replay of the journal makes of a slice: rows that are compared and never decided on, so that nothing is
    /// kept that only decisions look up, nor the ledger.
    pub(crate) fn replayed(slice: Slice) -> Self {
        Self { replayed: Some(slice), ..Self::complete() }
    }

    /// In one place for all that make one: it is long, and called seldom.
    #[inline(never)]
    fn new(complete: bool) -> Self {
        Self {
            complete,
            replayed: None,
            concerts: Table::new(complete),
            queues: Table::new(complete),
            tickets: Table::new(complete),
            schedules: Table::new(complete),
            seats: Table::with_untouched(complete, Seat::Free),
            reservations: Table::new(complete),
            wallets: Table::new(complete),
            transfers: Vec::new(),
            transfer_ids: FxHashSet::default(),
            live_tickets: FxHashMap::default(),
            indexes: FxHashMap::default(),
            figures: Figures { complete, ..Figures::default() },
            presence: FxHashMap::default(),
            seat_maps: FxHashSet::default(),
            seat_bits: FxHashMap::default(),
            last_change: Timestamp::MIN,
        }
    }

    /// Makes room for so many more people in line: to grow by doubling would copy them all, and take up to twice
    /// the memory.
    #[cfg(feature = "sim")]
    pub(crate) fn reserve_line(&mut self, people: usize) {
        self.tickets.reserve(people);
        self.live_tickets.reserve(people);
    }

    /// Whether it has every row there is.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether a person's rows are kept here, if they are loaded.
    pub(crate) fn keeps_user(&self, id: UserId) -> bool {
        self.replayed.is_none_or(|slice| slice.has_user(id))
    }

    /// Whether a seat's row is kept here, if it is loaded.
    pub(crate) fn keeps_seat(&self, schedule_id: ScheduleId, number: u32) -> bool {
        self.replayed.is_none_or(|slice| slice.has_seat(schedule_id, number))
    }

    /// Whether more is kept than rows: what decisions look up beside them, and the ledger.
    pub(crate) const fn derives(&self) -> bool {
        self.replayed.is_none()
    }

    /// The concerts that are loaded.
    pub fn concerts(&self) -> &Table<ConcertId, Concert> {
        &self.concerts
    }

    /// The queues that are loaded.
    pub fn queues(&self) -> &Table<ConcertId, Queue> {
        &self.queues
    }

    /// The tickets that are loaded.
    pub fn tickets(&self) -> &Table<TicketId, Ticket> {
        &self.tickets
    }

    /// The schedules that are loaded.
    pub fn schedules(&self) -> &Table<ScheduleId, Schedule> {
        &self.schedules
    }

    /// The seats that are loaded, by schedule and number. In a complete state a seat that nobody ever
    /// held has no row.
    pub fn seats(&self) -> &Table<(ScheduleId, u32), Seat> {
        &self.seats
    }

    /// The reservations that are loaded.
    pub fn reservations(&self) -> &Table<ReservationId, Reservation> {
        &self.reservations
    }

    /// The wallets that are loaded.
    pub fn wallets(&self) -> &Table<UserId, Wallet> {
        &self.wallets
    }

    /// The transfers that have not been taken, oldest first; in a complete state, the whole ledger.
    pub fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }

    /// Whether `key` can be read.
    pub fn has(&self, key: &Key) -> bool {
        if self.complete {
            return true;
        }
        let loaded = |figure: Option<&Figure>| figure.is_some_and(Figure::is_loaded);
        match *key {
            Key::Queue(id) => self.queues.is_loaded(id),
            Key::Concert(id, Mode::Fact) => self.concerts.is_loaded(id),
            Key::Concert(id, Mode::Write) => self.concerts.is_locked(id),
            Key::Schedule(id) => self.schedules.is_loaded(id),
            Key::ReservationFacts(id) => self.reservations.is_loaded(id),
            Key::SeatMap(id) => self.seat_maps.contains(&id),
            Key::Ticket(id) => self.tickets.is_loaded(id),
            Key::LiveTicket(concert, user) => self.live_tickets.contains_key(&(concert, user)),
            Key::ExpiringTickets { concert_id, .. } => {
                self.indexes.get(&concert_id).is_some_and(|index| index.active_through.is_some())
            }
            Key::WaitingTickets { concert_id, after, .. } => {
                self.indexes.get(&concert_id).is_some_and(|index| index.through(after).is_some())
            }
            Key::NumberedTicket(concert_id, number) => {
                self.indexes.get(&concert_id).is_some_and(|index| index.knows(number))
            }
            Key::Reservation(id) => self.reservations.is_locked(id),
            Key::Seat(schedule, number) => self.seats.is_locked((schedule, number)),
            Key::Wallet(id) => self.wallets.is_loaded(id),
            Key::ActiveCount(id) => loaded(self.figures.active_count.get(&id)),
            Key::ActiveHolds(id) => {
                self.figures.active_holds.get(&id).is_some_and(ActiveHolds::is_loaded)
            }
            Key::Inventory(id) => loaded(self.figures.sold.get(&id)),
            Key::OwnedSeats(concert, user) => {
                loaded(self.figures.owned_seats.get(&(concert, user)))
            }
        }
    }

    /// All of `keys` that can't be read yet, as one need.
    pub(crate) fn require(&self, keys: &[Key]) -> Result<(), Need> {
        if self.complete {
            return Ok(());
        }
        let missing: Vec<Key> = keys.iter().filter(|key| !self.has(key)).copied().collect();
        if missing.is_empty() { Ok(()) } else { Err(Need(missing)) }
    }

    /// The same, where it takes a while to say which keys: a state that has every row need not know.
    pub(crate) fn require_all(&self, keys: impl FnOnce() -> Vec<Key>) -> Result<(), Need> {
        if self.complete { Ok(()) } else { self.require(&keys()) }
    }

    pub(crate) fn concert(&self, id: ConcertId) -> Result<Option<&Concert>, Need> {
        self.concerts.read(id).or_need(Key::Concert(id, Mode::Fact))
    }

    pub(crate) fn queue(&self, id: ConcertId) -> Result<Option<&Queue>, Need> {
        self.queues.read(id).or_need(Key::Queue(id))
    }

    pub(crate) fn schedule(&self, id: ScheduleId) -> Result<Option<&Schedule>, Need> {
        self.schedules.read(id).or_need(Key::Schedule(id))
    }

    pub(crate) fn ticket(&self, id: TicketId) -> Result<Option<&Ticket>, Need> {
        self.tickets.read(id).or_need(Key::Ticket(id))
    }

    pub(crate) fn wallet(&self, id: UserId) -> Result<Option<&Wallet>, Need> {
        self.wallets.read(id).or_need(Key::Wallet(id))
    }

    /// The ticket that is stored live for this person in this queue; whether it still is, its row tells.
    pub(crate) fn live_ticket(
        &self,
        concert_id: ConcertId,
        user_id: UserId,
    ) -> Result<Option<&Ticket>, Need> {
        match self.live_tickets.get(&(concert_id, user_id)) {
            Some(Some(id)) => Ok(self.ticket(*id)?.filter(|ticket| ticket.is_stored_live())),
            Some(None) => Ok(None),
            None if self.complete => Ok(None),
            None => Err(Key::LiveTicket(concert_id, user_id).into()),
        }
    }

    /// A reservation's owner, ticket, schedule, seats and amount: they never change.
    pub(crate) fn reservation_facts(
        &self,
        id: ReservationId,
    ) -> Result<Option<&Reservation>, Need> {
        self.reservations.read(id).or_need(Key::ReservationFacts(id))
    }

    /// A reservation that is locked, with its state.
    pub(crate) fn reservation(&self, id: ReservationId) -> Result<Option<&Reservation>, Need> {
        if !self.reservations.is_locked(id) {
            return Err(Key::Reservation(id).into());
        }
        Ok(self.reservations.get(id))
    }

    /// A seat that is locked. The schedule must have it.
    pub(crate) fn seat(&self, schedule_id: ScheduleId, number: u32) -> Result<Seat, Need> {
        if !self.seats.is_locked((schedule_id, number)) {
            return Err(Key::Seat(schedule_id, number).into());
        }
        Ok(self.seat_fact(schedule_id, number))
    }

    /// A seat as it is loaded, locked or not.
    pub(crate) fn seat_fact(&self, schedule_id: ScheduleId, number: u32) -> Seat {
        self.seats.get((schedule_id, number)).copied().unwrap_or_default()
    }

    pub(crate) fn active_count(&self, id: ConcertId) -> Result<u64, Need> {
        self.require(&[Key::ActiveCount(id)])?;
        Ok(self.figures.active_count.get(&id).map_or(0, Figure::value))
    }

    /// How many tickets are active at `now`; in a complete state.
    pub(crate) fn active_at(&self, id: ConcertId, now: Timestamp) -> u64 {
        let stored = self.figures.active_count.get(&id).map_or(0, Figure::value);
        let index = self.indexes.get(&id);
        let lapsed = index.map_or(0, |index| index.lapsed(&self.tickets, now).count());
        stored - lapsed as u64
    }

    pub(crate) fn active_holds(
        &self,
        id: ConcertId,
    ) -> Result<impl Iterator<Item = &HeldSeats>, Need> {
        self.require(&[Key::ActiveHolds(id)])?;
        Ok(self.figures.active_holds.get(&id).into_iter().flat_map(ActiveHolds::iter))
    }

    pub(crate) fn inventory(&self, id: ConcertId) -> Result<Inventory, Need> {
        self.require(&[Key::Inventory(id)])?;
        Ok(self.figures.inventory(id))
    }

    pub(crate) fn owned_seats(&self, concert_id: ConcertId, user_id: UserId) -> Result<u64, Need> {
        self.require(&[Key::OwnedSeats(concert_id, user_id)])?;
        Ok(self.figures.owned_seats.get(&(concert_id, user_id)).map_or(0, Figure::value))
    }

    pub(crate) fn index_mut(&mut self, id: ConcertId) -> &mut QueueIndex {
        let complete = self.complete;
        self.indexes.entry(id).or_insert_with(|| {
            if complete { QueueIndex::complete() } else { QueueIndex::default() }
        })
    }
}
