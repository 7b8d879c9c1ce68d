//! What people do, and the expiry of what they leave behind.

use super::{Cast, NOBODY, Story, named};
use frontrow_core::queue::Ticket;
use frontrow_core::seating::{Choice, Reservation, SeatNumbers, SeatStatus};
use frontrow_core::{
    Actor, Command, ConcertId, ReservationId, ScheduleId, TicketId, Timestamp, TransferId, World,
};

/// One more than the largest amount.
const TOO_MUCH: u64 = 1 << 53;

impl Story {
    pub(super) fn join(&mut self, cast: &Cast) -> Command {
        let concert_id = self.any_concert(cast);
        let ticket_id = TicketId(named(4, self.new_id()));
        Command::Join { ticket_id, concert_id, user_id: self.any_user() }
    }

    pub(super) fn any_concert(&mut self, cast: &Cast) -> ConcertId {
        if self.one_in(40) {
            return ConcertId(named(1, NOBODY));
        }
        // Mostly the first one, so that it gets crowded.
        let first = cast.concerts.first().filter(|_| !self.one_in(3)).copied();
        let some = first.or_else(|| self.pick(&cast.concerts));
        some.unwrap_or(ConcertId(named(1, NOBODY)))
    }

    pub(super) fn any_ticket(&mut self, cast: &Cast) -> TicketId {
        let known = if self.one_in(30) { None } else { self.pick(&cast.tickets) };
        known.map_or(TicketId(named(4, NOBODY)), |ticket| ticket.id)
    }

    pub(super) fn leave(&mut self, cast: &Cast) -> Command {
        Command::Leave { ticket_id: self.any_ticket(cast) }
    }

    pub(super) fn expire(&mut self, cast: &Cast) -> Command {
        if self.one_in(2) {
            return Command::ExpireTicket { ticket_id: self.any_ticket(cast) };
        }
        Command::ExpireReservation { reservation_id: self.any_reservation(cast) }
    }

    fn any_reservation(&mut self, cast: &Cast) -> ReservationId {
        let known = if self.one_in(30) { None } else { self.pick(&cast.reservations) };
        known.map_or(ReservationId(named(5, NOBODY)), |reservation| reservation.id)
    }

    /// Mostly by the holder of an active ticket who holds nothing, in that ticket's concert.
    pub(super) fn hold(&mut self, world: &World, cast: &Cast, now: Timestamp) -> Command {
        let who: Option<Ticket> = if self.one_in(8) { None } else { self.pick(&cast.ready) };
        let who = who.or_else(|| self.pick(&cast.tickets));
        let (ticket_id, mut user_id, concert_id) = who.map_or_else(
            || (TicketId(named(4, NOBODY)), super::user(1), ConcertId(named(1, NOBODY))),
            |ticket| (ticket.id, ticket.user_id, ticket.concert_id),
        );
        if self.one_in(40) {
            user_id = self.any_user();
        }
        let theirs: Vec<_> =
            cast.schedules.iter().filter(|(_, of)| *of == concert_id).copied().collect();
        let schedule = if self.one_in(20) { None } else { self.pick(&theirs) };
        let schedule = schedule.or_else(|| self.pick(&cast.schedules));
        let schedule_id = match schedule {
            Some((id, _)) if !self.one_in(50) => id,
            _ => ScheduleId(named(2, NOBODY)),
        };
        let choice = self.choice(world, schedule_id, now);
        let reservation_id = ReservationId(named(5, self.new_id()));
        Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice }
    }

    /// Free seats mostly, the best often, and now and then seats that are taken, or nonsense.
    fn choice(&mut self, world: &World, schedule_id: ScheduleId, now: Timestamp) -> Choice {
        if self.one_in(3) {
            let section = self.pick(&[None, None, Some("R"), Some("S"), Some("X")]).flatten();
            let count = if self.one_in(25) { 1_001 } else { self.within(1..=4) };
            return Choice::Best { count, section: section.map(str::to_owned) };
        }
        let state = world.state();
        let total = state
            .schedules()
            .get(schedule_id)
            .map_or(3, frontrow_core::concert::Schedule::seats_total);
        if self.one_in(25) {
            let nonsense = [vec![], vec![1, 1], vec![0], vec![total + 1, 1]];
            return Choice::Seats(self.pick(&nonsense).unwrap_or_default().into());
        }
        let status = |number: &u32| {
            let seat = state.seats().get((schedule_id, *number)).copied().unwrap_or_default();
            seat.status(now)
        };
        let wants_taken = self.one_in(6);
        let is_wanted = |number: &u32| (status(number) == SeatStatus::Available) != wants_taken;
        let wanted: Vec<u32> = (1..=total).filter(is_wanted).collect();
        let mut seats = SeatNumbers::new();
        for _ in 0..self.within(1..=3) {
            let number = self.pick(&wanted).unwrap_or(1);
            if !seats.contains(&number) {
                seats.push(number);
            }
        }
        Choice::Seats(seats)
    }

    /// Mostly what is held, by its holder, with its ticket and its price.
    pub(super) fn pay(&mut self, cast: &Cast) -> Command {
        let what: Option<Reservation> = if self.one_in(5) { None } else { self.pick(&cast.held) };
        let what = what.or_else(|| self.pick(&cast.reservations));
        let nothing = ReservationId(named(5, NOBODY));
        let (reservation_id, mut ticket_id, mut user_id, mut amount) = what.map_or_else(
            || (nothing, TicketId(named(4, NOBODY)), super::user(1), 5),
            |row| (row.id, row.ticket_id, row.user_id, row.amount.get()),
        );
        if self.one_in(12) {
            let own: Vec<_> =
                cast.tickets.iter().filter(|it| it.user_id == user_id).cloned().collect();
            ticket_id = self.pick(&own).map_or(ticket_id, |ticket| ticket.id);
        }
        if self.one_in(40) {
            (ticket_id, user_id) = self
                .pick(&cast.tickets)
                .map_or((ticket_id, user_id), |other| (other.id, other.user_id));
        }
        if self.one_in(12) {
            amount = self.pick(&[0, amount + 1, u64::MAX]).unwrap_or_default();
        }
        let payment_id = TransferId(named(6, self.new_id()));
        Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount }
    }

    pub(super) fn withdraw(&mut self, cast: &Cast) -> Command {
        let reservation_id = self.any_reservation(cast);
        let owner = cast.reservations.iter().find(|row| row.id == reservation_id);
        let by = match (self.below(8), owner) {
            (0, _) => Actor::Admin,
            (1, _) | (_, None) => Actor::User(self.any_user()),
            (_, Some(row)) => Actor::User(row.user_id),
        };
        Command::Withdraw { reservation_id, by, refund_id: TransferId(named(6, self.new_id())) }
    }

    pub(super) fn charge(&mut self) -> Command {
        // The last one never has money, and the one before is rich beyond measure.
        let number = u64::from(self.within(1..=8));
        let amount = match self.below(14) {
            0 => 0,
            1 => TOO_MUCH,
            2..=5 if number == 8 => TOO_MUCH - 1,
            2 => u64::MAX,
            _ => u64::from(self.within(1..=120)),
        };
        let user_id = super::user(number);
        Command::Charge { transfer_id: TransferId(named(6, self.new_id())), user_id, amount }
    }
}
