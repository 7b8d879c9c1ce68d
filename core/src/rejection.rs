//! Every way the rules say no: one flat list in order of precedence. Where several apply, the first
//! one listed is answered.

use crate::ids::ReservationId;
use crate::message::{self, Text};
use crate::money::Amount;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A field of a command that is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Path of the field, such as `admission.batch_size`.
    pub field: String,
    /// What it must be, in English, for developers.
    pub reason: String,
}

impl FieldError {
    /// An error of `field`.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("{}", self.text().en)]
pub enum Rejection {
    /// The command itself makes no sense.
    MalformedRequest {
        /// What is wrong with it.
        errors: Vec<FieldError>,
    },
    /// A charge of nothing.
    AmountInvalid,
    /// The queue token names no ticket, or another person's.
    QueueTokenInvalid,
    /// No such concert.
    ConcertNotFound,
    /// No such schedule.
    ScheduleNotFound,
    /// No such reservation of this person.
    ReservationNotFound,
    /// The queue token is for another concert.
    QueueTokenWrongConcert,
    /// The ticket still waits for its turn.
    QueueTokenWaiting,
    /// The reservation was paid before.
    AlreadyPaid,
    /// The hold ran out before.
    HoldExpired,
    /// The reservation was released or cancelled.
    ReservationNotHeld,
    /// The ticket was active or waiting once, and is no more (or takes no new holds any more).
    QueueTokenExpired,
    /// The performance has begun.
    ScheduleStarted,
    /// The operator closed the sale.
    SaleClosed,
    /// The ticket has a live hold already.
    HoldExists {
        /// The reservation that is held.
        reservation_id: ReservationId,
    },
    /// The schedule has no such seat.
    SeatNotFound,
    /// More seats than one person may hold and own in this concert.
    SeatLimitExceeded {
        /// The most that are allowed.
        limit: u32,
    },
    /// At least one of the seats is held or sold.
    SeatTaken {
        /// Those that are.
        seats: SeatNumbers,
    },
    /// No seats that would do.
    NoSeatsAvailable,
    /// No schedules that can be booked.
    NoSchedulesAvailable,
    /// Nobody may join: the concert is closed, or its queue drains.
    QueueClosed,
    /// Nobody may join yet.
    QueueNotOpen {
        /// From when on one may.
        opens_at: Timestamp,
    },
    /// Nobody may join: every seat is sold.
    SoldOut,
    /// Another amount than the reservation costs.
    AmountMismatch {
        /// What it costs.
        expected: Amount,
    },
    /// The person never charged a balance.
    BalanceNotFound,
    /// The balance is below the price.
    InsufficientBalance {
        /// What there is.
        balance: Amount,
        /// What is needed.
        required: Amount,
    },
    /// The balance would pass [`Amount::MAX`].
    BalanceLimitExceeded,
    /// There is no draw to hold: the concert has named no beacon, or its sale has not opened.
    DrawNotOpen,
    /// The draw was held, with another value.
    AlreadyDrawn,
    /// An id that the command brings for a new thing already names one. Found where rows are loaded;
    /// where they are not, the store refuses it.
    IdInUse,
}

impl Rejection {
    /// A malformed command with one wrong field.
    pub fn malformed(field: &str, reason: impl Into<String>) -> Self {
        Self::MalformedRequest { errors: vec![FieldError::new(field, reason)] }
    }

    /// The stable name of the refusal, as clients see it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MalformedRequest { .. } => "malformed_request",
            Self::AmountInvalid => "amount_invalid",
            Self::QueueTokenInvalid => "queue_token_invalid",
            Self::ConcertNotFound => "concert_not_found",
            Self::ScheduleNotFound => "schedule_not_found",
            Self::ReservationNotFound => "reservation_not_found",
            Self::QueueTokenWrongConcert => "queue_token_wrong_concert",
            Self::QueueTokenWaiting => "queue_token_waiting",
            Self::AlreadyPaid => "already_paid",
            Self::HoldExpired => "hold_expired",
            Self::ReservationNotHeld => "reservation_not_held",
            Self::QueueTokenExpired => "queue_token_expired",
            Self::ScheduleStarted => "schedule_started",
            Self::SaleClosed => "sale_closed",
            Self::HoldExists { .. } => "hold_exists",
            Self::SeatNotFound => "seat_not_found",
            Self::SeatLimitExceeded { .. } => "seat_limit_exceeded",
            Self::SeatTaken { .. } => "seat_taken",
            Self::NoSeatsAvailable => "no_seats_available",
            Self::NoSchedulesAvailable => "no_schedules_available",
            Self::QueueClosed => "queue_closed",
            Self::QueueNotOpen { .. } => "queue_not_open",
            Self::SoldOut => "sold_out",
            Self::AmountMismatch { .. } => "amount_mismatch",
            Self::BalanceNotFound => "balance_not_found",
            Self::InsufficientBalance { .. } => "insufficient_balance",
            Self::BalanceLimitExceeded => "balance_limit_exceeded",
            Self::DrawNotOpen => "draw_not_open",
            Self::AlreadyDrawn => "already_drawn",
            Self::IdInUse => "id_in_use",
        }
    }

    /// What to tell a person.
    pub fn text(&self) -> Text {
        message::of_code(self.code()).expect("every code has its texts; a test holds it to that")
    }

    /// Whether the very same command may succeed later: as time passes, others act, or the person
    /// charges or spends money.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::QueueTokenWaiting
                | Self::HoldExists { .. }
                | Self::SeatTaken { .. }
                | Self::NoSeatsAvailable
                | Self::NoSchedulesAvailable
                | Self::QueueNotOpen { .. }
                | Self::SoldOut
                | Self::DrawNotOpen
                | Self::BalanceNotFound
                | Self::InsufficientBalance { .. }
                | Self::BalanceLimitExceeded
        )
    }
}
