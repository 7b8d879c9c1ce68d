//! The named invariants, each read off the rows or the journal anew.

use frontrow_core::ledger::{Account, Transfer, TransferKind};
use frontrow_core::queue::{Reveal, TicketState, verify_draw};
use frontrow_core::seating::{ReservationState, ReservationStatus, Seat, SeatStatus};
use frontrow_core::{
    ConcertId, Event, EventKind, ReservationId, ScheduleId, State, TicketId, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// No seat is of two reservations that live or are paid, and its row names the one that has it.
pub fn seat_has_one_owner(state: &State, now: Timestamp) {
    let mut owners: BTreeMap<(ScheduleId, u32), ReservationId> = BTreeMap::new();
    for (id, reservation) in state.reservations().iter() {
        let status = reservation.status(now);
        if matches!(status, ReservationStatus::Held | ReservationStatus::Confirmed) {
            for number in &reservation.seats {
                let other = owners.insert((reservation.schedule_id, *number), id);
                assert_eq!(other, None, "seat {number} is also of {id}");
            }
        }
    }
    for (key, seat) in state.seats().iter() {
        let owner = match seat {
            Seat::Held { reservation_id, held_until } if now < *held_until => Some(*reservation_id),
            Seat::Sold { reservation_id } => Some(*reservation_id),
            Seat::Held { .. } | Seat::Free => None,
        };
        assert_eq!(owner, owners.remove(&key), "the row of seat {key:?}");
    }
    assert!(owners.is_empty(), "seats that only reservations know: {owners:?}");
}

/// Every seat of every hall is free, held or sold, and there are no others.
pub fn free_held_sold_sum_to_total(state: &State, now: Timestamp) {
    for (id, schedule) in state.schedules().iter() {
        let total = schedule.seats_total();
        let status_of = |number| state.seats().get((id, number)).map(|seat| seat.status(now));
        let statuses: Vec<SeatStatus> =
            (1..=total).map(|n| status_of(n).unwrap_or(SeatStatus::Available)).collect();
        let count = |status| statuses.iter().filter(|other| **other == status).count();
        let of_status = |status| {
            let of_schedule = state.reservations().iter().filter(|(_, r)| r.schedule_id == id);
            let those = of_schedule.filter(|(_, r)| r.status(now) == status);
            those.map(|(_, r)| r.seats.len()).sum::<usize>()
        };
        let (held, sold) = (count(SeatStatus::Held), count(SeatStatus::Sold));
        assert_eq!(held, of_status(ReservationStatus::Held), "held seats");
        assert_eq!(sold, of_status(ReservationStatus::Confirmed), "sold seats");
        assert_eq!(count(SeatStatus::Available) + held + sold, total as usize, "all seats");
    }
    for ((schedule_id, number), _) in state.seats().iter() {
        let hall = state.schedules().get(schedule_id).expect("seats are in halls");
        assert!((1..=hall.seats_total()).contains(&number), "seat {number} is in no hall");
    }
}

/// After a tick that let somebody in, no more are active than its policy allowed.
pub fn active_at_most_cap(journal: &[Event]) {
    let mut active: BTreeMap<TicketId, ConcertId> = BTreeMap::new();
    for event in journal {
        match &event.kind {
            EventKind::TicketAdmitted { ticket_id, concert_id, .. } => {
                active.insert(*ticket_id, *concert_id);
            }
            EventKind::TicketExpired { ticket_id, .. }
            | EventKind::TicketLeft { ticket_id, .. }
            | EventKind::TicketConsumed { ticket_id, .. } => {
                active.remove(ticket_id);
            }
            EventKind::TickRan { concert_id, admitted, max_active: Some(cap), .. } => {
                let count = active.values().filter(|id| *id == concert_id).count();
                assert!(*admitted == 0 || count <= *cap as usize, "{count} active, cap {cap}");
            }
            _ => {}
        }
    }
}

/// All parts of a tick together admit at most the batch that it began with; ticks only go forward.
pub fn admitted_per_tick_at_most_batch(journal: &[Event]) {
    let mut last_tick: BTreeMap<ConcertId, (Timestamp, u32, u32)> = BTreeMap::new();
    let mut since_last: BTreeMap<ConcertId, Vec<Timestamp>> = BTreeMap::new();
    for event in journal {
        match &event.kind {
            EventKind::TicketAdmitted { concert_id, tick_at, .. } => {
                since_last.entry(*concert_id).or_default().push(*tick_at);
            }
            EventKind::TickRan { concert_id, tick_at, admitted, batch_size, .. } => {
                let counted = since_last.remove(concert_id).unwrap_or_default();
                assert!(counted.iter().all(|at| at == tick_at), "admitted at another tick");
                assert_eq!(counted.len(), *admitted as usize, "the tick counts what it admits");
                assert!(*tick_at <= event.at, "a tick does not run before it comes");
                let (batch_size, before) = match last_tick.get(concert_id) {
                    Some((last, batch, sum)) if last == tick_at => (*batch, *sum),
                    Some((last, ..)) => {
                        assert!(last < tick_at, "tick {tick_at} came after {last}");
                        (*batch_size, 0)
                    }
                    None => (*batch_size, 0),
                };
                assert!(before + admitted <= batch_size, "tick {tick_at} admits too many");
                last_tick.insert(*concert_id, (*tick_at, batch_size, before + admitted));
            }
            _ => {}
        }
    }
    assert!(since_last.is_empty(), "somebody was admitted outside a tick");
}

fn ticket_number(arrivals: u64, reveal: &Reveal, arrival_number: u64) -> u64 {
    let Reveal { seed, beacon_value } = reveal;
    let beacon_value = beacon_value.as_deref();
    // Who came later was not drawn.
    verify_draw(seed, &seed.commitment(), beacon_value, arrivals, arrival_number)
        .unwrap_or(arrival_number)
}

/// Whoever is let in stood first in line, as it was drawn if it was, and had joined by the instant of the tick.
pub fn no_overtaking(journal: &[Event]) {
    let mut line: BTreeMap<ConcertId, BTreeMap<u64, (TicketId, Timestamp)>> = BTreeMap::new();
    let mut last_number: BTreeMap<ConcertId, u64> = BTreeMap::new();
    let mut arrivals: BTreeMap<ConcertId, u64> = BTreeMap::new();
    let mut drawn: BTreeMap<ConcertId, (u64, Reveal)> = BTreeMap::new();
    for event in journal {
        match &event.kind {
            EventKind::PrequeueClosed { concert_id, arrivals: count } => {
                assert_eq!(*count, last_number.get(concert_id).copied().unwrap_or(0), "all count");
                arrivals.insert(*concert_id, *count);
            }
            EventKind::QueueDrawn { concert_id, reveal } => {
                let count = arrivals[concert_id];
                drawn.insert(*concert_id, (count, reveal.clone()));
                let by_arrival = std::mem::take(line.entry(*concert_id).or_default());
                let by_lot = by_arrival
                    .into_iter()
                    .map(|(number, who)| (ticket_number(count, reveal, number), who));
                line.insert(*concert_id, by_lot.collect());
            }
            EventKind::TicketIssued { ticket_id, concert_id, number, .. } => {
                let last = last_number.insert(*concert_id, *number).unwrap_or(0);
                assert_eq!(*number, last + 1, "tickets are numbered without gaps");
                line.entry(*concert_id).or_default().insert(*number, (*ticket_id, event.at));
            }
            EventKind::TicketAdmitted { ticket_id, concert_id, number, tick_at, .. } => {
                let head = line.get_mut(concert_id).and_then(BTreeMap::pop_first);
                let (first, (id, issued_at)) = head.expect("somebody who waits is let in");
                let number = drawn
                    .get(concert_id)
                    .map_or(*number, |(count, reveal)| ticket_number(*count, reveal, *number));
                assert_eq!((first, id), (number, *ticket_id), "ticket {first} was overtaken");
                assert!(issued_at <= *tick_at, "ticket {first} joined after the tick");
            }
            EventKind::TicketExpired { ticket_id, concert_id, .. }
            | EventKind::TicketLeft { ticket_id, concert_id } => {
                line.entry(*concert_id).or_default().retain(|_, (id, _)| id != ticket_id);
            }
            _ => {}
        }
    }
}

/// Every transfer takes from one account what it gives to another, and balances are their sums.
pub fn money_sums_to_zero(state: &State) {
    let mut accounts: BTreeMap<Account, i128> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for transfer in state.transfers() {
        assert!(ids.insert(transfer.id), "transfer {} is entered twice", transfer.id);
        assert!(transfer.amount > frontrow_core::Amount::ZERO, "an empty transfer");
        let amount = i128::from(transfer.amount.get());
        *accounts.entry(transfer.debit()).or_default() -= amount;
        *accounts.entry(transfer.credit()).or_default() += amount;
    }
    assert_eq!(accounts.values().sum::<i128>(), 0, "all accounts");
    for (account, sum) in accounts {
        match account {
            Account::Charges => assert!(sum <= 0, "money came from nowhere"),
            Account::Revenue(_) => assert!(sum >= 0, "more was given back than was earned"),
            Account::Wallet(id) => {
                let wallet = state.wallets().get(id).expect("whose money moved has a wallet");
                assert_eq!(i128::from(wallet.balance.get()), sum, "the balance of {id}");
            }
        }
    }
}

/// After every transfer its wallet has what it says, and never less than nothing.
pub fn wallet_never_negative(state: &State) {
    let mut balances: BTreeMap<_, i128> = BTreeMap::new();
    for transfer in state.transfers() {
        let balance = balances.entry(transfer.user_id).or_default();
        let amount = i128::from(transfer.amount.get());
        let out = matches!(transfer.kind, TransferKind::Payment { .. });
        *balance += if out { -amount } else { amount };
        assert!(*balance >= 0, "the wallet of {} is overdrawn", transfer.user_id);
        assert_eq!(*balance, i128::from(transfer.balance_after.get()), "balance after");
    }
}

/// What is sold was paid exactly once and not given back; what is cancelled was paid and given back.
pub fn sold_seat_has_one_payment(state: &State) {
    let (mut payments, mut refunds) = (BTreeMap::new(), BTreeMap::new());
    for transfer in state.transfers() {
        let (list, reservation_id) = match transfer.kind {
            TransferKind::Payment { reservation_id, .. } => (&mut payments, reservation_id),
            TransferKind::Refund { reservation_id, .. } => (&mut refunds, reservation_id),
            TransferKind::Charge => continue,
        };
        let before: Option<&Transfer> = list.insert(reservation_id, transfer);
        assert!(before.is_none(), "reservation {reservation_id} is paid, or given back, twice");
    }
    for (id, reservation) in state.reservations().iter() {
        let (paid, refunded) = match reservation.state {
            ReservationState::Confirmed { payment_id, .. } => (Some(payment_id), None),
            ReservationState::Cancelled { payment_id, refund_id, .. } => {
                (Some(payment_id), Some(refund_id))
            }
            _ => (None, None),
        };
        let (payment, refund) = (payments.remove(&id), refunds.remove(&id));
        assert_eq!(payment.map(|transfer| transfer.id), paid, "the payment of {id}");
        assert_eq!(refund.map(|transfer| transfer.id), refunded, "the refund of {id}");
        for transfer in payment.into_iter().chain(refund) {
            assert_eq!(transfer.amount, reservation.amount, "the price of {id}");
            assert_eq!(transfer.user_id, reservation.user_id, "the payer of {id}");
        }
    }
    assert!(payments.is_empty() && refunds.is_empty(), "money moved for no reservation");
    for (key, seat) in state.seats().iter() {
        if let Seat::Sold { reservation_id } = seat {
            let owner = state.reservations().get(*reservation_id).expect("a sold seat's owner");
            assert!(matches!(owner.state, ReservationState::Confirmed { .. }), "seat {key:?}");
        }
    }
}

/// Each payment used up the ticket that the seats were held with, and no ticket was used up otherwise.
pub fn payment_consumed_one_ticket(state: &State) {
    let mut consumed: BTreeSet<TicketId> = state
        .tickets()
        .iter()
        .filter(|(_, ticket)| matches!(ticket.state, TicketState::Consumed { .. }))
        .map(|(id, _)| id)
        .collect();
    for transfer in state.transfers() {
        if let TransferKind::Payment { reservation_id, .. } = transfer.kind {
            let reservation = state.reservations().get(reservation_id).expect("it was paid");
            let ticket_id = reservation.ticket_id;
            assert!(consumed.remove(&ticket_id), "the ticket of {reservation_id} is not used up");
        }
    }
    assert!(consumed.is_empty(), "used up without a payment: {consumed:?}");
}

/// The events, applied to nothing, give the rows.
pub fn journal_replays_to_rows(journal: &[Event], state: &State) {
    let mut replay = State::complete();
    for event in journal {
        replay.apply(event);
    }
    assert_eq!(replay.concerts().differences(state.concerts()), Vec::new(), "concerts");
    assert_eq!(replay.queues().differences(state.queues()), Vec::new(), "queues");
    assert_eq!(replay.tickets().differences(state.tickets()), Vec::new(), "tickets");
    assert_eq!(replay.schedules().differences(state.schedules()), Vec::new(), "schedules");
    assert_eq!(replay.seats().differences(state.seats()), Vec::new(), "seats");
    assert_eq!(replay.reservations().differences(state.reservations()), Vec::new(), "reservations");
    assert_eq!(replay.wallets().differences(state.wallets()), Vec::new(), "wallets");
    assert_eq!(replay.transfers(), state.transfers(), "ledger");
}
