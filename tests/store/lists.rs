//! The reading side: single things, lists in pages, counts, and what is due.

use crate::commits::journal;
use crate::driver::{accept, run};
use crate::fixture::{
    START, add, admit, busy_hall, buy, charge, concert, concert_id, create, hall, hold, id, join,
    leave, reservation_of, schedule, schedule_id, take, tick, ticket_of, transfer_id, user,
};
use crate::harness::Harness;
use frontrow_core::concert::ConcertChange;
use frontrow_core::queue::{Counts, Ticket};
use frontrow_core::state::Stored;
use frontrow_core::{Clock, Command, ConcertId, ReservationId, TicketId, Timestamp, TransferId};
use frontrow_server::store::{Concurrency, Page, Store};
use uuid::Uuid;

/// Reads a list to its end, in pages of `$limit`.
macro_rules! paged {
    ($limit:expr, |$page:ident| $read:expr, |$item:ident| $id:expr) => {{
        let mut items = Vec::new();
        let mut after = None;
        loop {
            let $page = Page { limit: $limit, after };
            let part = $read.await.unwrap();
            assert!(part.len() <= $limit as usize);
            let Some($item) = part.last() else { break items };
            after = Some($id);
            items.extend(part);
        }
    }};
}

/// From the start, as many as there are.
const ALL: Page = Page { limit: u32::MAX, after: None };

fn after_unknown() -> Page {
    Page { limit: 10, after: Some(Uuid::from_u128(999_999)) }
}

pub async fn concerts_come_newest_first_page_by_page(h: &impl Harness) {
    let store = h.store().as_ref();
    assert_eq!(store.concerts(ALL).await.unwrap(), []);
    for number in [5, 3, 9] {
        accept(store, create(concert(number))).await;
        h.clock().advance_millis(1);
    }
    // Two of one instant are ordered by their ids.
    run(store, &[create(concert(8)), create(concert(7))]).await;
    let expected = [8, 7, 9, 3, 5].map(id::<ConcertId>);
    for limit in 1..=6 {
        let concerts = paged!(limit, |page| store.concerts(page), |item| item.0.id.0);
        let ids: Vec<ConcertId> = concerts.iter().map(|(concert, _)| concert.id).collect();
        assert_eq!(ids, expected);
        assert!(concerts.iter().all(|(concert, queue)| queue.concert_id == concert.id));
    }
    assert_eq!(store.concerts(after_unknown()).await.unwrap(), []);
    // What is new does not move the pages of who reads on.
    let page = Page { limit: 2, after: Some(id(7)) };
    let before = store.concerts(page).await.unwrap();
    h.clock().advance_millis(1);
    accept(store, create(concert(99))).await;
    assert_eq!(store.concerts(page).await.unwrap(), before);
}

pub async fn schedules_come_soonest_first(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    for (number, days) in [(11, 3), (12, 1), (13, 2), (14, 1)] {
        let starts_at = START.plus_seconds(days * 86_400);
        let schedule = frontrow_core::concert::Schedule { starts_at, ..schedule(number, 1) };
        accept(store, add(schedule)).await;
    }
    let schedules = store.schedules(concert_id()).await.unwrap();
    let ids: Vec<_> = schedules.iter().map(|schedule| schedule.id).collect();
    assert_eq!(ids, [12, 14, 13, 11, 10].map(id));
    assert_eq!(schedules[4], schedule(10, 1));
    assert_eq!(store.schedules(id(2)).await.unwrap(), []);
}

pub async fn reservations_come_newest_first_page_by_page(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    admit(h, &[1, 2]).await;
    take(h, 2, &[15]).await;
    // A new hold every 300 seconds, as the one before has run out.
    for number in [7, 5, 6] {
        accept(store, hold(number, 10, 101, 1, &[u32::try_from(number).unwrap()])).await;
        accept(store, crate::fixture::withdraw(number, 1, 500 + number)).await;
        h.clock().advance_millis(1);
    }
    let expected = [6, 5, 7].map(id::<ReservationId>);
    for limit in 1..=4 {
        let found = paged!(limit, |page| store.reservations(user(1), page), |item| item.id.0);
        assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), expected);
    }
    assert_eq!(store.reservations(user(1), after_unknown()).await.unwrap(), []);
    assert_eq!(store.reservations(user(9), ALL).await.unwrap(), []);
}

pub async fn transfers_come_newest_first_page_by_page(h: &impl Harness) {
    let store = h.store().as_ref();
    let charges = [9, 3, 5, 4].map(|number| charge(number, 1, 10));
    // Of one instant, and yet in the order in which they were made.
    run(store, &charges).await;
    accept(store, charge(6, 2, 10)).await;
    let expected = [4, 5, 3, 9].map(id::<TransferId>);
    for limit in 1..=5 {
        let found = paged!(limit, |page| store.transfers(user(1), page), |item| item.id.0);
        assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), expected);
        let balances: Vec<u64> = found.iter().map(|item| item.balance_after.get()).collect();
        assert_eq!(balances, [40, 30, 20, 10]);
    }
    assert_eq!(store.transfers(user(1), after_unknown()).await.unwrap(), []);
    assert_eq!(store.transfers(user(9), ALL).await.unwrap(), []);
}

