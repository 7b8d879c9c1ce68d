//! A line that everybody joins at once, and ticks that come from everywhere.

use crate::hall::{Hall, at_once, count};
use frontrow_core::EventKind;
use frontrow_core::queue::TicketState;
use frontrow_tests::{Answer, Client};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

async fn join(person: Client, concert: String) -> Answer {
    person.post(&format!("/v1/concerts/{concert}/queue-tokens"), &Value::Null).await
}

/// How many tickets are stored active.
async fn active(hall: &Hall) -> usize {
    let (rows, _) = hall.server.app.store.rows().await.expect("the rows can be read");
    let is_active = |state: &TicketState| matches!(state, TicketState::Active { .. });
    rows.tickets().iter().filter(|(_, ticket)| is_active(&ticket.state)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_50_times_at_once_is_joining_once() {
    let hall = Hall::open(1, 1).await;
    let person = hall.person();
    let joins = (0..50).map(|_| join(person.clone(), hall.concert.clone()));
    let answers = at_once(joins).await;
    assert_eq!(count(&answers), BTreeMap::from([((200, ""), 49), ((201, ""), 1)]));
    let tickets: BTreeSet<String> = answers.iter().map(|answer| answer.text("ticket_id")).collect();
    assert_eq!(tickets.len(), 1);
    for answer in &answers {
        assert_eq!(answer.body["already_queued"], json!(answer.status == 200));
        assert_eq!((&answer.body["position"], &answer.body["waiting"]), (&json!(1), &json!(1)));
    }
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_joins_are_numbered_without_a_gap() {
    let hall = Hall::open(1, 1).await;
    let people = hall.waiting(500).await;
    let (rows, _) = hall.server.app.store.rows().await.expect("the rows can be read");
    let numbers: BTreeSet<u64> = rows.tickets().iter().map(|(_, ticket)| ticket.number).collect();
    assert_eq!(rows.tickets().len(), 500);
    assert_eq!(numbers, (1..=500).collect());
    let polls = people.into_iter().map(|person| async move { person.poll().await });
    let places: BTreeSet<u64> = at_once(polls)
        .await
        .iter()
        .map(|answer| answer.body["position"].as_u64().expect("who waits has a place"))
        .collect();
    assert_eq!(places, (1..=500).collect());
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_and_leaving_at_once_leaves_everybody_in_line_once_or_not_at_all() {
    let hall = Hall::open(1, 1).await;
    let people = hall.waiting(60).await;
    let requests =
        people.iter().cloned().flat_map(|person| (0..3).map(move |turn| (person.clone(), turn)));
    let requests = requests.map(|(person, turn)| {
        let concert = hall.concert.clone();
        async move {
            match turn {
                1 => person.delete("/v1/queue-tokens/current").await,
                _ => join(person, concert).await,
            }
        }
    });
    let answers = at_once(requests).await;
    assert!(count(&answers).keys().all(|(status, _)| [200, 201, 204].contains(status)));
    let (rows, _) = hall.server.app.store.rows().await.expect("the rows can be read");
    let live = rows.tickets().iter().filter(|(_, ticket)| ticket.is_stored_live());
    let users: Vec<_> = live.map(|(_, ticket)| ticket.user_id).collect();
    assert_eq!(users.iter().collect::<BTreeSet<_>>().len(), users.len());
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_that_is_run_from_everywhere_at_once_admits_one_batch() {
    let policy = json!({ "interval_seconds": 10, "batch_size": 7, "active_seconds": 600, "lapse_seconds": 0 });
    let hall = Hall::open_with(1, 1, policy).await;
    hall.waiting(60).await;
    for tick in 1..=5 {
        join_all((0..16).map(|_| hall.server.pass())).await;
        assert_eq!(active(&hall).await, tick * 7);
        hall.server.clock.advance_millis(10_000);
    }
    let ticks = ticks_run(&hall).await;
    assert_eq!(ticks, [7; 5], "each tick ran once");
    hall.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_from_everywhere_among_arrivals_and_departures_keep_the_cap() {
    let policy = json!({ "interval_seconds": 1, "batch_size": 5, "active_seconds": 600,
        "lapse_seconds": 0, "max_active": 12 });
    let hall = Hall::open_with(1, 1, policy).await;
    let early = hall.waiting(60).await;
    for round in 0..6 {
        let leavers = early[round * 10..round * 10 + 10].to_vec();
        let leave = |person: Client| async move { person.delete("/v1/queue-tokens/current").await };
        let newcomers =
            hall.people(10).into_iter().map(|person| join(person, hall.concert.clone()));
        let (left, joined, _) = tokio::join!(
            at_once(leavers.into_iter().map(leave)),
            at_once(newcomers),
            join_all((0..8).map(|_| hall.server.pass())),
        );
        assert_eq!(count(&left), BTreeMap::from([((204, ""), 10)]));
        assert_eq!(count(&joined), BTreeMap::from([((201, ""), 10)]));
        let active = active(&hall).await;
        assert!(active <= 12, "{active} are active");
        hall.server.clock.advance_millis(1_000);
    }
    assert!(ticks_run(&hall).await.iter().all(|admitted| *admitted <= 5));
    hall.assert_sound(0).await;
}

/// How many each tick admitted, in order.
async fn ticks_run(hall: &Hall) -> Vec<u32> {
    let journal = hall.server.app.store.journal(0, 100_000).await;
    let mut admitted = BTreeMap::new();
    for (_, event) in journal.expect("the journal can be read") {
        if let EventKind::TickRan { tick_at, admitted: part, .. } = event.kind {
            *admitted.entry(tick_at).or_default() += part;
        }
    }
    admitted.into_values().collect()
}
