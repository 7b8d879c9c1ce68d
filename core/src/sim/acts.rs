//! What people do: join, wait, lose patience, look, choose, pay, try again. Whether they may is the world's
//! decision.

use super::agenda::{Act, Planned};
use super::crowd::{
    NONE, Person, SeatTaste, Stage, concert_id, reservation_id, schedule_id, ticket_id,
    transfer_id, user_id,
};
use super::random::{Purpose, Random};
use super::simulation::{Simulation, time};
use super::story::StoryEvent;
use crate::command::Command;
use crate::event::ExpiryCause;
use crate::outcome::Outcome;
use crate::rejection::Rejection;
use crate::seating::Choice;

/// Milliseconds until somebody who was refused seats looks at the map again.
const LOOK_AGAIN_MILLIS: u32 = 1_000;
/// Milliseconds within which somebody joins again.
const REJOIN_MILLIS: u32 = 5_000;
/// Longest time that a bot takes for anything, in milliseconds.
const BOT_MILLIS: u32 = 200;

/// Those who like the front look at this part of what is free: at the first tenth of it, …
const FRONT_PART: u32 = 10;
/// … but at so many seats at least.
const FRONT_SEATS_MIN: u32 = 20;

impl Simulation {
    /// Somebody does what they were about to do, unless that is of the past.
    pub(super) fn act(&mut self, planned: Planned) {
        let Planned { number, joins, act, .. } = planned;
        let person = &self.people[number as usize];
        if person.joins != joins {
            return;
        }
        match (act, person.stage) {
            (Act::GiveUp, Stage::Waiting) => self.give_up(number),
            (Act::HearSoldOut, Stage::Waiting) => self.leave(number, Stage::SoldOut),
            (Act::Look, Stage::Active) => self.look(number),
            (Act::Ask, Stage::Active) => self.ask(number),
            (Act::Pay, Stage::Active) => self.pay(number),
            (Act::Rejoin, Stage::Rejoining) => self.join(number),
            _ => {}
        }
    }

    fn random(&mut self, number: u32, purpose: Purpose) -> Random {
        let seed = self.scenario.seed;
        self.people[number as usize].random(seed, purpose, number)
    }

    fn person_mut(&mut self, number: u32) -> &mut Person {
        &mut self.people[number as usize]
    }

    pub(super) fn join(&mut self, number: u32) {
        let ticket = u32::try_from(self.owners.len()).expect("people and their tries are limited");
        self.owners.push(number);
        let (ticket_id, concert_id) = (ticket_id(ticket), concert_id());
        let now = self.now;
        let person = self.person_mut(number);
        person.joins += 1;
        // Before the command, since a tick may let them in at once.
        (person.ticket, person.joined_at, person.stage) = (ticket, now, Stage::Waiting);
        (person.seat_tries, person.payment_tries) = (0, 0);
        (person.admitted_at, person.reservation) = (NONE, NONE);
        let join = Command::Join { ticket_id, concert_id, user_id: user_id(number) };
        if let Err(rejection) = self.execute(&join) {
            let code = rejection.code().to_owned();
            self.tell(number, |_| StoryEvent::Refused { code });
            self.person_mut(number).ticket = NONE;
            let is_bot = self.people[number as usize].is_bot;
            self.rejoin_or(number, Stage::Refused, is_bot);
            return;
        }
        let standing = self.world.standing(ticket_id, time(now));
        let quoted = standing.and_then(|standing| standing.eta_seconds);
        let quoted = quoted.and_then(|seconds| u32::try_from(seconds).ok());
        let position = standing.and_then(|standing| standing.position);
        self.tell(number, |_| StoryEvent::Joined { position, quoted_seconds: quoted });
        self.person_mut(number).quoted_seconds = quoted.unwrap_or(NONE);
        let joins = u32::from(self.people[number as usize].joins);
        let mut random = Random::new(self.scenario.seed, Purpose::Patience, number, joins);
        let patience = random.millis(&self.scenario.people.patience);
        let until_open = (self.scenario.sale_opens_at_second * 1_000).saturating_sub(now);
        self.plan(until_open.saturating_add(patience), number, Act::GiveUp);
    }

    /// Joins again after a while if they would and may; else their story ends.
    fn rejoin_or(&mut self, number: u32, end: Stage, would: bool) {
        let person = &self.people[number as usize];
        let rejoins_max = if person.is_bot {
            self.scenario.bots.rejoins_max
        } else {
            self.scenario.people.rejoins_max
        };
        if would && u32::from(person.joins) <= rejoins_max {
            self.person_mut(number).stage = Stage::Rejoining;
            let after = 1 + self.random(number, Purpose::Retrying).below(REJOIN_MILLIS);
            self.plan(after, number, Act::Rejoin);
        } else {
            self.person_mut(number).stage = end;
        }
    }

