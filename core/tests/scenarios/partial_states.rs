//! Hosts that load only what a decision needs decide as a world that has every row: the example's
//! embedder and a world are sent the same commands, and must never differ.

use crate::database::{Conflict, Database};
use crate::host::{commit, decide_all, execute, execute_all, next_tick, sweep};
use crate::load::{load, load_all};
use crate::story::{CONCERT, HALL, concert, hall, millisecond, second, user};
use frontrow_core::audit::Audit;
use frontrow_core::concert::{AdmissionChange, ConcertChange};
use frontrow_core::seating::Choice;
use frontrow_core::state::Stored;
use frontrow_core::{
    Actor, Command, Event, Key, Mode, Need, Outcome, ReservationId, State, TicketId, Timestamp,
    TransferId, UserId, World, decide,
};
use std::iter::from_fn;
use uuid::Uuid;

/// A world and a database that hear the same.
struct Twins {
    world: World,
    database: Database,
    journal: Vec<Event>,
}

impl Twins {
    /// A concert in which every rule of admission binds: a cap, no-shows, seats counted.
    fn new() -> Self {
        let mut concert = concert();
        concert.admission.max_active = Some(4);
        concert.admission.active_seconds = 40;
        concert.admission.lapse_seconds = 60;
        concert.admission.inventory_aware = true;
        concert.holds.hold_seconds = 15;
        let (world, database, journal) = (World::new(), Database::default(), Vec::new());
        let mut twins = Self { world, database, journal };
        twins.send(&Command::CreateConcert { concert }, second(-1));
        twins.send(&Command::AddSchedule { schedule: hall(2, 4) }, second(-1));
        twins
    }

    fn send(&mut self, command: &Command, now: Timestamp) -> u32 {
        self.send_all(std::slice::from_ref(command), now)
    }

    /// Both answer the same, and journal the same. How many commands were accepted.
    fn send_all(&mut self, commands: &[Command], now: Timestamp) -> u32 {
        let ours: Vec<_> =
            commands.iter().map(|command| self.world.execute(command, now)).collect();
        let told: Vec<Event> = from_fn(|| self.world.poll_event()).collect();
        let stored = self.database.journal.len();
        let theirs = execute_all(&mut self.database, commands, now);
        assert_eq!(ours, theirs, "{commands:?} at {now}");
        let lines = &self.database.journal[stored..];
        let parse = |(_, json): &(u64, String)| serde_json::from_str(json).expect("an event");
        assert_eq!(told, lines.iter().map(parse).collect::<Vec<Event>>(), "{commands:?} at {now}");
        self.journal.extend(told);
        ours.iter().map(|answer| u32::from(answer.is_ok())).sum()
    }

    /// Both end well, by every invariant, with the very same rows.
    fn audit(&self, now: Timestamp) {
        for rows in [self.world.state(), &load_all(&self.database)] {
            let mut audit = Audit::new();
            self.journal.iter().for_each(|event| audit.read(event));
            let report = audit.finish(rows, now);
            assert!(report.ok, "{report:#?}");
        }
    }
}

/// A walk of pseudo-random steps: Lehmer's generator (Park and Miller's constants, 1988).
struct Walk(u64);

