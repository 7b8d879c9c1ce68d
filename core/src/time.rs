//! Time as the rules see it: milliseconds, handed in. Nothing here reads a clock.

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Earlier than every time a host can hand in.
    pub const MIN: Self = Self(i64::MIN);
    /// Later than every time a host can hand in.
    pub const MAX: Self = Self(i64::MAX);

    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This time and `seconds` more, held at [`Timestamp::MAX`].
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as i64 * 1_000))
    }

    /// This time and `millis` more (or fewer), held at the ends.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this time; negative if it is in fact later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds from `now` until this time, rounded up; 0 once it has come.
    pub const fn seconds_from(self, now: Self) -> u64 {
        let millis = self.millis_since(now);
        if millis <= 0 { 0 } else { millis.cast_unsigned().div_ceil(1_000) }
    }

    /// As a calendar time; `None` outside the years that chrono can name (about ±262,000).
    pub fn to_datetime(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    /// Fractions of a millisecond are dropped.
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_datetime() {
            Some(time) => write_datetime(f, time),
            None => write!(f, "{}ms", self.0),
        }
    }
}

/// By hand: chrono's patterns are a fifth of a browser's download.
fn write_datetime(f: &mut fmt::Formatter<'_>, time: DateTime<Utc>) -> fmt::Result {
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
    match time.timestamp_subsec_millis() {
        0 => f.write_str("Z"),
        millis => write!(f, ".{millis:03}Z"),
    }
}

/// Where a host gets the time from. Hosts inject it; tests move it.
pub trait Clock: Send + Sync {
    /// The present time.
    fn now(&self) -> Timestamp;
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    pub const fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Sets the time.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves the time on by `millis`.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_until_a_time_are_rounded_up_and_never_negative() {
        let noon = Timestamp::from_millis(43_200_000);
        assert_eq!(noon.seconds_from(noon.plus_millis(-1)), 1);
        assert_eq!(noon.seconds_from(noon.plus_millis(-1_001)), 2);
        assert_eq!(noon.seconds_from(noon), 0);
        assert_eq!(noon.seconds_from(noon.plus_seconds(9)), 0);
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        assert_eq!(Timestamp::MAX.plus_seconds(u32::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.millis_since(Timestamp::MIN), i64::MAX);
    }
}
