//! How statements reach their rows. Plans are made once, on tables that may be empty as those of the first sale are,
//! and must still be good when the tables have grown, long before they are analysed for the first time.

use super::*;
use crate::driver::run;
use crate::fixture::{concert, create};
use crate::replies::{keep, reply};
use sqlx::Row;

/// Batches, and the people of each.
const BATCHES: u128 = 40;
const PEOPLE: u128 = 50;
/// How often a row may be read for one person, on average. A statement that reads a whole table for each
/// batch reads twenty a person in these.
const READS_MAX: i64 = 10;

/// What the database counted of a table.
#[derive(Debug)]
struct Counted {
    inserted: i64,
    read: i64,
}

async fn counted(database: &TestDatabase, table: &str) -> Counted {
    let mut connection = database.connect().await;
    let sql = "SELECT n_tup_ins, seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = $1";
    let row = sqlx::query(sql).bind(table).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    Counted { inserted: row.get(0), read: row.get(1) }
}

/// The same, once every row that was inserted is counted: connections tell what they did when they end, which nobody
/// waits for.
async fn counted_with(database: &TestDatabase, table: &str, inserted: i64) -> Counted {
    let since = Instant::now();
    loop {
        let counted = counted(database, table).await;
        if counted.inserted == inserted {
            return counted;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "{table}: {counted:?}");
    }
}

#[tokio::test]
async fn a_batch_reads_its_own_rows_though_the_tables_were_never_analysed() {
    let harness = PostgresHarness::new().await;
    let store = harness.store.as_ref();
    accept(store, create(concert(1))).await;
    let now = harness.clock.now();
    for batch in 0..BATCHES {
        let people = || batch * PEOPLE + 1..=(batch + 1) * PEOPLE;
        run(store, &people().map(|person| join(100_000 + person, 1, person)).collect::<Vec<_>>())
            .await;
        let marks: Vec<_> = people().map(|person| (id(100_000 + person), now)).collect();
        store.mark_seen(&marks).await.unwrap();
        for charges in [200_000, 300_000] {
            let charge = |person| charge(charges + person, person, 1);
            run(store, &people().map(charge).collect::<Vec<_>>()).await;
        }
        run(store, &people().step_by(2).map(|person| leave(100_000 + person)).collect::<Vec<_>>())
            .await;
    }
    store.close().await;
    let people = i64::try_from(BATCHES * PEOPLE).unwrap();
    for table in ["tickets", "wallets", "presence"] {
        let counted = counted_with(&harness.database, table, people).await;
        assert!(counted.read <= READS_MAX * people, "{table}: {counted:?}");
    }
}

/// What is deleted is found by its age, and the rest is not looked at.
#[tokio::test]
async fn a_few_old_rows_are_found_among_many_though_the_tables_were_never_analysed() {
    const PRUNED: u32 = 10;
    let harness = PostgresHarness::new().await;
    let store = harness.store.as_ref();
    for batch in 0..BATCHES {
        let replies = (0..PEOPLE).map(|person| reply(person, &batch.to_string(), b""));
        keep(store, &replies.collect::<Vec<_>>()).await.unwrap();
        harness.clock.advance_millis(1);
    }
    for _ in 0..2 {
        let now = store.now();
        assert_eq!(store.prune_replies(now, PRUNED).await.unwrap(), u64::from(PRUNED));
        assert_eq!(store.prune_batches(now, PRUNED).await.unwrap(), u64::from(PRUNED));
    }
    store.close().await;
    let batches = i64::try_from(BATCHES).unwrap();
    let replies = i64::try_from(BATCHES * PEOPLE).unwrap();
    for (table, inserted) in [("replies", replies), ("batches", batches)] {
        let counted = counted_with(&harness.database, table, inserted).await;
        assert!(counted.read <= 4 * i64::from(PRUNED), "{table}: {counted:?}");
    }
}
