//! Invariants that rows show, and that the journal's ledger or its replay shows beside them.

use super::history::Checkpoints;
use super::{Check, Invariant};
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, UserId};
use crate::ledger::{Account, Transfer, TransferKind};
use crate::queue::TicketState;
use crate::seating::{Reservation, ReservationState, Seat, SeatStatus};
use crate::state::State;
use crate::time::Timestamp;
use rustc_hash::FxHashMap;
use std::fmt::{self, Display};

pub(super) fn seat_has_one_owner(rows: &State) -> Check {
    let mut check = Check::new(Invariant::SeatHasOneOwner);
    for ((schedule_id, number), seat) in rows.seats().iter() {
        let (reservation_id, sold) = match *seat {
            Seat::Free => continue,
            Seat::Held { reservation_id, .. } => (reservation_id, false),
            Seat::Sold { reservation_id } => (reservation_id, true),
        };
        let owns = rows.reservations().get(reservation_id).is_some_and(|owner| {
            let right_state = match owner.state {
                ReservationState::Confirmed { .. } => sold,
                ReservationState::Held | ReservationState::Expired { .. } => !sold,
                ReservationState::Released { .. } | ReservationState::Cancelled { .. } => false,
            };
            right_state && owner.schedule_id == schedule_id && owner.seats.contains(&number)
        });
        check.look(owns, || {
            format!("schedule {schedule_id}, seat {number}: not {reservation_id}'s to have")
        });
    }
    for (id, reservation) in rows.reservations().iter() {
        if let ReservationState::Confirmed { .. } = reservation.state {
            for number in &reservation.seats {
                let seat = rows.seats().get((reservation.schedule_id, *number));
                check.look(seat == Some(&Seat::Sold { reservation_id: id }), || {
                    format!("reservation {id}: paid, but seat {number} is not sold to it")
                });
            }
        }
    }
    check
}

#[derive(Default, PartialEq, Eq)]
struct Tally {
    held: u64,
    sold: u64,
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} held and {} sold", self.held, self.sold)
    }
}

pub(super) fn free_held_sold_sum_to_total(rows: &State, now: Timestamp) -> Check {
    let mut check = Check::new(Invariant::FreeHeldSoldSumToTotal);
    let mut by_seats: FxHashMap<ScheduleId, Tally> = FxHashMap::default();
    let mut by_reservations: FxHashMap<ScheduleId, Tally> = FxHashMap::default();
    for ((schedule_id, number), seat) in rows.seats().iter() {
        let exists = rows.schedules().get(schedule_id).is_some_and(|s| s.place(number).is_some());
        check.look(exists, || format!("schedule {schedule_id} has no seat {number}"));
        let tally = by_seats.entry(schedule_id).or_default();
        match seat.status(now) {
            SeatStatus::Available => {}
            SeatStatus::Held => tally.held += 1,
            SeatStatus::Sold => tally.sold += 1,
        }
    }
    for (_, reservation) in rows.reservations().iter() {
        let tally = by_reservations.entry(reservation.schedule_id).or_default();
        let seats = u64::from(reservation.seat_count());
        match reservation.state {
            ReservationState::Held if now < reservation.expires_at => tally.held += seats,
            ReservationState::Confirmed { .. } => tally.sold += seats,
            _ => {}
        }
    }
    for (id, schedule) in rows.schedules().iter() {
        let seats = by_seats.remove(&id).unwrap_or_default();
        let reservations = by_reservations.remove(&id).unwrap_or_default();
        let total = u64::from(schedule.seats_total());
        let agrees = seats == reservations && seats.held + seats.sold <= total;
        check.look(agrees, || {
            format!("schedule {id}: of {total}, {seats} by seats, {reservations} by reservations")
        });
    }
    check
}

pub(super) fn money_sums_to_zero(transfers: &[Transfer], rows: &State) -> Check {
    let mut check = Check::new(Invariant::MoneySumsToZero);
    let mut accounts: FxHashMap<Account, i128> = FxHashMap::default();
    for transfer in transfers {
        let amount = i128::from(transfer.amount.get());
        *accounts.entry(transfer.debit()).or_default() -= amount;
        *accounts.entry(transfer.credit()).or_default() += amount;
    }
    check.look(same_ledger(transfers, rows.transfers()), || {
        "the ledger's transfers are not those of the journal".to_owned()
    });
    let mut sum: i128 = 0;
    for (account, balance) in &accounts {
        match account {
            Account::Wallet(user_id) => {
                let stored = rows.wallets().get(*user_id).map(|wallet| wallet.balance.get());
                check.look(stored.map(i128::from) == Some(*balance), || {
                    let stored = stored.map_or("nothing".to_owned(), |stored| stored.to_string());
                    format!("wallet {user_id}: {stored} stored, {balance} by its transfers")
                });
                sum += stored.map_or(0, i128::from);
            }
            Account::Charges | Account::Revenue(_) => sum += balance,
        }
    }
    for (user_id, wallet) in rows.wallets().iter() {
        check.look(accounts.contains_key(&Account::Wallet(user_id)), || {
            format!("wallet {user_id}: {} without a transfer", wallet.balance)
        });
    }
    check.look(sum == 0, || format!("all accounts sum to {sum}"));
    check
}

/// The same transfers, perhaps in another order: concurrent wallets have no order among them.
fn same_ledger(one: &[Transfer], other: &[Transfer]) -> bool {
    let sorted = |transfers: &[Transfer]| {
        let mut transfers = transfers.to_vec();
        transfers.sort_unstable_by_key(|transfer| transfer.id);
        transfers
    };
    one == other || sorted(one) == sorted(other)
}

