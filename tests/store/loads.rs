//! Loading by key: every kind, what is not there, and lists.

use crate::commits::journal;
use crate::driver::{accept, new_batch};
use crate::fixture::{
    START, busy_hall, concert, concert_id, id, join, leave, reservation_of, schedule_id, tick,
    ticket_of, user,
};
use crate::harness::Harness;
use frontrow_core::concert::{Concert, DrawKind, Prequeue};
use frontrow_core::queue::{DrawSeed, Phase, verify_draw};
use frontrow_core::{Command, Key, Mode, Outcome, State, TicketId};
use frontrow_server::store::Concurrency;
use frontrow_server::store::Store;

/// A state with what `keys` name.
async fn load(store: &dyn Store, keys: &[Key]) -> State {
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    let mut state = State::partial();
    transaction.load(&mut state, keys).await.unwrap();
    for key in keys {
        assert!(state.has(key), "{key:?} was loaded");
    }
    state
}

/// The state that the journal tells.
async fn replayed(store: &dyn Store) -> State {
    let mut state = State::complete();
    for event in journal(store).await {
        state.apply(&event);
    }
    state
}

/// Keys of every row of a busy hall.
fn every_row() -> Vec<Key> {
    let mut keys = vec![
        Key::Queue(concert_id()),
        Key::Concert(concert_id(), Mode::Write),
        Key::Schedule(schedule_id()),
    ];
    keys.extend((1..=9).map(|number| Key::Ticket(ticket_of(number))));
    keys.extend((1..=4).map(|number| Key::Reservation(reservation_of(number))));
    keys.extend((1..=15).map(|number| Key::Seat(schedule_id(), number)));
    keys.extend([1, 4].map(|number| Key::Wallet(user(number))));
    keys
}

/// Keys of every kind that find rows by what is in them.
fn every_list() -> Vec<Key> {
    vec![
        Key::SeatMap(schedule_id()),
        Key::ReservationFacts(reservation_of(1)),
        Key::LiveTicket(concert_id(), user(7)),
        Key::ExpiringTickets { concert_id: concert_id(), limit: 10 },
        Key::WaitingTickets { concert_id: concert_id(), after: 0, limit: 10 },
        Key::ActiveCount(concert_id()),
        Key::ActiveHolds(concert_id()),
        Key::Inventory(concert_id()),
        Key::OwnedSeats(concert_id(), user(1)),
    ]
}

fn assert_same_rows(loaded: &State, expected: &State) {
    assert_eq!(loaded.concerts().differences(expected.concerts()), []);
    assert_eq!(loaded.queues().differences(expected.queues()), []);
    assert_eq!(loaded.tickets().differences(expected.tickets()), []);
    assert_eq!(loaded.schedules().differences(expected.schedules()), []);
    assert_eq!(loaded.seats().differences(expected.seats()), []);
    assert_eq!(loaded.reservations().differences(expected.reservations()), []);
    assert_eq!(loaded.wallets().differences(expected.wallets()), []);
}

pub async fn every_kind_of_key_loads_what_was_written(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let expected = replayed(store).await;
    let loaded = load(store, &every_row()).await;
    assert_same_rows(&loaded, &expected);
    assert_eq!(loaded.last_change(), store.now());

    let listed = load(store, &every_list()).await;
    assert_eq!(listed.seats().differences(expected.seats()), []);
    assert_eq!(listed.reservations().len(), 1);
    for (id, reservation) in listed.reservations().iter() {
        assert_eq!(Some(reservation), expected.reservations().get(id));
    }
    for (id, ticket) in listed.tickets().iter() {
        assert_eq!(Some(ticket), expected.tickets().get(id));
        assert_eq!(listed.tickets().version(id), expected.tickets().version(id));
    }
    assert_eq!(tickets(&listed), [102, 103, 105, 107, 108, 109].map(id::<TicketId>));
}

pub async fn what_is_not_there_is_loaded_as_not_there(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let nothing = [
        Key::Queue(id(9_000)),
        Key::Concert(id(9_000), Mode::Fact),
        Key::Concert(id(9_001), Mode::Write),
        Key::Schedule(id(9_000)),
        Key::ReservationFacts(id(9_000)),
        Key::SeatMap(id(9_000)),
        Key::Ticket(id(9_000)),
        Key::LiveTicket(concert_id(), id(9_000)),
        Key::LiveTicket(concert_id(), user(1)),
        Key::LiveTicket(id(9_000), user(7)),
        Key::ExpiringTickets { concert_id: id(9_000), limit: 1 },
        Key::WaitingTickets { concert_id: id(9_000), after: 0, limit: 1 },
        Key::Reservation(id(9_001)),
        Key::Seat(schedule_id(), 16),
        Key::Seat(id(9_000), 1),
        Key::Wallet(user(2)),
        Key::ActiveCount(id(9_000)),
        Key::ActiveHolds(id(9_000)),
        Key::Inventory(id(9_000)),
        Key::OwnedSeats(concert_id(), user(2)),
    ];
    let state = load(store, &nothing).await;
    assert_same_rows(&state, &State::partial());
    assert!(state.tickets().is_empty() && state.seats().is_empty());
    assert_eq!(state.tickets().get(id(9_000)), None);
}

