//! How a host fills a partial state with what some commands need, and takes out what changed.

use super::index::{HeldSeats, Inventory, QueueIndex};
use super::{State, Stored};
use crate::audit::Row;
use crate::concert::{Concert, Schedule};
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, UserId};
use crate::key::{Key, Mode};
use crate::ledger::{Transfer, Wallet};
use crate::queue::{Order, Queue, Ticket, TicketState};
use crate::seating::{Reservation, Seat};
use crate::time::Timestamp;

impl State {
    /// Answers [`Key::Concert`].
    pub fn load_concert(&mut self, id: ConcertId, row: Option<Stored<Concert>>, mode: Mode) {
        self.note_change(row.as_ref());
        self.concerts.load(id, row, mode == Mode::Write);
    }

    /// Answers [`Key::Queue`].
    pub fn load_queue(&mut self, id: ConcertId, row: Option<Stored<Queue>>) {
        self.note_change(row.as_ref());
        self.queues.load(id, row, true);
        if let Some(queue) = self.queues.get(id).filter(|queue| queue.draw.is_some()) {
            let order = Order::of(queue);
            self.index_mut(id).order = order;
        }
    }

    /// Takes a row as it is stored, to be read and to be changed.
    pub fn load_row(&mut self, row: Row) {
        match row {
            Row::Concert(row) => self.load_concert(row.value.id, Some(row), Mode::Write),
            Row::Queue(row) => self.load_queue(row.value.concert_id, Some(row)),
            Row::Schedule(row) => self.load_schedule(row.value.id, Some(row)),
            Row::Wallet(row) => self.load_wallet(row.value.user_id, Some(row)),
            Row::Transfer(transfer) => self.load_transfer(transfer),
            Row::Reservation(row) => self.load_reservation(row.value.id, Some(row), Mode::Write),
            Row::Ticket(row) => self.load_ticket(row.value.id, Some(row)),
            Row::Seat { schedule_id, number, stored } => {
                self.load_seat(schedule_id, number, Some(stored));
            }
        }
    }

    /// Answers [`Key::Schedule`].
    pub fn load_schedule(&mut self, id: ScheduleId, row: Option<Stored<Schedule>>) {
        self.note_change(row.as_ref());
        self.schedules.load(id, row, true);
    }

    /// Answers [`Key::Ticket`].
    pub fn load_ticket(&mut self, id: TicketId, row: Option<Stored<Ticket>>) {
        self.note_change(row.as_ref());
        self.tickets.load(id, row, true);
    }

    /// Answers [`Key::LiveTicket`].
    pub fn load_live_ticket(
        &mut self,
        concert_id: ConcertId,
        user_id: UserId,
        row: Option<Stored<Ticket>>,
    ) {
        if self.live_tickets.contains_key(&(concert_id, user_id)) {
            return;
        }
        let id = row.and_then(|row| self.load_listed_ticket(row, Ticket::is_stored_live));
        self.live_tickets.insert((concert_id, user_id), id);
    }

    /// Answers [`Key::ExpiringTickets`] with the first `limit` tickets
    /// stored active by `(expires_at, id)`, or all there are.
    pub fn load_expiring_tickets(
        &mut self,
        concert_id: ConcertId,
        limit: u32,
        rows: Vec<Stored<Ticket>>,
    ) {
        let last = rows.last().map(|row| (row.value.expires_at(), row.value.id));
        let whole = rows.len() < limit as usize;
        for row in rows {
            let is_active = |ticket: &Ticket| matches!(ticket.state, TicketState::Active { .. });
            if let Some(id) = self.load_listed_ticket(row, is_active)
                && let Some(ticket) = self.tickets.get(id)
            {
                let entry = (ticket.expires_at(), id);
                self.index_mut(concert_id).expiries.insert(entry);
            }
        }
        let through = if whole { QueueIndex::complete().active_through } else { last };
        let index = self.index_mut(concert_id);
        index.active_through = index.active_through.max(through);
    }

    /// Answers [`Key::WaitingTickets`] with the first `limit` tickets
    /// stored waiting above `after`, by number, or all there are; each with when it was last seen.
    pub fn load_waiting_tickets(
        &mut self,
        concert_id: ConcertId,
        after: u64,
        limit: u32,
        rows: Vec<(Stored<Ticket>, Option<Timestamp>)>,
    ) {
        let last = rows.last().map_or(after, |(row, _)| row.value.number);
        let through = if rows.len() < limit as usize { u64::MAX } else { last };
        for (row, seen_at) in rows {
            self.load_in_line(concert_id, row, seen_at);
        }
        self.index_mut(concert_id).know_range(after, through);
    }

    /// Answers [`Key::NumberedTicket`]; with when it was last seen.
    pub fn load_numbered_ticket(
        &mut self,
        concert_id: ConcertId,
        number: u64,
        row: Option<(Stored<Ticket>, Option<Timestamp>)>,
    ) {
        if let Some((row, seen_at)) = row {
            self.load_in_line(concert_id, row, seen_at);
        }
        self.index_mut(concert_id).know_number(number);
    }

