//! When a person in line should ask again: soon if it is nearly their turn, rarely if it is hours away, and
//! never all together. Pure functions; what they work from is in [`Wait`].
//!
//! # The formula
//!
//! ```text
//! by turn  = 1                            if let in at the next tick, and that is within a minute
//!            48                           if it can't be told, since nobody is let in
//!            eta_seconds / 10             else
//! by crowd = min(waiting / 20,000, rounded up;  position / 250)
//! base     = max(by turn, by crowd), within 1 and 48, and within 4/5 of lapse_seconds / 3
//! answer   = base + jitter of 0 to max(1, base / 4), at most lapse_seconds / 3
//! ```
//!
//! So the head of the line asks each 1 to 2 seconds, and who waits for eight minutes or more each 48 to 60.
//!
//! # The budget
//!
//! `by crowd` binds however short the wait is, as when a million wait for an opening in ten seconds that lets
//! all of them in. If all had the base `waiting / 20,000`, that would be 20,000 polls a second; the jitter only
//! makes them fewer. Those at the very head ask more often: `position / 250` adds up to
//! 250 · (1 + ln 48) ≈ 1,200 a second, which the jitter of the others makes up for. A line of a million makes at
//! most about 19,500 a second in all, one of any length up to that at most 20,000.
//!
//! Who is let in when they were told notices within 2 seconds, being at the head by then; whose turn comes
//! sooner, since people ahead left, within an eighth of the wait that they were told. It is later only where so many
//! are let in at once that the budget comes first, but within a minute even then.
//!
//! A short `lapse_seconds` comes before the budget, since who polls as told must never count as absent: from
//! 180 on it takes nothing away, but a million people who lapse after 5 seconds make a million polls a second.

use crate::mixing::mixed;

/// Longest time between two polls, in seconds.
pub const POLL_AFTER_SECONDS_MAX: u64 = 60;
/// Most polls that a line of up to a million makes in a second, unless `lapse_seconds` asks for more.
pub const POLLS_PER_SECOND_MAX: u64 = 20_000;

/// Longest base: with its jitter it is [`POLL_AFTER_SECONDS_MAX`].
const BASE_SECONDS_MAX: u64 = 48;
/// Jitter of up to one part in this many of the base is added.
const JITTER_PARTS: u64 = 4;
/// Polls in the time until one's turn.
const POLLS_PER_WAIT: u64 = 10;
/// Who is let in at the next tick is at the head if that is within this many seconds.
const HEAD_SECONDS_MAX: u64 = 60;
/// As many places from the head on add a second to what the crowd asks for.
const PLACES_PER_SECOND: u64 = 250;

/// What the time until the next poll depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The place in line, from 1.
    pub position: u64,
    /// How many wait in all.
    pub waiting: u64,
    /// Seconds until their turn; `None` while nobody is let in.
    pub eta_seconds: Option<u64>,
    /// Seconds until the next tick; `None` while nobody is let in.
    pub next_tick_seconds: Option<u64>,
    /// The policy's `lapse_seconds`: 0 for never, or from 5.
    pub lapse_seconds: u32,
}

/// Seconds until the next poll, 1 to [`POLL_AFTER_SECONDS_MAX`]; at most a third of `lapse_seconds` unless that
/// is 0. `jitter` is any number: each gives one of the answers that are as good as each other.
///
/// ```
/// use frontrow_core::queue::pacing::{Wait, poll_after_seconds};
///
/// let head = Wait {
///     position: 1,
///     waiting: 1_000_000,
///     eta_seconds: Some(7),
///     next_tick_seconds: Some(7),
///     lapse_seconds: 180,
/// };
/// assert_eq!([0, 1].map(|jitter| poll_after_seconds(head, jitter)), [1, 2]);
/// let last = Wait { position: 1_000_000, eta_seconds: Some(7_200), ..head };
/// assert_eq!([0, 12].map(|jitter| poll_after_seconds(last, jitter)), [48, 60]);
/// ```
pub fn poll_after_seconds(wait: Wait, jitter: u64) -> u64 {
    let most = match u64::from(wait.lapse_seconds) {
        0 => POLL_AFTER_SECONDS_MAX,
        lapse_seconds => POLL_AFTER_SECONDS_MAX.min(lapse_seconds / 3),
    };
    let room = most - most / (JITTER_PARTS + 1);
    let base = by_turn(wait).max(by_crowd(wait)).min(room.min(BASE_SECONDS_MAX)).max(1);
    let spread = (base / JITTER_PARTS).max(1);
    (base + jitter % (spread + 1)).min(most).max(1)
}

/// A number for the jitter of ticket `number` at a poll at `now_millis`: people who joined together don't
/// ask together, and one person's polls don't fall into step with anybody else's.
pub const fn jitter(number: u64, now_millis: i64) -> u64 {
    mixed(number ^ mixed(now_millis.cast_unsigned()))
}

/// Ever more often as one's turn comes near.
fn by_turn(wait: Wait) -> u64 {
    match (wait.eta_seconds, wait.next_tick_seconds) {
        (Some(eta), Some(tick)) if eta <= tick && eta <= HEAD_SECONDS_MAX => 1,
        (Some(eta), _) => eta / POLLS_PER_WAIT,
        (None, _) => BASE_SECONDS_MAX,
    }
}

/// What keeps the line within its budget, however short the wait is.
fn by_crowd(wait: Wait) -> u64 {
    wait.waiting.div_ceil(POLLS_PER_SECOND_MAX).min(wait.position / PLACES_PER_SECOND)
}
