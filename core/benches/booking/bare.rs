//! The bare memory work of a hold and of a payment: what any booking must look up and change, in maps of the same kind,
//! hasher and sizes as a state's, and nothing else. No rule, event or answer.

use crate::sale::Sale;
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::queue::{Ticket, TicketHold, TicketState};
use frontrow_core::seating::{Choice, Reservation, ReservationState, Seat};
use frontrow_core::state::{Stored, Table};
use frontrow_core::{
    Amount, Command, ConcertId, ReservationId, ScheduleId, TicketId, Timestamp, UserId,
};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::Hash;

type Rows<K, T> = IndexMap<K, Stored<T>, FxBuildHasher>;

/// The rows of a sale, without what keeps them right.
pub struct Bare {
    tickets: Rows<TicketId, Ticket>,
    seats: Rows<(ScheduleId, u32), Seat>,
    reservations: Rows<ReservationId, Reservation>,
    wallets: Rows<UserId, Wallet>,
    transfers: Vec<Transfer>,
    /// Seats that each person holds or owns.
    figures: FxHashMap<(ConcertId, UserId), u64>,
}

impl Bare {
    /// The rows of a sale as they are.
    pub fn of(sale: &Sale) -> Self {
        let state = &sale.state;
        Self {
            tickets: rows(state.tickets()),
            seats: rows(state.seats()),
            reservations: rows(state.reservations()),
            wallets: rows(state.wallets()),
            transfers: state.transfers().to_vec(),
            figures: FxHashMap::default(),
        }
    }

    /// Looks up a ticket and a seat, inserts a reservation, and counts the seat for its holder.
    pub fn hold(&mut self, command: &Command, now: Timestamp) {
        let Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice } = command
        else {
            unreachable!("a turn's holds are holds")
        };
        let Choice::Seats(seats) = choice else { unreachable!("a turn names its seats") };
        let expires_at = now.plus_seconds(300);
        let ticket = self.tickets.get_mut(ticket_id).expect("a turn's tickets are there");
        let concert_id = ticket.value.concert_id;
        let TicketState::Active { hold, .. } = &mut ticket.value.state else {
            unreachable!("everybody is let in")
        };
        let reservation_id = *reservation_id;
        *hold = Some(TicketHold { reservation_id, expires_at, seats: 1 });
        changed(ticket, now);
        let reservation = Reservation {
            id: reservation_id,
            concert_id,
            schedule_id: *schedule_id,
            user_id: *user_id,
            ticket_id: *ticket_id,
            amount: Amount::ZERO,
            seats: seats.clone(),
            held_at: now,
            expires_at,
            state: ReservationState::Held,
        };
        let seat = Seat::Held { reservation_id, held_until: expires_at };
        self.set_seat((*schedule_id, seats[0]), seat, now);
        let row = Stored { value: reservation, version: 1, changed_at: now };
        self.reservations.insert(reservation_id, row);
        *self.figures.entry((concert_id, *user_id)).or_default() += 1;
    }

    /// Looks up a ticket, a reservation, a seat and a wallet, changes all four, and appends a transfer.
    pub fn pay(&mut self, command: &Command, now: Timestamp) {
        let Command::Pay { payment_id, reservation_id, ticket_id, user_id, .. } = *command else {
            unreachable!("a turn's payments are payments")
        };
        let ticket = self.tickets.get_mut(&ticket_id).expect("a turn's tickets are there");
        ticket.value.state = TicketState::Consumed { at: now };
        changed(ticket, now);
        let reservation =
            self.reservations.get_mut(&reservation_id).expect("the seat was held before");
        reservation.value.state = ReservationState::Confirmed { payment_id, at: now };
        changed(reservation, now);
        let Reservation { concert_id, schedule_id, amount, .. } = reservation.value;
        let number = reservation.value.seats[0];
        self.set_seat((schedule_id, number), Seat::Sold { reservation_id }, now);
        let wallet = self.wallets.get_mut(&user_id).expect("everybody has money");
        let balance_after = wallet.value.balance.checked_sub(amount).expect("and enough of it");
        (wallet.value.balance, wallet.value.updated_at) = (balance_after, now);
        changed(wallet, now);
        self.transfers.push(Transfer {
            id: payment_id,
            user_id,
            kind: TransferKind::Payment { reservation_id, concert_id },
            amount,
            balance_after,
            at: now,
        });
    }

    /// Ends a turn as the sale did: its seats are free, and those who acted have new tickets.
    pub fn end(&mut self, sale: &Sale, count: usize) {
        self.figures.clear();
        for seat in self.seats.values_mut() {
            seat.value = Seat::Free;
        }
        let tickets = sale.state.tickets();
        for person in &sale.people[..count] {
            let value = tickets.get(person.ticket_id).expect("they joined again").clone();
            self.tickets
                .insert(person.ticket_id, Stored { value, version: 2, changed_at: sale.now });
        }
    }

    fn set_seat(&mut self, key: (ScheduleId, u32), seat: Seat, now: Timestamp) {
        let free = Stored { value: Seat::Free, version: 0, changed_at: now };
        let row = self.seats.entry(key).or_insert(free);
        row.value = seat;
        changed(row, now);
    }
}

fn rows<K: Copy + Eq + Hash, T: Clone>(table: &Table<K, T>) -> Rows<K, T> {
    let row = |(key, value): (K, &T)| {
        let (version, changed_at) = (table.version(key), Timestamp::MIN);
        (key, Stored { value: value.clone(), version, changed_at })
    };
    table.iter().map(row).collect()
}

fn changed<T>(row: &mut Stored<T>, now: Timestamp) {
    row.version += 1;
    row.changed_at = now;
}
