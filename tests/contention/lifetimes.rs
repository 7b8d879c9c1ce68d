//! Holds at the very end of their life, and holds against leaving.

use crate::hall::{Hall, PRICE, at_once, count, race};
use frontrow_tests::{Answer, Client};
use std::collections::BTreeMap;

/// Holds that end at the same instant.
const HOLDS: u32 = 40;
/// The milliseconds that a hold lives.
const HOLD_MILLIS: i64 = 300_000;

/// Everybody pays while as many others grab the same seats, `millis` after the holds were taken. The
/// answers of both.
async fn at_the_end(hall: &Hall, millis: i64) -> (Vec<Answer>, Vec<Answer>) {
    let others = hall.waiting(HOLDS as usize).await;
    let holders = hall.holders(HOLDS).await;
    // Nothing sweeps: the clock alone decides.
    hall.server.clock.advance_millis(millis);
    let races =
        holders.into_iter().zip(others).zip(1_u32..).map(|(((holder, id), other), seat)| {
            let schedule = hall.schedule.clone();
            race(seat % 2 == 0, async move { holder.pay(&id, PRICE).await }, async move {
                other.hold(&schedule, &[seat]).await
            })
        });
    at_once(races).await.into_iter().unzip()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_millisecond_before_its_end_a_hold_can_be_paid_and_not_be_taken() {
    let hall = Hall::open(1, HOLDS).await;
    let (payments, grabs) = at_the_end(&hall, HOLD_MILLIS - 1).await;
    assert_eq!(count(&payments), BTreeMap::from([((201, ""), 40)]));
    assert_eq!(count(&grabs), BTreeMap::from([((409, "seat_taken"), 40)]));
    hall.assert_sound(u64::from(HOLDS) * PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_end_a_hold_can_not_be_paid_and_its_seat_is_free_for_everyone() {
    let hall = Hall::open(1, HOLDS).await;
    let (payments, grabs) = at_the_end(&hall, HOLD_MILLIS).await;
    assert_eq!(count(&payments), BTreeMap::from([((410, "hold_expired"), 40)]));
    assert_eq!(count(&grabs), BTreeMap::from([((201, ""), 40)]));
    hall.assert_sound(u64::from(HOLDS) * PRICE).await;
    // Sweeping what has been overwritten changes no seat.
    hall.server.pass().await;
    hall.assert_sound(u64::from(HOLDS) * PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lapsed_pair_goes_to_one_of_two_while_its_old_holder_pays() {
    const PAIRS: u32 = 20;
    let hall = Hall::open(1, 2 * PAIRS).await;
    let others = hall.waiting(2 * PAIRS as usize).await;
    let holders = hall.rich_buyers(PAIRS as usize, 2).await;
    let pairs = || (0..PAIRS).map(|pair| [2 * pair + 1, 2 * pair + 2]);
    let holds = holders.into_iter().zip(pairs()).map(|(person, pair)| {
        let schedule = hall.schedule.clone();
        async move {
            let id = person.hold(&schedule, &pair).await.expect(201).id();
            (person, id)
        }
    });
    let holds = at_once(holds).await;
    hall.server.clock.advance_millis(HOLD_MILLIS);
    let payments =
        holds.into_iter().map(|(person, id)| async move { person.pay(&id, 2 * PRICE).await });
    // The two name the seats in opposite order.
    let wanted = pairs().flat_map(|[left, right]| [[left, right], [right, left]]);
    let claims = others.into_iter().zip(wanted).map(|(person, pair)| {
        let schedule = hall.schedule.clone();
        async move { person.hold(&schedule, &pair).await }
    });
    let (payments, claims) = tokio::join!(at_once(payments), at_once(claims));
    assert_eq!(count(&payments), BTreeMap::from([((410, "hold_expired"), 20)]));
    assert_eq!(count(&claims), BTreeMap::from([((201, ""), 20), ((409, "seat_taken"), 20)]));
    for two in claims.chunks(2) {
        assert_ne!(two[0].status, two[1].status, "{two:?}");
    }
    hall.assert_sound(2 * u64::from(PAIRS) * PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeping_while_people_pay_at_the_end_changes_nothing_for_them() {
    let hall = Hall::open(1, HOLDS).await;
    let holders = hall.holders(HOLDS).await;
    hall.server.clock.advance_millis(HOLD_MILLIS);
    let sweeps = async {
        for _ in 0..10 {
            hall.server.pass().await;
        }
    };
    let pay = |(person, id): (Client, String)| async move { person.pay(&id, PRICE).await };
    let (answers, ()) = tokio::join!(at_once(holders.into_iter().map(pay)), sweeps);
    assert_eq!(count(&answers), BTreeMap::from([((410, "hold_expired"), 40)]));
    hall.assert_sound(u64::from(HOLDS) * PRICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_holds_nothing_afterwards() {
    let hall = Hall::open(1, HOLDS).await;
    let people = hall.buyers(HOLDS as usize).await;
    let races = people.iter().cloned().zip(1_u32..).map(|(person, seat)| {
        let (schedule, leaver) = (hall.schedule.clone(), person.clone());
        race(seat % 2 == 0, async move { person.hold(&schedule, &[seat]).await }, async move {
            leaver.delete("/v1/queue-tokens/current").await
        })
    });
    for (person, (held, left)) in people.iter().zip(at_once(races).await) {
        assert_eq!(left.status, 204, "{left:?}");
        if held.status == 201 {
            assert_eq!(hall.state_of(person, &held.id()).await, "released");
        } else {
            held.expect_problem(403, "queue_token_expired");
        }
    }
    let onlooker = hall.buyers(1).await.remove(0);
    assert_eq!(hall.tally(&onlooker).await, BTreeMap::from([("available".to_owned(), 40)]));
    hall.assert_sound(0).await;
}
