//! The person at the screen: somebody beside the simulated crowd, who stands in the same line, wants the same
//! seats, and disturbs no figure of the crowd's.

use crate::sim::scenario;
use frontrow_core::queue::Phase;
use frontrow_core::seating::{Choice, Reservation, ReservationState, SeatStatus};
use frontrow_core::sim::{Invariants, Scenario, Simulation, run};
use frontrow_core::{
    Actor, Command, ConcertId, Outcome, Rejection, ReservationId, ScheduleId, TicketId, TransferId,
    UserId,
};
use uuid::{Builder, Uuid};

/// An id as a browser makes it.
fn own(number: u8) -> Uuid {
    Builder::from_random_bytes([number; 16]).into_uuid()
}

fn ticket_id() -> TicketId {
    TicketId(own(1))
}

fn user_id() -> UserId {
    UserId(own(2))
}

fn reservation_id() -> ReservationId {
    ReservationId(own(3))
}

fn concert_id(simulation: &Simulation) -> ConcertId {
    simulation.world().state().concerts().iter().next().expect("there is one concert").0
}

fn schedule_id(simulation: &Simulation) -> ScheduleId {
    simulation.world().state().schedules().iter().next().expect("there is a hall").0
}

/// A simulation in which they have joined at `millis`.
fn joined(scenario: &Scenario, millis: u32) -> Simulation {
    let mut simulation = Simulation::new(scenario).expect("it makes sense");
    simulation.run_until_millis(millis);
    let concert_id = concert_id(&simulation);
    let join = Command::Join { ticket_id: ticket_id(), concert_id, user_id: user_id() };
    let outcome = simulation.send(&join).expect("the line is open");
    assert!(matches!(outcome, Outcome::Joined { already_queued: false, .. }));
    simulation
}

fn phase(simulation: &Simulation) -> Phase {
    simulation.world().standing(ticket_id(), simulation.now()).expect("they joined").state
}

/// Lets a second pass at a time, polling, until they stand as `phase`.
fn wait_for(simulation: &mut Simulation, wanted: Phase) {
    while phase(simulation) != wanted {
        assert!(!simulation.is_done(), "{:?} to the end", phase(simulation));
        simulation.mark_seen(ticket_id());
        simulation.run_until_millis(simulation.now_millis() + 1_000);
    }
}

fn hold(simulation: &mut Simulation) -> Result<Outcome, Rejection> {
    let hold = Command::Hold {
        reservation_id: reservation_id(),
        schedule_id: schedule_id(simulation),
        ticket_id: ticket_id(),
        user_id: user_id(),
        choice: Choice::Best { count: 2, section: None },
    };
    simulation.send(&hold)
}

/// Charges what the hold costs, and pays it.
fn pay(simulation: &mut Simulation) -> Result<Outcome, Rejection> {
    let rows = simulation.world().state().reservations();
    let amount = rows.get(reservation_id()).expect("they hold seats").amount.get();
    let transfer_id = TransferId(own(4));
    simulation
        .send(&Command::Charge { transfer_id, user_id: user_id(), amount })
        .expect("a balance can be charged");
    simulation.send(&Command::Pay {
        payment_id: TransferId(own(5)),
        reservation_id: reservation_id(),
        ticket_id: ticket_id(),
        user_id: user_id(),
        amount,
    })
}

/// Runs to the end: whatever they did, nothing is broken, and the crowd is accounted for.
fn ended_well(simulation: &mut Simulation, scenario: &Scenario) {
    while !simulation.is_done() {
        simulation.step(1_000);
    }
    let report = simulation.report();
    assert!(report.invariants.ok, "{:?}", report.invariants);
    assert!(report.littles_law.ok, "{:?}", report.littles_law);
    assert_eq!(report.people.came, scenario.people_total());
    assert_eq!(report.people.accounted(), report.people.came);
    assert_eq!((report.seats.held, report.seats.sold), held_and_sold(simulation));
}

/// As the seats themselves show it.
fn held_and_sold(simulation: &Simulation) -> (u64, u64) {
    let statuses = (0..simulation.hall_count()).flat_map(|hall| simulation.seat_statuses(hall));
    let (mut held, mut sold) = (0, 0);
    for status in statuses {
        held += u64::from(status == SeatStatus::Held);
        sold += u64::from(status == SeatStatus::Sold);
    }
    (held, sold)
}

