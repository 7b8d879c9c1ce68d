//! What stories are told with: a world with one concert, people by small numbers, and time in seconds
//! since the sale opened. When a story ends, its journal and rows are audited.

use crate::in_passes::audited_in_every_way;
use frontrow_core::concert::{AdmissionChange, Concert, ConcertChange, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{Phase, Queue, Standing, Ticket};
use frontrow_core::seating::{Choice, Reservation, ReservationStatus, Seat, SeatStatus};
use frontrow_core::{
    Actor, Amount, Command, ConcertId, Event, EventKind, Outcome, Rejection, ReservationId,
    ScheduleId, TicketId, Timestamp, TransferId, UserId, World,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The one concert of a story.
pub const CONCERT: ConcertId = ConcertId(Uuid::from_u128(0xC0));
/// Its one hall, unless the story adds others.
pub const HALL: ScheduleId = ScheduleId(Uuid::from_u128(0x5C));
/// No people.
pub const NOBODY: [u32; 0] = [];
/// What a seat costs.
pub const PRICE: u64 = 1_000;
/// 2026-11-22T11:00:00Z.
const OPENING_MILLIS: i64 = 1_795_345_200_000;

/// What a command answers.
pub type Answer = Result<Outcome, Rejection>;

/// The instant `seconds` after the sale opened.
pub fn second(seconds: i64) -> Timestamp {
    millisecond(seconds * 1_000)
}

/// The instant `millis` after the sale opened.
pub fn millisecond(millis: i64) -> Timestamp {
    Timestamp::from_millis(OPENING_MILLIS + millis)
}

/// The person by that number.
pub fn user(person: u32) -> UserId {
    UserId(Uuid::from_u128(0x1_0000 + u128::from(person)))
}

/// Lets in two people every ten seconds, for ten minutes each; nobody lapses.
pub fn concert() -> Concert {
    Concert {
        id: CONCERT,
        title: "Frontrow Live".to_owned(),
        sale_opens_at: second(0),
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 2,
            active_seconds: 600,
            max_active: None,
            lapse_seconds: 0,
            inventory_aware: false,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: second(-100),
    }
}

/// A hall of one section, a day after the sale opens.
pub fn hall(rows: u32, seats_per_row: u32) -> Schedule {
    let price = Amount::new(PRICE).expect("a small price");
    let section = Section { name: "R".to_owned(), rows, seats_per_row, price };
    Schedule {
        id: HALL,
        concert_id: CONCERT,
        starts_at: second(86_400),
        venue: "Olympic Hall".to_owned(),
        sections: vec![section],
    }
}

/// A story under way.
#[derive(Debug)]
pub struct Story {
    pub world: World,
    now: Timestamp,
    journal: Vec<Event>,
    /// How much of the journal [`Story::news`] has told.
    told: usize,
    last_id: u128,
    tickets: BTreeMap<u32, TicketId>,
    reservations: BTreeMap<u32, ReservationId>,
}

/// How stories begin.
impl Story {
    /// The usual concert and two rows of five seats, a hundred seconds before it opens.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// As [`Story::new`], but for what `change` does to the concert.
    pub fn with(change: impl FnOnce(&mut Concert)) -> Self {
        let mut story = Self::without_seats(change);
        story.add(hall(2, 5));
        story
    }

    /// A concert for which nothing is for sale yet.
    pub fn without_seats(change: impl FnOnce(&mut Concert)) -> Self {
        let mut story = Self {
            world: World::new(),
            now: second(-100),
            journal: Vec::new(),
            told: 0,
            last_id: 0x1_0000_0000,
            tickets: BTreeMap::new(),
            reservations: BTreeMap::new(),
        };
        let mut concert = concert();
        change(&mut concert);
        story.send(&Command::CreateConcert { concert }).expect("the concert is well formed");
        story
    }

    /// The usual concert and seats at the first tick, with these people let in.
    pub fn inside(people: &[u32]) -> Self {
        Self::inside_with(people, |_| {})
    }

    /// As [`Story::inside`], but for what `change` does to the concert.
    pub fn inside_with(people: &[u32], change: impl FnOnce(&mut Concert)) -> Self {
        let mut story = Self::with(|concert| {
            concert.admission.batch_size = 1_000;
            change(concert);
        });
        story.join_all(people);
        story.at(0);
        assert_eq!(story.active(), people, "all of them are let in at the first tick");
        story
    }
}

/// How time passes.
impl Story {
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// On to `seconds` after the opening, with a host that is never late.
    pub fn at(&mut self, seconds: i64) -> &mut Self {
        self.at_millis(seconds * 1_000)
    }

    /// As [`Story::at`], by milliseconds.
    pub fn at_millis(&mut self, millis: i64) -> &mut Self {
        let until = millisecond(millis);
        while let Some(due) = self.world.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.wake();
        }
        self.now = self.now.max(until);
        self
    }

    /// On to `millis` after the opening, with nobody there to do what is due.
    pub fn asleep_until_millis(&mut self, millis: i64) -> &mut Self {
        self.now = millisecond(millis);
        self
    }

    /// As [`Story::asleep_until_millis`], by seconds.
    pub fn asleep_until(&mut self, seconds: i64) -> &mut Self {
        self.asleep_until_millis(seconds * 1_000)
    }

    /// Does what is due.
    pub fn wake(&mut self) {
        self.world.handle_timeout(self.now);
        self.listen();
    }
}

/// What people and operators do.
impl Story {
    pub fn send(&mut self, command: &Command) -> Answer {
        let answer = self.world.execute(command, self.now);
        self.listen();
        answer
    }

    /// An id that nothing has yet.
    pub fn fresh_id(&mut self) -> Uuid {
        self.last_id += 1;
        Uuid::from_u128(self.last_id)
    }

    pub fn join(&mut self, person: u32) -> Answer {
        let (ticket_id, user_id) = (TicketId(self.fresh_id()), user(person));
        let answer = self.send(&Command::Join { ticket_id, concert_id: CONCERT, user_id });
        if let Ok(Outcome::Joined { ticket, .. }) = &answer {
            self.tickets.insert(person, ticket.id);
        }
        answer
    }

    /// All of them join, in this order.
    pub fn join_all(&mut self, people: &[u32]) -> &mut Self {
        for person in people {
            self.join(*person).expect("everybody may join");
        }
        self
    }

    pub fn leave(&mut self, person: u32) -> Answer {
        self.send(&Command::Leave { ticket_id: self.ticket_id(person) })
    }

    /// The person's app asks how they stand.
    pub fn poll(&mut self, person: u32) {
        self.world.mark_seen(self.ticket_id(person), self.now);
    }

    /// One tick (or a part of one), whether or not one is due.
    pub fn tick(&mut self) -> Answer {
        self.send(&Command::Tick { concert_id: CONCERT, served_since: Timestamp::MIN })
    }

    pub fn hold(&mut self, person: u32, seats: &[u32]) -> Answer {
        self.choose(person, HALL, Choice::Seats(seats.iter().copied().collect()))
    }

    pub fn hold_best(&mut self, person: u32, count: u32) -> Answer {
        self.choose(person, HALL, Choice::Best { count, section: None })
    }

    pub fn choose(&mut self, person: u32, schedule_id: ScheduleId, choice: Choice) -> Answer {
        let reservation_id = ReservationId(self.fresh_id());
        let ticket_id = self.ticket_id(person);
        let user_id = user(person);
        let hold = Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice };
        let answer = self.send(&hold);
        if answer.is_ok() {
            self.reservations.insert(person, reservation_id);
        }
        answer
    }

    pub fn charge(&mut self, person: u32, amount: u64) -> Answer {
        let transfer_id = TransferId(self.fresh_id());
        self.send(&Command::Charge { transfer_id, user_id: user(person), amount })
    }

    /// Pays what the person's last reservation costs.
    pub fn pay(&mut self, person: u32) -> Answer {
        let amount = self.reservation(person).amount.get();
        self.pay_amount(person, amount)
    }

    pub fn pay_amount(&mut self, person: u32, amount: u64) -> Answer {
        self.pay_for(person, self.reservation_id(person), amount)
    }

    pub fn pay_for(&mut self, person: u32, reservation_id: ReservationId, amount: u64) -> Answer {
        let payment_id = TransferId(self.fresh_id());
        let ticket_id = self.ticket_id(person);
        let user_id = user(person);
        self.send(&Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount })
    }

    /// Holds these seats, charges what they cost, and pays.
    pub fn buy(&mut self, person: u32, seats: &[u32]) -> ReservationId {
        self.hold(person, seats).expect("the seats are free");
        self.charge(person, PRICE * seats.len() as u64).expect("a charge of a small amount");
        self.pay(person).expect("the hold is paid in time");
        self.reservations[&person]
    }

    /// The person gives their last reservation back.
    pub fn withdraw(&mut self, person: u32) -> Answer {
        let reservation_id = self.reservations[&person];
        let refund_id = TransferId(self.fresh_id());
        let by = Actor::User(user(person));
        self.send(&Command::Withdraw { reservation_id, by, refund_id })
    }

    pub fn add(&mut self, schedule: Schedule) {
        self.send(&Command::AddSchedule { schedule }).expect("the schedule is well formed");
    }

    pub fn change(&mut self, change: ConcertChange) {
        let update = Command::UpdateConcert { concert_id: CONCERT, change };
        self.send(&update).expect("the change is well formed");
    }

    pub fn change_admission(&mut self, change: AdmissionChange) {
        self.change(ConcertChange { admission: Some(change), ..ConcertChange::default() });
    }

    pub fn pause(&mut self, paused: bool) {
        self.change(ConcertChange { paused: Some(paused), ..ConcertChange::default() });
    }

    pub fn close(&mut self) {
        self.change(ConcertChange { closed: Some(true), ..ConcertChange::default() });
    }
}

