//! Invariants that rows show, and that the journal's ledger or its replay shows beside them. Rows are looked at one by one,
//! kind after kind, and none of them is kept here: what spans them is added up, slice after slice.

use super::history::Checkpoints;
use super::ledger::{Digest, Ledger};
use super::{Check, Invariant};
use crate::concert::Schedule;
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, UserId};
use crate::ledger::{Transfer, Wallet};
use crate::queue::{Ticket, TicketState};
use crate::seating::{Reservation, ReservationState, Seat, SeatStatus};
use crate::state::Slice;
use crate::time::Timestamp;
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::fmt::{self, Display};

/// A seat, by its schedule and its number.
type SeatKey = (ScheduleId, u32);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    held: u64,
    sold: u64,
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} held and {} sold", self.held, self.sold)
    }
}

/// What was seen of rows.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    one_owner: Check,
    sum_to_total: Check,
    money: Check,
    one_payment: Check,
    consumed: Check,
    replay: Check,
    schedules: IndexMap<ScheduleId, Schedule, FxBuildHasher>,
    by_seats: FxHashMap<ScheduleId, Tally>,
    by_reservations: FxHashMap<ScheduleId, Tally>,
    digest: Digest,
    /// What the wallets of all whom the journal's ledger knows have together.
    balances: i128,
    /// The seats whose owners were found in earlier slices.
    owned: Seats,
    /// To whom of this slice seats are sold.
    sold_to: FxHashMap<SeatKey, ReservationId>,
    /// How many payments a ticket of this slice was used for.
    paid_with: FxHashMap<TicketId, (ConcertId, u32)>,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            one_owner: Check::new(Invariant::SeatHasOneOwner),
            sum_to_total: Check::new(Invariant::FreeHeldSoldSumToTotal),
            money: Check::new(Invariant::MoneySumsToZero),
            one_payment: Check::new(Invariant::SoldSeatHasOnePayment),
            consumed: Check::new(Invariant::PaymentConsumedOneTicket),
            replay: Check::new(Invariant::JournalReplaysToRows),
            schedules: IndexMap::default(),
            by_seats: FxHashMap::default(),
            by_reservations: FxHashMap::default(),
            digest: Digest::default(),
            balances: 0,
            owned: Seats::default(),
            sold_to: FxHashMap::default(),
            paid_with: FxHashMap::default(),
        }
    }
}

impl Rows {
    /// A stored row was compared with what the journal tells.
    pub(super) fn compared(&mut self, kind: &str, key: &dyn Display, is_as: bool) {
        self.replay.checked += 1;
        if !is_as {
            self.not_as_told(kind, key);
        }
    }

    /// A row differs from what the journal tells, or is missing.
    pub(super) fn not_as_told(&mut self, kind: &str, key: &dyn Display) {
        self.replay.look(false, || format!("{kind} {key} is not as the journal tells"));
    }

    pub(super) fn schedule(&mut self, schedule: &Schedule) {
        self.schedules.insert(schedule.id, schedule.clone());
    }

    pub(super) fn wallet(&mut self, wallet: &Wallet, ledger: &Ledger) {
        let (user_id, stored) = (wallet.user_id, i128::from(wallet.balance.get()));
        let told = ledger.balances.get(&user_id);
        if let Some(balance) = told {
            self.money.look(stored == *balance, || {
                format!("wallet {user_id}: {stored} stored, {balance} by its transfers")
            });
            self.balances += stored;
        }
        self.money
            .look(told.is_some(), || format!("wallet {user_id}: {stored} without a transfer"));
    }

    pub(super) fn transfer(&mut self, transfer: &Transfer) {
        self.digest.add(transfer);
    }