pub async fn keys_may_repeat_and_come_in_any_order(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let mut keys = every_row();
    keys.extend(every_list());
    keys.push(Key::Concert(concert_id(), Mode::Fact));
    keys.push(Key::ReservationFacts(reservation_of(2)));
    keys.reverse();
    keys.extend(keys.clone());
    let loaded = load(store, &keys).await;
    assert_same_rows(&loaded, &replayed(store).await);
    load(store, &[]).await;
}

fn tickets(state: &State) -> Vec<TicketId> {
    let mut ids: Vec<TicketId> = state.tickets().iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids
}

pub async fn lists_of_tickets_are_ordered_and_end_at_their_limit(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let concert_id = concert_id();
    let expiring = |limit| Key::ExpiringTickets { concert_id, limit };
    let waiting = |after, limit| Key::WaitingTickets { concert_id, after, limit };
    let cases: [(Key, &[u128]); 8] = [
        // Ticket 102 lives as long as its hold, the others as long as each other.
        (expiring(1), &[103]),
        (expiring(2), &[103, 105]),
        (expiring(3), &[102, 103, 105]),
        (waiting(0, 1), &[107]),
        (waiting(0, 2), &[107, 108]),
        (waiting(0, 3), &[107, 108, 109]),
        (waiting(0, 4), &[107, 108, 109]),
        (waiting(0, u32::MAX), &[107, 108, 109]),
    ];
    for (key, expected) in cases {
        let state = load(store, &[key]).await;
        let expected: Vec<TicketId> = expected.iter().map(|number| id(*number)).collect();
        assert_eq!(tickets(&state), expected, "{key:?}");
    }
    // A line that is read on gives the rest of it.
    let state = load(store, &[waiting(7, 1), waiting(0, 1)]).await;
    assert_eq!(tickets(&state), [107, 108].map(id::<TicketId>));
    assert!(!state.has(&waiting(8, 1)), "there may be more");
    let state = load(store, &[waiting(8, 5), waiting(0, 1), waiting(7, 1)]).await;
    assert_eq!(tickets(&state), [107, 108, 109].map(id::<TicketId>));
    assert!(state.has(&waiting(1_000, 1)), "the whole line is loaded");
}

pub async fn a_line_that_was_drawn_is_read_in_the_order_of_the_draw(h: &impl Harness) {
    let store = h.store().as_ref();
    let opens_at = START.plus_millis(-60_000);
    let seed = DrawSeed::new([7; 32]);
    let prequeue = Prequeue {
        opens_at,
        draw: DrawKind::Random,
        beacon: Some("서울".to_owned()),
        seed: Some(seed),
    };
    let drawn = Concert { prequeue: Some(prequeue), ..concert(1) };
    h.clock().set(opens_at);
    accept(store, Command::CreateConcert { concert: drawn }).await;
    for number in 1..=600 {
        accept(store, join(1_000 + number, 1, number)).await;
    }
    accept(store, leave(1_003)).await;
    h.clock().set(START);
    accept(store, join(1_601, 1, 601)).await;
    let beacon_value = "\"17\"".to_owned();
    accept(store, Command::Draw { concert_id: concert_id(), beacon_value }).await;

    let ticket_number = |number: &u64| {
        verify_draw(&seed, &seed.commitment(), Some("\"17\""), 600, *number).unwrap()
    };
    let mut order: Vec<u64> = (1..=600).filter(|number| *number != 3).collect();
    order.sort_unstable_by_key(ticket_number);
    // Tickets are found by their numbers, whether or not there is one, and whether or not it waits.
    let numbered = |number| Key::NumberedTicket(concert_id(), number);
    let state = load(store, &[numbered(2), numbered(3), numbered(601), numbered(9_999)]).await;
    assert_eq!(tickets(&state), [1_002, 1_003, 1_601].map(id::<TicketId>));

    // Ticks go on where the last one ended.
    let ticked = accept(store, tick(1)).await;
    assert!(matches!(ticked, Outcome::Ticked { admitted: 100, .. }), "{ticked:?}");
    let (_, queue) = store.concert(concert_id()).await.unwrap().unwrap();
    let passed = queue.draw.expect("it was drawn").passed_through;
    assert_eq!(passed, ticket_number(&order[99]));
    let first = store.ticket(id(1_000 + u128::from(order[99]))).await.unwrap().unwrap();
    assert_eq!(first.phase(START), Phase::Active);
}
