//! What a person in the queue is told: place, time left, when to ask again. Read models, derived from
//! rows and counts at a time; decisions don't use them.

use super::{Phase, Queue, Ticket, TicketState};
use crate::concert::{Concert, ConcertState};
use crate::ids::ConcertId;
use crate::rejection::Rejection;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest time between two polls, in seconds.
const POLL_AFTER_SECONDS_MAX: u64 = 60;
/// A poll each this many seconds of the time left.
const POLLS_PER_WAIT: u64 = 10;

/// What a host counts for a standing. May lag by at most a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting tickets with a lower number than this one's.
    pub ahead: u64,
    /// Waiting tickets in all.
    pub waiting: u64,
    /// Tickets that are active at the time.
    pub active: u64,
}

/// How a ticket stands, for its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its phase.
    pub state: Phase,
    /// 1 for the head of the line; `None` unless waiting.
    pub position: Option<u64>,
    /// How many wait.
    pub waiting: u64,
    /// Seconds until it is let in, if that can be told (or guessed: see `eta_known`); 0 once active.
    pub eta_seconds: Option<u64>,
    /// Whether `eta_seconds` follows from the policy alone, if nobody ahead leaves.
    pub eta_known: bool,
    /// The next tick, if the concert admits at all.
    pub next_admission_at: Option<Timestamp>,
    /// Seconds until it.
    pub next_admission_in_seconds: Option<u64>,
    /// When to ask again, at least 1 and at most a third of `lapse_seconds`.
    pub poll_after_seconds: u64,
    /// When its time runs out; `None` unless active.
    pub expires_at: Option<Timestamp>,
    /// Seconds until then.
    pub expires_in_seconds: Option<u64>,
    /// How the concert stands.
    pub concert_state: ConcertState,
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
    let admits = concert.admits() && !queue.sold_out;
    let next_admission_at = admits.then(|| queue.announced_tick(concert, now));
    let position = (state == Phase::Waiting).then_some(counts.ahead + 1);
    let (eta_seconds, eta_known) = match (position, next_admission_at) {
        (Some(position), Some(tick_at)) => eta(concert, position, counts.active, tick_at, now),
        (Some(_), None) => (None, false),
        (None, _) => (Some(0).filter(|_| state == Phase::Active), state == Phase::Active),
    };
    let expires_at = Some(ticket.expires_at()).filter(|_| state == Phase::Active);
    Standing {
        state,
        position,
        waiting: counts.waiting,
        eta_seconds,
        eta_known,
        next_admission_at,
        next_admission_in_seconds: next_admission_at.map(|tick_at| tick_at.seconds_from(now)),
        poll_after_seconds: poll_after_seconds(concert, ticket, eta_seconds),
        expires_at,
        expires_in_seconds: expires_at.map(|at| at.seconds_from(now)),
        concert_state,
    }
}

/// Seconds until the one at `position` is let in, and whether that is known. Ticks let in
/// `batch_size` each. Where `max_active` binds, slots come free as active tickets end, which can't be
/// known: then the guess is that each lives its whole `active_seconds`.
fn eta(
    concert: &Concert,
    position: u64,
    active: u64,
    next_tick_at: Timestamp,
    now: Timestamp,
) -> (Option<u64>, bool) {
    let policy = &concert.admission;
    let interval = u64::from(policy.interval_seconds);
    let at_tick = |ticks_before: u64| {
        next_tick_at.seconds_from(now).saturating_add(ticks_before.saturating_mul(interval))
    };
    let by_batches = (position - 1) / u64::from(policy.batch_size);
    let Some(max_active) = policy.max_active.map(u64::from) else {
        return (Some(at_tick(by_batches)), !policy.inventory_aware);
    };
    let free = max_active.saturating_sub(active);
    if position <= free {
        return (Some(at_tick(by_batches)), !policy.inventory_aware);
    }
    let generations = (position - free - 1) / max_active + 1;
    let by_slots = (generations * u64::from(policy.active_seconds)).div_ceil(interval);
    (Some(at_tick(by_batches.max(by_slots))), false)
}

/// Seconds until the next poll: a tenth of the time left, within 1 and [`POLL_AFTER_SECONDS_MAX`], less
/// up to a quarter by ticket number so that people who joined together don't ask together; never more
/// than a third of `lapse_seconds`, so that who polls is never absent.
fn poll_after_seconds(concert: &Concert, ticket: &Ticket, eta_seconds: Option<u64>) -> u64 {
    let wait = eta_seconds.map_or(POLL_AFTER_SECONDS_MAX, |eta| eta / POLLS_PER_WAIT);
    let spread = wait.min(POLL_AFTER_SECONDS_MAX);
    let jitter = ticket.number % (spread / 4 + 1);
    let lapse_seconds = u64::from(concert.admission.lapse_seconds);
    let most = if lapse_seconds == 0 { POLL_AFTER_SECONDS_MAX } else { lapse_seconds / 3 };
    (spread - jitter).min(most).max(1)
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
