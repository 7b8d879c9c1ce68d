//! What happened. Events are the only thing that moves rows, and the journal is made of them; their
//! JSON is kept for ever, so variants and fields are added, never renamed.

mod read;

use crate::concert::{Concert, Schedule};
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
use crate::key::{Key, Mode};
use crate::ledger::Transfer;
use crate::money::Amount;
use crate::queue::Reveal;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The events of one decision; up to four need no heap.
pub type Events = SmallVec<[Event; 4]>;

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When it was decided.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// Why a ticket expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryCause {
    /// It was active and its time ran out.
    TimedOut,
    /// It waited, and its holder was not seen for `lapse_seconds` when its turn came.
    NoShow,
}

read::kinds! {
    /// What happened.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    #[allow(missing_docs, reason = "the ids are what their types say; other fields have docs")]
    pub enum EventKind {
        /// A concert and its queue came to be.
        ConcertCreated { concert: Box<Concert> },
        /// Its policy, its pause, drain or end, or its notice changed; the whole row as it is now.
        ConcertChanged { concert: Box<Concert> },
        /// A performance and its seats came to be.
        ScheduleAdded { schedule: Box<Schedule> },
        /// The next tick was moved, and what was left of the last one is dropped.
        TickRescheduled { concert_id: ConcertId, next_tick_at: Timestamp },
        /// A person joined the queue.
        TicketIssued {
            ticket_id: TicketId,
            concert_id: ConcertId,
            user_id: UserId,
            /// Place in the order of arrival, from 1.
            number: u64,
        },
        /// A waiting ticket became active.
        TicketAdmitted {
            ticket_id: TicketId,
            concert_id: ConcertId,
            number: u64,
            /// The tick that let it in.
            tick_at: Timestamp,
            /// New holds are taken until then.
            active_until: Timestamp,
        },
        /// A ticket's time ran out.
        TicketExpired { ticket_id: TicketId, concert_id: ConcertId, cause: ExpiryCause },
        /// Its holder left the queue.
        TicketLeft { ticket_id: TicketId, concert_id: ConcertId },
        /// A payment used it.
        TicketConsumed { ticket_id: TicketId, concert_id: ConcertId },
        /// A tick ran, or a part of one.
        TickRan {
            concert_id: ConcertId,
            /// The instant of the tick.
            tick_at: Timestamp,
            /// Tickets that this part admitted.
            admitted: u32,
            /// The policy's `batch_size` as this part read it.
            batch_size: u32,
            /// The policy's `max_active` as this part read it.
            max_active: Option<u32>,
            next_tick_at: Timestamp,
            /// Admissions that the rest of this tick may still make; 0 when it is done.
            remaining: u32,
            /// Where a draw's order is followed: nobody waits who has this ticket number or a lower one.
            #[serde(default)]
            passed_through: Option<u64>,
        },
        /// The sale opened: those who had joined by then will be drawn.
        PrequeueClosed {
            concert_id: ConcertId,
            /// How many joined before the opening, and have the numbers 1 to this.
            arrivals: u64,
        },
        /// They were drawn; the seed is public from now on.
        QueueDrawn { concert_id: ConcertId, reveal: Reveal },
        /// Every seat was found sold, or one was found unsold again.
        SoldOutChanged { concert_id: ConcertId, sold_out: bool, next_tick_at: Timestamp },
        /// Seats were held.
        SeatsHeld {
            reservation_id: ReservationId,
            concert_id: ConcertId,
            schedule_id: ScheduleId,
            user_id: UserId,
            ticket_id: TicketId,
            seats: SeatNumbers,
            amount: Amount,
            expires_at: Timestamp,
        },
        /// A hold was found to have run out. Changes no seat: seats know when they are free again.
        ReservationExpired { reservation_id: ReservationId },
        /// A hold was given back.
        ReservationReleased {
            reservation_id: ReservationId,
            ticket_id: TicketId,
            schedule_id: ScheduleId,
            seats: SeatNumbers,
        },
        /// A hold was paid: the seats are its holder's.
        ReservationConfirmed {
            reservation_id: ReservationId,
            concert_id: ConcertId,
            user_id: UserId,
            schedule_id: ScheduleId,
            seats: SeatNumbers,
            payment_id: TransferId,
        },
        /// A bought reservation was given back.
        ReservationCancelled {
            reservation_id: ReservationId,
            concert_id: ConcertId,
            user_id: UserId,
            schedule_id: ScheduleId,
            seats: SeatNumbers,
            refund_id: TransferId,
        },
        /// Money moved between two accounts.
        Transferred { transfer: Transfer },
    }
}

impl EventKind {
    /// Its name in the journal: the `kind` of its JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ConcertCreated { .. } => "concert_created",
            Self::ConcertChanged { .. } => "concert_changed",
            Self::ScheduleAdded { .. } => "schedule_added",
            Self::TickRescheduled { .. } => "tick_rescheduled",
            Self::TicketIssued { .. } => "ticket_issued",
            Self::TicketAdmitted { .. } => "ticket_admitted",
            Self::TicketExpired { .. } => "ticket_expired",
            Self::TicketLeft { .. } => "ticket_left",
            Self::TicketConsumed { .. } => "ticket_consumed",
            Self::TickRan { .. } => "tick_ran",
            Self::PrequeueClosed { .. } => "prequeue_closed",
            Self::QueueDrawn { .. } => "queue_drawn",
            Self::SoldOutChanged { .. } => "sold_out_changed",
            Self::SeatsHeld { .. } => "seats_held",
            Self::ReservationExpired { .. } => "reservation_expired",
            Self::ReservationReleased { .. } => "reservation_released",
            Self::ReservationConfirmed { .. } => "reservation_confirmed",
            Self::ReservationCancelled { .. } => "reservation_cancelled",
            Self::Transferred { .. } => "transferred",
        }
    }

    /// The event that this happened at `at`.
    pub(crate) fn at(self, at: Timestamp) -> Event {
        Event { at, kind: self }
    }
}

impl Event {
    /// The row that this event is about; the journal keeps the version that it leaves behind.
    pub fn subject(&self) -> Key {
        match &self.kind {
            EventKind::ConcertCreated { concert } | EventKind::ConcertChanged { concert } => {
                Key::Concert(concert.id, Mode::Write)
            }
            EventKind::ScheduleAdded { schedule } => Key::Schedule(schedule.id),
            EventKind::TickRescheduled { concert_id, .. }
            | EventKind::TickRan { concert_id, .. }
            | EventKind::PrequeueClosed { concert_id, .. }
            | EventKind::QueueDrawn { concert_id, .. }
            | EventKind::SoldOutChanged { concert_id, .. } => Key::Queue(*concert_id),
            EventKind::TicketIssued { ticket_id, .. }
            | EventKind::TicketAdmitted { ticket_id, .. }
            | EventKind::TicketExpired { ticket_id, .. }
            | EventKind::TicketLeft { ticket_id, .. }
            | EventKind::TicketConsumed { ticket_id, .. } => Key::Ticket(*ticket_id),
            EventKind::SeatsHeld { reservation_id, .. }
            | EventKind::ReservationExpired { reservation_id }
            | EventKind::ReservationReleased { reservation_id, .. }
            | EventKind::ReservationConfirmed { reservation_id, .. }
            | EventKind::ReservationCancelled { reservation_id, .. } => {
                Key::Reservation(*reservation_id)
            }
            EventKind::Transferred { transfer } => Key::Wallet(transfer.user_id),
        }
    }
}
