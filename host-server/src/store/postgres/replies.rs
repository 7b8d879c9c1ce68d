//! The answers that are kept for idempotency keys.
//!
//! Nothing claims a key. An equal request that another program runs meanwhile changes the same rows: whoever locks them
//! waits for it, and then finds its answer; whoever does not can't store what it decided. Where they change no row that
//! is there already, they make the same one, and the answers of both can't be stored either.

use super::super::rows::{self, reply_columns};
use super::super::wanted::in_order_of;
use super::super::{StoreError, StoredReply};
use super::session::Session;
use frontrow_core::UserId;
use uuid::Uuid;

pub(super) async fn of_keys(
    session: &mut Session,
    keys: &[(UserId, String)],
) -> Result<Vec<Option<StoredReply>>, StoreError> {
    let sql = concat!(
        "SELECT ",
        reply_columns!(),
        "
         FROM unnest($1::uuid[], $2::text[]) AS wanted (caller, key)
         INNER JOIN replies ON replies.caller = wanted.caller AND replies.key = wanted.key"
    );
    let callers: Vec<Uuid> = keys.iter().map(|(caller, _)| caller.0).collect();
    let names: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
    let found = session.all(sqlx::query(sql).bind(callers).bind(names), rows::reply).await?;
    Ok(in_order_of(keys, found))
}