#[test]
fn they_wait_their_turn_hold_seats_and_pay() {
    let scenario = scenario("impatient");
    let mut simulation = joined(&scenario, 500);
    let standing = simulation.world().standing(ticket_id(), simulation.now()).unwrap();
    let waiting = simulation.counts().waiting;
    assert!(waiting > 400);
    assert_eq!(standing.position, Some(waiting), "behind all who came before");

    wait_for(&mut simulation, Phase::Active);
    let admitted = simulation.now_millis() / 1_000;
    let no_earlier = u32::try_from(waiting).unwrap() / 10 * 30 / 2;
    assert!(admitted > no_earlier, "{admitted}: ten in 30 seconds, and not half of them give up");
    assert!(matches!(hold(&mut simulation), Ok(Outcome::Held { .. })));
    let held = simulation.counts().held;
    let sold = simulation.counts().sold;
    assert!(matches!(pay(&mut simulation), Ok(Outcome::Paid { .. })));
    assert_eq!((simulation.counts().held, simulation.counts().sold), (held - 2, sold + 2));
    assert_eq!(phase(&simulation), Phase::Consumed);
    ended_well(&mut simulation, &scenario);
    let report = simulation.report();
    assert_eq!(report.counts.payments, report.people.bought + 1, "they are not of the crowd");
}

#[test]
fn who_joins_and_does_nothing_is_passed_over_or_runs_out_of_time() {
    let lapsing = scenario("impatient");
    let mut simulation = joined(&lapsing, 500);
    ended_well(&mut simulation, &lapsing);
    assert_eq!(phase(&simulation), Phase::Expired);
    let tickets = simulation.world().state().tickets();
    assert_eq!(tickets.get(ticket_id()).unwrap().live_hold(simulation.now()), None);

    let patient = scenario("steady");
    let mut simulation = joined(&patient, 60_000);
    wait_for(&mut simulation, Phase::Active);
    ended_well(&mut simulation, &patient);
    assert_eq!(phase(&simulation), Phase::Expired);
}

#[test]
fn what_they_hold_and_leave_lapse_or_give_back_is_free_again() {
    let scenario = scenario("slow_payers");
    let schedule = |simulation: &Simulation| schedule_id(simulation);
    let status = |simulation: &Simulation, seat| {
        let seats = simulation.world().state().seats();
        seats.get((schedule(simulation), seat)).unwrap().status(simulation.now())
    };
    let held = |simulation: &mut Simulation| match hold(simulation) {
        Ok(Outcome::Held { reservation }) => reservation.seats[0],
        other => panic!("{other:?}"),
    };
    // It lapses.
    let mut simulation = joined(&scenario, 0);
    wait_for(&mut simulation, Phase::Active);
    let seat = held(&mut simulation);
    let free = simulation.counts().held;
    simulation.run_until_millis(simulation.now_millis() + 60_001);
    assert_eq!((status(&simulation, seat), free), (SeatStatus::Available, 2));
    assert_eq!(pay(&mut simulation), Err(Rejection::HoldExpired));
    ended_well(&mut simulation, &scenario);
    // They leave.
    let mut simulation = joined(&scenario, 0);
    wait_for(&mut simulation, Phase::Active);
    let seat = held(&mut simulation);
    simulation.send(&Command::Leave { ticket_id: ticket_id() }).unwrap();
    assert_eq!(status(&simulation, seat), SeatStatus::Available);
    assert_eq!((simulation.counts().held, simulation.counts().active), (0, 0));
    simulation.send(&Command::Leave { ticket_id: ticket_id() }).unwrap();
    ended_well(&mut simulation, &scenario);
    // They buy, and give the seats back.
    let mut simulation = joined(&scenario, 0);
    wait_for(&mut simulation, Phase::Active);
    let seat = held(&mut simulation);
    pay(&mut simulation).unwrap();
    assert_eq!((status(&simulation, seat), simulation.counts().sold), (SeatStatus::Sold, 2));
    let (reservation_id, by) = (reservation_id(), Actor::User(user_id()));
    let refund_id = TransferId(own(6));
    simulation.send(&Command::Withdraw { reservation_id, by, refund_id }).unwrap();
    assert_eq!((status(&simulation, seat), simulation.counts().sold), (SeatStatus::Available, 0));
    ended_well(&mut simulation, &scenario);
}

