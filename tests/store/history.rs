//! The journal and the tickets of concerts that are history, pruned behind checkpoints.

use crate::commits::journal;
use crate::driver::accept;
use crate::fixture::{
    START, add, admit, buy, charge, concert, concert_id, create, hall, id, join, leave,
    reservation_of, schedule, take, ticket_of, user,
};
use crate::harness::Harness;
use frontrow_core::audit::Report;
use frontrow_core::concert::ConcertChange;
use frontrow_core::{Command, ConcertId};
use frontrow_server::audit;
use frontrow_server::prune::{self, Pruned};
use frontrow_server::store::{Store, Swept};

const KEEP_DAYS: u32 = 30;
const DAY_MILLIS: i64 = 86_400_000;

fn change(concert: u128, change: ConcertChange) -> Command {
    Command::UpdateConcert { concert_id: id(concert), change }
}

fn close(concert: u128) -> Command {
    change(concert, ConcertChange { closed: Some(true), ..ConcertChange::default() })
}

/// Concert 1, which will be history in 50 days: users 1 and 2 bought, 3's hold ran out, 4 left, 5 waits for ever. Concert 2
/// is not closed; user 6 waits in it.
async fn past_sale(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1, 2, 3]).await;
    let store = h.store().as_ref();
    buy(h, 1, &[1, 2]).await;
    buy(h, 2, &[5]).await;
    take(h, 3, &[7]).await;
    accept(store, join(104, 1, 4)).await;
    accept(store, leave(104)).await;
    accept(store, join(105, 1, 5)).await;
    accept(store, close(1)).await;
    accept(store, create(concert(2))).await;
    accept(store, join(106, 2, 6)).await;
    h.clock().advance_millis(1_000_000);
    accept(store, Command::ExpireReservation { reservation_id: reservation_of(3) }).await;
    accept(store, Command::ExpireTicket { ticket_id: ticket_of(3) }).await;
    h.clock().advance_millis(50 * DAY_MILLIS);
}

async fn pruned(store: &dyn Store) -> Pruned {
    prune::run(store, KEEP_DAYS).await.unwrap().unwrap()
}

async fn assert_sound(store: &dyn Store) -> Report {
    let report = audit::run(store).await.unwrap();
    assert!(report.ok, "{report:#?}");
    assert_eq!(audit::run_in_passes_of(store, 3).await.unwrap(), report);
    report
}