    /// Loses patience in line: says so, or just goes.
    fn give_up(&mut self, number: u32) {
        let leave_percent = self.scenario.people.leave_percent;
        if self.random(number, Purpose::Retrying).percent(leave_percent) {
            self.leave(number, Stage::GaveUp);
        } else {
            self.tell(number, |_| StoryEvent::GaveUp { told: false });
            self.person_mut(number).stage = Stage::GaveUp;
        }
    }

    /// Gives the ticket back.
    fn leave(&mut self, number: u32, end: Stage) {
        let now = self.now;
        let person = self.person_mut(number);
        let waited = (person.stage == Stage::Waiting).then(|| now - person.joined_at);
        person.stage = end;
        let ticket_id = ticket_id(person.ticket);
        self.tell(number, |_| match end {
            Stage::GaveUp => StoryEvent::GaveUp { told: true },
            Stage::SoldOut => StoryEvent::SoldOut,
            stage => StoryEvent::Left { stage },
        });
        self.execute(&Command::Leave { ticket_id }).expect("whoever has a ticket may leave");
        self.tally.left(waited);
    }

    /// A ticket expired. A hold keeps its ticket alive, so nobody is in the middle of paying.
    pub(super) fn expired(&mut self, ticket: u32, cause: ExpiryCause) {
        let number = self.owners[ticket as usize];
        self.eyed.remove(&ticket);
        self.tell(number, |_| match cause {
            ExpiryCause::NoShow => StoryEvent::PassedOver,
            ExpiryCause::TimedOut => StoryEvent::TimedOut,
        });
        let person = &self.people[number as usize];
        if person.ticket != ticket {
            return;
        }
        match (person.stage, cause) {
            (Stage::Waiting, _) => self.person_mut(number).stage = Stage::PassedOver,
            (Stage::Active, _) => self.rejoin_or(number, Stage::RanOut, true),
            _ => {}
        }
    }

    /// Looks at the seats as they are now, and chooses; then thinks about it.
    fn look(&mut self, number: u32) {
        let mut random = self.random(number, Purpose::Choosing);
        let person = &self.people[number as usize];
        let (ticket, taste, count) = (person.ticket, person.taste, u32::from(person.group));
        let halls = self.hall_count();
        let first = random.below(halls);
        let mut order = (0..halls).map(|next| (first + next) % halls);
        let Some(hall) = order.find(|hall| self.halls[*hall as usize].free() >= count) else {
            self.tell(number, |_| StoryEvent::FoundNone);
            self.refused_seats(number);
            return;
        };
        let seats = &self.halls[hall as usize];
        let chosen = match taste {
            SeatTaste::BestAvailable => None,
            SeatTaste::FrontFirst => {
                let front = seats.free().div_ceil(FRONT_PART).max(FRONT_SEATS_MIN);
                let nth = random.below(front.min(seats.free()));
                seats.together(count, seats.nth_free(nth))
            }
            SeatTaste::Random => seats.together(count, random.below(seats.seats())),
        };
        let chosen = chosen.unwrap_or_default();
        self.tell(number, |_| StoryEvent::Looked { hall, seats: chosen.clone() });
        self.eyed.insert(ticket, (hall, chosen));
        let after = self.takes(number, Purpose::Thinking);
        self.plan(after, number, Act::Ask);
    }

    /// How long they think, or need to pay.
    fn takes(&mut self, number: u32, purpose: Purpose) -> u32 {
        let mut random = self.random(number, purpose);
        if self.people[number as usize].is_bot {
            return random.below(BOT_MILLIS);
        }
        let people = &self.scenario.people;
        let spread = if let Purpose::Paying = purpose { people.payment } else { people.think };
        random.millis(&spread)
    }

