//! Things to store: a concert with a hall, and people who do what people do.

use crate::driver::accept;
use crate::harness::Harness;
use frontrow_core::concert::{Concert, Schedule, Section};
use frontrow_core::ledger::Transfer;
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::seating::{Choice, Reservation};
use frontrow_core::{
    Actor, Amount, Command, ConcertId, Outcome, ReservationId, ScheduleId, TicketId, Timestamp,
    TransferId, UserId,
};
use uuid::Uuid;

/// When every test begins.
pub const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// What a seat costs.
pub const PRICE: u64 = 1_000;

/// The id with this number, of any kind.
pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn concert(number: u128) -> Concert {
    Concert {
        id: id(number),
        title: format!("Concert {number}: \"Ünïcode\", 서울 \\ 1"),
        sale_opens_at: START,
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 100,
            active_seconds: 60,
            max_active: None,
            lapse_seconds: 0,
            inventory_aware: false,
        },
        holds: HoldPolicy { hold_seconds: 300, max_seats_per_user: 4 },
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: START,
    }
}

/// A performance of concert `concert` with 2 × 5 seats in R and 1 × 5 in S.
pub fn schedule(number: u128, concert: u128) -> Schedule {
    let section = |name: &str, rows| Section {
        name: name.to_owned(),
        rows,
        seats_per_row: 5,
        price: Amount::new(PRICE).unwrap(),
    };
    Schedule {
        id: id(number),
        concert_id: id(concert),
        starts_at: START.plus_seconds(1_000_000),
        venue: "Hall".to_owned(),
        sections: vec![section("R", 2), section("S", 1)],
    }
}

pub fn join(ticket: u128, concert: u128, user: u128) -> Command {
    Command::Join { ticket_id: id(ticket), concert_id: id(concert), user_id: id(user) }
}

pub fn leave(ticket: u128) -> Command {
    Command::Leave { ticket_id: id(ticket) }
}

pub fn tick(concert: u128) -> Command {
    Command::Tick { concert_id: id(concert), served_since: Timestamp::MIN }
}

pub fn hold(reservation: u128, schedule: u128, ticket: u128, user: u128, seats: &[u32]) -> Command {
    Command::Hold {
        reservation_id: id(reservation),
        schedule_id: id(schedule),
        ticket_id: id(ticket),
        user_id: id(user),
        choice: Choice::Seats(seats.into()),
    }
}

pub fn pay(payment: u128, reservation: u128, ticket: u128, user: u128, seats: u64) -> Command {
    Command::Pay {
        payment_id: id(payment),
        reservation_id: id(reservation),
        ticket_id: id(ticket),
        user_id: id(user),
        amount: seats * PRICE,
    }
}

pub fn withdraw(reservation: u128, user: u128, refund: u128) -> Command {
    Command::Withdraw {
        reservation_id: id(reservation),
        by: Actor::User(id(user)),
        refund_id: id(refund),
    }
}

pub fn charge(transfer: u128, user: u128, amount: u64) -> Command {
    Command::Charge { transfer_id: id(transfer), user_id: id(user), amount }
}

pub fn create(concert: Concert) -> Command {
    Command::CreateConcert { concert }
}

pub fn add(schedule: Schedule) -> Command {
    Command::AddSchedule { schedule }
}

/// Concert 1 with schedule 10.
pub async fn hall(h: &impl Harness) {
    let store = h.store().as_ref();
    accept(store, create(concert(1))).await;
    accept(store, add(schedule(10, 1))).await;
}

/// Lets users in: each joins concert 1 with the ticket of 100 more than their number, and the next tick
/// lets all of them in.
pub async fn admit(h: &impl Harness, users: &[u128]) {
    let store = h.store().as_ref();
    for user in users {
        accept(store, join(100 + user, 1, *user)).await;
    }
    h.clock().advance_millis(10_000);
    let ticked = accept(store, tick(1)).await;
    let Outcome::Ticked { admitted, .. } = ticked else { panic!("{ticked:?}") };
    assert_eq!(admitted as usize, users.len());
}

/// An admitted user holds seats of schedule 10, as the reservation of 200 more than their number.
pub async fn take(h: &impl Harness, user: u128, seats: &[u32]) -> Reservation {
    let held = accept(h.store().as_ref(), hold(200 + user, 10, 100 + user, user, seats)).await;
    let Outcome::Held { reservation } = held else { panic!("{held:?}") };
    reservation
}

/// ... and pays for them, with the payment of 300 more than their number and money that is charged
/// just before as the transfer of 400 more.
pub async fn buy(h: &impl Harness, user: u128, seats: &[u32]) -> (Reservation, Transfer) {
    let store = h.store().as_ref();
    take(h, user, seats).await;
    accept(store, charge(400 + user, user, seats.len() as u64 * PRICE)).await;
    let paid = pay(300 + user, 200 + user, 100 + user, user, seats.len() as u64);
    let paid = accept(store, paid).await;
    let Outcome::Paid { reservation, transfer } = paid else { panic!("{paid:?}") };
    (reservation, transfer)
}

/// Concert 1 with schedule 10, in which something of every kind has happened: user 1 has bought seats 1
/// and 2, user 2 holds seat 3, user 3 gave seat 4 back, user 4 has bought seat 5 and cancelled it, user
/// 5 is active, user 6 has left, users 7 to 9 wait.
pub async fn busy_hall(h: &impl Harness) {
    hall(h).await;
    admit(h, &[1, 2, 3, 4, 5]).await;
    let store = h.store().as_ref();
    buy(h, 1, &[1, 2]).await;
    take(h, 2, &[3]).await;
    take(h, 3, &[4]).await;
    accept(store, withdraw(203, 3, 503)).await;
    buy(h, 4, &[5]).await;
    accept(store, withdraw(204, 4, 504)).await;
    accept(store, join(106, 1, 6)).await;
    accept(store, leave(106)).await;
    for user in 7..=9 {
        accept(store, join(100 + user, 1, user)).await;
    }
}

/// The ids that [`busy_hall`] uses, to ask for.
pub const CONCERT: u128 = 1;
pub const SCHEDULE: u128 = 10;

pub fn concert_id() -> ConcertId {
    id(CONCERT)
}

pub fn schedule_id() -> ScheduleId {
    id(SCHEDULE)
}

pub fn ticket_of(user: u128) -> TicketId {
    id(100 + user)
}

pub fn reservation_of(user: u128) -> ReservationId {
    id(200 + user)
}

pub fn user(number: u128) -> UserId {
    id(number)
}

pub fn transfer_id(number: u128) -> TransferId {
    id(number)
}
