//! People: what each is like, and where they are in their story. They are compact, since there may be
//! millions; what they are like follows from the seed and their number alone.

use super::random::{Purpose, Random};
use super::scenario::Scenario;
use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// No ticket, reservation or time.
pub(super) const NONE: u32 = u32::MAX;

/// Where a person is in their story. What is not `coming`, `waiting`, `active` or `rejoining` is an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Has not come yet.
    Coming,
    /// Stands in line.
    Waiting,
    /// Was let in, and chooses or pays.
    Active,
    /// Is about to join again.
    Rejoining,
    /// Has bought.
    Bought,
    /// Lost patience in line, and said so or just went.
    GaveUp,
    /// Was passed over at their turn.
    PassedOver,
    /// Was in line when the last seat was sold.
    SoldOut,
    /// Was not let join.
    Refused,
    /// Was let in, but ran out of time.
    RanOut,
    /// Was let in, but got no seats that they wanted.
    NoSeats,
    /// Held seats, but every payment failed.
    PaymentFailed,
    /// Held seats, and let the hold lapse.
    Abandoned,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 13] = [
        Self::Coming,
        Self::Waiting,
        Self::Active,
        Self::Rejoining,
        Self::Bought,
        Self::GaveUp,
        Self::PassedOver,
        Self::SoldOut,
        Self::Refused,
        Self::RanOut,
        Self::NoSeats,
        Self::PaymentFailed,
        Self::Abandoned,
    ];
}

/// How a person chooses seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatTaste {
    /// Free seats together in the first tenth of those that are free, from the front: a crowd of which everybody
    /// took the very first ones would be refused far more often than people are.
    FrontFirst,
    /// Free seats together anywhere.
    Random,
    /// What the server says is best.
    BestAvailable,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    /// Their latest ticket, by its number in the simulation.
    pub ticket: u32,
    /// Their latest reservation.
    pub reservation: u32,
    /// Milliseconds from the start at which they got that ticket.
    pub joined_at: u32,
    /// Milliseconds from the start at which they were let in with it.
    pub admitted_at: u32,
    /// The wait in seconds that they were told as they joined.
    pub quoted_seconds: u32,
    pub stage: Stage,
    pub taste: SeatTaste,
    pub is_bot: bool,
    /// Seats that they want together.
    pub group: u8,
    pub joins: u8,
    pub seat_tries: u8,
    pub payment_tries: u8,
    /// Numbers drawn so far for what they do again and again.
    pub draws: u16,
}

impl Person {
    /// What person `number` is like.
    pub(super) fn new(scenario: &Scenario, number: u32) -> Self {
        let mut random = Random::new(scenario.seed, Purpose::Traits, number, 0);
        let is_bot = random.percent(scenario.bots.share_percent);
        let wanted = random.weighted(&scenario.people.group_weights) + 1;
        let taste = scenario.people.taste;
        let tastes = [SeatTaste::FrontFirst, SeatTaste::Random, SeatTaste::BestAvailable];
        let weights = [taste.front_first, taste.random, taste.best_available];
        let taste = tastes[random.weighted(&weights)];
        let limit = scenario.holds.max_seats_per_user.min(20);
        let limit = u8::try_from(limit).expect("at most 20");
        let group = if is_bot { limit } else { limit.min(u8::try_from(wanted).unwrap_or(limit)) };
        Self {
            ticket: NONE,
            reservation: NONE,
            joined_at: NONE,
            admitted_at: NONE,
            quoted_seconds: NONE,
            stage: Stage::Coming,
            taste,
            is_bot,
            group,
            joins: 0,
            seat_tries: 0,
            payment_tries: 0,
            draws: 0,
        }
    }

    /// The next stream for what this person does again and again.
    pub(super) fn random(&mut self, seed: u64, purpose: Purpose, number: u32) -> Random {
        self.draws = self.draws.wrapping_add(1);
        Random::new(seed, purpose, number, u32::from(self.draws))
    }
}

/// The kinds of things that are numbered, so that no two ids are the same.
enum Kind {
    Concert = 1,
    Schedule = 2,
    User = 3,
    Ticket = 4,
    Reservation = 5,
    Transfer = 6,
}

fn id(kind: Kind, number: u32) -> Uuid {
    Uuid::from_u128((kind as u128) << 64 | u128::from(number))
}

pub(super) fn concert_id() -> ConcertId {
    ConcertId(id(Kind::Concert, 0))
}

pub(super) fn schedule_id(hall: u32) -> ScheduleId {
    ScheduleId(id(Kind::Schedule, hall))
}

pub(super) fn user_id(person: u32) -> UserId {
    UserId(id(Kind::User, person))
}

pub(super) fn ticket_id(number: u32) -> TicketId {
    TicketId(id(Kind::Ticket, number))
}

pub(super) fn reservation_id(number: u32) -> ReservationId {
    ReservationId(id(Kind::Reservation, number))
}

pub(super) fn transfer_id(number: u32) -> TransferId {
    TransferId(id(Kind::Transfer, number))
}

/// Whether an id was made here: such ids have no version, and nobody else's are without.
pub(super) fn is_of_crowd(id: Uuid) -> bool {
    id.get_version_num() == 0
}

/// The number in an id that was made here.
pub(super) fn number_of(id: Uuid) -> u32 {
    u32::try_from(id.as_u128() & u128::from(u32::MAX)).expect("masked to 32 bits")
}
