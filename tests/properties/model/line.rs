//! The line: joining, leaving, running out, and being let in.

use super::{Answer, Deal, Model, Place, TicketRow};
use frontrow_core::policy::TICK_CHUNK;
use frontrow_core::queue::Phase;
use frontrow_core::seating::SeatStatus;
use frontrow_core::{ConcertId, Outcome, Rejection, TicketId, Timestamp, UserId};

/// What one part of a tick has done so far.
#[derive(Default)]
struct Part {
    admitted: u32,
    skipped: u32,
    expired: u32,
    more: bool,
}

impl Part {
    fn is_full(&self) -> bool {
        self.admitted + self.skipped + self.expired >= TICK_CHUNK
    }
}

impl Model {
    pub(super) fn join(&mut self, id: TicketId, concert_id: ConcertId, user_id: UserId) -> Answer {
        let Some(row) = self.concerts.get(&concert_id) else {
            return Err(Rejection::ConcertNotFound);
        };
        let mine: Vec<&TicketRow> = self
            .tickets
            .iter()
            .filter(|t| t.concert_id == concert_id && t.user_id == user_id)
            .collect();
        let stands = |t: &&&TicketRow| matches!(self.phase(t), Phase::Waiting | Phase::Active);
        if let Some(ticket) = mine.iter().find(stands) {
            let ticket = ticket.as_ticket(self.last_reservation(ticket.id));
            return Ok(Outcome::Joined { ticket, already_queued: true });
        }
        if row.concert.closed || row.concert.draining {
            return Err(Rejection::QueueClosed);
        }
        if let Some(prequeue) = &row.concert.prequeue
            && self.now < prequeue.opens_at
        {
            return Err(Rejection::QueueNotOpen { opens_at: prequeue.opens_at });
        }
        if row.sold_out {
            return Err(Rejection::SoldOut);
        }
        if self.ticket(id).is_some() {
            return Err(Rejection::IdInUse);
        }
        self.close_prequeue(concert_id);
        // Who comes back after their time ran out starts anew; the old ticket is put away.
        let (now, number) = (self.now, self.concerts[&concert_id].next_number);
        for old in &mut self.tickets {
            let theirs = old.concert_id == concert_id && old.user_id == user_id;
            if theirs && matches!(old.place, Place::Active { .. }) {
                old.place = Place::Expired(now);
            }
        }
        self.concerts.get_mut(&concert_id).expect("it was found above").next_number += 1;
        let place = Place::Waiting;
        let ticket =
            TicketRow { id, concert_id, user_id, number, issued_at: now, seen_at: now, place };
        self.tickets.push(ticket.clone());
        Ok(Outcome::Joined { ticket: ticket.as_ticket(None), already_queued: false })
    }

    pub(super) fn leave(&mut self, id: TicketId) -> Answer {
        let Some(ticket) = self.ticket(id) else { return Err(Rejection::QueueTokenInvalid) };
        if matches!(self.phase(ticket), Phase::Waiting | Phase::Active) {
            let now = self.now;
            for hold in &mut self.reservations {
                if hold.ticket_id == id && hold.is_live(now) {
                    hold.deal = Deal::Released(now);
                }
            }
            self.put(id, Place::Left(now));
        }
        Ok(Outcome::Left)
    }

    pub(super) fn expire_ticket(&mut self, id: TicketId) -> Answer {
        let Some(ticket) = self.ticket(id) else { return Err(Rejection::QueueTokenInvalid) };
        let stored = self.ends_at(ticket).is_some_and(|ends_at| ends_at <= self.now);
        if stored {
            self.put(id, Place::Expired(self.now));
        }
        Ok(Outcome::ExpiryStored { stored })
    }

    pub(super) fn refresh_sold_out(&mut self, concert_id: ConcertId) -> Answer {
        if !self.concerts.contains_key(&concert_id) {
            return Err(Rejection::ConcertNotFound);
        }
        let sold_out = self.all_sold(concert_id);
        self.note_sold_out(concert_id, sold_out);
        Ok(Outcome::SoldOutRefreshed { sold_out })
    }

    fn note_sold_out(&mut self, concert_id: ConcertId, sold_out: bool) {
        let row = self.concerts.get_mut(&concert_id).expect("callers have found it");
        if row.sold_out != sold_out {
            row.sold_out = sold_out;
            row.next_tick_at = row.first_tick_after(self.now);
            row.rest = None;
        }
    }

