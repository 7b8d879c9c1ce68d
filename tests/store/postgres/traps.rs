//! The known traps of several writers on one database. In each, one waits for what the other has locked,
//! and must then decide on what the other left behind, not on what there was before the wait.

use super::counts::after_loading_at_once;
use super::*;
use crate::driver::run;
use crate::fixture::{PRICE, concert, create, hold, pay, schedule, tick};
use frontrow_core::policy::TICK_CHUNK;
use frontrow_core::queue::TicketState;
use frontrow_core::{Mode, Outcome, Rejection};
use frontrow_server::execute::{Executor, Limits};
use futures_util::future::join_all;

/// Decides `commands` on another replica while `other` has its rows locked, lets `other` commit, and commits
/// too. What the commands came to.
async fn after_waiting_for(
    harness: &PostgresHarness,
    other: Box<dyn Transaction>,
    commands: &[Command],
) -> Vec<Result<Outcome, Rejection>> {
    let mut transaction = begin(harness.store.as_ref()).await;
    let mut deciding = Box::pin(decide_all(transaction.as_mut(), commands));
    assert!(waits(deciding.as_mut()).await, "nothing was locked");
    other.commit().await.unwrap();
    let mut decided = deciding.await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    transaction.commit().await.unwrap();
    decided.outcomes
}

/// Somebody's payment of three seats is under way; they join again, are let in and want two more, of at most
/// four. A limit that counted in the statement that locks would count what was there before the wait.
#[tokio::test]
async fn what_somebody_owns_is_counted_after_the_wait_for_their_payment() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1]).await;
    take(&harness, 1, &[1, 2, 3]).await;
    accept(harness.store.as_ref(), charge(1, 1, 3 * PRICE)).await;
    // Whoever joins at the instant of a tick is let in by it.
    harness.clock.advance_millis(10_000);
    let other = harness.replica().await;
    let mut paying = begin(&other).await;
    write(paying.as_mut(), &[pay(301, 201, 101, 1, 3)]).await;
    let commands = [join(111, 1, 1), tick(1), hold(211, 10, 111, 1, &[4, 5])];
    let owned = [Key::OwnedSeats(concert_id(), user(1))];
    let outcomes = after_loading_at_once(&harness, paying, &owned, &commands).await;
    assert_eq!(outcomes[2], Err(Rejection::SeatLimitExceeded { limit: 4 }));
}

/// The tick finds a ticket that is due, and waits for its holder, whose hold makes it live longer.
#[tokio::test]
async fn a_ticket_that_a_hold_extends_while_the_tick_runs_takes_up_its_slot() {
    let harness = PostgresHarness::new().await;
    let mut capped = concert(1);
    capped.admission.max_active = Some(2);
    accept(harness.store.as_ref(), create(capped)).await;
    accept(harness.store.as_ref(), crate::fixture::add(schedule(10, 1))).await;
    admit(&harness, &[1, 2]).await;
    accept(harness.store.as_ref(), join(103, 1, 3)).await;
    accept(harness.store.as_ref(), join(104, 1, 4)).await;
    // In the last moment of the 60 active seconds. The hold lives for 300.
    harness.clock.advance_millis(59_999);
    let other = harness.replica().await;
    let mut holding = begin(&other).await;
    write(holding.as_mut(), &[hold(201, 10, 101, 1, &[1])]).await;
    harness.clock.advance_millis(1);
    let keys = [
        Key::ExpiringTickets { concert_id: concert_id(), limit: TICK_CHUNK },
        Key::ActiveCount(concert_id()),
    ];
    let outcomes = after_loading_at_once(&harness, holding, &keys, &[tick(1)]).await;
    let Ok(Outcome::Ticked { admitted, .. }) = outcomes[0] else { panic!("{outcomes:?}") };
    assert_eq!(admitted, 1, "for the ticket that ran out");
    let (rows, _) = harness.store.rows().await.unwrap();
    let is_active = |number| {
        let ticket = rows.tickets().get(ticket_of(number)).unwrap();
        matches!(ticket.state, TicketState::Active { .. })
    };
    assert_eq!([1, 2, 3, 4].map(is_active), [true, false, true, false]);
    assert_rows_follow_from_the_journal(&harness, harness.store.as_ref()).await;
}

/// The old holder pays at the last moment, and two want both seats as soon as they lapse.
#[tokio::test]
async fn seats_that_were_paid_meanwhile_are_not_lapsed() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &[1]).await;
    take(&harness, 1, &[1, 2]).await;
    accept(harness.store.as_ref(), charge(1, 1, 2 * PRICE)).await;
    // Two more are let in ten seconds before the hold lapses.
    harness.clock.advance_millis(290_000);
    for number in [3, 4] {
        accept(harness.store.as_ref(), join(100 + number, 1, number)).await;
    }
    accept(harness.store.as_ref(), tick(1)).await;
    harness.clock.advance_millis(9_999);
    let other = harness.replica().await;
    let mut paying = begin(&other).await;
    write(paying.as_mut(), &[pay(301, 201, 101, 1, 2)]).await;
    // While the payment is under way it does.
    harness.clock.advance_millis(1);
    let wanted = [hold(203, 10, 103, 3, &[1, 2]), hold(204, 10, 104, 4, &[2, 1])];
    let held = after_waiting_for(&harness, paying, &wanted).await;
    for outcome in held {
        assert!(matches!(outcome, Err(Rejection::SeatTaken { .. })), "{outcome:?}");
    }
    assert_rows_follow_from_the_journal(&harness, harness.store.as_ref()).await;
}

