//! How the figures of polls are printed, and what is required of them. Where they come from is not known here.

use std::fmt::Write;

use super::super::sim::median;
use super::Round;

/// Runs of what takes long. The least and the greatest of seven have the median between them with 98 % confidence,
/// however runs are distributed: that all seven fall on one side has a chance of 1 in 64.
pub const CONFIDENCE_RUNS: usize = 7;
/// How likely it is, at most, that the median lies outside of its confidence interval.
const CONFIDENCE_MISSED_MAX: f64 = 0.02;

/// What is required: polls against the constant route and against bare warp, their p99 against the constant
/// route's, and how far a long line may be from a short one.
const OF_CONSTANT_MIN: f64 = 0.9;
const OF_BARE_MIN: f64 = 0.75;
const P99_MAX: f64 = 2.0;
const OF_SHORT_MIN: f64 = 0.9;

/// What is told of each round.
type Ratio = fn(&Round) -> f64;

/// Rates, and then what is required of them. Ratios are medians of each round's: its runs stood next to each
/// other.
pub fn table(connections: u32, rounds: &[Round]) -> String {
    let of = |pick: fn(&Round) -> f64| median(rounds.iter().map(pick));
    let rates = [
        ("polls, 1,000,000 waiting", of(|r| r.polls.rate), of(|r| r.polls.p99_micros)),
        ("polls, 1,000 waiting", of(|r| r.short.rate), of(|r| r.short.p99_micros)),
        ("constant route", of(|r| r.constant.rate), of(|r| r.constant.p99_micros)),
        ("bare warp", of(|r| r.bare.rate), of(|r| r.bare.p99_micros)),
    ];
    let mut text = format!("{connections} connections                a second    p99, ms\n");
    for (name, rate, p99) in rates {
        let _ = writeln!(text, "{name:<28}{rate:>12.0}{:>11.1}", p99 / 1_000.0);
    }
    let ratios: [(_, Ratio, _, _); 4] = [
        ("polls : constant", |r| r.polls.rate / r.constant.rate, "at least", OF_CONSTANT_MIN),
        ("polls : bare", |r| r.polls.rate / r.bare.rate, "at least", OF_BARE_MIN),
        ("long : short line", |r| r.polls.rate / r.short.rate, "at least", OF_SHORT_MIN),
        (
            "p99 of polls : constant",
            |r| r.polls.p99_micros / r.constant.p99_micros,
            "at most",
            P99_MAX,
        ),
    ];
    for (name, ratio, bound, value) in ratios {
        let _ = writeln!(text, "{}", ratio_line(name, rounds.iter().map(ratio), bound, value));
    }
    text.push('\n');
    text
}

/// A ratio of every round: its median, the median's confidence interval, and what is required of it.
pub fn ratio_line(
    name: &str,
    ratios: impl Iterator<Item = f64> + Clone,
    bound: &str,
    value: f64,
) -> String {
    let (least, greatest) = interval(ratios.clone().collect());
    let middle = median(ratios);
    format!("{name:<28}{middle:>12.2}    ({least:.2} to {greatest:.2}), {bound} {value}")
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
    use super::super::Figures;
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
    fn the_table_has_medians_and_what_is_required() {
        let figures = |rate, p99_micros| Figures { rate, p99_micros };
        let round = |polls| Round {
            polls: figures(polls, 2_000.0),
            short: figures(1_000.0, 2_000.0),
            constant: figures(1_000.0, 1_000.0),
            bare: figures(2_000.0, 500.0),
        };
        let text = table(64, &[round(900.0), round(100.0), round(950.0)]);
        for line in [
            "polls, 1,000,000 waiting             900        2.0",
            "polls : constant                    0.90    (0.10 to 0.95), at least 0.9",
            "polls : bare                        0.45    (0.05 to 0.47), at least 0.75",
            "p99 of polls : constant             2.00    (2.00 to 2.00), at most 2",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
