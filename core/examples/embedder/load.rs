//! Answers the needs of decisions: one `load_*` for each kind of key. A database that has indexes would
//! look up what is searched for here.

use crate::database::Database;
use frontrow_core::ledger::Transfer;
use frontrow_core::queue::{Ticket, TicketState};
use frontrow_core::seating::ReservationState;
use frontrow_core::state::{HeldSeats, Inventory, Stored};
use frontrow_core::{ConcertId, Key, Mode, ScheduleId, State, Timestamp, UserId};

/// Loads what `key` names.
pub fn load(database: &Database, state: &mut State, key: &Key) {
    match *key {
        Key::Queue(id) => state.load_queue(id, database.queues.get(id)),
        Key::Concert(id, mode) => state.load_concert(id, database.concerts.get(id), mode),
        Key::Schedule(id) => state.load_schedule(id, database.schedules.get(id)),
        Key::ReservationFacts(id) => {
            state.load_reservation(id, database.reservations.get(id), Mode::Fact);
        }
        Key::SeatMap(id) => state.load_seat_map(id, database.seat_map(id)),
        Key::Ticket(id) => state.load_ticket(id, database.tickets.get(id)),
        Key::LiveTicket(concert_id, user_id) => {
            let row = database.live_ticket(concert_id, user_id);
            state.load_live_ticket(concert_id, user_id, row);
        }
        Key::ExpiringTickets { concert_id, limit } => {
            let mut rows = database.active_tickets(concert_id);
            rows.truncate(limit as usize);
            state.load_expiring_tickets(concert_id, limit, rows);
        }
        Key::WaitingTickets { concert_id, after, limit } => {
            let rows = database.waiting_tickets(concert_id, after, limit);
            state.load_waiting_tickets(concert_id, after, limit, rows);
        }
        Key::NumberedTicket(concert_id, number) => {
            let row = database.numbered_ticket(concert_id, number);
            state.load_numbered_ticket(concert_id, number, row);
        }
        Key::Reservation(id) => {
            state.load_reservation(id, database.reservations.get(id), Mode::Write);
        }
        Key::Seat(schedule_id, number) => {
            state.load_seat(schedule_id, number, database.seats.get((schedule_id, number)));
        }
        Key::Wallet(id) => state.load_wallet(id, database.wallets.get(id)),
        Key::ActiveCount(id) => {
            state.load_active_count(id, database.active_tickets(id).len() as u64);
        }
        Key::ActiveHolds(id) => {
            let holds = database.active_tickets(id).into_iter().filter_map(|row| held_by(&row));
            state.load_active_holds(id, holds.collect());
        }
        Key::Inventory(id) => state.load_inventory(id, database.inventory(id)),
        Key::OwnedSeats(concert_id, user_id) => {
            let seats = database.owned_seats(concert_id, Some(user_id));
            state.load_owned_seats(concert_id, user_id, seats);
        }
    }
}

/// Loads every row there is, for an audit.
pub fn load_all(database: &Database) -> State {
    let mut state = State::partial();
    for (id, row) in database.concerts.all() {
        state.load_concert(id, Some(row), Mode::Write);
    }
    for (id, row) in database.queues.all() {
        state.load_queue(id, Some(row));
    }
    for (id, row) in database.tickets.all() {
        state.load_ticket(id, Some(row));
    }
    for (id, row) in database.schedules.all() {
        state.load_schedule(id, Some(row));
    }
    for ((schedule_id, number), row) in database.seats.all() {
        state.load_seat(schedule_id, number, Some(row));
    }
    for (id, row) in database.reservations.all() {
        state.load_reservation(id, Some(row), Mode::Write);
    }
    for (id, row) in database.wallets.all() {
        state.load_wallet(id, Some(row));
    }
    for json in &database.transfers {
        let transfer: Transfer = serde_json::from_str(json).expect("the ledger wrote it");
        state.load_transfer(transfer);
    }
    state
}

