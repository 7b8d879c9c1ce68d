//! The rulebook a second time, as naively as it can be said: rows in plain lists, everything else found
//! by looking through all of them. Nothing is counted, indexed or kept twice, and there are no seat
//! rows at all: who has a seat follows from the reservations.
//!
//! Core's types are its vocabulary (ids, commands, outcomes, refusals); core's rules are not used.

mod best;
mod line;
mod money;
mod operator;
mod rows;
mod seats;
mod timers;

pub use best::best_seats_by_hand;
pub use rows::{ConcertRow, Deal, Place, ReservationRow, TicketRow};

use frontrow_core::concert::Schedule;
use frontrow_core::ledger::Transfer;
use frontrow_core::queue::Phase;
use frontrow_core::seating::SeatStatus;
use frontrow_core::{
    Command, ConcertId, Outcome, Rejection, ReservationId, ScheduleId, TicketId, Timestamp, UserId,
};
use std::collections::BTreeMap;

/// What a command is answered. What exactly is malformed is not part of the rulebook, only that it is.
pub type Answer = Result<Outcome, Rejection>;

/// The refusal of a malformed command.
pub const MALFORMED: Rejection = Rejection::MalformedRequest { errors: Vec::new() };

/// Every row there is.
#[derive(Debug, Clone)]
pub struct Model {
    pub concerts: BTreeMap<ConcertId, ConcertRow>,
    pub schedules: BTreeMap<ScheduleId, Schedule>,
    pub tickets: Vec<TicketRow>,
    pub reservations: Vec<ReservationRow>,
    /// Balance, and when it changed.
    pub wallets: BTreeMap<UserId, (u64, Timestamp)>,
    pub ledger: Vec<Transfer>,
    /// The latest time that was handed in.
    pub now: Timestamp,
    /// What `handle_timeout` takes for the start of service.
    pub served_since: Timestamp,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            concerts: BTreeMap::new(),
            schedules: BTreeMap::new(),
            tickets: Vec::new(),
            reservations: Vec::new(),
            wallets: BTreeMap::new(),
            ledger: Vec::new(),
            now: Timestamp::MIN,
            served_since: Timestamp::MIN,
        }
    }
}

