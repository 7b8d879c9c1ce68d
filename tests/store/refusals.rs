//! What the schema refuses by itself, should the rules ever be wrong. Decisions are made on rows that
//! lie; what the port can't even say is tried past it.

use crate::commits::journal;
use crate::driver::{Decided, accept, decide_on, run, write};
use crate::fixture::{
    admit, busy_hall, buy, charge, concert_id, hall, hold, id, join, pay, reservation_of,
    schedule_id, take, ticket_of, user, withdraw,
};
use crate::harness::Harness;
use frontrow_core::queue::{Queue, TicketState};
use frontrow_core::seating::{ReservationState, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{Amount, Command, Mode, State};
use frontrow_server::store::{Store, StoreError};

/// The rows as they are, in a state that a test may lie to.
async fn rows(store: &dyn Store) -> State {
    store.rows().await.unwrap().0
}

/// A true version for a row that need not be true.
fn stored<T>(value: T, version: u64) -> Stored<T> {
    Stored { value, version, changed_at: frontrow_core::Timestamp::MIN }
}

async fn assert_refused(store: &dyn Store, decided: Decided, constraint: &str) {
    assert!(decided.outcomes.iter().all(Result::is_ok), "{:?}", decided.outcomes);
    let before = journal(store).await;
    match write(store, decided).await {
        Err(StoreError::Constraint { constraint: refused }) => assert_eq!(refused, constraint),
        other => panic!("{constraint}: {other:?}"),
    }
    assert_eq!(journal(store).await, before);
}

/// A queue and its concert, as they are, in a partial state.
async fn queue_and_concert(store: &dyn Store, lie: impl FnOnce(&mut Queue)) -> State {
    let rows = rows(store).await;
    let mut state = State::partial();
    let id = concert_id();
    let concert = rows.concerts().get(id).unwrap().clone();
    state.load_concert(id, Some(stored(concert, rows.concerts().version(id))), Mode::Fact);
    let mut queue = rows.queues().get(id).unwrap().clone();
    lie(&mut queue);
    state.load_queue(id, Some(stored(queue, rows.queues().version(id))));
    state
}

pub async fn a_second_live_ticket_is_refused(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    accept(store, join(101, 1, 1)).await;
    let mut state = queue_and_concert(store, |_| ()).await;
    state.load_live_ticket(concert_id(), user(1), None);
    let decided = decide_on(state, &[join(111, 1, 1)], store.now()).unwrap();
    assert_refused(store, decided, "tickets_one_live_per_user").await;
}

pub async fn a_number_given_twice_is_refused(h: &impl Harness) {
    hall(h).await;
    let store = h.store().as_ref();
    accept(store, join(101, 1, 1)).await;
    let mut state = queue_and_concert(store, |queue| queue.next_number = 1).await;
    state.load_live_ticket(concert_id(), user(2), None);
    let decided = decide_on(state, &[join(102, 1, 2)], store.now()).unwrap();
    assert_refused(store, decided, "tickets_one_per_number").await;
}

pub async fn an_id_used_twice_is_refused(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let cases = [
        (join(101, 1, 20), "tickets_pk"),
        (hold(201, 10, 105, 5, &[9]), "reservations_pk"),
        (charge(401, 20, 5), "transfers_one_per_id"),
    ];
    for (command, constraint) in cases {
        let decided = crate::driver::decide_only(store, &[command]).await;
        assert_refused(store, decided, constraint).await;
    }
}

/// Rows in which a reservation that was paid (and perhaps cancelled) is in `lie` instead.
async fn as_if(store: &dyn Store, number: u128, lie: ReservationState, seat: Seat) -> State {
    let rows = rows(store).await;
    let mut state = State::partial();
    let (reservation_id, ticket_id) = (reservation_of(number), ticket_of(number));
    let mut reservation = rows.reservations().get(reservation_id).unwrap().clone();
    reservation.state = lie;
    for seat_number in &reservation.seats {
        let version = rows.seats().version((schedule_id(), *seat_number));
        state.load_seat(schedule_id(), *seat_number, Some(stored(seat, version)));
    }
    let mut ticket = rows.tickets().get(ticket_id).unwrap().clone();
    let active_until = reservation.expires_at;
    ticket.state = TicketState::Active { admitted_at: ticket.issued_at, active_until, hold: None };
    state.load_ticket(ticket_id, Some(stored(ticket, rows.tickets().version(ticket_id))));
    let version = rows.reservations().version(reservation_id);
    state.load_reservation(reservation_id, Some(stored(reservation, version)), Mode::Write);
    let mut wallet = *rows.wallets().get(user(number)).unwrap();
    wallet.balance = Amount::new(1_000_000).unwrap();
    state.load_wallet(user(number), Some(stored(wallet, rows.wallets().version(user(number)))));
    let schedule = rows.schedules().get(schedule_id()).unwrap().clone();
    state.load_schedule(schedule_id(), Some(stored(schedule, 1)));
    state
}

pub async fn a_second_payment_and_a_second_refund_are_refused(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1, 2]).await;
    let (reservation, _) = buy(h, 1, &[1, 2]).await;
    let store = h.store().as_ref();
    let held = Seat::Held { reservation_id: reservation.id, held_until: reservation.expires_at };
    let state = as_if(store, 1, ReservationState::Held, held).await;
    let decided = decide_on(state, &[pay(311, 201, 101, 1, 2)], store.now()).unwrap();
    assert_refused(store, decided, "transfers_once_per_reservation").await;

    accept(store, withdraw(201, 1, 501)).await;
    let sold = Seat::Sold { reservation_id: reservation.id };
    let state = as_if(store, 1, reservation.state, sold).await;
    let decided = decide_on(state, &[withdraw(201, 1, 511)], store.now()).unwrap();
    assert_refused(store, decided, "transfers_once_per_reservation").await;
}

