//! How rows look on the wire. Field names are the contract's.

mod concerts;
mod queue_token;

pub use concerts::{ConcertView, ScheduleView};
pub use queue_token::QueueTokenView;

use crate::schemas;
use crate::wire::WireTime;
use frontrow_core::concert::Schedule;
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::seating::{Reservation, ReservationStatus, SeatStatus};
use frontrow_core::{Amount, ConcertId, ReservationId, ScheduleId, Timestamp, TransferId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A list, and where it goes on.
#[derive(Debug, Serialize)]
pub struct ListView<T> {
    /// The part asked for.
    pub data: Vec<T>,
    /// Where the next part begins.
    pub next_cursor: Option<String>,
}

/// A seat map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeatMap)]
pub struct SeatMapView {
    /// Whose seats.
    #[schema(value_type = Uuid)]
    pub schedule_id: ScheduleId,
    /// When they stood so.
    pub as_of: WireTime,
    /// The seats, by number.
    pub data: Vec<SeatView>,
}

/// A seat in a map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seat)]
pub struct SeatView {
    number: u32,
    label: String,
    section: String,
    #[schema(value_type = schemas::Amount)]
    price: Amount,
    #[schema(value_type = schemas::SeatStatus)]
    status: SeatStatus,
}

impl SeatView {
    /// A seat of the schedule, if the hall has it.
    pub fn new(schedule: &Schedule, number: u32, status: SeatStatus) -> Option<Self> {
        let place = schedule.place(number)?;
        let (section, price) = (place.section.name.clone(), place.section.price);
        Some(Self { number, label: place.label(), section, price, status })
    }
}

/// A seat of a reservation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReservedSeat)]
pub struct ReservedSeatView {
    number: u32,
    label: String,
    section: String,
    #[schema(value_type = schemas::Amount)]
    price: Amount,
}

/// The seats of a reservation in its schedule's hall.
fn reserved_seats(reservation: &Reservation, schedule: &Schedule) -> Vec<ReservedSeatView> {
    let seat = |number: &u32| {
        let place = schedule.place(*number)?;
        let (section, price) = (place.section.name.clone(), place.section.price);
        Some(ReservedSeatView { number: *number, label: place.label(), section, price })
    };
    reservation.seats.iter().filter_map(seat).collect()
}

/// A reservation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reservation)]
pub struct ReservationView {
    #[schema(value_type = Uuid)]
    id: ReservationId,
    #[schema(value_type = Uuid)]
    concert_id: ConcertId,
    #[schema(value_type = Uuid)]
    schedule_id: ScheduleId,
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = schemas::ReservationStatus)]
    state: ReservationStatus,
    seats: Vec<ReservedSeatView>,
    #[schema(value_type = schemas::Amount)]
    amount: Amount,
    currency: String,
    held_at: WireTime,
    expires_at: WireTime,
    expires_in_seconds: u64,
}

impl ReservationView {
    /// A reservation as it stands at `now`.
    pub fn new(
        reservation: &Reservation,
        schedule: &Schedule,
        currency: &str,
        now: Timestamp,
    ) -> Self {
        let state = reservation.status(now);
        let lives = state == ReservationStatus::Held;
        let left = reservation.expires_at.seconds_from(now);
        Self {
            id: reservation.id,
            concert_id: reservation.concert_id,
            schedule_id: reservation.schedule_id,
            user_id: reservation.user_id,
            state,
            seats: reserved_seats(reservation, schedule),
            amount: reservation.amount,
            currency: currency.to_owned(),
            held_at: WireTime(reservation.held_at),
            expires_at: WireTime(reservation.expires_at),
            expires_in_seconds: if lives { left } else { 0 },
        }
    }
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    #[schema(value_type = Uuid)]
    id: TransferId,
    #[schema(value_type = Uuid)]
    reservation_id: ReservationId,
    #[schema(value_type = Uuid)]
    concert_id: ConcertId,
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = schemas::Amount)]
    amount: Amount,
    #[schema(value_type = schemas::Amount)]
    balance: Amount,
    currency: String,
    seats: Vec<ReservedSeatView>,
    paid_at: WireTime,
    queue_token_state: &'static str,
}

impl PaymentView {
    /// A payment that was just made.
    pub fn new(
        reservation: &Reservation,
        transfer: &Transfer,
        schedule: &Schedule,
        currency: &str,
    ) -> Self {
        Self {
            id: transfer.id,
            reservation_id: reservation.id,
            concert_id: reservation.concert_id,
            user_id: reservation.user_id,
            amount: transfer.amount,
            balance: transfer.balance_after,
            currency: currency.to_owned(),
            seats: reserved_seats(reservation, schedule),
            paid_at: WireTime(transfer.at),
            queue_token_state: "consumed",
        }
    }
}

/// A balance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Balance)]
pub struct BalanceView {
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = schemas::Amount)]
    balance: Amount,
    currency: String,
    updated_at: WireTime,
}

impl BalanceView {
    /// What a wallet holds.
    pub fn new(wallet: &Wallet, currency: &str) -> Self {
        Self {
            user_id: wallet.user_id,
            balance: wallet.balance,
            currency: currency.to_owned(),
            updated_at: WireTime(wallet.updated_at),
        }
    }
}

/// A charge.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Charge)]
pub struct ChargeView {
    #[schema(value_type = Uuid)]
    id: TransferId,
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = schemas::Amount)]
    amount: Amount,
    #[schema(value_type = schemas::Amount)]
    balance: Amount,
    currency: String,
    charged_at: WireTime,
}

impl ChargeView {
    /// A charge that was just made.
    pub fn new(transfer: &Transfer, currency: &str) -> Self {
        Self {
            id: transfer.id,
            user_id: transfer.user_id,
            amount: transfer.amount,
            balance: transfer.balance_after,
            currency: currency.to_owned(),
            charged_at: WireTime(transfer.at),
        }
    }
}

/// A line of a person's ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct LedgerView {
    #[schema(value_type = Uuid)]
    id: TransferId,
    kind: &'static str,
    /// Negative where money left the wallet.
    amount: i64,
    #[schema(value_type = schemas::Amount)]
    balance_after: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    reservation_id: Option<ReservationId>,
    created_at: WireTime,
}

impl From<&Transfer> for LedgerView {
    fn from(transfer: &Transfer) -> Self {
        // Amounts are below 2^53, so that they fit.
        let amount = i64::try_from(transfer.amount.get()).unwrap_or(i64::MAX);
        let (kind, amount, reservation_id) = match transfer.kind {
            TransferKind::Charge => ("charge", amount, None),
            TransferKind::Payment { reservation_id, .. } => {
                ("payment", -amount, Some(reservation_id))
            }
            TransferKind::Refund { reservation_id, .. } => ("refund", amount, Some(reservation_id)),
        };
        Self {
            id: transfer.id,
            kind,
            amount,
            balance_after: transfer.balance_after,
            reservation_id,
            created_at: WireTime(transfer.at),
        }
    }
}
