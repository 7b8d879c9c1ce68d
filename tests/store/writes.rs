//! What is written, and that nothing is written over what somebody else wrote.

use crate::commits::{assert_rows_follow_from_the_journal, journal};
use crate::driver::{accept, decide_only, run, write};
use crate::fixture::{
    add, admit, busy_hall, charge, concert, create, hall, hold, id, join, leave, pay, schedule,
    tick, user, withdraw,
};
use crate::harness::Harness;
use frontrow_core::concert::{AdmissionChange, Concert, ConcertChange, Notice};
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::{Amount, Command, Event, EventKind, Timestamp};
use frontrow_server::store::{Page, Store, StoreError};
use std::collections::BTreeSet;

pub async fn a_new_schedule_brings_its_seats(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    let two = [add(schedule(11, 1)), add(schedule(12, 1))];
    run(store, &two).await;
    for number in 10..=12 {
        let seats = store.seat_map(id(number)).await.unwrap();
        let numbers: Vec<u32> = seats.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (1..=15).collect::<Vec<u32>>());
        assert!(seats.iter().all(|(_, seat)| seat.value == Seat::Free && seat.version == 0));
    }
}

pub async fn seats_of_a_schedule_can_change_in_the_batch_that_brings_it(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1]).await;
    let store = h.store().as_ref();
    // Such a seat has been looked for, and is not there.
    let batch = [add(schedule(11, 1)), hold(201, 11, 101, 1, &[7, 8])];
    let outcomes = run(store, &batch).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let seats = store.seat_map(id(11)).await.unwrap();
    let now = store.now();
    let held = seats.iter().filter(|(_, seat)| seat.value.status(now) == SeatStatus::Held);
    assert_eq!(held.map(|(number, _)| *number).collect::<Vec<u32>>(), [7, 8]);
    assert_rows_follow_from_the_journal(h, store).await;
}

fn slower(concert: u128, interval_seconds: u32) -> Command {
    let admission =
        AdmissionChange { interval_seconds: Some(interval_seconds), ..AdmissionChange::default() };
    let change = ConcertChange { admission: Some(admission), ..ConcertChange::default() };
    Command::UpdateConcert { concert_id: id(concert), change }
}

/// Each of these changes a row that another one changes as well.
fn rivals() -> Vec<(&'static str, Command, Command)> {
    let expire = Command::ExpireReservation { reservation_id: id(202) };
    vec![
        ("a concert", slower(1, 20), slower(1, 30)),
        ("a queue", join(110, 1, 10), join(111, 1, 11)),
        ("a ticket", leave(105), hold(205, 10, 105, 5, &[9])),
        ("a seat", hold(204, 10, 104, 4, &[4]), withdraw(203, 3, 503)),
        ("a reservation", withdraw(202, 2, 502), expire),
        ("a wallet", charge(601, 1, 5), charge(602, 1, 7)),
    ]
}

pub async fn a_lost_update_is_a_conflict(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1, 2, 3, 4, 5]).await;
    let store = h.store().as_ref();
    accept(store, charge(401, 1, 5)).await;
    accept(store, hold(202, 10, 102, 2, &[3])).await;
    for (row, late, early) in rivals() {
        let stale = match row {
            // A seat that somebody holds until after it was loaded as free.
            "a seat" => {
                let stale = decide_only(store, &[late]).await;
                accept(store, hold(203, 10, 103, 3, &[4])).await;
                stale
            }
            _ => decide_only(store, &[late]).await,
        };
        assert!(!stale.journal.is_empty(), "{row}");
        if row == "a reservation" {
            h.clock().advance_millis(300_000);
        }
        let outcomes = run(store, &[early]).await;
        assert!(outcomes[0].is_ok(), "{row}: {outcomes:?}");
        let before = journal(store).await;
        match write(store, stale).await {
            Err(StoreError::Conflict(_)) => {}
            other => panic!("{row}: {other:?}"),
        }
        assert_eq!(journal(store).await, before, "{row}");
        assert_rows_follow_from_the_journal(h, store).await;
    }
}

