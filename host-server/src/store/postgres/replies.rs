//! The answers that are kept for idempotency keys.
//!
//! Nothing claims a key. An equal request that another program runs meanwhile changes the same rows: whoever locks them
//! waits for it, and then finds its answer; whoever does not can't store what it decided. Where they change no row that
//! is there already, they make the same one, and the answers of both can't be stored either.

use super::super::rows;
use super::super::wanted::in_order_of;
use super::super::{StoreError, StoredReply};
use super::asking::{Array, Asking, Place};
use super::selects::REPLIES;
use frontrow_core::UserId;
use sqlx::postgres::PgRow;

/// Asks for the answers that are kept for these keys.
pub(super) fn ask(asking: &mut Asking, keys: &[(UserId, String)]) -> Place {
    let callers = Array::of_ids(keys.iter().map(|(caller, _)| caller.0));
    let names = Array::of_texts(keys.iter().map(|(_, key)| key.as_str()));
    asking.select(&REPLIES, false, &[callers, names])
}

/// The answers that were found, in the order of the keys.
pub(super) fn found(
    keys: &[(UserId, String)],
    rows: &[PgRow],
) -> Result<Vec<Option<StoredReply>>, StoreError> {
    let found: Result<Vec<_>, _> = rows.iter().map(rows::reply).collect();
    Ok(in_order_of(keys, found?))
}
