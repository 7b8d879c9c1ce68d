//! The contract on SQLite, and what only a file can be asked: opening it, and sharing it.

use crate::commits::{assert_rows_follow_from_the_journal, journal};
use crate::contract;
use crate::driver::{accept, decide_all, new_batch};
use crate::fixture::{START, busy_hall, charge, user};
use crate::harness::Harness;
use frontrow_core::{Clock, ManualClock, State};
use frontrow_server::store::sqlite::SqliteStore;
use frontrow_server::store::{Concurrency, Store, StoreError, Writers};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;
use tempfile::TempDir;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../host-server/migrations/sqlite");

/// A database in a file of its own.
struct SqliteHarness {
    directory: TempDir,
    clock: Arc<ManualClock>,
    store: Arc<dyn Store>,
}

impl SqliteHarness {
    async fn new() -> Self {
        let harness = Self::empty().await;
        harness.store.migrate().await.unwrap();
        harness
    }

    /// One without a schema.
    async fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(START));
        let store = open(&url(&directory), &clock).await.unwrap();
        Self { directory, clock, store: Arc::new(store) }
    }

    /// One with the schema as it was before the migration of this number.
    async fn before_migration(number: u32) -> Self {
        let harness = Self::empty().await;
        let folder = harness.directory.path().join("migrations");
        std::fs::create_dir(&folder).unwrap();
        for file in std::fs::read_dir(MIGRATIONS).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            if name[..4].parse::<u32>().unwrap() < number {
                std::fs::copy(file.path(), folder.join(name)).unwrap();
            }
        }
        let mut connection = SqliteConnection::connect(&url(&harness.directory)).await.unwrap();
        Migrator::new(folder).await.unwrap().run(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        harness
    }
}

impl Harness for SqliteHarness {
    fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    async fn reopen(&self) -> Arc<dyn Store> {
        Arc::new(open(&url(&self.directory), &self.clock).await.unwrap())
    }

    async fn raw(&self, sql: String) -> Result<(), String> {
        let mut connection = SqliteConnection::connect(&url(&self.directory)).await.unwrap();
        let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await;
        connection.close().await.unwrap();
        outcome.map(|_| ()).map_err(|error| error.to_string())
    }
}

contract!(SqliteHarness::new().await);

fn url(directory: &TempDir) -> String {
    format!("sqlite://{}", directory.path().join("frontrow.db").display())
}

async fn open(url: &str, clock: &Arc<ManualClock>) -> Result<SqliteStore, StoreError> {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    SqliteStore::open(url, Some(clock)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_start_at_once_share_one_schema() {
    let harness = SqliteHarness::new().await;
    let fresh = tempfile::tempdir().unwrap();
    let start = |_| {
        let (url, clock) = (url(&fresh), Arc::clone(&harness.clock));
        tokio::spawn(async move {
            let store = open(&url, &clock).await?;
            store.migrate().await?;
            assert!(store.is_ready().await?);
            let number = u128::from(uuid::Uuid::new_v4().as_u64_pair().0);
            accept(&store, charge(number, 1, 5)).await;
            store.close().await;
            Ok::<_, StoreError>(())
        })
    };
    let programs: Vec<_> = (0..8).map(start).collect();
    for program in programs {
        program.await.unwrap().unwrap();
    }
    let store = open(&url(&fresh), &harness.clock).await.unwrap();
    assert_eq!(store.wallet(user(1)).await.unwrap().unwrap().balance.get(), 40);
    assert_rows_follow_from_the_journal(&harness, &store).await;
}

#[tokio::test]
async fn a_file_is_made_and_is_ready_once_it_is_migrated() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&url(&directory), None).await.unwrap();
    assert!(!store.is_ready().await.unwrap());
    store.migrate().await.unwrap();
    assert!(store.is_ready().await.unwrap());
    assert_eq!(store.writers(), Writers::One);
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let millis = i128::try_from(since).unwrap() - i128::from(store.now().as_millis());
    assert!((0..60_000).contains(&millis), "without a clock, the system's is read");
    let mut connection = SqliteConnection::connect(&url(&directory)).await.unwrap();
    let forget = "DELETE FROM _sqlx_migrations WHERE version = 4";
    sqlx::query(forget).execute(&mut connection).await.unwrap();
    assert!(!store.is_ready().await.unwrap());
    store.close().await;
    assert!(matches!(store.is_ready().await, Err(StoreError::Unavailable(_))));
}

