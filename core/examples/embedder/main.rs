//! An embedder: a host with storage and a clock of its own, and the rules in between.
//!
//! `cargo run -p frontrow-core --example embedder`
//!
//! It shows what a host has to do, in three files: `database` keeps rows with versions, a ledger and a
//! journal; `load` answers what decisions need; `host` decides, commits, and decides again if somebody
//! was faster.

mod database;
mod host;
mod load;

use database::{Conflict, Database};
use frontrow_core::audit::Audit;
use frontrow_core::concert::{Concert, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::seating::Choice;
use frontrow_core::{
    Amount, AmountTooLarge, Clock, Command, ConcertId, Event, ManualClock, Outcome, ReservationId,
    ScheduleId, TicketId, Timestamp, TransferId, UserId,
};
use host::{Answer, commit, decide_all, execute, execute_all, next_tick, sweep};
use uuid::Uuid;

const CONCERT: ConcertId = ConcertId(Uuid::from_u128(1));
const SCHEDULE: ScheduleId = ScheduleId(Uuid::from_u128(2));
/// 2026-11-22T11:00:00Z
const SALE_OPENS_AT: Timestamp = Timestamp::from_millis(1_795_345_200_000);

/// A person of the story. A real host makes ids (UUID v7) as they are needed.
#[derive(Clone, Copy)]
struct Person {
    name: &'static str,
    id: u128,
}

const ANN: Person = Person { name: "Ann", id: 10 };
const BEN: Person = Person { name: "Ben", id: 20 };
const CAM: Person = Person { name: "Cam", id: 30 };

impl Person {
    fn user_id(self) -> UserId {
        UserId(Uuid::from_u128(self.id))
    }

    fn ticket_id(self) -> TicketId {
        TicketId(Uuid::from_u128(self.id + 1))
    }

    fn reservation_id(self) -> ReservationId {
        ReservationId(Uuid::from_u128(self.id + 2))
    }

    fn transfer_id(self, number: u128) -> TransferId {
        TransferId(Uuid::from_u128(self.id + 3 + number))
    }

    fn join(self) -> Command {
        let (ticket_id, user_id) = (self.ticket_id(), self.user_id());
        Command::Join { ticket_id, concert_id: CONCERT, user_id }
    }

    fn hold(self, seats: &[u32]) -> Command {
        Command::Hold {
            reservation_id: self.reservation_id(),
            schedule_id: SCHEDULE,
            ticket_id: self.ticket_id(),
            user_id: self.user_id(),
            choice: Choice::Seats(seats.iter().copied().collect()),
        }
    }

    fn charge(self, amount: u64) -> Command {
        Command::Charge { transfer_id: self.transfer_id(1), user_id: self.user_id(), amount }
    }

    fn pay(self, amount: u64) -> Command {
        Command::Pay {
            payment_id: self.transfer_id(2),
            reservation_id: self.reservation_id(),
            ticket_id: self.ticket_id(),
            user_id: self.user_id(),
            amount,
        }
    }
}

fn main() -> Result<(), AmountTooLarge> {
    let clock = ManualClock::new(SALE_OPENS_AT.plus_millis(-60_000));
    let mut database = Database::default();
    open_the_sale(&mut database, &clock)?;
    for person in [ANN, BEN, CAM] {
        tell(&clock, person, "joins", &execute(&mut database, &person.join(), clock.now()));
    }

    let opening = next_tick(&database, CONCERT).expect("people are in line");
    clock.set(opening);
    sweep(&mut database, CONCERT, clock.now());
    println!("{}  the first tick lets two of three in", clock.now());

    two_at_once(&mut database, &clock);
    clock.advance_millis(2_000);
    let paid = execute(&mut database, &ANN.pay(308_000), clock.now());
    tell(&clock, ANN, "pays, with an empty wallet", &paid);
    let answers = execute_all(&mut database, &[ANN.charge(400_000), ANN.pay(308_000)], clock.now());
    tell(&clock, ANN, "charges 400,000", &answers[0]);
    tell(&clock, ANN, "pays, in the same batch", &answers[1]);

    // Cam's app asks how it stands: who is not seen for `lapse_seconds` is passed over.
    database.seen.insert(CAM.ticket_id(), clock.now());
    clock.set(next_tick(&database, CONCERT).expect("Cam is in line"));
    sweep(&mut database, CONCERT, clock.now());
    let held = execute(&mut database, &CAM.hold(&[1]), clock.now());
    tell(&clock, CAM, "is in, and wants seat 1", &held);

    audit(&database, clock.now());
    Ok(())
}

fn open_the_sale(database: &mut Database, clock: &ManualClock) -> Result<(), AmountTooLarge> {
    let concert = Concert {
        id: CONCERT,
        title: "Frontrow Live".to_owned(),
        sale_opens_at: SALE_OPENS_AT,
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 2,
            active_seconds: 600,
            max_active: Some(100),
            lapse_seconds: 180,
            inventory_aware: true,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: clock.now(),
    };
    let section =
        Section { name: "R".to_owned(), rows: 2, seats_per_row: 5, price: Amount::new(154_000)? };
    let schedule = Schedule {
        id: SCHEDULE,
        concert_id: CONCERT,
        starts_at: SALE_OPENS_AT.plus_seconds(86_400),
        venue: "Olympic Hall".to_owned(),
        sections: vec![section],
    };
    for command in [Command::CreateConcert { concert }, Command::AddSchedule { schedule }] {
        let answer = execute(database, &command, clock.now());
        assert!(answer.is_ok(), "{answer:?}");
    }
    println!("{}  a concert with ten seats goes on sale", clock.now());
    Ok(())
}

/// Both decide on what they read; the one who stores first has the seat, and the other hears so.
fn two_at_once(database: &mut Database, clock: &ManualClock) {
    let ann_decided = decide_all(database, &[ANN.hold(&[1, 2])], clock.now());
    let ben_decided = decide_all(database, &[BEN.hold(&[2, 3])], clock.now());
    let stored = commit(database, ann_decided).expect("nobody was faster");
    tell(clock, ANN, "wants seats 1 and 2", &stored[0]);
    assert_eq!(commit(database, ben_decided), Err(Conflict), "seat 2 is not as Ben saw it");
    let again = execute(database, &BEN.hold(&[2, 3]), clock.now());
    tell(clock, BEN, "wants seats 2 and 3, a moment too late", &again);
}

fn tell(clock: &ManualClock, person: Person, does: &str, answer: &Answer) {
    let answer = match answer {
        Ok(Outcome::Joined { ticket, .. }) => format!("ticket number {}", ticket.number),
        Ok(Outcome::Held { reservation }) => {
            format!("seats {:?} until {}", reservation.seats, reservation.expires_at)
        }
        Ok(Outcome::Paid { transfer, .. }) => format!("{} are left", transfer.balance_after),
        Ok(_) => "done".to_owned(),
        Err(rejection) => format!("{} ({})", rejection.text().en, rejection.code()),
    };
    println!("{}  {} {does}: {answer}", clock.now(), person.name);
}

/// Replays the journal beside the stored rows, and checks every invariant.
fn audit(database: &Database, now: Timestamp) {
    let mut audit = Audit::new();
    for (_, json) in &database.journal {
        let event: Event = serde_json::from_str(json).expect("the journal wrote it");
        audit.read(&event);
    }
    let report = audit.finish(&load::load_all(database), now);
    println!("\n{} events in the journal, {} transfers", report.events, database.transfers.len());
    for check in &report.checks {
        let verdict = if check.ok { "ok" } else { "BROKEN" };
        println!("  {:<32} {verdict} ({} checked)", check.invariant.name(), check.checked);
    }
    assert!(report.ok, "every invariant holds");
}
