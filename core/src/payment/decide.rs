//! Decisions that move money and seats together.

use crate::command::Actor;
use crate::decision::Decision;
use crate::event::{EventKind, Events};
use crate::ids::{ReservationId, TransferId};
use crate::key::{Key, Need};
use crate::ledger::{Transfer, TransferKind, credited};
use crate::outcome::Outcome;
use crate::queue::{self, Phase, Ticket};
use crate::rejection::Rejection;
use crate::seating::{
    Holder, Reservation, ReservationState, ReservationStatus, Seat, released, reservation_keys,
};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn pay(
    state: &State,
    payment_id: TransferId,
    reservation_id: ReservationId,
    holder: Holder,
    amount: u64,
    now: Timestamp,
) -> Result<Decision, Need> {
    state.require(&[Key::ReservationFacts(reservation_id), Key::Ticket(holder.ticket_id)])?;
    // Looked up side by side, so that memory is waited for once: rows of a large sale are in no cache.
    let ticket = queue::held_ticket(state, holder.ticket_id, holder.user_id);
    let facts = state.reservation_facts(reservation_id);
    let wallet = state.wallet(holder.user_id);
    let is_id_used = state.transfer_ids.contains(&payment_id);
    let Some(ticket) = ticket? else {
        return Decision::refuse(Rejection::QueueTokenInvalid);
    };
    let Some(facts) = facts?.filter(|facts| facts.user_id == holder.user_id) else {
        return Decision::refuse(Rejection::ReservationNotFound);
    };
    state.require_all(|| reservation_keys(facts, &[Key::Wallet(holder.user_id)]))?;
    let has_its_seats = holds_its_seats(state, facts);
    // The same row, which is locked now: its state counts too.
    let reservation = facts;
    match payable(ticket, reservation, amount, now) {
        Ok(()) => {}
        Err(Rejection::HoldExpired) => return hold_expired(reservation, now),
        Err(rejection) => return Decision::refuse(rejection),
    }
    let Some(wallet) = wallet? else {
        return Decision::refuse(Rejection::BalanceNotFound);
    };
    let required = reservation.amount;
    let Some(balance_after) = wallet.balance.checked_sub(required) else {
        let balance = wallet.balance;
        return Decision::refuse(Rejection::InsufficientBalance { balance, required });
    };
    if is_id_used {
        return Decision::refuse(Rejection::IdInUse);
    }
    assert_eq!(ticket.id, reservation.ticket_id, "a live hold is its ticket's");
    assert!(has_its_seats, "a live hold has its seats");

    let transfer = Transfer {
        id: payment_id,
        user_id: holder.user_id,
        kind: TransferKind::Payment { reservation_id, concert_id: reservation.concert_id },
        amount: required,
        balance_after,
        at: now,
    };
    let confirmed = EventKind::ReservationConfirmed {
        reservation_id,
        concert_id: reservation.concert_id,
        user_id: reservation.user_id,
        schedule_id: reservation.schedule_id,
        seats: reservation.seats.clone(),
        payment_id,
    };
    let consumed =
        EventKind::TicketConsumed { ticket_id: ticket.id, concert_id: ticket.concert_id };
    let mut events = Events::new();
    events.push(EventKind::Transferred { transfer }.at(now));
    events.push(confirmed.at(now));
    events.push(consumed.at(now));
    let state = ReservationState::Confirmed { payment_id, at: now };
    let reservation = Reservation { state, ..reservation.clone() };
    Decision::accept(events, Outcome::Paid { reservation, transfer })
}

/// Whether each of its seats is held by this reservation and no other.
fn holds_its_seats(state: &State, reservation: &Reservation) -> bool {
    reservation.seats.iter().all(|number| {
        let seat = state.seat_fact(reservation.schedule_id, *number);
        matches!(seat, Seat::Held { reservation_id, .. } if reservation_id == reservation.id)
    })
}

