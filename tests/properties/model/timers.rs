//! What the world does by itself, and when.

use super::{Deal, Model};
use frontrow_core::{ConcertId, Outcome, Timestamp};

impl Model {
    /// Stores what has run out, sees whether concerts are sold out, and ticks.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        let holds: Vec<_> = self.reservations.iter().map(|r| r.id).collect();
        for id in holds {
            self.expire_reservation(id).expect("it is there");
        }
        let tickets: Vec<_> = self.tickets.iter().map(|t| t.id).collect();
        for id in tickets {
            self.expire_ticket(id).expect("it is there");
        }
        let concerts: Vec<ConcertId> = self.concerts.keys().copied().collect();
        for id in concerts {
            self.refresh_sold_out(id).expect("it is there");
            while let Ok(Outcome::Ticked { .. }) = self.tick(id, self.served_since) {}
        }
    }

    /// When [`Model::handle_timeout`] will next change something, if nobody does anything before.
    pub fn next_due(&self) -> Option<Timestamp> {
        let holds = self.reservations.iter().filter(|r| r.deal == Deal::Held);
        let holds = holds.map(|r| r.expires_at);
        let tickets = self.tickets.iter().filter_map(|ticket| self.ends_at(ticket));
        let concerts = self.concerts.keys().filter_map(|id| self.concert_due(*id));
        holds.chain(tickets).chain(concerts).min()
    }

    fn concert_due(&self, id: ConcertId) -> Option<Timestamp> {
        let row = &self.concerts[&id];
        if row.sold_out != self.all_sold(id) {
            return Some(self.now);
        }
        if row.concert.paused || row.concert.closed || row.sold_out || row.awaits_beacon() {
            return None;
        }
        if row.rest.is_some() {
            return Some(self.now);
        }
        Some(row.first_tick_from(self.line(id).first()?.issued_at))
    }

    /// Every instant to come at which something turns.
    pub fn turning_points(&self) -> Vec<Timestamp> {
        let mut points = Vec::new();
        for row in self.concerts.values() {
            points.push(row.first_tick_after(self.now));
            for ticket in self.line(row.concert.id) {
                let lapse_seconds = row.concert.admission.lapse_seconds;
                points.push(ticket.seen_at.plus_seconds(lapse_seconds));
            }
        }
        points.extend(self.schedules.values().map(|schedule| schedule.starts_at));
        points.extend(self.reservations.iter().map(|r| r.expires_at));
        points.extend(self.tickets.iter().filter_map(|ticket| self.ends_at(ticket)));
        points.extend(self.tickets.iter().filter_map(|ticket| match ticket.place {
            super::Place::Active { until, .. } => Some(until),
            _ => None,
        }));
        points.retain(|point| *point > self.now);
        points.sort_unstable();
        points.dedup();
        points
    }
}
