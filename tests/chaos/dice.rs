//! What dies when: drawn from a seed, so that a run can be repeated, as far as the machine does its part.

use std::env;
use std::ops::Range;
use std::time::Duration;
use uuid::Uuid;

/// Repeats a run.
const SEED_VARIABLE: &str = "CHAOS_SEED";

/// How the database ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseEnd {
    /// It is told to go at once, without tidying up.
    ImmediateShutdown,
    /// Its first process is killed.
    Kill,
}

/// What dies in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Victims {
    /// A replica, by its place in the list.
    pub replica: Option<usize>,
    /// The database.
    pub database: Option<DatabaseEnd>,
}

/// A sequence of numbers that looks random and is not.
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Those of the seed in the environment; else of a new one. It is printed.
    pub fn new() -> Self {
        let seed = match env::var(SEED_VARIABLE) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{SEED_VARIABLE} must be a number")),
            Err(_) => Uuid::new_v4().as_u64_pair().0,
        };
        println!("{SEED_VARIABLE}={seed} draws these rounds again");
        Self { state: seed }
    }

    /// One of the numbers below `end`. The generator is `SplitMix64`.
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// How long the next round waits for its blow.
    pub fn pause(&mut self, millis: Range<u64>) -> Duration {
        Duration::from_millis(millis.start + self.below(millis.end - millis.start))
    }

    /// Who dies in each of `rounds` rounds: every kind of death equally often, in any order.
    pub fn victims(&mut self, rounds: usize) -> Vec<Victims> {
        let mut drawn = Vec::new();
        while drawn.len() < rounds {
            let end = [DatabaseEnd::ImmediateShutdown, DatabaseEnd::Kill][self.index(2)];
            drawn.extend([
                Victims { replica: Some(0), database: None },
                Victims { replica: Some(1), database: None },
                Victims { replica: None, database: Some(DatabaseEnd::ImmediateShutdown) },
                Victims { replica: None, database: Some(DatabaseEnd::Kill) },
                Victims { replica: Some(self.index(2)), database: Some(end) },
            ]);
        }
        for last in (1..drawn.len()).rev() {
            let other = self.index(last + 1);
            drawn.swap(last, other);
        }
        drawn.truncate(rounds);
        drawn
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }
}