impl Walk {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0 % bound
    }

    fn person(&mut self) -> u32 {
        u32::try_from(self.below(9)).expect("a small number")
    }

    fn amount(&mut self) -> u64 {
        self.below(4) * 1_000
    }

    /// One of the last few ids of a kind, which may or may not be anything's.
    fn id(&mut self, kind: u128, step: u64) -> Uuid {
        Uuid::from_u128(kind << 64 | u128::from(step.saturating_sub(self.below(40))))
    }

    fn choice(&mut self) -> Choice {
        let seat = |walk: &mut Self| u32::try_from(walk.below(10)).expect("a small number");
        match self.below(3) {
            0 => Choice::Best { count: seat(self) % 4, section: None },
            1 => Choice::Seats([seat(self)].into_iter().collect()),
            _ => Choice::Seats([seat(self), seat(self)].into_iter().collect()),
        }
    }

    fn command(&mut self, world: &World, step: u64) -> Command {
        let new = |kind: u128| Uuid::from_u128(kind << 64 | u128::from(step));
        let user_id = user(self.person());
        // Mostly the ticket that this person stands with, so that something comes of it.
        let mut own: Vec<_> = world
            .state()
            .tickets()
            .iter()
            .filter(|(_, ticket)| ticket.user_id == user_id)
            .collect();
        own.sort_by_key(|(_, ticket)| ticket.number);
        let ticket_id = own.last().map_or(TicketId(self.id(1, step)), |(id, _)| *id);
        let mut held: Vec<_> =
            world.state().reservations().iter().filter(|(_, row)| row.user_id == user_id).collect();
        held.sort_by_key(|(id, _)| *id);
        let reservation_id = held.last().map_or(ReservationId(self.id(2, step)), |(id, _)| *id);
        match self.below(14) {
            0..=2 => Command::Join { ticket_id: TicketId(new(1)), concert_id: CONCERT, user_id },
            3 => Command::Leave { ticket_id },
            4 | 5 => Command::Tick { concert_id: CONCERT, served_since: second(0) },
            6..=8 => Command::Hold {
                reservation_id: ReservationId(new(2)),
                schedule_id: HALL,
                ticket_id,
                user_id,
                choice: self.choice(),
            },
            9 => {
                Command::Charge { transfer_id: TransferId(new(3)), user_id, amount: self.amount() }
            }
            10 | 11 => {
                let amount = held.last().map_or(self.amount(), |(_, row)| row.amount.get());
                let payment_id = TransferId(new(3));
                Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount }
            }
            12 => self.rarely(user_id, reservation_id, TransferId(new(3))),
            _ => Command::RefreshSoldOut { concert_id: CONCERT },
        }
    }

    fn rarely(
        &mut self,
        user_id: UserId,
        reservation_id: ReservationId,
        refund_id: TransferId,
    ) -> Command {
        match self.below(4) {
            0 => {
                let change = AdmissionChange {
                    interval_seconds: Some(3 + u32::try_from(self.below(9)).expect("small")),
                    ..AdmissionChange::default()
                };
                let change = ConcertChange { admission: Some(change), ..ConcertChange::default() };
                Command::UpdateConcert { concert_id: CONCERT, change }
            }
            1 => {
                let paused = Some(self.below(2) == 0);
                let change = ConcertChange { paused, ..ConcertChange::default() };
                Command::UpdateConcert { concert_id: CONCERT, change }
            }
            2 => Command::ExpireReservation { reservation_id },
            _ => Command::Withdraw { reservation_id, by: Actor::User(user_id), refund_id },
        }
    }
}

/// Many walks of 240 commands each, sent in batches of `batch`.
fn walk_in_batches_of(batch: u64) {
    for seed in 1..=12 {
        let (mut twins, mut walk) = (Twins::new(), Walk(seed * 7_919 + batch));
        let (mut millis, mut step, mut accepted) = (0, 0, 0);
        while step < 240 {
            millis += i64::try_from(walk.below(3_000 * batch)).expect("a small number");
            let mut commands = Vec::new();
            for _ in 0..batch {
                step += 1;
                commands.push(walk.command(&twins.world, step));
            }
            accepted += twins.send_all(&commands, millisecond(millis));
        }
        twins.audit(millisecond(millis));
        assert!(accepted > 60, "seed {seed}: only {accepted} commands came to anything");
    }
}

#[test]
fn a_host_that_loads_what_is_needed_decides_as_one_that_has_every_row() {
    walk_in_batches_of(1);
}

#[test]
fn a_batch_on_one_state_decides_as_one_command_after_the_other() {
    for batch in [2, 5, 24] {
        walk_in_batches_of(batch);
    }
}