impl Model {
    /// Carries out a command. Time never runs backwards.
    pub fn execute(&mut self, command: &Command, now: Timestamp) -> Answer {
        self.now = self.now.max(now);
        match command {
            Command::CreateConcert { concert } => self.create_concert(concert),
            Command::UpdateConcert { concert_id, change } => {
                self.update_concert(*concert_id, change)
            }
            Command::AddSchedule { schedule } => self.add_schedule(schedule),
            Command::Join { ticket_id, concert_id, user_id } => {
                self.join(*ticket_id, *concert_id, *user_id)
            }
            Command::Leave { ticket_id } => self.leave(*ticket_id),
            Command::Tick { concert_id, served_since } => self.tick(*concert_id, *served_since),
            Command::Draw { concert_id, beacon_value } => self.draw(*concert_id, beacon_value),
            Command::RefreshSoldOut { concert_id } => self.refresh_sold_out(*concert_id),
            Command::ExpireTicket { ticket_id } => self.expire_ticket(*ticket_id),
            Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice } => {
                self.hold(*reservation_id, *schedule_id, *ticket_id, *user_id, choice)
            }
            Command::ExpireReservation { reservation_id } => {
                self.expire_reservation(*reservation_id)
            }
            Command::Withdraw { reservation_id, by, refund_id } => {
                self.withdraw(*reservation_id, *by, *refund_id)
            }
            Command::Charge { transfer_id, user_id, amount } => {
                self.charge(*transfer_id, *user_id, *amount)
            }
            Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount } => {
                self.pay(*payment_id, *reservation_id, *ticket_id, *user_id, *amount)
            }
        }
    }

    /// The holder of a waiting ticket was seen.
    pub fn mark_seen(&mut self, ticket_id: TicketId, now: Timestamp) {
        let waiting = |t: &&mut TicketRow| t.id == ticket_id && t.place == Place::Waiting;
        if let Some(ticket) = self.tickets.iter_mut().find(waiting) {
            ticket.seen_at = ticket.seen_at.max(now);
        }
    }

    pub fn ticket(&self, id: TicketId) -> Option<&TicketRow> {
        self.tickets.iter().find(|ticket| ticket.id == id)
    }

    pub fn reservation(&self, id: ReservationId) -> Option<&ReservationRow> {
        self.reservations.iter().find(|reservation| reservation.id == id)
    }

    /// When an active ticket ends: after its active seconds, or with its hold if that is later.
    pub fn ends_at(&self, ticket: &TicketRow) -> Option<Timestamp> {
        let Place::Active { until, .. } = ticket.place else { return None };
        let holds = self.reservations.iter().filter(|r| r.ticket_id == ticket.id);
        let not_given_back = holds.filter(|r| matches!(r.deal, Deal::Held | Deal::Expired(_)));
        Some(not_given_back.map(|r| r.expires_at).fold(until, Timestamp::max))
    }

    /// How a ticket stands now.
    pub fn phase(&self, ticket: &TicketRow) -> Phase {
        match ticket.place {
            Place::Waiting => Phase::Waiting,
            Place::Active { .. } if self.ends_at(ticket) > Some(self.now) => Phase::Active,
            Place::Active { .. } | Place::Expired(_) => Phase::Expired,
            Place::Consumed(_) => Phase::Consumed,
            Place::Left(_) => Phase::Left,
        }
    }

    /// The hold of this ticket that lives now.
    pub fn live_hold(&self, ticket_id: TicketId) -> Option<&ReservationRow> {
        self.reservations.iter().find(|r| r.ticket_id == ticket_id && r.is_live(self.now))
    }

    /// Everybody who has this seat now. The rules let there be one at most.
    pub fn owners(&self, schedule_id: ScheduleId, number: u32) -> Vec<&ReservationRow> {
        let has = |r: &&ReservationRow| {
            r.schedule_id == schedule_id
                && r.seats.contains(&number)
                && (r.is_live(self.now) || r.is_bought())
        };
        self.reservations.iter().filter(has).collect()
    }

    /// How a seat stands now.
    pub fn seat_status(&self, schedule_id: ScheduleId, number: u32) -> SeatStatus {
        match self.owners(schedule_id, number).as_slice() {
            [] => SeatStatus::Available,
            [owner] if owner.is_bought() => SeatStatus::Sold,
            [_] => SeatStatus::Held,
            owners => panic!("seat {number} has {} owners", owners.len()),
        }
    }

    /// The statuses of all seats of a concert.
    pub fn hall(&self, concert_id: ConcertId) -> Vec<SeatStatus> {
        let schedules = self.schedules.values().filter(|s| s.concert_id == concert_id);
        let seats = schedules.flat_map(|s| (1..=s.seats_total()).map(|number| (s.id, number)));
        seats.map(|(schedule_id, number)| self.seat_status(schedule_id, number)).collect()
    }

    /// Whether there are seats, and every one is sold.
    pub fn all_sold(&self, concert_id: ConcertId) -> bool {
        let hall = self.hall(concert_id);
        !hall.is_empty() && hall.iter().all(|status| *status == SeatStatus::Sold)
    }

    /// Seats of live holds and of bought reservations that this person has in this concert.
    pub fn seats_of(&self, concert_id: ConcertId, user_id: UserId) -> usize {
        let theirs =
            self.reservations.iter().filter(|r| r.concert_id == concert_id && r.user_id == user_id);
        theirs.filter(|r| r.is_live(self.now) || r.is_bought()).map(|r| r.seats.len()).sum()
    }

    /// Whether a draw is waited for somewhere.
    pub fn awaits_draw(&self) -> bool {
        self.concerts
            .values()
            .any(|row| row.awaits_beacon() && self.now >= row.concert.sale_opens_at)
    }

    /// Waiting tickets of a concert, in order.
    pub fn line(&self, concert_id: ConcertId) -> Vec<&TicketRow> {
        let waits = |t: &&TicketRow| t.concert_id == concert_id && t.place == Place::Waiting;
        let mut line: Vec<&TicketRow> = self.tickets.iter().filter(waits).collect();
        let row = self.concerts.get(&concert_id);
        line.sort_by_key(|ticket| row.map(|row| row.ticket_number(ticket.number)));
        line
    }
}
