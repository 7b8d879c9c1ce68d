//! The contract on Postgres, and what only a database that several programs share can be asked: waiting
//! for each other, reading what others stored, losing it and finding it again.

use crate::commits::assert_rows_follow_from_the_journal;
use crate::contract;
use crate::driver::{accept, decide_all, new_batch};
use crate::fixture::{
    START, admit, charge, concert_id, hall, id, join, leave, reservation_of, schedule_id, take,
    ticket_of, user, withdraw,
};
use crate::harness::Harness;
use frontrow_core::{Clock, Command, Key, ManualClock, State, UserId};
use frontrow_server::store::postgres::PostgresStore;
use frontrow_server::store::{
    Concurrency, Settlement, Store, StoreError, StoredReply, Transaction, Writers,
};
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

mod counts;
mod hosts;
mod optimism;
mod plans;
mod pruning;
mod tail;
mod traps;
mod waits;

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
    store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap()
}

async fn write(transaction: &mut dyn Transaction, commands: &[Command]) {
    let mut decided = decide_all(transaction, commands).await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
}

fn key_of(caller: u128, key: &str) -> (UserId, String) {
    (user(caller), key.to_owned())
}

fn reply_to(caller: u128, key: &str) -> StoredReply {
    StoredReply {
        caller: user(caller),
        key: key.to_owned(),
        fingerprint: [7; 32],
        status: 201,
        content_type: String::new(),
        body: Vec::new(),
    }
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
