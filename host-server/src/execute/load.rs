//! How long the work of a lane will take, so that whoever can't be served in time is told at once, and not after they
//! have waited.
//!
//! A crowd that comes at once may wait for seconds, since it passes. But where more comes all the time than can be done,
//! a long wait only makes everybody late and nobody served more: a lane that has not been empty for as long as a burst may
//! last lets nobody wait for long. (Maurer, "Fail at Scale", ACM Queue 13 (8), 2015, after `CoDel`.)

use super::Limits;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A new batch counts for one part in this many of what a batch takes.
const MEMORY_BATCHES: u64 = 8;

/// Counted by who sends commands to a lane, and by who runs them.
#[derive(Debug)]
pub(super) struct Load {
    limits: Limits,
    since: Instant,
    /// Commands that were accepted and are not answered.
    waiting: AtomicUsize,
    /// What a batch took lately, in nanoseconds; 0 until one ran.
    batch_nanos: AtomicU64,
    /// When nothing waited last, in milliseconds.
    empty_millis: AtomicU64,
}

impl Load {
    pub(super) fn new(limits: Limits) -> Self {
        let (batch_nanos, empty_millis) = (AtomicU64::new(0), AtomicU64::new(0));
        let (since, waiting) = (Instant::now(), AtomicUsize::new(0));
        Self { limits, since, waiting, batch_nanos, empty_millis }
    }

    /// Accepts a command; else tells how long it would have to wait.
    pub(super) fn accept(&self) -> Result<(), Duration> {
        self.accept_at(self.since.elapsed())
    }

    fn accept_at(&self, now: Duration) -> Result<(), Duration> {
        let wait = self.wait();
        if wait > self.wait_max(now) {
            return Err(wait);
        }
        self.add(now);
        Ok(())
    }

    /// Accepts a command, however long it will have to wait.
    pub(super) fn accept_anyway(&self) {
        self.add(self.since.elapsed());
    }

    fn add(&self, now: Duration) {
        if self.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            self.empty_millis.store(millis(now), Ordering::Relaxed);
        }
    }

    /// How long a command that comes now will wait for its answer. Batches that are not full take less time, so that
    /// after a quiet while this is rather too short than too long.
    pub(super) fn wait(&self) -> Duration {
        let batches = self.waiting.load(Ordering::Relaxed) / self.limits.batch_max + 1;
        let nanos = self.batch_nanos.load(Ordering::Relaxed);
        Duration::from_nanos(nanos.saturating_mul(batches as u64))
    }

    fn wait_max(&self, now: Duration) -> Duration {
        let Limits { wait_max, standing_wait_max, .. } = self.limits;
        let is_empty = self.waiting.load(Ordering::Relaxed) == 0;
        let busy_millis = millis(now).saturating_sub(self.empty_millis.load(Ordering::Relaxed));
        let is_burst = is_empty || busy_millis <= millis(wait_max);
        if is_burst { wait_max } else { standing_wait_max }
    }

    /// Commands that were accepted will not be run after all.
    pub(super) fn dropped(&self, commands: usize) {
        self.waiting.fetch_sub(commands, Ordering::Relaxed);
    }

    /// A batch ran.
    pub(super) fn ran(&self, commands: usize, took: Duration) {
        self.dropped(commands);
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let before = self.batch_nanos.load(Ordering::Relaxed);
        let now = match before {
            0 => took,
            _ => before - before / MEMORY_BATCHES + took / MEMORY_BATCHES,
        };
        self.batch_nanos.store(now, Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLIS: Duration = Duration::from_millis(1);

    fn load() -> Load {
        Load::new(Limits {
            batch_max: 10,
            wait_max: 1_000 * MILLIS,
            standing_wait_max: 50 * MILLIS,
            ..Limits::default()
        })
    }

    /// Accepts so many at a time, and tells how many were.
    fn accept(load: &Load, commands: usize, now: Duration) -> usize {
        (0..commands).take_while(|_| load.accept_at(now).is_ok()).count()
    }

    #[test]
    fn who_comes_waits_for_the_batches_ahead_and_their_own() {
        let (load, now) = (load(), Duration::ZERO);
        assert_eq!(load.wait(), Duration::ZERO, "nothing is known yet");
        accept(&load, 10, now);
        load.ran(10, 8 * MILLIS);
        assert_eq!(load.wait(), 8 * MILLIS);
        accept(&load, 9, now);
        assert_eq!(load.wait(), 8 * MILLIS, "there is room in the next batch");
        accept(&load, 1, now);
        assert_eq!(load.wait(), 16 * MILLIS);
        load.dropped(10);
        assert_eq!(load.wait(), 8 * MILLIS);
    }

    #[test]
    fn one_slow_batch_is_no_rule() {
        let (load, now) = (load(), Duration::ZERO);
        for took in [8, 8, 800] {
            accept(&load, 1, now);
            load.ran(1, took * MILLIS);
        }
        assert_eq!(load.wait(), 107 * MILLIS);
        for _ in 0..40 {
            accept(&load, 1, now);
            load.ran(1, 8 * MILLIS);
        }
        assert!(load.wait() < 10 * MILLIS, "{:?}", load.wait());
    }

    #[test]
    fn a_burst_may_wait_for_long_and_a_standing_line_may_not() {
        let load = load();
        accept(&load, 1, Duration::ZERO);
        load.ran(1, 10 * MILLIS);
        // A hundred batches of ten milliseconds are a second.
        assert_eq!(accept(&load, 5_000, 10 * MILLIS), 1_000);
        assert_eq!(load.accept_at(1_010 * MILLIS), Err(1_010 * MILLIS));
        load.ran(10, 10 * MILLIS);
        assert_eq!(
            accept(&load, 5_000, 1_010 * MILLIS),
            10,
            "it has waited for no more than a second"
        );
        // It was never empty since.
        load.ran(10, 10 * MILLIS);
        assert_eq!(accept(&load, 5_000, 1_011 * MILLIS), 0);
        load.ran(980, 10 * MILLIS);
        assert_eq!(load.waiting.load(Ordering::Relaxed), 10);
        assert_eq!(accept(&load, 5_000, 1_012 * MILLIS), 40, "fifty milliseconds are five batches");
        load.ran(50, 10 * MILLIS);
        assert_eq!(accept(&load, 5_000, 1_013 * MILLIS), 1_000, "it was empty");
    }
}
