//! One number that stands for all that happened: two runs with the same hash had the same journal.

use super::random::mixed;
use crate::event::{Event, EventKind, ExpiryCause};
use crate::ledger::TransferKind;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use uuid::Uuid;

/// A chain of `SplitMix64` finalisers over the events' fields as 64-bit words, in their order: an id is its
/// upper and its lower half, a time its milliseconds, a list its length and its elements. Not against
/// forgery. The same on every platform, whatever its word size and byte order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JournalHash(u64);

impl JournalHash {
    pub(super) fn get(self) -> u64 {
        self.0
    }

    fn word(&mut self, word: u64) {
        self.0 = mixed(self.0 ^ word);
    }

    fn id(&mut self, id: Uuid) {
        let (upper, lower) = id.as_u64_pair();
        self.word(upper);
        self.word(lower);
    }

    fn ids(&mut self, ids: &[Uuid]) {
        for id in ids {
            self.id(*id);
        }
    }

    fn time(&mut self, at: Timestamp) {
        self.word(at.as_millis().cast_unsigned());
    }

    fn seats(&mut self, seats: &SeatNumbers) {
        self.word(seats.len() as u64);
        for seat in seats {
            self.word(u64::from(*seat));
        }
    }

    /// Takes the next event of the journal.
    pub(super) fn read(&mut self, event: &Event) {
        self.time(event.at);
        match &event.kind {
            EventKind::ConcertCreated { concert } | EventKind::ConcertChanged { concert } => {
                self.word(1);
                self.id(concert.id.0);
                self.time(concert.sale_opens_at);
            }
            EventKind::ScheduleAdded { schedule } => {
                self.word(2);
                self.ids(&[schedule.id.0, schedule.concert_id.0]);
                self.word(u64::from(schedule.seats_total()));
            }
            EventKind::Transferred { transfer } => {
                self.word(3);
                self.ids(&[transfer.id.0, transfer.user_id.0]);
                self.word(match transfer.kind {
                    TransferKind::Charge => 0,
                    TransferKind::Payment { .. } => 1,
                    TransferKind::Refund { .. } => 2,
                });
                self.word(transfer.amount.get());
                self.word(transfer.balance_after.get());
            }
            EventKind::TickRescheduled { .. }
            | EventKind::TicketIssued { .. }
            | EventKind::TicketAdmitted { .. }
            | EventKind::TicketExpired { .. }
            | EventKind::TicketLeft { .. }
            | EventKind::TicketConsumed { .. }
            | EventKind::TickRan { .. }
            | EventKind::SoldOutChanged { .. } => self.queue(&event.kind),
            EventKind::SeatsHeld { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::ReservationReleased { .. }
            | EventKind::ReservationConfirmed { .. }
            | EventKind::ReservationCancelled { .. } => self.seating(&event.kind),
        }
    }

    fn queue(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::TickRescheduled { concert_id, next_tick_at } => {
                self.word(10);
                self.id(concert_id.0);
                self.time(next_tick_at);
            }
            EventKind::TicketIssued { ticket_id, concert_id, user_id, number } => {
                self.word(11);
                self.ids(&[ticket_id.0, concert_id.0, user_id.0]);
                self.word(number);
            }
            EventKind::TicketAdmitted { ticket_id, number, tick_at, active_until, .. } => {
                self.word(12);
                self.id(ticket_id.0);
                self.word(number);
                self.time(tick_at);
                self.time(active_until);
            }
            EventKind::TicketExpired { ticket_id, cause, .. } => {
                self.word(13);
                self.id(ticket_id.0);
                self.word(u64::from(cause == ExpiryCause::NoShow));
            }
            EventKind::TicketLeft { ticket_id, .. } => {
                self.word(14);
                self.id(ticket_id.0);
            }
            EventKind::TicketConsumed { ticket_id, .. } => {
                self.word(15);
                self.id(ticket_id.0);
            }
            EventKind::TickRan {
                concert_id, tick_at, admitted, next_tick_at, remaining, ..
            } => {
                self.word(16);
                self.id(concert_id.0);
                self.time(tick_at);
                self.time(next_tick_at);
                self.word(u64::from(admitted));
                self.word(u64::from(remaining));
            }
            EventKind::SoldOutChanged { concert_id, sold_out, next_tick_at } => {
                self.word(17);
                self.id(concert_id.0);
                self.word(u64::from(sold_out));
                self.time(next_tick_at);
            }
            _ => unreachable!("`read` sends only the queue's events"),
        }
    }

    fn seating(&mut self, kind: &EventKind) {
        match kind {
            EventKind::SeatsHeld {
                reservation_id,
                schedule_id,
                user_id,
                ticket_id,
                seats,
                amount,
                expires_at,
                ..
            } => {
                self.word(20);
                self.ids(&[reservation_id.0, schedule_id.0, user_id.0, ticket_id.0]);
                self.seats(seats);
                self.word(amount.get());
                self.time(*expires_at);
            }
            EventKind::ReservationExpired { reservation_id } => {
                self.word(21);
                self.id(reservation_id.0);
            }
            EventKind::ReservationReleased { reservation_id, schedule_id, seats, .. } => {
                self.word(22);
                self.ids(&[reservation_id.0, schedule_id.0]);
                self.seats(seats);
            }
            EventKind::ReservationConfirmed { reservation_id, payment_id, seats, .. } => {
                self.word(23);
                self.ids(&[reservation_id.0, payment_id.0]);
                self.seats(seats);
            }
            EventKind::ReservationCancelled { reservation_id, refund_id, seats, .. } => {
                self.word(24);
                self.ids(&[reservation_id.0, refund_id.0]);
                self.seats(seats);
            }
            _ => unreachable!("`read` sends only the events of seats"),
        }
    }
}