/// Whether a reservation can be paid with this ticket and amount; in the order in which refusals are
/// told.
fn payable(
    ticket: &Ticket,
    reservation: &Reservation,
    amount: u64,
    now: Timestamp,
) -> Result<(), Rejection> {
    if ticket.concert_id != reservation.concert_id {
        return Err(Rejection::QueueTokenWrongConcert);
    }
    let phase = ticket.phase(now);
    if phase == Phase::Waiting {
        return Err(Rejection::QueueTokenWaiting);
    }
    match reservation.status(now) {
        ReservationStatus::Confirmed => return Err(Rejection::AlreadyPaid),
        ReservationStatus::Expired => return Err(Rejection::HoldExpired),
        ReservationStatus::Released | ReservationStatus::Cancelled => {
            return Err(Rejection::ReservationNotHeld);
        }
        ReservationStatus::Held => {}
    }
    if phase != Phase::Active {
        return Err(Rejection::QueueTokenExpired);
    }
    let expected = reservation.amount;
    if amount != expected.get() {
        return Err(Rejection::AmountMismatch { expected });
    }
    Ok(())
}

/// Releases a hold, or cancels what was bought. Doing it twice changes nothing.
pub(crate) fn withdraw(
    state: &State,
    reservation_id: ReservationId,
    by: Actor,
    refund_id: TransferId,
    now: Timestamp,
) -> Result<Decision, Need> {
    let may_see = |facts: &&Reservation| match by {
        Actor::User(user_id) => facts.user_id == user_id,
        Actor::Admin => true,
    };
    let Some(facts) = state.reservation_facts(reservation_id)?.filter(may_see) else {
        return Decision::refuse(Rejection::ReservationNotFound);
    };
    let beside = [
        Key::Ticket(facts.ticket_id),
        Key::Schedule(facts.schedule_id),
        Key::Wallet(facts.user_id),
    ];
    state.require_all(|| reservation_keys(facts, &beside))?;
    let reservation = state.reservation(reservation_id)?.expect("its facts are there");
    match reservation.status(now) {
        ReservationStatus::Held => {
            let event = released(state, reservation_id)?.at(now);
            Decision::accept(event, Outcome::Withdrawn { refund: None })
        }
        ReservationStatus::Expired => hold_expired(reservation, now),
        ReservationStatus::Released | ReservationStatus::Cancelled => {
            Decision::accept(Events::new(), Outcome::Withdrawn { refund: None })
        }
        ReservationStatus::Confirmed => cancel(state, reservation, refund_id, now),
    }
}

fn cancel(
    state: &State,
    reservation: &Reservation,
    refund_id: TransferId,
    now: Timestamp,
) -> Result<Decision, Need> {
    let schedule = state.schedule(reservation.schedule_id)?;
    if schedule.is_none_or(|schedule| schedule.has_started(now)) {
        return Decision::refuse(Rejection::ScheduleStarted);
    }
    let (reservation_id, concert_id) = (reservation.id, reservation.concert_id);
    let (user_id, amount) = (reservation.user_id, reservation.amount);
    let wallet = state.wallet(user_id)?.copied();
    let kind = TransferKind::Refund { reservation_id, concert_id };
    let transfer = match credited(wallet, refund_id, user_id, kind, amount, now) {
        Ok(transfer) => transfer,
        Err(rejection) => return Decision::refuse(rejection),
    };
    if state.transfer_ids.contains(&refund_id) {
        return Decision::refuse(Rejection::IdInUse);
    }
    let cancelled = EventKind::ReservationCancelled {
        reservation_id,
        concert_id,
        user_id,
        schedule_id: reservation.schedule_id,
        seats: reservation.seats.clone(),
        refund_id,
    };
    let mut events = Events::new();
    events.push(EventKind::Transferred { transfer }.at(now));
    events.push(cancelled.at(now));
    Decision::accept(events, Outcome::Withdrawn { refund: Some(transfer) })
}

/// Refuses a hold that has run out, and stores that unless it is stored already.
fn hold_expired(reservation: &Reservation, now: Timestamp) -> Result<Decision, Need> {
    if reservation.state != ReservationState::Held {
        return Decision::refuse(Rejection::HoldExpired);
    }
    let expired = EventKind::ReservationExpired { reservation_id: reservation.id };
    Decision::refuse_with(expired.at(now), Rejection::HoldExpired)
}
