//! Decisions of the whole line: who is let in at a tick, and whether there is anything left to sell.

use super::decide::timed_out;
use super::draw::close;
use super::{Queue, TickRest, Ticket};
use crate::concert::Concert;
use crate::decision::Decision;
use crate::event::{EventKind, Events, ExpiryCause};
use crate::ids::{ConcertId, TicketId};
use crate::key::{Key, Keys, Mode, Need};
use crate::outcome::Outcome;
use crate::policy::TICK_CHUNK;
use crate::rejection::Rejection;
use crate::state::State;
use crate::time::Timestamp;

/// Fewest of those who were drawn that are looked up at once: some in between may have left.
const DRAWN_PART_MIN: u32 = 64;

pub(crate) fn tick(
    state: &State,
    concert_id: ConcertId,
    served_since: Timestamp,
    now: Timestamp,
) -> Result<Decision, Need> {
    state.require(&[Key::Queue(concert_id), Key::Concert(concert_id, Mode::Fact)])?;
    let (Some(concert), Some(queue)) = (state.concert(concert_id)?, state.queue(concert_id)?)
    else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    if !concert.admits() || (queue.awaits_beacon(concert) && now >= concert.sale_opens_at) {
        return idle();
    }
    let (tick_at, budget) = match (queue.rest, queue.latest_tick(concert, now)) {
        (Some(rest), _) => (rest.tick_at, rest.remaining),
        (None, Some(tick_at)) => (tick_at, concert.admission.batch_size),
        (None, None) => return idle(),
    };
    let mut keys = Keys::from_slice(&[Key::Inventory(concert_id)]);
    if !queue.is_drawn() {
        keys.push(Key::WaitingTickets { concert_id, after: 0, limit: line_limit(budget) });
    }
    state.require(&keys)?;
    let in_line = stands_in_line(state, queue, tick_at)?;
    if !in_line && queue.rest.is_none() {
        return idle();
    }
    let drawn = close(concert, queue, now);
    if !drawn.is_empty() {
        // Who is at the head of the line is known from the next part on.
        let outcome = Outcome::Ticked { admitted: 0, skipped: 0, expired: 0, more: true };
        return Decision::accept(drawn, outcome);
    }
    let sold_out = state.inventory(concert_id)?.is_sold_out();
    if sold_out {
        return sold_out_changed(concert, queue, true, now);
    }

    let mut part = Part { state, concert, tick_at, served_since, now, ..Part::new(state, concert) };
    if queue.sold_out {
        let next_tick_at = queue.announced_tick(concert, now);
        let reopened = EventKind::SoldOutChanged { concert_id, sold_out, next_tick_at };
        part.events.push(reopened.at(now));
    }
    let cleared = part.expire_due()?;
    if cleared {
        let slots = part.free_slots()?;
        part.admit(queue, budget.min(u32::try_from(slots).unwrap_or(u32::MAX)))?;
    }
    part.finish(queue, budget)
}

/// What of a tick is due at `now` but has not run: the rest of one, or a whole one that would find
/// somebody.
pub(crate) fn due_part(
    state: &State,
    concert: &Concert,
    queue: &Queue,
    now: Timestamp,
) -> Result<Option<TickRest>, Need> {
    if queue.rest.is_some() || !concert.admits() || queue.sold_out || queue.awaits_beacon(concert) {
        return Ok(queue.rest);
    }
    let Some(tick_at) = queue.latest_tick(concert, now) else { return Ok(None) };
    let remaining = concert.admission.batch_size;
    let in_line = stands_in_line(state, queue, tick_at)?;
    Ok(in_line.then_some(TickRest { tick_at, remaining }))
}

pub(crate) fn refresh_sold_out(
    state: &State,
    concert_id: ConcertId,
    now: Timestamp,
) -> Result<Decision, Need> {
    state.require(&[
        Key::Queue(concert_id),
        Key::Concert(concert_id, Mode::Fact),
        Key::Inventory(concert_id),
    ])?;
    let (Some(concert), Some(queue)) = (state.concert(concert_id)?, state.queue(concert_id)?)
    else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    let sold_out = state.inventory(concert_id)?.is_sold_out();
    let outcome = Outcome::SoldOutRefreshed { sold_out };
    if queue.sold_out == sold_out {
        return Decision::accept(Events::new(), outcome);
    }
    let next_tick_at = queue.announced_tick(concert, now);
    let changed = EventKind::SoldOutChanged { concert_id, sold_out, next_tick_at };
    Decision::accept(changed.at(now), outcome)
}