#[test]
fn what_they_take_is_taken_at_the_instant_at_which_another_hold_lapses() {
    let scenario = scenario("slow_payers");
    let mut before = joined(&scenario, 0);
    while !before.is_done() {
        before.step(1_000);
    }
    let rows = before.world().state().reservations();
    let has_lapsed = |row: &Reservation| matches!(row.state, ReservationState::Expired { .. });
    let lapsing = rows.iter().map(|(_, row)| row).find(|row| has_lapsed(row)).unwrap();

    // In the same simulation, as that hold lapses.
    let mut simulation = joined(&scenario, 0);
    simulation.run_until_millis(u32::try_from(lapsing.expires_at.as_millis()).unwrap());
    let wanted = Command::Hold {
        reservation_id: reservation_id(),
        schedule_id: lapsing.schedule_id,
        ticket_id: ticket_id(),
        user_id: user_id(),
        choice: Choice::Seats(lapsing.seats.clone()),
    };
    simulation.send(&wanted).unwrap();
    let counts = simulation.counts();
    assert_eq!((counts.held, counts.sold), held_and_sold(&simulation));
    ended_well(&mut simulation, &scenario);
}

#[test]
fn in_a_crowd_without_them_nothing_has_changed() {
    let scenario = scenario("burst");
    let alone = run(&scenario).unwrap();
    let mut looked_at = Simulation::new(&scenario).unwrap();
    while !looked_at.is_done() {
        looked_at.step(500);
        looked_at.mark_seen(ticket_id());
        let _ = (looked_at.report(), looked_at.stages().count());
    }
    assert_eq!(looked_at.report(), alone);
    let mut with_them = joined(&scenario, 30_000);
    ended_well(&mut with_them, &scenario);
    assert_ne!(with_them.report().event_hash, alone.event_hash);
}

#[test]
fn who_watches_with_them_sees_the_same_people_come() {
    let scenario = scenario("burst");
    let mut alone = Simulation::new(&scenario).unwrap();
    let mut with_them = joined(&scenario, 30_000);
    alone.run_until_millis(40_000);
    with_them.run_until_millis(40_000);
    let people = |simulation: &Simulation| {
        let numbers = 0..u32::try_from(simulation.counts().came).unwrap();
        let people = numbers.map(|number| simulation.person(number).unwrap());
        people.map(|person| (person.joined_at_millis, person.group)).collect::<Vec<_>>()
    };
    assert_eq!(people(&alone), people(&with_them));
}

#[test]
fn they_are_refused_what_is_the_crowds_or_the_operators() {
    let mut simulation = joined(&scenario("steady"), 60_000);
    let hash = simulation.report().event_hash;
    let tickets = simulation.world().state().tickets();
    let others = tickets.iter().find(|(id, _)| *id != ticket_id()).unwrap().1.clone();
    let concert_id = concert_id(&simulation);
    let (transfer_id, reservation_id) = (TransferId(own(4)), reservation_id());
    let commands = [
        (Command::Leave { ticket_id: others.id }, "ticket_id"),
        (Command::Join { ticket_id: ticket_id(), concert_id, user_id: others.user_id }, "user_id"),
        (
            Command::Join { ticket_id: TicketId(Uuid::nil()), concert_id, user_id: user_id() },
            "ticket_id",
        ),
        (Command::Charge { transfer_id, user_id: others.user_id, amount: 1 }, "user_id"),
        (Command::Withdraw { reservation_id, by: Actor::Admin, refund_id: transfer_id }, "by"),
        (Command::RefreshSoldOut { concert_id }, "command"),
        (Command::ExpireTicket { ticket_id: others.id }, "command"),
    ];
    for (command, path) in commands {
        match simulation.send(&command) {
            Err(Rejection::MalformedRequest { errors }) => assert_eq!(errors[0].field, path),
            other => panic!("{command:?}: {other:?}"),
        }
    }
    assert_eq!(simulation.report().event_hash, hash);
}

#[test]
fn invariants_can_be_asked_for_at_any_time() {
    let mut simulation = joined(&scenario("steady"), 60_000);
    let Invariants { ok, checks } = simulation.audit();
    assert!(ok && checks.len() == 10);
    assert_eq!(simulation.report().invariants.checks.len(), 0, "only told when it is done");
    simulation.run_until_millis(300_000);
    assert!(simulation.audit().ok);
}
