//! Money, in double entry: every movement is a transfer between two accounts, transfers are never
//! changed, so all accounts together always sum to zero. Only wallets have a balance of their own;
//! what was charged and earned are sums of transfers.

mod apply;
mod decide;
mod read;

pub(crate) use apply::apply;
pub(crate) use decide::{charge, credited};

use crate::ids::{ConcertId, ReservationId, TransferId, UserId};
use crate::money::Amount;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A person's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// Whose it is.
    pub user_id: UserId,
    /// What is in it.
    pub balance: Amount,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// Where money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The world outside, from where charges come; its balance is never positive.
    Charges,
    /// A person's wallet; its balance is never negative.
    Wallet(UserId),
    /// What a concert has earned.
    Revenue(ConcertId),
}

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "transfer", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the ids are what their types say")]
pub enum TransferKind {
    /// Into the wallet, from outside.
    Charge,
    /// From the wallet, for seats.
    Payment { reservation_id: ReservationId, concert_id: ConcertId },
    /// Back into the wallet, for seats given back.
    Refund { reservation_id: ReservationId, concert_id: ConcertId },
}

/// A movement of money between two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "read::Flat")]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Whose wallet is one of the two accounts.
    pub user_id: UserId,
    /// Why; it also names the other account.
    #[serde(flatten)]
    pub kind: TransferKind,
    /// How much, above zero.
    pub amount: Amount,
    /// The wallet's balance after it.
    pub balance_after: Amount,
    /// When.
    pub at: Timestamp,
}

impl Transfer {
    /// The account that the money left.
    pub fn debit(&self) -> Account {
        match self.kind {
            TransferKind::Charge => Account::Charges,
            TransferKind::Payment { .. } => Account::Wallet(self.user_id),
            TransferKind::Refund { concert_id, .. } => Account::Revenue(concert_id),
        }
    }

    /// The account that the money came to.
    pub fn credit(&self) -> Account {
        match self.kind {
            TransferKind::Charge | TransferKind::Refund { .. } => Account::Wallet(self.user_id),
            TransferKind::Payment { concert_id, .. } => Account::Revenue(concert_id),
        }
    }
}
