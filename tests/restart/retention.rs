//! What is kept for a while only, and which nobody deletes by hand.

use crate::process::Sandbox;
use sqlx::{Connection, SqliteConnection};
use std::time::{Duration, Instant};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_server_deletes_by_itself_what_was_kept_long_enough() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve().await;
    let user = server.client(Uuid::now_v7(), "user");
    user.clone().with("idempotency-key", "old").charge(5).await.expect(201);
    user.with("idempotency-key", "new").charge(5).await.expect(201);
    assert_eq!(server.end().await.code, Some(0));
    let mut connection = SqliteConnection::connect(&sandbox.url()).await.expect("a file opens");
    let age = "UPDATE replies SET created_at = created_at - 172800000 WHERE key = 'old'";
    sqlx::query(age).execute(&mut connection).await.expect("an answer can be made older");

    let server = sandbox.serve().await;
    let since = Instant::now();
    loop {
        let kept = sqlx::query_scalar::<_, String>("SELECT key FROM replies ORDER BY key");
        let kept = kept.fetch_all(&mut connection).await.expect("answers can be looked for");
        if kept == ["new"] {
            break;
        }
        assert_eq!(kept, ["new", "old"]);
        assert!(since.elapsed() < PATIENCE, "nothing was deleted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    connection.close().await.expect("a connection closes");
    assert_eq!(server.end().await.code, Some(0));
    sandbox.run(&["verify"]).await.expect_success();
}

#[tokio::test]
async fn pruning_leaves_what_is_no_history_and_touches_nothing_that_is_broken() {
    let sandbox = Sandbox::new();
    let refused = sandbox.run(&["prune"]).await;
    refused.expect_refusal(&["frontrow.db", "there is no database there"]);
    let server = sandbox.serve().await;
    server.client(Uuid::now_v7(), "user").charge(5).await.expect(201);
    let said = sandbox.run(&["prune"]).await.expect_success();
    assert_eq!(said, "pruned 0 concerts, 0 events, 0 tickets\n", "beside a server");
    assert_eq!(server.end().await.code, Some(0));

    let mut connection = SqliteConnection::connect(&sandbox.url()).await.expect("a file opens");
    let raise = "UPDATE wallets SET balance = balance + 1";
    sqlx::query(raise).execute(&mut connection).await.expect("a balance can be raised");
    connection.close().await.expect("a connection closes");
    let refused = sandbox.run(&["prune"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("BROKEN money_sums_to_zero"), "{refused:?}");
}
