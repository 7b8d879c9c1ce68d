//! A sale in full swing: one concert with one hall, and as many people as one likes, who are all let in and have money.
//! It comes about by the commands that hosts send, and goes on in turns: some of the people hold a seat each and pay
//! for it; then they give it back and stand in the queue anew, so that the next turn finds all as this one did.

use frontrow_core::concert::{Concert, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::seating::{Choice, SeatNumbers};
use frontrow_core::{
    Actor, Amount, Command, ConcertId, Outcome, ReservationId, ScheduleId, State, TicketId,
    Timestamp, TransferId, UserId, decide,
};
use rand_core::Rng as _;
use rand_pcg::Pcg64;
use uuid::{Builder, Uuid};

/// Seats in the hall, in ten sections.
pub const SEATS: u32 = 50_000;
/// What a seat costs.
const PRICE: u64 = 154_000;
/// 2026-11-22T11:00:00Z.
const OPENING: Timestamp = Timestamp::from_millis(1_795_345_200_000);

/// The sale, and who takes part.
pub struct Sale {
    pub state: State,
    pub now: Timestamp,
    /// Those who act in a turn stand first.
    pub people: Vec<Person>,
    random: Pcg64,
    /// Every seat's number; those of a turn stand first.
    seats: Vec<u32>,
    concert_id: ConcertId,
    schedule_id: ScheduleId,
}

/// Somebody who is let in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub user_id: UserId,
    pub ticket_id: TicketId,
}

/// What some people do, in an order of its own each time.
pub struct Turn {
    /// Each holds one seat.
    pub holds: Vec<Command>,
    /// Each pays for it.
    pub payments: Vec<Command>,
}

impl Sale {
    /// A sale that has opened, with so many people who may hold seats.
    pub fn new(people: usize) -> Self {
        let mut random = Pcg64::new(7, 11);
        let (concert_id, schedule_id) =
            (ConcertId(id(&mut random, OPENING)), ScheduleId(id(&mut random, OPENING)));
        let mut sale = Self {
            state: State::complete(),
            now: OPENING,
            people: Vec::new(),
            random,
            seats: (1..=SEATS).collect(),
            concert_id,
            schedule_id,
        };
        sale.execute(&Command::CreateConcert { concert: concert(concert_id) });
        sale.execute(&Command::AddSchedule { schedule: hall(concert_id, schedule_id) });
        for _ in 0..people {
            let user_id = UserId(sale.id());
            let ticket_id = sale.join(user_id);
            sale.people.push(Person { user_id, ticket_id });
            let (transfer_id, amount) = (TransferId(sale.id()), 10 * PRICE);
            sale.execute(&Command::Charge { transfer_id, user_id, amount });
        }
        sale.admit();
        sale
    }

    /// Decides a command and applies what follows: what is measured.
    pub fn execute(&mut self, command: &Command) -> Outcome {
        let decision = decide(&self.state, command, self.now).expect("the state is complete");
        for event in &decision.events {
            self.state.apply(event);
        }
        decision.outcome.expect("nobody asks for what can't be had")
    }

    /// What `count` people do who are drawn by lot, at most one for each seat.
    pub fn turn(&mut self, count: usize) -> Turn {
        shuffle(&mut self.random, &mut self.people, count);
        shuffle(&mut self.random, &mut self.seats, count);
        let (mut holds, mut payments) = (Vec::new(), Vec::new());
        for place in 0..count {
            let Person { user_id, ticket_id } = self.people[place];
            let (reservation_id, payment_id) = (ReservationId(self.id()), TransferId(self.id()));
            let (schedule_id, amount) = (self.schedule_id, PRICE);
            let choice = Choice::Seats(SeatNumbers::from_slice(&[self.seats[place]]));
            holds.push(Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice });
            payments.push(Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount });
        }
        shuffle(&mut self.random, &mut payments, count);
        Turn { holds, payments }
    }

    /// Ends a turn that was carried out: those who acted cancel, join again, and are let in.
    pub fn end(&mut self, turn: &Turn) {
        for payment in &turn.payments {
            let Command::Pay { reservation_id, .. } = *payment else { continue };
            let refund_id = TransferId(self.id());
            self.execute(&Command::Withdraw { reservation_id, by: Actor::Admin, refund_id });
        }
        for place in 0..turn.payments.len() {
            self.people[place].ticket_id = self.join(self.people[place].user_id);
        }
        self.admit();
    }

    fn join(&mut self, user_id: UserId) -> TicketId {
        let (ticket_id, concert_id) = (TicketId(self.id()), self.concert_id);
        self.execute(&Command::Join { ticket_id, concert_id, user_id });
        ticket_id
    }

    /// Lets in all who stand in line, at the next tick.
    fn admit(&mut self) {
        self.now = self.now.plus_seconds(1);
        let (concert_id, served_since) = (self.concert_id, self.now);
        let tick = Command::Tick { concert_id, served_since };
        while let Outcome::Ticked { more: true, .. } = self.execute(&tick) {}
    }

    fn id(&mut self) -> Uuid {
        id(&mut self.random, self.now)
    }
}

/// An id as hosts make them: the time, and then what is left to chance.
fn id(random: &mut Pcg64, now: Timestamp) -> Uuid {
    let mut bytes = [0; 10];
    random.fill_bytes(&mut bytes);
    Builder::from_unix_timestamp_millis(now.as_millis().cast_unsigned(), &bytes).into_uuid()
}

/// Puts `count` of the items first, by lot (Fisher and Yates).
fn shuffle<T>(random: &mut Pcg64, items: &mut [T], count: usize) {
    for place in 0..count {
        let left = (items.len() - place) as u64;
        let chosen = usize::try_from(random.next_u64() % left).expect("less than a length");
        items.swap(place, place + chosen);
    }
}

/// Lets everybody in, for ten minutes each, of which holds take five.
fn concert(id: ConcertId) -> Concert {
    Concert {
        id,
        title: "Frontrow Live".to_owned(),
        sale_opens_at: OPENING,
        admission: AdmissionPolicy {
            interval_seconds: 1,
            batch_size: 1_000_000,
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
        created_at: OPENING,
    }
}

/// A hall of ten sections, a day after the sale opens.
fn hall(concert_id: ConcertId, id: ScheduleId) -> Schedule {
    let price = Amount::new(PRICE).expect("a small price");
    let section = |index| Section {
        name: format!("R{index}"),
        rows: SEATS / 10 / 100,
        seats_per_row: 100,
        price,
    };
    Schedule {
        id,
        concert_id,
        starts_at: OPENING.plus_seconds(86_400),
        venue: "Olympic Hall".to_owned(),
        sections: (0..10).map(section).collect(),
    }
}