/// What can be seen.
impl Story {
    pub fn ticket_id(&self, person: u32) -> TicketId {
        self.tickets[&person]
    }

    pub fn ticket(&self, person: u32) -> &Ticket {
        let ticket = self.world.state().tickets().get(self.ticket_id(person));
        ticket.expect("who joined has a ticket")
    }

    pub fn phase(&self, person: u32) -> Phase {
        self.ticket(person).phase(self.now)
    }

    /// Who is let in now, by number.
    pub fn active(&self) -> Vec<u32> {
        self.people_in(Phase::Active)
    }

    /// Who waits now, by number.
    pub fn waiting(&self) -> Vec<u32> {
        self.people_in(Phase::Waiting)
    }

    fn people_in(&self, phase: Phase) -> Vec<u32> {
        self.tickets.keys().copied().filter(|person| self.phase(*person) == phase).collect()
    }

    pub fn standing(&self, person: u32) -> Standing {
        self.world.standing(self.ticket_id(person), self.now).expect("who joined has a standing")
    }

    pub fn queue(&self) -> &Queue {
        self.world.state().queues().get(CONCERT).expect("the concert has a queue")
    }

    /// The seat's row.
    pub fn seat_row(&self, number: u32) -> Seat {
        self.world.state().seats().get((HALL, number)).copied().unwrap_or_default()
    }