/// Asserts that each statement is refused by the constraint beside it.
async fn assert_all_refused(h: &impl Harness, statements: &[(String, &str)]) {
    for (statement, constraint) in statements {
        let refused = h.raw(statement.clone()).await.expect_err(statement);
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
}

pub async fn an_impossible_row_is_refused(h: &impl Harness) {
    busy_hall(h).await;
    let ticket = |user: u128, set: &str| {
        format!("UPDATE tickets SET {set} WHERE id = '{}'", ticket_of(user))
    };
    let reservation = |user: u128, set: &str| {
        format!("UPDATE reservations SET {set} WHERE id = '{}'", reservation_of(user))
    };
    let seat = |number: u32, set: &str| format!("UPDATE seats SET {set} WHERE number = {number}");
    let somebody = reservation_of(9);
    let most = "9007199254740992";
    assert_all_refused(
        h,
        &[
            ("UPDATE wallets SET balance = -1".to_owned(), "wallets_balance_is_money"),
            (format!("UPDATE wallets SET balance = {most}"), "wallets_balance_is_money"),
            (seat(9, "held_until = 5"), "seats_free_held_or_sold"),
            (seat(9, &format!("reservation_id = '{somebody}'")), "seats_free_held_or_sold"),
            (seat(1, "held_until = 5"), "seats_free_held_or_sold"),
            (seat(1, "reservation_id = NULL"), "seats_free_held_or_sold"),
            (ticket(7, "state = 'gone'"), "tickets_state_is_known"),
            (ticket(7, "state = 'active'"), "tickets_active_has_times"),
            (ticket(7, "state = 'left'"), "tickets_ended_has_time"),
            (ticket(2, "hold_seats = NULL"), "tickets_hold_is_whole"),
            (ticket(2, "expires_at = active_until"), "tickets_expire_last_of_all"),
            (reservation(2, "state = 'sold', state_at = 5"), "reservations_state_is_known"),
            (reservation(2, "state = 'confirmed'"), "reservations_state_has_its_parts"),
            (reservation(2, "seat_count = 2"), "reservations_seats_are_counted"),
            ("UPDATE queues SET rest_remaining = 3".to_owned(), "queues_rest_is_whole"),
            ("UPDATE concerts SET batch_size = 0".to_owned(), "concerts_policy_is_positive"),
            (
                "UPDATE concerts SET notice_ko = 'x'".to_owned(),
                "concerts_notice_has_both_languages",
            ),
        ],
    )
    .await;
    let transfer = |amount: &str, debit: &str| {
        let (transfer, user) = (id::<frontrow_core::TransferId>(700), user(1));
        format!(
            "INSERT INTO transfers (id, user_id, kind, debit, credit, amount, balance_after, at)
             VALUES ('{transfer}', '{user}', 'charge', '{debit}', 'wallet:{user}', {amount}, 0, 0)"
        )
    };
    assert_all_refused(
        h,
        &[
            (transfer("0", "charges"), "transfers_amount_is_money"),
            (transfer("-5", "charges"), "transfers_amount_is_money"),
            (transfer("5", "nowhere"), "transfers_accounts_fit_kind"),
        ],
    )
    .await;
}

pub async fn the_journal_and_the_ledger_are_append_only(h: &impl Harness) {
    busy_hall(h).await;
    let store = h.store().as_ref();
    let before = journal(store).await;
    let statements = [
        ("UPDATE journal SET version = version + 1", "journal_is_append_only"),
        ("DELETE FROM journal", "journal_is_append_only"),
        ("UPDATE transfers SET amount = amount + 1", "transfers_are_append_only"),
        ("DELETE FROM transfers WHERE amount = 2000", "transfers_are_append_only"),
    ];
    let statements = statements.map(|(statement, name)| (statement.to_owned(), name));
    assert_all_refused(h, &statements).await;
    assert_eq!(journal(store).await, before);
    assert_eq!(rows(store).await.transfers().len(), 5);
    take(h, 5, &[9]).await;
    run(store, &[Command::Leave { ticket_id: ticket_of(5) }]).await;
}
