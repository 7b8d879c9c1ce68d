//! Decisions about holds: taking, giving back, running out.

use super::{
    Choice, Reservation, ReservationState, ReservationStatus, SeatNumbers, SeatStatus, best_seats,
};
use crate::concert::{Concert, Schedule};
use crate::decision::Decision;
use crate::event::{EventKind, Events};
use crate::ids::{ReservationId, ScheduleId, TicketId, UserId};
use crate::key::{Key, Mode, Need};
use crate::money::Amount;
use crate::outcome::Outcome;
use crate::queue;
use crate::rejection::Rejection;
use crate::state::State;
use crate::time::Timestamp;

/// Who asks, and with which queue token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    pub ticket_id: TicketId,
    pub user_id: UserId,
}

pub(crate) fn hold(
    state: &State,
    reservation_id: ReservationId,
    schedule_id: ScheduleId,
    holder: Holder,
    choice: &Choice,
    now: Timestamp,
) -> Result<Decision, Need> {
    if let Err(rejection) = choice.well_formed() {
        return Decision::refuse(rejection);
    }
    require_all(state, schedule_id, holder, choice)?;
    // Looked up side by side, so that memory is waited for once: rows of a large sale are in no cache.
    let ticket = queue::held_ticket(state, holder.ticket_id, holder.user_id);
    let taken = taken(state, schedule_id, choice, now);
    let is_id_used = state.reservations.get(reservation_id).is_some();
    let Some(ticket) = ticket? else {
        return Decision::refuse(Rejection::QueueTokenInvalid);
    };
    let Some(schedule) = state.schedule(schedule_id)? else {
        return Decision::refuse(Rejection::ScheduleNotFound);
    };
    let concert_id = schedule.concert_id;
    if ticket.concert_id != concert_id {
        return Decision::refuse(Rejection::QueueTokenWrongConcert);
    }
    if let Err(rejection) = ticket.may_hold(now) {
        return Decision::refuse(rejection);
    }
    if schedule.has_started(now) {
        return Decision::refuse(Rejection::ScheduleStarted);
    }
    let Some(concert) = state.concert(concert_id)? else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    if concert.closed {
        return Decision::refuse(Rejection::SaleClosed);
    }
    if let Some(hold) = ticket.live_hold(now) {
        let reservation_id = hold.reservation_id;
        return Decision::refuse(Rejection::HoldExists { reservation_id });
    }
    let seats = match choose(state, concert, schedule, choice, taken, holder.user_id, now)? {
        Ok(seats) => seats,
        Err(rejection) => return Decision::refuse(rejection),
    };
    if is_id_used {
        return Decision::refuse(Rejection::IdInUse);
    }

    let reservation = Reservation {
        id: reservation_id,
        concert_id,
        schedule_id,
        user_id: holder.user_id,
        ticket_id: holder.ticket_id,
        amount: price_of(schedule, &seats),
        seats,
        held_at: now,
        expires_at: now.plus_seconds(concert.holds.hold_seconds),
        state: ReservationState::Held,
    };
    Decision::accept(held(&reservation).at(now), Outcome::Held { reservation })
}

fn held(reservation: &Reservation) -> EventKind {
    EventKind::SeatsHeld {
        reservation_id: reservation.id,
        concert_id: reservation.concert_id,
        schedule_id: reservation.schedule_id,
        user_id: reservation.user_id,
        ticket_id: reservation.ticket_id,
        seats: reservation.seats.clone(),
        amount: reservation.amount,
        expires_at: reservation.expires_at,
    }
}

pub(crate) fn expire(
    state: &State,
    reservation_id: ReservationId,
    now: Timestamp,
) -> Result<Decision, Need> {
    let Some(reservation) = state.reservation(reservation_id)? else {
        return Decision::refuse(Rejection::ReservationNotFound);
    };
    let stored = reservation.state == ReservationState::Held
        && reservation.status(now) == ReservationStatus::Expired;
    let mut events = Events::new();
    if stored {
        events.push(EventKind::ReservationExpired { reservation_id }.at(now));
    }
    Decision::accept(events, Outcome::ExpiryStored { stored })
}

/// The release of a live hold, as an event; its reservation and seats must be lockable.
pub(crate) fn released(state: &State, reservation_id: ReservationId) -> Result<EventKind, Need> {
    let facts = state.reservation_facts(reservation_id)?.expect("a live hold has a reservation");
    state.require_all(|| reservation_keys(facts, &[]))?;
    Ok(EventKind::ReservationReleased {
        reservation_id,
        ticket_id: facts.ticket_id,
        schedule_id: facts.schedule_id,
        seats: facts.seats.clone(),
    })
}

