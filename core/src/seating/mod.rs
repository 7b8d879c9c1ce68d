//! Seats and who has them.
//!
//! ```text
//!        hold                    pay
//! free ────────▶ held ──────────────────▶ sold
//!  ▲  ▲            │ │                      │
//!  │  └──release───┘ │ time runs out        │
//!  ├─────────────────┘ (nobody need act)    │
//!  └─────────────────cancel─────────────────┘
//! ```
//!
//! A seat's row tells all: it is free again at `held_until`, whether or not anything has swept it, and
//! the next hold overwrites it. The reservation's own state is for its holder.

mod apply;
mod best;
mod decide;

pub(crate) use apply::{apply, move_seats};
pub use best::best_seats;
pub(crate) use decide::{Holder, expire, hold, released, reservation_keys};

use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
use crate::money::Amount;
use crate::policy::SEATS_PER_USER_MAX;
use crate::rejection::Rejection;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Numbers of seats in one schedule; up to four need no heap.
pub type SeatNumbers = SmallVec<[u32; 4]>;

/// A seat: who has it, and until when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "seat", rename_all = "snake_case")]
pub enum Seat {
    /// Nobody has it.
    #[default]
    Free,
    /// Held, while `now < held_until`; free from then on.
    Held {
        /// By whom.
        reservation_id: ReservationId,
        /// Until when.
        held_until: Timestamp,
    },
    /// Bought.
    Sold {
        /// By whom.
        reservation_id: ReservationId,
    },
}

/// How a seat stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatStatus {
    /// To be had.
    Available,
    /// Somebody is choosing.
    Held,
    /// Bought.
    Sold,
}

impl Seat {
    /// The reservation that has it, or had it until its hold ran out.
    pub fn reservation_id(self) -> Option<ReservationId> {
        match self {
            Self::Free => None,
            Self::Held { reservation_id, .. } | Self::Sold { reservation_id } => {
                Some(reservation_id)
            }
        }
    }

    /// How it stands at `now`.
    pub fn status(self, now: Timestamp) -> SeatStatus {
        match self {
            Self::Free => SeatStatus::Available,
            Self::Held { held_until, .. } if now >= held_until => SeatStatus::Available,
            Self::Held { .. } => SeatStatus::Held,
            Self::Sold { .. } => SeatStatus::Sold,
        }
    }
}

/// What somebody wants to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// These seats, all or none.
    Seats(SeatNumbers),
    /// The best that are free: see [`best_seats`].
    Best {
        /// How many.
        count: u32,
        /// Only in this section.
        #[serde(default)]
        section: Option<String>,
    },
}

impl Choice {
    /// Checks what can be said of a choice without looking at anything: it names 1 to
    /// [`SEATS_PER_USER_MAX`] seats, and none of them twice.
    pub fn well_formed(&self) -> Result<(), Rejection> {
        let (field, count) = match self {
            Self::Seats(seats) => {
                if repeats(seats) {
                    return Err(Rejection::malformed("seats", "must not repeat a seat"));
                }
                ("seats", seats.len())
            }
            Self::Best { count, .. } => ("best.count", *count as usize),
        };
        if (1..=SEATS_PER_USER_MAX as usize).contains(&count) {
            return Ok(());
        }
        let reason = format!("must name 1 to {SEATS_PER_USER_MAX} seats");
        Err(Rejection::malformed(field, reason))
    }
}

fn repeats(seats: &SeatNumbers) -> bool {
    let mut sorted = seats.clone();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}

/// Seats that one person holds, held or has bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// For which concert.
    pub concert_id: ConcertId,
    /// For which schedule.
    pub schedule_id: ScheduleId,
    /// Whose it is.
    pub user_id: UserId,
    /// The ticket with which it was made.
    pub ticket_id: TicketId,
    /// The seats, ascending.
    pub seats: SeatNumbers,
    /// What they cost together.
    pub amount: Amount,
    /// When they were held.
    pub held_at: Timestamp,
    /// The hold lives while `now < expires_at`.
    pub expires_at: Timestamp,
    /// How it is stored; [`Reservation::status`] tells how it stands at a time.
    pub state: ReservationState,
}

/// How a reservation is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[allow(missing_docs, reason = "`at` is when it came about; the ids are what their types say")]
pub enum ReservationState {
    /// Held, until `expires_at`.
    Held,
    /// Paid: the seats are the holder's.
    Confirmed { payment_id: TransferId, at: Timestamp },
    /// The hold ran out.
    Expired { at: Timestamp },
    /// The holder gave the hold back.
    Released { at: Timestamp },
    /// The holder gave back what was bought.
    Cancelled { payment_id: TransferId, refund_id: TransferId, at: Timestamp },
}

/// How a reservation stands at a time, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationStatus {
    /// The hold lives.
    Held,
    /// Paid.
    Confirmed,
    /// The hold ran out, stored or not.
    Expired,
    /// Given back before it was paid.
    Released,
    /// Given back after it was paid.
    Cancelled,
}

impl Reservation {
    /// How it stands at `now`.
    pub fn status(&self, now: Timestamp) -> ReservationStatus {
        match self.state {
            ReservationState::Held if now < self.expires_at => ReservationStatus::Held,
            ReservationState::Held | ReservationState::Expired { .. } => ReservationStatus::Expired,
            ReservationState::Confirmed { .. } => ReservationStatus::Confirmed,
            ReservationState::Released { .. } => ReservationStatus::Released,
            ReservationState::Cancelled { .. } => ReservationStatus::Cancelled,
        }
    }

    /// Seats in it.
    pub fn seat_count(&self) -> u32 {
        u32::try_from(self.seats.len()).expect("a schedule's seats are counted in u32")
    }
}