/// The journal is copied to a table that does not refer to batches.
#[tokio::test]
async fn a_journal_from_before_retention_is_kept_as_it_was() {
    let harness = SqliteHarness::before_migration(8).await;
    let store = harness.store.as_ref();
    busy_hall(&harness).await;
    assert!(!store.is_ready().await.unwrap());
    let before = store.journal(0, u32::MAX).await.unwrap();
    store.migrate().await.unwrap();
    assert!(store.is_ready().await.unwrap());
    assert_eq!(store.journal(0, u32::MAX).await.unwrap(), before);
    let refused = harness.raw("DELETE FROM journal".to_owned()).await.unwrap_err();
    assert!(refused.contains("journal_is_append_only"), "{refused}");
    accept(store, charge(900, 9, 5)).await;
    let next = store.journal(before.last().unwrap().0, u32::MAX).await.unwrap();
    assert_eq!(next[0].0, before.last().unwrap().0 + 1, "positions go on");
    assert_eq!(journal(store).await.len(), before.len() + 1);
    assert_rows_follow_from_the_journal(&harness, store).await;
}

#[tokio::test]
async fn an_address_that_cannot_be_opened_is_told_in_one_plain_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    std::fs::write(path("text"), "this is no database, whatever its name may say. ".repeat(100))
        .unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    let cases = [
        (format!("sqlite://{}", path("missing/frontrow.db").display()), "directory does not exist"),
        (format!("sqlite://{}", path("text/frontrow.db").display()), "directory does not exist"),
        (format!("sqlite://{}", path("folder").display()), "is a directory"),
        (format!("sqlite://{}", path("text").display()), "is not a database"),
        ("sqlite://".to_owned(), "no file is named"),
        ("sqlite::memory:".to_owned(), "memory of its own"),
        ("sqlite://x.db?mode=memory".to_owned(), "memory of its own"),
        ("sqlite://x.db?colour=red".to_owned(), "colour"),
        ("mysql://somewhere".to_owned(), "sqlite://FILE"),
    ];
    for (url, reason) in cases {
        let Err(error) = SqliteStore::open(&url, None).await else { panic!("{url} was opened") };
        let told = error.to_string();
        assert!(told.contains(reason) && !told.contains('\n'), "{url}: {told}");
    }
}

#[tokio::test]
async fn who_reads_waits_for_nobody_and_sees_only_what_is_committed() {
    let harness = SqliteHarness::new().await;
    let store = harness.store.as_ref();
    let mut writing = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    let mut decided = decide_all(writing.as_mut(), &[charge(1, 1, 5)]).await;
    writing.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    assert_eq!(store.wallet(user(1)).await.unwrap(), None);
    writing.commit().await.unwrap();
    assert!(store.wallet(user(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_transaction_that_ended_by_itself_does_not_spoil_the_next_one() {
    let harness = SqliteHarness::new().await;
    // As an I/O error or a full disk would.
    let trigger = "CREATE TRIGGER gone BEFORE INSERT ON wallets WHEN new.balance = 13
        BEGIN SELECT raise(ROLLBACK, 'gone'); END";
    harness.raw(trigger.to_owned()).await.unwrap();
    let store = harness.store.as_ref();
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    let charges = [charge(1, 1, 5), charge(2, 2, 13)];
    let mut decided = decide_all(transaction.as_mut(), &charges).await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap_err();
    transaction.write(&mut State::partial(), &decided.journal, &[]).await.ok();
    transaction.commit().await.unwrap_err();
    assert_eq!(store.wallet(user(1)).await.unwrap(), None);
    accept(store, charge(1, 1, 5)).await;
    assert_rows_follow_from_the_journal(&harness, store).await;
}
