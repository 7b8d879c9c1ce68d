//! The database can't be reached, or refuses: nothing happened, and trying again is safe.

use super::{OUTAGE, faulty_sale};
use crate::stage::{PRICE, Sale, concert};
use frontrow_server::execute::Limits;
use frontrow_server::store::Concurrency;
use frontrow_tests::{Answer, Client, Fault};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Value, json};

/// Checks that the answer says that nothing happened.
#[track_caller]
fn assert_nothing_happened(answer: &Answer, code: &str) {
    answer.expect_problem(503, code);
    assert_eq!(answer.body["outcome_unknown"], false);
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn a_write_that_fails_changes_nothing_and_can_be_sent_again() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.active().await.with("idempotency-key", "k");
    let events = sale.server.journal_len().await;
    for fail in [Faulty::Begin, Faulty::Write, Faulty::Commit] {
        let plan = [Fault::Unavailable; OUTAGE];
        match fail {
            Faulty::Begin => faults.begins(&plan),
            Faulty::Write => faults.writes(&plan),
            Faulty::Commit => faults.commits(&plan),
        }
        assert_nothing_happened(&user.charge(PRICE).await, "charge_failed");
        assert_eq!(sale.server.journal_len().await, events, "{fail:?}");
    }
    let charged = user.charge(PRICE).await.expect(201);
    assert_eq!(charged.header("idempotency-replayed"), "");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn who_waits_behind_an_outage_is_told_at_once_and_not_after_outages_of_their_own() {
    let limits = Limits { lanes: 1, lane_capacity: 2, batch_max: 1, ..Limits::default() };
    let (sale, faults) = faulty_sale(limits).await;
    // As many failures as one batch meets before it is given up.
    faults.begins(&[Fault::Unavailable; OUTAGE]);
    faults.begin_gate().shut();
    let charge = async || sale.server.user().charge(PRICE).await;
    let behind = async {
        faults.begin_gate().reached_by(1).await;
        // Two of these three fill the lane, and the third one is answered at once.
        let mut three: FuturesUnordered<_> = [charge(), charge(), charge()].into_iter().collect();
        let refused = three.next().await.expect("one is answered");
        refused.expect_problem(503, "overloaded");
        faults.begin_gate().open();
        three.collect::<Vec<_>>().await
    };
    let (first, behind) = tokio::join!(charge(), behind);
    assert_nothing_happened(&first, "charge_failed");
    for answer in &behind {
        assert_nothing_happened(answer, "charge_failed");
    }
    charge().await.expect(201);
    sale.server.assert_sound().await;
}

#[derive(Debug, Clone, Copy)]
enum Faulty {
    Begin,
    Write,
    Commit,
}

#[tokio::test]
async fn every_write_but_a_charge_tells_of_the_storage() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    let events = sale.server.journal_len().await;
    let queue = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    let change = format!("/v1/concerts/{}", sale.concert_id);
    let schedule = json!({ "starts_at": "2026-12-24T10:00:00Z", "venue": "Club",
        "sections": [{ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }] });
    let refused = |answer: Answer| assert_nothing_happened(&answer, "storage_unavailable");
    let outage = || faults.commits(&[Fault::Unavailable; OUTAGE]);
    outage();
    refused(user.pay(&reservation_id, PRICE).await);
    outage();
    refused(user.delete(&format!("/v1/reservations/{reservation_id}")).await);
    outage();
    refused(user.delete("/v1/queue-tokens/current").await);
    outage();
    refused(sale.server.user().post(&queue, &Value::Null).await);
    outage();
    refused(sale.admin.patch(&change, &json!({ "paused": true })).await);
    outage();
    refused(sale.admin.post("/v1/concerts", &concert()).await);
    outage();
    refused(sale.admin.post(&sale.schedules_path(), &schedule).await);
    assert_eq!(sale.server.journal_len().await, events);
    user.pay(&reservation_id, PRICE).await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_failed_hold_leaves_no_trace_in_the_seat_map() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.active().await;
    assert_eq!(sale.seats(&user).await[0], "available");
    faults.commits(&[Fault::Unavailable; OUTAGE]);
    let failed = user.hold(&sale.schedule_id, &[1]).await;
    assert_nothing_happened(&failed, "storage_unavailable");
    assert_eq!(sale.seats(&user).await[0], "available");
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    assert_eq!(sale.seats(&user).await[0], "held");
}

