//! How statements reach their rows. Plans are made once, on tables that may be empty as those of the first sale are,
//! and must still be good when the tables have grown, long before they are analysed for the first time.

use super::*;
use crate::driver::run;
use crate::fixture::{concert, create};
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
        // Connections tell what they did when they end, which nobody waits for.
        let since = Instant::now();
        let counted = loop {
            let counted = counted(&harness.database, table).await;
            if counted.inserted == people {
                break counted;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "{table}: {counted:?}");
        };
        assert!(counted.read <= READS_MAX * people, "{table}: {counted:?}");
    }
}
