//! What a person in the queue is told: place, time left, when to ask again. Read models, derived from
//! rows and counts at a time; decisions don't use them.

use super::eta::{Eta, eta};
use super::pacing::{Wait, jitter, poll_after_seconds};
use super::{Line, Phase, Queue, Ticket, TicketState};
use crate::concert::{Concert, ConcertState};
use crate::ids::{ConcertId, TicketId};
use crate::rejection::Rejection;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Seconds until the next poll of who is let in.
const ACTIVE_POLL_AFTER_SECONDS: u64 = 1;

/// What a host counts for a standing. May lag by at most a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The ticket's number in the order in which the line is let in: see [`Order`](super::Order).
    pub ticket_number: u64,
    /// Waiting tickets with a lower one.
    pub ahead: u64,
    /// Waiting tickets in all.
    pub waiting: u64,
    /// Tickets that are active at the time.
    pub active: u64,
}

impl Counts {
    /// Counts for a ticket number at `now`: from the line, and the tickets stored active by when they run out.
    pub fn of(
        line: &Line,
        ticket_number: u64,
        expiries: &BTreeSet<(Timestamp, TicketId)>,
        now: Timestamp,
    ) -> Self {
        let lapsed = expiries.iter().take_while(|(expires_at, _)| *expires_at <= now).count();
        Self::with_active(line, ticket_number, (expiries.len() - lapsed) as u64)
    }

    /// Counts for a ticket number: from the line, where so many are active.
    pub(crate) fn with_active(line: &Line, ticket_number: u64, active: u64) -> Self {
        let ahead = line.position(ticket_number).map_or(0, |position| position - 1);
        Self { ticket_number, ahead, waiting: line.waiting(), active }
    }
}

/// How a ticket stands, for its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its phase.
    pub state: Phase,
    /// 1 for the head of the line; `None` unless waiting, and until the draw for who joined before the opening.
    pub position: Option<u64>,
    /// How many wait.
    pub waiting: u64,
    /// Seconds until it is let in if nobody ahead leaves, which makes it sooner; 0 once active, `None` while
    /// nobody is let in.
    pub eta_seconds: Option<u64>,
    /// Whether that is how it will be, within 10 % or one interval, unless the operator pauses or changes
    /// the policy. False where `max_active` or free seats decide, and where the wait is so long that it
    /// depends on how many of those ahead give up.
    pub eta_known: bool,
    /// The next tick, if the concert admits at all.
    pub next_admission_at: Option<Timestamp>,
    /// Seconds until it.
    pub next_admission_in_seconds: Option<u64>,
    /// When to ask again, 1 to 60, and at most a third of `lapse_seconds`: see [`pacing`](super::pacing).
    pub poll_after_seconds: u64,
    /// When its time runs out; `None` unless active.
    pub expires_at: Option<Timestamp>,
    /// Seconds until then.
    pub expires_in_seconds: Option<u64>,
    /// How the concert stands.
    pub concert_state: ConcertState,
    /// The numbers of who joined before the opening of a concert that draws.
    pub lot: Option<Lot>,
}

/// The numbers of somebody who is drawn, by which they can [check](super::verify_draw) the draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// In the order of arrival, from 1.
    pub arrival_number: u64,
    /// In the order of the draw, from 1; `None` until it is made.
    pub ticket_number: Option<u64>,
}

/// How `ticket` stands at `now`.
pub fn standing(
    ticket: &Ticket,
    concert: &Concert,
    queue: &Queue,
    counts: Counts,
    now: Timestamp,
) -> Standing {
    let state = ticket.phase(now);
    let concert_state = concert.state(queue, now);
    let awaits_beacon = queue.awaits_beacon(concert) && now >= concert.sale_opens_at;
    let admits = concert.admits() && !queue.sold_out && !awaits_beacon;
    let next_admission_at = admits.then(|| queue.announced_tick(concert, now));
    let next_admission_in_seconds = next_admission_at.map(|tick_at| tick_at.seconds_from(now));
    let is_undrawn = queue.is_undrawn(concert, ticket.number);
    // Who is not drawn yet may come to stand anywhere, and asks again as the last one does.
    let position = if is_undrawn { counts.waiting.max(1) } else { counts.ahead + 1 };
    let turn = match state {
        Phase::Waiting if is_undrawn => None,
        Phase::Waiting => admits.then(|| eta(concert, queue, ticket, position, counts.active, now)),
        Phase::Active => Some(Eta { seconds: 0, is_known: true }),
        Phase::Expired | Phase::Consumed | Phase::Left => None,
    };
    let eta_seconds = turn.map(|turn| turn.seconds);
    let wait = Wait {
        position,
        waiting: counts.waiting,
        // The draw may come at any moment.
        eta_seconds: if is_undrawn { next_admission_in_seconds.or(Some(0)) } else { eta_seconds },
        next_tick_seconds: next_admission_in_seconds,
        lapse_seconds: concert.admission.lapse_seconds,
    };
    let poll_after_seconds = match state {
        Phase::Active => ACTIVE_POLL_AFTER_SECONDS,
        _ => poll_after_seconds(wait, jitter(ticket.number, now.as_millis())),
    };
    let expires_at = Some(ticket.expires_at()).filter(|_| state == Phase::Active);
    Standing {
        state,
        position: (state == Phase::Waiting && !is_undrawn).then_some(position),
        waiting: counts.waiting,
        eta_seconds,
        eta_known: turn.is_some_and(|turn| turn.is_known),
        next_admission_at,
        next_admission_in_seconds,
        poll_after_seconds,
        expires_at,
        expires_in_seconds: expires_at.map(|at| at.seconds_from(now)),
        concert_state,
        lot: lot(ticket, concert, queue, counts.ticket_number),
    }
}

/// The numbers of who joined before the opening, if they are drawn.
fn lot(ticket: &Ticket, concert: &Concert, queue: &Queue, ticket_number: u64) -> Option<Lot> {
    let arrival_number = ticket.number;
    if queue.is_undrawn(concert, arrival_number) {
        return Some(Lot { arrival_number, ticket_number: None });
    }
    let is_drawn = queue.draw.as_ref().is_some_and(|draw| arrival_number <= draw.arrivals);
    is_drawn.then_some(Lot { arrival_number, ticket_number: Some(ticket_number) })
}

/// Whether the holder of `ticket` may look at schedules and seats of `concert_id` at `now`.
pub fn admit_reader(
    ticket: &Ticket,
    concert_id: ConcertId,
    now: Timestamp,
) -> Result<(), Rejection> {
    if ticket.concert_id != concert_id {
        return Err(Rejection::QueueTokenWrongConcert);
    }
    match ticket.phase(now) {
        Phase::Active => Ok(()),
        Phase::Waiting => Err(Rejection::QueueTokenWaiting),
        Phase::Expired | Phase::Consumed | Phase::Left => Err(Rejection::QueueTokenExpired),
    }
}

impl Ticket {
    /// Whether it may take new holds at `now`; in the order in which refusals are told.
    pub(crate) fn may_hold(&self, now: Timestamp) -> Result<(), Rejection> {
        match self.state {
            TicketState::Waiting => Err(Rejection::QueueTokenWaiting),
            _ if self.takes_holds(now) => Ok(()),
            _ => Err(Rejection::QueueTokenExpired),
        }
    }
}