/// The kinds of what the journal has, each once.
async fn kinds(store: &dyn Store) -> Vec<&'static str> {
    let mut kinds: Vec<_> = journal(store).await.iter().map(|event| event.kind.name()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

pub async fn history_is_pruned_and_what_is_left_is_proved(h: &impl Harness) {
    // Given a concert that is history, and one that is not
    past_sale(h).await;
    let store = h.store().as_ref();
    let (before, (rows, _)) = (journal(store).await, store.rows().await.unwrap());
    assert_sound(store).await;

    // When it is pruned
    let Pruned { checkpoints, events, tickets } = pruned(store).await;

    // Then its tickets and most of its journal are gone
    let left = journal(store).await;
    assert_eq!((checkpoints, tickets), (1, 5));
    assert_eq!(left.len() + usize::try_from(events).unwrap(), before.len());
    assert_eq!(
        kinds(store).await,
        ["concert_changed", "concert_created", "schedule_added", "ticket_issued", "transferred",],
        "somebody waits in the other concert"
    );
    assert!(left.iter().all(|event| before.contains(event)));
    assert_eq!(store.ticket(ticket_of(1)).await.unwrap(), None);
    assert!(store.ticket(ticket_of(6)).await.unwrap().is_some());

    // ... all else is there, and proved
    assert_sound(store).await;
    let (after, _) = store.rows().await.unwrap();
    assert_eq!(after.reservations().differences(rows.reservations()), []);
    assert_eq!(after.seats().differences(rows.seats()), []);
    assert_eq!(after.queues().differences(rows.queues()), []);
    assert_eq!(after.transfers(), rows.transfers());

    // ... and nothing is left to prune.
    assert_eq!(pruned(store).await, Pruned::default());
}

pub async fn what_is_no_history_yet_is_not_pruned(h: &impl Harness) {
    past_sale(h).await;
    let store = h.store().as_ref();
    let before = journal(store).await;
    let pruned = prune::run(store, 60).await.unwrap().unwrap();
    assert_eq!(pruned, Pruned::default());
    assert_eq!(store.checkpointed().await.unwrap(), Vec::<ConcertId>::new());
    let swept = store.sweep_journal(0, u32::MAX).await.unwrap();
    assert_eq!(swept.unwrap().deleted, 0, "there is no checkpoint");
    assert_eq!(store.prune_tickets(concert_id(), 100).await.unwrap(), 0);
    assert_eq!(journal(store).await, before);
}

pub async fn pruning_that_was_interrupted_is_proved_at_every_step_and_finished(h: &impl Harness) {
    past_sale(h).await;
    let store = h.store().as_ref();
    let entries = journal(store).await.len() as u64;
    let (audit, _) = audit::in_one_pass(store).await.unwrap();
    store.put_checkpoint(&audit.checkpoint(concert_id()).unwrap()).await.unwrap();
    assert_eq!(store.checkpointed().await.unwrap(), [concert_id()]);
    assert_sound(store).await;
    let (mut after, mut deleted, mut sweeps) = (0, 0, 0);
    while let Some(swept) = store.sweep_journal(after, 3).await.unwrap() {
        assert!(swept.deleted <= 3 && swept.through > after, "{swept:?}");
        (after, deleted, sweeps) = (swept.through, deleted + swept.deleted, sweeps + 1);
        assert_sound(store).await;
        if sweeps == 3 {
            break;
        }
    }
    assert_eq!(store.prune_tickets(concert_id(), 2).await.unwrap(), 2);
    assert_sound(store).await;

    let Pruned { checkpoints, events, tickets } = pruned(store).await;
    assert_eq!((checkpoints, tickets), (0, 3));
    assert_eq!(deleted + events + journal(store).await.len() as u64, entries);
    assert_sound(store).await;
    let end = store.sweep_journal(after + 1_000, 3).await.unwrap();
    assert_eq!(end, None::<Swept>);
}

pub async fn what_comes_after_a_checkpoint_is_proved_by_the_journal(h: &impl Harness) {
    past_sale(h).await;
    let store = h.store().as_ref();
    pruned(store).await;
    let mut later = schedule(11, 1);
    later.starts_at = START.plus_seconds(90_000_000);
    accept(store, add(later)).await;
    accept(store, Command::RefreshSoldOut { concert_id: concert_id() }).await;
    let paused = ConcertChange { paused: Some(true), ..ConcertChange::default() };
    accept(store, change(1, paused)).await;
    accept(store, charge(901, 1, 7)).await;
    assert_sound(store).await;
    h.clock().advance_millis(DAY_MILLIS);
    assert_eq!(pruned(store).await, Pruned::default());
    assert_sound(store).await;
}

pub async fn rows_that_are_not_as_their_checkpoint_tells_are_found(h: &impl Harness) {
    past_sale(h).await;
    let store = h.store().as_ref();
    pruned(store).await;
    let thief = user(9);
    for (tampering, repair) in [
        (
            format!(
                "UPDATE reservations SET user_id = '{thief}' WHERE id = '{}'",
                reservation_of(1)
            ),
            format!(
                "UPDATE reservations SET user_id = '{}' WHERE id = '{}'",
                user(1),
                reservation_of(1)
            ),
        ),
        (
            "UPDATE queues SET next_number = next_number + 1".to_owned(),
            "UPDATE queues SET next_number = next_number - 1".to_owned(),
        ),
        (
            "UPDATE seats SET version = version + 1 WHERE number = 7".to_owned(),
            "UPDATE seats SET version = version - 1 WHERE number = 7".to_owned(),
        ),
    ] {
        h.raw(tampering.clone()).await.unwrap();
        let report = audit::run(store).await.unwrap();
        assert!(!report.ok, "{tampering}");
        assert_eq!(prune::run(store, KEEP_DAYS).await.unwrap(), Err(report));
        h.raw(repair).await.unwrap();
        assert_sound(store).await;
    }
}

pub async fn only_what_a_checkpoint_tells_can_be_deleted(h: &impl Harness) {
    past_sale(h).await;
    let store = h.store().as_ref();
    let delete = |kind: &str| format!("DELETE FROM journal WHERE kind = '{kind}'");
    let refused = h.raw(delete("ticket_left")).await.unwrap_err();
    assert!(refused.contains("journal_is_append_only"), "there is no checkpoint: {refused}");
    pruned(store).await;
    for kind in kinds(store).await {
        let refused = h.raw(delete(kind)).await.unwrap_err();
        assert!(refused.contains("journal_is_append_only"), "{kind}: {refused}");
    }
    for sql in [
        "UPDATE checkpoints SET queue_changed_at = 0",
        "DELETE FROM checkpoints",
        "UPDATE checkpoint_parts SET rows = '[]'",
        "DELETE FROM checkpoint_parts",
    ] {
        let refused = h.raw(sql.to_owned()).await.unwrap_err();
        assert!(refused.contains("checkpoints_are_append_only"), "{sql}: {refused}");
    }
    assert_sound(store).await;
}
