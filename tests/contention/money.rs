//! Balances that are charged from many places at once.

use crate::hall::{Hall, at_once, count};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test(flavor = "multi_thread")]
async fn charges_with_50_keys_add_up_exactly() {
    let hall = Hall::open(1, 1).await;
    let person = hall.person();
    let charges = (1..=50).map(|amount| {
        let person = person.clone();
        async move { person.charge(amount).await }
    });
    let answers = at_once(charges).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 50)]));
    let sum = (1..=50).sum();
    assert_eq!(hall.balance_of(&person).await, sum);
    let balances: BTreeSet<u64> =
        answers.iter().filter_map(|answer| answer.body["balance"].as_u64()).collect();
    assert_eq!(balances.len(), 50, "no two charges were told the same balance");
    hall.assert_sound(sum).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_with_one_key_happens_once_and_is_replayed_49_times() {
    let hall = Hall::open(1, 1).await;
    let person = hall.person().with("idempotency-key", "one key");
    let charges = (0..50).map(|_| {
        let person = person.clone();
        async move { person.charge(700).await }
    });
    let answers = at_once(charges).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 50)]));
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true");
    assert_eq!(replayed.count(), 49);
    let ids: BTreeSet<String> = answers.iter().map(frontrow_tests::Answer::id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(hall.balance_of(&person).await, 700);
    hall.assert_sound(700).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_with_one_key_the_first_decides_and_others_are_refused() {
    let hall = Hall::open(1, 1).await;
    let person = hall.person().with("idempotency-key", "one key");
    let charges = (1..=50).map(|amount| {
        let person = person.clone();
        async move { person.charge(amount).await }
    });
    let answers = at_once(charges).await;
    let expected = BTreeMap::from([((201, ""), 1), ((422, "idempotency_key_reused"), 49)]);
    assert_eq!(count(&answers), expected);
    hall.assert_sound(hall.balance_of(&person).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_two_people_are_their_own() {
    let hall = Hall::open(1, 1).await;
    let people = hall.people(50);
    let charges = people.iter().cloned().map(|person| async move {
        person.with("idempotency-key", "everybody's key").charge(30).await
    });
    let answers = at_once(charges).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 50)]));
    assert!(answers.iter().all(|answer| answer.header("idempotency-replayed").is_empty()));
    hall.assert_sound(50 * 30).await;
}
