//! A sale from opening to sold out, in one world, as a timeline.
//!
//! `cargo run -p frontrow-core --example journey`

use frontrow_core::concert::{Concert, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::seating::Choice;
use frontrow_core::{
    Amount, Command, ConcertId, EventKind, Outcome, ReservationId, ScheduleId, TicketId, Timestamp,
    TransferId, UserId, World,
};
use uuid::Uuid;

const CONCERT: ConcertId = ConcertId(Uuid::from_u128(1));
const SCHEDULE: ScheduleId = ScheduleId(Uuid::from_u128(2));
/// 2026-11-22T11:00:00Z
const SALE_OPENS_AT: Timestamp = Timestamp::from_millis(1_795_345_200_000);
const PRICE: u64 = 154_000;
/// Twice as many people as seats.
const PEOPLE: u64 = 12;

/// Each thing of a person has the person's number in its id.
fn id(person: u64, thing: u64) -> Uuid {
    Uuid::from_u64_pair(person, thing)
}

fn main() {
    let mut world = World::new();
    let mut now = SALE_OPENS_AT.plus_millis(-30_000);
    for command in [create_concert(now), add_schedule()] {
        world.execute(&command, now).expect("both are well formed");
    }
    for person in 1..=PEOPLE {
        let ticket_id = TicketId(id(person, 1));
        let user_id = UserId(id(person, 0));
        let join = Command::Join { ticket_id, concert_id: CONCERT, user_id };
        world.execute(&join, now).expect("the queue is open");
    }
    let last = world.standing(TicketId(id(PEOPLE, 1)), now).expect("they joined");
    let (place, seconds) = (last.position.unwrap_or(0), last.eta_seconds.unwrap_or(0));
    println!("{now}  the last in line is told: place {place}, your turn in {seconds} s");

    // The loop of every host: do what is due, tell what happened, sleep until the next timeout.
    loop {
        for (at, admitted) in drain(&mut world) {
            if let Some(person) = admitted {
                buy(&mut world, person, at);
            }
        }
        match world.poll_timeout() {
            Some(due) => now = now.max(due),
            None => break,
        }
        world.handle_timeout(now);
    }
    println!("{now}  nothing is left to do");
}

/// Tells what happened; who was let in goes shopping.
fn drain(world: &mut World) -> Vec<(Timestamp, Option<u64>)> {
    let mut told = Vec::new();
    while let Some(event) = world.poll_event() {
        let (line, admitted) = match &event.kind {
            EventKind::TicketAdmitted { number, .. } => {
                (format!("person {number} is let in"), Some(*number))
            }
            EventKind::TickRan { admitted, next_tick_at, .. } => {
                (format!("a tick let in {admitted}; the next is at {next_tick_at}"), None)
            }
            EventKind::SeatsHeld { seats, .. } => (format!("  seats {seats:?} are held"), None),
            EventKind::ReservationConfirmed { seats, .. } => {
                (format!("  seats {seats:?} are sold"), None)
            }
            EventKind::SoldOutChanged { sold_out: true, .. } => ("SOLD OUT".to_owned(), None),
            EventKind::TicketExpired { .. } => ("a ticket's time ran out".to_owned(), None),
            _ => continue,
        };
        println!("{}  {line}", event.at);
        told.push((event.at, admitted));
    }
    told
}

/// Two of the best, charged and paid for.
fn buy(world: &mut World, person: u64, now: Timestamp) {
    let (user_id, ticket_id) = (UserId(id(person, 0)), TicketId(id(person, 1)));
    let reservation_id = ReservationId(id(person, 2));
    let hold = Command::Hold {
        reservation_id,
        schedule_id: SCHEDULE,
        ticket_id,
        user_id,
        choice: Choice::Best { count: 2, section: None },
    };
    let reservation = match world.execute(&hold, now) {
        Ok(Outcome::Held { reservation }) => reservation,
        Ok(other) => panic!("a hold answers with its reservation, not {other:?}"),
        Err(rejection) => {
            println!("{now}  person {person} hears: {rejection}");
            return;
        }
    };
    let amount = reservation.amount.get();
    let charge = Command::Charge { transfer_id: TransferId(id(person, 3)), user_id, amount };
    let payment_id = TransferId(id(person, 4));
    let pay = Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount };
    for command in [charge, pay] {
        world.execute(&command, now).expect("the hold lives and the balance is enough");
    }
}

fn create_concert(created_at: Timestamp) -> Command {
    let admission = AdmissionPolicy {
        interval_seconds: 10,
        batch_size: 2,
        active_seconds: 60,
        max_active: None,
        lapse_seconds: 180,
        inventory_aware: false,
    };
    let concert = Concert {
        id: CONCERT,
        title: "Frontrow Live".to_owned(),
        sale_opens_at: SALE_OPENS_AT,
        admission,
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at,
    };
    Command::CreateConcert { concert }
}

fn add_schedule() -> Command {
    let price = Amount::new(PRICE).expect("a price below the limit");
    let section = Section { name: "R".to_owned(), rows: 2, seats_per_row: 3, price };
    let schedule = Schedule {
        id: SCHEDULE,
        concert_id: CONCERT,
        starts_at: SALE_OPENS_AT.plus_seconds(86_400),
        venue: "Olympic Hall".to_owned(),
        sections: vec![section],
    };
    Command::AddSchedule { schedule }
}