pub async fn a_row_that_came_to_be_in_between_is_a_conflict(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    let rivals = [
        (create(concert(2)), create(concert(2))),
        (add(schedule(11, 1)), add(schedule(11, 1))),
        (charge(1, 1, 5), charge(2, 1, 5)),
    ];
    for (late, early) in rivals {
        let stale = decide_only(store, &[late]).await;
        accept(store, early).await;
        match write(store, stale).await {
            Err(StoreError::Conflict(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_rows_follow_from_the_journal(h, store).await;
}

pub async fn many_rows_are_written_at_once(h: &impl Harness) {
    let store = h.store().as_ref();
    let mut first = vec![create(concert(1)), add(schedule(10, 1)), create(concert(2))];
    first.extend((1..=300).map(|user| join(1_000 + user, 1, user)));
    first.extend((1..=300).map(|user| charge(2_000 + user, user, u64::from(u32::MAX) * 1_000_000)));
    let outcomes = run(store, &first).await;
    assert!(outcomes.iter().all(Result::is_ok));
    h.clock().advance_millis(10_000);
    let mut second = vec![tick(1)];
    second.extend((1..=300).map(|user| charge(3_000 + user, user, 1)));
    second.extend((1..=15).map(|seat| {
        let user = u128::from(seat);
        hold(4_000 + user, 10, 1_000 + user, user, &[seat])
    }));
    let outcomes = run(store, &second).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_rows_follow_from_the_journal(h, store).await;
    let wallet = store.wallet(user(300)).await.unwrap().unwrap();
    assert_eq!(wallet.balance, Amount::new(4_294_967_295_000_001).unwrap());
}

/// Asserts that the first concert is told as it is, wherever concerts are read.
async fn assert_concert_is(store: &dyn Store, expected: &Concert) {
    assert_eq!(store.concert(id(1)).await.unwrap().unwrap().0, *expected);
    let page = Page { limit: 10, after: None };
    assert_eq!(store.concerts(page).await.unwrap()[0].0, *expected);
    let (rows, _) = store.rows().await.unwrap();
    assert_eq!(rows.concerts().get(id(1)), Some(expected));
}

pub async fn a_notice_and_a_drain_come_back_as_they_were_set(h: &impl Harness) {
    let store = h.store().as_ref();
    let in_korean = || "\"따옴표\"와 {\"괄호\"}".to_owned();
    let notice = |en: &str| Some(Notice { ko: in_korean(), en: en.to_owned() });
    let mut expected = Concert { draining: true, notice: notice("true"), ..concert(1) };
    accept(store, create(expected.clone())).await;
    for notice in [notice("17"), None, notice("null")] {
        assert_concert_is(store, &expected).await;
        expected = Concert { draining: !expected.draining, notice, ..expected };
        let change = ConcertChange {
            draining: Some(expected.draining),
            notice: Some(expected.notice.clone()),
            ..ConcertChange::default()
        };
        accept(store, Command::UpdateConcert { concert_id: id(1), change }).await;
    }
    assert_concert_is(store, &expected).await;
    assert_rows_follow_from_the_journal(h, store).await;
}

/// Every kind of event, once.
pub async fn every_event_survives_the_journal(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    run(store, &[slower(1, 30)]).await;
    let pause = |paused| ConcertChange { paused: Some(paused), ..ConcertChange::default() };
    let update = |change| Command::UpdateConcert { concert_id: id(1), change };
    run(store, &[update(pause(true))]).await;
    h.clock().advance_millis(1_000_000);
    run(store, &[update(pause(false))]).await;
    run(store, &[Command::ExpireTicket { ticket_id: id(105) }]).await;
    run(store, &[Command::ExpireReservation { reservation_id: id(202) }]).await;
    sell_out_concert_two(h).await;
    let kinds: BTreeSet<String> = journal(store)
        .await
        .iter()
        .map(|event| serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds.len(), 17, "{kinds:?}");
    assert_rows_follow_from_the_journal(h, store).await;
}

/// One person buys the only seat of a concert.
async fn sell_out_concert_two(h: &impl Harness) {
    let store = h.store().as_ref();
    let mut small = schedule(20, 2);
    small.starts_at = Timestamp::from_millis(253_402_300_799_999);
    small.sections.truncate(1);
    (small.sections[0].rows, small.sections[0].seats_per_row) = (1, 1);
    accept(store, create(concert(2))).await;
    accept(store, add(small)).await;
    accept(store, join(121, 2, 1)).await;
    h.clock().advance_millis(10_000);
    accept(store, tick(2)).await;
    accept(store, hold(221, 20, 121, 1, &[1])).await;
    accept(store, charge(421, 1, 1_000)).await;
    accept(store, pay(321, 221, 121, 1, 1)).await;
    accept(store, Command::RefreshSoldOut { concert_id: id(2) }).await;
    let (_, queue) = store.concert(id(2)).await.unwrap().unwrap();
    assert!(queue.sold_out);
    let is_sold =
        |event: &&Event| matches!(event.kind, EventKind::SoldOutChanged { sold_out: true, .. });
    assert_eq!(journal(store).await.iter().filter(is_sold).count(), 1);
}
