//! The contract on Postgres, and what only a database that several programs share can be asked: waiting
//! for each other, reading what others stored, losing it and finding it again.

use crate::commits::assert_rows_follow_from_the_journal;
use crate::contract;
use crate::driver::{accept, decide_all, new_batch};
use crate::fixture::{
    START, admit, charge, concert_id, hall, id, join, leave, take, ticket_of, user, withdraw,
};
use crate::harness::Harness;
use frontrow_core::audit::Audit;
use frontrow_core::{Clock, Command, Key, ManualClock, State, UserId};
use frontrow_server::store::postgres::PostgresStore;
use frontrow_server::store::{Settlement, Store, StoreError, StoredReply, Transaction, Writers};
use frontrow_tests::postgres::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

/// Long enough to find out that somebody waits.
const A_WHILE: Duration = Duration::from_millis(100);

struct PostgresHarness {
    store: Arc<dyn Store>,
    clock: Arc<ManualClock>,
    database: TestDatabase,
}

impl PostgresHarness {
    async fn new() -> Self {
        let database = TestDatabase::create().await;
        let clock = Arc::new(ManualClock::new(START));
        let store = open(&database.url(), &clock).await.unwrap();
        Self { store: Arc::new(store), clock, database }
    }

    /// A store as another replica has it.
    async fn replica(&self) -> PostgresStore {
        open(&self.database.url(), &self.clock).await.unwrap()
    }
}

impl Harness for PostgresHarness {
    fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    async fn reopen(&self) -> Arc<dyn Store> {
        Arc::new(self.replica().await)
    }

    async fn raw(&self, sql: String) -> Result<(), String> {
        let mut connection = self.database.connect().await;
        let outcome = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        connection.close().await.unwrap();
        outcome.map(|_| ()).map_err(|error| error.to_string())
    }
}

contract!(PostgresHarness::new().await);

async fn open(url: &str, clock: &Arc<ManualClock>) -> Result<PostgresStore, StoreError> {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    PostgresStore::open(url, Some(clock)).await
}

/// Whether something is still under way after a while; it goes on when it is awaited.
async fn waits<F: Future + Unpin>(mut running: F) -> bool {
    let mut pause = pin!(tokio::time::sleep(A_WHILE));
    poll_fn(|context| {
        if pin!(&mut running).poll(context).is_ready() {
            return Poll::Ready(false);
        }
        pause.as_mut().poll(context).map(|()| true)
    })
    .await
}

async fn begin(store: &dyn Store) -> Box<dyn Transaction> {
    store.begin(new_batch()).await.unwrap()
}

async fn write(transaction: &mut dyn Transaction, commands: &[Command]) {
    let mut decided = decide_all(transaction, commands).await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
}

