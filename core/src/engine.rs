//! The one match that sends a command, or an event, to its room.

use crate::command::Command;
use crate::decision::Decision;
use crate::event::{Event, EventKind};
use crate::key::Need;
use crate::state::State;
use crate::time::Timestamp;
use crate::{concert, ledger, payment, queue, seating};

/// Decides what a command does to `state` at `now`. Reads only; nothing has changed until the events
/// are [applied](State::apply).
///
/// `now` must not be before the last change of any row that was loaded ([`State::last_change`]).
///
/// # Errors
///
/// [`Need`] names what must be loaded first. A state that has every row never needs anything.
pub fn decide(state: &State, command: &Command, now: Timestamp) -> Result<Decision, Need> {
    match command {
        Command::CreateConcert { concert } => concert::create(state, concert, now),
        Command::UpdateConcert { concert_id, change } => {
            concert::update(state, *concert_id, change, now)
        }
        Command::AddSchedule { schedule } => concert::add_schedule(state, schedule, now),
        Command::Join { ticket_id, concert_id, user_id } => {
            queue::join(state, *ticket_id, *concert_id, *user_id, now)
        }
        Command::Leave { ticket_id } => queue::leave(state, *ticket_id, now),
        Command::Tick { concert_id, served_since } => {
            queue::tick(state, *concert_id, *served_since, now)
        }
        Command::Draw { concert_id, beacon_value } => {
            queue::draw::draw(state, *concert_id, beacon_value, now)
        }
        Command::RefreshSoldOut { concert_id } => queue::refresh_sold_out(state, *concert_id, now),
        Command::ExpireTicket { ticket_id } => queue::expire(state, *ticket_id, now),
        Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice } => {
            let holder = seating::Holder { ticket_id: *ticket_id, user_id: *user_id };
            seating::hold(state, *reservation_id, *schedule_id, holder, choice, now)
        }
        Command::ExpireReservation { reservation_id } => {
            seating::expire(state, *reservation_id, now)
        }
        Command::Withdraw { reservation_id, by, refund_id } => {
            payment::withdraw(state, *reservation_id, *by, *refund_id, now)
        }
        Command::Charge { transfer_id, user_id, amount } => {
            ledger::charge(state, *transfer_id, *user_id, *amount, now)
        }
        Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount } => {
            let holder = seating::Holder { ticket_id: *ticket_id, user_id: *user_id };
            payment::pay(state, *payment_id, *reservation_id, holder, *amount, now)
        }
    }
}

impl State {
    /// Moves the rows as the event says. Total: it never fails, and rows that are not loaded are left
    /// alone, so that a projection of some rows can be kept by the same function.
    pub fn apply(&mut self, event: &Event) {
        self.last_change = self.last_change.max(event.at);
        match &event.kind {
            EventKind::ConcertCreated { .. }
            | EventKind::ConcertChanged { .. }
            | EventKind::ScheduleAdded { .. } => concert::apply(self, &event.kind, event.at),
            EventKind::TickRescheduled { .. }
            | EventKind::TicketIssued { .. }
            | EventKind::TicketAdmitted { .. }
            | EventKind::TicketExpired { .. }
            | EventKind::TicketLeft { .. }
            | EventKind::TicketConsumed { .. }
            | EventKind::TickRan { .. }
            | EventKind::PrequeueClosed { .. }
            | EventKind::QueueDrawn { .. }
            | EventKind::SoldOutChanged { .. } => queue::apply(self, &event.kind, event.at),
            EventKind::SeatsHeld { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::ReservationReleased { .. } => {
                seating::apply(self, &event.kind, event.at);
            }
            EventKind::ReservationConfirmed { .. } | EventKind::ReservationCancelled { .. } => {
                payment::apply(self, &event.kind, event.at);
            }
            EventKind::Transferred { transfer } => {
                ledger::apply(self, transfer, event.at);
            }
        }
    }
}
