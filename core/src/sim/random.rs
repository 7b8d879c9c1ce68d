//! Portable randomness: PCG32 (`Pcg32`, XSH-RR 64/32) from the scenario's seed, and the few distributions that
//! a crowd needs. Logarithms come from `libm` and roots are exact, so nothing is the platform's, and the same seed
//! gives the same crowd everywhere.
//!
//! There is a stream for each purpose, and in it one for each person: who comes and what they are like does
//! not depend on when they are let in. So two scenarios that differ in their policy only are twins.

use super::scenario::Spread;
use crate::mixing::mixed;
use libm::{exp, log};
use rand_core::Rng as _;
use rand_pcg::Pcg32;

/// What numbers are drawn for; each is a stream of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Arrivals = 1,
    Traits = 2,
    Patience = 3,
    Noticing = 4,
    Thinking = 5,
    Choosing = 6,
    Paying = 7,
    Retrying = 8,
}

/// A stream of numbers.
#[derive(Debug)]
pub(super) struct Random(Pcg32);

impl Random {
    /// The stream of `purpose` for one person, at the `nth` time that it is needed.
    pub(super) fn new(seed: u64, purpose: Purpose, person: u32, nth: u32) -> Self {
        let place = u64::from(person) << 32 | u64::from(nth);
        Self(Pcg32::new(mixed(seed ^ mixed(place)), purpose as u64))
    }

    /// A number from 0 to `bound` − 1, each as likely as the others but for one part in 2^32 / `bound`: by
    /// multiplication ("Fast Random Integer Generation in an Interval", Lemire 2019), without rejection.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(wide >> 32).expect("the upper half of 64 bits has 32")
    }

    /// True in `percent` of 100 cases.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// The index of one of `weights`, each as likely as its weight says; their sum must not be 0.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        let chosen = weights.iter().position(|weight| {
            let found = left < *weight;
            left = left.saturating_sub(*weight);
            found
        });
        chosen.expect("a number below the sum of the weights falls into one of them")
    }

    /// Milliseconds drawn from a spread, at most a week.
    pub(super) fn millis(&mut self, spread: &Spread) -> u32 {
        match *spread {
            Spread::Fixed { seconds } => seconds * 1_000,
            Spread::Uniform { min_seconds, max_seconds } => {
                let width = (max_seconds - min_seconds) * 1_000;
                min_seconds * 1_000 + self.below(width + 1)
            }
            Spread::Exponential { mean_seconds } => {
                whole_millis(-log(self.unit()) * f64::from(mean_seconds))
            }
            Spread::LogNormal { median_seconds, sigma_percent } => {
                let sigma = f64::from(sigma_percent) / 100.0;
                whole_millis(f64::from(median_seconds) * exp(sigma * self.normal()))
            }
        }
    }

    /// A number in (0, 1], never 0, so that its logarithm is finite.
    pub(super) fn unit(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 1.0) / 4_294_967_296.0
    }

    /// Normally distributed with mean 0 and deviation 1, by a point that is drawn in the unit circle (the polar
    /// method: Marsaglia and Bray, "A Convenient Method for Generating Normal Variables", 1964).
    fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if 0.0 < square && square < 1.0 {
                return x * (-2.0 * log(square) / square).sqrt();
            }
        }
    }
}

/// Seconds as whole milliseconds, at most a week.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits; `as` is defined the same on every platform"
)]
pub(super) fn whole_millis(seconds: f64) -> u32 {
    (seconds * 1_000.0).clamp(0.0, 604_800_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random() -> Random {
        Random::new(7, Purpose::Traits, 1, 0)
    }

    #[test]
    fn a_stream_is_the_same_wherever_it_is_drawn() {
        let mut random = random();
        let drawn: Vec<u32> = (0..4).map(|_| random.below(1_000)).collect();
        assert_eq!(drawn, [359, 645, 445, 902]);
    }

    #[test]
    fn spreads_have_the_mean_that_they_are_told() {
        let spreads = [
            Spread::Fixed { seconds: 20 },
            Spread::Uniform { min_seconds: 10, max_seconds: 30 },
            Spread::Exponential { mean_seconds: 20 },
            // The mean of a log-normal is its median times e^(σ²/2): 17.6 · 1.133.
            Spread::LogNormal { median_seconds: 18, sigma_percent: 50 },
        ];
        for spread in spreads {
            let mut random = random();
            let sum: u64 = (0..20_000).map(|_| u64::from(random.millis(&spread))).sum();
            let mean = sum / 20_000;
            assert!((19_000..=21_000).contains(&mean), "{spread:?}: {mean}");
        }
    }

    #[test]
    fn weights_are_kept() {
        let mut random = random();
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[random.weighted(&[1, 0, 3])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
    }
}
