//! How figures are printed: rates, and ratios with what is required of them. Where they come from is not known here.

use std::fmt::{self, Display, Formatter, Write};

use super::sim::median;
use super::wrk::Figures;

/// How likely it is, at most, that a median lies outside of its confidence interval.
const CONFIDENCE_MISSED_MAX: f64 = 0.02;

/// What is required of a ratio.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Display for Bound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(value) => write!(f, "at least {value}"),
            Self::AtMost(value) => write!(f, "at most {value}"),
        }
    }
}

/// What is printed of each round, and what it is called.
type RateOf<R> = (&'static str, fn(&R) -> Figures);
type RatioOf<R> = (&'static str, fn(&R) -> f64, Bound);

/// The head of a table of rates, and a line for each: medians of all rounds.
pub fn rates<R, const N: usize>(connections: u32, rounds: &[R], figures: [RateOf<R>; N]) -> String {
    let mut text = format!("{connections} connections                a second    p99, ms\n");
    for (name, of) in figures {
        let rate = median(rounds.iter().map(|round| of(round).rate));
        let p99 = median(rounds.iter().map(|round| of(round).p99_micros)) / 1_000.0;
        let _ = writeln!(text, "{name:<28}{rate:>12.0}{p99:>11.1}");
    }
    text
}

/// A line for each ratio. They are medians of each round's: what it measured stood next to each other.
pub fn ratios<R, const N: usize>(rounds: &[R], ratios: [RatioOf<R>; N]) -> String {
    let line =
        |(name, ratio, bound): RatioOf<R>| ratio_line(name, rounds.iter().map(ratio), bound) + "\n";
    ratios.into_iter().map(line).collect()
}

/// A ratio of every round: its median, the median's confidence interval, and what is required of it.
pub fn ratio_line(name: &str, ratios: impl Iterator<Item = f64> + Clone, bound: Bound) -> String {
    let (least, greatest) = interval(ratios.clone().collect());
    let middle = median(ratios);
    format!("{name:<28}{middle:>12.2}    ({least:.2} to {greatest:.2}), {bound}")
}

/// The confidence interval of the median, however the values are distributed: between so many of the least and as
/// many of the greatest, if more may be left out than the first and the last. As in the sign test, each value lies
/// below the median with a chance of one half.
fn interval(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    let (mut left_out, mut exactly, mut missed) =
        (0, 0.5_f64.powi(i32::try_from(count).unwrap_or(0)), 0.0);
    while left_out < count / 2 {
        missed += 2.0 * exactly;
        if missed > CONFIDENCE_MISSED_MAX {
            break;
        }
        left_out += 1;
        #[allow(clippy::cast_precision_loss, reason = "a bench has few runs")]
        let ways = (count - left_out + 1) as f64 / left_out as f64;
        exactly *= ways;
    }
    let first = left_out.saturating_sub(1);
    (values[first], values[count - 1 - first])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_runs_the_closer_the_median_is_known() {
        let interval_of = |runs: u32| interval((1..=runs).rev().map(f64::from).collect());
        assert_eq!(interval_of(1), (1.0, 1.0));
        assert_eq!(interval_of(7), (1.0, 7.0));
        // As tables of the sign test have it: the 2nd of 10 misses 2.1 %, the 7th of 25 misses 1.5 %.
        assert_eq!(interval_of(10), (1.0, 10.0));
        assert_eq!(interval_of(25), (7.0, 19.0));
    }

    #[test]
    fn lines_have_medians_and_what_is_required() {
        let rounds = [(900.0, 2_000.0), (100.0, 1_000.0), (950.0, 3_000.0)];
        let rates = rates(
            64,
            &rounds,
            [("polls", |r| Figures { rate: r.0, p99_micros: r.1, ..Figures::default() })],
        );
        assert_eq!(
            rates,
            "64 connections                a second    p99, ms\n\
             polls                                900        2.0\n"
        );
        let ratios = ratios(&rounds, [("polls : others", |r| r.0 / 1_000.0, Bound::AtMost(2.0))]);
        assert_eq!(
            ratios,
            "polls : others                      0.90    (0.10 to 0.95), at most 2\n"
        );
    }
}
