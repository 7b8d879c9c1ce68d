//! Ticks that several servers run: one tick is one tick, whoever runs it.

use crate::stage::Stage;
use frontrow_core::EventKind;
use frontrow_server::server::TimerMode;
use frontrow_tests::server::Setup;
use frontrow_tests::{Client, TestServer};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

const BATCH_SIZE: u32 = 7;
const MAX_ACTIVE: usize = 25;
const PEOPLE: usize = 90;
/// Ticks that are waited for.
const TICKS: usize = 12;
/// How long one may take, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many each tick admitted, by when it was due.
async fn ticks(servers: &TestServer) -> BTreeMap<i64, u32> {
    let mut admitted = BTreeMap::new();
    for event in servers.journal().await {
        if let EventKind::TickRan { tick_at, admitted: part, .. } = event.kind {
            *admitted.entry(tick_at.as_millis()).or_default() += part;
        }
    }
    admitted
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_of_three_servers_keep_the_batch_the_cap_and_the_order() {
    let running = || Setup { timers: TimerMode::Running, ..Setup::default() };
    let admission = json!({ "interval_seconds": 10, "batch_size": BATCH_SIZE, "active_seconds": 45,
        "max_active": MAX_ACTIVE, "lapse_seconds": 0 });
    let stage = Stage::open_with([running(), running(), running()], 200, &admission).await;
    let servers = &stage.servers;
    let joins = (0..PEOPLE).map(|_| servers.user().joined(&stage.concert));
    let people: Vec<Client> = join_all(joins).await;
    for round in 0..TICKS {
        servers.clock.advance_millis(10_000);
        // Meanwhile people leave, hold seats, and come.
        let leaving = people[PEOPLE - 1 - round].delete("/v1/queue-tokens/current");
        let seats = [u32::try_from(round + 1).expect("there are few rounds")];
        let holding = people[round * 2].hold(&stage.schedule, &seats);
        let coming = servers.user().joined(&stage.concert);
        let _ = tokio::join!(leaving, holding, coming);
        let since = Instant::now();
        while ticks(servers).await.len() <= round {
            assert!(since.elapsed() < PATIENCE, "no tick in round {round}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert_in_order_and_within_bounds(servers).await;
    servers.assert_sound().await;
}

async fn assert_in_order_and_within_bounds(servers: &TestServer) {
    let ticks = ticks(servers).await;
    assert!(ticks.values().all(|admitted| *admitted <= BATCH_SIZE), "{ticks:?}");
    // Holds outlive the test, and how many of them come in time is chance: each keeps its slot. The others run
    // out, and their slots are given again.
    let slots = u32::try_from(MAX_ACTIVE).expect("it is small");
    assert!(ticks.values().sum::<u32>() > slots + BATCH_SIZE, "{ticks:?}");
    let (mut active, mut last) = (HashSet::new(), 0);
    for event in servers.journal().await {
        match event.kind {
            EventKind::TicketAdmitted { ticket_id, number, .. } => {
                assert!(number > last, "{number} was let in after {last}");
                last = number;
                active.insert(ticket_id);
                assert!(active.len() <= MAX_ACTIVE, "{} are active", active.len());
            }
            EventKind::TicketExpired { ticket_id, .. }
            | EventKind::TicketLeft { ticket_id, .. }
            | EventKind::TicketConsumed { ticket_id, .. } => {
                active.remove(&ticket_id);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn being_seen_by_one_server_is_being_seen() {
    let admission = json!({ "interval_seconds": 600, "batch_size": 10, "active_seconds": 600,
        "lapse_seconds": 60 });
    let stage = Stage::open_with([Setup::default(), Setup::default()], 4, &admission).await;
    // Too late for the first tick.
    stage.servers.clock.advance_millis(1_000);
    let seen = stage.person_at(0).joined(&stage.concert).await;
    let unseen = stage.person_at(0).joined(&stage.concert).await;
    stage.servers.advance_seconds(589).await;
    stage.at(&seen, 1).poll().await.expect(200);
    // The server that was asked writes its marks in a pass; the other one runs the tick.
    let [first, second] = [0, 1].map(|at| stage.servers.apps().nth(at).expect("two").clone());
    second.timers.pass().await.expect("the marks can be written");
    stage.servers.clock.advance_millis(10_000);
    first.timers.pass().await.expect("the tick can run");
    assert_eq!(seen.poll().await.text("state"), "active");
    assert_eq!(unseen.poll().await.text("state"), "expired");
    stage.servers.assert_sound().await;
}
