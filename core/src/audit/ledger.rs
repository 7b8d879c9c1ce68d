//! The ledger as the journal tells it, as far as rows are compared with it: sums, and no transfer of its own.

use super::{Check, Invariant};
use crate::ids::{ReservationId, UserId};
use crate::ledger::{Transfer, TransferKind};
use crate::money::Amount;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

/// What was paid for a reservation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Payments {
    pub paid: u32,
    pub refunded: u32,
    /// Of the last payment.
    pub amount: u64,
}

/// Transfers, whatever their order: how many, and the sum of their SHA-256 hashes, as four numbers that wrap. Two ledgers
/// that differ by accident have the same with a chance of one in 2^256.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Digest {
    count: u64,
    sums: [u64; 4],
}

impl Digest {
    pub(super) fn add(&mut self, transfer: &Transfer) {
        let (kind, reservation_id, concert_id) = match transfer.kind {
            TransferKind::Charge => (0, None, None),
            TransferKind::Payment { reservation_id, concert_id } => {
                (1, Some(reservation_id), Some(concert_id))
            }
            TransferKind::Refund { reservation_id, concert_id } => {
                (2, Some(reservation_id), Some(concert_id))
            }
        };
        let other = [reservation_id.map(|id| id.0), concert_id.map(|id| id.0)];
        let [reservation, concert] = other.map(Option::unwrap_or_default);
        let amounts = [transfer.amount, transfer.balance_after].map(Amount::get);
        let parts = [
            &[kind][..],
            transfer.id.0.as_bytes(),
            transfer.user_id.0.as_bytes(),
            reservation.as_bytes(),
            concert.as_bytes(),
            &amounts[0].to_le_bytes(),
            &amounts[1].to_le_bytes(),
            &transfer.at.as_millis().to_le_bytes(),
        ];
        let hash: [u8; 32] = Sha256::digest(parts.concat()).into();
        self.count += 1;
        for (sum, part) in self.sums.iter_mut().zip(hash.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*part));
        }
    }
}

/// What the journal told of money. Balances and payments are of one slice of the people.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    pub balances: FxHashMap<UserId, i128>,
    pub payments: FxHashMap<ReservationId, Payments>,
    pub digest: Digest,
    /// What all accounts that are no wallets have together.
    pub outside: i128,
    pub never_negative: Check,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            balances: FxHashMap::default(),
            payments: FxHashMap::default(),
            digest: Digest::default(),
            outside: 0,
            never_negative: Check::new(Invariant::WalletNeverNegative),
        }
    }
}

impl Ledger {
    pub(super) fn read(&mut self, transfer: &Transfer) {
        self.digest.add(transfer);
        let amount = i128::from(transfer.amount.get());
        let gained = match transfer.kind {
            TransferKind::Charge => amount,
            TransferKind::Payment { reservation_id, .. } => {
                let payments = self.payments.entry(reservation_id).or_default();
                payments.paid += 1;
                payments.amount = transfer.amount.get();
                -amount
            }
            TransferKind::Refund { reservation_id, .. } => {
                self.payments.entry(reservation_id).or_default().refunded += 1;
                amount
            }
        };
        self.outside -= gained;
        let balance = self.balances.entry(transfer.user_id).or_default();
        *balance += gained;
        let (balance, told) = (*balance, i128::from(transfer.balance_after.get()));
        self.never_negative.look(balance >= 0 && balance == told, || {
            format!("transfer {}: balance {balance}, told as {told}", transfer.id)
        });
    }

    /// Forgets the people of a slice; their sums stay.
    pub(super) fn next_slice(&mut self) {
        self.balances = FxHashMap::default();
        self.payments = FxHashMap::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ConcertId, TransferId};
    use crate::money::Amount;
    use crate::time::Timestamp;
    use uuid::Uuid;

    fn transfer() -> Transfer {
        let id = Uuid::from_u128;
        let (reservation_id, concert_id) = (ReservationId(id(3)), ConcertId(id(4)));
        Transfer {
            id: TransferId(id(1)),
            user_id: UserId(id(2)),
            kind: TransferKind::Payment { reservation_id, concert_id },
            amount: Amount::new(5).unwrap(),
            balance_after: Amount::new(6).unwrap(),
            at: Timestamp::from_millis(7),
        }
    }

    fn digest(transfers: &[Transfer]) -> Digest {
        let mut digest = Digest::default();
        for transfer in transfers {
            digest.add(transfer);
        }
        digest
    }

    #[test]
    fn a_digest_tells_transfers_apart_in_every_field_and_not_in_their_order() {
        let (one, id) = (transfer(), Uuid::from_u128);
        let (reservation_id, concert_id) = (ReservationId(id(3)), ConcertId(id(4)));
        let others = [
            Transfer { id: TransferId(id(9)), ..one },
            Transfer { user_id: UserId(id(9)), ..one },
            Transfer { kind: TransferKind::Charge, ..one },
            Transfer { kind: TransferKind::Refund { reservation_id, concert_id }, ..one },
            Transfer {
                kind: TransferKind::Payment { reservation_id: ReservationId(id(9)), concert_id },
                ..one
            },
            Transfer {
                kind: TransferKind::Payment { reservation_id, concert_id: ConcertId(id(9)) },
                ..one
            },
            Transfer { amount: Amount::new(9).unwrap(), ..one },
            Transfer { balance_after: Amount::new(9).unwrap(), ..one },
            Transfer { at: Timestamp::from_millis(9), ..one },
        ];
        for other in others {
            assert_ne!(digest(&[one]), digest(&[other]), "{other:?}");
            assert_eq!(digest(&[one, other]), digest(&[other, one]));
        }
        assert_ne!(digest(&[one]), digest(&[one, one]));
    }
}
