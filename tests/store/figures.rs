//! Derived figures, by what is decided on them.

use crate::driver::{accept, run};
use crate::fixture::{
    START, add, admit, buy, charge, concert, create, hall, hold, id, join, leave, pay, schedule,
    take, tick, ticket_of, withdraw,
};
use crate::harness::Harness;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::{Command, Outcome, Rejection};
use frontrow_server::store::Store;

/// A performance with one row of so many seats.
fn one_row(number: u128, concert: u128, seats: u32) -> Schedule {
    let mut schedule = schedule(number, concert);
    schedule.sections.truncate(1);
    (schedule.sections[0].rows, schedule.sections[0].seats_per_row) = (1, seats);
    schedule
}

async fn is_sold_out(store: &dyn Store) -> bool {
    match accept(store, Command::RefreshSoldOut { concert_id: id(1) }).await {
        Outcome::SoldOutRefreshed { sold_out } => sold_out,
        other => panic!("{other:?}"),
    }
}

pub async fn inventory_counts_the_seats_of_all_schedules_and_those_sold(h: &impl Harness) {
    let store = h.store().as_ref();
    accept(store, create(concert(1))).await;
    assert!(!is_sold_out(store).await, "a concert without seats");
    accept(store, add(one_row(10, 1, 1))).await;
    admit(h, &[1, 2]).await;
    take(h, 1, &[1]).await;
    assert!(!is_sold_out(store).await, "held is not sold");
    accept(store, charge(401, 1, 1_000)).await;
    accept(store, pay(301, 201, 101, 1, 1)).await;
    assert!(is_sold_out(store).await);
    accept(store, add(one_row(11, 1, 1))).await;
    assert!(!is_sold_out(store).await, "a new schedule");
    accept(store, hold(202, 11, 102, 2, &[1])).await;
    accept(store, charge(402, 2, 1_000)).await;
    accept(store, pay(302, 202, 102, 2, 1)).await;
    assert!(is_sold_out(store).await);
    accept(store, withdraw(202, 2, 502)).await;
    assert!(!is_sold_out(store).await, "a cancelled seat");
}

pub async fn owned_seats_are_those_of_confirmed_reservations_in_the_concert(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1, 2]).await;
    buy(h, 1, &[1, 2]).await;
    buy(h, 2, &[3, 4]).await;
    let store = h.store().as_ref();
    accept(store, withdraw(202, 2, 502)).await;
    for user in [1, 2] {
        accept(store, join(110 + user, 1, user)).await;
    }
    h.clock().advance_millis(10_000);
    accept(store, tick(1)).await;
    let limit = Rejection::SeatLimitExceeded { limit: 4 };
    let three = hold(211, 10, 111, 1, &[6, 7, 8]);
    assert_eq!(run(store, &[three]).await, [Err(limit.clone())]);
    accept(store, hold(211, 10, 111, 1, &[6, 7])).await;
    let five = hold(212, 10, 112, 2, &[11, 12, 13, 14, 15]);
    assert_eq!(run(store, &[five]).await, [Err(limit)]);
    accept(store, hold(212, 10, 112, 2, &[11, 12, 13, 14])).await;
    // Seats of another concert are another matter.
    accept(store, create(concert(2))).await;
    accept(store, add(schedule(20, 2))).await;
    accept(store, join(121, 2, 1)).await;
    h.clock().advance_millis(10_000);
    accept(store, tick(2)).await;
    accept(store, hold(221, 20, 121, 1, &[1, 2, 3, 4])).await;
}

async fn admitted(h: &impl Harness) -> u32 {
    h.clock().advance_millis(10_000);
    match accept(h.store().as_ref(), tick(1)).await {
        Outcome::Ticked { admitted, .. } => admitted,
        Outcome::TickIdle => 0,
        other => panic!("{other:?}"),
    }
}

/// Concert 1 by another policy, with schedule 10 of so many seats, in which so many people wait.
async fn line(h: &impl Harness, concert: Concert, seats: u32, people: u128) {
    let store = h.store().as_ref();
    accept(store, create(concert)).await;
    accept(store, add(one_row(10, 1, seats))).await;
    for user in 1..=people {
        accept(store, join(100 + user, 1, user)).await;
    }
}

pub async fn the_active_count_is_of_tickets_stored_active(h: &impl Harness) {
    let mut policy = concert(1);
    policy.admission.max_active = Some(3);
    line(h, policy, 15, 8).await;
    let store = h.store().as_ref();
    assert_eq!(admitted(h).await, 3);
    assert_eq!(admitted(h).await, 0);
    accept(store, leave(102)).await;
    assert_eq!(admitted(h).await, 1);
    buy(h, 1, &[1]).await;
    assert_eq!(admitted(h).await, 1);
    assert_eq!(admitted(h).await, 0);
}

pub async fn active_holds_leave_their_seats_out_of_what_admission_may_promise(h: &impl Harness) {
    let mut policy = concert(1);
    policy.admission.inventory_aware = true;
    line(h, policy, 4, 6).await;
    let store = h.store().as_ref();
    assert_eq!(admitted(h).await, 4);
    take(h, 1, &[1, 2, 3]).await;
    accept(store, leave(102)).await;
    // One seat is free, and two who are active hold none.
    assert_eq!(admitted(h).await, 0);
    accept(store, withdraw(201, 1, 501)).await;
    // Four seats are free, and three who are active hold none.
    assert_eq!(admitted(h).await, 1);
    assert_eq!(admitted(h).await, 0);
}

pub async fn who_was_seen_is_not_passed_over(h: &impl Harness) {
    let mut policy = concert(1);
    policy.admission.lapse_seconds = 20;
    line(h, policy, 15, 4).await;
    let store = h.store().as_ref();
    h.clock().advance_millis(30_000);
    let now = store.now();
    let marks = [
        (ticket_of(2), now),
        (ticket_of(2), START),
        (ticket_of(3), START),
        (ticket_of(4), START),
        (ticket_of(9), now),
    ];
    store.mark_seen(&marks).await.unwrap();
    store.mark_seen(&[(ticket_of(2), START), (ticket_of(4), now)]).await.unwrap();
    store.mark_seen(&[]).await.unwrap();
    let tick = Command::Tick { concert_id: id(1), served_since: START };
    let ticked = accept(store, tick).await;
    assert_eq!(ticked, Outcome::Ticked { admitted: 2, skipped: 2, expired: 0, more: false });
    // Who waits no more is no more seen, and nothing comes of it.
    store.mark_seen(&[(ticket_of(2), now)]).await.unwrap();
    let phases = [1, 2, 3, 4].map(|user| store.ticket(ticket_of(user)));
    let mut stands = Vec::new();
    for ticket in phases {
        stands.push(ticket.await.unwrap().unwrap().is_stored_live());
    }
    assert_eq!(stands, [false, true, false, true]);
}
