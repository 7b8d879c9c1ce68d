//! What the servers tell each other by the journal's tail, and what they do when they can't hear it.

use crate::stage::{PRICE, Stage, until};
use frontrow_server::server::TimerMode;
use frontrow_tests::server::Setup;
use frontrow_tests::{Fault, Faults};
use serde_json::json;

#[tokio::test]
async fn a_seat_is_shown_everywhere_as_it_was_left_anywhere() {
    let stage = Stage::open(2, 4).await;
    let person = stage.buyer_at(0).await;
    let onlooker = stage.buyer_at(1).await;
    // Both servers have the map in memory from now on.
    for looking in [&person, &onlooker] {
        assert_eq!(stage.first_seat(looking).await, "available");
    }
    let held = person.hold(&stage.schedule, &[1]).await.expect(201).id();
    assert_eq!(stage.first_seat(&person).await, "held", "where it was done, at once");
    stage.servers.pull().await;
    assert_eq!(stage.first_seat(&onlooker).await, "held");
    person.delete(&format!("/v1/reservations/{held}")).await.expect(204);
    stage.servers.pull().await;
    assert_eq!(stage.first_seat(&onlooker).await, "available");
    let held = person.hold(&stage.schedule, &[1]).await.expect(201).id();
    person.charge(PRICE).await.expect(201);
    person.pay(&held, PRICE).await.expect(201);
    stage.servers.pull().await;
    assert_eq!(stage.first_seat(&onlooker).await, "sold");
    stage.servers.assert_sound().await;
}

#[tokio::test]
async fn what_is_kept_is_not_trusted_while_the_tail_is_not_heard() {
    let faults = Faults::default();
    let deaf = Setup { around: faults.around(), ..Setup::default() };
    let admission = json!({ "interval_seconds": 10, "batch_size": 1_000, "active_seconds": 600 });
    let stage = Stage::open_with([Setup::default(), deaf], 4, &admission).await;
    let person = stage.buyer_at(0).await;
    let onlooker = stage.buyer_at(1).await;
    assert_eq!(stage.first_seat(&onlooker).await, "available");
    person.hold(&stage.schedule, &[1]).await.expect(201);
    let deaf = stage.servers.apps().nth(1).expect("there are two").clone();
    faults.pulls(&[Fault::Unavailable]);
    deaf.tail.pull().await.expect_err("it can't be heard");
    // So the map is read from the database, where the seat is held.
    assert_eq!(stage.first_seat(&onlooker).await, "held");
    // When it is heard again, what was kept meanwhile is doubted too.
    person.delete("/v1/queue-tokens/current").await.expect(204);
    deaf.tail.pull().await.expect("it is heard again");
    assert_eq!(stage.first_seat(&onlooker).await, "available");
}

#[tokio::test]
async fn what_was_stored_before_the_tail_is_heard_again_is_not_missed() {
    let faults = Faults::default();
    let deaf = Setup { around: faults.around(), ..Setup::default() };
    let admission = json!({ "interval_seconds": 10, "batch_size": 1_000, "active_seconds": 600 });
    let stage = Stage::open_with([Setup::default(), deaf], 4, &admission).await;
    let person = stage.buyer_at(0).await;
    let onlooker = stage.buyer_at(1).await;
    let deaf = stage.servers.apps().nth(1).expect("there are two").clone();
    faults.pulls(&[Fault::Unavailable]);
    deaf.tail.pull().await.expect_err("it can't be heard");
    faults.tail_start_gate().shut();
    let starting = tokio::spawn({
        let deaf = deaf.clone();
        async move { deaf.tail.pull().await }
    });
    faults.tail_start_gate().reached_by(1).await;
    // A map that is loaded now lacks what is stored before the tail begins.
    assert_eq!(stage.first_seat(&onlooker).await, "available");
    person.hold(&stage.schedule, &[1]).await.expect(201);
    // Unless other databases of the server are written meanwhile, the tail tells nothing of it.
    faults.empty_pull(false);
    faults.tail_start_gate().open();
    starting.await.expect("a pull ends well").expect("the tail is heard again");
    assert_eq!(stage.first_seat(&onlooker).await, "held");
}

#[tokio::test]
async fn what_is_kept_is_not_trusted_after_a_pull_that_missed_something() {
    let faults = Faults::default();
    let far = Setup { around: faults.around(), ..Setup::default() };
    let admission = json!({ "interval_seconds": 10, "batch_size": 1_000, "active_seconds": 600 });
    let stage = Stage::open_with([Setup::default(), far], 4, &admission).await;
    let person = stage.buyer_at(0).await;
    let onlooker = stage.buyer_at(1).await;
    assert_eq!(stage.first_seat(&onlooker).await, "available");
    person.hold(&stage.schedule, &[1]).await.expect(201);
    let far = stage.servers.apps().nth(1).expect("there are two").clone();
    faults.empty_pull(true);
    far.tail.pull().await.expect("the tail can be heard");
    assert_eq!(stage.first_seat(&onlooker).await, "held");
}

#[tokio::test]
async fn a_concert_that_another_server_sold_out_is_noticed() {
    let stage = Stage::open(2, 1).await;
    let person = stage.buyer_at(0).await;
    let held = person.hold(&stage.schedule, &[1]).await.expect(201).id();
    person.charge(PRICE).await.expect(201);
    person.pay(&held, PRICE).await.expect(201);
    // The one that sold the last seat never comes to look at it.
    let other = stage.servers.apps().nth(1).expect("there are two").clone();
    other.tail.pull().await.expect("the tail can be heard");
    other.timers.pass().await.expect("the timers can do what is due");
    let path = format!("/v1/concerts/{}/queue-tokens", stage.concert);
    let refused = stage.person_at(1).post(&path, &json!(null)).await;
    refused.expect_problem(409, "sold_out");
    stage.servers.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_run_by_themselves_hear_of_each_other() {
    let running = || Setup { timers: TimerMode::Running, ..Setup::default() };
    let admission = json!({ "interval_seconds": 1, "batch_size": 10, "active_seconds": 600 });
    let stage = Stage::open_with([running(), running()], 20, &admission).await;
    let people = [
        stage.person_at(0).joined(&stage.concert).await,
        stage.person_at(1).joined(&stage.concert).await,
    ];
    stage.servers.clock.advance_millis(1_000);
    for person in &people {
        until(async || person.poll().await.text("state") == "active").await;
    }
    let [person, onlooker] = &people;
    assert_eq!(stage.first_seat(onlooker).await, "available");
    person.hold(&stage.schedule, &[1]).await.expect(201);
    let took = until(async || stage.first_seat(onlooker).await == "held").await;
    println!("told after {took:?}");
}
