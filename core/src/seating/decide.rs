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
    state.require(&[Key::Schedule(schedule_id), Key::Ticket(holder.ticket_id)])?;
    let Some(ticket) = queue::held_ticket(state, holder.ticket_id, holder.user_id)? else {
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
    require_choice(state, schedule, choice, holder.user_id)?;
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
    let seats = match choose(state, concert, schedule, choice, holder.user_id, now)? {
        Ok(seats) => seats,
        Err(rejection) => return Decision::refuse(rejection),
    };
    if state.reservations.get(reservation_id).is_some() {
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
    let held = EventKind::SeatsHeld {
        reservation_id,
        concert_id,
        schedule_id,
        user_id: reservation.user_id,
        ticket_id: reservation.ticket_id,
        seats: reservation.seats.clone(),
        amount: reservation.amount,
        expires_at: reservation.expires_at,
    };
    Decision::accept(held.at(now), Outcome::Held { reservation })
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
    require_reservation(state, facts)?;
    Ok(EventKind::ReservationReleased {
        reservation_id,
        ticket_id: facts.ticket_id,
        schedule_id: facts.schedule_id,
        seats: facts.seats.clone(),
    })
}

/// Asks for a reservation and its seats, to change them.
pub(crate) fn require_reservation(state: &State, facts: &Reservation) -> Result<(), Need> {
    let mut keys = vec![Key::Reservation(facts.id)];
    keys.extend(facts.seats.iter().map(|number| Key::Seat(facts.schedule_id, *number)));
    state.require(&keys)
}

/// Asks for all that a choice reads, in one need.
fn require_choice(
    state: &State,
    schedule: &Schedule,
    choice: &Choice,
    user_id: UserId,
) -> Result<(), Need> {
    let mut keys = vec![
        Key::Concert(schedule.concert_id, Mode::Fact),
        Key::OwnedSeats(schedule.concert_id, user_id),
    ];
    match choice {
        Choice::Seats(seats) => {
            let known = seats.iter().filter(|number| schedule.place(**number).is_some());
            keys.extend(known.map(|number| Key::Seat(schedule.id, *number)));
        }
        Choice::Best { .. } => keys.push(Key::SeatMap(schedule.id)),
    }
    state.require(&keys)
}

/// The seats to hold, ascending, or why not.
fn choose(
    state: &State,
    concert: &Concert,
    schedule: &Schedule,
    choice: &Choice,
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
            let mut seats = seats.clone();
            seats.sort_unstable();
            let mut taken = SeatNumbers::new();
            for number in &seats {
                if state.seat(schedule.id, *number)?.status(now) != SeatStatus::Available {
                    taken.push(*number);
                }
            }
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
            let keys: Vec<Key> =
                seats.iter().map(|number| Key::Seat(schedule.id, *number)).collect();
            state.require(&keys)?;
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
