//! What is kept for a while only: answers to keys, and the ids of batches.

use crate::commits::{assert_rows_follow_from_the_journal, journal};
use crate::driver::{accept, new_batch};
use crate::fixture::{busy_hall, charge, user};
use crate::harness::Harness;
use crate::replies::{keep, reply};
use frontrow_core::Timestamp;
use frontrow_server::store::{BatchId, Settlement, Store};

/// Milliseconds between two things that are stored.
const STEP_MILLIS: i64 = 1_000;

/// Stores one answer after the other, each later than the one before; when, and under which batch.
async fn one_by_one(h: &impl Harness, keys: &[&str]) -> Vec<(Timestamp, BatchId)> {
    let store = h.store().as_ref();
    let mut stored = Vec::new();
    for key in keys {
        h.clock().advance_millis(STEP_MILLIS);
        let batch = keep(store, &[reply(1, key, b"first")]).await.unwrap();
        stored.push((store.now(), batch));
    }
    stored
}

/// Which of these keys have an answer.
async fn answered<'k>(store: &dyn Store, keys: &[&'k str]) -> Vec<&'k str> {
    let mut answered = Vec::new();
    for key in keys {
        if store.reply(user(1), key).await.unwrap().is_some() {
            answered.push(*key);
        }
    }
    answered
}

pub async fn old_replies_are_pruned_oldest_first_and_no_more_than_asked(h: &impl Harness) {
    let (store, keys) = (h.store().as_ref(), ["d", "b", "e", "a", "c"]);
    let stored = one_by_one(h, &keys).await;
    let before = stored[3].0;
    assert_eq!(
        store.prune_replies(stored[0].0, 9).await.unwrap(),
        0,
        "none is older than the first"
    );
    assert_eq!(store.prune_replies(before, 0).await.unwrap(), 0);
    assert_eq!(store.prune_replies(before, 2).await.unwrap(), 2);
    assert_eq!(answered(store, &keys).await, ["e", "a", "c"]);
    assert_eq!(store.prune_replies(before, 2).await.unwrap(), 1);
    assert_eq!(store.prune_replies(before, 2).await.unwrap(), 0, "the rest is not old enough");
    assert_eq!(answered(store, &keys).await, ["a", "c"]);
    assert_eq!(store.prune_replies(Timestamp::MIN, 9).await.unwrap(), 0);
}

pub async fn a_key_can_be_answered_again_once_its_reply_is_pruned(h: &impl Harness) {
    let store = h.store().as_ref();
    one_by_one(h, &["a"]).await;
    h.clock().advance_millis(STEP_MILLIS);
    assert_eq!(store.prune_replies(store.now(), 9).await.unwrap(), 1);
    let anew = reply(1, "a", b"anew");
    keep(store, std::slice::from_ref(&anew)).await.unwrap();
    assert_eq!(store.reply(user(1), "a").await.unwrap(), Some(anew));
}

pub async fn old_batches_are_pruned_and_younger_ones_settle_as_before(h: &impl Harness) {
    let store = h.store().as_ref();
    let stored = one_by_one(h, &["a", "b", "c", "d"]).await;
    let before = stored[3].0;
    assert_eq!(store.prune_batches(before, 2).await.unwrap(), 2);
    assert_eq!(store.settle(stored[2].1).await.unwrap(), Settlement::Committed);
    assert_eq!(store.prune_batches(before, 2).await.unwrap(), 1);
    assert_eq!(store.prune_batches(before, 2).await.unwrap(), 0);
    assert_eq!(store.settle(stored[3].1).await.unwrap(), Settlement::Committed);
    assert_eq!(answered(store, &["a", "b", "c", "d"]).await.len(), 4, "answers are kept apart");
}

pub async fn a_batch_that_never_committed_is_pruned_like_one_that_did(h: &impl Harness) {
    let store = h.store().as_ref();
    let lost = new_batch();
    assert_eq!(store.settle(lost).await.unwrap(), Settlement::NotCommitted);
    assert_eq!(store.settle(lost).await.unwrap(), Settlement::Committed, "it is stored now");
    h.clock().advance_millis(STEP_MILLIS);
    assert_eq!(store.prune_batches(store.now(), 9).await.unwrap(), 1);
}

pub async fn what_batches_did_outlives_their_ids(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let before = journal(store).await;
    h.clock().advance_millis(STEP_MILLIS);
    assert!(store.prune_batches(store.now(), u32::MAX).await.unwrap() > 0);
    assert_eq!(store.prune_batches(store.now(), u32::MAX).await.unwrap(), 0);
    assert_eq!(journal(store).await, before);
    accept(store, charge(900, 9, 5)).await;
    assert_eq!(journal(store).await.len(), before.len() + 1);
    assert_rows_follow_from_the_journal(h, store).await;
}