#[test]
fn the_second_of_two_who_decide_on_the_same_rows_is_refused_by_the_store() {
    let mut twins = Twins::new();
    let join = |n: u32| Command::Join {
        ticket_id: TicketId(Uuid::from_u128(u128::from(n))),
        concert_id: CONCERT,
        user_id: user(n),
    };
    let first = decide_all(&twins.database, &[join(1)], second(0));
    let other = decide_all(&twins.database, &[join(2)], second(0));

    assert!(commit(&mut twins.database, first).is_ok());
    assert_eq!(commit(&mut twins.database, other), Err(Conflict));
    let again = execute(&mut twins.database, &join(2), second(0));

    let Ok(Outcome::Joined { ticket, .. }) = again else { panic!("{again:?}") };
    assert_eq!(ticket.number, 2);
}

#[test]
fn a_row_that_was_not_loaded_is_needed_and_never_taken_for_a_missing_one() {
    let charge = Command::Charge {
        transfer_id: TransferId(Uuid::from_u128(1)),
        user_id: user(1),
        amount: 5,
    };
    let mut state = State::partial();

    assert_eq!(decide(&state, &charge, second(0)), Err(Need(vec![Key::Wallet(user(1))])));

    state.load_wallet(user(1), None);
    assert!(decide(&state, &charge, second(0)).is_ok());
}

#[test]
fn joining_reads_no_more_than_the_queue_the_policy_and_ones_own_place() {
    let mut twins = Twins::new();
    for person in 1..=50 {
        let ticket_id = TicketId(Uuid::from_u128(person.into()));
        let join = Command::Join { ticket_id, concert_id: CONCERT, user_id: user(person) };
        twins.send(&join, second(0));
    }
    let join = Command::Join {
        ticket_id: TicketId(Uuid::from_u128(99)),
        concert_id: CONCERT,
        user_id: user(99),
    };
    let mut state = State::partial();
    for key in join.keys() {
        load(&twins.database, &mut state, &key);
    }

    assert!(decide(&state, &join, second(0)).is_ok(), "nobody else's ticket was read");
    assert_eq!(state.tickets().len(), 0);
}

#[test]
fn a_state_tells_the_last_change_of_what_was_loaded() {
    let mut state = State::partial();
    assert_eq!(state.last_change(), Timestamp::MIN);
    let row = |changed_at| Some(Stored { value: concert(), version: 1, changed_at });

    state.load_concert(CONCERT, row(second(7)), Mode::Fact);
    assert_eq!(state.last_change(), second(7));
    state.load_wallet(user(1), None);
    assert_eq!(state.last_change(), second(7));
}

#[test]
fn a_host_whose_clock_steps_back_decides_at_the_last_change() {
    let mut twins = Twins::new();
    let join = |n: u32| Command::Join {
        ticket_id: TicketId(Uuid::from_u128(n.into())),
        concert_id: CONCERT,
        user_id: user(n),
    };
    execute(&mut twins.database, &join(1), second(50)).unwrap();

    let answer = execute(&mut twins.database, &join(2), second(20));

    let Ok(Outcome::Joined { ticket, .. }) = answer else { panic!("{answer:?}") };
    assert_eq!(ticket.issued_at, second(50));
}

#[test]
fn a_sweep_does_what_a_worlds_timer_does() {
    let mut twins = Twins::new();
    for n in 1..=3 {
        let ticket_id = TicketId(Uuid::from_u128(n));
        let user_id = user(u32::try_from(n).unwrap());
        twins.send(&Command::Join { ticket_id, concert_id: CONCERT, user_id }, second(0));
    }
    assert_eq!(next_tick(&twins.database, CONCERT), Some(second(0)));
    let before = twins.database.journal.len();

    sweep(&mut twins.database, CONCERT, second(0));
    twins.world.handle_timeout(second(0));

    let swept = twins.database.journal[before..].iter().map(|(_, json)| json.clone());
    let told = from_fn(|| twins.world.poll_event());
    let told = told.map(|event| serde_json::to_string(&event).unwrap());
    assert_eq!(swept.collect::<Vec<_>>(), told.collect::<Vec<_>>());
}
