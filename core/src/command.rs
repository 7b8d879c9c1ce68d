//! What can be asked of the rules. Ids of new things come with the command, so that deciding it again
//! gives the same.

use crate::concert::{Concert, ConcertChange, Schedule};
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
use crate::key::{Key, Keys, Mode};
use crate::seating::Choice;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::smallvec;

/// Who asks to withdraw a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person, who sees only their own reservations.
    User(UserId),
    /// The operator.
    Admin,
}

/// A command. Hosts have checked who sends it; whether it may happen is decided here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the ids are what their types say; other fields have docs")]
pub enum Command {
    /// Create a concert and its queue. `created_at` is set by the decision.
    CreateConcert { concert: Concert },
    /// Change a concert's policy, pause or resume it, drain its queue, tell those in it something, or close it.
    UpdateConcert { concert_id: ConcertId, change: ConcertChange },
    /// Add a performance and its seats.
    AddSchedule { schedule: Schedule },
    /// Join a concert's queue.
    Join { ticket_id: TicketId, concert_id: ConcertId, user_id: UserId },
    /// Leave the queue; a hold is released with it.
    Leave { ticket_id: TicketId },
    /// Admit the next batch, if a tick is due. Hosts send it when one is, or more often: it then
    /// does nothing.
    Tick {
        concert_id: ConcertId,
        /// Since when polls have been served without a break: who was not seen before it is not absent.
        served_since: Timestamp,
    },
    /// Draw those who joined before the opening, in a concert that has named a beacon.
    Draw {
        concert_id: ConcertId,
        /// The beacon's value: plain text of 1 to 200 characters.
        beacon_value: String,
    },
    /// See whether every seat is sold, or one is unsold again.
    RefreshSoldOut { concert_id: ConcertId },
    /// Store the expiry of an active ticket, if its time has run out.
    ExpireTicket { ticket_id: TicketId },
    /// Hold seats.
    Hold {
        reservation_id: ReservationId,
        schedule_id: ScheduleId,
        ticket_id: TicketId,
        user_id: UserId,
        choice: Choice,
    },
    /// Store the expiry of a hold, if it has run out.
    ExpireReservation { reservation_id: ReservationId },
    /// Release a hold, or cancel what was bought and give the price back.
    Withdraw {
        reservation_id: ReservationId,
        by: Actor,
        /// Id of the refund, if there is to be one.
        refund_id: TransferId,
    },
    /// Add money to a person's balance.
    Charge {
        transfer_id: TransferId,
        user_id: UserId,
        /// Minor units, 1 to 2^53 − 1; unchecked here so that the decision can refuse it.
        amount: u64,
    },
    /// Pay for held seats.
    Pay {
        payment_id: TransferId,
        reservation_id: ReservationId,
        ticket_id: TicketId,
        user_id: UserId,
        /// Minor units; must be exactly what the reservation costs.
        amount: u64,
    },
}

impl Command {
    /// What is known to be read before anything is loaded. A decision can still [`Need`](crate::Need)
    /// more: what only a loaded row tells.
    pub fn keys(&self) -> Keys {
        match self {
            Self::CreateConcert { concert } => {
                smallvec![Key::Queue(concert.id), Key::Concert(concert.id, Mode::Write)]
            }
            Self::UpdateConcert { concert_id, .. } => {
                smallvec![Key::Queue(*concert_id), Key::Concert(*concert_id, Mode::Write)]
            }
            Self::AddSchedule { schedule } => {
                smallvec![Key::Concert(schedule.concert_id, Mode::Fact), Key::Schedule(schedule.id)]
            }
            Self::Join { concert_id, user_id, .. } => smallvec![
                Key::Queue(*concert_id),
                Key::Concert(*concert_id, Mode::Fact),
                Key::LiveTicket(*concert_id, *user_id)
            ],
            Self::Leave { ticket_id } | Self::ExpireTicket { ticket_id } => {
                smallvec![Key::Ticket(*ticket_id)]
            }
            Self::Tick { concert_id, .. } | Self::Draw { concert_id, .. } => {
                smallvec![Key::Queue(*concert_id), Key::Concert(*concert_id, Mode::Fact)]
            }
            Self::RefreshSoldOut { concert_id } => smallvec![
                Key::Queue(*concert_id),
                Key::Concert(*concert_id, Mode::Fact),
                Key::Inventory(*concert_id)
            ],
            Self::Hold { schedule_id, ticket_id, .. } => {
                smallvec![Key::Schedule(*schedule_id), Key::Ticket(*ticket_id)]
            }
            Self::ExpireReservation { reservation_id } => {
                smallvec![Key::Reservation(*reservation_id)]
            }
            Self::Withdraw { reservation_id, .. } => {
                smallvec![Key::ReservationFacts(*reservation_id)]
            }
            Self::Charge { user_id, .. } => smallvec![Key::Wallet(*user_id)],
            Self::Pay { reservation_id, ticket_id, user_id, .. } => smallvec![
                Key::ReservationFacts(*reservation_id),
                Key::Ticket(*ticket_id),
                Key::Wallet(*user_id)
            ],
        }
    }

    /// Whether what this command does rests on nothing but rows that it changes or makes, on facts, and on figures that
    /// only change together with one of those rows.
    ///
    /// Then it may be decided on rows that are not locked, if its events are stored on condition that every row that
    /// they change is still as it was read, and that nobody made the same row meanwhile. A queue that changes rests on
    /// its concert's policy besides, which only changes under the queue's lock.
    pub const fn rests_on_what_it_changes(&self) -> bool {
        match self {
            // One person's ticket, hold or wallet. How many seats somebody owns only grows by a payment, which ends the
            // ticket with which they could hold more.
            Self::Join { .. }
            | Self::Leave { .. }
            | Self::ExpireTicket { .. }
            | Self::Hold { .. }
            | Self::ExpireReservation { .. }
            | Self::Withdraw { .. }
            | Self::Charge { .. }
            | Self::Pay { .. } => true,
            // Lists of tickets, counts, and policies of queues that stay as they are.
            Self::CreateConcert { .. }
            | Self::UpdateConcert { .. }
            | Self::AddSchedule { .. }
            | Self::Tick { .. }
            | Self::Draw { .. }
            | Self::RefreshSoldOut { .. } => false,
        }
    }
}