    /// Asks for the seats that they chose.
    fn ask(&mut self, number: u32) {
        let person = &self.people[number as usize];
        let (ticket, count) = (person.ticket, u32::from(person.group));
        let Some((hall, seats)) = self.eyed.remove(&ticket) else { return };
        let choice = if seats.is_empty() {
            Choice::Best { count, section: None }
        } else {
            Choice::Seats(seats.clone())
        };
        let reservation = self.reservations;
        let hold = Command::Hold {
            reservation_id: reservation_id(reservation),
            schedule_id: schedule_id(hall),
            ticket_id: ticket_id(ticket),
            user_id: user_id(number),
            choice,
        };
        let answer = self.execute(&hold);
        if let Err(rejection) = &answer {
            let code = rejection.code().to_owned();
            self.tell(number, |_| StoryEvent::Taken { hall, seats, code });
        }
        match answer {
            Ok(_) => {
                self.reservations += 1;
                self.person_mut(number).reservation = reservation;
                self.tell(number, |simulation| simulation.held(reservation));
                self.holds(number);
            }
            Err(Rejection::SeatTaken { .. } | Rejection::NoSeatsAvailable) => {
                self.refused_seats(number);
            }
            // Out of time: the ticket's end will tell.
            Err(Rejection::QueueTokenExpired) => {}
            Err(_) => self.leave(number, Stage::NoSeats),
        }
    }

    /// Has seats: is going to pay for them, or lets them lapse.
    fn holds(&mut self, number: u32) {
        let is_bot = self.people[number as usize].is_bot;
        let pay_percent = if is_bot {
            self.scenario.bots.pay_percent
        } else {
            100 - self.scenario.people.abandon_percent
        };
        let pays = self.random(number, Purpose::Paying).percent(pay_percent);
        if !pays {
            self.tell(number, |_| StoryEvent::Abandoned);
        }
        if pays {
            self.person_mut(number).payment_tries = 0;
            let after = self.takes(number, Purpose::Paying);
            self.plan(after, number, Act::Pay);
        } else if is_bot {
            // As soon as the hold has lapsed, takes seats again.
            let delay = self.random(number, Purpose::Retrying).below(BOT_MILLIS);
            let lapses_after = self.scenario.holds.hold_seconds * 1_000;
            self.plan(lapses_after + delay, number, Act::Look);
        } else {
            self.person_mut(number).stage = Stage::Abandoned;
        }
    }

    /// Got no seats this time: looks again, or goes.
    fn refused_seats(&mut self, number: u32) {
        let tries_max = self.scenario.people.seat_tries_max;
        let person = self.person_mut(number);
        person.seat_tries = person.seat_tries.saturating_add(1);
        if u32::from(person.seat_tries) < tries_max {
            self.plan(LOOK_AGAIN_MILLIS, number, Act::Look);
        } else {
            self.leave(number, Stage::NoSeats);
        }
    }

    /// Pays, if the bank lets them: charges what the balance lacks, and pays with it.
    fn pay(&mut self, number: u32) {
        let failure_percent = self.scenario.people.payment_failure_percent;
        if self.random(number, Purpose::Paying).percent(failure_percent) {
            self.payment_failed(number);
            return;
        }
        let person = &self.people[number as usize];
        let (reservation_id, ticket_id) =
            (reservation_id(person.reservation), ticket_id(person.ticket));
        let state = self.world.state();
        let user_id = user_id(number);
        let Some(row) = state.reservations().get(reservation_id) else { return };
        let amount = row.amount.get();
        let balance = state.wallets().get(user_id).map_or(0, |wallet| wallet.balance.get());
        if balance < amount {
            let transfer_id = self.next_transfer();
            let charge = Command::Charge { transfer_id, user_id, amount: amount - balance };
            if self.execute(&charge).is_err() {
                self.payment_failed(number);
                return;
            }
        }
        let payment_id = self.next_transfer();
        let pay = Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount };
        let answer = self.execute(&pay);
        self.tell(number, |_| match &answer {
            Ok(_) => StoryEvent::Paid { amount },
            Err(rejection) => StoryEvent::PaymentRefused { code: rejection.code().to_owned() },
        });
        match answer {
            Ok(Outcome::Paid { .. }) => self.person_mut(number).stage = Stage::Bought,
            Err(Rejection::HoldExpired) => self.refused_seats(number),
            _ => {}
        }
    }

    fn next_transfer(&mut self) -> crate::ids::TransferId {
        self.transfers += 1;
        transfer_id(self.transfers)
    }

    /// Tries to pay again, or gives the seats back.
    fn payment_failed(&mut self, number: u32) {
        self.tally.counts.payments_failed += 1;
        self.tell(number, |_| StoryEvent::PaymentFailed);
        let tries_max = self.scenario.people.payment_tries_max;
        let person = self.person_mut(number);
        person.payment_tries = person.payment_tries.saturating_add(1);
        if u32::from(person.payment_tries) < tries_max {
            let after = self.takes(number, Purpose::Paying);
            self.plan(after, number, Act::Pay);
        } else {
            self.leave(number, Stage::PaymentFailed);
        }
    }
}
