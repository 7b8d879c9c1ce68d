//! Decisions about balances. Payments and refunds, which also move seats, are in `payment`.

use super::{Transfer, TransferKind, Wallet};
use crate::decision::Decision;
use crate::event::EventKind;
use crate::ids::{TransferId, UserId};
use crate::key::Need;
use crate::money::Amount;
use crate::outcome::Outcome;
use crate::rejection::Rejection;
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn charge(
    state: &State,
    transfer_id: TransferId,
    user_id: UserId,
    amount: u64,
    now: Timestamp,
) -> Result<Decision, Need> {
    let amount = match Amount::new(amount) {
        Ok(amount) if amount > Amount::ZERO => amount,
        _ => return Decision::refuse(Rejection::AmountInvalid),
    };
    let wallet = state.wallet(user_id)?.copied();
    if state.transfer_ids.contains(&transfer_id) {
        return Decision::refuse(Rejection::IdInUse);
    }
    match credited(wallet, transfer_id, user_id, TransferKind::Charge, amount, now) {
        Ok(transfer) => {
            let transferred = EventKind::Transferred { transfer };
            Decision::accept(transferred.at(now), Outcome::Charged { transfer })
        }
        Err(rejection) => Decision::refuse(rejection),
    }
}

/// A transfer into a wallet, which need not exist yet.
pub(crate) fn credited(
    wallet: Option<Wallet>,
    id: TransferId,
    user_id: UserId,
    kind: TransferKind,
    amount: Amount,
    at: Timestamp,
) -> Result<Transfer, Rejection> {
    let balance = wallet.map_or(Amount::ZERO, |wallet| wallet.balance);
    let balance_after = balance.checked_add(amount).ok_or(Rejection::BalanceLimitExceeded)?;
    Ok(Transfer { id, user_id, kind, amount, balance_after, at })
}
