//! Finding the database, and finding it again: addresses, several hosts, connections that were cut.

use super::*;

#[tokio::test]
async fn an_address_that_cannot_be_used_is_told_in_one_plain_line() {
    let clock = Arc::new(ManualClock::new(START));
    let database = TestDatabase::create_empty().await;
    let nowhere = "postgres://me:secret@127.0.0.1:1/db";
    let no_database = database.url().replace("frontrow_test_", "no_such_");
    for (url, reason) in [
        (nowhere, "127.0.0.1: "),
        (no_database.as_str(), "does not exist"),
        ("postgres://me:secret@one:x/db", "port"),
    ] {
        let Err(error) = open(url, &clock).await else { panic!("{url} was opened") };
        let told = error.to_string();
        let plain = told.contains(reason) && !told.contains('\n') && !told.contains("secret");
        assert!(plain, "{url}: {told}");
    }
}

#[tokio::test]
async fn of_several_hosts_the_one_that_can_be_written_is_used() {
    let harness = PostgresHarness::new().await;
    let url = harness.database.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, rest) = rest.split_once('@').map_or(("", rest), |(user, rest)| (user, rest));
    let at = if user.is_empty() { "" } else { "@" };
    let url = format!("{scheme}://{user}{at}127.0.0.1:1,{rest}");
    let store = open(&url, &harness.clock).await.unwrap();
    accept(&store, charge(1, 1, 5)).await;
    // A database that refuses writes is passed over like one that is down.
    let separator = if url.contains('?') { '&' } else { '?' };
    let read_only = format!("{url}{separator}options=-c%20default_transaction_read_only%3Don");
    let Err(error) = open(&read_only, &harness.clock).await else { panic!("it was opened") };
    assert!(error.to_string().contains("standby"), "{error}");
}

#[tokio::test]
async fn connections_that_were_cut_are_replaced() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let store = harness.store.as_ref();
    // As many idle connections as both pools keep after some load.
    for _ in 0..3 {
        let transactions = [begin(store), begin(store), begin(store), begin(store)];
        let reads = (0..8).map(|_| store.wallet(user(1)));
        let reads = futures_util::future::join_all(reads);
        let (_held, _read) = tokio::join!(futures_util::future::join_all(transactions), reads);
    }
    tokio::time::sleep(A_WHILE).await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    harness.raw(cut.to_owned()).await.unwrap();
    let cut_at = Instant::now();
    let mut failures = 0;
    while failures < 10 {
        match store.wallet(user(1)).await {
            Ok(_) => break,
            Err(StoreError::Unavailable(_)) => failures += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(failures <= 1, "one statement may find it out, and {failures} did");
    assert!(cut_at.elapsed() < Duration::from_secs(5));
    for _ in 0..8 {
        begin(store).await.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_commit_whose_connection_was_cut_is_unclear_and_can_be_settled() {
    let harness = PostgresHarness::new().await;
    let store = harness.store.as_ref();
    let batch = new_batch();
    let mut transaction = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
    write(transaction.as_mut(), &[charge(1, 1, 5)]).await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'";
    harness.raw(cut.to_owned()).await.unwrap();
    let outcome = transaction.commit().await;
    let unclear = matches!(outcome, Err(frontrow_server::store::CommitError::Unclear(_)));
    assert!(unclear, "{outcome:?}");
    assert_eq!(store.settle(batch).await.unwrap(), Settlement::NotCommitted);
    assert_eq!(store.wallet(user(1)).await.unwrap(), None);
}
