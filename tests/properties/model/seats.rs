//! Holds: taking them, and their running out.

use super::{Answer, Deal, MALFORMED, Model, Place, ReservationRow, best_seats_by_hand};
use frontrow_core::concert::Schedule;
use frontrow_core::seating::{Choice, SeatStatus};
use frontrow_core::{Outcome, Rejection, ReservationId, ScheduleId, TicketId, UserId};
use std::collections::BTreeSet;

impl Model {
    /// In the order of the contract: malformed, token, schedule, concert, the token's state, started,
    /// closed, a hold that lives, unknown seats, the person's limit, taken seats.
    pub(super) fn hold(
        &mut self,
        id: ReservationId,
        schedule_id: ScheduleId,
        ticket_id: TicketId,
        user_id: UserId,
        choice: &Choice,
    ) -> Answer {
        let now = self.now;
        if !is_a_choice(choice) {
            return Err(MALFORMED);
        }
        let ticket = self.ticket(ticket_id).filter(|ticket| ticket.user_id == user_id);
        let ticket = ticket.ok_or(Rejection::QueueTokenInvalid)?;
        let schedule = self.schedules.get(&schedule_id).ok_or(Rejection::ScheduleNotFound)?;
        if ticket.concert_id != schedule.concert_id {
            return Err(Rejection::QueueTokenWrongConcert);
        }
        match ticket.place {
            Place::Waiting => return Err(Rejection::QueueTokenWaiting),
            Place::Active { until, .. } if now < until => {}
            _ => return Err(Rejection::QueueTokenExpired),
        }
        if now >= schedule.starts_at {
            return Err(Rejection::ScheduleStarted);
        }
        let concert = &self.concerts[&schedule.concert_id].concert;
        if concert.closed {
            return Err(Rejection::SaleClosed);
        }
        if let Some(hold) = self.live_hold(ticket_id) {
            return Err(Rejection::HoldExists { reservation_id: hold.id });
        }
        let limit = concert.holds.max_seats_per_user;
        let seats = self.choose(schedule, user_id, limit, choice)?;
        if self.reservation(id).is_some() {
            return Err(Rejection::IdInUse);
        }
        let reservation = ReservationRow {
            id,
            concert_id: schedule.concert_id,
            schedule_id,
            user_id,
            ticket_id,
            amount: seats.iter().map(|number| price(schedule, *number)).sum(),
            seats,
            held_at: now,
            expires_at: now.plus_seconds(concert.holds.hold_seconds),
            deal: Deal::Held,
        };
        self.reservations.push(reservation.clone());
        Ok(Outcome::Held { reservation: reservation.as_reservation() })
    }

    fn choose(
        &self,
        schedule: &Schedule,
        user_id: UserId,
        limit: u32,
        choice: &Choice,
    ) -> Result<Vec<u32>, Rejection> {
        let has = self.seats_of(schedule.concert_id, user_id);
        let is_free = |number: u32| self.seat_status(schedule.id, number) == SeatStatus::Available;
        match choice {
            Choice::Seats(wanted) => {
                let mut wanted = wanted.to_vec();
                wanted.sort_unstable();
                if wanted.iter().any(|number| !(1..=schedule.seats_total()).contains(number)) {
                    return Err(Rejection::SeatNotFound);
                }
                if has + wanted.len() > limit as usize {
                    return Err(Rejection::SeatLimitExceeded { limit });
                }
                let taken = wanted.iter().copied().filter(|number| !is_free(*number));
                let taken: Vec<u32> = taken.collect();
                if taken.is_empty() {
                    Ok(wanted)
                } else {
                    Err(Rejection::SeatTaken { seats: taken.into() })
                }
            }
            Choice::Best { count, section } => {
                let known = |name: &str| schedule.sections.iter().any(|s| s.name == name);
                if section.as_deref().is_some_and(|name| !known(name)) {
                    return Err(Rejection::SeatNotFound);
                }
                if has + *count as usize > limit as usize {
                    return Err(Rejection::SeatLimitExceeded { limit });
                }
                best_seats_by_hand(schedule, *count, section.as_deref(), is_free)
                    .ok_or(Rejection::NoSeatsAvailable)
            }
        }
    }

    pub(super) fn expire_reservation(&mut self, id: ReservationId) -> Answer {
        let now = self.now;
        let found = self.reservations.iter_mut().find(|r| r.id == id);
        let reservation = found.ok_or(Rejection::ReservationNotFound)?;
        let stored = reservation.deal == Deal::Held && now >= reservation.expires_at;
        if stored {
            reservation.deal = Deal::Expired(now);
        }
        Ok(Outcome::ExpiryStored { stored })
    }
}

fn is_a_choice(choice: &Choice) -> bool {
    match choice {
        Choice::Seats(seats) => {
            let different: BTreeSet<u32> = seats.iter().copied().collect();
            different.len() == seats.len() && (1..=1_000).contains(&seats.len())
        }
        Choice::Best { count, .. } => (1..=1_000).contains(count),
    }
}

fn price(schedule: &Schedule, number: u32) -> u64 {
    let mut prices = Vec::new();
    for section in &schedule.sections {
        prices.extend(vec![section.price.get(); (section.rows * section.seats_per_row) as usize]);
    }
    prices[number as usize - 1]
}
