//! Transactions that lock nothing while they decide: what they read may be gone when they commit, and then nothing of
//! them is stored.

use super::*;
use crate::fixture::{PRICE, hold, pay};
use frontrow_core::Rejection;
use frontrow_core::concert::ConcertChange;
use frontrow_server::store::CommitError;

/// Commands that were decided on rows that nobody has locked, not yet committed.
async fn decided(store: &dyn Store, commands: &[Command]) -> Box<dyn Transaction> {
    assert!(commands.iter().all(Command::rests_on_what_it_changes));
    let mut transaction = store.begin(new_batch(), Concurrency::Optimistic).await.unwrap();
    let mut decided = decide_all(transaction.as_mut(), commands).await;
    assert!(decided.outcomes.iter().all(Result::is_ok), "{:?}", decided.outcomes);
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    transaction
}

fn assert_is_conflict(committed: &Result<(), CommitError>) {
    let conflict = matches!(committed, Err(CommitError::Failed(StoreError::Conflict(_))));
    assert!(conflict, "{committed:?}");
}

/// Two people in, with what they need to hold a seat each and to pay for it.
async fn two_buyers() -> PostgresHarness {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1, 2]).await;
    for buyer in [1, 2] {
        accept(harness.store.as_ref(), charge(buyer, buyer, 2 * PRICE)).await;
    }
    harness
}

/// Whichever row it is that another replica changes or makes in between, the batch is a conflict, and is decided anew
/// on what is there then.
#[tokio::test]
async fn what_changed_in_between_is_a_conflict_and_nothing_of_the_batch_is_stored() {
    let harness = two_buyers().await;
    take(&harness, 1, &[7]).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let harmless = charge(9, 9, 5);
    let cases: [(&str, [Command; 2], Command); 6] = [
        ("a seat", [harmless.clone(), hold(212, 10, 102, 2, &[1])], hold(211, 10, 103, 3, &[1])),
        ("a wallet", [harmless.clone(), charge(13, 1, 5)], charge(14, 1, 5)),
        ("a new wallet", [harmless.clone(), charge(23, 8, 5)], charge(24, 8, 5)),
        ("a ticket", [harmless.clone(), hold(222, 10, 102, 2, &[2])], leave(102)),
        ("a queue", [harmless.clone(), join(104, 1, 4)], join(105, 1, 5)),
        ("a reservation", [harmless.clone(), pay(301, 201, 101, 1, 1)], withdraw(201, 1, 302)),
    ];
    admit(&harness, &[3]).await;
    for (row, batch, meanwhile) in cases {
        let transaction = decided(store, &batch).await;
        accept(&other, meanwhile).await;
        assert_is_conflict(&transaction.commit().await);
        assert_eq!(store.wallet(user(9)).await.unwrap(), None, "{row}");
    }
    assert_rows_follow_from_the_journal(&harness, store).await;
}

/// The other way round: who decides on locked rows waits for a commit that is under way, and an optimistic one that
/// comes later finds the rows changed.
#[tokio::test]
async fn who_locks_and_who_does_not_never_both_get_a_seat() {
    let harness = two_buyers().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let optimist = decided(store, &[hold(212, 10, 102, 2, &[1])]).await;
    let mut pessimist = begin(&other).await;
    write(pessimist.as_mut(), &[hold(211, 10, 101, 1, &[1])]).await;
    let mut committing = Box::pin(optimist.commit());
    assert!(waits(committing.as_mut()).await, "the seat is locked");
    pessimist.commit().await.unwrap();
    assert_is_conflict(&committing.await);
    assert_rows_follow_from_the_journal(&harness, store).await;
}

