//! What the world's events mean for the crowd, and what the world is told of it: who is polling. What people
//! then do is in `acts`.

use super::agenda::Act;
use super::crowd::{NONE, Stage, concert_id, is_of_crowd, number_of};
use super::random::{Purpose, Random};
use super::simulation::{Simulation, time};
use super::story::StoryEvent;
use crate::event::{Event, EventKind, ExpiryCause};
use crate::ids::TicketId;
use crate::seating::SeatNumbers;

/// Longest time from being let in to noticing it: polls are a second apart when one's turn is near.
const NOTICE_MILLIS: u32 = 1_000;
/// Longest time until somebody in line notices that all is sold: polls are at most a minute apart.
const SOLD_OUT_NOTICE_MILLIS: u32 = 60_000;

impl Simulation {
    /// Who will be looked at in this tick, and is still there, has been polling all the while: their presence
    /// is told the world only now, when it matters.
    pub(super) fn mark_presence(&mut self) {
        let policy = &self.scenario.admission;
        let opens_at = self.scenario.sale_opens_at_second * 1_000;
        let since_opening = self.now.checked_sub(opens_at);
        let is_tick = since_opening.is_some_and(|m| m % (policy.interval_seconds * 1_000) == 0);
        if policy.lapse_seconds == 0 || !is_tick {
            return;
        }
        let Some(index) = self.world.state().indexes.get(&concert_id()) else { return };
        let now = time(self.now);
        let active = self.world.state().active_at(concert_id(), now);
        let free = policy.max_active.map_or(u64::MAX, |cap| u64::from(cap).saturating_sub(active));
        let quota = free.min(u64::from(policy.batch_size));
        let (mut present, mut found) = (Vec::new(), 0);
        for ticket_id in index.waiting.values() {
            if found >= quota {
                break;
            }
            // Who is beside the crowd says so themselves.
            if !is_of_crowd(ticket_id.0) {
                continue;
            }
            let ticket = number_of(ticket_id.0);
            let person = &self.people[self.owners[ticket as usize] as usize];
            if person.ticket == ticket && person.stage == Stage::Waiting {
                found += 1;
                // Joining was being seen; later is not later than needed.
                if self.now - person.joined_at >= policy.lapse_seconds * 1_000 {
                    present.push(*ticket_id);
                }
            }
        }
        for ticket_id in present {
            self.world.mark_seen(ticket_id, time(self.now));
        }
    }

    /// Takes in what happened in the world.
    pub(super) fn drain(&mut self) {
        while let Some(event) = self.world.poll_event() {
            self.hash.read(&event);
            self.audit.read(&event);
            self.tally.read(&event.kind);
            self.take_in(&event);
        }
        let next = self.world.poll_timeout();
        self.timeout = next.map(|at| u32::try_from(at.as_millis()).unwrap_or(NONE));
    }

    /// What an event means for people.
    fn take_in(&mut self, event: &Event) {
        match &event.kind {
            EventKind::TicketAdmitted { ticket_id, .. } => {
                self.tally.left_line(self.waited(*ticket_id));
                if is_of_crowd(ticket_id.0) {
                    self.let_in(number_of(ticket_id.0));
                }
            }
            EventKind::TicketExpired { ticket_id, cause, .. } => {
                if *cause == ExpiryCause::NoShow {
                    self.tally.left_line(self.waited(*ticket_id));
                }
                if is_of_crowd(ticket_id.0) {
                    self.expired(number_of(ticket_id.0), *cause);
                }
            }
            EventKind::SeatsHeld { schedule_id, seats, .. } => {
                self.set_seats(number_of(schedule_id.0), seats, false);
            }
            EventKind::ReservationReleased { schedule_id, seats, .. }
            | EventKind::ReservationCancelled { schedule_id, seats, .. } => {
                self.set_seats(number_of(schedule_id.0), seats, true);
            }
            EventKind::ReservationExpired { reservation_id } => {
                if let Some(row) = self.world.state().reservations().get(*reservation_id) {
                    let (hall, seats) = (number_of(row.schedule_id.0), row.seats.clone());
                    let holder = row.user_id.0;
                    self.tally.lapsed(&seats);
                    self.set_seats(hall, &seats, true);
                    if is_of_crowd(holder) {
                        self.tell(number_of(holder), |_| StoryEvent::HoldLapsed { seats });
                    }
                }
            }
            EventKind::SoldOutChanged { sold_out: true, .. } => {
                self.tally.sold_out_at.get_or_insert(self.now);
                self.tell_sold_out();
            }
            _ => {}
        }
    }

    fn set_seats(&mut self, hall: u32, seats: &SeatNumbers, is_free: bool) {
        for seat in seats {
            self.halls[hall as usize].set(*seat, is_free);
        }
    }

    /// Milliseconds that a ticket has been in line, as its holder knows it: nobody of the crowd has another ticket
    /// while one is in line.
    pub(super) fn waited(&self, ticket_id: TicketId) -> u32 {
        if is_of_crowd(ticket_id.0) {
            let number = self.owners[number_of(ticket_id.0) as usize];
            return self.now - self.people[number as usize].joined_at;
        }
        let row = self.world.state().tickets().get(ticket_id);
        let millis = row.map_or(0, |row| time(self.now).millis_since(row.issued_at));
        u32::try_from(millis).expect("a ticket of this simulation is issued before now")
    }

    fn let_in(&mut self, ticket: u32) {
        let number = self.owners[ticket as usize];
        let person = &mut self.people[number as usize];
        if person.ticket != ticket || person.stage != Stage::Waiting {
            return;
        }
        person.stage = Stage::Active;
        person.admitted_at = self.now;
        let (wait, quoted) = (self.now - person.joined_at, person.quoted_seconds);
        let seed = self.scenario.seed;
        let mut random = person.random(seed, Purpose::Noticing, number);
        let notice = if person.is_bot { NOTICE_MILLIS / 10 } else { NOTICE_MILLIS };
        let after = random.below(notice);
        self.tally.waited(wait, quoted);
        self.tell(number, |_| StoryEvent::Admitted { waited_millis: wait });
        self.plan(after, number, Act::Look);
    }

    /// Everybody of the crowd in line hears it at their next poll.
    fn tell_sold_out(&mut self) {
        let Some(index) = self.world.state().indexes.get(&concert_id()) else { return };
        let waiting = index.waiting.values().filter(|id| is_of_crowd(id.0));
        let tickets: Vec<u32> = waiting.map(|id| number_of(id.0)).collect();
        let seed = self.scenario.seed;
        for ticket in tickets {
            let mut random = Random::new(seed, Purpose::Noticing, ticket, NONE);
            let number = self.owners[ticket as usize];
            self.plan(random.below(SOLD_OUT_NOTICE_MILLIS), number, Act::HearSoldOut);
        }
    }
}