fn claim_on(caller: u128, key: &str) -> (UserId, String) {
    (user(caller), key.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_start_at_once_share_one_schema() {
    let clock = Arc::new(ManualClock::new(START));
    let database = TestDatabase::create_empty().await;
    let fresh = open(&database.url(), &clock).await.unwrap();
    assert!(!fresh.is_ready().await.unwrap());
    let start = |_| {
        let (url, clock) = (database.url(), Arc::clone(&clock));
        tokio::spawn(async move {
            let store = open(&url, &clock).await?;
            store.migrate().await?;
            assert!(store.is_ready().await?);
            store.close().await;
            Ok::<_, StoreError>(())
        })
    };
    let programs: Vec<_> = (0..6).map(start).collect();
    for program in programs {
        program.await.unwrap().unwrap();
    }
    assert!(fresh.is_ready().await.unwrap());
    assert_eq!(fresh.writers(), Writers::Many);
    fresh.close().await;
    assert!(matches!(fresh.is_ready().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn without_a_clock_time_is_the_databases() {
    let database = TestDatabase::create().await;
    let store = PostgresStore::open(&database.url(), None).await.unwrap();
    let before = store.now();
    let decided_at = begin(&store).await.now().await.unwrap();
    assert!(decided_at.millis_since(before).abs() < 60_000, "{before} {decided_at}");
    assert!(before > START.plus_seconds(0).min(before.plus_millis(-1)));
}

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
async fn a_key_that_stays_claimed_is_told_and_its_batch_may_run_again() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let mut first = begin(store).await;
    assert_eq!(first.claim(&[claim_on(1, "a")]).await.unwrap(), [None]);
    let mut second = begin(&other).await;
    let both = [claim_on(1, "b"), claim_on(1, "a")];
    assert!(matches!(second.claim(&both).await, Err(StoreError::KeyInFlight)));
    assert!(second.commit().await.is_err());
    drop(first);
    assert_eq!(begin(&other).await.claim(&both).await.unwrap(), [None, None]);
}

#[tokio::test]
async fn claims_in_any_order_never_wait_in_a_circle() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (&harness.store, Arc::new(harness.replica().await));
    let replicas: [Arc<dyn Store>; 2] = [Arc::clone(store), other];
    let keys: Vec<_> = (0..50).map(|key| claim_on(1, &key.to_string())).collect();
    let claim = |(number, store): (usize, &Arc<dyn Store>)| {
        let (store, mut keys) = (Arc::clone(store), keys.clone());
        if number % 2 == 0 {
            keys.reverse();
        }
        tokio::spawn(async move {
            for _ in 0..20 {
                begin(store.as_ref()).await.claim(&keys).await.unwrap();
            }
        })
    };
    let claims: Vec<_> = replicas.iter().cycle().take(4).enumerate().map(claim).collect();
    for claiming in claims {
        claiming.await.unwrap();
    }
}

#[tokio::test]
async fn settling_waits_for_the_old_transaction() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    for commits in [true, false] {
        let batch = new_batch();
        let mut old = store.begin(batch).await.unwrap();
        write(old.as_mut(), &[charge(u128::from(commits), 1, 5)]).await;
        let mut settling = pin!(other.settle(batch));
        assert!(waits(settling.as_mut()).await);
        if commits {
            old.commit().await.unwrap();
            assert_eq!(settling.await.unwrap(), Settlement::Committed);
        } else {
            drop(old);
            assert_eq!(settling.await.unwrap(), Settlement::NotCommitted);
        }
    }
}

#[tokio::test]
async fn a_list_is_whole_after_waiting_for_who_leaves_it() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    for number in 1..=5 {
        accept(store, join(100 + number, 1, number)).await;
    }
    let mut leaving = begin(&other).await;
    write(leaving.as_mut(), &[leave(101), leave(103)]).await;
    let key = Key::WaitingTickets { concert_id: concert_id(), after: 0, limit: 3 };
    let mut transaction = begin(store).await;
    let mut state = State::partial();
    {
        let keys = [key];
        let mut loading = pin!(transaction.load(&mut state, &keys));
        assert!(waits(loading.as_mut()).await);
        leaving.commit().await.unwrap();
        loading.await.unwrap();
    }
    // The three that are first in line now, and not the one that was left of the first three before.
    let loaded: Vec<_> = [2, 4, 5].iter().map(|number| ticket_of(*number)).collect();
    assert!(loaded.iter().all(|id| state.tickets().get(*id).is_some()));
    assert!(state.tickets().get(ticket_of(1)).is_none(), "who left stands in no list");
    // Whether there are more is not known, since the list was full.
    assert!(!state.has(&Key::WaitingTickets { concert_id: concert_id(), after: 5, limit: 3 }));
}

#[tokio::test]
async fn a_ticket_that_a_hold_extends_meanwhile_is_listed_where_it_then_belongs() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1, 2, 3]).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let mut holding = begin(&other).await;
    // The hold lives for 300 seconds, longer than the active time of 60.
    write(holding.as_mut(), &[crate::fixture::hold(201, 10, 101, 1, &[1])]).await;
    let mut transaction = begin(store).await;
    let mut state = State::partial();
    {
        let keys = [Key::ExpiringTickets { concert_id: concert_id(), limit: 2 }];
        let mut loading = pin!(transaction.load(&mut state, &keys));
        assert!(waits(loading.as_mut()).await);
        holding.commit().await.unwrap();
        loading.await.unwrap();
    }
    let listed = |number| state.tickets().get(ticket_of(number)).is_some();
    assert_eq!([listed(1), listed(2), listed(3)], [false, true, true]);
}

#[tokio::test]
async fn a_live_ticket_that_ends_meanwhile_is_none() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    accept(store, join(101, 1, 1)).await;
    let mut leaving = begin(&other).await;
    write(leaving.as_mut(), &[leave(101)]).await;
    let mut joining = begin(store).await;
    let command = [join(111, 1, 1)];
    let mut deciding = Box::pin(decide_all(joining.as_mut(), &command));
    assert!(waits(deciding.as_mut()).await);
    leaving.commit().await.unwrap();
    let mut decided = deciding.await;
    assert!(decided.outcomes[0].is_ok(), "{:?}", decided.outcomes);
    joining.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    joining.commit().await.unwrap();
    assert!(store.ticket(id(111)).await.unwrap().unwrap().is_stored_live());
}

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
    let mut transaction = store.begin(batch).await.unwrap();
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

#[tokio::test]
async fn a_row_that_stays_locked_is_a_conflict() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1]).await;
    take(&harness, 1, &[1]).await;
    let other = harness.replica().await;
    let mut releasing = begin(&other).await;
    write(releasing.as_mut(), &[withdraw(201, 1, 501)]).await;
    let mut transaction = begin(harness.store.as_ref()).await;
    let keys = [Key::Ticket(ticket_of(1))];
    let refused = transaction.load(&mut State::partial(), &keys).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn a_reply_is_found_by_who_waited_for_its_claim_on_another_replica() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let claims = [claim_on(1, "a")];
    let mut first = begin(store).await;
    first.claim(&claims).await.unwrap();
    let mut second = begin(&other).await;
    let kept = StoredReply {
        caller: user(1),
        key: "a".to_owned(),
        fingerprint: [7; 32],
        status: 200,
        content_type: String::new(),
        body: Vec::new(),
    };
    let mut claiming = second.claim(&claims);
    assert!(waits(&mut claiming).await);
    first.write(&mut State::partial(), &[], std::slice::from_ref(&kept)).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(claiming.await.unwrap(), [Some(kept)]);
}
