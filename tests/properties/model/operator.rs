//! What operators do: concerts, their policies, schedules.

use super::{Answer, ConcertRow, MALFORMED, Model};
use frontrow_core::concert::{Concert, ConcertChange, DrawKind, Prequeue, Schedule};
use frontrow_core::queue::{Draw, Reveal};
use frontrow_core::{ConcertId, Outcome, Rejection, Timestamp};
use std::collections::BTreeSet;

impl Model {
    pub(super) fn create_concert(&mut self, concert: &Concert) -> Answer {
        if !is_well_formed(concert) {
            return Err(MALFORMED);
        }
        if self.concerts.contains_key(&concert.id) {
            return Err(Rejection::IdInUse);
        }
        let concert = Concert { created_at: self.now, ..concert.clone() };
        let row = ConcertRow {
            concert: concert.clone(),
            next_number: 1,
            next_tick_at: concert.sale_opens_at,
            rest: None,
            sold_out: false,
            draw: None,
        };
        self.concerts.insert(concert.id, row);
        Ok(Outcome::ConcertCreated { concert })
    }

    pub(super) fn update_concert(
        &mut self,
        concert_id: ConcertId,
        change: &ConcertChange,
    ) -> Answer {
        let now = self.now;
        let Some(row) = self.concerts.get(&concert_id) else {
            return Err(Rejection::ConcertNotFound);
        };
        let (old, new) = (row.concert.clone(), changed(&row.concert, change));
        if !is_well_formed(&new) || change.closed == Some(false) {
            return Err(MALFORMED);
        }
        let resumed = old.paused && !new.paused;
        let retimed = old.admission.interval_seconds != new.admission.interval_seconds;
        // The announced tick stays, by the interval that it was announced with; one that is due by it
        // and has not run is still to run. What was missed in a pause is not.
        let announced = row.first_tick_after(now);
        let due = if resumed { None } else { self.due_part(concert_id) };
        let row = self.concerts.get_mut(&concert_id).expect("it was found above");
        if resumed || retimed {
            row.next_tick_at = announced;
            row.rest = due;
        }
        row.concert = new.clone();
        Ok(Outcome::ConcertChanged { concert: new })
    }

    /// The tick that goes on, or one that has come and would find somebody; and how many it may admit.
    fn due_part(&self, concert_id: ConcertId) -> Option<(Timestamp, u32)> {
        let row = &self.concerts[&concert_id];
        let concert = &row.concert;
        let is_idle = concert.paused || concert.closed || row.sold_out || row.awaits_beacon();
        if row.rest.is_some() || is_idle {
            return row.rest;
        }
        let tick_at = row.last_tick(self.now)?;
        let somebody = self.line(concert_id).iter().any(|ticket| ticket.issued_at <= tick_at);
        somebody.then_some((tick_at, concert.admission.batch_size))
    }

    /// What the opening of the sale brings: joining closes, and without a beacon the draw is held. Whether it did.
    pub(super) fn close_prequeue(&mut self, concert_id: ConcertId) -> bool {
        let now = self.now;
        let row = self.concerts.get_mut(&concert_id).expect("callers have found it");
        let Some(prequeue) = row.drawn_prequeue().cloned() else { return false };
        if now < row.concert.sale_opens_at {
            return false;
        }
        let before = row.draw.clone();
        let arrivals = row.next_number - 1;
        let draw = row.draw.get_or_insert(Draw { arrivals, reveal: None, passed_through: 0 });
        if prequeue.beacon.is_none() && draw.reveal.is_none() {
            let seed = prequeue.seed.expect("a draw has a seed");
            draw.reveal = Some(Reveal { seed, beacon_value: None });
        }
        row.draw != before
    }

    pub(super) fn draw(&mut self, concert_id: ConcertId, beacon_value: &str) -> Answer {
        if !is_a_text(beacon_value) {
            return Err(MALFORMED);
        }
        let Some(row) = self.concerts.get(&concert_id) else {
            return Err(Rejection::ConcertNotFound);
        };
        let Some(prequeue) = row.drawn_prequeue().filter(|prequeue| prequeue.beacon.is_some())
        else {
            return Err(Rejection::DrawNotOpen);
        };
        let seed = prequeue.seed.expect("a draw has a seed");
        let reveal = Reveal { seed, beacon_value: Some(beacon_value.to_owned()) };
        if row.is_drawn() {
            let made = row.draw.as_ref().and_then(|draw| draw.reveal.clone());
            return if made == Some(reveal) {
                Ok(Outcome::Drawn)
            } else {
                Err(Rejection::AlreadyDrawn)
            };
        }
        if self.now < row.concert.sale_opens_at {
            return Err(Rejection::DrawNotOpen);
        }
        self.close_prequeue(concert_id);
        let row = self.concerts.get_mut(&concert_id).expect("it was found above");
        row.draw.as_mut().expect("it has closed").reveal = Some(reveal);
        Ok(Outcome::Drawn)
    }

