//! When people come.

use super::random::{Purpose, Random, whole_millis};
use super::scenario::{Scenario, Wave};
use libm::log;

/// Milliseconds from the start at which each person comes, in order: the first is person 0.
pub(super) fn arrivals(scenario: &Scenario) -> Vec<u32> {
    let total = usize::try_from(scenario.people_total()).unwrap_or_default();
    let mut times = Vec::with_capacity(total);
    for (index, wave) in (0..).zip(&scenario.arrivals) {
        let mut random = Random::new(scenario.seed, Purpose::Arrivals, index, 0);
        match wave {
            Wave::Steady { from_second, seconds, people } => {
                let draw = |_| from_second * 1_000 + random.below(seconds * 1_000);
                times.extend((0..*people).map(draw));
            }
            Wave::Burst { at_second, people } => {
                times.extend((0..*people).map(|_| at_second * 1_000 + random.below(1_000)));
            }
            Wave::OnSaleSpike { people, early_percent, early_seconds, late_seconds } => {
                let spike = Spike {
                    opens_at: scenario.sale_opens_at_second * 1_000,
                    ends_at: scenario.duration_seconds * 1_000,
                    early_percent: *early_percent,
                    early_seconds: *early_seconds,
                    late_seconds: *late_seconds,
                };
                times.extend((0..*people).map(|_| spike.draw(&mut random)));
            }
            Wave::Recorded { from_second, counts } => {
                for (second, count) in (*from_second..).zip(counts) {
                    times.extend((0..*count).map(|_| second * 1_000 + random.below(1_000)));
                }
            }
        }
    }
    times.sort_unstable();
    times
}

/// Times in milliseconds.
struct Spike {
    opens_at: u32,
    ends_at: u32,
    early_percent: u32,
    early_seconds: u32,
    late_seconds: u32,
}

impl Spike {
    /// Who would come before the start or after the end comes at any time between it and the opening.
    fn draw(&self, random: &mut Random) -> u32 {
        let is_early = self.opens_at > 0 && random.percent(self.early_percent);
        if is_early {
            let early = away(random, self.early_seconds);
            let drawn = self.opens_at.checked_sub(early + 1);
            drawn.unwrap_or_else(|| random.below(self.opens_at))
        } else {
            let drawn = self.opens_at.saturating_add(away(random, self.late_seconds));
            let left = self.ends_at - self.opens_at;
            if drawn < self.ends_at { drawn } else { self.opens_at + random.below(left) }
        }
    }
}

/// Exponentially distributed milliseconds.
fn away(random: &mut Random, mean_seconds: u32) -> u32 {
    whole_millis(-log(random.unit()) * f64::from(mean_seconds))
}
