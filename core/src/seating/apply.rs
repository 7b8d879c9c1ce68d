//! Moves the rows of reservations and seats.

use super::{Reservation, ReservationState, Seat, SeatNumbers};
use crate::event::EventKind;
use crate::ids::ScheduleId;
use crate::queue::{self, TicketHold};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn apply(state: &mut State, kind: &EventKind, at: Timestamp) {
    match kind {
        EventKind::SeatsHeld {
            reservation_id,
            concert_id,
            schedule_id,
            user_id,
            ticket_id,
            seats,
            amount,
            expires_at,
        } => {
            let reservation = Reservation {
                id: *reservation_id,
                concert_id: *concert_id,
                schedule_id: *schedule_id,
                user_id: *user_id,
                ticket_id: *ticket_id,
                seats: seats.clone(),
                amount: *amount,
                held_at: at,
                expires_at: *expires_at,
                state: ReservationState::Held,
            };
            let hold = TicketHold {
                reservation_id: *reservation_id,
                expires_at: *expires_at,
                seats: reservation.seat_count(),
            };
            let seat = Seat::Held { reservation_id: *reservation_id, held_until: *expires_at };
            if state.keeps_user(*user_id) {
                state.reservations.insert(*reservation_id, reservation, at);
            }
            move_seats(state, *schedule_id, seats, seat, at);
            queue::set_hold(state, *ticket_id, Some(hold), at);
        }
        EventKind::ReservationExpired { reservation_id } => {
            state.reservations.change(*reservation_id, at, |reservation| {
                reservation.state = ReservationState::Expired { at };
            });
        }
        EventKind::ReservationReleased { reservation_id, ticket_id, schedule_id, seats } => {
            state.reservations.change(*reservation_id, at, |reservation| {
                reservation.state = ReservationState::Released { at };
            });
            move_seats(state, *schedule_id, seats, Seat::Free, at);
            queue::set_hold(state, *ticket_id, None, at);
        }
        _ => unreachable!("engine sends only this room's events"),
    }
}

/// Sets the rows of seats of one schedule.
pub(crate) fn move_seats(
    state: &mut State,
    schedule_id: ScheduleId,
    seats: &SeatNumbers,
    seat: Seat,
    at: Timestamp,
) {
    for number in seats {
        state.set_seat(schedule_id, *number, seat, at);
    }
}