pub(super) fn wallet_never_negative(transfers: &[Transfer]) -> Check {
    let mut check = Check::new(Invariant::WalletNeverNegative);
    let mut balances: FxHashMap<UserId, i128> = FxHashMap::default();
    for transfer in transfers {
        let balance = balances.entry(transfer.user_id).or_default();
        let amount = i128::from(transfer.amount.get());
        *balance += match transfer.kind {
            TransferKind::Charge | TransferKind::Refund { .. } => amount,
            TransferKind::Payment { .. } => -amount,
        };
        let told = i128::from(transfer.balance_after.get());
        check.look(*balance >= 0 && *balance == told, || {
            format!("transfer {}: balance {balance}, told as {told}", transfer.id)
        });
    }
    check
}

/// Payments and refunds of each reservation.
fn payments(transfers: &[Transfer]) -> FxHashMap<ReservationId, (u32, u32, u64)> {
    let mut payments: FxHashMap<ReservationId, (u32, u32, u64)> = FxHashMap::default();
    for transfer in transfers {
        match transfer.kind {
            TransferKind::Charge => {}
            TransferKind::Payment { reservation_id, .. } => {
                let entry = payments.entry(reservation_id).or_default();
                (entry.0, entry.2) = (entry.0 + 1, transfer.amount.get());
            }
            TransferKind::Refund { reservation_id, .. } => {
                payments.entry(reservation_id).or_default().1 += 1;
            }
        }
    }
    payments
}

pub(super) fn sold_seat_has_one_payment(transfers: &[Transfer], rows: &State) -> Check {
    let mut check = Check::new(Invariant::SoldSeatHasOnePayment);
    let payments = payments(transfers);
    for (id, reservation) in rows.reservations().iter() {
        let expected = match reservation.state {
            ReservationState::Confirmed { .. } => (1, 0, reservation.amount.get()),
            ReservationState::Cancelled { .. } => (1, 1, reservation.amount.get()),
            _ => (0, 0, 0),
        };
        let found = payments.get(&id).copied().unwrap_or_default();
        check.look(found == expected, || {
            let (paid, refunded, amount) = found;
            format!("reservation {id}: paid {paid} times ({amount}), refunded {refunded} times")
        });
    }
    check
}

/// Where a concert has a checkpoint, tickets that are gone were looked at before it was made.
pub(super) fn payment_consumed_one_ticket(
    transfers: &[Transfer],
    rows: &State,
    checkpoints: &Checkpoints,
) -> Check {
    let mut check = Check::new(Invariant::PaymentConsumedOneTicket);
    let was_paid = |reservation: &Reservation| {
        let state = reservation.state;
        matches!(state, ReservationState::Confirmed { .. } | ReservationState::Cancelled { .. })
    };
    let mut payments_by_ticket: FxHashMap<TicketId, (ConcertId, u32)> = FxHashMap::default();
    for transfer in transfers {
        if let TransferKind::Payment { reservation_id, .. } = transfer.kind
            && let Some(reservation) = rows.reservations().get(reservation_id)
            && was_paid(reservation)
        {
            let concert_id = reservation.concert_id;
            payments_by_ticket.entry(reservation.ticket_id).or_insert((concert_id, 0)).1 += 1;
        }
    }
    for (ticket_id, (concert_id, count)) in &payments_by_ticket {
        let consumed = match rows.tickets().get(*ticket_id).map(|ticket| ticket.state) {
            Some(state) => matches!(state, TicketState::Consumed { .. }),
            None => checkpoints.has(*concert_id),
        };
        check.look(consumed && *count == 1, || {
            let state = if consumed { "consumed" } else { "not consumed" };
            format!("ticket {ticket_id}: {count} payments, {state}")
        });
    }
    for (id, ticket) in rows.tickets().iter() {
        if let TicketState::Consumed { .. } = ticket.state {
            check.look(payments_by_ticket.contains_key(&id), || {
                format!("ticket {id}: consumed without a payment")
            });
        }
    }
    check
}

/// Where a concert has a checkpoint, tickets need not be gone yet, as long as they are not active.
pub(super) fn journal_replays_to_rows(
    replayed: &State,
    rows: &State,
    checkpoints: &Checkpoints,
) -> Check {
    fn compare<K: Display>(
        check: &mut Check,
        kind: &str,
        rows: usize,
        differences: impl IntoIterator<Item = K>,
    ) {
        check.checked += rows as u64;
        for key in differences {
            check.look(false, || format!("{kind} {key} is not as the journal tells"));
        }
    }
    let mut check = Check::new(Invariant::JournalReplaysToRows);
    compare(
        &mut check,
        "concert",
        rows.concerts.len(),
        replayed.concerts.differences(&rows.concerts),
    );
    compare(&mut check, "queue", rows.queues.len(), replayed.queues.differences(&rows.queues));
    let is_left_over = |id: &TicketId| {
        rows.tickets.get(*id).is_some_and(|ticket| {
            checkpoints.has(ticket.concert_id)
                && !matches!(ticket.state, TicketState::Active { .. })
        })
    };
    let tickets = replayed.tickets.differences(&rows.tickets).into_iter();
    let tickets = tickets.filter(|id| !is_left_over(id));
    compare(&mut check, "ticket", rows.tickets.len(), tickets);
    let schedules = replayed.schedules.differences(&rows.schedules);
    compare(&mut check, "schedule", rows.schedules.len(), schedules);
    let seats = replayed.seats.differences(&rows.seats).into_iter();
    let seats = seats.map(|(schedule_id, number)| format!("{number} of schedule {schedule_id}"));
    compare(&mut check, "seat", rows.seats.len(), seats);
    let reservations = replayed.reservations.differences(&rows.reservations);
    compare(&mut check, "reservation", rows.reservations.len(), reservations);
    compare(&mut check, "wallet", rows.wallets.len(), replayed.wallets.differences(&rows.wallets));
    check
}
