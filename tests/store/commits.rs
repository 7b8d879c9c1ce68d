//! Transactions as a whole: what commits, what never happened, and what is there afterwards.

use crate::driver::{accept, decide_all, new_batch};
use crate::fixture::{START, busy_hall, charge, concert, create, user};
use crate::harness::Harness;
use frontrow_core::audit::Audit;
use frontrow_core::ledger::Transfer;
use frontrow_core::{Event, State};
use frontrow_server::store::{CommitError, Concurrency, Settlement, Store, StoreError};

/// The whole journal.
pub async fn journal(store: &dyn Store) -> Vec<Event> {
    let entries = store.journal(0, u32::MAX).await.unwrap();
    let events: Vec<Event> = entries.into_iter().map(|(_, event)| event).collect();
    for event in &events {
        assert_eq!(serde_json::to_value(event).unwrap()["kind"], event.kind.name());
    }
    events
}

/// Asserts that the rows of the store are those of a complete state.
pub async fn assert_rows_are(store: &dyn Store, expected: &State) {
    let (rows, _) = store.rows().await.unwrap();
    assert_eq!(rows.concerts().differences(expected.concerts()), []);
    assert_eq!(rows.queues().differences(expected.queues()), []);
    assert_eq!(rows.tickets().differences(expected.tickets()), []);
    assert_eq!(rows.schedules().differences(expected.schedules()), []);
    assert_eq!(rows.seats().differences(expected.seats()), []);
    assert_eq!(rows.reservations().differences(expected.reservations()), []);
    assert_eq!(rows.wallets().differences(expected.wallets()), []);
    assert_eq!(by_person(rows.transfers()), by_person(expected.transfers()));
}

/// Each person's transfers in their order: how those of several people mix is not told by every store.
fn by_person(transfers: &[Transfer]) -> Vec<&Transfer> {
    let mut sorted: Vec<&Transfer> = transfers.iter().collect();
    sorted.sort_by_key(|transfer| transfer.user_id);
    sorted
}

/// Asserts that the rows of the store are what its journal tells, and that an audit agrees.
pub async fn assert_rows_follow_from_the_journal(h: &impl Harness, store: &dyn Store) {
    let events = journal(store).await;
    let mut replayed = State::complete();
    let mut audit = Audit::new();
    for event in &events {
        replayed.apply(event);
        audit.read(event);
    }
    assert_rows_are(store, &replayed).await;
    let (rows, position) = store.rows().await.unwrap();
    let last = store.journal(0, u32::MAX).await.unwrap().last().map_or(0, |(last, _)| *last);
    assert_eq!(position, last);
    let now = frontrow_core::Clock::now(h.clock());
    let report = audit.finish(&rows, now);
    assert!(report.ok, "{report:?}");
    for rows_max in [u64::MAX, 4] {
        let streamed = frontrow_server::audit::run_in_passes_of(store, rows_max).await.unwrap();
        assert_eq!(streamed, report);
    }
}

pub async fn a_dropped_transaction_never_happened(h: &impl Harness) {
    let store = h.store().as_ref();
    let batch = new_batch();
    let mut transaction = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
    let mut decided = decide_all(transaction.as_mut(), &[charge(1, 1, 5)]).await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    drop(transaction);
    assert_eq!(store.wallet(user(1)).await.unwrap(), None);
    assert_eq!(journal(store).await, []);
    // Its batch may run again.
    let again = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
    drop(again);
    accept(store, charge(1, 1, 5)).await;
    assert_rows_follow_from_the_journal(h, store).await;
}

pub async fn a_transaction_that_failed_cannot_be_committed(h: &impl Harness) {
    let store = h.store().as_ref();
    accept(store, charge(1, 1, 5)).await;
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    let mut good = decide_all(transaction.as_mut(), &[charge(2, 2, 5)]).await;
    transaction.write(&mut good.state, &good.journal, &[]).await.unwrap();
    let mut bad = decide_all(transaction.as_mut(), &[charge(1, 3, 5)]).await;
    transaction.write(&mut bad.state, &bad.journal, &[]).await.unwrap_err();
    let refused = transaction.commit().await.unwrap_err();
    assert!(matches!(refused, CommitError::Failed(_)), "{refused:?}");
    assert_eq!(store.wallet(user(2)).await.unwrap(), None);
    assert_eq!(store.wallet(user(3)).await.unwrap(), None);
}

pub async fn a_batch_that_committed_settles_as_committed(h: &impl Harness) {
    let store = h.store().as_ref();
    let batch = new_batch();
    let mut transaction = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
    transaction.write(&mut State::partial(), &[], &[]).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.settle(batch).await.unwrap(), Settlement::Committed);
    assert_eq!(store.settle(batch).await.unwrap(), Settlement::Committed);
    assert_batch_is_refused(store, batch).await;
}

pub async fn a_batch_that_did_not_commit_never_will(h: &impl Harness) {
    let store = h.store().as_ref();
    let batch = new_batch();
    drop(store.begin(batch, Concurrency::Pessimistic).await.unwrap());
    assert_eq!(store.settle(batch).await.unwrap(), Settlement::NotCommitted);
    assert_batch_is_refused(store, batch).await;
}

async fn assert_batch_is_refused(store: &dyn Store, batch: frontrow_server::store::BatchId) {
    let mut transaction = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
    match transaction.write(&mut State::partial(), &[], &[]).await.err() {
        Some(StoreError::Constraint { constraint }) => assert_eq!(constraint, "batches_pk"),
        other => panic!("{other:?}"),
    }
}

pub async fn migrating_twice_changes_nothing(h: &impl Harness) {
    let store = h.store().as_ref();
    busy_hall(h).await;
    store.migrate().await.unwrap();
    assert!(store.is_ready().await.unwrap());
    assert_rows_follow_from_the_journal(h, store).await;
}

pub async fn everything_is_there_after_reopening(h: &impl Harness) {
    busy_hall(h).await;
    let before = journal(h.store().as_ref()).await;
    h.store().close().await;
    let reopened = h.reopen().await;
    assert_eq!(journal(reopened.as_ref()).await, before);
    assert_rows_follow_from_the_journal(h, reopened.as_ref()).await;
    accept(reopened.as_ref(), create(concert(2))).await;
    assert_rows_follow_from_the_journal(h, reopened.as_ref()).await;
}

pub async fn rows_are_those_that_the_events_tell(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    assert_rows_follow_from_the_journal(h, store).await;
    let (rows, _) = store.rows().await.unwrap();
    assert_eq!(rows.tickets().len(), 9);
    assert_eq!(rows.reservations().len(), 4);
    assert_eq!(rows.seats().len(), 15, "every seat has a row");
    assert_eq!(rows.transfers().len(), 5);
    assert_eq!(rows.wallets().len(), 2);
}

pub async fn rows_of_an_empty_store_are_empty(h: &impl Harness) {
    let store = h.store().as_ref();
    assert_rows_are(store, &State::complete()).await;
    let (_, position) = store.rows().await.unwrap();
    assert_eq!(position, 0);
    assert_eq!(store.now(), START);
}
