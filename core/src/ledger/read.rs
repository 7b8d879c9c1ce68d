//! Reads transfers, of which journals have many: their fields lie side by side, whatever the kind, and are read right to
//! their places.

use super::{Transfer, TransferKind};
use crate::ids::{ConcertId, ReservationId, TransferId, UserId};
use crate::money::Amount;
use crate::time::Timestamp;
use serde::Deserialize;

/// A transfer with the fields of every kind.
#[derive(Deserialize)]
pub(super) struct Flat {
    id: TransferId,
    user_id: UserId,
    transfer: Name,
    reservation_id: Option<ReservationId>,
    concert_id: Option<ConcertId>,
    amount: Amount,
    balance_after: Amount,
    at: Timestamp,
}

/// The name of a [`TransferKind`].
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Charge,
    Payment,
    Refund,
}

impl TryFrom<Flat> for Transfer {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, &'static str> {
        let Flat { id, user_id, amount, balance_after, at, .. } = flat;
        let bought = flat.reservation_id.zip(flat.concert_id);
        let bought = bought.ok_or("a payment or refund names its reservation and concert");
        let kind = match flat.transfer {
            Name::Charge => TransferKind::Charge,
            Name::Payment => {
                let (reservation_id, concert_id) = bought?;
                TransferKind::Payment { reservation_id, concert_id }
            }
            Name::Refund => {
                let (reservation_id, concert_id) = bought?;
                TransferKind::Refund { reservation_id, concert_id }
            }
        };
        Ok(Self { id, user_id, kind, amount, balance_after, at })
    }
}