    pub(super) fn add_schedule(&mut self, schedule: &Schedule) -> Answer {
        if !is_a_hall(schedule) {
            return Err(MALFORMED);
        }
        if !self.concerts.contains_key(&schedule.concert_id) {
            return Err(Rejection::ConcertNotFound);
        }
        if self.schedules.contains_key(&schedule.id) {
            return Err(Rejection::IdInUse);
        }
        self.schedules.insert(schedule.id, schedule.clone());
        Ok(Outcome::ScheduleAdded { schedule: schedule.clone() })
    }
}

/// Every number is at least 1 but `lapse_seconds`; seconds are at most a day, counts a million, seats
/// a person a thousand.
fn is_well_formed(concert: &Concert) -> bool {
    let admission = &concert.admission;
    let seconds = [
        admission.interval_seconds,
        admission.active_seconds,
        concert.holds.hold_seconds,
        if admission.lapse_seconds == 0 { 1 } else { admission.lapse_seconds },
    ];
    let counts = [admission.batch_size, admission.max_active.unwrap_or(1)];
    let notice = concert.notice.iter().flat_map(|notice| [&notice.ko, &notice.en]);
    is_a_text(&concert.title)
        && notice.into_iter().all(|text| is_a_text_of(text, 500))
        && is_a_time(concert.sale_opens_at)
        && concert.prequeue.as_ref().is_none_or(|p| is_a_prequeue(p, concert.sale_opens_at))
        && seconds.iter().all(|seconds| (1..=86_400).contains(seconds))
        && !(1..5).contains(&admission.lapse_seconds)
        && counts.iter().all(|count| (1..=1_000_000).contains(count))
        && (1..=1_000).contains(&concert.holds.max_seats_per_user)
}

fn is_a_prequeue(prequeue: &Prequeue, sale_opens_at: Timestamp) -> bool {
    let is_random = prequeue.draw == DrawKind::Random;
    prequeue.opens_at.as_millis() >= 0
        && prequeue.opens_at < sale_opens_at
        && prequeue.beacon.as_deref().is_none_or(|beacon| is_random && is_a_text(beacon))
        && prequeue.seed.is_some() == is_random
}

fn is_a_hall(schedule: &Schedule) -> bool {
    let names: BTreeSet<&str> = schedule.sections.iter().map(|s| s.name.as_str()).collect();
    let seats: u64 =
        schedule.sections.iter().map(|s| u64::from(s.rows) * u64::from(s.seats_per_row)).sum();
    let is_a_section = |s: &frontrow_core::concert::Section| {
        is_a_text(&s.name)
            && s.rows >= 1
            && s.seats_per_row >= 1
            && (1..=1_000_000_000_000).contains(&s.price.get())
    };
    is_a_text(&schedule.venue)
        && is_a_time(schedule.starts_at)
        && (1..=1_000).contains(&schedule.sections.len())
        && schedule.sections.iter().all(is_a_section)
        && names.len() == schedule.sections.len()
        && seats <= 100_000
}

/// From 1970 to 9999, in which RFC 3339 can write it.
fn is_a_time(time: Timestamp) -> bool {
    (0..253_402_300_800_000).contains(&time.as_millis())
}

fn is_a_text(text: &str) -> bool {
    is_a_text_of(text, 200)
}

fn is_a_text_of(text: &str, chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= chars && !text.chars().any(char::is_control)
}

fn changed(concert: &Concert, change: &ConcertChange) -> Concert {
    let admission = change.admission.unwrap_or_default();
    let holds = change.holds.unwrap_or_default();
    let mut new = concert.clone();
    let old = &concert.admission;
    new.admission.interval_seconds = admission.interval_seconds.unwrap_or(old.interval_seconds);
    new.admission.batch_size = admission.batch_size.unwrap_or(old.batch_size);
    new.admission.active_seconds = admission.active_seconds.unwrap_or(old.active_seconds);
    new.admission.max_active = admission.max_active.unwrap_or(old.max_active);
    new.admission.lapse_seconds = admission.lapse_seconds.unwrap_or(old.lapse_seconds);
    new.admission.inventory_aware = admission.inventory_aware.unwrap_or(old.inventory_aware);
    new.holds.hold_seconds = holds.hold_seconds.unwrap_or(concert.holds.hold_seconds);
    new.holds.max_seats_per_user =
        holds.max_seats_per_user.unwrap_or(concert.holds.max_seats_per_user);
    new.paused = change.paused.unwrap_or(concert.paused);
    new.closed = change.closed.unwrap_or(concert.closed);
    new.draining = change.draining.unwrap_or(concert.draining);
    new.notice = change.notice.clone().unwrap_or_else(|| concert.notice.clone());
    new
}
