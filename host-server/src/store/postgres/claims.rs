//! Claims on idempotency keys. A key is claimed by an advisory lock on its hash, which the transaction
//! has until it ends: whoever asks for the same key meanwhile, in whatever program, waits and then finds
//! the reply. Nothing is written for a claim, and nothing is left behind by one.
//!
//! The locks are taken in the order of their hashes and before any row is locked, so that claims cause no
//! deadlock. Two keys with one hash would wait for each other, and be told apart by the lookup.

use super::super::rows::{self, reply_columns};
use super::super::wanted::in_order_of;
use super::super::{StoreError, StoredReply};
use super::session::Session;
use frontrow_core::UserId;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) async fn claim(
    session: &mut Session,
    keys: &[(UserId, String)],
) -> Result<Vec<Option<StoredReply>>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let hashes: BTreeSet<i64> = keys.iter().map(|(caller, key)| hash(*caller, key)).collect();
    let hashes: Vec<i64> = hashes.into_iter().collect();
    let sql = "SELECT pg_advisory_xact_lock(claim.hash) FROM unnest($1::bigint[]) AS claim (hash)";
    if !session.lock(sqlx::query(sql).bind(hashes)).await? {
        return Err(StoreError::KeyInFlight);
    }
    replies(session, keys).await
}

/// The replies that are there, seen by a statement that began after the locks were taken.
async fn replies(
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

/// The same in every version of this program: replicas of two versions may run side by side.
fn hash(caller: UserId, key: &str) -> i64 {
    let digest = Sha256::new().chain_update(caller.0.as_bytes()).chain_update(key).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::hash;
    use frontrow_core::UserId;
    use uuid::Uuid;

    #[test]
    fn a_key_has_the_same_hash_for_ever() {
        let caller = |number| UserId(Uuid::from_u128(number));
        assert_eq!(hash(caller(1), "a"), -1_255_813_964_517_679_970);
        assert_ne!(hash(caller(1), "b"), hash(caller(1), "a"));
        assert_ne!(hash(caller(2), "a"), hash(caller(1), "a"));
    }
}
