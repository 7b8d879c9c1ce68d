//! A payment against everything that can happen to its reservation meanwhile.

use crate::hall::{Hall, PRICE, at_once, count, race};
use frontrow_tests::{Answer, Client};
use serde_json::json;
use std::collections::BTreeMap;

/// Races of each kind.
const RACES: u32 = 40;
/// What all racers have charged together.
const CHARGED: u64 = RACES as u64 * PRICE;

/// Lets everybody pay for their hold and do something else at once, half of them in either order.
async fn against<F>(
    racers: &[(Client, String)],
    other: impl Fn(Client, String) -> F,
) -> Vec<(Answer, Answer)>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let pairs = racers.iter().cloned().zip(0..).map(|((person, id), index)| {
        let other = other(person.clone(), id.clone());
        race(index % 2 == 0, async move { person.pay(&id, PRICE).await }, other)
    });
    at_once(pairs).await
}

async fn withdrawal(person: Client, id: String) -> Answer {
    person.delete(&format!("/v1/reservations/{id}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_and_a_withdrawal_leave_the_seat_free_and_the_money_whole() {
    let hall = Hall::open(1, RACES).await;
    let racers = hall.holders(RACES).await;
    let outcomes = against(&racers, withdrawal).await;
    for ((person, id), (payment, withdrawn)) in racers.iter().zip(&outcomes) {
        assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
        let state = hall.state_of(person, id).await;
        if payment.status == 201 {
            // Paid first: what was withdrawn is a bought reservation.
            assert_eq!(state, "cancelled");
        } else {
            payment.expect_problem(409, "reservation_not_held");
            assert_eq!(state, "released");
        }
        assert_eq!(hall.balance_of(person).await, PRICE);
    }
    let onlooker = hall.buyers(1).await.remove(0);
    assert_eq!(hall.tally(&onlooker).await, BTreeMap::from([("available".to_owned(), 40)]));
    hall.assert_sound(CHARGED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_refunds_once_whatever_payments_come_with_it() {
    let hall = Hall::open(1, RACES).await;
    let racers = hall.holders(RACES).await;
    let pay = |(person, id): (Client, String)| async move {
        let person = person.with("idempotency-key", "the payment");
        person.pay(&id, PRICE).await.expect(201)
    };
    at_once(racers.iter().cloned().map(pay)).await;
    let keyed: Vec<(Client, String)> = racers
        .iter()
        .cloned()
        .zip(0..)
        .map(|((person, id), index)| match index % 4 {
            0 | 1 => (person.with("idempotency-key", "the payment"), id),
            _ => (person, id),
        })
        .collect();
    let outcomes = against(&keyed, withdrawal).await;
    for ((index, (person, id)), (payment, withdrawn)) in (0..).zip(&keyed).zip(&outcomes) {
        assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
        if index % 4 < 2 {
            assert_eq!((payment.status, payment.header("idempotency-replayed")), (201, "true"));
        } else {
            assert_eq!(payment.status, 409, "{payment:?}");
            assert!(["already_paid", "reservation_not_held"].contains(&payment.code()));
        }
        assert_eq!(hall.state_of(person, id).await, "cancelled");
        assert_eq!(hall.balance_of(person).await, PRICE);
    }
    hall.assert_sound(CHARGED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_payments_of_one_hold_one_is_made() {
    let hall = Hall::open(1, RACES).await;
    let racers = hall.holders(RACES).await;
    // Each could afford it twice.
    let charge = |(person, _): (Client, String)| async move { person.charge(PRICE).await };
    assert_eq!(count(&at_once(racers.iter().cloned().map(charge)).await).len(), 1);
    let again = |person: Client, id: String| async move { person.pay(&id, PRICE).await };
    let outcomes = against(&racers, again).await;
    for ((person, _), (one, other)) in racers.iter().zip(outcomes) {
        let expected = BTreeMap::from([((201, ""), 1), ((409, "already_paid"), 1)]);
        assert_eq!(count(&[one, other]), expected);
        assert_eq!(hall.balance_of(person).await, PRICE);
    }
    hall.assert_sound(2 * CHARGED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_with_one_key_are_made_once_and_replayed() {
    let hall = Hall::open(1, 1).await;
    let (person, id) = hall.holders(1).await.remove(0);
    let person = person.with("idempotency-key", "one key");
    let payments = (0..50).map(|_| {
        let (person, id) = (person.clone(), id.clone());
        async move { person.pay(&id, PRICE).await }
    });
    let answers = at_once(payments).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 50)]));
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true");
    assert_eq!(replayed.count(), 49);
    assert_eq!(hall.balance_of(&person).await, 0);
    hall.assert_sound(PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_releases_a_hold_or_comes_too_late() {
    let hall = Hall::open(1, RACES).await;
    let racers = hall.holders(RACES).await;
    let leave = |person: Client, _| async move { person.delete("/v1/queue-tokens/current").await };
    let outcomes = against(&racers, leave).await;
    hall.server.pull().await;
    for ((person, id), (payment, left)) in racers.iter().zip(&outcomes) {
        assert_eq!(left.status, 204, "{left:?}");
        let told = (hall.state_of(person, id).await, person.poll().await.text("state"));
        let (state, ticket) = (told.0.as_str(), told.1.as_str());
        if payment.status == 201 {
            assert_eq!((state, ticket), ("confirmed", "consumed"));
            assert_eq!(hall.balance_of(person).await, 0);
        } else {
            payment.expect_problem(409, "reservation_not_held");
            assert_eq!((state, ticket), ("released", "left"));
            assert_eq!(hall.balance_of(person).await, PRICE);
        }
    }
    hall.assert_sound(CHARGED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_many_times_at_once_refunds_once() {
    let hall = Hall::open(1, 2).await;
    let holders = hall.holders(2).await;
    let (payer, paid) = holders[0].clone();
    assert_eq!(payer.pay(&paid, PRICE).await.status, 201);
    for (person, id) in holders {
        let answers = at_once((0..30).map(|_| withdrawal(person.clone(), id.clone()))).await;
        assert_eq!(count(&answers), BTreeMap::from([((204, ""), 30)]));
        assert_eq!(hall.balance_of(&person).await, PRICE);
    }
    hall.assert_sound(2 * PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_for_one_seat_buys_one_seat() {
    // Two concerts, so that one person can hold in both at once.
    let hall = Hall::open(1, 1).await;
    let admin = hall.server.admin();
    let policy = json!({ "interval_seconds": 10, "batch_size": 10, "active_seconds": 600 });
    let body = json!({ "title": "Another", "admission": policy });
    let concert = admin.concert(&body).await;
    let schedule = admin.schedule(&concert, 1, 1).await;
    let person = hall.person();
    assert_eq!(person.charge(PRICE).await.status, 201);
    let here = person.clone().joined(&hall.concert).await;
    let there = person.clone().joined(&concert).await;
    hall.server.pass().await;
    let first_hold = here.hold(&hall.schedule, &[1]).await.expect(201).id();
    let other_hold = there.hold(&schedule, &[1]).await.expect(201).id();
    let payments = (0..40).map(|index| {
        let (person, id) =
            if index % 2 == 0 { (&here, &first_hold) } else { (&there, &other_hold) };
        let (person, id) = (person.clone(), id.clone());
        async move { person.pay(&id, PRICE).await }
    });
    let answers = at_once(payments).await;
    let counts = count(&answers);
    assert_eq!(counts[&(201, "")], 1);
    assert_eq!(counts[&(402, "insufficient_balance")], 20);
    assert_eq!(counts[&(409, "already_paid")], 19);
    assert_eq!(hall.balance_of(&person).await, 0);
    hall.assert_sound(PRICE).await;
}