fn idle() -> Result<Decision, Need> {
    Decision::accept(Events::new(), Outcome::TickIdle)
}

/// A tick that finds every seat sold admits nobody, and stores that once.
fn sold_out_changed(
    concert: &Concert,
    queue: &Queue,
    sold_out: bool,
    now: Timestamp,
) -> Result<Decision, Need> {
    if queue.sold_out == sold_out {
        return idle();
    }
    let next_tick_at = queue.announced_tick(concert, now);
    let changed = EventKind::SoldOutChanged { concert_id: concert.id, sold_out, next_tick_at };
    Decision::accept(changed.at(now), Outcome::SoldOutRefreshed { sold_out })
}

/// How much of the line to load for a part that may admit `budget`.
fn line_limit(budget: u32) -> u32 {
    budget.clamp(1, TICK_CHUNK)
}

/// Whether the head of the line had joined by `tick_at`.
fn stands_in_line(state: &State, queue: &Queue, tick_at: Timestamp) -> Result<bool, Need> {
    let head = line_from(state, queue.concert_id, queue.passed_through(), 1)?;
    Ok(head.is_some_and(|(_, ticket)| ticket.issued_at <= tick_at))
}

/// The first waiting ticket with a ticket number above `after`, and that.
fn line_from(
    state: &State,
    concert_id: ConcertId,
    after: u64,
    limit: u32,
) -> Result<Option<(u64, &Ticket)>, Need> {
    let Some(index) = state.indexes.get(&concert_id) else {
        let nobody = state.is_complete();
        let key = Key::WaitingTickets { concert_id, after, limit };
        return if nobody { Ok(None) } else { Err(key.into()) };
    };
    let drawn = index.order.drawn_arrivals();
    for ticket_number in (after + 1)..=drawn {
        let number = index.order.arrival_number(ticket_number);
        if let Some(id) = index.waiting.get(&number) {
            return Ok(state.ticket(*id)?.map(|ticket| (ticket_number, ticket)));
        }
        if !index.knows(number) {
            let last = drawn.min(ticket_number + u64::from(limit.max(DRAWN_PART_MIN)));
            let numbers = (ticket_number..=last).map(|number| index.order.arrival_number(number));
            let unknown = numbers.filter(|number| !index.knows(*number));
            let keys = unknown.map(|number| Key::NumberedTicket(concert_id, number));
            return Err(Need(keys.collect()));
        }
    }
    // Behind those who were drawn the line is in order of arrival.
    let after = after.max(drawn);
    let through = index.through(after);
    match index.waiting.range(after + 1..).next() {
        Some((number, id)) if Some(*number) <= through => {
            Ok(state.ticket(*id)?.map(|ticket| (*number, ticket)))
        }
        _ if through == Some(u64::MAX) => Ok(None),
        _ => {
            let after = through.unwrap_or(after);
            Err(Key::WaitingTickets { concert_id, after, limit }.into())
        }
    }
}

/// One part of a tick, as it is decided.
struct Part<'a> {
    state: &'a State,
    concert: &'a Concert,
    tick_at: Timestamp,
    served_since: Timestamp,
    now: Timestamp,
    events: Events,
    admitted: u32,
    skipped: u32,
    expired: u32,
    /// Nobody waits any more who has this ticket number or a lower one.
    passed_through: u64,
    /// Whether the part ended before the tick did.
    more: bool,
}

impl<'a> Part<'a> {
    fn new(state: &'a State, concert: &'a Concert) -> Self {
        let start = Timestamp::MIN;
        Self {
            state,
            concert,
            tick_at: start,
            served_since: start,
            now: start,
            events: Events::new(),
            admitted: 0,
            skipped: 0,
            expired: 0,
            passed_through: 0,
            more: false,
        }
    }

    fn is_full(&self) -> bool {
        self.admitted + self.skipped + self.expired >= TICK_CHUNK
    }

    /// Stores the expiry of active tickets whose time has run out, so that none of them takes up a
    /// slot. False if some must be left for the next part.
    fn expire_due(&mut self) -> Result<bool, Need> {
        let concert_id = self.concert.id;
        self.state.require(&[Key::ExpiringTickets { concert_id, limit: TICK_CHUNK }])?;
        let Some(index) = self.state.indexes.get(&concert_id) else { return Ok(true) };
        let through = index.active_through;
        for (expires_at, ticket) in index.lapsed(&self.state.tickets, self.now) {
            if Some((expires_at, ticket.id)) > through {
                break;
            }
            if self.is_full() {
                self.more = true;
                return Ok(false);
            }
            self.events.push(timed_out(ticket).at(self.now));
            self.expired += 1;
        }
        // What is loaded is used up. If that was not all, what follows may be due as well.
        self.more = through.is_none_or(|(expires_at, _)| expires_at <= self.now);
        Ok(!self.more)
    }

