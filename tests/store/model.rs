//! Random batches, decided through the port and by a world in memory: the same answers, and in the end
//! the same rows. Two small concerts, few people and short times make them meet often.

use crate::commits::{assert_rows_are, assert_rows_follow_from_the_journal, journal};
use crate::driver::{decide_all, new_batch, run};
use crate::fixture::{START, add, concert, create, id, schedule};
use crate::harness::Harness;
use frontrow_core::concert::{AdmissionChange, ConcertChange, Notice, Schedule};
use frontrow_core::queue::{Phase, Ticket, standing};
use frontrow_core::seating::{Choice, Reservation, ReservationState, ReservationStatus};
use frontrow_core::{
    Actor, Clock, Command, ConcertId, Event, Outcome, Rejection, ScheduleId, TicketId, Timestamp,
    UserId, World,
};
use frontrow_server::store::Concurrency;
use frontrow_server::store::Store;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::HashSet;
use std::mem::discriminant;

const BATCHES: u32 = 400;
const USERS: u128 = 8;

/// What somebody tries; it becomes a command when the world tells whose ticket or reservation that is.
#[derive(Debug, Clone)]
enum Step {
    Join,
    Leave,
    Tick,
    RefreshSoldOut,
    ExpireTicket,
    ExpireReservation,
    Hold(Vec<u32>),
    HoldBest(u32),
    Pay { short: bool },
    Withdraw { by_admin: bool },
    Charge(u64),
    Update(ConcertChange),
    AddSchedule,
}

/// A step, of which user and in which concert.
type Try = (Step, u128, u128);

#[derive(Debug, Clone)]
struct Batch {
    advance_millis: i64,
    seen: Vec<(u128, u128)>,
    tries: Vec<Try>,
    /// Whether it is written and dropped before it is run.
    falters: bool,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        16 => Just(Step::Join),
        2 => Just(Step::Leave),
        16 => Just(Step::Tick),
        6 => Just(Step::RefreshSoldOut),
        3 => Just(Step::ExpireTicket),
        3 => Just(Step::ExpireReservation),
        12 => vec(1_u32..=17, 1..=3).prop_map(Step::Hold),
        16 => (1_u32..=3).prop_map(Step::HoldBest),
        24 => proptest::bool::weighted(0.1).prop_map(|short| Step::Pay { short }),
        2 => any::<bool>().prop_map(|by_admin| Step::Withdraw { by_admin }),
        12 => (0_u64..=9).prop_map(|seats| Step::Charge(seats * 1_000)),
        1 => change().prop_map(Step::Update),
        1 => Just(Step::AddSchedule),
    ]
}

fn change() -> impl Strategy<Value = ConcertChange> {
    let admission = (5_u32..=15, 1_u32..=4, proptest::option::of(1_u32..=5)).prop_map(
        |(interval_seconds, batch_size, max_active)| AdmissionChange {
            interval_seconds: Some(interval_seconds),
            batch_size: Some(batch_size),
            max_active: Some(max_active),
            ..AdmissionChange::default()
        },
    );
    let said = proptest::bool::weighted(0.5).prop_map(|is_said| {
        is_said.then(|| Notice { ko: "잠시만요.".to_owned(), en: "A moment.".to_owned() })
    });
    let (paused, draining) = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2));
    (proptest::option::of(admission), paused, draining, proptest::option::of(said)).prop_map(
        |(admission, paused, draining, notice)| ConcertChange {
            admission,
            paused: Some(paused),
            draining: Some(draining),
            notice,
            ..ConcertChange::default()
        },
    )
}

fn batch() -> impl Strategy<Value = Batch> {
    let advance_millis = prop_oneof![
        2 => Just(0),
        1 => Just(1),
        8 => 1_i64..=4_000,
        2 => (1_i64..=3).prop_map(|ticks| ticks * 10_000),
    ];
    let who = || (1..=USERS, 1_u128..=2);
    let one = (step(), who()).prop_map(|(step, (user, concert))| (step, user, concert));
    let falters = proptest::bool::weighted(0.1);
    (advance_millis, vec(who(), 0..=8), vec(one, 1..=8), falters).prop_map(
        |(advance_millis, seen, tries, falters)| Batch { advance_millis, seen, tries, falters },
    )
}

/// One of `things`, by choice of `user`; some users choose none.
fn pick<'a, T>(things: &[&'a T], user: u128) -> Option<&'a T> {
    if user == USERS || things.is_empty() {
        return None;
    }
    Some(things[usize::try_from(user).unwrap() % things.len()])
}

/// The world, and the numbers of new things.
struct Tale {
    world: World,
    events: Vec<Event>,
    last_id: u128,
}

impl Tale {
    fn new_id<T: From<uuid::Uuid>>(&mut self) -> T {
        self.last_id += 1;
        id(self.last_id)
    }

