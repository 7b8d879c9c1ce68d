//! What one server gave out, another one takes; and what two are asked at once is done once.

use crate::stage::{PRICE, Stage};
use frontrow_tests::Answer;

/// How often two servers race.
const ROUNDS: u64 = 20;

#[tokio::test]
async fn a_token_issued_by_one_works_on_all() {
    let stage = Stage::open(3, 4).await;
    let person = stage.person_at(0).joined(&stage.concert).await;
    for server in 0..3 {
        let poll = stage.at(&person, server).poll().await.expect(200);
        assert_eq!((poll.text("state").as_str(), &poll.body["position"]), ("waiting", &1.into()));
    }
    stage.servers.advance_seconds(10).await;
    for server in 0..3 {
        assert_eq!(stage.at(&person, server).poll().await.text("state"), "active");
    }
    // Each step at another server.
    let reservation = stage.at(&person, 1).hold(&stage.schedule, &[1, 2]).await.expect(201).id();
    stage.at(&person, 2).charge(2 * PRICE).await.expect(201);
    stage.at(&person, 0).pay(&reservation, 2 * PRICE).await.expect(201);
    let path = format!("/v1/reservations/{reservation}");
    assert_eq!(stage.at(&person, 1).get(&path).await.text("state"), "confirmed");
    assert_eq!(stage.at(&person, 2).balance().await.body["balance"], 0);
    stage.servers.pull().await;
    assert_eq!(stage.at(&person, 2).poll().await.text("state"), "consumed");
    stage.servers.assert_sound().await;
}

/// Checks that of two equal requests one was done and one replayed.
fn assert_done_once((here, there): (Answer, Answer)) -> Answer {
    assert_eq!((here.status, there.status), (201, 201), "{here:?} {there:?}");
    assert_eq!(here.body, there.body);
    let replayed = [&here, &there].map(|answer| answer.header("idempotency-replayed") == "true");
    assert!(replayed[0] != replayed[1], "{here:?} {there:?}");
    here
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_used_on_two_at_once_acts_once() {
    let stage = Stage::open(2, 4).await;
    let person = stage.buyer_at(0).await;
    let with_key = |key: &str, server| stage.at(&person, server).with("idempotency-key", key);
    for round in 0..ROUNDS {
        let key = format!("charge {round}");
        let (here, there) = (with_key(&key, 0), with_key(&key, 1));
        assert_done_once(tokio::join!(here.charge(PRICE), there.charge(PRICE)));
    }
    assert_eq!(person.balance().await.body["balance"], ROUNDS * PRICE);

    let (here, there) = (with_key("hold", 0), with_key("hold", 1));
    let both = tokio::join!(here.hold(&stage.schedule, &[1]), there.hold(&stage.schedule, &[1]));
    let reservation = assert_done_once(both).id();
    let (here, there) = (with_key("pay", 0), with_key("pay", 1));
    assert_done_once(tokio::join!(here.pay(&reservation, PRICE), there.pay(&reservation, PRICE)));
    assert_eq!(person.balance().await.body["balance"], (ROUNDS - 1) * PRICE);
    // The same key for something else is refused, wherever it is used.
    with_key("pay", 0).charge(PRICE).await.expect_problem(422, "idempotency_key_reused");
    stage.servers.assert_sound().await;
}
