//! One of three replicas is killed while people stand in line: those who ask the others hear nothing of it.

use crate::dice::Victims;
use crate::service::Service;
use frontrow_tests::process::run;
use frontrow_tests::{Answer, Client};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// People in line.
const PEOPLE: usize = 60;
/// How soon the server that wrote something tells it, and how soon the others do.
const OWN_MAX: Duration = Duration::from_millis(100);
const OTHERS_MAX: Duration = Duration::from_secs(1);
/// How long people are left alone before the blow, and after it.
const PEACE: Duration = Duration::from_millis(1_500);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Asks one server for everybody's place in turn until told to stop; how often, and the longest that an answer took.
/// Fails if one is refused, or if somebody's place moves back.
fn ask_on(
    people: &[Client],
    address: SocketAddr,
    stop: &Arc<AtomicBool>,
) -> JoinHandle<(usize, Duration)> {
    let people: Vec<Client> = people.iter().map(|person| person.at(address)).collect();
    let stop = Arc::clone(stop);
    tokio::spawn(async move {
        let mut places = vec![u64::MAX; people.len()];
        let (mut asked, mut longest) = (0, Duration::ZERO);
        while !stop.load(Ordering::Relaxed) {
            for (person, place) in people.iter().zip(&mut places) {
                let since = Instant::now();
                let told = person.poll().await.expect(200);
                longest = longest.max(since.elapsed());
                let position = told.body["position"].as_u64().unwrap_or(0);
                assert!(position <= *place, "{position} after {place}: {told:?}");
                *place = position;
                asked += 1;
            }
        }
        (asked, longest)
    })
}

/// What somebody is told, apart from what depends on the moment.
fn place(told: &Answer) -> (String, Option<u64>) {
    (told.text("state"), told.body["position"].as_u64())
}

/// Waits until `person` is told this place; how long that took.
async fn until_at(person: &Client, position: u64) -> Duration {
    let since = Instant::now();
    while person.poll().await.expect(200).body["position"] != position {
        assert!(since.elapsed() < 20 * OTHERS_MAX, "the place {position} is never told");
        tokio::time::sleep(LOOK).await;
    }
    since.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_the_others_hears_nothing_of_a_replica_that_is_killed() {
    let mut service = Service::start(3);
    let addresses = service.addresses();
    let admin = service.replica(0).client(Uuid::now_v7(), "admin");
    let concert = admin
        .concert(&json!({ "title": "Line", "admission":
            { "interval_seconds": 1, "batch_size": 2, "active_seconds": 600, "lapse_seconds": 0 } }))
        .await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let person = service.replica(number % 3).client(Uuid::now_v7(), "user");
        people.push(person.joined(&concert).await);
    }

    let stop = Arc::new(AtomicBool::new(false));
    let asking = [addresses[0], addresses[1]].map(|address| ask_on(&people, address, &stop));
    tokio::time::sleep(PEACE).await;
    let victims = Victims { replica: Some(2), database: None };
    service.strike(victims);
    tokio::time::sleep(PEACE).await;
    stop.store(true, Ordering::Relaxed);
    for asking in asking {
        let (asked, longest) = asking.await.expect("nobody is refused, and no place moves back");
        println!("{asked} polls, the longest took {longest:.1?}");
        assert!(asked > PEOPLE, "everybody was told more than once");
    }

    // Now nobody moves but those who are told to.
    let paused = admin.patch(&format!("/v1/concerts/{concert}"), &json!({ "paused": true })).await;
    paused.expect(200);
    tokio::time::sleep(OTHERS_MAX).await;
    let last = &people[PEOPLE - 1];
    let position = last.at(addresses[0]).poll().await.expect(200).body["position"].as_u64();
    let position = position.expect("the line is not at its end");
    people[PEOPLE - 2].at(addresses[0]).delete("/v1/queue-tokens/current").await.expect(204);
    let (at_own, at_other) = (last.at(addresses[0]), last.at(addresses[1]));
    let (own, other) =
        tokio::join!(until_at(&at_own, position - 1), until_at(&at_other, position - 1));
    println!("told after {own:.1?} where it was written, after {other:.1?} at the other");
    assert!(own < OWN_MAX && other < OTHERS_MAX, "{own:?}, {other:?}");

    service.revive(victims);
    for person in &people {
        let mut told = Vec::new();
        for address in &addresses {
            told.push(place(&person.at(*address).poll().await.expect(200)));
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    }
    service.assert_sound();
    run(&["verify"], &service.cluster.url()).await.expect_success();
}
