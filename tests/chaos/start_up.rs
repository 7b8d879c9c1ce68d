//! Replicas that join while others serve, and those that find no database.

use frontrow_tests::postgres::TestDatabase;
use frontrow_tests::process::{Frontrow, SECRET, lasting_port, run};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

const ARGUMENTS: [&str; 2] = ["--auth-secret", SECRET];

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_joins_disturbs_nobody_and_knows_everything() {
    let database = TestDatabase::create_empty().await;
    let first = Frontrow::serve_at(&database.url(), &ARGUMENTS);
    let person = first.client(Uuid::now_v7(), "user");
    let has_joined = Arc::new(AtomicBool::new(false));
    let (joined, customer) = (Arc::clone(&has_joined), person.clone());
    let charging = tokio::spawn(async move {
        let mut charged = 0;
        while !joined.load(Ordering::Relaxed) {
            customer.charge(10).await.expect(201);
            charged += 10;
        }
        charged
    });

    let key = "sent-to-both";
    let charged = person.clone().with("idempotency-key", key).charge(500).await.expect(201);
    let second = Frontrow::serve_at(&database.url(), &ARGUMENTS);
    has_joined.store(true, Ordering::Relaxed);
    let sum: u64 = charging.await.expect("nobody is disturbed");
    assert!(sum > 0, "somebody was served meanwhile");
    let person = person.at(second.address());
    let again = person.clone().with("idempotency-key", key).charge(500).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.body, charged.body);
    assert_eq!(person.balance().await.expect(200).body["balance"], json!(sum + 500));
    run(&["verify"], &database.url()).await.expect_success();
}

#[tokio::test]
async fn a_replica_whose_database_is_away_says_so_and_ends() {
    let port = lasting_port();
    let url = format!("postgres://somebody:hunter2@127.0.0.1:{port}/frontrow");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--auth-secret", SECRET];
    for arguments in [&serve[..], &["migrate"], &["verify"]] {
        let refused = run(arguments, &url).await;
        refused.expect_refusal(&["the database can't be used", "127.0.0.1", "refused"]);
        assert!(!refused.stderr.contains("hunter2"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_replica_whose_database_does_not_exist_says_so_and_ends() {
    let database = TestDatabase::create_empty().await;
    let url = format!("{}_gone", database.url());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--auth-secret", SECRET];
    let refused = run(&arguments, &url).await;
    refused.expect_refusal(&["the database can't be used", "does not exist"]);
}