    pub(super) fn reservation(
        &mut self,
        reservation: &Reservation,
        ledger: &Ledger,
        now: Timestamp,
    ) {
        let tally = self.by_reservations.entry(reservation.schedule_id).or_default();
        let seats = u64::from(reservation.seat_count());
        let amount = reservation.amount.get();
        let (paid, refunded, amount) = match reservation.state {
            ReservationState::Held if now < reservation.expires_at => {
                tally.held += seats;
                (0, 0, 0)
            }
            ReservationState::Confirmed { .. } => {
                tally.sold += seats;
                (1, 0, amount)
            }
            ReservationState::Cancelled { .. } => (1, 1, amount),
            _ => (0, 0, 0),
        };
        let id = reservation.id;
        let found = ledger.payments.get(&id).copied().unwrap_or_default();
        self.one_payment.look(
            (found.paid, found.refunded, found.amount) == (paid, refunded, amount),
            || {
                format!(
                    "reservation {id}: paid {} times ({}), refunded {} times",
                    found.paid, found.amount, found.refunded
                )
            },
        );
        if paid > 0 && found.paid > 0 {
            let used = self.paid_with.entry(reservation.ticket_id);
            used.or_insert((reservation.concert_id, 0)).1 += found.paid;
        }
    }

    pub(super) fn ticket(&mut self, ticket: &Ticket) {
        let (id, consumed) = (ticket.id, matches!(ticket.state, TicketState::Consumed { .. }));
        let paid = self.paid_with.remove(&id);
        if let Some((_, count)) = paid {
            self.used(id, count, consumed);
        }
        if consumed {
            let violation = || format!("ticket {id}: consumed without a payment");
            self.consumed.look(paid.is_some(), violation);
        }
    }

    fn used(&mut self, ticket_id: TicketId, payments: u32, consumed: bool) {
        self.consumed.look(consumed && payments == 1, || {
            let state = if consumed { "consumed" } else { "not consumed" };
            format!("ticket {ticket_id}: {payments} payments, {state}")
        });
    }

    pub(super) fn seat(&mut self, (schedule_id, number): SeatKey, seat: Seat, now: Timestamp) {
        let exists = self.schedules.get(&schedule_id).is_some_and(|s| s.place(number).is_some());
        let violation = || format!("schedule {schedule_id} has no seat {number}");
        self.sum_to_total.look(exists, violation);
        let tally = self.by_seats.entry(schedule_id).or_default();
        match seat.status(now) {
            SeatStatus::Available => {}
            SeatStatus::Held => tally.held += 1,
            SeatStatus::Sold => tally.sold += 1,
        }
    }

    /// Looks at a seat that somebody holds, held or bought, and at their reservation if it is of this slice.
    pub(super) fn seat_of(
        &mut self,
        key: SeatKey,
        seat: Seat,
        owner: Option<&Reservation>,
        slice: Slice,
    ) {
        let (reservation_id, sold) = match seat {
            Seat::Free => return,
            Seat::Held { reservation_id, .. } => (reservation_id, false),
            Seat::Sold { reservation_id } => (reservation_id, true),
        };
        // The owner may be of another slice.
        if owner.is_none() && (!slice.is_last() || self.owned.has(key)) {
            return;
        }
        let (schedule_id, number) = key;
        let owns = owner.is_some_and(|owner| {
            let right_state = match owner.state {
                ReservationState::Confirmed { .. } => sold,
                ReservationState::Held | ReservationState::Expired { .. } => !sold,
                ReservationState::Released { .. } | ReservationState::Cancelled { .. } => false,
            };
            right_state && owner.schedule_id == schedule_id && owner.seats.contains(&number)
        });
        self.one_owner.look(owns, || {
            format!("schedule {schedule_id}, seat {number}: not {reservation_id}'s to have")
        });
        if owner.is_some() && sold {
            self.sold_to.insert(key, reservation_id);
        }
        if owner.is_some() && !slice.is_last() {
            let hall = self.schedules.get(&schedule_id).map_or(0, Schedule::seats_total);
            self.owned.insert(key, hall);
        }
    }

