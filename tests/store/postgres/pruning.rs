//! Several replicas delete what is too old at the same time, beside those who book.

use super::*;
use crate::replies::{keep, reply};

/// What another replica deletes at this moment is locked by it, as here.
#[tokio::test]
async fn what_another_replica_deletes_is_passed_over_and_not_waited_for() {
    let harness = PostgresHarness::new().await;
    let store = harness.store.as_ref();
    let replies: Vec<_> = (0..9).map(|number| reply(1, &number.to_string(), b"")).collect();
    keep(store, &replies).await.unwrap();
    keep(store, &[]).await.unwrap();
    harness.clock.advance_millis(1);
    let mut connection = harness.database.connect().await;
    let mut other = connection.begin().await.unwrap();
    for sql in ["SELECT FROM replies LIMIT 4 FOR UPDATE", "SELECT FROM batches LIMIT 1 FOR UPDATE"]
    {
        other.execute(sql).await.unwrap();
    }
    assert_eq!(store.prune_replies(store.now(), 100).await.unwrap(), 5);
    assert_eq!(store.prune_batches(store.now(), 100).await.unwrap(), 1);
    other.rollback().await.unwrap();
    assert_eq!(store.prune_replies(store.now(), 100).await.unwrap(), 4);
    assert_eq!(store.prune_batches(store.now(), 100).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_delete_at_once_delete_every_row_once() {
    let harness = PostgresHarness::new().await;
    let replies: Vec<_> = (0..400).map(|number| reply(1, &number.to_string(), b"")).collect();
    keep(harness.store.as_ref(), &replies).await.unwrap();
    harness.clock.advance_millis(1);
    let now = harness.store.now();
    let mut deleting = Vec::new();
    for _ in 0..4 {
        let replica = harness.replica().await;
        deleting.push(tokio::spawn(async move {
            let mut deleted = 0;
            for _ in 0..40 {
                deleted += replica.prune_replies(now, 10).await.unwrap();
            }
            replica.close().await;
            deleted
        }));
    }
    let mut deleted = 0;
    for replica in deleting {
        deleted += replica.await.unwrap();
    }
    assert_eq!(deleted, 400);
    assert_eq!(harness.store.reply(user(1), "399").await.unwrap(), None);
}
