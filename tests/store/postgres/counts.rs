//! Figures, counted while others write. One that was counted before the locks were taken, or in the statement
//! that takes them, would be of what there was before the wait.

use super::*;
use crate::fixture::{PRICE, add, concert, create, hold, pay, schedule, tick};
use frontrow_core::concert::Concert;
use frontrow_core::policy::TICK_CHUNK;
use frontrow_core::{Need, Outcome, Rejection, decide};
use frontrow_server::store::JournalEntry;

/// Runs a batch whose commands ask for all of `keys` at once, while `other` has some of the rows locked, and
/// lets `other` commit. What is loaded is not loaded again, as in a lane, so that a figure that was counted
/// too early stays wrong.
pub(super) async fn after_loading_at_once(
    harness: &PostgresHarness,
    other: Box<dyn Transaction>,
    keys: &[Key],
    commands: &[Command],
) -> Vec<Result<Outcome, Rejection>> {
    let mut keys = keys.to_vec();
    keys.extend(commands.iter().flat_map(Command::keys));
    keys.sort_unstable();
    let mut transaction = begin(harness.store.as_ref()).await;
    let mut state = State::partial();
    {
        let mut loading = pin!(transaction.load(&mut state, &keys));
        assert!(waits(loading.as_mut()).await, "nothing was locked");
        other.commit().await.unwrap();
        loading.await.unwrap();
    }
    let (mut journal, mut outcomes) = (Vec::new(), Vec::new());
    for command in commands {
        let decision = loop {
            match decide(&state, command, harness.clock.now()) {
                Ok(decision) => break decision,
                Err(Need(keys)) => transaction.load(&mut state, &keys).await.unwrap(),
            }
        };
        for event in decision.events {
            state.apply(&event);
            let version = state.version_of(&event.subject());
            journal.push(JournalEntry { event, version });
        }
        outcomes.push(decision.outcome);
    }
    transaction.write(&mut state, &journal, &[]).await.unwrap();
    transaction.commit().await.unwrap();
    outcomes
}

/// Concert 1 by this policy, with schedule 10 of so many seats.
async fn hall_of(harness: &PostgresHarness, concert: Concert, seats: u32) {
    let mut small = schedule(10, 1);
    small.sections.truncate(1);
    (small.sections[0].rows, small.sections[0].seats_per_row) = (1, seats);
    accept(harness.store.as_ref(), create(concert)).await;
    accept(harness.store.as_ref(), add(small)).await;
}

/// How many a tick let in.
fn admitted(outcomes: &[Result<Outcome, Rejection>]) -> u32 {
    let [Ok(Outcome::Ticked { admitted, .. })] = outcomes else { panic!("{outcomes:?}") };
    *admitted
}

/// A tick lets in as many as may be active, and the next one waits for it.
#[tokio::test]
async fn who_is_active_is_counted_after_the_wait_for_another_tick() {
    let harness = PostgresHarness::new().await;
    let mut capped = concert(1);
    capped.admission.max_active = Some(2);
    accept(harness.store.as_ref(), create(capped)).await;
    for number in 1..=4 {
        accept(harness.store.as_ref(), join(100 + number, 1, number)).await;
    }
    harness.clock.advance_millis(10_000);
    let other = harness.replica().await;
    let mut ticking = begin(&other).await;
    write(ticking.as_mut(), &[tick(1)]).await;
    harness.clock.advance_millis(10_000);
    let active = [Key::ActiveCount(concert_id())];
    let outcomes = after_loading_at_once(&harness, ticking, &active, &[tick(1)]).await;
    assert_eq!(admitted(&outcomes), 0, "two are active");
}

/// Whoever leaves while a tick is loading has left a slot.
#[tokio::test]
async fn who_is_active_is_counted_after_the_wait_for_who_leaves() {
    let harness = PostgresHarness::new().await;
    let mut capped = concert(1);
    capped.admission.max_active = Some(2);
    accept(harness.store.as_ref(), create(capped)).await;
    admit(&harness, &[1, 2]).await;
    accept(harness.store.as_ref(), join(103, 1, 3)).await;
    let other = harness.replica().await;
    let mut leaving = begin(&other).await;
    write(leaving.as_mut(), &[leave(101)]).await;
    harness.clock.advance_millis(10_000);
    let keys = [
        Key::ExpiringTickets { concert_id: concert_id(), limit: TICK_CHUNK },
        Key::ActiveCount(concert_id()),
    ];
    let outcomes = after_loading_at_once(&harness, leaving, &keys, &[tick(1)]).await;
    assert_eq!(admitted(&outcomes), 1, "for who left");
}

/// An admission that looks at what is left must not promise seats that somebody takes while it loads.
#[tokio::test]
async fn what_is_held_is_counted_after_the_wait_for_who_holds() {
    let harness = PostgresHarness::new().await;
    let mut aware = concert(1);
    aware.admission.inventory_aware = true;
    hall_of(&harness, aware, 4).await;
    admit(&harness, &[1, 2]).await;
    for number in [3, 4] {
        accept(harness.store.as_ref(), join(100 + number, 1, number)).await;
    }
    let other = harness.replica().await;
    let mut holding = begin(&other).await;
    write(holding.as_mut(), &[hold(201, 10, 101, 1, &[1, 2, 3])]).await;
    harness.clock.advance_millis(10_000);
    let keys = [
        Key::ExpiringTickets { concert_id: concert_id(), limit: TICK_CHUNK },
        Key::ActiveHolds(concert_id()),
    ];
    let outcomes = after_loading_at_once(&harness, holding, &keys, &[tick(1)]).await;
    assert_eq!(admitted(&outcomes), 0, "the seat that is left is for the other one who is active");
}

/// The look after the last payment waits for somebody who joins. One that counted in the statement that
/// locks would find a seat unsold, and nobody would look again.
#[tokio::test]
async fn what_is_sold_is_counted_after_the_wait_for_the_queue() {
    let harness = PostgresHarness::new().await;
    hall_of(&harness, concert(1), 1).await;
    admit(&harness, &[1]).await;
    take(&harness, 1, &[1]).await;
    accept(harness.store.as_ref(), charge(1, 1, PRICE)).await;
    let other = harness.replica().await;
    let mut joining = begin(&other).await;
    write(joining.as_mut(), &[join(102, 1, 2)]).await;
    let mut transaction = begin(harness.store.as_ref()).await;
    let refresh = [Command::RefreshSoldOut { concert_id: concert_id() }];
    let mut looking = Box::pin(decide_all(transaction.as_mut(), &refresh));
    assert!(waits(looking.as_mut()).await, "nothing was locked");
    accept(&other, pay(301, 201, 101, 1, 1)).await;
    joining.commit().await.unwrap();
    let outcomes = looking.await.outcomes;
    assert_eq!(outcomes, [Ok(Outcome::SoldOutRefreshed { sold_out: true })]);
}
