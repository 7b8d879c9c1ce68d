//! A host's database, as a few maps: rows with versions, and what is counted from them.

use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Queue, Ticket, TicketHold, TicketState};
use frontrow_core::seating::{Reservation, ReservationState, Seat};
use frontrow_core::state::{HeldSeats, Inventory, Stored, Table};
use frontrow_core::{ConcertId, ReservationId, ScheduleId, State, TicketId, Timestamp, UserId};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;

/// Rows of one kind.
pub type Rows<K, T> = BTreeMap<K, Stored<T>>;

/// Every row, and who was seen when.
#[derive(Debug, Clone, Default)]
pub struct Store {
    pub concerts: Rows<ConcertId, Concert>,
    pub queues: Rows<ConcertId, Queue>,
    pub tickets: Rows<TicketId, Ticket>,
    pub schedules: Rows<ScheduleId, Schedule>,
    pub seats: Rows<(ScheduleId, u32), Seat>,
    pub reservations: Rows<ReservationId, Reservation>,
    pub wallets: Rows<UserId, Wallet>,
    pub ledger: Vec<Transfer>,
    pub seen: BTreeMap<TicketId, Timestamp>,
}

impl Store {
    /// Writes what a batch changed, each row only over the version that was loaded.
    pub fn write(&mut self, mut batch: State) {
        write(&mut self.concerts, batch.concerts());
        write(&mut self.queues, batch.queues());
        write(&mut self.tickets, batch.tickets());
        write(&mut self.schedules, batch.schedules());
        write(&mut self.seats, batch.seats());
        write(&mut self.reservations, batch.reservations());
        write(&mut self.wallets, batch.wallets());
        self.ledger.extend(batch.take_transfers());
    }

    /// The rows are those of a state that has them all, with versions and times of change.
    pub fn assert_same(&self, complete: &State) {
        assert_same("concerts", &self.concerts, complete.concerts());
        assert_same("queues", &self.queues, complete.queues());
        assert_same("tickets", &self.tickets, complete.tickets());
        assert_same("schedules", &self.schedules, complete.schedules());
        assert_same("seats", &self.seats, complete.seats());
        assert_same("reservations", &self.reservations, complete.reservations());
        assert_same("wallets", &self.wallets, complete.wallets());
        assert_eq!(self.ledger.as_slice(), complete.transfers(), "ledger");
    }

    /// The ticket stored live for this person in this queue.
    pub fn live_ticket(&self, concert_id: ConcertId, user_id: UserId) -> Option<Stored<Ticket>> {
        let is_theirs = |t: &Ticket| t.concert_id == concert_id && t.user_id == user_id;
        let mut live = self.tickets_where(|t| is_theirs(t) && t.is_stored_live());
        assert!(live.len() <= 1, "two live tickets of {user_id} in {concert_id}");
        live.pop()
    }

    /// Tickets stored active, by expiry.
    pub fn active(&self, concert_id: ConcertId) -> Vec<Stored<Ticket>> {
        let is_active = |t: &Ticket| matches!(t.state, TicketState::Active { .. });
        let mut active = self.tickets_where(|t| t.concert_id == concert_id && is_active(t));
        active.sort_by_key(|row| (row.value.expires_at(), row.value.id));
        active
    }

    /// Tickets stored waiting above a number, in order.
    pub fn waiting(&self, concert_id: ConcertId, after: u64) -> Vec<Stored<Ticket>> {
        let is_after = |t: &Ticket| t.number > after && t.state == TicketState::Waiting;
        let mut waiting = self.tickets_where(|t| t.concert_id == concert_id && is_after(t));
        waiting.sort_by_key(|row| row.value.number);
        waiting
    }

    /// The ticket that has a number.
    pub fn numbered(&self, concert_id: ConcertId, number: u64) -> Option<Stored<Ticket>> {
        self.tickets_where(|t| t.concert_id == concert_id && t.number == number).pop()
    }

    fn tickets_where(&self, wanted: impl Fn(&Ticket) -> bool) -> Vec<Stored<Ticket>> {
        self.tickets.values().filter(|row| wanted(&row.value)).cloned().collect()
    }

    /// The holds of the tickets stored active.
    pub fn active_holds(&self, concert_id: ConcertId) -> Vec<(TicketId, HeldSeats)> {
        let held = |row: Stored<Ticket>| match row.value.state {
            TicketState::Active { hold: Some(hold), .. } => {
                let TicketHold { expires_at, seats, .. } = hold;
                Some((row.value.id, HeldSeats { expires_at, seats }))
            }
            _ => None,
        };
        self.active(concert_id).into_iter().filter_map(held).collect()
    }

    pub fn inventory(&self, concert_id: ConcertId) -> Inventory {
        let mut inventory = Inventory::default();
        for schedule in self.schedules.values().filter(|row| row.value.concert_id == concert_id) {
            inventory.seats += u64::from(schedule.value.seats_total());
            let of_schedule =
                self.seats.range((schedule.value.id, 0)..=(schedule.value.id, u32::MAX));
            let sold = of_schedule.filter(|(_, seat)| matches!(seat.value, Seat::Sold { .. }));
            inventory.sold += sold.count() as u64;
        }
        inventory
    }

    /// Seats of confirmed reservations of this person in this concert.
    pub fn owned_seats(&self, concert_id: ConcertId, user_id: UserId) -> u32 {
        let theirs = self.reservations.values().map(|row| &row.value);
        let theirs = theirs.filter(|r| r.concert_id == concert_id && r.user_id == user_id);
        let bought = theirs.filter(|r| matches!(r.state, ReservationState::Confirmed { .. }));
        bought.map(Reservation::seat_count).sum()
    }

    /// Every seat of a schedule; version 0 if nobody ever held it.
    pub fn seat_map(&self, schedule_id: ScheduleId) -> Vec<(u32, Stored<Seat>)> {
        let total = self.schedules.get(&schedule_id).map_or(0, |row| row.value.seats_total());
        (1..=total).map(|number| (number, self.seat(schedule_id, number))).collect()
    }

    pub fn seat(&self, schedule_id: ScheduleId, number: u32) -> Stored<Seat> {
        let never = Stored { value: Seat::Free, version: 0, changed_at: Timestamp::MIN };
        self.seats.get(&(schedule_id, number)).copied().unwrap_or(never)
    }
}

fn write<K, T>(rows: &mut Rows<K, T>, table: &Table<K, T>)
where
    K: Copy + Ord + Hash + Debug,
    T: Clone + PartialEq + Debug,
{
    for change in table.changes() {
        let before = rows.get(&change.key).map_or(0, |row| row.version);
        assert_eq!(before, change.loaded_version, "{:?} was loaded as it is", change.key);
        let (version, changed_at) = (change.version, change.changed_at);
        rows.insert(change.key, Stored { value: change.value.clone(), version, changed_at });
    }
}

fn assert_same<K, T>(name: &str, rows: &Rows<K, T>, table: &Table<K, T>)
where
    K: Copy + Ord + Hash + Debug,
    T: PartialEq + Debug + Clone,
{
    let all = table.changes().map(|change| {
        let (version, changed_at) = (change.version, change.changed_at);
        (change.key, Stored { value: change.value.clone(), version, changed_at })
    });
    assert_eq!(rows, &all.collect::<Rows<K, T>>(), "{name}");
}