    pub(super) fn tick(&mut self, concert_id: ConcertId, served_since: Timestamp) -> Answer {
        let Some(row) = self.concerts.get(&concert_id).cloned() else {
            return Err(Rejection::ConcertNotFound);
        };
        let is_open = self.now >= row.concert.sale_opens_at;
        if row.concert.paused || row.concert.closed || (is_open && row.awaits_beacon()) {
            return Ok(Outcome::TickIdle);
        }
        let batch_size = row.concert.admission.batch_size;
        let due = row.rest.or_else(|| Some((row.last_tick(self.now)?, batch_size)));
        let Some((tick_at, budget)) = due else { return Ok(Outcome::TickIdle) };
        let somebody = self.line(concert_id).iter().any(|ticket| ticket.issued_at <= tick_at);
        if !somebody && row.rest.is_none() {
            return Ok(Outcome::TickIdle);
        }
        if self.close_prequeue(concert_id) {
            return Ok(Outcome::Ticked { admitted: 0, skipped: 0, expired: 0, more: true });
        }
        if self.all_sold(concert_id) {
            self.note_sold_out(concert_id, true);
            let known = row.sold_out;
            return Ok(if known {
                Outcome::TickIdle
            } else {
                Outcome::SoldOutRefreshed { sold_out: true }
            });
        }

        let mut part = Part::default();
        self.put_away_the_lapsed(concert_id, &mut part);
        if !part.more {
            let quota = u64::from(budget).min(self.slots(concert_id));
            self.admit(concert_id, tick_at, served_since, quota, &mut part);
        }
        let Part { admitted, skipped, expired, more } = part;
        let now = self.now;
        let row = self.concerts.get_mut(&concert_id).expect("it was found above");
        row.sold_out = false;
        if row.rest.is_none() {
            row.next_tick_at = row.first_tick_after(now);
        }
        row.rest = more.then_some((tick_at, budget - admitted));
        Ok(Outcome::Ticked { admitted, skipped, expired, more })
    }

    /// Stores what has run out, so that it takes up no slot.
    fn put_away_the_lapsed(&mut self, concert_id: ConcertId, part: &mut Part) {
        let of_concert = self.tickets.iter().filter(|t| t.concert_id == concert_id);
        let ends = of_concert.filter_map(|t| Some((self.ends_at(t)?, t.id)));
        let mut lapsed: Vec<_> = ends.filter(|(ends_at, _)| *ends_at <= self.now).collect();
        lapsed.sort_unstable();
        for (_, id) in lapsed {
            if part.is_full() {
                part.more = true;
                break;
            }
            self.put(id, Place::Expired(self.now));
            part.expired += 1;
        }
    }

    /// How many more may be active.
    fn slots(&self, concert_id: ConcertId) -> u64 {
        let policy = &self.concerts[&concert_id].concert.admission;
        let active: Vec<&TicketRow> = self
            .tickets
            .iter()
            .filter(|t| t.concert_id == concert_id && matches!(t.place, Place::Active { .. }))
            .collect();
        let mut slots = u64::MAX;
        if let Some(max_active) = policy.max_active {
            slots = u64::from(max_active).saturating_sub(active.len() as u64);
        }
        let hall = self.hall(concert_id);
        if policy.inventory_aware && !hall.is_empty() {
            let free = hall.iter().filter(|status| **status == SeatStatus::Available).count();
            let seatless = active.iter().filter(|t| self.live_hold(t.id).is_none()).count();
            slots = slots.min(free.saturating_sub(seatless) as u64);
        }
        slots
    }

    fn admit(
        &mut self,
        concert_id: ConcertId,
        tick_at: Timestamp,
        served_since: Timestamp,
        quota: u64,
        part: &mut Part,
    ) {
        let policy = self.concerts[&concert_id].concert.admission;
        let (now, lapse_millis) = (self.now, i64::from(policy.lapse_seconds) * 1_000);
        let until = now.plus_seconds(policy.active_seconds);
        let line: Vec<TicketRow> = self.line(concert_id).into_iter().cloned().collect();
        let row = self.concerts[&concert_id].clone();
        let number = |ticket: &TicketRow| row.ticket_number(ticket.number).0;
        let mut passed_through = 0;
        let mut left = line.iter();
        while u64::from(part.admitted) < quota {
            let Some(ticket) = left.next() else {
                passed_through = u64::MAX;
                break;
            };
            if ticket.issued_at > tick_at {
                passed_through = number(ticket) - 1;
                break;
            }
            if part.is_full() {
                part.more = true;
                break;
            }
            passed_through = number(ticket);
            let last_sign = ticket.seen_at.max(ticket.issued_at).max(served_since);
            let unseen = now.millis_since(last_sign);
            if policy.lapse_seconds > 0 && unseen >= lapse_millis {
                self.put(ticket.id, Place::Expired(now));
                part.skipped += 1;
            } else {
                self.put(ticket.id, Place::Active { admitted_at: now, until });
                part.admitted += 1;
            }
        }
        let row = self.concerts.get_mut(&concert_id).expect("callers have found it");
        if let Some(draw) = &mut row.draw {
            draw.passed_through = draw.passed_through.max(passed_through.min(draw.arrivals));
        }
    }

    pub(super) fn put(&mut self, id: TicketId, place: Place) {
        let ticket = self.tickets.iter_mut().find(|ticket| ticket.id == id);
        ticket.expect("callers have found it").place = place;
    }

    /// The reservation that was made last with a ticket.
    pub fn last_reservation(&self, ticket_id: TicketId) -> Option<&super::ReservationRow> {
        self.reservations.iter().rev().find(|r| r.ticket_id == ticket_id)
    }
}