    /// The last ticket of somebody in a concert.
    fn latest_ticket(&self, user: u128, concert: u128) -> Option<&Ticket> {
        let tickets = self.world.state().tickets().iter().map(|(_, ticket)| ticket);
        tickets
            .filter(|ticket| ticket.user_id == id(user) && ticket.concert_id == id(concert))
            .max_by_key(|ticket| ticket.number)
    }

    /// Somebody's ticket with which something can be done, by choice of `user`; or else theirs.
    fn ticket(
        &self,
        (user, concert): (u128, u128),
        fits: impl Fn(&Ticket) -> bool,
    ) -> (TicketId, UserId) {
        let tickets = self.world.state().tickets().iter().map(|(_, ticket)| ticket);
        let mut fitting: Vec<&Ticket> =
            tickets.filter(|ticket| ticket.concert_id == id(concert) && fits(ticket)).collect();
        fitting.sort_by_key(|ticket| ticket.number);
        let ticket = pick(&fitting, user).or(self.latest_ticket(user, concert));
        ticket.map_or((id(999), id(user)), |ticket| (ticket.id, ticket.user_id))
    }

    /// A reservation with which something can be done, by choice of `user`; or else any.
    fn reservation(
        &self,
        (user, concert): (u128, u128),
        fits: impl Fn(&Reservation) -> bool,
    ) -> Option<Reservation> {
        let rows = self.world.state().reservations().iter().map(|(_, row)| row);
        let mut rows: Vec<&Reservation> =
            rows.filter(|row| row.concert_id == id(concert)).collect();
        rows.sort_by_key(|row| row.id);
        let fitting: Vec<&Reservation> = rows.iter().copied().filter(|row| fits(row)).collect();
        pick(&fitting, user).or(pick(&rows, user)).cloned()
    }

    /// One of the concert's schedules.
    fn schedule(&self, concert: u128) -> ScheduleId {
        let schedules = self.world.state().schedules().iter();
        let mut ids: Vec<ScheduleId> = schedules
            .filter(|(_, schedule)| schedule.concert_id == id(concert))
            .map(|(schedule_id, _)| schedule_id)
            .collect();
        ids.sort_unstable();
        ids[usize::try_from(self.last_id).unwrap() % ids.len()]
    }

    fn command(&mut self, (step, user, concert): Try, now: Timestamp) -> Command {
        let (who, concert_id): (_, ConcertId) = ((user, concert), id(concert));
        match step {
            Step::Join => Command::Join { ticket_id: self.new_id(), concert_id, user_id: id(user) },
            Step::Leave => Command::Leave { ticket_id: self.ticket(who, |_| false).0 },
            Step::Tick => Command::Tick { concert_id, served_since: START },
            Step::RefreshSoldOut => Command::RefreshSoldOut { concert_id },
            Step::ExpireTicket => {
                let is_due = |ticket: &Ticket| {
                    ticket.is_stored_live() && ticket.phase(now) == Phase::Expired
                };
                Command::ExpireTicket { ticket_id: self.ticket(who, is_due).0 }
            }
            Step::ExpireReservation => {
                let is_due = |row: &Reservation| {
                    row.state == ReservationState::Held && row.expires_at <= now
                };
                let due = self.reservation(who, is_due);
                Command::ExpireReservation { reservation_id: due.map_or(id(999), |row| row.id) }
            }
            Step::Hold(seats) => self.hold(who, Choice::Seats(seats.into()), now),
            Step::HoldBest(count) => self.hold(who, Choice::Best { count, section: None }, now),
            Step::Pay { short } => self.pay(who, short, now),
            Step::Withdraw { by_admin } => self.withdraw(who, by_admin, now),
            Step::Charge(amount) => {
                Command::Charge { transfer_id: self.new_id(), user_id: id(user), amount }
            }
            Step::Update(change) => Command::UpdateConcert { concert_id, change },
            Step::AddSchedule => {
                self.last_id += 1;
                // Concert 2 is to sell out, and then to go on.
                let queue = self.world.state().queues().get(concert_id);
                let is_sold_out = queue.is_some_and(|queue| queue.sold_out);
                add(small_schedule(self.last_id, if is_sold_out { concert } else { 1 }, 1))
            }
        }
    }