fn held_by(row: &Stored<Ticket>) -> Option<(frontrow_core::TicketId, HeldSeats)> {
    let TicketState::Active { hold: Some(hold), .. } = row.value.state else { return None };
    Some((row.value.id, HeldSeats { expires_at: hold.expires_at, seats: hold.seats }))
}

impl Database {
    fn tickets_of(&self, concert_id: ConcertId) -> impl Iterator<Item = Stored<Ticket>> {
        let rows = self.tickets.all().map(|(_, row)| row);
        rows.filter(move |row| row.value.concert_id == concert_id)
    }

    fn live_ticket(&self, concert_id: ConcertId, user_id: UserId) -> Option<Stored<Ticket>> {
        let is_theirs = |ticket: &Ticket| ticket.user_id == user_id && ticket.is_stored_live();
        self.tickets_of(concert_id).find(|row| is_theirs(&row.value))
    }

    /// Tickets stored active, by `(expires_at, id)`.
    fn active_tickets(&self, concert_id: ConcertId) -> Vec<Stored<Ticket>> {
        let is_active = |ticket: &Ticket| matches!(ticket.state, TicketState::Active { .. });
        let mut rows: Vec<_> =
            self.tickets_of(concert_id).filter(|row| is_active(&row.value)).collect();
        rows.sort_by_key(|row| (row.value.expires_at(), row.value.id));
        rows
    }

    /// Tickets stored waiting above `after`, by number, and when each was last seen.
    pub fn waiting_tickets(
        &self,
        concert_id: ConcertId,
        after: u64,
        limit: u32,
    ) -> Vec<(Stored<Ticket>, Option<Timestamp>)> {
        let waits = |ticket: &Ticket| ticket.state == TicketState::Waiting && ticket.number > after;
        let mut rows: Vec<_> =
            self.tickets_of(concert_id).filter(|row| waits(&row.value)).collect();
        rows.sort_by_key(|row| row.value.number);
        rows.truncate(limit as usize);
        let seen_at = |row: &Stored<Ticket>| self.seen.get(&row.value.id).copied();
        rows.into_iter().map(|row| (row.clone(), seen_at(&row))).collect()
    }

    /// The ticket that has a number, and when it was last seen.
    fn numbered_ticket(
        &self,
        concert_id: ConcertId,
        number: u64,
    ) -> Option<(Stored<Ticket>, Option<Timestamp>)> {
        let row = self.tickets_of(concert_id).find(|row| row.value.number == number)?;
        let seen_at = self.seen.get(&row.value.id).copied();
        Some((row, seen_at))
    }

    fn seat_map(&self, id: ScheduleId) -> Vec<(u32, Stored<frontrow_core::seating::Seat>)> {
        let of_schedule = self.seats.all().filter(|((schedule_id, _), _)| *schedule_id == id);
        of_schedule.map(|((_, number), row)| (number, row)).collect()
    }

    fn inventory(&self, concert_id: ConcertId) -> Inventory {
        let schedules = self.schedules.all().map(|(_, row)| row.value);
        let of_concert = schedules.filter(|schedule| schedule.concert_id == concert_id);
        let seats = of_concert.map(|schedule| u64::from(schedule.seats_total())).sum();
        Inventory { seats, sold: u64::from(self.owned_seats(concert_id, None)) }
    }

    /// Seats that were bought in a concert, by one person or by all.
    fn owned_seats(&self, concert_id: ConcertId, user_id: Option<UserId>) -> u32 {
        let reservations = self.reservations.all().map(|(_, row)| row.value);
        reservations
            .filter(|row| row.concert_id == concert_id)
            .filter(|row| user_id.is_none_or(|user_id| row.user_id == user_id))
            .filter(|row| matches!(row.state, ReservationState::Confirmed { .. }))
            .map(|row| row.seat_count())
            .sum()
    }
}
