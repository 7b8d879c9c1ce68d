//! Somebody writes in the database behind the program's back: `verify` says which invariant is broken,
//! and by which row.

use crate::process::{Finished, Sandbox};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::str::FromStr;
use uuid::Uuid;

/// What there is to tamper with.
struct Sold {
    sandbox: Sandbox,
    schedule: String,
    reservation: String,
    user: Uuid,
}

/// A database in which one seat was sold and another is held.
async fn sold() -> Sold {
    let sandbox = Sandbox::new();
    let server = sandbox.serve().await;
    let admin = server.client(Uuid::now_v7(), "admin");
    let body = json!({ "title": "Tampered with", "admission":
        { "interval_seconds": 1, "batch_size": 10, "active_seconds": 600 } });
    let concert = admin.concert(&body).await;
    let schedule = admin.schedule(&concert, 1, 10).await;
    let user = Uuid::now_v7();
    let buyer = server.client(user, "user").joined(&concert).await;
    let other = server.client(Uuid::now_v7(), "user").joined(&concert).await;
    for person in [&buyer, &other] {
        while person.poll().await.text("state") != "active" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    assert_eq!(buyer.charge(5_000).await.status, 201);
    let reservation = buyer.hold(&schedule, &[3]).await.expect(201).id();
    assert_eq!(buyer.pay(&reservation, 1_000).await.status, 201);
    assert_eq!(other.hold(&schedule, &[4]).await.status, 201);
    assert_eq!(server.end().await.code, Some(0));
    sandbox.run(&["verify"]).await.expect_success();
    Sold { sandbox, schedule, reservation, user }
}

impl Sold {
    /// Writes behind the program's back, and verifies.
    async fn tampered(&self, statements: &[String]) -> Finished {
        let options = SqliteConnectOptions::from_str(&self.sandbox.url()).expect("a path is a url");
        let connection = SqliteConnection::connect_with(&options.foreign_keys(false)).await;
        let mut connection = connection.expect("the database opens");
        for statement in statements {
            let done = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut connection).await;
            done.expect("the database lets itself be tampered with");
        }
        connection.close().await.expect("the database closes");
        self.sandbox.run(&["verify"]).await
    }
}

/// Checks that these invariants are told broken, by lines that name these things, and not all are.
#[track_caller]
fn expect_broken(verified: &Finished, broken: &[&str], names: &[&str]) {
    assert_eq!(verified.code, Some(1), "{verified:?}");
    let told = verified.stdout.lines().filter_map(|line| line.strip_prefix("BROKEN"));
    let told: Vec<&str> = told.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(broken.iter().all(|name| told.contains(name)), "{verified:?}");
    assert!(verified.stdout.contains("ok     no_overtaking"), "{verified:?}");
    for name in names {
        assert!(verified.stdout.contains(name), "no {name:?} in {}", verified.stdout);
    }
}

#[tokio::test]
async fn a_balance_that_was_raised_is_found() {
    let sold = sold().await;
    let user = sold.user;
    let raise = format!("UPDATE wallets SET balance = balance + 1 WHERE user_id = '{user}'");
    let verified = sold.tampered(&[raise]).await;
    let broken = ["money_sums_to_zero", "journal_replays_to_rows"];
    expect_broken(&verified, &broken, &[&format!("wallet {user}"), "4001", "4000"]);
}

#[tokio::test]
async fn a_sold_seat_that_was_freed_is_found() {
    let sold = sold().await;
    let (schedule, reservation) = (&sold.schedule, &sold.reservation);
    let free = format!(
        "UPDATE seats SET sold = 0, reservation_id = NULL WHERE schedule_id = '{schedule}' AND number = 3"
    );
    let verified = sold.tampered(&[free]).await;
    let broken = ["seat_has_one_owner", "free_held_sold_sum_to_total", "journal_replays_to_rows"];
    expect_broken(&verified, &broken, &[schedule, reservation, "seat 3"]);
}

#[tokio::test]
async fn a_seat_that_was_given_away_without_payment_is_found() {
    let sold = sold().await;
    let (schedule, reservation) = (&sold.schedule, &sold.reservation);
    let give = format!(
        "UPDATE seats SET sold = 1, reservation_id = '{reservation}' \
         WHERE schedule_id = '{schedule}' AND number = 9"
    );
    let verified = sold.tampered(&[give]).await;
    let broken = ["seat_has_one_owner", "free_held_sold_sum_to_total", "journal_replays_to_rows"];
    expect_broken(&verified, &broken, &[schedule, reservation, "seat 9"]);
}

#[tokio::test]
async fn a_ticket_that_was_revived_is_found() {
    let sold = sold().await;
    let user = sold.user;
    let revive =
        format!("UPDATE tickets SET state = 'waiting', ended_at = NULL WHERE user_id = '{user}'");
    let verified = sold.tampered(&[revive]).await;
    expect_broken(
        &verified,
        &["payment_consumed_one_ticket", "journal_replays_to_rows"],
        &["ticket"],
    );
}

#[tokio::test]
async fn a_transfer_that_was_taken_out_of_the_ledger_is_found() {
    let sold = sold().await;
    let verified = sold
        .tampered(&[
            "DROP TRIGGER transfers_refuses_delete".to_owned(),
            "DELETE FROM transfers WHERE kind = 'payment'".to_owned(),
        ])
        .await;
    expect_broken(&verified, &["money_sums_to_zero"], &["ledger"]);
}

#[tokio::test]
async fn an_event_that_was_taken_out_of_the_journal_is_found() {
    let sold = sold().await;
    let verified = sold
        .tampered(&[
            "DROP TRIGGER journal_refuses_delete".to_owned(),
            "DELETE FROM journal WHERE kind = 'reservation_confirmed'".to_owned(),
        ])
        .await;
    expect_broken(&verified, &["journal_replays_to_rows"], &[&sold.reservation]);
}

#[tokio::test]
async fn a_row_that_can_not_be_read_is_refused_with_the_reason() {
    let sold = sold().await;
    let verified = sold
        .tampered(&[
            "DROP TRIGGER journal_refuses_update".to_owned(),
            "UPDATE journal SET event = '{}' WHERE kind = 'seats_held'".to_owned(),
        ])
        .await;
    verified.expect_refusal(&["corrupt"]);
}
