//! Moves the rows of wallets, and appends to the ledger.

use super::{Transfer, Wallet};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn apply(state: &mut State, transfer: &Transfer, at: Timestamp) {
    if !state.keeps_user(transfer.user_id) {
        return;
    }
    let wallet =
        Wallet { user_id: transfer.user_id, balance: transfer.balance_after, updated_at: at };
    state.wallets.set(transfer.user_id, wallet, at);
    if !state.derives() {
        return;
    }
    state.transfers.push(*transfer);
    if state.is_complete() {
        state.transfer_ids.insert(transfer.id);
    }
}
