//! What happens in a story: mostly what makes sense where the world stands, sometimes nonsense. The
//! same seed always tells the same story.

mod operator;
mod people;

use frontrow_core::queue::{Ticket, TicketState};
use frontrow_core::seating::Reservation;
use frontrow_core::{Command, ConcertId, ScheduleId, TicketId, Timestamp, UserId, World};
use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// People who act.
const USERS: u64 = 9;
/// Nothing is ever called this.
const NOBODY: u64 = 999_999;
/// How far ahead a story jumps, as a rule.
const HORIZON_MILLIS: i64 = 30_000;

/// One line of a story.
pub enum Line {
    Command(Command),
    /// The holder of a ticket is seen.
    Seen(TicketId),
}

/// Where a story has got to.
pub struct Story {
    rng: TestRng,
    next_id: u64,
}

fn named(kind: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(kind, number)
}

fn user(number: u64) -> UserId {
    UserId(named(3, number))
}

impl Story {
    /// The story of this number.
    pub fn from_seed(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self { rng: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes), next_id: 100 }
    }

    /// A number from 0 to below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        self.rng.random_range(0..end)
    }

    fn within(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.rng.random_range(range)
    }

    fn one_in(&mut self, chances: u32) -> bool {
        self.below(chances) == 0
    }

    /// An index, as likely as its weight says.
    fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        unreachable!("what is left is below the sum of the weights");
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let index = self.rng.random_range(0..from.len());
        Some(from[index].clone())
    }

    /// A number that names something new.
    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn any_user(&mut self) -> UserId {
        user(u64::from(self.within(1..=9)) % USERS + 1)
    }

    /// How long nothing happens: mostly not at all, then a little, or to a turning point of the world,
    /// or a millisecond beside it.
    pub fn step(&mut self, world: &mut World, now: Timestamp) -> i64 {
        match self.below(30) {
            0..=21 => 0,
            22..=23 => self.rng.random_range(1..1_000),
            24 => 1_000 * i64::from(self.within(1..=5)),
            25 if self.one_in(60) => 3_600_000,
            _ => {
                let horizon = if self.one_in(80) { i64::MAX } else { HORIZON_MILLIS };
                let mut turns = turning_points(world, now);
                turns.retain(|at| at.millis_since(now) <= horizon);
                let beside = self.rng.random_range(-1..=1);
                self.pick(&turns[..turns.len().min(4)])
                    .map_or(0, |at| (at.millis_since(now) + beside).max(0))
            }
        }
    }

    /// What happens next.
    pub fn line(&mut self, world: &World, now: Timestamp) -> Line {
        let cast = Cast::of(world, now);
        if !cast.waiting.is_empty() && self.one_in(12) {
            let ticket = self.pick(&cast.waiting).expect("somebody waits");
            return Line::Seen(ticket.id);
        }
        // What makes sense now is likely, what does not is rare.
        let if_any = |is_any: bool, weight| if is_any { weight } else { 2 };
        let weights = [
            if cast.waiting.len() < 3 { 24 } else { 8 },
            12,
            if_any(!cast.ready.is_empty(), 30),
            if_any(!cast.held.is_empty(), 20),
            5,
            5,
            2,
            3,
            4,
            5,
            2,
            if_any(cast.awaits_beacon, 4),
        ];
        let command = match self.weighted(&weights) {
            0 => self.join(&cast),
            1 => self.tick(&cast, now),
            2 => self.hold(world, &cast, now),
            3 => self.pay(&cast),
            4 => self.withdraw(&cast),
            5 => self.charge(),
            6 => self.leave(&cast),
            7 => self.refresh_sold_out(&cast),
            8 => self.expire(&cast),
            9 => self.update(&cast),
            10 => self.found(&cast, now),
            _ => self.draw(&cast),
        };
        Line::Command(command)
    }
}

/// Times that are still to come, soonest first, at which something changes by itself.
fn turning_points(world: &mut World, now: Timestamp) -> Vec<Timestamp> {
    let next = world.poll_timeout();
    let state = world.state();
    let holds = state.reservations().iter().map(|(_, row)| row.expires_at);
    let tickets = state.tickets().iter().map(|(_, ticket)| ticket.expires_at());
    let queues = state.queues().iter().map(|(_, queue)| queue.next_tick_at);
    let shows = state.schedules().iter().map(|(_, schedule)| schedule.starts_at);
    let all = holds.chain(tickets).chain(queues).chain(shows).chain(next);
    let mut turns: Vec<Timestamp> = all.filter(|at| *at > now && *at < Timestamp::MAX).collect();
    turns.sort_unstable();
    turns.dedup();
    turns
}

/// Who and what there is, in a fixed order.
struct Cast {
    /// Whether a draw is waited for somewhere.
    awaits_beacon: bool,
    /// Those that are closed come last.
    concerts: Vec<ConcertId>,
    schedules: Vec<(ScheduleId, ConcertId)>,
    tickets: Vec<Ticket>,
    waiting: Vec<Ticket>,
    /// Active tickets that may take a hold, have none, and could be given one.
    ready: Vec<Ticket>,
    reservations: Vec<Reservation>,
    /// Those that can be paid.
    held: Vec<Reservation>,
}

impl Cast {
    fn of(world: &World, now: Timestamp) -> Self {
        let state = world.state();
        let mut concerts: Vec<_> =
            state.concerts().iter().map(|(id, concert)| (concert.closed, id)).collect();
        concerts.sort_unstable();
        let concerts = concerts.into_iter().map(|(_, id)| id).collect();
        let mut schedules: Vec<_> =
            state.schedules().iter().map(|(id, schedule)| (id, schedule.concert_id)).collect();
        schedules.sort_unstable();
        let mut tickets: Vec<Ticket> = state.tickets().iter().map(|(_, row)| row.clone()).collect();
        tickets.sort_unstable_by_key(|ticket| ticket.id);
        let mut reservations: Vec<Reservation> =
            state.reservations().iter().map(|(_, row)| row.clone()).collect();
        reservations.sort_unstable_by_key(|reservation| reservation.id);
        let sells = |concert_id| {
            let mut theirs = state.schedules().iter();
            theirs.any(|(_, it)| it.concert_id == concert_id && !it.has_started(now))
        };
        let is_ready = |ticket: &&Ticket| {
            ticket.takes_holds(now) && ticket.live_hold(now).is_none() && sells(ticket.concert_id)
        };
        let ready = tickets.iter().filter(is_ready).cloned().collect();
        let waits = |ticket: &&Ticket| matches!(ticket.state, TicketState::Waiting);
        let waiting = tickets.iter().filter(waits).cloned().collect();
        let is_held = |row: &&Reservation| {
            tickets.iter().any(|ticket| {
                ticket.live_hold(now).is_some_and(|hold| hold.reservation_id == row.id)
            })
        };
        let held = reservations.iter().filter(is_held).cloned().collect();
        let awaits_beacon = state.queues().iter().any(|(id, queue)| {
            let concert = state.concerts().get(id).expect("a queue has a concert");
            queue.awaits_beacon(concert) && concert.sale_opens_at <= now
        });
        Self { awaits_beacon, concerts, schedules, tickets, waiting, ready, reservations, held }
    }
}