/// Both payments see the other's seat unsold, so neither of them can tell that the last one went.
#[tokio::test]
async fn of_two_last_payments_none_tells_that_all_is_sold_and_the_look_afterwards_does() {
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    // Of 15 seats.
    let users: Vec<u128> = (1..=4).collect();
    admit(&harness, &users).await;
    for (user, seats) in
        users.iter().zip([&[1, 2, 3, 4][..], &[5, 6, 7, 8], &[9, 10, 11, 12], &[13, 14, 15]])
    {
        let count = u64::try_from(seats.len()).unwrap();
        take(&harness, *user, seats).await;
        accept(harness.store.as_ref(), charge(*user, *user, count * PRICE)).await;
    }
    accept(harness.store.as_ref(), pay(301, 201, 101, 1, 4)).await;
    accept(harness.store.as_ref(), pay(302, 202, 102, 2, 4)).await;
    let other = harness.replica().await;
    let (mut here, mut there) = (begin(harness.store.as_ref()).await, begin(&other).await);
    write(here.as_mut(), &[pay(303, 203, 103, 3, 4)]).await;
    write(there.as_mut(), &[pay(304, 204, 104, 4, 3)]).await;
    here.commit().await.unwrap();
    there.commit().await.unwrap();
    let is_sold_out = async || {
        let (_, queue) = harness.store.concert(concert_id()).await.unwrap().unwrap();
        queue.sold_out
    };
    assert!(!is_sold_out().await);
    let refresh = Command::RefreshSoldOut { concert_id: concert_id() };
    accept(harness.store.as_ref(), refresh).await;
    assert!(is_sold_out().await);
    assert_rows_follow_from_the_journal(&harness, harness.store.as_ref()).await;
}

/// Two name the same rows in opposite order, and somebody else has one of them, so that both have to wait in
/// the middle. Then neither waits for the other in a circle, which the database would end by undoing one.
#[tokio::test]
async fn rows_named_in_opposite_order_are_no_deadlock() {
    const ROWS: u128 = 6;
    let harness = PostgresHarness::new().await;
    hall(&harness).await;
    admit(&harness, &(1..=ROWS).collect::<Vec<_>>()).await;
    for number in 1..=ROWS {
        take(&harness, number, &[u32::try_from(number).unwrap()]).await;
        accept(harness.store.as_ref(), charge(number, number, 1)).await;
        accept(harness.store.as_ref(), create(concert(20 + number))).await;
    }
    let kinds: [fn(u128) -> Key; 6] = [
        |number| Key::Queue(id(20 + number)),
        |number| Key::Concert(id(20 + number), Mode::Write),
        |number| Key::Ticket(ticket_of(number)),
        |number| Key::Reservation(reservation_of(number)),
        |number| Key::Seat(schedule_id(), u32::try_from(number).unwrap()),
        |number| Key::Wallet(user(number)),
    ];
    let others = [harness.replica().await, harness.replica().await];
    for kind in kinds {
        for middle in 1..=ROWS {
            let mut first = begin(harness.store.as_ref()).await;
            first.load(&mut State::partial(), &[kind(middle)]).await.unwrap();
            let forth: Vec<Key> = (1..=ROWS).map(kind).collect();
            let back: Vec<Key> = (1..=ROWS).rev().map(kind).collect();
            let loads = others.iter().zip([forth, back]).map(async |(other, keys)| {
                let mut transaction = begin(other).await;
                transaction.load(&mut State::partial(), &keys).await
            });
            let mut loading = Box::pin(join_all(loads));
            assert!(waits(loading.as_mut()).await, "nothing was locked");
            drop(first);
            let loaded = loading.await;
            assert!(loaded.iter().all(Result::is_ok), "{:?}: {loaded:?}", kind(middle));
        }
    }
}

/// Two lanes get charges of the same wallets in opposite order. Each locks what all commands of a batch need
/// together, and not for one after the other. A deadlock would be mended by running the batch again, so that
/// it shows in nothing but what the database counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wallets_used_in_two_lanes_in_opposite_order_are_no_deadlock() {
    let harness = PostgresHarness::new().await;
    let users: Vec<u128> = (1..=20).collect();
    let first: Vec<Command> = users.iter().map(|user| charge(*user, *user, 1)).collect();
    run(harness.store.as_ref(), &first).await;
    let mut lanes = Vec::new();
    for lane in [1_u128, 2] {
        let store: Arc<dyn Store> = Arc::new(harness.replica().await);
        let mut users = users.clone();
        if lane == 2 {
            users.reverse();
        }
        lanes.push(tokio::spawn(async move {
            let limits = Limits { lanes: 1, ..Limits::default() };
            let executor = Executor::start(&store, Vec::new(), limits);
            for round in 0..20_u128 {
                let charges =
                    users.iter().map(|user| charge(lane << 64 | round << 32 | user, *user, 1));
                let answers = join_all(charges.map(|charge| executor.execute(charge))).await;
                assert!(answers.iter().all(Result::is_ok), "{answers:?}");
            }
            executor.shut_down().await;
            store.close().await;
        }));
    }
    for lane in lanes {
        lane.await.unwrap();
    }
    for number in users {
        assert_eq!(harness.store.wallet(user(number)).await.unwrap().unwrap().balance.get(), 41);
    }
    harness.store.close().await;
    assert_no_deadlocks(&harness).await;
}

/// A connection tells what it counted when it ends, so every store must be closed.
async fn assert_no_deadlocks(harness: &PostgresHarness) {
    let is_alone = "DO $$ BEGIN ASSERT NOT EXISTS (
             SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
         ); END $$";
    while harness.raw(is_alone.to_owned()).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let none = "DO $$ BEGIN ASSERT (
             SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()
         ) = 0, 'there were deadlocks'; END $$";
    assert_eq!(harness.raw(none.to_owned()).await, Ok(()));
}
