//! The journal's tail, and a snapshot of all while others write.

use super::*;
use frontrow_core::seating::SeatStatus;
use frontrow_server::execute::CommitObserver;
use frontrow_server::seat_maps::SeatMaps;
use frontrow_server::store::Watermark;
use std::collections::BTreeSet;
use tokio::task::JoinHandle;

#[tokio::test]
async fn a_late_commit_is_in_the_next_pull_of_the_tail() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let start = store.tail_start().await.unwrap();
    let mut late = begin(&other).await;
    write(late.as_mut(), &[charge(1, 1, 5)]).await;
    accept(store, charge(2, 2, 5)).await;
    // Transactions of other databases of the server, such as other tests', hold the watermark back too. When
    // those that began before have ended, it stands at the late one.
    let mut first = store.tail(start).await.unwrap();
    while !is_under_way(&harness, first.watermark).await {
        tokio::time::sleep(Duration::from_millis(10)).await;
        first = store.tail(start).await.unwrap();
    }
    assert_eq!(first.entries.len(), 1, "the late one is not committed");
    late.commit().await.unwrap();
    let second = store.tail(first.watermark).await.unwrap();
    assert_eq!(second.entries.len(), 2, "and what came meanwhile is told again");
    assert!(second.entries[0].position < first.entries[0].position);
    assert_eq!(second.entries[1], first.entries[0]);
    let mut third = store.tail(second.watermark).await.unwrap();
    while !third.entries.is_empty() {
        assert!(third.entries.iter().all(|told| second.entries.contains(told)) && !third.missed);
        third = store.tail(third.watermark).await.unwrap();
    }
    // From before a failover in which transactions were lost.
    let mut ahead = third.watermark;
    ahead.0 += 1_000_000;
    let lost = store.tail(ahead).await.unwrap();
    assert!(lost.missed && lost.watermark.0 < ahead.0);
}

/// Whether a watermark is the number of a transaction of this database that has not ended.
async fn is_under_way(harness: &PostgresHarness, watermark: Watermark) -> bool {
    let number = watermark.0 % (1 << 32);
    let sql = format!(
        "DO $$ BEGIN ASSERT EXISTS (
             SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND backend_xid::text::bigint = {number}
         ); END $$"
    );
    harness.raw(sql).await.is_ok()
}

#[tokio::test]
async fn a_call_wakes_the_others() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let mut own = store.wakeups().await.unwrap();
    let mut wakeups = other.wakeups().await.unwrap();
    assert!(waits(wakeups.next()).await, "nobody called");
    store.wake_others().await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), wakeups.next()).await.unwrap().unwrap();
    assert!(waits(own.next()).await, "nobody hears their own call");
}

/// Lanes tell what they committed at the same time, so that an older commit may be told after a newer one.
#[tokio::test]
async fn a_seat_map_keeps_the_newest_whoever_tells_it_last() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1]).await;
    let store = harness.store.as_ref();
    let maps = SeatMaps::new(Arc::clone(&harness.store));
    let first_seat = async || maps.statuses(schedule_id(), store.now()).await.unwrap()[0];
    assert_eq!(first_seat().await, SeatStatus::Available);
    let mut committed = Vec::new();
    for command in [crate::fixture::hold(201, 10, 101, 1, &[1]), withdraw(201, 1, 501)] {
        let mut transaction = begin(store).await;
        let mut decided = decide_all(transaction.as_mut(), &[command]).await;
        transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
        transaction.commit().await.unwrap();
        committed.push(decided.state);
    }
    for state in committed.iter().rev() {
        maps.committed(state, &[]).await;
        assert_eq!(first_seat().await, SeatStatus::Available, "it was given back");
    }
}

/// Lanes of their own programs that write until they are stopped, and commit in another order than that in
/// which they took their positions.
fn lanes_that_write(harness: &PostgresHarness, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
    let writer = |lane: u128| {
        let (url, clock) = (harness.database.url(), Arc::clone(&harness.clock));
        let stop = Arc::clone(stop);
        tokio::spawn(async move {
            let store = open(&url, &clock).await.unwrap();
            let mut number = lane << 64;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                let who = lane * 10 + number % 5;
                let mut transaction = begin(&store).await;
                write(transaction.as_mut(), &[charge(number, who, 5)]).await;
                tokio::time::sleep(Duration::from_millis(u64::try_from(number % 7).unwrap())).await;
                transaction.commit().await.unwrap();
            }
        })
    };
    (1..=4).map(writer).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_pulls_while_others_write_hears_of_everything() {
    let harness = PostgresHarness::new().await;
    let store = harness.store.as_ref();
    let mut watermark = store.tail_start().await.unwrap();
    let mut heard = BTreeSet::new();
    let mut pull = async || {
        let tail = store.tail(watermark).await.unwrap();
        watermark = tail.watermark;
        heard.extend(tail.entries.iter().map(|told| told.position));
    };
    let stop = Arc::new(AtomicBool::new(false));
    let lanes = lanes_that_write(&harness, &stop);
    for _ in 0..500 {
        pull().await;
    }
    stop.store(true, Ordering::Relaxed);
    for lane in lanes {
        lane.await.unwrap();
    }
    pull().await;
    let journal = store.journal(0, 1_000_000).await.unwrap();
    let missed: Vec<u64> =
        journal.iter().map(|(position, _)| *position).filter(|it| !heard.contains(it)).collect();
    assert!(missed.is_empty(), "{missed:?} of {} were never told", journal.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_audit_is_of_one_snapshot_while_others_write() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let stop = Arc::new(AtomicBool::new(false));
    let lanes = lanes_that_write(&harness, &stop);
    for _ in 0..20 {
        let report = frontrow_server::audit::run(harness.store.as_ref()).await.unwrap();
        assert!(report.ok, "{report:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for lane in lanes {
        lane.await.unwrap();
    }
    assert_rows_follow_from_the_journal(&harness, harness.store.as_ref()).await;
}