/// A change of policy locks the queue, and leaves it as it was. Who joined by the policy of before must not get in
/// behind it.
#[tokio::test]
async fn nobody_joins_by_a_policy_that_has_changed() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let drain = |draining| Command::UpdateConcert {
        concert_id: concert_id(),
        change: ConcertChange { draining: Some(draining), ..ConcertChange::default() },
    };
    let joining = decided(store, &[join(101, 1, 1)]).await;
    accept(&other, drain(true)).await;
    assert_is_conflict(&joining.commit().await);

    accept(&other, drain(false)).await;
    let joining = decided(store, &[join(101, 1, 1)]).await;
    let mut changing = begin(&other).await;
    write(changing.as_mut(), &[drain(true)]).await;
    let mut committing = Box::pin(joining.commit());
    assert!(waits(committing.as_mut()).await, "the queue is locked");
    changing.commit().await.unwrap();
    assert_is_conflict(&committing.await);
    assert_eq!(store.ticket(ticket_of(1)).await.unwrap(), None);
    assert_rows_follow_from_the_journal(&harness, store).await;
}

/// The second answer to it can't be stored, and nor can what it tells of.
#[tokio::test]
async fn a_key_that_two_replicas_answer_acts_once() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let kept = reply_to(1, "a");
    let mut both = Vec::new();
    for (replica, charged) in [(store, charge(1, 1, 5)), (&other as &dyn Store, charge(2, 2, 5))] {
        let mut transaction = replica.begin(new_batch(), Concurrency::Optimistic).await.unwrap();
        assert_eq!(transaction.replies(&[key_of(1, "a")]).await.unwrap(), [None]);
        let mut decided = decide_all(transaction.as_mut(), &[charged]).await;
        let replies = std::slice::from_ref(&kept);
        transaction.write(&mut decided.state, &decided.journal, replies).await.unwrap();
        both.push(transaction);
    }
    let second = both.pop().unwrap();
    both.pop().unwrap().commit().await.unwrap();
    assert_is_conflict(&second.commit().await);
    assert_eq!(store.wallet(user(2)).await.unwrap(), None);
    let mut again = other.begin(new_batch(), Concurrency::Optimistic).await.unwrap();
    assert_eq!(again.replies(&[key_of(1, "a")]).await.unwrap(), [Some(kept)]);
}

/// A lock would be written into the row, like a change.
#[tokio::test]
async fn a_refusal_writes_nothing_and_locks_nothing() {
    let harness = two_buyers().await;
    take(&harness, 1, &[1]).await;
    let store = harness.store.as_ref();
    let rows = "SELECT ctid AS place, xmin AS made, xmax AS locked FROM seats
         UNION ALL SELECT ctid, xmin, xmax FROM tickets";
    harness.raw(format!("CREATE TABLE before AS {rows}")).await.unwrap();
    let mut transaction = store.begin(new_batch(), Concurrency::Optimistic).await.unwrap();
    let refused = decide_all(transaction.as_mut(), &[hold(212, 10, 102, 2, &[1])]).await;
    assert!(matches!(refused.outcomes[..], [Err(Rejection::SeatTaken { .. })]));
    transaction.commit().await.unwrap();
    let untouched =
        format!("DO $$ BEGIN ASSERT NOT EXISTS (({rows}) EXCEPT ALL SELECT * FROM before); END $$");
    harness.raw(untouched).await.unwrap();
}

#[tokio::test]
async fn a_commit_that_was_cut_off_is_unclear_and_can_be_settled() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    accept(store, charge(1, 1, 5)).await;
    let batch = new_batch();
    let mut optimist = store.begin(batch, Concurrency::Optimistic).await.unwrap();
    let mut decided = decide_all(optimist.as_mut(), &[charge(2, 1, 5)]).await;
    optimist.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    // While it waits for the wallet, its connection is lost.
    let mut pessimist = begin(&other).await;
    write(pessimist.as_mut(), &[charge(3, 1, 5)]).await;
    let mut committing = Box::pin(optimist.commit());
    assert!(waits(committing.as_mut()).await, "the wallet is locked");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    harness.raw(cut.to_owned()).await.unwrap();
    let outcome = committing.await;
    assert!(matches!(outcome, Err(CommitError::Unclear(_))), "{outcome:?}");
    assert_eq!(store.settle(batch).await.unwrap(), Settlement::NotCommitted);
    drop(pessimist);
    assert_eq!(store.wallet(user(1)).await.unwrap().unwrap().balance.get(), 5);
}
