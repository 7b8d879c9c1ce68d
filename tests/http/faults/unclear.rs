//! The connection is lost between a commit and its answer: the server finds out how it ended, and where
//! it can't, tells that the outcome is unknown; the same key then tells.

use super::faulty_sale;
use crate::stage::{PRICE, Sale};
use frontrow_server::execute::Limits;
use frontrow_tests::{Answer, Client, Fault, Faults};
use serde_json::Value;

/// Commits that may or may not have happened.
const UNCLEAR: [Fault; 2] = [Fault::UnclearDone, Fault::UnclearUndone];

/// As often as the server asks how a commit ended.
fn unsettled(faults: &Faults) {
    faults.settles(&vec![Fault::Unavailable; Limits::default().attempts_max as usize]);
}

#[track_caller]
fn assert_unknown(answer: &Answer, code: &str) {
    answer.expect_problem(503, code);
    assert_eq!(answer.body["outcome_unknown"], true);
    assert_eq!(answer.header("retry-after"), "1");
}

/// Somebody with a hold on seat 1 and the money for it.
async fn holder(sale: &Sale) -> (Client, String) {
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    (user.with("idempotency-key", "k"), reservation_id)
}

#[tokio::test]
async fn a_settled_charge_is_answered_as_if_nothing_had_been_lost() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.server.user().with("idempotency-key", "k");
        faults.commits(&[fault]);
        let charged = user.charge(PRICE).await.expect(201);
        assert_eq!(charged.header("idempotency-replayed"), "", "{fault:?}");
        let again = user.charge(PRICE).await.expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &charged.body));
        assert_eq!(user.balance().await.body["balance"], PRICE, "{fault:?}");
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn a_settlement_is_asked_for_until_it_is_told() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.server.user();
        faults.commits(&[fault]);
        faults.settles(&[Fault::Unavailable; 3]);
        user.charge(PRICE).await.expect(201);
        assert_eq!(user.balance().await.body["balance"], PRICE, "{fault:?}");
    }
}

#[tokio::test]
async fn a_charge_of_unknown_outcome_is_charged_once_by_its_key() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.server.user().with("idempotency-key", "k");
        faults.commits(&[fault]);
        unsettled(&faults);
        assert_unknown(&user.charge(PRICE).await, "charge_failed");
        let again = user.charge(PRICE).await.expect(201);
        let replayed = again.header("idempotency-replayed") == "true";
        assert_eq!(replayed, fault == Fault::UnclearDone);
        assert_eq!(user.balance().await.body["balance"], PRICE);
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn a_payment_of_unknown_outcome_is_paid_once_by_its_key() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let (user, reservation_id) = holder(&sale).await;
        faults.commits(&[fault]);
        unsettled(&faults);
        assert_unknown(&user.pay(&reservation_id, PRICE).await, "storage_unavailable");
        let again = user.pay(&reservation_id, PRICE).await.expect(201);
        let replayed = again.header("idempotency-replayed") == "true";
        assert_eq!(replayed, fault == Fault::UnclearDone);
        assert_eq!(again.body["balance"], 0);
        assert_eq!(user.poll().await.text("state"), "consumed");
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn a_hold_of_unknown_outcome_is_held_once_by_its_key() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.active().await.with("idempotency-key", "k");
        faults.commits(&[fault]);
        unsettled(&faults);
        let unknown = user.hold(&sale.schedule_id, &[1, 2]).await;
        assert_unknown(&unknown, "storage_unavailable");
        let again = user.hold(&sale.schedule_id, &[1, 2]).await.expect(201);
        let replayed = again.header("idempotency-replayed") == "true";
        assert_eq!(replayed, fault == Fault::UnclearDone);
        assert_eq!(again.text("state"), "held");
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn the_seat_map_shows_a_hold_whose_commit_was_settled() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.active().await;
        assert_eq!(sale.seats(&user).await[0], "available");
        faults.commits(&[fault]);
        user.hold(&sale.schedule_id, &[1]).await.expect(201);
        assert_eq!(sale.seats(&user).await[..2], ["held", "available"], "{fault:?}");
    }
}

#[tokio::test]
async fn the_seat_map_catches_up_with_a_hold_whose_outcome_was_unknown() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    let user = user.with("idempotency-key", "k");
    assert_eq!(sale.seats(&other).await[0], "available");
    faults.commits(&[Fault::UnclearDone]);
    unsettled(&faults);
    assert_unknown(&user.hold(&sale.schedule_id, &[1]).await, "storage_unavailable");
    sale.server.advance_seconds(1).await;
    assert_eq!(sale.seats(&other).await[0], "held", "a map lags by at most a second");
}

#[tokio::test]
async fn a_last_seat_sold_with_an_unknown_outcome_is_noticed() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    sale.owner(&[1, 2, 3, 4]).await;
    sale.owner(&[5, 6, 7, 8]).await;
    let user = sale.buyer(2 * PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[9, 10]).await.expect(201).id();
    sale.server.pass().await;
    assert_eq!(sale.state().await, "open");
    faults.commits(&[Fault::UnclearDone]);
    unsettled(&faults);
    assert_unknown(&user.pay(&reservation_id, 2 * PRICE).await, "storage_unavailable");
    sale.server.pass().await;
    assert_eq!(sale.state().await, "sold_out");
}

#[tokio::test]
async fn joining_with_an_unknown_outcome_gives_one_place() {
    for fault in UNCLEAR {
        let (sale, faults) = faulty_sale(Limits::default()).await;
        let user = sale.server.user();
        let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
        faults.commits(&[fault]);
        unsettled(&faults);
        assert_unknown(&user.post(&path, &Value::Null).await, "storage_unavailable");
        let joined = user.post(&path, &Value::Null).await;
        assert_eq!(joined.body["already_queued"], fault == Fault::UnclearDone);
        assert_eq!(joined.body["waiting"], 1);
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn commits_that_are_lost_again_and_again_changed_nothing() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.server.user();
    let attempts = Limits::default().attempts_max as usize;
    faults.commits(&vec![Fault::UnclearUndone; attempts]);
    let failed = user.charge(PRICE).await;
    failed.expect_problem(503, "charge_failed");
    assert_eq!(failed.body["outcome_unknown"], false);
    user.balance().await.expect_problem(404, "balance_not_found");
    user.charge(PRICE).await.expect(201);
    sale.server.assert_sound().await;
}