    /// Ends a slice, all of whose rows were looked at. Where a concert has a checkpoint, tickets that are gone were looked at
    /// before it was made.
    pub(super) fn end_slice<'a>(
        &mut self,
        ledger: &Ledger,
        has_wallet: impl Fn(UserId) -> bool,
        reservations: impl Iterator<Item = &'a Reservation>,
        checkpoints: &Checkpoints,
    ) {
        let missing = ledger.balances.iter().filter(|(user_id, _)| !has_wallet(**user_id));
        for (user_id, balance) in missing {
            self.money.look(false, || {
                format!("wallet {user_id}: nothing stored, {balance} by its transfers")
            });
        }
        for (ticket_id, (concert_id, count)) in std::mem::take(&mut self.paid_with) {
            self.used(ticket_id, count, checkpoints.has(concert_id));
        }
        let sold_to = std::mem::take(&mut self.sold_to);
        let is_paid = |row: &&Reservation| matches!(row.state, ReservationState::Confirmed { .. });
        for reservation in reservations.filter(is_paid) {
            let id = reservation.id;
            for number in &reservation.seats {
                let sold = sold_to.get(&(reservation.schedule_id, *number)) == Some(&id);
                self.one_owner.look(sold, || {
                    format!("reservation {id}: paid, but seat {number} is not sold to it")
                });
            }
        }
    }

    /// Ends the last slice.
    pub(super) fn end(&mut self, ledger: &Ledger) {
        for (id, schedule) in &self.schedules {
            let seats = self.by_seats.get(id).copied().unwrap_or_default();
            let reservations = self.by_reservations.get(id).copied().unwrap_or_default();
            let total = u64::from(schedule.seats_total());
            let agrees = seats == reservations && seats.held + seats.sold <= total;
            self.sum_to_total.look(agrees, || {
                format!(
                    "schedule {id}: of {total}, {seats} by seats, {reservations} by reservations"
                )
            });
        }
        self.money.look(self.digest == ledger.digest, || {
            "the ledger's transfers are not those of the journal".to_owned()
        });
        let sum = ledger.outside + self.balances;
        self.money.look(sum == 0, || format!("all accounts sum to {sum}"));
    }

    /// Every check, those of the journal's order and of its ledger among them; of the replay, if there was one.
    pub(super) fn checks(&self, journal: [Check; 3], ledger: &Ledger, replays: bool) -> Vec<Check> {
        let mut checks = vec![self.one_owner.clone(), self.sum_to_total.clone()];
        checks.extend(journal);
        checks.extend([
            self.money.clone(),
            ledger.never_negative.clone(),
            self.one_payment.clone(),
            self.consumed.clone(),
        ]);
        checks.extend(replays.then(|| self.replay.clone()));
        checks
    }
}

/// A set of seats: a bit for each seat of a hall, and those besides that are in no hall.
#[derive(Debug, Clone, Default)]
struct Seats {
    halls: FxHashMap<ScheduleId, Vec<u64>>,
    elsewhere: FxHashSet<SeatKey>,
}

impl Seats {
    /// Where the bit of a seat is.
    fn place(number: u32) -> (usize, u64) {
        (number as usize / 64, 1 << (number % 64))
    }

    fn has(&self, key: SeatKey) -> bool {
        let (word, bit) = Self::place(key.1);
        let bits = self.halls.get(&key.0).and_then(|words| words.get(word));
        bits.is_some_and(|bits| bits & bit != 0) || self.elsewhere.contains(&key)
    }

    /// Takes in a seat of a hall that has so many.
    fn insert(&mut self, key: SeatKey, hall: u32) {
        if key.1 > hall {
            self.elsewhere.insert(key);
            return;
        }
        let (word, bit) = Self::place(key.1);
        let words = self.halls.entry(key.0).or_default();
        if words.len() <= word {
            words.resize(word + 1, 0);
        }
        words[word] |= bit;
    }
}
