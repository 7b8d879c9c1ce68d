//! Moves reservations and seats that were paid or given back; the money itself moves in `ledger`.

use crate::event::EventKind;
use crate::seating::{ReservationState, Seat, move_seats};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn apply(state: &mut State, kind: &EventKind, at: Timestamp) {
    match kind {
        EventKind::ReservationConfirmed {
            reservation_id,
            concert_id,
            user_id,
            schedule_id,
            seats,
            payment_id,
        } => {
            state.reservations.change(*reservation_id, at, |reservation| {
                reservation.state = ReservationState::Confirmed { payment_id: *payment_id, at };
            });
            let sold = Seat::Sold { reservation_id: *reservation_id };
            move_seats(state, *schedule_id, seats, sold, at);
            if state.derives() {
                state.figures.seats_sold(*concert_id, *user_id, count(seats));
            }
        }
        EventKind::ReservationCancelled {
            reservation_id,
            concert_id,
            user_id,
            schedule_id,
            seats,
            refund_id,
        } => {
            state.reservations.change(*reservation_id, at, |reservation| {
                if let ReservationState::Confirmed { payment_id, .. } = reservation.state {
                    let refund_id = *refund_id;
                    reservation.state = ReservationState::Cancelled { payment_id, refund_id, at };
                }
            });
            move_seats(state, *schedule_id, seats, Seat::Free, at);
            if state.derives() {
                state.figures.seats_returned(*concert_id, *user_id, count(seats));
            }
        }
        _ => unreachable!("engine sends only this room's events"),
    }
}

fn count(seats: &[u32]) -> u32 {
    u32::try_from(seats.len()).expect("a schedule's seats are counted in u32")
}
