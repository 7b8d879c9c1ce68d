//! Every way the rules say no: one flat list in order of precedence. Where several apply, the first
//! one listed is answered.

use crate::ids::ReservationId;
use crate::message::Text;
use crate::money::Amount;
use crate::seating::SeatNumbers;
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
    /// An id that the command brings for a new thing already names one.
    IdInUse,
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
    /// Nobody may join: the concert is closed.
    QueueClosed,
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
}

impl Rejection {
    /// A malformed command with one wrong field.
    pub fn malformed(field: &str, reason: impl Into<String>) -> Self {
        Self::MalformedRequest { errors: vec![FieldError::new(field, reason)] }
    }

    /// The stable name of the refusal, as clients see it.
    pub const fn code(&self) -> &'static str {
        self.entry().0
    }

    /// What to tell a person.
    pub const fn text(&self) -> Text {
        let (_, ko, en) = self.entry();
        Text { ko, en }
    }

    /// Whether the very same command may succeed later, as time passes or others act.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::QueueTokenWaiting
                | Self::HoldExists { .. }
                | Self::SeatTaken { .. }
                | Self::NoSeatsAvailable
                | Self::NoSchedulesAvailable
                | Self::SoldOut
                | Self::InsufficientBalance { .. }
        )
    }

    /// Code, Korean, English: the one table of them.
    const fn entry(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::MalformedRequest { .. } => {
                ("malformed_request", "요청 형식이 올바르지 않습니다.", "The request is malformed.")
            }
            Self::AmountInvalid => (
                "amount_invalid",
                "금액이 올바르지 않습니다.",
                "The amount must be a whole number above zero and within the limit.",
            ),
            Self::IdInUse => {
                ("id_in_use", "이미 사용 중인 식별자입니다.", "That id is already in use.")
            }
            Self::QueueTokenInvalid => (
                "queue_token_invalid",
                "대기열 토큰이 올바르지 않습니다.",
                "The queue token is not valid.",
            ),
            Self::ConcertNotFound => {
                ("concert_not_found", "콘서트를 찾을 수 없습니다.", "There is no such concert.")
            }
            Self::ScheduleNotFound => {
                ("schedule_not_found", "스케줄을 찾을 수 없습니다.", "There is no such schedule.")
            }
            Self::ReservationNotFound => (
                "reservation_not_found",
                "예약을 찾을 수 없습니다.",
                "There is no such reservation.",
            ),
            Self::QueueTokenWrongConcert => (
                "queue_token_wrong_concert",
                "다른 콘서트의 대기열 토큰입니다.",
                "The queue token is for another concert.",
            ),
            Self::QueueTokenWaiting => {
                ("queue_token_waiting", "아직 대기 중입니다.", "It is not your turn yet.")
            }
            Self::AlreadyPaid => {
                ("already_paid", "이미 결제된 예약입니다.", "This reservation is already paid.")
            }
            Self::HoldExpired => (
                "hold_expired",
                "임시 배정 시간이 만료되었습니다.",
                "The hold on this seat has expired.",
            ),
            Self::ReservationNotHeld => (
                "reservation_not_held",
                "임시 배정 상태의 예약이 아닙니다.",
                "The reservation is not held any more.",
            ),
            Self::QueueTokenExpired => (
                "queue_token_expired",
                "대기열 토큰이 만료되었습니다.",
                "The queue token has expired.",
            ),
            Self::ScheduleStarted => (
                "schedule_started",
                "이미 시작된 공연입니다.",
                "The performance has already begun.",
            ),
            Self::SaleClosed => ("sale_closed", "판매가 종료되었습니다.", "The sale is closed."),
            Self::HoldExists { .. } => (
                "hold_exists",
                "이미 임시 배정된 좌석이 있습니다.",
                "You already hold seats. Release them to choose again.",
            ),
            Self::SeatNotFound => {
                ("seat_not_found", "좌석을 찾을 수 없습니다.", "There is no such seat.")
            }
            Self::SeatLimitExceeded { .. } => (
                "seat_limit_exceeded",
                "1인당 예약 가능한 좌석 수를 초과했습니다.",
                "That is more seats than one person may book.",
            ),
            Self::SeatTaken { .. } => {
                ("seat_taken", "이미 선택된 좌석입니다.", "That seat is already taken.")
            }
            Self::NoSeatsAvailable => (
                "no_seats_available",
                "예약 가능한 좌석이 없습니다.",
                "There are no seats left to book.",
            ),
            Self::NoSchedulesAvailable => (
                "no_schedules_available",
                "예약 가능한 스케줄이 없습니다.",
                "There are no schedules to book.",
            ),
            Self::QueueClosed => ("queue_closed", "대기열이 닫혔습니다.", "The queue is closed."),
            Self::SoldOut => ("sold_out", "매진되었습니다.", "Every seat is sold."),
            Self::AmountMismatch { .. } => (
                "amount_mismatch",
                "결제 금액이 예약 금액과 다릅니다.",
                "The amount differs from the price of the reservation.",
            ),
            Self::BalanceNotFound => {
                ("balance_not_found", "잔액 정보가 없습니다.", "There is no balance for this user.")
            }
            Self::InsufficientBalance { .. } => {
                ("insufficient_balance", "잔액이 부족합니다.", "The balance is too low.")
            }
            Self::BalanceLimitExceeded => (
                "balance_limit_exceeded",
                "잔액 한도를 초과했습니다.",
                "The balance would exceed its limit.",
            ),
        }
    }
}
