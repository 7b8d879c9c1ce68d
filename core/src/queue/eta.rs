//! When somebody in line is let in, as far as that can be told: from the rows and a few counts alone, so
//! that a host in memory and one with a database tell the same.
//!
//! # What is told
//!
//! The tick at which one is let in if nobody ahead leaves, by batches and, where `max_active` binds, by
//! slots. Those ahead who leave or are passed over bring it forward. Nothing puts it off but the operator, an
//! outage, or, where slots decide, a hold that outlives `active_seconds`.
//!
//! # When it is known
//!
//! People give up, and many who do don't say so: they stay in line until their turn, and are passed over
//! then. Nobody can tell how many they will be, and in a line of hours half of those ahead may be gone, so
//! that the turn comes in half the time. So a turn is known only where that hardly matters:
//!
//! - it is at most an interval, or a tenth of the wait, after the next tick: nobody is let in before that
//!   one, whoever leaves; or
//! - the whole wait, from joining (or the opening of the sale, if that is later) to the turn, is at most
//!   [`STEADY_SECONDS_MAX`]: who was just told to wait a moment rarely goes. It is the whole wait, not what is left,
//!   since those ahead have been in line for longer than oneself, and the longer, the more of them are gone.
//!
//! It is not known where a cap or free seats decide: slots come free as people pay or give up. And while the
//! operator lets nobody in, nothing is told at all.
//!
//! The simulator is held to it (`sim/promises.rs`): of what is told as known, 95 of 100 come true within 10 % or
//! one interval, with and without a cap, people who leave, and pauses, but for the pauses themselves.

use super::{Queue, Ticket};
use crate::concert::Concert;
use crate::time::Timestamp;

/// Longest whole wait, in seconds, in which so few of those ahead leave that the turn counts as known. Of
/// people who lose patience after ten minutes on average, a tenth leave in it; few crowds are worse. Two minutes
/// were tried, and failed those who join after a pause, when many of those ahead are gone.
const STEADY_SECONDS_MAX: u64 = 60;
/// A turn may come earlier than told by one part in this many.
const PRECISION_PARTS: u64 = 10;

/// A turn that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Eta {
    /// Seconds until it.
    pub seconds: u64,
    /// Whether it is known, or a guess.
    pub is_known: bool,
}

/// The turn of the waiting `ticket` at `position`, from 1, in a concert that lets people in. `active` tickets are
/// active; more than `max_active` may be, if that was lowered.
pub(super) fn eta(
    concert: &Concert,
    queue: &Queue,
    ticket: &Ticket,
    position: u64,
    active: u64,
    now: Timestamp,
) -> Eta {
    let policy = &concert.admission;
    let interval = u64::from(policy.interval_seconds);
    let next_tick = queue.announced_tick(concert, now).seconds_from(now);
    let by_batches = (position - 1) / u64::from(policy.batch_size);
    let by_slots = ticks_by_slots(concert, position, active);
    let ticks = by_batches.max(by_slots.unwrap_or(0));
    let seconds = next_tick.saturating_add(ticks.saturating_mul(interval));
    let early_at_most = seconds - next_tick;
    let is_certain = early_at_most <= interval.max(seconds / PRECISION_PARTS);
    let waits_since = ticket.issued_at.max(concert.sale_opens_at);
    let whole_wait =
        now.millis_since(waits_since).saturating_add_unsigned(seconds.saturating_mul(1_000));
    let is_steady = whole_wait <= STEADY_SECONDS_MAX.cast_signed() * 1_000;
    let is_guess = by_slots.is_some() || policy.inventory_aware;
    Eta { seconds, is_known: !is_guess && (is_certain || is_steady) }
}

/// Ticks after the next one until there is a slot for the one at `position`; `None` if slots are no matter.
/// When slots come free can't be known: the guess is that each ticket lives its whole `active_seconds`.
fn ticks_by_slots(concert: &Concert, position: u64, active: u64) -> Option<u64> {
    let policy = &concert.admission;
    let max_active = u64::from(policy.max_active?);
    let free = max_active.saturating_sub(active);
    if position <= free || !cap_can_bind(concert, max_active, active) {
        return None;
    }
    let generations = (position - free - 1) / max_active + 1;
    let seconds = generations.saturating_mul(u64::from(policy.active_seconds));
    Some(seconds.div_ceil(u64::from(policy.interval_seconds)))
}

/// Whether `max_active` can ever hold a batch back. A ticket is active for at most `active_seconds` and a hold
/// that was taken at their very end, so no more are active at once than are let in, in full batches, in so
/// long a time.
fn cap_can_bind(concert: &Concert, max_active: u64, active: u64) -> bool {
    let policy = &concert.admission;
    let lives = u64::from(policy.active_seconds) + u64::from(concert.holds.hold_seconds);
    let batches = lives.div_ceil(u64::from(policy.interval_seconds));
    let active_at_most = batches * u64::from(policy.batch_size);
    // More are active than this policy can have let in: it was another one before.
    active_at_most > max_active || active > active_at_most
}
