//! Ticks that touch more tickets than one decision may.

use crate::twins::Twins;
use frontrow_core::concert::Concert;
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy, TICK_CHUNK};
use frontrow_core::{Command, ConcertId, EventKind, Outcome, TicketId, UserId};
use frontrow_server::execute::Answer;
use frontrow_tests::server::START;
use uuid::Uuid;

/// Joins sent together.
const JOINS_TOGETHER: usize = 250;

fn concert(admission: AdmissionPolicy) -> Concert {
    Concert {
        id: ConcertId(Uuid::from_u128(1)),
        title: "A long line".to_owned(),
        sale_opens_at: START.plus_seconds(60),
        admission,
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: START,
    }
}

/// Two worlds in which so many wait for the sale to open.
async fn with_line(name: &str, admission: AdmissionPolicy, people: u32) -> Twins {
    let mut twins = Twins::start(name.to_owned(), true).await;
    let concert = concert(admission);
    let concert_id = concert.id;
    twins.perform(vec![Command::CreateConcert { concert }]).await;
    let joins: Vec<Command> = (1..=u64::from(people))
        .map(|number| Command::Join {
            ticket_id: TicketId(Uuid::from_u64_pair(4, number)),
            concert_id,
            user_id: UserId(Uuid::from_u64_pair(3, number)),
        })
        .collect();
    for together in joins.chunks(JOINS_TOGETHER) {
        twins.perform(together.to_vec()).await;
    }
    twins
}

/// Ticks until the tick is done; in how many parts it was.
async fn tick_through(twins: &mut Twins) -> u32 {
    let concert_id = ConcertId(Uuid::from_u128(1));
    for part in 1..20 {
        let command = Command::Tick { concert_id, served_since: START };
        twins.perform(vec![command.clone()]).await;
        let (rows, _) = twins.server.app.store.rows().await.expect("the rows can be read");
        let queue = rows.queues().get(concert_id).expect("the concert has a queue");
        if queue.rest.is_none() {
            // The tick is done: another one finds nothing to do.
            let idle = twins.server.app.executor.execute(command).await;
            let is_idle =
                |answer| matches!(answer, Answer::Decided { outcome: Ok(Outcome::TickIdle), .. });
            assert!(idle.is_ok_and(is_idle));
            return part;
        }
    }
    panic!("the tick never ends");
}

#[tokio::test]
async fn a_tick_longer_than_a_decision_goes_on_under_the_same_tick() {
    let admission = AdmissionPolicy {
        interval_seconds: 10,
        batch_size: 2 * TICK_CHUNK + 300,
        active_seconds: 5,
        max_active: None,
        lapse_seconds: 0,
        inventory_aware: false,
    };
    let mut twins = with_line("a long batch", admission, 2 * TICK_CHUNK + 500).await;
    twins.pass_time(60_000).await;
    assert_eq!(tick_through(&mut twins).await, 3);
    let admitted = |kind: &EventKind| matches!(kind, EventKind::TicketAdmitted { .. });
    assert_eq!(twins.count(admitted), 2_300);
    // The next tick first puts away all those whose time has run out, in parts too.
    twins.pass_time(10_000).await;
    assert!(tick_through(&mut twins).await >= 3);
    assert_eq!(twins.count(admitted), 2_500);
    let expired = |kind: &EventKind| matches!(kind, EventKind::TicketExpired { .. });
    assert_eq!(twins.count(expired), 2_300);
    twins.finish().await;
}

#[tokio::test]
async fn a_tick_that_passes_over_a_thousand_no_shows_still_fills_its_batch() {
    let admission = AdmissionPolicy {
        interval_seconds: 10,
        batch_size: 40,
        active_seconds: 600,
        max_active: Some(30),
        lapse_seconds: 20,
        inventory_aware: false,
    };
    let mut twins = with_line("no-shows", admission, TICK_CHUNK + 600).await;
    twins.pass_time(55_000).await;
    // Only the last hundred are still there.
    for number in TICK_CHUNK + 501..=TICK_CHUNK + 600 {
        twins.see(TicketId(Uuid::from_u64_pair(4, u64::from(number)))).await;
    }
    twins.pass_time(5_000).await;
    assert_eq!(tick_through(&mut twins).await, 2);
    let skipped = |kind: &EventKind| matches!(kind, EventKind::TicketExpired { .. });
    let admitted = |kind: &EventKind| matches!(kind, EventKind::TicketAdmitted { .. });
    assert_eq!((twins.count(skipped), twins.count(admitted)), (1_500, 30));
    twins.finish().await;
}