pub async fn the_journal_comes_in_order_page_by_page(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let whole = store.journal(0, u32::MAX).await.unwrap();
    assert!(whole.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(whole.windows(2).all(|pair| pair[0].1.at <= pair[1].1.at));
    let mut pages = Vec::new();
    loop {
        let after = pages.last().map_or(0, |(position, _)| *position);
        let page = store.journal(after, 7).await.unwrap();
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    assert_eq!(pages, whole);
    assert_eq!(store.journal(u64::MAX, 1).await.unwrap(), []);
    assert_eq!(journal(store).await.len(), whole.len());
}

pub async fn a_queue_comes_with_its_tickets_and_their_versions(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let (rows, _) = store.rows().await.unwrap();
    let (concert, queue) = store.queue(concert_id()).await.unwrap().expect("it is there");
    assert_eq!(Some(&concert.value), rows.concerts().get(concert_id()));
    assert_eq!(concert.version, rows.concerts().version(concert_id()));
    assert_eq!(Some(&queue.value), rows.queues().get(concert_id()));
    assert_eq!(queue.version, rows.queues().version(concert_id()));
    assert_eq!(store.queue(id(999)).await.unwrap(), None);

    let mut tickets = Vec::new();
    loop {
        let after = tickets.last().map_or(0, |last: &Stored<Ticket>| last.value.number);
        let page = store.queue_tickets(concert_id(), after, 4).await.unwrap();
        if page.is_empty() {
            break;
        }
        tickets.extend(page);
    }
    assert!(tickets.is_sorted_by_key(|ticket| ticket.value.number));
    let of_concert = |(_, ticket): &(TicketId, &Ticket)| ticket.concert_id == concert_id();
    assert_eq!(tickets.len(), rows.tickets().iter().filter(of_concert).count());
    assert!(tickets.len() > 4 && tickets.iter().any(|ticket| ticket.version > 1));
    for ticket in &tickets {
        assert_eq!(Some(&ticket.value), rows.tickets().get(ticket.value.id));
        assert_eq!(ticket.version, rows.tickets().version(ticket.value.id));
    }
    let some = [tickets[1].clone(), tickets[3].clone()];
    let mut found = store.tickets(&[some[1].value.id, id(999), some[0].value.id]).await.unwrap();
    found.sort_by_key(|ticket| ticket.value.number);
    assert_eq!(found, some);
    assert_eq!(store.tickets(&[]).await.unwrap(), []);
}

pub async fn counts_are_of_the_queue_and_the_time(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let counts = |number, now| store.counts(concert_id(), number, now);
    let now = h.clock().now();
    assert_eq!(
        counts(7, now).await.unwrap(),
        Counts { ticket_number: 7, ahead: 0, waiting: 3, active: 3 }
    );
    assert_eq!(
        counts(9, now).await.unwrap(),
        Counts { ticket_number: 9, ahead: 2, waiting: 3, active: 3 }
    );
    // Tickets 103 and 105 run out, 102 lives as long as its hold.
    let later = now.plus_seconds(60);
    assert_eq!(
        counts(9, later).await.unwrap(),
        Counts { ticket_number: 9, ahead: 2, waiting: 3, active: 1 }
    );
    let end = now.plus_seconds(300);
    assert_eq!(
        counts(u64::MAX, end).await.unwrap(),
        Counts { ticket_number: u64::MAX, ahead: 3, waiting: 3, active: 0 }
    );
    let nobody = Counts { ticket_number: 1, ..Counts::default() };
    assert_eq!(store.counts(id(2), 1, now).await.unwrap(), nobody);
}

async fn due(store: &dyn Store, now: Timestamp) -> Vec<(ConcertId, Option<Timestamp>)> {
    let queues = store.due_queues(now).await.unwrap();
    queues.iter().map(|due| (due.concert.id, due.head_issued_at)).collect()
}

pub async fn due_queues_have_somebody_to_admit(h: &impl Harness) {
    let store = h.store().as_ref();
    for number in 1..=5 {
        accept(store, create(concert(number))).await;
    }
    accept(
        store,
        create(frontrow_core::concert::Concert {
            sale_opens_at: START.plus_seconds(100),
            ..concert(6)
        }),
    )
    .await;
    h.clock().advance_millis(5);
    for number in [1, 2, 3, 4, 6] {
        accept(store, join(100 + number, number, 1)).await;
        h.clock().advance_millis(5);
    }
    let change = |paused, closed| ConcertChange { paused, closed, ..ConcertChange::default() };
    let update = |number, change| Command::UpdateConcert { concert_id: id(number), change };
    accept(store, update(2, change(Some(true), None))).await;
    accept(store, update(3, change(None, Some(true)))).await;
    accept(store, leave(104)).await;
    let joined = |millis| Some(START.plus_millis(millis));
    // Concert 1 waits; 2 is paused, 3 closed, 4 and 5 have nobody in line, 6 opens later.
    assert_eq!(due(store, START.plus_millis(-1)).await, []);
    assert_eq!(due(store, START).await, [(id(1), joined(5))]);
    let opened = START.plus_seconds(100);
    assert_eq!(due(store, opened).await, [(id(1), joined(5)), (id(6), joined(25))]);
    h.clock().advance_millis(10_000);
    accept(store, tick(1)).await;
    assert_eq!(due(store, h.clock().now()).await, []);
    assert_eq!(due(store, opened).await, [(id(6), joined(25))]);
    the_rest_of_a_tick_is_due_at_once(h).await;
}

/// A tick that must pass over a thousand no-shows goes on, whoever waits.
async fn the_rest_of_a_tick_is_due_at_once(h: &impl Harness) {
    let store = h.store().as_ref();
    let mut policy = concert(7);
    policy.admission.lapse_seconds = 5;
    accept(store, create(policy)).await;
    let crowd: Vec<Command> = (1..=1_001).map(|user| join(10_000 + user, 7, user)).collect();
    run(store, &crowd).await;
    let joined = h.clock().now();
    h.clock().advance_millis(20_000);
    accept(store, tick(7)).await;
    let is_seven = |due: &(ConcertId, Option<Timestamp>)| due.0 == id(7);
    let early: Vec<_> = due(store, START).await.into_iter().filter(is_seven).collect();
    assert_eq!(early, [(id(7), Some(joined))]);
    accept(store, leave(11_001)).await;
    let early: Vec<_> = due(store, START).await.into_iter().filter(is_seven).collect();
    assert_eq!(early, [(id(7), None)]);
    let queue = store.due_queues(START).await.unwrap().remove(0).queue;
    assert_eq!(queue.rest.map(|rest| rest.remaining), Some(100));
}

pub async fn due_tickets_and_reservations_come_soonest_first(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let now = h.clock().now();
    let (sixty, held) = (now.plus_seconds(60), now.plus_seconds(300));
    let tickets = |now, limit| store.due_tickets(now, limit);
    assert_eq!(tickets(sixty.plus_millis(-1), 9).await.unwrap(), []);
    assert_eq!(tickets(sixty, 9).await.unwrap(), [ticket_of(3), ticket_of(5)]);
    assert_eq!(tickets(sixty, 1).await.unwrap(), [ticket_of(3)]);
    assert_eq!(tickets(held, 9).await.unwrap(), [3, 5, 2].map(ticket_of));
    let reservations = |now, limit| store.due_reservations(now, limit);
    assert_eq!(reservations(held.plus_millis(-1), 9).await.unwrap(), []);
    assert_eq!(reservations(held, 9).await.unwrap(), [reservation_of(2)]);
    h.clock().advance_millis(1);
    take(h, 5, &[9]).await;
    let later = held.plus_millis(1);
    assert_eq!(reservations(later, 9).await.unwrap(), [2, 5].map(reservation_of));
    assert_eq!(reservations(later, 1).await.unwrap(), [reservation_of(2)]);
    // What is stored is due no more.
    h.clock().set(later);
    run(store, &[Command::ExpireReservation { reservation_id: reservation_of(2) }]).await;
    run(store, &[Command::ExpireTicket { ticket_id: ticket_of(3) }]).await;
    assert_eq!(reservations(later, 9).await.unwrap(), [reservation_of(5)]);
    assert_eq!(tickets(later, 9).await.unwrap(), [2, 5].map(ticket_of));
}

pub async fn single_things_are_found_or_not(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1]).await;
    let (reservation, transfer) = buy(h, 1, &[1, 2]).await;
    let store = h.store().as_ref();
    let (found, queue) = store.concert(concert_id()).await.unwrap().unwrap();
    assert_eq!((found, queue.next_number), (concert(1), 2));
    assert_eq!(store.schedule(schedule_id()).await.unwrap(), Some(schedule(10, 1)));
    assert_eq!(store.ticket(ticket_of(1)).await.unwrap().unwrap().number, 1);
    assert_eq!(store.reservation(reservation.id).await.unwrap(), Some(reservation));
    let wallet = store.wallet(user(1)).await.unwrap().unwrap();
    assert_eq!((wallet.balance.get(), wallet.updated_at), (0, store.now()));
    assert_eq!(store.transfers(user(1), ALL).await.unwrap()[0], transfer);
    assert_eq!(transfer.id, transfer_id(301));

    assert_eq!(store.concert(id(9)).await.unwrap(), None);
    assert_eq!(store.schedule(id(9)).await.unwrap(), None);
    assert_eq!(store.ticket(id(9)).await.unwrap(), None);
    assert_eq!(store.reservation(id(9)).await.unwrap(), None);
    assert_eq!(store.wallet(id(9)).await.unwrap(), None);
    assert_eq!(store.seat_map(id(9)).await.unwrap(), []);
}

pub async fn the_clock_is_the_injected_one(h: &impl Harness) {
    let store = h.store().as_ref();
    h.clock().advance_millis(7);
    assert_eq!(store.now(), START.plus_millis(7));
    let mut transaction =
        store.begin(crate::driver::new_batch(), Concurrency::Pessimistic).await.unwrap();
    h.clock().advance_millis(7);
    assert_eq!(transaction.now().await.unwrap(), START.plus_millis(14));
}
