//! Waiting for what others have locked, and then seeing it as they left it.

use super::*;

/// An equal request elsewhere changes the same rows: who waits for them then finds its answer.
#[tokio::test]
async fn the_reply_to_an_equal_request_is_found_after_the_wait_for_its_rows() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    accept(store, charge(1, 1, 5)).await;
    let kept = reply_to(1, "a");
    let mut first = begin(store).await;
    let mut charged = decide_all(first.as_mut(), &[charge(2, 1, 5)]).await;
    let replies = std::slice::from_ref(&kept);
    first.write(&mut charged.state, &charged.journal, replies).await.unwrap();
    let mut second = begin(&other).await;
    {
        let equal = [charge(3, 1, 5)];
        let mut deciding = Box::pin(decide_all(second.as_mut(), &equal));
        assert!(waits(deciding.as_mut()).await);
        first.commit().await.unwrap();
        deciding.await;
    }
    assert_eq!(second.replies(&[key_of(1, "a")]).await.unwrap(), [Some(kept)]);
}

#[tokio::test]
async fn settling_waits_for_the_old_transaction() {
    let harness = PostgresHarness::new().await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    for commits in [true, false] {
        let batch = new_batch();
        let mut old = store.begin(batch, Concurrency::Pessimistic).await.unwrap();
        write(old.as_mut(), &[charge(u128::from(commits), 1, 5)]).await;
        let mut settling = pin!(other.settle(batch));
        assert!(waits(settling.as_mut()).await);
        if commits {
            old.commit().await.unwrap();
            assert_eq!(settling.await.unwrap(), Settlement::Committed);
        } else {
            drop(old);
            assert_eq!(settling.await.unwrap(), Settlement::NotCommitted);
        }
    }
}

#[tokio::test]
async fn a_list_is_whole_after_waiting_for_who_leaves_it() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    for number in 1..=5 {
        accept(store, join(100 + number, 1, number)).await;
    }
    let mut leaving = begin(&other).await;
    write(leaving.as_mut(), &[leave(101), leave(103)]).await;
    let key = Key::WaitingTickets { concert_id: concert_id(), after: 0, limit: 3 };
    let mut transaction = begin(store).await;
    let mut state = State::partial();
    {
        let keys = [key];
        let mut loading = pin!(transaction.load(&mut state, &keys));
        assert!(waits(loading.as_mut()).await);
        leaving.commit().await.unwrap();
        loading.await.unwrap();
    }
    // The three that are first in line now, and not the one that was left of the first three before.
    let loaded: Vec<_> = [2, 4, 5].iter().map(|number| ticket_of(*number)).collect();
    assert!(loaded.iter().all(|id| state.tickets().get(*id).is_some()));
    assert!(state.tickets().get(ticket_of(1)).is_none(), "who left stands in no list");
    // Whether there are more is not known, since the list was full.
    assert!(!state.has(&Key::WaitingTickets { concert_id: concert_id(), after: 5, limit: 3 }));
}

#[tokio::test]
async fn a_ticket_that_a_hold_extends_meanwhile_is_listed_where_it_then_belongs() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1, 2, 3]).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    let mut holding = begin(&other).await;
    // The hold lives for 300 seconds, longer than the active time of 60.
    write(holding.as_mut(), &[crate::fixture::hold(201, 10, 101, 1, &[1])]).await;
    let mut transaction = begin(store).await;
    let mut state = State::partial();
    {
        let keys = [Key::ExpiringTickets { concert_id: concert_id(), limit: 2 }];
        let mut loading = pin!(transaction.load(&mut state, &keys));
        assert!(waits(loading.as_mut()).await);
        holding.commit().await.unwrap();
        loading.await.unwrap();
    }
    let listed = |number| state.tickets().get(ticket_of(number)).is_some();
    assert_eq!([listed(1), listed(2), listed(3)], [false, true, true]);
}

#[tokio::test]
async fn a_live_ticket_that_ends_meanwhile_is_none() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    let (store, other) = (harness.store.as_ref(), harness.replica().await);
    accept(store, join(101, 1, 1)).await;
    let mut leaving = begin(&other).await;
    write(leaving.as_mut(), &[leave(101)]).await;
    let mut joining = begin(store).await;
    let command = [join(111, 1, 1)];
    let mut deciding = Box::pin(decide_all(joining.as_mut(), &command));
    assert!(waits(deciding.as_mut()).await);
    leaving.commit().await.unwrap();
    let mut decided = deciding.await;
    assert!(decided.outcomes[0].is_ok(), "{:?}", decided.outcomes);
    joining.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    joining.commit().await.unwrap();
    assert!(store.ticket(id(111)).await.unwrap().unwrap().is_stored_live());
}

#[tokio::test]
async fn a_row_that_stays_locked_is_a_conflict() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1]).await;
    take(&harness, 1, &[1]).await;
    let other = harness.replica().await;
    let mut releasing = begin(&other).await;
    write(releasing.as_mut(), &[withdraw(201, 1, 501)]).await;
    let mut transaction = begin(harness.store.as_ref()).await;
    let keys = [Key::Ticket(ticket_of(1))];
    let refused = transaction.load(&mut State::partial(), &keys).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn what_another_replica_is_writing_is_not_told_as_due() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1, 2]).await;
    for number in [1, 2] {
        take(&harness, number, &[u32::try_from(number).unwrap()]).await;
    }
    harness.clock.advance_millis(400_000);
    let (store, now) = (harness.store.as_ref(), harness.clock.now());
    let other = harness.replica().await;
    let mut sweeping = begin(&other).await;
    let sweep = [
        Command::ExpireTicket { ticket_id: ticket_of(1) },
        Command::ExpireReservation { reservation_id: reservation_of(1) },
    ];
    write(sweeping.as_mut(), &sweep).await;
    // Nobody waits for the other replica, and the rest is told up to the limit.
    assert_eq!(store.due_tickets(now, 1).await.unwrap(), [ticket_of(2)]);
    assert_eq!(store.due_reservations(now, 1).await.unwrap(), [reservation_of(2)]);
    drop(sweeping);
}