    /// How many more may be active: by the cap, and by the seats that are left if the policy asks.
    fn free_slots(&self) -> Result<u64, Need> {
        let concert_id = self.concert.id;
        let policy = &self.concert.admission;
        let mut slots = u64::MAX;
        if policy.max_active.is_none() && !policy.inventory_aware {
            return Ok(slots);
        }
        let stored = self.state.active_count(concert_id)?;
        let active = stored.saturating_sub(u64::from(self.expired));
        if let Some(max_active) = policy.max_active {
            slots = slots.min(u64::from(max_active).saturating_sub(active));
        }
        let inventory = self.state.inventory(concert_id)?;
        if policy.inventory_aware && inventory.seats > 0 {
            let (mut holders, mut held) = (0, 0);
            for hold in self.state.active_holds(concert_id)? {
                if self.now < hold.expires_at {
                    holders += 1;
                    held += u64::from(hold.seats);
                }
            }
            let free = inventory.unsold().saturating_sub(held);
            slots = slots.min(free.saturating_sub(active.saturating_sub(holders)));
        }
        Ok(slots)
    }

    /// Walks the line: passes over no-shows, and lets in up to `quota`.
    fn admit(&mut self, queue: &Queue, quota: u32) -> Result<(), Need> {
        let policy = &self.concert.admission;
        self.passed_through = queue.passed_through();
        while self.admitted < quota {
            let limit = line_limit(quota - self.admitted);
            let next = line_from(self.state, self.concert.id, self.passed_through, limit)?;
            let Some((ticket_number, ticket)) = next else {
                self.passed_through = u64::MAX;
                break;
            };
            if ticket.issued_at > self.tick_at {
                self.passed_through = ticket_number - 1;
                break;
            }
            if self.is_full() {
                self.more = true;
                break;
            }
            self.passed_through = ticket_number;
            let (ticket_id, concert_id) = (ticket.id, ticket.concert_id);
            let kind = if self.is_absent(ticket) {
                self.skipped += 1;
                EventKind::TicketExpired { ticket_id, concert_id, cause: ExpiryCause::NoShow }
            } else {
                self.admitted += 1;
                EventKind::TicketAdmitted {
                    ticket_id,
                    concert_id,
                    number: ticket.number,
                    tick_at: self.tick_at,
                    active_until: self.now.plus_seconds(policy.active_seconds),
                }
            };
            self.events.push(kind.at(self.now));
        }
        Ok(())
    }

    /// Whether a waiting ticket's holder has not been seen for `lapse_seconds` in which polls were
    /// served. Joining is being seen.
    fn is_absent(&self, ticket: &Ticket) -> bool {
        let lapse_seconds = self.concert.admission.lapse_seconds;
        let seen_at = seen_at(self.state, ticket.id).unwrap_or(ticket.issued_at);
        let since = seen_at.max(ticket.issued_at).max(self.served_since);
        lapse_seconds > 0 && self.now.millis_since(since) >= i64::from(lapse_seconds) * 1_000
    }

    /// What to keep of how far the line was walked: as long as those who were drawn are let in. Who joined later
    /// stands in order of arrival, whose head the store finds by itself.
    fn drawn_passed_through(&self, queue: &Queue) -> Option<u64> {
        let draw = queue.draw.as_ref()?;
        let through = self.passed_through.min(draw.arrivals);
        (through > draw.passed_through).then_some(through)
    }

    fn finish(mut self, queue: &Queue, budget: u32) -> Result<Decision, Need> {
        let policy = &self.concert.admission;
        let ran = EventKind::TickRan {
            concert_id: self.concert.id,
            tick_at: self.tick_at,
            admitted: self.admitted,
            batch_size: policy.batch_size,
            max_active: policy.max_active,
            next_tick_at: match queue.rest {
                Some(_) => queue.next_tick_at,
                None => queue.announced_tick(self.concert, self.now),
            },
            remaining: if self.more { budget - self.admitted } else { 0 },
            passed_through: self.drawn_passed_through(queue),
        };
        self.events.push(ran.at(self.now));
        let Self { events, admitted, skipped, expired, more, .. } = self;
        Decision::accept(events, Outcome::Ticked { admitted, skipped, expired, more })
    }
}

fn seen_at(state: &State, ticket_id: TicketId) -> Option<Timestamp> {
    state.presence.get(&ticket_id).copied()
}