#[tokio::test]
async fn a_connection_that_is_cut_once_or_twice_is_not_noticed() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.server.user();
    faults.begins(&[Fault::Unavailable]);
    faults.commits(&[Fault::Unavailable]);
    assert_eq!(user.charge(7).await.expect(201).body["balance"], 7);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn conflicts_are_tried_again_until_patience_ends() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.server.user();
    let attempts = Limits::default().attempts_max as usize;
    faults.commits(&vec![Fault::Conflict; attempts - 1]);
    user.charge(7).await.expect(201);
    faults.commits(&vec![Fault::Conflict; attempts]);
    assert_nothing_happened(&user.charge(7).await, "charge_failed");
    assert_eq!(user.balance().await.body["balance"], 7);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn batches_lock_what_they_read_for_a_while_after_they_met_another() {
    let (sale, faults) = faulty_sale(Limits { locked_batches: 2, ..Limits::default() }).await;
    let user = sale.server.user();
    user.charge(1).await.expect(201);
    faults.take_begun();
    faults.commits(&[Fault::Conflict]);
    for _ in 0..4 {
        user.charge(1).await.expect(201);
    }
    // The first charge is run twice; nobody notices.
    let [locked, unlocked] = [Concurrency::Pessimistic, Concurrency::Optimistic];
    assert_eq!(faults.take_begun(), [unlocked, locked, locked, locked, unlocked]);
    assert_eq!(user.balance().await.body["balance"], 5);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_fault_of_ours_is_told_as_one_and_changes_nothing() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.server.user();
    let events = sale.server.journal_len().await;
    for fault in [Fault::Constraint, Fault::Panic] {
        faults.writes(&[fault]);
        let answer = user.charge(7).await;
        answer.expect_problem(500, "internal");
        assert_eq!(sale.server.journal_len().await, events, "{fault:?}");
        user.balance().await.expect_problem(404, "balance_not_found");
    }
    user.charge(7).await.expect(201);
    sale.server.assert_sound().await;
}

/// Every read there is.
fn reads(sale: &Sale, user: &Client, reservation_id: &str) -> Vec<String> {
    vec![
        "/v1/concerts".to_owned(),
        format!("/v1/concerts/{}", sale.concert_id),
        // Before the schedules, whose free seats are counted in the same maps.
        sale.seats_path(),
        format!("/v1/concerts/{}/schedules", sale.concert_id),
        format!("/v1/reservations/{reservation_id}"),
        format!("/v1/users/{}/reservations", user.user_id),
        format!("/v1/users/{}/balance", user.user_id),
        format!("/v1/users/{}/ledger", user.user_id),
    ]
}

#[tokio::test]
async fn a_map_that_somebody_looked_at_is_told_without_the_database() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    user.get(&sale.seats_path()).await.expect(200);
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    faults.read_gate().shut();
    let map = user.get(&sale.seats_path()).await.expect(200);
    assert_eq!(map.body["data"][0]["number"], 2);
    let again = user.with("if-none-match", map.header("etag"));
    again.get(&sale.seats_path()).await.expect(304);
    faults.read_gate().open();
}

#[tokio::test]
async fn a_read_that_fails_is_told_and_works_again() {
    let (sale, faults) = faulty_sale(Limits::default()).await;
    let user = sale.buyer(PRICE).await;
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.id();
    for path in reads(&sale, &user, &reservation_id) {
        faults.reads(&[Fault::Unavailable]);
        assert_nothing_happened(&user.get(&path).await, "storage_unavailable");
        user.get(&path).await.expect(200);
    }
}