    fn load_in_line(
        &mut self,
        concert_id: ConcertId,
        row: Stored<Ticket>,
        seen_at: Option<Timestamp>,
    ) {
        let number = row.value.number;
        if let Some(seen_at) = seen_at {
            self.mark_seen(row.value.id, seen_at);
        }
        let is_waiting = |ticket: &Ticket| matches!(ticket.state, TicketState::Waiting);
        if let Some(id) = self.load_listed_ticket(row, is_waiting) {
            self.index_mut(concert_id).waiting.insert(number, id);
        }
    }

    /// Answers [`Key::ReservationFacts`] (`Fact`) and
    /// [`Key::Reservation`] (`Write`).
    pub fn load_reservation(
        &mut self,
        id: ReservationId,
        row: Option<Stored<Reservation>>,
        mode: Mode,
    ) {
        self.note_change(row.as_ref());
        self.reservations.load(id, row, mode == Mode::Write);
    }

    /// Answers [`Key::Seat`].
    pub fn load_seat(&mut self, schedule_id: ScheduleId, number: u32, row: Option<Stored<Seat>>) {
        self.note_change(row.as_ref());
        self.seats.load((schedule_id, number), row, true);
        self.note_seat(schedule_id, number, self.seat_fact(schedule_id, number));
    }

    /// Answers [`Key::SeatMap`] with every seat of the schedule.
    pub fn load_seat_map(&mut self, schedule_id: ScheduleId, rows: Vec<(u32, Stored<Seat>)>) {
        for (number, row) in rows {
            self.note_change(Some(&row));
            self.seats.load((schedule_id, number), Some(row), false);
            self.note_seat(schedule_id, number, self.seat_fact(schedule_id, number));
        }
        self.seat_maps.insert(schedule_id);
    }

    /// Answers [`Key::Wallet`].
    pub fn load_wallet(&mut self, id: UserId, row: Option<Stored<Wallet>>) {
        self.note_change(row.as_ref());
        self.wallets.load(id, row, true);
    }

    /// Puts a stored transfer into the ledger, in order; for a state that an audit compares.
    pub fn load_transfer(&mut self, transfer: Transfer) {
        self.transfers.push(transfer);
    }

    /// Answers [`Key::ActiveCount`].
    pub fn load_active_count(&mut self, id: ConcertId, count: u64) {
        self.figures.active_count.entry(id).or_default().load(count);
    }

    /// Answers [`Key::ActiveHolds`].
    pub fn load_active_holds(&mut self, id: ConcertId, holds: Vec<(TicketId, HeldSeats)>) {
        self.figures.active_holds.entry(id).or_default().load(holds);
    }

    /// Answers [`Key::Inventory`].
    pub fn load_inventory(&mut self, id: ConcertId, inventory: Inventory) {
        self.figures.seats.entry(id).or_default().load(inventory.seats);
        self.figures.sold.entry(id).or_default().load(inventory.sold);
    }

    /// Answers [`Key::OwnedSeats`].
    pub fn load_owned_seats(&mut self, concert_id: ConcertId, user_id: UserId, seats: u32) {
        self.figures.owned_seats.entry((concert_id, user_id)).or_default().load(seats.into());
    }

    /// Notes that a waiting ticket's holder was seen (a poll, an open stream). Not journalled: an
    /// outage may lose it, which at worst passes over somebody who is away.
    pub fn mark_seen(&mut self, ticket_id: TicketId, seen_at: Timestamp) {
        let seen = self.presence.entry(ticket_id).or_insert(seen_at);
        *seen = (*seen).max(seen_at);
    }

    /// The transfers made since they were taken last, oldest first: a host appends them to its ledger.
    pub fn take_transfers(&mut self) -> Vec<Transfer> {
        std::mem::take(&mut self.transfers)
    }

    /// The version of the row that an event is [about](crate::Event::subject); 0 if it is not loaded.
    pub fn version_of(&self, subject: &Key) -> u64 {
        match *subject {
            Key::Queue(id) => self.queues.version(id),
            Key::Concert(id, _) => self.concerts.version(id),
            Key::Schedule(id) => self.schedules.version(id),
            Key::Ticket(id) => self.tickets.version(id),
            Key::Reservation(id) | Key::ReservationFacts(id) => self.reservations.version(id),
            Key::Seat(schedule_id, number) => self.seats.version((schedule_id, number)),
            Key::Wallet(id) => self.wallets.version(id),
            _ => 0,
        }
    }

    /// The latest change of any row that was loaded or applied. A host decides at the later of this
    /// and its clock, so that time never runs backwards for a row.
    pub fn last_change(&self) -> Timestamp {
        self.last_change
    }

    /// Loads a ticket that a list names; its id, if it belongs in the list as it stands here.
    fn load_listed_ticket(
        &mut self,
        row: Stored<Ticket>,
        belongs: impl Fn(&Ticket) -> bool,
    ) -> Option<TicketId> {
        let id = row.value.id;
        self.load_ticket(id, Some(row));
        self.tickets.get(id).filter(|ticket| belongs(ticket)).map(|ticket| ticket.id)
    }

    fn note_change<T>(&mut self, row: Option<&Stored<T>>) {
        if let Some(row) = row {
            self.last_change = self.last_change.max(row.changed_at);
        }
    }
}
