//! What an operator sets for a concert, and every limit with its name. The rules that read a policy
//! are in the rooms.

use crate::rejection::FieldError;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest duration that a policy can ask for: a day.
pub const SECONDS_MAX: u32 = 86_400;
/// Shortest `lapse_seconds` that is not 0: a poll must be possible three times before it.
pub const LAPSE_SECONDS_MIN: u32 = 5;
/// Most tickets that one tick may admit.
pub const BATCH_SIZE_MAX: u32 = 1_000_000;
/// Highest cap on active tickets.
pub const MAX_ACTIVE_MAX: u32 = 1_000_000;
/// Most seats that one person may hold and own in a concert.
pub const SEATS_PER_USER_MAX: u32 = 1_000;
/// Most seats in one schedule.
pub const SEATS_PER_SCHEDULE_MAX: u32 = 100_000;
/// Most sections in one schedule.
pub const SECTIONS_MAX: usize = 1_000;
/// Highest price of one seat: a thousand of them still fit an [`Amount`](crate::Amount).
pub const PRICE_MAX: u64 = 1_000_000_000_000;
/// Earliest time that an operator can set: 1970-01-01T00:00:00Z.
pub const TIME_MIN: Timestamp = Timestamp::from_millis(0);
/// Latest time that an operator can set: 9999-12-31T23:59:59.999Z, the last that RFC 3339 can write.
pub const TIME_MAX: Timestamp = Timestamp::from_millis(253_402_300_799_999);
/// Longest title, venue or section name, in characters.
pub const TEXT_CHARS_MAX: usize = 200;
/// Longest notice to the people in line, in characters of each language.
pub const NOTICE_CHARS_MAX: usize = 500;
/// Most tickets that one decision of a tick touches; the rest of the tick follows in the next.
pub const TICK_CHUNK: u32 = 1_000;

/// Shortest time after the last performance of a concert that its journal is kept, in days.
pub const KEEP_JOURNAL_DAYS_MIN: u32 = 30;
/// Longest such time, in days: a hundred years.
pub const KEEP_JOURNAL_DAYS_MAX: u32 = 36_500;

/// How people are let in from the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmissionPolicy {
    /// Seconds from tick to tick, 1 to [`SECONDS_MAX`]. N in the brochure.
    pub interval_seconds: u32,
    /// Tickets that one tick admits at most, 1 to [`BATCH_SIZE_MAX`]. K in the brochure.
    pub batch_size: u32,
    /// Seconds in which an active ticket may take holds, 1 to [`SECONDS_MAX`].
    pub active_seconds: u32,
    /// Cap on active tickets, 1 to [`MAX_ACTIVE_MAX`]; none by default.
    #[serde(default)]
    pub max_active: Option<u32>,
    /// Seconds unseen after which a waiting ticket is passed over at its turn: 0 (never), or
    /// [`LAPSE_SECONDS_MIN`] to [`SECONDS_MAX`]; 180 by default.
    #[serde(default = "default_lapse_seconds")]
    pub lapse_seconds: u32,
    /// Whether to admit no more people than there are free seats for; off by default.
    #[serde(default)]
    pub inventory_aware: bool,
}

/// How seats are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldPolicy {
    /// Seconds that a hold lives, 1 to [`SECONDS_MAX`]; 300 by default.
    #[serde(default = "default_hold_seconds")]
    pub hold_seconds: u32,
    /// Seats that one person may hold and own in the concert, 1 to [`SEATS_PER_USER_MAX`]; 4 by default.
    #[serde(default = "default_max_seats_per_user")]
    pub max_seats_per_user: u32,
}

const fn default_lapse_seconds() -> u32 {
    180
}

const fn default_hold_seconds() -> u32 {
    300
}

const fn default_max_seats_per_user() -> u32 {
    4
}

impl Default for HoldPolicy {
    fn default() -> Self {
        Self {
            hold_seconds: default_hold_seconds(),
            max_seats_per_user: default_max_seats_per_user(),
        }
    }
}

impl AdmissionPolicy {
    /// Adds an error for each number out of its bounds.
    pub fn validate(&self, errors: &mut Vec<FieldError>) {
        within(errors, "admission.interval_seconds", self.interval_seconds, 1, SECONDS_MAX);
        within(errors, "admission.batch_size", self.batch_size, 1, BATCH_SIZE_MAX);
        within(errors, "admission.active_seconds", self.active_seconds, 1, SECONDS_MAX);
        if let Some(max_active) = self.max_active {
            within(errors, "admission.max_active", max_active, 1, MAX_ACTIVE_MAX);
        }
        if self.lapse_seconds != 0 {
            let field = "admission.lapse_seconds";
            within(errors, field, self.lapse_seconds, LAPSE_SECONDS_MIN, SECONDS_MAX);
        }
    }
}

impl HoldPolicy {
    /// Adds an error for each number out of its bounds.
    pub fn validate(&self, errors: &mut Vec<FieldError>) {
        within(errors, "holds.hold_seconds", self.hold_seconds, 1, SECONDS_MAX);
        let field = "holds.max_seats_per_user";
        within(errors, field, self.max_seats_per_user, 1, SEATS_PER_USER_MAX);
    }
}

/// Adds an error unless `min <= value <= max`.
pub(crate) fn within<T: Copy + PartialOrd + std::fmt::Display>(
    errors: &mut Vec<FieldError>,
    field: &str,
    value: T,
    min: T,
    max: T,
) {
    if value < min || value > max {
        errors.push(FieldError::new(field, format!("must be {min} to {max}")));
    }
}

/// Adds an error unless the text has 1 to [`TEXT_CHARS_MAX`] characters and no control character.
pub(crate) fn plain_text(errors: &mut Vec<FieldError>, field: &str, text: &str) {
    text_of_at_most(errors, field, text, TEXT_CHARS_MAX);
}

/// Adds an error unless the text has 1 to `chars_max` characters and no control character.
pub(crate) fn text_of_at_most(
    errors: &mut Vec<FieldError>,
    field: &str,
    text: &str,
    chars_max: usize,
) {
    if text.trim().is_empty() {
        errors.push(FieldError::new(field, "must not be empty"));
    }
    if text.chars().count() > chars_max {
        errors.push(FieldError::new(field, format!("must have at most {chars_max} characters")));
    }
    if text.chars().any(char::is_control) {
        errors.push(FieldError::new(field, "must not have control characters"));
    }
}
