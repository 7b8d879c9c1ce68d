//! The journal's tail, and a snapshot of all while others write.

use super::*;

#[tokio::test]
async fn a_late_commit_is_in_the_next_pull_of_the_tail() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let start = store.tail_start().await.unwrap();
    let mut late = begin(&other).await;
    write(late.as_mut(), &[charge(1, 1, 5)]).await;
    accept(store, charge(2, 2, 5)).await;
    let first = store.tail(start).await.unwrap();
    assert_eq!(first.entries.len(), 1, "the late one is not committed");
    late.commit().await.unwrap();
    let second = store.tail(first.watermark).await.unwrap();
    assert_eq!(second.entries.len(), 2, "and what came meanwhile is told again");
    assert!(second.entries[0].position < first.entries[0].position);
    assert_eq!(second.entries[1], first.entries[0]);
    // Transactions of other databases of the server, such as other tests', hold the watermark back too.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_audit_is_of_one_snapshot_while_others_write() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = |lane: u128| {
        let (url, clock) = (harness.database.url(), Arc::clone(&harness.clock));
        let stop = Arc::clone(&stop);
        tokio::spawn(async move {
            let store = open(&url, &clock).await.unwrap();
            let mut number = lane << 64;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                let who = lane * 10 + number % 5;
                let mut transaction = begin(&store).await;
                write(transaction.as_mut(), &[charge(number, who, 5)]).await;
                // Lanes take their positions and commit in different orders.
                tokio::time::sleep(Duration::from_millis(u64::try_from(number % 7).unwrap())).await;
                transaction.commit().await.unwrap();
            }
        })
    };
    let lanes: Vec<_> = (1..=4).map(writer).collect();
    for _ in 0..20 {
        let mut audit = Audit::new();
        let read = &mut |event: &frontrow_core::Event| audit.read(event);
        let rows = harness.store.replay(read).await.unwrap();
        let report = audit.finish(&rows, harness.clock.now());
        assert!(report.ok, "{report:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for lane in lanes {
        lane.await.unwrap();
    }
    assert_rows_follow_from_the_journal(&harness, harness.store.as_ref()).await;
}