/// What must be there to change a reservation: itself and its seats; and what else is needed `beside` them.
pub(crate) fn reservation_keys(facts: &Reservation, beside: &[Key]) -> Vec<Key> {
    let mut keys = beside.to_vec();
    keys.push(Key::Reservation(facts.id));
    push_seats(&mut keys, facts.schedule_id, &facts.seats);
    keys
}

fn push_seats(keys: &mut Vec<Key>, schedule_id: ScheduleId, seats: &[u32]) {
    for number in seats {
        keys.push(Key::Seat(schedule_id, *number));
    }
}

/// Asks for all that a hold reads, in one need where the schedule is known.
fn require_all(
    state: &State,
    schedule_id: ScheduleId,
    holder: Holder,
    choice: &Choice,
) -> Result<(), Need> {
    state.require_all(|| {
        let mut keys = vec![Key::Ticket(holder.ticket_id)];
        match state.schedule(schedule_id) {
            Err(_) => keys.push(Key::Schedule(schedule_id)),
            Ok(None) => {}
            Ok(Some(schedule)) => {
                keys.push(Key::Concert(schedule.concert_id, Mode::Fact));
                keys.push(Key::OwnedSeats(schedule.concert_id, holder.user_id));
                match choice {
                    Choice::Best { .. } => keys.push(Key::SeatMap(schedule_id)),
                    Choice::Seats(seats) => {
                        push_seats(&mut keys, schedule_id, seats);
                        keys.retain(|key| match key {
                            Key::Seat(_, number) => schedule.place(*number).is_some(),
                            _ => true,
                        });
                    }
                }
            }
        }
        keys
    })
}

/// Those of the seats that a choice names that can't be had.
fn taken(
    state: &State,
    schedule_id: ScheduleId,
    choice: &Choice,
    now: Timestamp,
) -> Result<SeatNumbers, Need> {
    let mut taken = SeatNumbers::new();
    if let Choice::Seats(seats) = choice {
        for number in seats {
            if state.seat(schedule_id, *number)?.status(now) != SeatStatus::Available {
                taken.push(*number);
            }
        }
    }
    Ok(taken)
}

/// The seats to hold, ascending, or why not.
fn choose(
    state: &State,
    concert: &Concert,
    schedule: &Schedule,
    choice: &Choice,
    taken: Result<SeatNumbers, Need>,
    user_id: UserId,
    now: Timestamp,
) -> Result<Result<SeatNumbers, Rejection>, Need> {
    let limit = concert.holds.max_seats_per_user;
    let owned = state.owned_seats(concert.id, user_id)?;
    let within_limit = |count: usize| count as u64 + owned <= u64::from(limit);
    match choice {
        Choice::Seats(seats) => {
            if seats.iter().any(|number| schedule.place(*number).is_none()) {
                return Ok(Err(Rejection::SeatNotFound));
            }
            if !within_limit(seats.len()) {
                return Ok(Err(Rejection::SeatLimitExceeded { limit }));
            }
            let (mut seats, mut taken) = (seats.clone(), taken?);
            seats.sort_unstable();
            taken.sort_unstable();
            Ok(if taken.is_empty() {
                Ok(seats)
            } else {
                Err(Rejection::SeatTaken { seats: taken })
            })
        }
        Choice::Best { count, section } => {
            let named = |name: &String| schedule.sections.iter().any(|s| s.name == *name);
            if section.as_ref().is_some_and(|name| !named(name)) {
                return Ok(Err(Rejection::SeatNotFound));
            }
            if !within_limit(*count as usize) {
                return Ok(Err(Rejection::SeatLimitExceeded { limit }));
            }
            let free = |word| state.free_seats(schedule.id, word, now);
            let Some(seats) = best_seats(schedule, *count, section.as_deref(), free) else {
                return Ok(Err(Rejection::NoSeatsAvailable));
            };
            // Chosen from what was seen; once these are locked, the choice is made again.
            state.require_all(|| {
                let mut keys = Vec::new();
                push_seats(&mut keys, schedule.id, &seats);
                keys
            })?;
            Ok(Ok(seats))
        }
    }
}

fn price_of(schedule: &Schedule, seats: &SeatNumbers) -> Amount {
    let places = seats.iter().filter_map(|number| schedule.place(*number));
    places
        .map(|place| place.section.price)
        .try_fold(Amount::ZERO, Amount::checked_add)
        .expect("a thousand seats at the highest price fit an amount")
}