    fn hold(&mut self, who: (u128, u128), choice: Choice, now: Timestamp) -> Command {
        let is_free = |ticket: &Ticket| ticket.takes_holds(now) && ticket.live_hold(now).is_none();
        let (ticket_id, user_id) = self.ticket(who, is_free);
        let (reservation_id, schedule_id) = (self.new_id(), self.schedule(who.1));
        Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice }
    }

    fn pay(&mut self, who: (u128, u128), short: bool, now: Timestamp) -> Command {
        let is_held = |row: &Reservation| row.status(now) == ReservationStatus::Held;
        let held = self.reservation(who, is_held);
        let amount = held.as_ref().map_or(1, |row| row.amount.get()) - u64::from(short);
        let (reservation_id, ticket_id, user_id) =
            held.map_or((id(999), id(999), id(who.0)), |row| (row.id, row.ticket_id, row.user_id));
        Command::Pay { payment_id: self.new_id(), reservation_id, ticket_id, user_id, amount }
    }

    fn withdraw(&mut self, who: (u128, u128), by_admin: bool, now: Timestamp) -> Command {
        let is_kept = |row: &Reservation| {
            matches!(row.status(now), ReservationStatus::Held | ReservationStatus::Confirmed)
        };
        let kept = self.reservation(who, is_kept);
        let (reservation_id, user_id) =
            kept.map_or((id(999), id(who.0)), |row| (row.id, row.user_id));
        let by = if by_admin { Actor::Admin } else { Actor::User(user_id) };
        Command::Withdraw { reservation_id, by, refund_id: self.new_id() }
    }

    /// Carries out one try after the other; the commands and what they came to.
    fn run(
        &mut self,
        tries: Vec<Try>,
        now: Timestamp,
    ) -> (Vec<Command>, Vec<Result<Outcome, Rejection>>) {
        let (mut commands, mut outcomes) = (Vec::new(), Vec::new());
        for one in tries {
            let command = self.command(one, now);
            outcomes.push(self.world.execute(&command, now));
            self.events.extend(std::iter::from_fn(|| self.world.poll_event()));
            commands.push(command);
        }
        (commands, outcomes)
    }
}

/// A performance with one row of so many seats.
fn small_schedule(number: u128, concert: u128, seats: u32) -> Schedule {
    let mut schedule = schedule(number, concert);
    schedule.sections.truncate(1);
    (schedule.sections[0].rows, schedule.sections[0].seats_per_row) = (1, seats);
    schedule
}

async fn create_both(h: &impl Harness, tale: &mut Tale) {
    let mut capped = concert(1);
    capped.admission.batch_size = 3;
    capped.admission.max_active = Some(4);
    capped.admission.lapse_seconds = 20;
    capped.holds.hold_seconds = 30;
    capped.holds.max_seats_per_user = 6;
    let mut aware = concert(2);
    aware.admission.inventory_aware = true;
    aware.admission.batch_size = 2;
    aware.holds.hold_seconds = 90;
    let (halls, small) = ([schedule(10, 1), schedule(11, 1)], small_schedule(20, 2, 3));
    let [hall, other] = halls.map(add);
    let commands = [create(capped), create(aware), hall, other, add(small)];
    for command in &commands {
        tale.world.execute(command, START).unwrap();
        tale.events.extend(std::iter::from_fn(|| tale.world.poll_event()));
    }
    run(h.store().as_ref(), &commands).await;
}

async fn play(h: &impl Harness, tale: &mut Tale, batch: Batch) {
    let store = h.store().as_ref();
    h.clock().advance_millis(batch.advance_millis);
    let now = h.clock().now();
    let mut marks = Vec::new();
    for (user, concert) in batch.seen {
        if let Some(ticket_id) = tale.latest_ticket(user, concert).map(|ticket| ticket.id) {
            tale.world.mark_seen(ticket_id, now);
            marks.push((ticket_id, now));
        }
    }
    store.mark_seen(&marks).await.unwrap();
    let (commands, expected) = tale.run(batch.tries, now);
    if batch.falters {
        let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
        let mut decided = decide_all(transaction.as_mut(), &commands).await;
        transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    }
    assert_eq!(run(store, &commands).await, expected, "{commands:#?}");
}

async fn assert_standings_agree(store: &dyn Store, world: &World, now: Timestamp) {
    for (ticket_id, expected) in world.state().tickets().iter() {
        let ticket = store.ticket(ticket_id).await.unwrap().unwrap();
        assert_eq!(&ticket, expected);
        let (concert, queue) = store.concert(ticket.concert_id).await.unwrap().unwrap();
        let counts = store.counts(ticket.concert_id, ticket.number, now).await.unwrap();
        let here = standing(&ticket, &concert, &queue, counts, now);
        let there = world.standing(ticket_id, now).unwrap();
        assert_eq!(here, there);
    }
}

pub async fn random_batches_are_decided_as_in_a_world_in_memory(h: &impl Harness) {
    let store = h.store().as_ref();
    let mut tale = Tale { world: World::new(), events: Vec::new(), last_id: 1_000 };
    create_both(h, &mut tale).await;
    let mut runner = TestRunner::deterministic();
    for number in 0..BATCHES {
        let next = batch().new_tree(&mut runner).unwrap().current();
        play(h, &mut tale, next).await;
        if number % 50 == 0 {
            assert_rows_are(store, tale.world.state()).await;
            assert_standings_agree(store, &tale.world, h.clock().now()).await;
        }
    }
    assert_rows_are(store, tale.world.state()).await;
    assert_eq!(journal(store).await, tale.events);
    assert_rows_follow_from_the_journal(h, store).await;
    assert_everything_happened(&tale.events);
}

/// Every kind of event came up: what never happens is not tested.
fn assert_everything_happened(events: &[Event]) {
    let kinds: HashSet<_> = events.iter().map(|event| discriminant(&event.kind)).collect();
    assert_eq!(kinds.len(), 17);
}