    pub fn seat(&self, number: u32) -> SeatStatus {
        self.seat_row(number).status(self.now)
    }

    /// The person's last reservation.
    pub fn reservation_id(&self, person: u32) -> ReservationId {
        self.reservations[&person]
    }

    pub fn reservation(&self, person: u32) -> &Reservation {
        self.reservation_by(self.reservation_id(person))
    }

    pub fn reservation_by(&self, id: ReservationId) -> &Reservation {
        self.world.state().reservations().get(id).expect("it was held")
    }

    pub fn status(&self, person: u32) -> ReservationStatus {
        self.reservation(person).status(self.now)
    }

    /// What is in the person's wallet, if they have one.
    pub fn balance(&self, person: u32) -> Option<u64> {
        self.world.state().wallets().get(user(person)).map(|wallet| wallet.balance.get())
    }

    /// Everything that happened.
    pub fn journal(&self) -> &[Event] {
        &self.journal
    }

    /// What happened since this was asked last.
    pub fn news(&mut self) -> Vec<EventKind> {
        let news = self.journal[self.told..].iter().map(|event| event.kind.clone()).collect();
        self.told = self.journal.len();
        news
    }

    fn listen(&mut self) {
        while let Some(event) = self.world.poll_event() {
            self.journal.push(event);
        }
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let report = audited_in_every_way(&self.journal, self.world.state(), self.now);
        assert!(report.ok, "the story ends well by every invariant: {report:#?}");
    }
}
