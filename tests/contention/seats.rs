//! Seats that many want.

use crate::hall::{Hall, at_once, count};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test(flavor = "multi_thread")]
async fn of_500_who_want_one_seat_one_gets_it() {
    let hall = Hall::open(1, 1).await;
    let people = hall.buyers(500).await;
    let holds = people.iter().cloned().map(|person| {
        let schedule = hall.schedule.clone();
        async move { person.hold(&schedule, &[1]).await }
    });
    let answers = at_once(holds).await;
    let expected = BTreeMap::from([((201, ""), 1), ((409, "seat_taken"), 499)]);
    assert_eq!(count(&answers), expected);
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.body["seats"], json!([1]));
    }
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn overlapping_pairs_never_share_a_seat() {
    let hall = Hall::open(5, 20).await;
    let people = hall.buyers(500).await;
    let holds = people.iter().cloned().zip(0_u32..).map(|(person, index)| {
        let schedule = hall.schedule.clone();
        // Each pair overlaps with the pairs on both sides of it, and each is wanted by five.
        let pair = [index % 100 + 1, (index + 1) % 100 + 1];
        async move { person.hold(&schedule, &pair).await }
    });
    let answers = at_once(holds).await;
    let mut taken = BTreeSet::new();
    for answer in answers.iter().filter(|answer| answer.status == 201) {
        for seat in answer.body["seats"].as_array().expect("a reservation has seats") {
            let number = seat["number"].as_u64().expect("a seat has a number");
            assert!(taken.insert(number), "seat {number} was given twice");
        }
    }
    let counts = count(&answers);
    assert_eq!(counts.len(), 2, "{counts:?}");
    assert_eq!(counts[&(201, "")] + counts[&(409, "seat_taken")], 500);
    // No pair of neighbours was left over, since somebody wanted every one of them.
    let left = |number: u64| !taken.contains(&number);
    assert!(!(1..=100).any(|number| left(number) && left(number % 100 + 1)));
    assert_eq!(hall.tally(&people[0]).await["held"], taken.len());
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_takes_one_hold_however_many_it_asks_for_at_once() {
    let hall = Hall::open(1, 50).await;
    let person = hall.buyers(1).await.remove(0);
    let holds = (1..=50).map(|seat| {
        let (person, schedule) = (person.clone(), hall.schedule.clone());
        async move { person.hold(&schedule, &[seat]).await }
    });
    let answers = at_once(holds).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 1), ((409, "hold_exists"), 49)]));
    let held = answers.iter().find(|answer| answer.status == 201).expect("one was held");
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.text("reservation_id"), held.id());
    }
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reservations_with_one_key_are_made_once_and_replayed() {
    let hall = Hall::open(1, 4).await;
    let person = hall.buyers(1).await.remove(0).with("idempotency-key", "one key");
    let holds = (0..50).map(|_| {
        let (person, schedule) = (person.clone(), hall.schedule.clone());
        async move { person.hold(&schedule, &[2, 3]).await }
    });
    let answers = at_once(holds).await;
    assert_eq!(count(&answers), BTreeMap::from([((201, ""), 50)]));
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true");
    assert_eq!(replayed.count(), 49);
    let bodies: BTreeSet<String> = answers.iter().map(|answer| answer.body.to_string()).collect();
    assert_eq!(bodies.len(), 1, "a replay is the stored body");
    assert_eq!(hall.tally(&person).await["held"], 2);
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_seats_are_given_to_as_many_as_there_are() {
    let hall = Hall::open(5, 10).await;
    let people = hall.buyers(40).await;
    let path = format!("/v1/schedules/{}/reservations", hall.schedule);
    let holds = people.iter().cloned().map(|person| {
        let path = path.clone();
        async move { person.post(&path, &json!({ "best": { "count": 2 } })).await }
    });
    let answers = at_once(holds).await;
    let expected = BTreeMap::from([((201, ""), 25), ((409, "no_seats_available"), 15)]);
    assert_eq!(count(&answers), expected);
    hall.assert_sound(0).await;
}
